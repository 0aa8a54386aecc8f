"""What is known of a recording 录音: whose it is, for which ticket, and when its sound goes. The sound lies in a vault of S3.

It goes two days after it was granted unless a ticket takes it, and thirty days after its words were written down.
"""

from datetime import datetime, timedelta

from chalicelib.domain.errors import Invalid, NotYours
from chalicelib.domain.model import Frozen, Instant, stamp
from chalicelib.domain.tickets.recording import KEPT_AFTER_TEXT, Recording
from chalicelib.ids import new_id
from chalicelib.store import keys, table
from chalicelib.store.table import Table

UNUSED_FOR = timedelta(days=2)  # as an uploaded photo


class Granted(Frozen):
    """`owner` is the session's subject, who agreed that it is recorded when it was granted. `seconds` as the phone said."""

    id: str
    owner: str
    content_type: str
    seconds: int
    granted_at: Instant


def grant(owner: str, content_type: str, seconds: int, now: datetime) -> Granted:
    """A new recording that `owner` may upload."""
    made = Granted(id=new_id(), owner=owner, content_type=content_type, seconds=seconds, granted_at=now)
    at = keys.attributes(keys.recording(made.id), keys.recording_due(now + UNUSED_FOR, made.id))
    table.put(Table.WORK, at | made.model_dump(mode="json"))
    return made


def check(recording_id: str, owner: str) -> Recording | None:
    """As a ticket keeps it; None for "". Raises Invalid for one that is unknown or gone, NotYours for somebody else's."""
    if not recording_id:
        return None
    item = table.get(Table.WORK, *keys.recording(recording_id), consistent=True)
    if item is None:
        raise Invalid("录音没有传上来，请再说一遍", fields=["recording"])
    if item["owner"] != owner:
        raise NotYours("只能使用自己的录音", fields=["recording"])
    return Recording(id=recording_id, seconds=int(item["seconds"]))


def take(recording: Recording) -> None:
    """What follows from how a ticket stands: unheard it stays, heard its sound goes in thirty days. Twice is as once."""
    key = keys.recording(recording.id)
    try:
        if recording.heard_at is None:
            table.update(Table.WORK, *key, "REMOVE #GSI1PK, #GSI1SK", condition="attribute_exists(PK)")
            return
        due = keys.recording_due(recording.heard_at + KEPT_AFTER_TEXT, recording.id)
        table.update(
            Table.WORK,
            *key,
            "SET #GSI1PK = :listed, #GSI1SK = :due",
            condition="attribute_exists(PK)",
            listed=due.pk,
            due=due.sk,
        )
    except table.ConditionFailed:
        return  # gone


def list_due(until: datetime, *, limit: int) -> list[str]:
    """The recordings that are to go by this instant, the oldest first; one page."""
    page = table.query(
        Table.WORK, keys.RECORDINGS_DUE_PK, index="GSI1", until=f"{stamp(until)}~", limit=limit
    )
    return [keys.recording_id_of(item["PK"]) for item in page]


def remove(recording_id: str) -> None:
    table.batch_write(Table.WORK, deletes=[keys.recording(recording_id)])
