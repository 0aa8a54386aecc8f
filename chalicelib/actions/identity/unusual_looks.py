"""例外查看: what leaders hear each morning of yesterday's looks, and nothing where there was no exception (rule 91)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from chalicelib.actions.notices import mornings
from chalicelib.domain.identity.confidential import is_concerned
from chalicelib.domain.identity.traces import Trace, is_look
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.domain.views import access, looks
from chalicelib.store.identity import audit
from chalicelib.store.tickets import lists, tickets
from chalicelib.store.town import directory

MOST_NAMED = 5  # people in one message; the page has them all
_Looks = list[tuple[str, Trace]]


class Exceptions(NamedTuple):
    """Of one person on one day: looks outside the own list or shift, with their tickets; and how many where twice the usual."""

    outside: tuple[tuple[Ticket | None, str], ...]
    looks: int
    usual: float | None


def tell(*, now: datetime) -> int:
    """Yesterday's exceptions to the leaders above each viewer, one message a leader. Answers how many were told."""
    town, day = directory.town(), now.date() - timedelta(days=1)
    found = {viewer: of_person for unit in town.units for viewer, of_person in _of_unit(unit.code, day, town)}
    leaders = {
        leader.code: leader
        for viewer in found
        for leader in access.leaders_above(_person(viewer, town), town)
    }
    told = 0
    for leader in leaders.values():
        own = [
            line
            for viewer, of_person in found.items()
            if leader in access.leaders_above(_person(viewer, town), town)
            and (line := _line(_person(viewer, town), of_person, leader, town))
        ]
        if own:
            more = f"；另有{len(own) - MOST_NAMED}人" if len(own) > MOST_NAMED else ""
            note = "；".join(own[:MOST_NAMED]) + more
            mornings.tell_today(leader, "unusual_looks", note, about="unusual-looks", now=now)
            told += 1
    return told


def why_outside(trace: Trace, ticket: Ticket | None, town: Town) -> str:
    """Why a look is an exception; the history is read only of what is on no list of the viewer's now."""
    why = looks.outside(trace, ticket, town)
    if why == looks.OUTSIDE_LIST and ticket and _had_part(ticket, trace.viewer, town):
        return looks.outside(trace, ticket, town, had_part=True)
    return why


def _of_unit(unit: str, day: date, town: Town) -> list[tuple[str, Exceptions]]:
    """Who of a unit is an exception. The days before are read only where somebody looked often enough for it to matter."""
    found = _people(audit.list_looks_without_words(unit, day), town)
    often = {viewer for viewer, own in found.items() if len(own) >= looks.FEWEST}
    before = _counts_before(unit, day, town) if often else []
    answer = []
    for viewer, own in found.items():
        counts = [each.get(viewer, 0) for each in before]
        is_often = viewer in often and looks.is_twice_the_usual(len(own), counts)
        usual = sum(counts) / looks.USUAL_OVER if is_often else None
        of_person = Exceptions(tuple(_outside(own, town)), len(own), usual)
        if of_person.outside or is_often:
            answer.append((viewer, of_person))
    return answer


def _people(found: _Looks, town: Town) -> dict[str, _Looks]:
    """The looks by who looked; who has left, and programs, are nobody's."""
    people: dict[str, _Looks] = {}
    for subject, trace in found:
        if is_look(trace) and town.find_staff(trace.viewer):
            people.setdefault(trace.viewer, []).append((subject, trace))
    return people


def _counts_before(unit: str, day: date, town: Town) -> list[Mapping[str, int]]:
    days = (day - timedelta(days=back) for back in range(1, looks.USUAL_OVER + 1))
    people = (_people(audit.list_looks_without_words(unit, each), town) for each in days)
    return [{viewer: len(own) for viewer, own in each.items()} for each in people]


def _outside(own: _Looks, town: Town) -> list[tuple[Ticket | None, str]]:
    subjects = list(dict.fromkeys(subject for subject, _ in own))
    known = {ticket.id: ticket for ticket in lists.get_many(subjects)}
    found = []
    for subject, trace in own:
        ticket = known.get(subject)
        if why := why_outside(trace, ticket, town):
            found.append((ticket, why))
    return found


def _had_part(ticket: Ticket, viewer: str, town: Town) -> bool:
    """Whether the viewer's unit did something on it: what was returned or handed on by evening was on the list by day."""
    unit = _person(viewer, town).unit
    acted = (town.find_staff(event.by) for _, event in tickets.list_events(ticket.id))
    return any(each is not None and each.unit == unit for each in acted)


def _line(person: Staff, found: Exceptions, leader: Staff, town: Town) -> str:
    """What a leader reads of one person; of a confidential ticket only who may know of it hears that it was looked at."""
    shown = [why for ticket, why in found.outside if _may_know(ticket, leader, town)]
    parts = [
        f"{shown.count(why)}次{why}" for why in (looks.OUTSIDE_LIST, looks.OUTSIDE_SHIFT) if why in shown
    ]
    if found.usual is not None:
        parts.append(f"查看{found.looks}次，平时每天{found.usual:.0f}次")
    return f"{person.name}（{person.code}）{'，'.join(parts)}" if parts else ""


def _may_know(ticket: Ticket | None, leader: Staff, town: Town) -> bool:
    if ticket is None:
        return True
    if is_concerned(leader, ticket.concerns):
        return False
    return not ticket.confidential or access.may_see(ticket, leader, town)


def _person(code: str, town: Town) -> Staff:
    return town.staff_member(code)
