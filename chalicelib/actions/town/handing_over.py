"""交接: move everything someone holds to a successor, and end the sessions at once."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from chalicelib.domain.acts import dispatching as rules
from chalicelib.domain.acts.reworking import REOPEN_WITHIN
from chalicelib.domain.errors import Invalid
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.queues import Queue
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Role, Staff
from chalicelib.store.identity import sessions
from chalicelib.store.tickets import by_day, lists, tickets
from chalicelib.store.town import directory

QUEUES = (Queue.STAFF, Queue.ESCALATED)


def hand_over(person: str, to: str, *, by: str, now: datetime) -> int:
    """Move what `person` holds; the person is signed out everywhere. Answers how many tickets moved.

    Raises NotFound for either, Invalid for a hand-over to oneself.
    """
    town = directory.town()
    leaver, successor = town.staff_member(person), town.staff_member(to)
    if leaver.code == successor.code:
        raise Invalid("不能交接给本人，请另选一位", fields=[{"column": "to", "reason": "与交出人相同"}])
    moved = move(leaver, successor, town=town, by=by, now=now)
    sessions.end_all(leaver.code)
    return moved


def move(leaver: Staff, successor: Staff, *, town: Town, by: str, now: datetime) -> int:
    """Move the tickets only. Safe to repeat: what has been moved is not touched again."""
    held = held_by(leaver.code)
    for ticket_id in held:
        tickets.change(
            ticket_id,
            lambda ticket: rules.hand_over(
                ticket, leaver=leaver, successor=successor, by=by, town=town, now=now
            ),
            tickets.PATIENT,
        )
    return len(held)


def left_behind(leaver: Staff, *, town: Town, now: datetime) -> int:
    """By night: what still stands with somebody who is of the town no more goes to the head of the unit, and is told.

    An import looks before and after its switch; but an index lags, another process knows the old town for some seconds, and
    in these a ticket may yet be given to whoever leaves. Answers how many there were.
    """
    if not held_by(leaver.code):
        return 0
    leaders = (person for person in town.staff if {Role.TOWN_LEADER, Role.ADMIN} & set(person.roles))
    successor = next(iter((*town.unit_heads(leaver.unit), *leaders)), None)
    return move(leaver, successor, town=town, by=Actor.MACHINE, now=now) if successor else 0


def held_by(person: str) -> list[str]:
    """The ids of the open tickets that stand in the person's own queues."""
    return _ids(queue.of(person) for queue in QUEUES)


def held_by_unit(unit: str) -> list[str]:
    """The ids of the open tickets that stand in the unit's queues: its own, its desk's, its calls."""
    return _ids(queue.of(unit) for queue in (Queue.UNIT, Queue.DESK, Queue.CALLS))


def ended_lately(now: datetime) -> list[Ticket]:
    """The tickets whose end is not so long ago that they may not begin again."""
    today = now.astimezone(SHANGHAI).date()
    days = (today - timedelta(days=n) for n in range(REOPEN_WITHIN.days + 1))
    return lists.get_many(
        list(dict.fromkeys(ticket_id for day in days for ticket_id in by_day.list_ended(day)))
    )


def _ids(queues: Iterable[str]) -> list[str]:
    ids: dict[str, None] = {}
    for queue in queues:
        after: str | None = None
        while True:
            page = lists.list_queue(queue, after=after)
            ids.update((item["ticket_id"], None) for item in page)
            after = page.next
            if after is None:
                break
    return list(ids)
