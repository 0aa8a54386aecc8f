"""The pictures in S3: `incoming/<id>` as uploaded, `photos/<id>.jpg` and `thumbs/<id>.jpg` as shown.

Browsers upload to and read from S3 directly, by addresses that are signed for one key, a size and a short time.
"""

from functools import cache
from typing import Any
from urllib.parse import urlsplit

from chalicelib.gateways.clients import client
from chalicelib.settings import settings

MOST_BYTES = 10 * 1024 * 1024
UPLOAD_WITHIN = 15 * 60  # seconds; a slow phone network
SHOW_FOR = 5 * 60  # seconds
INCOMING = "incoming/"


def upload_form(photo_id: str, content_type: str, size: int) -> dict[str, Any]:
    """Where and with which fields a browser may POST this one photo: {url, fields}. S3 answers 201.

    S3 itself refuses another key, another type, or more than `size` bytes.
    """
    fields = {"Content-Type": content_type, "success_action_status": "201"}
    conditions = [
        {"Content-Type": content_type},
        {"success_action_status": "201"},
        ["content-length-range", 1, size],
    ]
    form: dict[str, Any] = _public().generate_presigned_post(
        _bucket(), f"{INCOMING}{photo_id}", Fields=fields, Conditions=conditions, ExpiresIn=UPLOAD_WITHIN
    )
    return form


def address(photo_id: str, *, thumbnail: bool = False) -> str:
    """A link to the picture that works for five minutes."""
    key = _shown_key(photo_id, thumbnail=thumbnail)
    link = _public().generate_presigned_url(
        "get_object", Params={"Bucket": _bucket(), "Key": key}, ExpiresIn=SHOW_FOR
    )
    return str(link)


@cache
def origins() -> tuple[str, ...]:
    """Where browsers send uploads to and read pictures from, as a page's security policy names them. No request."""
    addresses = (address("x"), upload_form("x", "image/jpeg", 1)["url"])
    return tuple(sorted({f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, addresses)}))


def put_incoming(photo_id: str, content_type: str, data: bytes) -> None:
    """An upload that came through the API itself (Open311), put where a browser would have put it."""
    client("s3").put_object(
        Bucket=_bucket(), Key=f"{INCOMING}{photo_id}", Body=data, ContentType=content_type
    )


def incoming(photo_id: str) -> bytes | None:
    """The upload as it arrived; None when it is not there (any more). At most one byte over the limit is read."""
    s3 = client("s3")
    try:
        body = s3.get_object(Bucket=_bucket(), Key=f"{INCOMING}{photo_id}")["Body"]
    except s3.exceptions.NoSuchKey:
        return None
    return bytes(body.read(MOST_BYTES + 1))


def publish(photo_id: str, photo: bytes, thumbnail: bytes) -> None:
    """Store what may be shown. Writing the same again changes nothing."""
    for data, is_thumbnail in ((photo, False), (thumbnail, True)):
        client("s3").put_object(
            Bucket=_bucket(),
            Key=_shown_key(photo_id, thumbnail=is_thumbnail),
            Body=data,
            ContentType="image/jpeg",
            CacheControl="private, max-age=300",
        )


def published(photo_id: str) -> bytes | None:
    """The picture as it is shown; None where it is gone."""
    s3 = client("s3")
    try:
        body = s3.get_object(Bucket=_bucket(), Key=_shown_key(photo_id, thumbnail=False))["Body"]
    except s3.exceptions.NoSuchKey:
        return None
    return bytes(body.read())


def discard_incoming(photo_id: str) -> None:
    """Delete the upload with its metadata. Nothing there is fine."""
    client("s3").delete_object(Bucket=_bucket(), Key=f"{INCOMING}{photo_id}")


def discard(photo_id: str) -> None:
    """Delete a picture with all that was made of it. Nothing there is fine."""
    for key in (f"{INCOMING}{photo_id}", *(_shown_key(photo_id, thumbnail=small) for small in (False, True))):
        client("s3").delete_object(Bucket=_bucket(), Key=key)


def _shown_key(photo_id: str, *, thumbnail: bool) -> str:
    return f"thumbs/{photo_id}.jpg" if thumbnail else f"photos/{photo_id}.jpg"


def _public() -> Any:
    """The client that signs what browsers use; locally S3 is reached under another name than from a Lambda."""
    return client("s3", settings().s3_public_endpoint)


def _bucket() -> str:
    return settings().photos_bucket
