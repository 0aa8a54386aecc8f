"""Step Functions: starting a workflow under a name of its own, so that starting it twice starts it once."""

import json
import logging
from datetime import datetime

from chalicelib import logs
from chalicelib.domain.tickets.clock_model import wake_stamp
from chalicelib.gateways.clients import client
from chalicelib.settings import settings

_log = logging.getLogger(__name__)


def start_escalation(ticket_id: str, generation: int, wake_at: datetime) -> None:
    """Watch a ticket."""
    given = {"ticket_id": ticket_id, "generation": generation, "wake_at": wake_stamp(wake_at)}
    _start(settings().escalation_arn, f"{ticket_id}-{generation}", given)


def stop_escalation(ticket_id: str, generation: int) -> None:
    """Let an execution sleep no longer: a newer one watches, or nothing is left to.

    One that is not stopped finds on waking that it is stale, and ends; stopping it saves that waking.
    """
    _stop(settings().escalation_arn, f"{ticket_id}-{generation}")


def start_follow_up(ticket_id: str, round_: int) -> None:
    """Follow up a resolved round 回访."""
    _start(settings().follow_up_arn, f"{ticket_id}-{round_}", {"ticket_id": ticket_id, "round": round_})


def stop_follow_up(ticket_id: str, round_: int) -> None:
    """Nobody need be asked any more; likewise."""
    _stop(settings().follow_up_arn, f"{ticket_id}-{round_}")


def _start(arn: str, name: str, given: dict[str, object]) -> None:
    """A used name is success: AWS keeps it for 90 days, and answers ExecutionAlreadyExists once the first has ended."""
    states, given = client("stepfunctions"), given | {"correlation_id": logs.correlation_id()}
    try:
        states.start_execution(stateMachineArn=arn, name=name, input=json.dumps(given))
    except states.exceptions.ExecutionAlreadyExists:
        return


def _stop(arn: str, name: str) -> None:
    """End what nothing is left to do for. A failure is logged, not raised: nothing hangs on it."""
    execution = f"{arn.replace(':stateMachine:', ':execution:')}:{name}"
    try:
        cause = "A newer one watches this ticket, or nothing is left to watch."
        client("stepfunctions").stop_execution(executionArn=execution, error="Superseded", cause=cause)
    except Exception as failed:
        _log.info("not stopped: %s", type(failed).__name__)
