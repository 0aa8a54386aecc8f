"""Tickets: state, history, queue entries and alarm written together or not at all."""

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache, partial
from os import urandom
from typing import NamedTuple

from chalicelib import logs
from chalicelib.domain.acts.joining import turns_apart
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import UNKNOWN_TICKET, NotFound, Refusal, TooMuch, TryAgain
from chalicelib.domain.feed.feed import is_hidden
from chalicelib.domain.model import stamp
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.bounds import MOST_BYTES
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.queues import Queue, marked, waits_for
from chalicelib.domain.tickets.ticket import ENDED, Event, Ticket, Waiting
from chalicelib.domain.town.directory import Town
from chalicelib.domain.views.history import overtaken
from chalicelib.domain.views.standing import promised_to_neighbours
from chalicelib.store import documents, keys
from chalicelib.store.requests import idempotency
from chalicelib.store.table import (
    ConditionFailed,
    Item,
    Key,
    Table,
    batch_get,
    delete_op,
    put_op,
    query_all,
    transact,
)
from chalicelib.store.table import (
    get as get_item,
)
from chalicelib.store.tickets import (
    alarms,
    apart,
    crowds,
    line_document,
    members,
    nearby,
    own_list,
    own_words,
    public_list,
    statements,
)
from chalicelib.store.tickets.crowds import Crowd
from chalicelib.store.town import directory

Decision = Callable[[Ticket], tuple[Ticket, Event] | None]
Guard = Callable[[Ticket], None]
Reading = Callable[[str], Ticket]  # `get`, or one that remembers
Beside = Callable[[Ticket], tuple[Item, ...]]

_LEAVE_A_PHONE = frozenset({EventKind.RECEIVED, EventKind.ORDER_UPDATED})
MOST_TRIES = 8  # against machine lines and conflicts that come between


def get(ticket_id: str) -> Ticket:
    """The ticket as it stands now. Raises NotFound."""
    item = get_item(Table.TICKETS, *keys.ticket(ticket_id), consistent=True)
    if item is None:
        raise NotFound(UNKNOWN_TICKET)
    return load(item)


def find(ticket_id: str) -> Ticket | None:
    """`get`, or None where its case was removed."""
    try:
        return get(ticket_id)
    except NotFound:
        return None


def read_once() -> Reading:
    """`get`, which asks for each ticket once: for one line of history, whose parts all follow from the ticket as it stood."""
    return cache(get)


def read_ahead(ticket_ids: Iterable[str]) -> Reading:
    """`get`, which has asked for these at once: for lines that are told of together, each from the ticket as it stood at their start.

    It is at least as new as every line that the caller holds already.
    """
    items = batch_get(Table.TICKETS, map(keys.ticket, ticket_ids), consistent=True)
    found = {ticket.id: ticket for ticket in map(load, items)}
    once = read_once()
    return lambda ticket_id: found.get(ticket_id) or once(ticket_id)


def load(item: Item) -> Ticket:
    """Raises ValidationError, WrittenByNewer."""
    return documents.read(Ticket, item["document"])


def load_event(item: Item) -> Event:
    return line_document.loaded(item["document"])


def list_events(ticket_id: str) -> list[tuple[int, Event]]:
    """The whole history, oldest first, each line with its version; comments and joins bear the version they follow."""
    items = query_all(Table.TICKETS, keys.ticket_pk(ticket_id), begins=keys.EVENTS, consistent=True)
    return [(keys.version_of(item["SK"]), load_event(item)) for item in items]


class Attempt(NamedTuple):
    """On what terms an act is tried.

    `seen` is the version the caller looked at. `may` refuses who may not act, before anything of the ticket is told; `town`
    has the names for telling what came between. `replay` makes the act happen once however often it is sent. `patient`
    decides again whatever came between (for the machine's own acts). `teller`: the resident by whose words it happens, who
    stays in a ticket that turns 避开 by them.
    """

    seen: int | None = None
    replay: idempotency.Replay | None = None
    patient: bool = False
    may: Guard | None = None
    town: Town | None = None
    teller: str = ""


ONCE = Attempt()
PATIENT = Attempt(patient=True)


def change(ticket_id: str, decide: Decision, on: Attempt = ONCE, *, beside: Beside | None = None) -> Ticket:
    """Load, decide, save; decide again by itself when only machine lines came in between.

    `decide` answers the new ticket and its line of history, or None when there is nothing to do. `beside` answers what the
    same transaction writes beside the ticket as it is saved. Raises Stale with what changed, NotFound, and what `decide`
    raises.
    """
    return once(ticket_id, lambda: _change(ticket_id, decide, on, beside), replay=on.replay)


