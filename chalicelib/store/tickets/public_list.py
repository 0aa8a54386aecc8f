"""What Open311 lists: each ticket that neighbours may see, and each of its public changes, in the order of time.

An entry stands beside its ticket and is written in the ticket's own transaction, where it differs; a public change is found
through its own line of history, so that it costs no item of its own.
"""

from collections.abc import Iterator

from chalicelib.domain.model import Frozen, Instant, stamp
from chalicelib.domain.open311.public import Entry, entry_of
from chalicelib.domain.open311.window import Window
from chalicelib.domain.open311.words import Word, word_of
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.event_kinds import Kind
from chalicelib.domain.tickets.ticket import Event, Ticket
from chalicelib.store import documents, keys
from chalicelib.store.table import Item, Table, batch_get, delete_op, put_op, query
from chalicelib.store.tickets import line_document

_PAGE = 1000  # entries in one query: less than its megabyte


class Update(Frozen):
    """A public change of a ticket. `line`: of its history, unique for ever. `note`: what staff wrote to the reporter, for whose report it is; never for others."""

    ticket_id: str
    line: str
    at: Instant
    word: Word
    kind: Kind
    note: str


def entry_ops(before: Ticket | None, after: Ticket, event: Event) -> list[Item]:
    """The entry of a ticket, where what it shows has changed. For `tickets.save`."""
    since = event.at
    old = entry_of(before, since) if before else None
    new = entry_of(after, since)
    if new == old:
        return []
    if new is None:
        return [delete_op(Table.TICKETS, *keys.public_entry(after.id))]
    item = keys.attributes(keys.public_entry(after.id), keys.public(after.received_at, after.id))
    return [put_op(Table.TICKETS, item | {"entry": new.model_dump_json(exclude_defaults=True)})]


def update_keys(before: Ticket | None, after: Ticket, event: Event) -> Item:
    """What puts a line of history among the updates; nothing for one that changes nothing anyone outside may see."""
    if before is None or entry_of(after, event.at) is None:
        return {}
    if word_of(before) is word_of(after) and not _note(event):
        return {}
    listed = keys.public_update(event.at, after.id, after.version)
    return keys.listing(listed) | {"word": word_of(after).value}


def comment_keys(ticket: Ticket, event: Event) -> Item:
    """The same for a line beside a version: what staff say to the reporter (`members.add_line`)."""
    if not _note(event) or entry_of(ticket, event.at) is None:
        return {}
    listed = keys.public_comment(event.at, ticket.id, ticket.version)
    return keys.listing(listed) | {"word": word_of(ticket).value}


def list_requests(window: Window) -> Iterator[Entry]:
    """The entries received in a window, newest first; asks for the next thousand only when they are wanted."""
    yield from (_load(item) for item in _listed(keys.PUBLIC_PK, window))


def list_updates(window: Window) -> Iterator[Update]:
    """The public changes made in a window, newest first."""
    for item in _listed(keys.PUBLIC_UPDATES_PK, window):
        event = line_document.loaded(item["document"])
        yield Update(
            ticket_id=keys.ticket_id_of(item["PK"]),
            line=keys.event_name(item["SK"]),
            at=event.at,
            word=Word(item["word"]),
            kind=event.kind,
            note=_note(event),
        )


def get_entries(ticket_ids: list[str]) -> dict[str, Entry]:
    """The entries there are among these tickets, by ticket."""
    found = batch_get(Table.TICKETS, map(keys.public_entry, ticket_ids))
    return {entry.ticket_id: entry for entry in map(_load, found)}


def find_ids(numbers: list[str]) -> dict[str, str]:
    """The tickets with these numbers, by number."""
    found = batch_get(Table.TICKETS, map(keys.number, numbers))
    return {keys.number_of(item["PK"]): str(item["ticket_id"]) for item in found}


def _listed(shelf: str, window: Window) -> Iterator[Item]:
    since, until = (stamp(each) for each in window)
    after: str | None = None
    while True:
        page = query(
            Table.TICKETS,
            shelf,
            index="GSI1",
            after_sk=since,
            begins=until,
            newest_first=True,
            limit=_PAGE,
            after=after,
        )
        yield from page
        after = page.next
        if after is None:
            return


def _load(item: Item) -> Entry:
    return documents.read(Entry, item["entry"])


def _note(event: Event) -> str:
    return event.note if event.public and event.by != Actor.REPORTER else ""
