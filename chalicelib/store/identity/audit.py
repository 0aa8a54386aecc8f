"""Every reading leaves a trace (rule 8), in a table to which lines are only ever added: no role may change or delete one.

Words lie in the vault, written before their trace, and read again beside it.
"""

import secrets
from datetime import date, datetime, timedelta

from chalicelib.domain.identity.traces import Look, Trace, Words, parted, trace_of, with_words
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.ids import new_id
from chalicelib.store import documents, keys
from chalicelib.store.table import Item, Table, put, query, query_all

WINDOW = timedelta(minutes=10)  # opening again within it is the same look


def opened(ticket_id: str, by: Staff, now: datetime) -> None:
    """A member of staff opened the ticket: once per viewer and ten minutes, without reading first."""
    looked(ticket_id, by, now, Look.OPENED)


def looked(ticket_id: str, by: Staff, now: datetime, what: Look, at: str = "") -> None:
    """A look of one kind at a ticket: once per viewer and ten minutes, without reading first.

    `at`: the part of the ticket, where each leaves a trace of its own: a photo.
    """
    bucket = datetime.fromtimestamp(
        now.timestamp() // WINDOW.total_seconds() * WINDOW.total_seconds(), now.tzinfo
    )
    parts = filter(None, (what, at, by.signed_in_by))  # two people may be the same viewer
    key = keys.looked(ticket_id, bucket, by.code, "~".join(parts))
    put(Table.TRACES, _item(ticket_id, key, trace_of(by, what, now)), if_absent=True)


def write(subject: str, trace: Trace) -> None:
    """A reveal or a search by identity; written before it is answered. `subject`: a ticket's id, "search", or "sign-in"."""
    key = keys.trace(subject, trace.at, trace.viewer, new_id())
    kept, said = parted(trace, secrets.token_hex(16))
    if said is not None:
        put(Table.IDENTITIES, keys.attributes(keys.words_of_trace(subject, key.sk)) | said.model_dump())
    put(Table.TRACES, _item(subject, key, kept), if_absent=True)


def list_looks(
    unit: str, day: date, *, after: str | None = None, limit: int = 100
) -> tuple[list[tuple[str, Trace]], str | None]:
    """What the people of a unit looked at on a day, with its subject, oldest first; opening a ticket alone is not among it."""
    page = query(Table.TRACES, keys.looks_pk(unit, day), index="GSI1", after=after, limit=limit)
    subjects = [keys.traced_subject_of(item["PK"]) for item in page]
    return list(zip(subjects, _read(page), strict=True)), page.next


def list_looks_without_words(unit: str, day: date) -> list[tuple[str, Trace]]:
    """The same of the whole day, for counting: what was said stays in the vault."""
    items = list(query_all(Table.TRACES, keys.looks_pk(unit, day), index="GSI1"))
    return [(keys.traced_subject_of(item["PK"]), documents.read(Trace, item["document"])) for item in items]


def removed(ticket_id: str, now: datetime) -> None:
    """The case was removed after its term 到期销毁; the one line that is left to say that it existed. Once."""
    trace = Trace(at=now, viewer=Actor.MACHINE, role="", unit="", what=Look.REMOVED)
    put(Table.TRACES, _item(ticket_id, keys.case_removed(ticket_id), trace), if_absent=True)


def list_traces(ticket_id: str) -> list[Trace]:
    """Who has looked at a ticket, oldest first."""
    return _read(list(query_all(Table.TRACES, keys.traces_pk(ticket_id))))


def _read(items: list[Item]) -> list[Trace]:
    """The vault is asked for the subjects alone of which something was said."""
    found = [documents.read(Trace, item["document"]) for item in items]
    subjects = {
        keys.traced_subject_of(item["PK"]) for item, trace in zip(items, found, strict=True) if trace.said
    }
    said = {
        (subject, item["SK"]): Words(salt=item["salt"], words=item["words"])
        for subject in sorted(subjects)
        for item in query_all(Table.IDENTITIES, keys.words_pk(subject))
    }
    return [
        with_words(trace, said.get((keys.traced_subject_of(item["PK"]), item["SK"])))
        for item, trace in zip(items, found, strict=True)
    ]


def _item(subject: str, key: keys.Key, trace: Trace) -> Item:
    listed = None
    if trace.what not in {Look.OPENED, Look.KEPT, Look.REMOVED}:
        day = trace.at.astimezone(SHANGHAI).date()
        listed = keys.look(trace.unit, day, trace.at, subject, key.sk)
    return keys.attributes(key, listed) | {"document": trace.model_dump_json(exclude_defaults=True)}
