"""送达: what must arrive, and what is owed when it did not (rule: a message that did not arrive has a consequence)."""

from datetime import datetime, time, timedelta
from enum import StrEnum

from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.notices.deliveries import FAILED, Delivery
from chalicelib.domain.tickets.ticket import Stage, Ticket
from chalicelib.domain.town.vocabulary import Channel

UNREAD = timedelta(hours=24)  # a result may lie in the inbox so long before somebody calls


class Kind(StrEnum):
    QUESTION = "question"  # stops a clock
    FEEDBACK = "feedback"  # the first word about who has it
    RESULT = "result"
    ASSIGNMENT = "assignment"  # to a member of staff


MUST_ARRIVE = {
    "waiting_for_you": Kind.QUESTION,
    "confront_asked": Kind.QUESTION,
    "answered": Kind.RESULT,
    "declined": Kind.RESULT,
    "forwarded": Kind.RESULT,
    "closed": Kind.RESULT,
    "dispatched": Kind.FEEDBACK,
    "assigned": Kind.ASSIGNMENT,
    "assist_asked": Kind.ASSIGNMENT,
    "rework_assigned": Kind.ASSIGNMENT,
    "urgent_alert": Kind.ASSIGNMENT,
    "danger_conflict": Kind.ASSIGNMENT,
    "danger_place": Kind.ASSIGNMENT,
    "supervision": Kind.ASSIGNMENT,
    "take_now": Kind.ASSIGNMENT,
}
CALLED_ABOUT = frozenset({"take_now"})  # the desk calls whatever became of the message
TO_TAKE = CALLED_ABOUT | {"assigned"}  # over when it is taken, or with somebody else
_CALL = "call|"  # such an event key tells a call that replaces a message from a message that is a call
_AT_ONCE = frozenset({Kind.QUESTION, Kind.ASSIGNMENT})


def failed(delivery: Delivery) -> bool:
    return delivery.state in FAILED


def call_owed(delivery: Delivery, *, phone_left: bool, station_id: str, now: datetime) -> Delivery | None:
    """The row of the desk's call list in place of a message that is not arriving; one a person, kind and day.

    A question and an assignment at once; feedback and a result when they were not opened within 24 hours. None for what
    need not arrive, and for a resident who left no phone: the ticket then says so.
    """
    kind = MUST_ARRIVE.get(delivery.template)
    if kind is None or delivery.way is Channel.CALL:
        return None
    is_staff = kind is Kind.ASSIGNMENT
    if not is_staff and not phone_left:
        return None
    due = now if kind in _AT_ONCE else delivery.at + UNREAD
    named = delivery.event_key if is_staff else due.astimezone(SHANGHAI).date().isoformat()
    return delivery.model_copy(
        update={
            "way": Channel.CALL,
            "at": delivery.at if is_staff else _midnight(due),
            "event_key": f"{_CALL}{kind}|{named}",
            "not_before": due,
            "station_id": station_id,
        }
    )


def is_moot(call: Delivery, ticket: Ticket) -> bool:
    """Whether a call to take a ticket is not to be made any more: taken, given to others, or no longer urgent where it was."""
    if call.template not in TO_TAKE or not is_instead(call):
        return False
    is_with_others = ticket.handler_id is not None and call.recipient != f"staff:{ticket.handler_id}"
    is_over = call.template in CALLED_ABOUT and not ticket.urgent
    return ticket.taken or ticket.stage is not Stage.DISPATCHED or is_with_others or is_over


def is_instead(call: Delivery) -> bool:
    """Whether this call stands in for a message that may have been opened meanwhile."""
    return call.way is Channel.CALL and call.event_key.startswith(_CALL)


def is_read(call: Delivery, opened_at: datetime | None) -> bool:
    """Whether the resident has opened the ticket since the message that the call stands in for."""
    waited = timedelta(0) if MUST_ARRIVE.get(call.template) in _AT_ONCE else UNREAD
    return opened_at is not None and opened_at >= call.not_before - waited


def _midnight(at: datetime) -> datetime:
    return datetime.combine(at.astimezone(SHANGHAI).date(), time(0), SHANGHAI)
