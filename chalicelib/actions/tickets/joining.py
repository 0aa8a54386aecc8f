"""并案与拆案 in the store: both tickets, and the people who go with one, change together or not at all."""

from collections.abc import Callable, Iterable
from datetime import datetime

from chalicelib.domain.acts import joining
from chalicelib.domain.errors import NotYours, TryAgain
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Stage, Ticket
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.domain.views import access
from chalicelib.store.requests.idempotency import Replay, done_op
from chalicelib.store.table import MOST_IN_A_TRANSACTION, ConditionFailed, Operation
from chalicelib.store.tickets import crowds, members, own_words, tickets
from chalicelib.store.tickets.crowds import Crowd
from chalicelib.store.tickets.members import Member
from chalicelib.store.town import directory

_WITH_A_MERGE = 60  # people that fit into its transaction beside both tickets
_OF_A_TICKET = 12  # operations that write one of the tickets, at most
BRINGS_ALONG = frozenset(
    {EventKind.RELOCATED, EventKind.ABSORBED, EventKind.SPLIT}
)  # lines of what has merged ones
MOST_STEPS = 20  # of merged tickets merged again


def merge(
    ticket_id: str, into_id: str, *, by: Staff, sure: bool = False, replay: Replay | None, now: datetime
) -> Ticket:
    """并案: both tickets change together; everyone of the one is told what happens in the other, with the rights they had."""
    return tickets.once(ticket_id, lambda: _merge(ticket_id, into_id, by, sure, replay, now), replay=replay)


def split(ticket_id: str, *, by: Staff, note: str, replay: Replay | None, now: datetime) -> Ticket:
    """拆案 by the desk."""
    town = directory.town()

    def may(ticket: Ticket) -> None:
        access.need_desk(ticket, by, town)

    return tickets.once(ticket_id, lambda: _split(ticket_id, by.code, note, may, replay, now), replay=replay)


def split_by_reporter(
    ticket_id: str, *, by: Member, note: str, replay: Replay | None, now: datetime
) -> Ticket:
    """不是同一件事，分开办. Raises NotYours but for whose report it was."""
    if not by.owns:
        raise NotYours("只有最初反映的人可以要求分开办")
    return tickets.once(
        ticket_id, lambda: _split(ticket_id, Actor.REPORTER, note, lambda _: None, replay, now), replay=replay
    )


def standing(ticket: Ticket) -> Ticket:
    """Where a ticket goes on: itself, or what it was merged into, however often."""
    for _ in range(MOST_STEPS):
        if ticket.stage is not Stage.MERGED or ticket.merged_into is None:
            return ticket
        ticket = tickets.get(ticket.merged_into)
    return ticket


def bring_along(into_id: str, *, now: datetime) -> None:
    """After what may have brought a ticket to another station: what was merged into it follows. Told again it changes nothing."""
    into, town = tickets.get(into_id), directory.town()
    for each in into.joined:
        tickets.change(
            each.id,
            lambda child: joining.station_followed(child, into=into, town=town, now=now),
            tickets.Attempt(patient=True, town=town),
        )


def _merge(
    ticket_id: str, into_id: str, by: Staff, sure: bool, replay: Replay | None, now: datetime
) -> Ticket:
    town = directory.town()
    for _ in range(tickets.MOST_TRIES):
        child, parent = tickets.get(ticket_id), tickets.get(into_id)
        for ticket in (child, parent):
            access.need_desk(ticket, by, town)
        joining.need_nobody_else(parent, [member.reporter_id for member in members.list_members(child.id)])
        one, other = joining.merge(child, into=parent, by=by, sure=sure, town=town, now=now)
        coming = _coming(child, parent)
        crowd = _noted(parent.id, child.id, now) if len(coming) > _WITH_A_MERGE else None
        # those beyond the transaction first: rather told once too often than lost
        members.add_many(parent.id, coming[_WITH_A_MERGE:], now)
        operations = [members.member_op(parent.id, member, now) for member in coming[:_WITH_A_MERGE]]
        operations += [done_op(replay, ticket_id)] if replay else []
        try:
            merged = tickets.save_together([(child, *one), (parent, *other)], extra=tuple(operations))[0]
        except (ConditionFailed, TryAgain):
            continue
        if crowd:
            crowds.arrived(crowd)
        return merged
    raise TryAgain("工单正被多人同时修改，请稍后再试")


