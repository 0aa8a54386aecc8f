"""说: a place to send what a resident spoke to, and its way out again when its time is over."""

from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.actions.turns import Step, Steps
from chalicelib.domain.errors import Invalid
from chalicelib.domain.tickets.recording import AUDIO_TYPES, LONGEST, MOST_BYTES, Recording
from chalicelib.gateways import recordings as gateway
from chalicelib.store import recordings

if TYPE_CHECKING:
    from chalicelib.domain.schemas import RecordingForm

MOST_A_NIGHT = 2000


def request_upload(
    content_type: str, size: int, seconds: int, *, owner: str, now: datetime
) -> "RecordingForm":
    """{recording_id, url, fields} for one recording of this caller, who agreed to it. Raises Invalid for what is none."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in AUDIO_TYPES:
        raise Invalid("这台手机录的声音我们打不开，请改用写字，或打电话给工作站", fields=["content_type"])
    if not 1 <= seconds <= LONGEST:
        raise Invalid(f"一段话最多 {LONGEST} 秒，请分开说", fields=["seconds"])
    if not 1 <= size <= MOST_BYTES:
        raise Invalid("录音太大，请说短一些", fields=["size"])
    granted = recordings.grant(owner, kind, seconds, now)
    form = gateway.upload_form(granted.id, kind, size)
    return {"recording_id": granted.id, "url": form["url"], "fields": form["fields"]}


def remove(recording: Recording | None) -> None:
    """The sound goes with who spoke it."""
    if recording is not None:
        gateway.discard(recording.id)
        recordings.remove(recording.id)


def remove_due(*, now: datetime) -> Steps:
    """What no ticket took, and what was written down thirty days ago, one by one."""
    for recording_id in recordings.list_due(now, limit=MOST_A_NIGHT):
        gateway.discard(recording_id)
        recordings.remove(recording_id)
        yield Step(1)
