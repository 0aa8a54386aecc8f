"""谁看过: what the person who was looked at reads of a trace. No name, no title that somebody chose, no words of the viewer."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Invalid
from chalicelib.domain.identity.reasons import REASON_NAMES, Reason
from chalicelib.domain.identity.traces import Look, Trace, is_look
from chalicelib.domain.model import one_of
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Role, Staff
from chalicelib.domain.views import access
from chalicelib.domain.views.pick_lists import name_of

if TYPE_CHECKING:
    from chalicelib.domain.views.schemas import LookLine, Viewer

_SUBSCRIBER = "subscriber:"
USUAL_OVER = 14  # days before, of which the mean is what is usual of somebody
TWICE = 2
FEWEST = 10  # looks a day that are worth a word, however few are usual
_OWN_REASON = frozenset({Reason.URGENT, Reason.CALL_LIST})  # the ticket itself is the reason
OUTSIDE_LIST, OUTSIDE_SHIFT = "不在本人清单", "不在本人班次"


def need_borne_out(reason: Reason, ticket: Ticket, *, called: bool) -> None:
    """Raises Invalid for 紧急 of a ticket that is not urgent, or 呼叫单 of one on no list: they ask for no words and no limit.

    `called`: a message to the reporter waits on the desk's call list; a follow-up that is owed is on the ticket itself.
    """
    if reason is Reason.URGENT and not ticket.urgent:
        raise Invalid("这张工单不是紧急工单，请另选理由", fields=["reason"])
    if reason is Reason.CALL_LIST and not (called or ticket.on_call_list):
        raise Invalid("这张工单不在呼叫单上，请另选理由", fields=["reason"])


def viewer_view(trace: Trace, town: Town) -> "Viewer":
    """One look: unit, role and number 工号, and whose code the viewer had signed in with (由…代为登录)."""
    maker = town.find_staff(trace.through) if trace.through else None
    return {
        "role": _role(trace.role),
        "unit": _unit(trace, town),
        "code": "" if trace.viewer.startswith(_SUBSCRIBER) else trace.viewer,
        "at": trace.at.isoformat(timespec="seconds"),
        "what": trace.what,
        "what_name": _name(trace) if is_look(trace) else "",
        "fields": list(trace.fields),
        "reason": REASON_NAMES[Reason(trace.reason)] if trace.reason in set(Reason) else "",
        "through": f"由{_maker(maker, town)}代为登录" if maker else "由他人代为登录" if trace.through else "",
    }


def line_view(trace: Trace, ticket: Ticket | None, town: Town, *, why_outside: str) -> "LookLine":
    """One look on the page of whoever answers for the viewer: also the viewer's name, the ticket, and the words."""
    person = town.find_staff(trace.viewer)
    return {
        **viewer_view(trace, town),
        "name": person.name if person else "",
        "what_name": _name(trace),
        "ticket_id": ticket.id if ticket else "",
        "number": ticket.number if ticket else "",
        "words": trace.why,
        "outside": why_outside,
    }


def outside(trace: Trace, ticket: Ticket | None, town: Town, *, had_part: bool = False) -> str:
    """Why a look is an exception: not of the viewer's own list, or not in the own shift; "" where it is none.

    `had_part`: the viewer's unit did something on the ticket before. Whoever is in no roster has no shift; a search, a
    volunteer and a case that is gone are on no list; what is urgent or to be called is its own reason.
    """
    viewer = town.find_staff(trace.viewer)
    if viewer is None or not is_look(trace) or trace.reason in _OWN_REASON:
        return ""
    if ticket is not None and not had_part and not access.is_on_list(ticket, viewer):
        return OUTSIDE_LIST
    has_shift = any(row.person == viewer.code for row in town.duty)
    return OUTSIDE_SHIFT if has_shift and not town.is_on_duty(viewer.code, trace.at) else ""


def is_twice_the_usual(looks: int, days_before: Sequence[int]) -> bool:
    """Whether somebody looked more than twice as often as on a usual day; days without any count as such."""
    return looks >= FEWEST and looks * USUAL_OVER > TWICE * sum(days_before)


def _name(trace: Trace) -> str:
    look = one_of(Look, trace.what)
    return look.words if look else ""


def _role(role: str) -> str:
    """The town's own word for a role; another party has none."""
    return name_of(Role(role)) if role in set(Role) else ""


def _unit(trace: Trace, town: Town) -> str:
    if trace.viewer.startswith(_SUBSCRIBER):
        subscriber = town.find_subscriber(trace.viewer.removeprefix(_SUBSCRIBER))
        return subscriber.title if subscriber else ""
    unit = town.find_unit(trace.unit)
    return unit.name if unit else ""


def _maker(maker: Staff, town: Town) -> str:
    unit = town.find_unit(maker.unit)
    return f"{unit.name if unit else ''}{_role(maker.roles[0])}（{maker.code}）"
