"""Photos: a place to upload to, what becomes of an upload, and a link for who may see it."""

import logging
import re
from datetime import datetime
from typing import Any

from chalicelib.actions.views import ticket_pages
from chalicelib.domain.errors import Invalid, NotFound, Refusal
from chalicelib.domain.pictures import KINDS, NoPhoto, prepare
from chalicelib.gateways import photos as pictures
from chalicelib.store import photos
from chalicelib.store.identity import audit
from chalicelib.store.identity.sessions import Kind, Session
from chalicelib.store.photos import Photo, PhotoState
from chalicelib.store.town import directory

log = logging.getLogger("mslj")
_UNNAMED = "application/octet-stream"
_PICTURE = re.compile(r"image/[a-z0-9.+-]{1,40}")
_NO_STILL = frozenset({"image/svg+xml", "image/gif"})


class NotReady(Refusal):
    """The photo is still being looked at; ask again in a few seconds."""

    code = "not_ready"


def request_upload(content_type: str, size: int, *, owner: str, now: datetime) -> dict[str, Any]:
    """{photo_id, url, fields} for one photo of this caller. Raises Invalid for what is plainly none, or outside 1 B – 10 MB.

    The type is only what S3 is told: phones misname what they take, and the bytes decide once they are there.
    """
    content_type = content_type.strip().lower() or _UNNAMED
    if content_type != _UNNAMED and (not _PICTURE.fullmatch(content_type) or content_type in _NO_STILL):
        raise Invalid(f"只能上传{KINDS}", fields=["content_type"])
    if not 1 <= size <= pictures.MOST_BYTES:
        raise Invalid("照片不能超过 10 MB，请缩小后再上传", fields=["size"])
    photo = photos.grant(owner, content_type, now)
    return {"photo_id": photo.id} | pictures.upload_form(photo.id, content_type, size)


def take_in(photo_id: str) -> None:
    """Look at an upload: publish it without metadata, or refuse it; the original is deleted either way.

    Safe to run twice and out of order: a photo changes state once, and the original goes last.
    """
    photo = photos.find(photo_id)
    data = pictures.incoming(photo_id)
    if data is None:
        return  # handled before, or an event that came late
    if photo is not None and photo.state is PhotoState.GRANTED:
        _publish_or_refuse(photo, data)
    pictures.discard_incoming(photo_id)


def link(
    photo_id: str, ticket_id: str | None, *, who: Session, now: datetime, thumbnail: bool = False
) -> dict[str, str]:
    """A short-lived link to a photo: one's own always, else one of a ticket that the caller may see.

    What staff open of a ticket leaves a trace first; a thumbnail is part of the page, whose opening left its own.

    Raises NotFound for any other, and for a refused one; NotReady while it is being looked at.
    """
    photo = photos.get(photo_id)
    if photo.owner != who.subject and (ticket_id is None or photo_id not in _shown_to(who, ticket_id)):
        raise NotFound("没有这张照片")
    if photo.state is PhotoState.GRANTED:
        raise NotReady("照片正在处理，请过几秒再看", retry_after_seconds=3)
    if photo.state is PhotoState.REFUSED:
        raise NotFound(photo.reason)
    if who.kind is Kind.STAFF and ticket_id and photo.owner != who.subject and not thumbnail:
        staff = directory.town().staff_member(who.subject)
        audit.looked(
            ticket_id, staff.model_copy(update={"signed_in_by": who.made_by}), now, "photo", photo.id
        )
    return {"url": pictures.address(photo.id, thumbnail=thumbnail)}


def _shown_to(who: Session, ticket_id: str) -> tuple[str, ...]:
    if who.kind is Kind.STAFF:
        staff = directory.town().find_staff(who.subject)
        return ticket_pages.photos_shown(ticket_id, staff=staff, resident=None) if staff else ()
    return ticket_pages.photos_shown(ticket_id, staff=None, resident=who.subject)


def _publish_or_refuse(photo: Photo, data: bytes) -> None:
    try:
        if len(data) > pictures.MOST_BYTES:
            raise NoPhoto("照片不能超过 10 MB，请缩小后再上传")
        prepared = prepare(data)
    except NoPhoto as refused:
        log.info("photo refused")
        photos.mark(photo.id, PhotoState.REFUSED, str(refused))
        return
    pictures.publish(photo.id, prepared.photo, prepared.thumbnail)
    photos.mark(photo.id, PhotoState.READY)