def once(ticket_id: str, act: Callable[[], Ticket], *, replay: idempotency.Replay | None) -> Ticket:
    """`act`, unless the request was served before; then the ticket as it stands.

    A request sent again while its first sending was still being served is refused by what that one did: it counts as
    done too. `act` writes the replay's mark with its own transaction.
    """
    if replay is None:
        return act()
    if idempotency.was_done(replay):
        return get(ticket_id)
    try:
        return act()
    except Refusal:
        if idempotency.was_done(replay):
            return get(ticket_id)
        raise


def _change(ticket_id: str, decide: Decision, on: Attempt, beside: Beside | None) -> Ticket:
    town = on.town or Town()
    for attempt in range(MOST_TRIES):
        ticket = get(ticket_id)
        if on.may is not None:
            on.may(ticket)
        if on.seen is not None and on.seen != ticket.version and not on.patient:
            _refuse_unless_quiet(ticket_id, on.seen, town)
        decided = decide(ticket)
        if decided is None:
            return ticket
        try:
            extra = beside(decided[0].model_copy(update={"version": ticket.version + 1})) if beside else ()
            if turns_apart(ticket, decided[0]):
                return _save_apart(ticket, decided, on, extra)
            return save(*decided, before=ticket, replay=on.replay, extra=extra)
        except ConditionFailed:
            if on.replay is not None and idempotency.was_done(on.replay):
                return get(ticket_id)
            if not on.patient:
                _refuse_unless_quiet(ticket_id, ticket.version, town)
        except TryAgain:
            time.sleep(0.02 * (attempt + 1))
    raise TryAgain("工单正被多人同时修改，请稍后再试")


def _save_apart(
    before: Ticket, decided: tuple[Ticket, Event], on: Attempt, extra: tuple[Item, ...]
) -> Ticket:
    """A ticket that turns 避开 with a ticket of their own for everybody else in it (rule 21)."""
    town, now = on.town or directory.town(), decided[1].at
    read = cache(get)
    parting = apart.parting(before, decided, teller=on.teller, read=read, lines=list_events, town=town)
    crowd = None
    if parting.too_many or parting.is_more:
        crowd = Crowd(ticket_id=before.id, other_id=parting.of_joiners, at=now, apart=True, teller=on.teller)
        crowds.note(crowd)
    if parting.too_many:  # rather told once too often than lost
        members.add_many(parting.of_joiners, list(parting.too_many), now)
    own_words.carry(before.id, parting.parted)
    done = (idempotency.done_op(on.replay, before.id),) if on.replay else ()
    saved = save_together(parting.changes, extra=(*extra, *parting.operations, *done))[0]
    if crowd:
        try:
            part_the_rest(crowd, town=town, now=now)
        except (ConditionFailed, TryAgain):  # the act is done; the sweep goes on with who is left
            return saved
        saved = get(before.id)
    return saved


def part_the_rest(crowd: Crowd, *, town: Town, now: datetime) -> None:
    """Who is left in a ticket that turned 避开, transaction by transaction; where it never did, nobody moves. Idempotent.

    Who got a ticket with the others that joined is in it before leaving this one.
    """
    own = {member.reporter_id for member in members.list_members(crowd.other_id)} if crowd.other_id else set()
    if own and get_item(Table.TICKETS, *keys.ticket(crowd.other_id), consistent=True) is None:
        crowds.move([members.forget_op(crowd.other_id, each) for each in own])
        crowds.arrived(crowd)
        return
    here = [m for m in members.list_members(crowd.ticket_id) if not m.owns and m.reporter_id != crowd.teller]
    crowds.move([members.forget_op(crowd.ticket_id, m.reporter_id) for m in here if m.reporter_id in own])
    while left := apart.rest(get(crowd.ticket_id), teller=crowd.teller, read=get, town=town, now=now):
        own_words.carry(crowd.ticket_id, left.parted)
        save_together(left.changes, extra=tuple(left.operations))
    crowds.arrived(crowd)


