"""Who else is in a ticket that turns 避开 goes with a ticket of their own, in the same transaction (rule 21)."""

from collections.abc import Callable
from datetime import datetime
from random import SystemRandom
from typing import NamedTuple

from chalicelib.domain.acts import dividing, joining
from chalicelib.domain.acts.dividing import Joiners, New
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.readings import Grievance
from chalicelib.domain.tickets.ticket import Event, Joined, Ticket
from chalicelib.domain.town import codes
from chalicelib.domain.town.directory import Town
from chalicelib.ids import new_id
from chalicelib.store.table import Item
from chalicelib.store.tickets import by_day, members
from chalicelib.store.tickets.members import Member

MOST_AT_ONCE = 5  # merged tickets that part in one transaction; the rest at once after it
_MOST_PEOPLE = 18  # of those who joined, in it: each is written there and taken out here
_MOST_WORDS = 8  # lines that members wrote, which go along
_RANDOM = SystemRandom()

Lines = Callable[[str], list[tuple[int, Event]]]
Change = tuple[Ticket | None, Ticket, Event]


class Parting(NamedTuple):
    """What is saved together; the people for whom there is no room in it, who are written before and taken out after; whether
    merged tickets are left for which there is none either.
    """

    changes: list[Change]
    operations: list[Item]
    of_joiners: str = ""
    too_many: tuple[Member, ...] = ()
    is_more: bool = False

    @property
    def parted(self) -> list[Ticket]:
        """The merged tickets that go their own way by it, as they were."""
        return [before for before, _, _ in self.changes[1:] if before is not None]


def parting(
    before: Ticket,
    decided: tuple[Ticket, Event],
    *,
    teller: str,
    read: Callable[[str], Ticket],
    lines: Lines,
    town: Town,
) -> Parting:
    """The decided change of a ticket that turns 避开, with what parts from it. Whose report it is stays, and the `teller` by whose
    words it turned: they know of it."""
    after, event = decided
    people = [m for m in members.list_members(after.id) if not m.owns and m.reporter_id != teller]
    everyone = _going(after, people, teller)
    going, is_more = everyone[:MOST_AT_ONCE], len(everyone) > MOST_AT_ONCE
    (after, event), parted = joining.set_apart(
        after, event, tuple(read(each.id) for each in going), town=town, now=event.at
    )
    changes: list[Change] = [(before, after, event)]
    changes += [(read(each.id), *part) for each, part in zip(going, parted, strict=True)]
    gone = _with_them(after, before, going)
    themselves = [m for m in people if not ({m.came_by, m.report} & _all_joined(before))]
    by_themselves = sorted(themselves, key=lambda member: member.at or event.at)
    leave = [m for m in people if {m.came_by, m.report} & gone]
    operations = [members.forget_op(after.id, m.reporter_id) for m in leave]
    if not by_themselves:
        return Parting(changes, operations, is_more=is_more)
    own, line = _joiners_own(before, by_themselves, lines(after.id), town, event.at)
    changes.append((None, own, line))
    operations.append(by_day.number_op(own))
    for member in by_themselves[:_MOST_PEOPLE]:
        operations += [_as_own(own, member), members.forget_op(after.id, member.reporter_id)]
    operations += _their_words(own, lines(after.id), alone=len(by_themselves) == 1)
    return Parting(changes, operations, own.id, tuple(by_themselves[_MOST_PEOPLE:]), is_more)


def rest(
    ticket: Ticket, *, teller: str, read: Callable[[str], Ticket], town: Town, now: datetime
) -> Parting | None:
    """The next merged tickets that still have to part from a 避开 one; None once nobody is left."""
    people = [m for m in members.list_members(ticket.id) if not m.owns and m.reporter_id != teller]
    going = _going(ticket, people, teller)[:MOST_AT_ONCE]
    if not going:
        return None
    event = Event(kind=EventKind.PARTED, at=now, by=Actor.MACHINE, details={"number": going[0].number})
    (after, event), parted = joining.set_apart(
        ticket, event, tuple(read(each.id) for each in going), town=town, now=now
    )
    changes: list[Change] = [(ticket, after, event)]
    changes += [(read(each.id), *part) for each, part in zip(going, parted, strict=True)]
    gone = _with_them(after, ticket, going)
    leave = [m for m in people if {m.came_by, m.report} & gone]
    return Parting(changes, [members.forget_op(ticket.id, m.reporter_id) for m in leave])


def _going(ticket: Ticket, people: list[Member], teller: str) -> list[Joined]:
    """Merged tickets of other people, each with what had been merged into it. What nobody reported stays as it is."""
    parties = {ticket.reporter_id, teller}

    def is_others(one: Joined) -> bool:
        inside = [one, *(each for each in ticket.joined if each.via == one.id)]
        if teller and any(each.reporter_id == teller for each in inside):
            return False
        reported = any(each.reporter_id and each.reporter_id not in parties for each in inside)
        return reported or any(member.came_by == one.id for member in people)

    return [each for each in ticket.joined if not each.via and is_others(each)]


def _with_them(after: Ticket, before: Ticket, going: list[Joined]) -> set[str]:
    """The ids of what has parted, with what had come by it."""
    return {each.id for each in going} | (_all_joined(before) - _all_joined(after))


def _all_joined(ticket: Ticket) -> set[str]:
    return {each.id for each in ticket.joined}


def _joiners_own(
    was: Ticket, people: list[Member], events: list[tuple[int, Event]], town: Town, now: datetime
) -> tuple[Ticket, Event]:
    first = people[0]  # the earliest
    spoken = _spoken(events) if len(people) == 1 else []
    joiners = Joiners(
        first=first.reporter_id,
        reachable=first.reachable,
        since=first.at or now,
        words=tuple(line.note for line in spoken if line.note),
        photos=tuple(photo for line in spoken for photo in line.photos),
    )
    called = New(id=new_id(), number=codes.new_ticket_number(now.date(), _RANDOM))
    return dividing.joiners_own(was, joiners, called=called, town=town, now=now)


def _as_own(own: Ticket, member: Member) -> Item:
    its = Member(
        reporter_id=member.reporter_id,
        reachable=member.reachable,
        is_reporter=member.reporter_id == own.reporter_id,
    )
    return members.member_op(own.id, its, member.at or own.received_at)


def _their_words(own: Ticket, events: list[tuple[int, Event]], *, alone: bool) -> list[Item]:
    """What several members wrote goes along for whoever handles it, and is shown to none of the others."""
    if alone:
        return []
    first = own.model_copy(update={"version": 1})
    return [
        members.line_op(first, line.model_copy(update={"public": False, "notices": ()}), f"{n}")
        for n, line in enumerate(_spoken(events))
    ]


def _spoken(events: list[tuple[int, Event]]) -> list[Event]:
    """What members wrote; no words about whom the ticket is kept from."""
    said = [e for _, e in events if e.kind is EventKind.COMMENTED and e.by == Actor.MEMBER]
    clean = [e for e in said if not e.reading or e.reading.concerned.grievance is not Grievance.MISCONDUCT]
    return clean[-_MOST_WORDS:]
