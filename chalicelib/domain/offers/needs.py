"""What acts need before they can succeed: the very sentences with which the rules refuse, told before anybody tries."""

from chalicelib.domain.acts import closing, handling, moves
from chalicelib.domain.offers.act import Need
from chalicelib.domain.parties import asking
from chalicelib.domain.tickets.ticket import Ticket

PHOTO = Need("photo", lambda ticket, _: closing.photo_owed(ticket), field="photos")
FEEDBACK = Need("unit_feedback", closing.feedback_owed, field="feedback", met_by=("unit-feedback",))
PARTS_DONE = Need(
    "parts_done",
    lambda ticket, _: closing.parts_owed(ticket),
    met=lambda ticket: ticket.model_copy(update={"assisting": (), "undertakings": ()}),
)
NO_WAIT = Need(
    "no_wait",
    lambda ticket, _: closing.wait_owed(ticket),
    met=lambda ticket: ticket.model_copy(update={"pause": None}),
)
FOLLOW_UP = Need(
    "follow_up",
    closing.follow_up_owed,
    met=lambda ticket: ticket.model_copy(
        update={"exemption": "-", "fed_back_by_unit": ticket.round, "follow_ups": (), "joined": ()}
    ),
)
OTHER_MATTERS = Need(
    "other_matters",
    lambda ticket, _: closing.other_matters_owed(ticket),
    met=lambda ticket: ticket.model_copy(update={"parts": ()}),
)
NO_OPEN_REQUEST = Need(
    "no_open_request",
    lambda ticket, _: handling.extension_waits(ticket),
    met=lambda ticket: ticket.model_copy(update={"extension": None}),
)
OPEN_ORDER = Need(
    "open_order",
    lambda ticket, _: (
        "" if any(o.answered_at is None for o in ticket.supervision_orders) else "没有等待答复的督办单"
    ),
)
OPEN_PART = Need(
    "open_part",
    lambda ticket, _: "" if closing.parts_owed(ticket) else "没有在办的协办单位",
)
OPEN_REQUEST = Need(
    "open_request", lambda ticket, _: "" if handling.extension_waits(ticket) else "没有等待审批的延期申请"
)


def danger_decided(act: str) -> Need:
    """Somebody must have said whether anybody is in danger."""
    return Need("danger_decided", lambda ticket, _: asking.danger_in_the_way(ticket, act), met=_harmless)


def no_wait_for(act: str) -> Need:
    return Need("no_wait", lambda ticket, _: moves.wait_in_the_way(ticket, act), met=NO_WAIT.met)


def words_passed_on(act: str) -> Need:
    """Somebody of the desk must have passed on what residents wrote."""
    return Need(
        "words_passed_on",
        lambda ticket, _: moves.words_in_the_way(ticket, act),
        met_by=("release-words",),
        met=lambda ticket: ticket.model_copy(update={"withheld": None}),
    )


def _harmless(ticket: Ticket) -> Ticket:
    return ticket.model_copy(update={"danger": None})