def save(
    after: Ticket,
    event: Event,
    *,
    before: Ticket | None,
    replay: idempotency.Replay | None = None,
    extra: tuple[Item, ...] = (),
) -> Ticket:
    """Write a changed ticket, its history line, queue entries and alarm together, or nothing.

    `before` is what was read, None for a new ticket. `extra` are operations that belong to the same act. Raises
    ConditionFailed when the table has moved on.
    """
    saved, written = operations(after, event, before)
    if replay is not None:
        written.append(idempotency.done_op(replay, saved.id))
    transact([*written, *extra])
    return saved


def save_together(
    changes: Sequence[tuple[Ticket | None, Ticket, Event]], *, extra: tuple[Item, ...] = ()
) -> list[Ticket]:
    """Several tickets, each (before or None, after, event), all or none. Raises ConditionFailed when one has moved on."""
    saved = [operations(after, event, before) for before, after, event in changes]
    transact([operation for _, written in saved for operation in written] + list(extra))
    return [ticket for ticket, _ in saved]


def operations(after: Ticket, event: Event, before: Ticket | None) -> tuple[Ticket, list[Item]]:
    """The ticket as it will stand, and what writes it: the ticket itself, its line of history, its entries in lists."""
    saved = _numbered(after)
    line = _with_arming(event, before=after, after=saved)
    queues = _queue_ops(before, saved)
    marks = {mark for who in queues for mark in _marked(who, before, saved)}
    written = [_ticket_op(saved), _event_op(before, saved, line, sorted(marks)), *queues.values()]
    return saved, [
        *written,
        *_entry_ops(keys.alarm(saved.id), alarms.pending_item, before, saved),
        *_entry_ops(keys.own_line(saved.id), own_list.item, before, saved),
        *_statement_ops(before, saved),
        *_place_ops(before, saved),
        *public_list.entry_ops(before, saved, line),
        *nearby.entry_ops(before, saved),
    ]


def _numbered(ticket: Ticket) -> Ticket:
    armed = clocks.arm(ticket)
    return armed.model_copy(update={"version": ticket.version + 1})


def _with_arming(event: Event, *, before: Ticket, after: Ticket) -> Event:
    if after.generation == before.generation or after.armed_for is None:
        return event
    details = event.details | {"generation": str(after.generation), "wake_at": stamp(after.armed_for)}
    return event.model_copy(update={"arms": True, "details": details})


def _ticket_op(ticket: Ticket) -> Item:
    document = ticket.model_dump_json(exclude_defaults=True)
    if len(document) > MOST_BYTES // 3 and len(document.encode()) > MOST_BYTES:
        raise TooMuch("这张工单已经记得太满，没有保存；请联系工作站拆分或另开一张")
    item = keys.attributes(keys.ticket(ticket.id)) | {"version": ticket.version, "document": document}
    if ticket.version == 1:
        return put_op(Table.TICKETS, item, if_absent=True)
    return put_op(Table.TICKETS, item, condition="#version = :seen", seen=ticket.version - 1)


def _event_op(before: Ticket | None, ticket: Ticket, event: Event, queues: list[str]) -> Item:
    """The line of history; `queues` names whose marks it changes, for live boards."""
    document = line_document.dumped(event)
    line = {
        "kind": event.kind,
        "document": document,
        "salt": urandom(8).hex(),  # of its digest in the locked bucket, which outlives the words
        "queues": queues or None,
        "external": bool(ticket.external_ids) or None,
        "phone_left": (ticket.phone_left and event.kind in _LEAVE_A_PHONE) or None,
        "whole": ticket.part_of.id if ticket.part_of else None,
        "parts": [f"{each.id} {each.part_of}" for each in ticket.joined if each.part_of] or None,
        "hidden": is_hidden(ticket) or None,  # from subscribers, also when it is shown again
        "correlation_id": logs.correlation_id() or None,
    }
    item = keys.attributes(keys.event(ticket.id, ticket.version)) | line
    return put_op(Table.TICKETS, item | public_list.update_keys(before, ticket, event), if_absent=True)


def summary(ticket: Ticket) -> Item:
    """What a list shows of a ticket: no free text, no identity."""
    return {
        "ticket_id": ticket.id,
        "number": ticket.number,
        "stage": ticket.stage.value,
        "category": ticket.category,
        "place": ticket.where.name,
        "urgent": ticket.urgent,
        "track": ticket.track.value,
        "confidential": ticket.confidential,
        "practice": ticket.practice,
        "source": ticket.source.value,
        "round": ticket.round,
        "concerns": list(ticket.kept_from),
        "received_at": stamp(ticket.received_at),
        "unit_id": ticket.lead_unit_id,
        "handler_id": ticket.handler_id,
        "extension_asked": ticket.extension is not None,
        "phone_left": ticket.phone_left,
        "paused": ticket.pause.kind.value if ticket.pause else "",
        "unread": ticket.unread is not None,
    }


