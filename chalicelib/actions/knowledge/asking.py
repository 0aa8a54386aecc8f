"""政策知识: what stands beside a question at the desk, and what a resident is asked before sending (rule 82)."""

from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.actions.tickets import listening
from chalicelib.domain.errors import NotFound
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.knowledge.citing import cited
from chalicelib.domain.knowledge.drafts import draft_id, is_missing, unanswered
from chalicelib.domain.knowledge.finding import Library
from chalicelib.domain.knowledge.offering import offered
from chalicelib.domain.knowledge.words import Words
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event, Ticket, Where
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.knowledge_entry import KnowledgeEntry
from chalicelib.store.knowledge import drafts, self_help
from chalicelib.store.tickets import tickets
from chalicelib.store.tickets.tickets import Reading
from chalicelib.store.town import directory

if TYPE_CHECKING:
    from chalicelib.actions.knowledge.schemas import EntryFound, EntryShown

_kept: list[tuple[Town, Library]] = []  # the last one built: a process serves one town


def library_of(town: Town) -> Library:
    """The town's entries, built anew only when they were imported anew."""
    if not _kept or _kept[0][0].version != town.version:
        _kept[:] = [(town, Library(town.knowledge, Words(town.everyday_words)))]
    return _kept[0][1]


def for_desk(text: str, *, now: datetime) -> "list[EntryFound]":
    """At most three entries, the best first; unverified ones are marked, for a person to check."""
    town = directory.town()
    found = library_of(town).find(scrub(text), today=now.date())
    return [
        {**_view(each.entry, town), "verified": each.entry.verified, "sure": each.is_sure} for each in found
    ]


def for_resident(text: str, *, now: datetime) -> "list[EntryShown]":
    """The entry to be asked about, or none. Nothing of what is asked is kept."""
    town = directory.town()
    entry = _offered(text, Where(name=""), town, now)
    return [_view(entry, town)] if entry else []


def answered(code: str, *, by: str, now: datetime) -> bool:
    """自助解答: "yes" ends without a ticket. Counted apart, never as a solved ticket. Raises NotFound."""
    entry = cited(code, directory.town(), now.date())
    if not entry.verified:
        raise NotFound("没有这条政策知识，请直接提交，工作人员会答复您", fields=["code"])
    return self_help.answered(by, code, now.date().isoformat(), now)


def note(ticket_id: str, event: Event, *, now: datetime, read: Reading | None = None) -> None:
    """What a line of history says of the knowledge. May come twice.

    A report was received: whoever asked the same and said yes within the week was not answered. It was answered by hand,
    and no entry would have: that question waits for a keeper, until its ticket turns confidential.
    """
    town = directory.town()
    if not town.knowledge:
        return
    try:
        ticket = (read or tickets.get)(ticket_id)
    except NotFound:  # its case was removed meanwhile
        return
    if ticket.confidential and event.kind is not EventKind.RECEIVED:
        drafts.remove(draft_id(scrub(ticket.text)))
    elif event.kind is EventKind.ANSWERED:
        _note_missing(ticket, event, town, now)
    elif event.kind is EventKind.RECEIVED and ticket.reporter_id is not None:
        entry = _offered(ticket.text, ticket.where, town, now)
        if entry is not None:
            self_help.take_back(ticket.reporter_id, entry.code, now)


def _note_missing(ticket: Ticket, event: Event, town: Town, now: datetime) -> None:
    found = library_of(town).find(ticket.text, today=now.date())
    if is_missing(ticket, event, found, listening.read(ticket.text, ticket.where, town)):
        asked = unanswered(
            scrub(ticket.text), found, station=ticket.station_id, by=event.by, town=town, now=now
        )
        drafts.add(asked, of=ticket.id)


def _offered(text: str, where: Where, town: Town, now: datetime) -> KnowledgeEntry | None:
    found = library_of(town).find(scrub(text), today=now.date(), only_verified=True)
    if not found or not found[0].is_sure:
        return None
    return offered(found, listening.read(text, where, town))


def _view(entry: KnowledgeEntry, town: Town) -> "EntryShown":
    unit = town.find_unit(entry.owner)
    return {
        "code": entry.code,
        "version": entry.version,
        "title": entry.title,
        "answer": entry.answer,
        "steps": entry.steps,
        "source_title": entry.source_title,
        "source_url": entry.source_url,
        "source_date": entry.source_date.isoformat() if entry.source_date else None,
        "valid_until": entry.valid_until.isoformat() if entry.valid_until else None,
        "owner": unit.name if unit else entry.owner,
        "phone": entry.phone,
    }
