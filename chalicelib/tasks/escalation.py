"""The states of the workflow `escalation` (infra/escalation.asl.json)."""

from typing import Any

from chalice import Blueprint

from chalicelib import clock
from chalicelib.actions.tickets import escalating
from chalicelib.domain.tickets.clock_model import RungAct

tasks = Blueprint(__name__)


@tasks.lambda_function(name="look_at_ticket")
def look_at_ticket(event: Any, _context: object) -> Any:
    """Look at the ticket"""
    return escalating.look(event["ticket_id"], event["generation"], now=clock.now())


@tasks.lambda_function(name="remind_handler")
def remind_handler(event: Any, _context: object) -> Any:
    """Remind the handler"""
    return _ring(event, RungAct.REMIND)


@tasks.lambda_function(name="escalate_one_rung")
def escalate_one_rung(event: Any, _context: object) -> Any:
    """Escalate one rung"""
    return _ring(event, RungAct.ESCALATE)


@tasks.lambda_function(name="issue_supervision_order")
def issue_supervision_order(event: Any, _context: object) -> Any:
    """Issue a supervision order"""
    return _ring(event, RungAct.SUPERVISE)


def _ring(event: Any, act: RungAct) -> Any:
    return escalating.ring(event["ticket_id"], event["generation"], event["alarm"], act, now=clock.now())
