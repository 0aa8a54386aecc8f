"""An alarm of the deployment told to people who can do something: the group of WeCom that the robot belongs to."""

import json
import logging

from chalicelib.domain.notices.deliveries import State
from chalicelib.gateways import wecom_robot

_log = logging.getLogger(__name__)
MOST = 600  # characters; a text of the robot holds 2048 bytes


class NotTold(Exception):
    """The robot did not take an alarm; worth another try."""


def tell(message: str) -> None:
    """Tell one message of CloudWatch. Where the town has no robot, e-mail is the only way and this says so in the log.

    Raises NotTold when the robot fails in passing.
    """
    words = words_of(message)
    if not wecom_robot.is_set():
        _log.warning("no group robot is set for this alarm: %s", words)
        return
    outcome = wecom_robot.say(words)
    if outcome.state is State.TEMPORARY_FAILURE:
        raise NotTold(outcome.detail)
    if outcome.state is not State.DELIVERED:
        _log.error("the group robot refused an alarm: %s", outcome.detail)


def words_of(message: str) -> str:
    """What an alarm says. Its description was written for people; anything else is passed on as it came."""
    try:
        alarm = json.loads(message)
        state, name, about = alarm["NewStateValue"], alarm["AlarmName"], alarm.get("AlarmDescription") or ""
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"【系统告警】{message}"[:MOST]
    if state == "OK":
        return f"【恢复正常】{name}"[:MOST]
    return f"【系统告警】{name}\n{about}"[:MOST]
