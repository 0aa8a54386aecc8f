"""The states of the workflow `escalation` (infra/escalation.asl.json)."""

from chalice import Blueprint

from chalicelib import clock
from chalicelib.actions.tickets import escalating
from chalicelib.domain.tickets.clock_model import RungAct

tasks = Blueprint(__name__)


@tasks.lambda_function(name="look_at_ticket")
def look_at_ticket(event, _context):
    """Look at the ticket"""
    return escalating.look(event["ticket_id"], event["generation"], now=clock.now())


@tasks.lambda_function(name="remind_handler")
def remind_handler(event, _context):
    """Remind the handler"""
    return _ring(event, RungAct.REMIND)


@tasks.lambda_function(name="escalate_one_rung")
def escalate_one_rung(event, _context):
    """Escalate one rung"""
    return _ring(event, RungAct.ESCALATE)


@tasks.lambda_function(name="issue_supervision_order")
def issue_supervision_order(event, _context):
    """Issue a supervision order"""
    return _ring(event, RungAct.SUPERVISE)


def _ring(event, act):
    return escalating.ring(event["ticket_id"], event["generation"], event["alarm"], act, now=clock.now())
