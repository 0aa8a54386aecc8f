"""The digests of lines as the streams bring them, the days' roots, and the ledger of erasures: all in the table of traces."""

from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.identity.chain import GONE, Entry, Kept, Root, digest_of
from chalicelib.domain.model import stamp
from chalicelib.ids import new_id
from chalicelib.store import documents, keys
from chalicelib.store.table import Table, put, query, query_all

Record = dict[str, Any]


def kept_of(record: Record) -> Kept:
    """What a stream's record says of a line: its digest, or that it is gone. Raises what a record that is none raises."""
    change = record["dynamodb"]
    image = change.get("NewImage") if record["eventName"] != "REMOVE" else None
    return Kept(
        subject=keys.ticket_id_of(change["Keys"]["PK"]["S"]),
        sk=change["Keys"]["SK"]["S"],
        digest=digest_of(image) if image else GONE,
        at=datetime.fromtimestamp(change["ApproximateCreationDateTime"], UTC),
        order=str(change["SequenceNumber"]),
    )


def note_root(root: Root) -> None:
    item = keys.attributes(keys.day_root(root.day)) | {"document": root.model_dump_json()}
    put(Table.TRACES, item, if_absent=True)


def find_last_root() -> Root | None:
    page = query(Table.TRACES, keys.ROOTS, newest_first=True, limit=1, consistent=True)
    return documents.read(Root, page[0]["document"]) if page else None


def enter(entry: Entry) -> None:
    """Into the ledger, before anything is erased: an erasure that dies on the way is finished, never forgotten."""
    item = keys.attributes(keys.ledger_entry(entry.at, entry.subject, new_id()))
    put(Table.TRACES, item | {"document": entry.model_dump_json()}, if_absent=True)


def list_ledger(since: datetime | None = None) -> list[Entry]:
    """Oldest first."""
    after = stamp(since) if since else ""
    return [
        documents.read(Entry, item["document"])
        for item in query_all(Table.TRACES, keys.LEDGER, consistent=True, after_sk=after)
    ]
