"""The sound of what residents spoke, in a bucket of its own: the API may only sign uploads, `reveal` alone may play it.

As it was sent, byte for byte: nothing of ours opens it, and a browser plays it as sound or not at all.
"""

from functools import cache
from typing import Any
from urllib.parse import urlsplit

from chalicelib.domain.tickets.recording import MOST_BYTES
from chalicelib.gateways.clients import client
from chalicelib.settings import settings

UPLOAD_WITHIN = 15 * 60  # seconds; a slow phone network
PLAY_FOR = 5 * 60  # seconds
FOLDER = "recordings/"


def upload_form(recording_id: str, content_type: str, size: int = MOST_BYTES) -> dict[str, Any]:
    """Where and with which fields a phone may POST this one recording: {url, fields}. S3 answers 201.

    S3 itself refuses another key, another type, or more than `size` bytes.
    """
    fields = {"Content-Type": content_type, "success_action_status": "201"}
    conditions = [*({name: value} for name, value in fields.items()), ["content-length-range", 1, size]]
    form: dict[str, Any] = _public().generate_presigned_post(
        _bucket(), _key(recording_id), Fields=fields, Conditions=conditions, ExpiresIn=UPLOAD_WITHIN
    )
    return form


def address(recording_id: str) -> str | None:
    """A link by which it is played, for five minutes; None where nothing arrived, or it is gone."""
    from botocore.exceptions import ClientError

    s3 = client("s3")
    try:
        s3.head_object(Bucket=_bucket(), Key=_key(recording_id))
    except ClientError as error:
        # Without leave to list a bucket S3 says 403 of what is not there.
        if error.response["ResponseMetadata"]["HTTPStatusCode"] in (403, 404):
            return None
        raise
    asked = {"Bucket": _bucket(), "Key": _key(recording_id), "ResponseCacheControl": "no-store"}
    return str(_public().generate_presigned_url("get_object", Params=asked, ExpiresIn=PLAY_FOR))


@cache
def origins() -> tuple[str, ...]:
    """Where phones send it and the desk plays it from, as a page's security policy names it. No request."""
    parts = urlsplit(upload_form("x", "audio/webm")["url"])
    return (f"{parts.scheme}://{parts.netloc}",)


def discard(recording_id: str) -> None:
    """Delete the sound; the bucket keeps no versions. Nothing there is fine."""
    client("s3").delete_object(Bucket=_bucket(), Key=_key(recording_id))


def _key(recording_id: str) -> str:
    return f"{FOLDER}{recording_id}"


def _public() -> Any:
    """The client that signs what browsers use; locally S3 is reached under another name than from a Lambda."""
    return client("s3", settings().s3_public_endpoint)


def _bucket() -> str:
    return settings().recordings_bucket