def _queue_ops(before: Ticket | None, after: Ticket) -> dict[str, Item]:
    """Only the entries that differ from those last written, by whose they are; all when what lists show has changed."""
    old = {entry.who: entry for entry in waits_for(before)} if before else {}
    new = {entry.who: entry for entry in waits_for(after)}
    was, shown = summary(before) if before else None, summary(after)
    puts = {
        who: put_op(Table.TICKETS, _queue_item(after.id, entry) | _shown_in(who, after, shown))
        for who, entry in new.items()
        if before is None
        or was is None
        or old.get(who) != entry
        or _shown_in(who, before, was) != _shown_in(who, after, shown)
    }
    gone = [who for who in old if who not in new]
    return puts | {who: delete_op(Table.TICKETS, *keys.queue_entry(after.id, who)) for who in gone}


def _shown_in(who: str, ticket: Ticket, shown: Item) -> Item:
    """What this queue shows: words that its unit does not read wait for nobody there (rule 104)."""
    is_units = Queue.kind_of(who) in (Queue.UNIT, Queue.STAFF)
    return shown | {"unread": False} if is_units and ticket.withheld else shown


def _marked(who: str, before: Ticket | None, after: Ticket) -> set[str]:
    stands = [each for each in (before, after) if each and who in {entry.who for entry in waits_for(each)}]
    return marked(who, *stands)


def _queue_item(ticket_id: str, entry: Waiting) -> Item:
    listed = keys.queued(entry.who, entry.due_at, ticket_id)
    item = keys.attributes(keys.queue_entry(ticket_id, entry.who), listed)
    rings_at = [stamp(each) for each in entry.rings_at]
    return item | {"due_at": stamp(entry.due_at), "clock": entry.clock, "rings_at": rings_at}


def _entry_ops(
    key: Key, item: Callable[[Ticket], Item | None], before: Ticket | None, after: Ticket
) -> list[Item]:
    """The one entry `item` of a ticket, which stands under `key`, where it differs from the one last written."""
    old, new = item(before) if before else None, item(after)
    if new == old:
        return []
    return [put_op(Table.TICKETS, new) if new else delete_op(Table.TICKETS, *key)]


def _statement_ops(before: Ticket | None, after: Ticket) -> list[Item]:
    """What whom it is kept from may read, and no more, where it differs from what was last written."""
    return [
        op
        for each in statements.ids(before, after)
        for op in _entry_ops(
            keys.statement_asked(after.id, each),
            partial(statements.item, confrontation_id=each),
            before,
            after,
        )
    ]


def _place_ops(before: Ticket | None, after: Ticket) -> list[Item]:
    """The entry by which neighbours see what is open here (design §7) and staff find what was, by place and date."""
    old, new = _place_item(before) if before else None, _place_item(after)
    return [put_op(Table.TICKETS, new)] if new and new != old else []


def _place_item(ticket: Ticket) -> Item | None:
    if ticket.where.place is None:
        return None
    hidden = ticket.confidential or ticket.stage in ENDED or ticket.practice
    list_it = keys.past_at if hidden else keys.open_at
    listed = list_it(ticket.where.place, ticket.received_at, ticket.id)
    by = None if hidden else promised_to_neighbours(ticket)
    shown = {
        "category": ticket.category,
        "stage": ticket.stage.value,
        "public_text": ticket.public_text,
        "unit_id": ticket.lead_unit_id or ticket.station_id,
        "promised_at": stamp(by) if by else "",
    }
    known = {"ticket_id": ticket.id, "received_at": stamp(ticket.received_at)}
    return keys.attributes(keys.at_place(ticket.id), listed) | known | shown


def _refuse_unless_quiet(ticket_id: str, seen: int, town: Town) -> None:
    """Raises Stale, naming what a person has changed since version `seen`; the machine's own lines do not count."""
    pk, after = keys.ticket_pk(ticket_id), keys.event_sk(seen)
    lines = query_all(Table.TICKETS, pk, begins=keys.EVENTS, after_sk=after, consistent=True)
    events = [load_event(line) for line in lines if not keys.is_beside(line["SK"])]
    changes = [event for event in events if event.by != Actor.MACHINE]
    if changes:
        raise overtaken(changes, town)
