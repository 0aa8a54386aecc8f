"""Step Functions: starting a workflow under a name of its own, so that starting it twice starts it once."""

import json
import logging
from datetime import datetime

from chalicelib.domain.tickets.clock_model import wake_stamp
from chalicelib.gateways.clients import client
from chalicelib.settings import settings

_log = logging.getLogger(__name__)


def start_escalation(ticket_id: str, generation: int, wake_at: datetime) -> None:
    """Watch a ticket, and let the execution of the generation before sleep no longer.

    One that is not stopped finds on waking that it is stale, and ends; stopping it saves that waking.
    """
    given = {"ticket_id": ticket_id, "generation": generation, "wake_at": wake_stamp(wake_at)}
    _start(settings().escalation_arn, f"{ticket_id}-{generation}", given)
    if generation > 1:
        _stop(settings().escalation_arn, f"{ticket_id}-{generation - 1}")


def start_follow_up(ticket_id: str, round_: int) -> None:
    """Follow up a resolved round 回访."""
    _start(settings().follow_up_arn, f"{ticket_id}-{round_}", {"ticket_id": ticket_id, "round": round_})


def _start(arn: str, name: str, given: dict[str, object]) -> None:
    """A used name is success: AWS keeps it for 90 days, and answers ExecutionAlreadyExists once the first has ended."""
    states = client("stepfunctions")
    try:
        states.start_execution(stateMachineArn=arn, name=name, input=json.dumps(given))
    except states.exceptions.ExecutionAlreadyExists:
        return


def _stop(arn: str, name: str) -> None:
    """End what nothing is left to do for. A failure is logged, not raised: nothing hangs on it."""
    execution = f"{arn.replace(':stateMachine:', ':execution:')}:{name}"
    try:
        cause = "A newer generation watches this ticket."
        client("stepfunctions").stop_execution(executionArn=execution, error="Superseded", cause=cause)
    except Exception as failed:
        _log.info("not stopped: %s", type(failed).__name__)
