"""查看记录: looks that are many are told to whoever answers for the viewer, and the page on which heads read them."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from chalicelib.actions.identity.unusual_looks import why_outside
from chalicelib.actions.notices import notifying
from chalicelib.domain.errors import NotYours
from chalicelib.domain.identity.confidential import is_concerned
from chalicelib.domain.identity.reasons import Reason
from chalicelib.domain.identity.traces import Look, Trace
from chalicelib.domain.model import one_of
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Role, Staff
from chalicelib.domain.views import access
from chalicelib.domain.views.looks import line_view
from chalicelib.gateways import queue
from chalicelib.store.identity import audit
from chalicelib.store.requests import limits
from chalicelib.store.tickets import lists
from chalicelib.store.town import directory

if TYPE_CHECKING:
    from chalicelib.actions.identity.schemas import LookedHowOften, Looks
    from chalicelib.domain.views.schemas import LookLine

UNCOUNTED = frozenset(
    {Reason.URGENT, Reason.CALL_LIST}
)  # the ticket itself is the reason, and there is no limit
_BLANK = dict.fromkeys(("number", "place", "category", "unit", "due", "phone", "note"), "")


def count_reveal(by: Staff, reason: str, now: datetime) -> None:
    """After a reveal: the first one over the limit of an hour is told to whoever answers for the viewer; none is refused."""
    if reason in UNCOUNTED:
        return
    most = limits.REVEALS_BY_PERSON.most
    if limits.tally(limits.REVEALS_BY_PERSON, by.code, now) != most + 1:
        return
    params = _BLANK | {"who": f"{by.name}（{by.code}）", "note": str(most)}
    for head in access.who_answers_for(by, directory.town()):
        key = f"many-reveals-{by.code}-{now:%Y%m%d%H}"
        queue.wake(notifying.tell_staff(head.code, "many_reveals", params, key=key, now=now))


def page(unit: str, day: date, *, by: Staff, after: str | None) -> "Looks":
    """Who of a unit looked at what on a day, why, and how often. Raises NotFound, NotYours.

    Nothing of a ticket that the reader may not know of: its lines are left out, and not counted either.
    """
    town = directory.town()
    known = town.unit(unit)
    if not access.may_read_looks(known, by, town):
        raise NotYours("只能查看本单位人员的查看记录")
    found, following = audit.list_looks(unit, day, after=after)
    tickets = {each.id: each for each in lists.get_many(list(dict.fromkeys(subject for subject, _ in found)))}
    lines = [
        (subject, trace)
        for subject, trace in found
        if (look := one_of(Look, trace.what)) and look.words and _may_know(tickets.get(subject), by, town)
    ]
    return {
        "unit": unit,
        "unit_name": known.name,
        "day": day.isoformat(),
        "items": [_line(trace, tickets.get(subject), town) for subject, trace in lines],
        "people": _how_often([trace for _, trace in lines], town),
        "next": following,
    }


def _may_know(ticket: Ticket | None, by: Staff, town: Town) -> bool:
    if ticket is None:
        return True  # a search, a volunteer, a code, or a case that is gone
    if set(by.roles) == {Role.ADMIN}:  # reads that somebody looked; what is confidential is not for that
        return not ticket.confidential and not is_concerned(by, ticket.kept_from)
    return access.may_see(ticket, by, town)


def _line(trace: Trace, ticket: Ticket | None, town: Town) -> "LookLine":
    return line_view(trace, ticket, town, why_outside=why_outside(trace, ticket, town))


def _how_often(traces: list[Trace], town: Town) -> "list[LookedHowOften]":
    people = dict.fromkeys(trace.viewer for trace in traces)
    return [
        {
            "code": code,
            "name": person.name if (person := town.find_staff(code)) else "",
            "looks": sum(trace.viewer == code for trace in traces),
            "reveals": sum(trace.viewer == code and trace.what == Look.REVEALED for trace in traces),
        }
        for code in people
    ]