def _noted(parent_id: str, child_id: str, now: datetime) -> Crowd:
    crowd = Crowd(ticket_id=parent_id, other_id=child_id, at=now)
    crowds.note(crowd)
    return crowd


def finish(crowd: Crowd, *, now: datetime) -> None:
    """What a fall between two transactions left: who belongs to the ticket by what was merged is in it, else out of it. Idempotent."""
    parent, child = tickets.get(crowd.ticket_id), tickets.get(crowd.other_id)
    if child.id in {each.id for each in parent.joined}:
        crowds.move([members.member_op(parent.id, member, now) for member in _coming(child, parent)])
    else:
        crowds.move(_leaving(parent, child))
    crowds.arrived(crowd)


def _coming(child: Ticket, parent: Ticket) -> list[Member]:
    """The people of the merged ticket as members of the other: whose report it was keeps a reporter's rights."""
    known = {member.reporter_id: member for member in members.list_members(parent.id)}
    coming = []
    for member in members.list_members(child.id):
        there = known.get(member.reporter_id)
        if there is not None and (there.has_reported or not member.has_reported):
            continue
        report = member.report or (child.id if member.owns else "")
        came_by = there.came_by if there else child.id
        coming.append(member.model_copy(update={"is_reporter": False, "report": report, "came_by": came_by}))
    return coming


def _split(
    ticket_id: str,
    by: str,
    note: str,
    may: Callable[[Ticket], None],
    replay: Replay | None,
    now: datetime,
) -> Ticket:
    town = directory.town()
    for _ in range(tickets.MOST_TRIES):
        child = tickets.get(ticket_id)
        may(child)
        path = path_of(child)
        own, parted = joining.split(child, path=path, by=by, note=note, town=town, now=now)
        leaving = [(parent, _leaving(parent, child)) for parent in path]
        people = [op for _, each in leaving for op in each]
        room = max(min(_WITH_A_MERGE, MOST_IN_A_TRANSACTION - _OF_A_TICKET * (len(path) + 1)), 0)
        on_the_way = [
            _noted(parent.id, child.id, now) for parent, each in leaving if each and len(people) > room
        ]
        for parent in path:
            own_words.carry(parent.id, [child])
        operations = people[:room]
        operations += [done_op(replay, ticket_id)] if replay else []
        try:
            every = [(child, *own), *((before, *other) for before, other in zip(path, parted, strict=True))]
            saved = tickets.save_together(every, extra=tuple(operations))[0]
        except (ConditionFailed, TryAgain):
            continue
        crowds.move(people[room:])
        for crowd in on_the_way:
            crowds.arrived(crowd)
        return saved
    raise TryAgain("工单正被多人同时修改，请稍后再试")


def path_of(child: Ticket) -> list[Ticket]:
    """Every ticket that the merged one is part of: what it went into, and what that went into."""
    path: list[Ticket] = []
    ticket = child
    while ticket.merged_into is not None and len(path) < MOST_STEPS:
        ticket = tickets.get(ticket.merged_into)
        path.append(ticket)
    return path


def _leaving(parent: Ticket, child: Ticket) -> list[Operation]:
    """Who had come with the merged ticket is no member of the other any more; who joined it by themselves, or is also in
    another that was merged into it, stays one.
    """
    own = {member.reporter_id for member in members.list_members(child.id)}
    went = {child.id, *(each.id for each in child.joined)}
    staying = _also_in(each.id for each in parent.joined if each.id not in went)
    operations = []
    for member in members.list_members(parent.id):
        comes_along = member.came_by in went or (member.reporter_id in own and member.came_by)
        report = "" if member.report in went else member.report
        if comes_along and member.reporter_id not in staying:
            operations.append(members.forget_op(parent.id, member.reporter_id))
        elif member.report in went or member.came_by in went:
            other, theirs = staying.get(member.reporter_id, ("", ""))
            stays = member.model_copy(
                update={"report": report or theirs, "came_by": other if comes_along else member.came_by}
            )
            operations.append(members.member_op(parent.id, stays, member.at or child.received_at))
    return operations


def _also_in(ticket_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Everybody of these tickets: by which each is in what they were merged into, and which of them was their own report."""
    found: dict[str, tuple[str, str]] = {}
    for ticket_id in ticket_ids:
        for member in members.list_members(ticket_id):
            other, report = found.get(member.reporter_id, (ticket_id, ""))
            found[member.reporter_id] = (other, report or (ticket_id if member.owns else ""))
    return found
