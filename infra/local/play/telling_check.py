"""Who was told what: every notice of every line of history against the inboxes and the outward deliveries."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.identity.confidential import is_concerned
from chalicelib.domain.model import from_stamp, stamp
from chalicelib.domain.notices import deliveries
from chalicelib.domain.notices.deliveries import FINAL, State
from chalicelib.domain.tickets.actors import Addressee
from chalicelib.domain.tickets.ticket import Level, Notice
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import LEADERS
from chalicelib.store import keys
from infra.local.play.tables import Item, Kept, Tables

STAFF, REPORTER = "staff:", "reporter:"


class Owed(NamedTuple):
    """One inbox line that a notice owes to one recipient. `late`: the member joined after it, so it is not owed."""

    recipient: str
    event_key: str
    at: str
    n: int
    notice: Notice
    number: str
    late: bool = False

    @property
    def line(self) -> str:
        return keys.inbox_line(self.recipient, from_stamp(self.at), self.event_key, self.n).sk

    @property
    def alone(self) -> str:
        return keys.delivery(self.recipient, from_stamp(self.at), self.event_key).sk


def told_once(tables: Tables, town: Town) -> Iterator[str]:
    """Every owed line stands, and every line that stands is owed: the key holds event and notice, so once is once."""
    owed = {(each.recipient, each.line): each for each in _owed(tables, town)}
    for (recipient, line), each in owed.items():
        item = tables.told.get(recipient, {}).get(line)
        if item is None and not each.late:
            yield f"{recipient} was not told {each.notice.template} of {each.event_key}"
    for recipient, items in tables.told.items():
        lines = (sk for sk in items if keys.is_inbox_line(sk))
        yield from (
            f"{recipient} was told {sk}, which nobody owes"
            for sk in lines
            if (recipient, sk) not in owed
            and not _was_told_as_proxy(sk, items)
            and not _was_announced(recipient, sk, tables, town)
            and not _is_bulletin(recipient, sk, town)
        )


def _is_bulletin(recipient: str, sk: str, town: Town) -> bool:
    """The week's bulletin of an area, to its leaders: it is of no ticket. A demo that runs over a night has one."""
    event_key = sk.removeprefix(keys.INBOX).split("#")[1]
    leaders = {STAFF + each.code for each in town.staff if set(each.roles) & LEADERS}
    return event_key.startswith("bulletin-") and recipient in leaders


def _was_announced(recipient: str, sk: str, tables: Tables, town: Town) -> bool:
    """A measure, which a job tells each person of a class once: the history of a ticket of theirs says so; and of its days
    the heads of the unit that holds it (rule 67)."""
    measure = sk.removeprefix(keys.INBOX).split("#")[1].removeprefix("measure-").split("-")[0]
    announced = [
        (kept, event.details.get("unit", ""))
        for kept in tables.tickets.values()
        for event in kept.events.values()
        if event.details.get("measure") == measure
    ]
    if recipient.startswith(STAFF):
        heads = {head.code for _, unit in announced for head in town.unit_heads(unit)}
        return recipient.removeprefix(STAFF) in heads
    return any(recipient.removeprefix(REPORTER) in kept.members() for kept, _ in announced)


def _was_told_as_proxy(sk: str, items: Mapping[str, Item]) -> bool:
    """What somebody who reported for another heard, until the other said no; and that it is over (rule 96)."""
    at, event_key, _ = sk.removeprefix(keys.INBOX).split("#")
    over = f"#{event_key.rpartition('-')[0]}-proxy#"
    return any(over in other and at <= other.removeprefix(keys.INBOX) for other in items)


def sent_once(tables: Tables, town: Town, long_ago: datetime) -> Iterator[str]:
    """At most one outward message for an event and a recipient, alone or gathered; for staff with a phone exactly one."""
    gathered = Counter(
        (recipient, member.partition("|")[0])
        for recipient, items in tables.told.items()
        for item in items.values()
        for member in item.get("members", ())
    )
    for (recipient, event_key), lines in _by_event(tables, town).items():
        alone = lines[0].alone in tables.told.get(recipient, {})
        count = alone + gathered[recipient, event_key]
        if count > 1:
            yield f"{recipient} was sent {event_key} {count} times"
        if count == 0 and any(_has_a_phone(each, town) for each in lines):
            yield f"{recipient} was never sent {event_key}"
    for recipient, items in tables.told.items():
        stuck = (sk for sk, item in items.items() if keys.is_outward(sk) and _is_stuck(item, long_ago))
        yield from (f"{recipient} {sk} is still {items[sk]['state']}" for sk in stuck)


def _is_stuck(item: Item, long_ago: datetime) -> bool:
    """Due long ago and still not at an end. What the desk is to call has no `next_at`."""
    next_at = str(item.get("next_at") or "")
    return next_at != "" and State(item["state"]) not in FINAL and from_stamp(next_at) < long_ago


def told_to_the_right_people(tables: Tables, town: Town) -> Iterator[str]:
    """Of a confidential ticket nothing reaches whom it concerns (rule 21)."""
    for ticket_id, kept in tables.tickets.items():
        for person in town.staff:
            if not is_concerned(person, kept.ticket.concerns):
                continue
            lines = tables.told.get(f"{STAFF}{person.code}", {})
            yield from (f"{person.code} was told {sk}" for sk in lines if f"#{ticket_id}-" in sk)


def _by_event(tables: Tables, town: Town) -> dict[tuple[str, str], list[Owed]]:
    found: dict[tuple[str, str], list[Owed]] = {}
    for each in _owed(tables, town):
        found.setdefault((each.recipient, each.event_key), []).append(each)
    return found


def _owed(tables: Tables, town: Town) -> Iterator[Owed]:
    for ticket_id, kept in tables.tickets.items():
        for name, event in kept.events.items():
            for n, notice in enumerate(event.notices):
                for recipient, late in _recipients(notice, kept, stamp(event.at), town):
                    key = f"{ticket_id}-{name}"
                    yield Owed(recipient, key, stamp(event.at), n, notice, kept.ticket.number, late)


def _recipients(notice: Notice, kept: Kept, at: str, town: Town) -> Iterator[tuple[str, bool]]:
    if notice.to in set(Addressee):
        reporters = {
            kept.ticket.reporter_id,
            *(each.reporter_id for each in kept.ticket.joined),
            *kept.owners(),
        }
        yield from (
            (f"{REPORTER}{member}", since > at)
            for member, since in kept.members().items()
            if (member in reporters) == (notice.to == Addressee.REPORTER)
        )
        return
    person = town.find_staff(notice.to.removeprefix(STAFF))
    if person and not is_concerned(person, kept.ticket.concerns):
        yield notice.to, False


def _has_a_phone(owed: Owed, town: Town) -> bool:
    """Staff whose phone it goes to: what is for the inbox alone rings nobody."""
    if not owed.recipient.startswith(STAFF) or owed.notice.level not in (Level.RING, Level.PUSH):
        return False
    person = town.staff_member(owed.recipient.removeprefix(STAFF))
    return deliveries.staff_channel(person, owed.notice.template) is not None
