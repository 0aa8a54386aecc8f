"""The states of the workflow `follow_up` (infra/follow_up.asl.json)."""

from typing import Any

from chalice import Blueprint

from chalicelib import clock
from chalicelib.actions.tickets import escalating

tasks = Blueprint(__name__)


@tasks.lambda_function(name="ask_resident")
def ask_resident(event: Any, _context: object) -> Any:
    """Ask the resident"""
    return escalating.ask_resident(event["ticket_id"], event["round"], now=clock.now())


@tasks.lambda_function(name="look_for_answer")
def look_for_answer(event: Any, _context: object) -> Any:
    """Look for an answer"""
    return escalating.look_for_answer(event["ticket_id"], event["round"])


@tasks.lambda_function(name="put_on_call_list")
def put_on_call_list(event: Any, _context: object) -> Any:
    """Put on the call list"""
    return escalating.put_on_call_list(event["ticket_id"], event["round"], now=clock.now())


@tasks.lambda_function(name="look_at_calls")
def look_at_calls(event: Any, _context: object) -> Any:
    """Look at the calls"""
    return escalating.look_at_calls(event["ticket_id"], event["round"], now=clock.now())
