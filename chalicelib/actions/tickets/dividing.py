"""分拆 in the store: the whole and its parts are written together or not at all, and the whole hears how far its parts are."""

from datetime import datetime
from random import SystemRandom

from chalicelib.actions.tickets import joining
from chalicelib.domain.acts import dividing
from chalicelib.domain.acts.dividing import Matter, New
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town import codes
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.domain.views import access
from chalicelib.ids import new_id
from chalicelib.store.requests.idempotency import Replay, done_op
from chalicelib.store.table import ConditionFailed, Operation
from chalicelib.store.tickets import by_day, members, tickets
from chalicelib.store.tickets.members import Member
from chalicelib.store.town import directory

_RANDOM = SystemRandom()


def divide(
    ticket_id: str, matters: tuple[Matter, ...], *, by: Staff, replay: Replay | None, now: datetime
) -> Ticket:
    """分拆. Answers the whole. Raises what the rule refuses, NotFound, TryAgain."""
    cleaned = tuple(
        matter.model_copy(update={"title": scrub(matter.title), "text": scrub(matter.text, keeps_rooms=True)})
        for matter in matters
    )
    return tickets.once(ticket_id, lambda: _divide(ticket_id, cleaned, by, replay, now), replay=replay)


def note(part_id: str, whole_id: str, *, now: datetime) -> None:
    """A part, or what it was merged into, has a new line: the whole learns how far it is, and closes with the last.

    Told again it changes nothing.
    """
    part, town = tickets.get(part_id), directory.town()
    there = joining.standing(part)
    tickets.change(
        whole_id,
        lambda whole: dividing.part_moved(whole, part, there=there, town=town, now=now),
        tickets.Attempt(patient=True, town=town),
    )


def _divide(
    ticket_id: str, matters: tuple[Matter, ...], by: Staff, replay: Replay | None, now: datetime
) -> Ticket:
    town = directory.town()
    for _ in range(tickets.MOST_TRIES):
        whole = tickets.get(ticket_id)
        access.need_desk(whole, by, town)
        new = tuple(
            New(id=new_id(), number=codes.new_ticket_number(now.date(), _RANDOM)) for _ in matters[1:]
        )
        changed, parts = dividing.divide(whole, matters=matters, new=new, by=by, town=town, now=now)
        operations = [operation for part, _ in parts for operation in _beside(part, now)]
        operations += [done_op(replay, ticket_id)] if replay else []
        every = [(whole, *changed), *((None, *part) for part in parts)]
        try:
            return tickets.save_together(every, extra=tuple(operations))[0]
        except (ConditionFailed, TryAgain):
            continue
    raise TryAgain("工单正被多人同时修改，请稍后再试")


def _beside(part: Ticket, now: datetime) -> list[Operation]:
    """Its number, and its reporter with a reporter's rights. Who that is stays with the whole alone."""
    operations = [by_day.number_op(part)]
    if part.reporter_id:
        member = Member(reporter_id=part.reporter_id, reachable=part.reachable, is_reporter=True)
        operations.append(members.member_op(part.id, member, now))
    return operations
