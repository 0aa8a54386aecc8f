"""Photos: a place to upload to, what becomes of an upload, and a link for who may see it."""

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.actions.views import ticket_pages
from chalicelib.domain import pictures
from chalicelib.domain.acts import words
from chalicelib.domain.acts.moves import Changed
from chalicelib.domain.errors import Invalid, NotFound, Refusal, TryAgain
from chalicelib.domain.identity.traces import Look
from chalicelib.domain.notices.deliveries import Delivery
from chalicelib.domain.parties.telling import tell
from chalicelib.domain.patterns import regex
from chalicelib.domain.pictures import KINDS, Box, NoPhoto, prepare
from chalicelib.domain.tickets.actors import Addressee
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Channel, Staff
from chalicelib.domain.views import access
from chalicelib.gateways import photos as gateway
from chalicelib.ids import new_id
from chalicelib.store import photos
from chalicelib.store.identity import audit
from chalicelib.store.identity.sessions import Kind, Session
from chalicelib.store.notices import inbox
from chalicelib.store.photos import Photo, PhotoState
from chalicelib.store.tickets import members, tickets
from chalicelib.store.town import directory

if TYPE_CHECKING:
    from chalicelib.domain.schemas import CoveredPhoto, PhotoLink, UploadForm

log = logging.getLogger("mslj")
_UNNAMED = "application/octet-stream"
_PICTURE = regex(r"image/[a-z0-9.+-]{1,40}")
MOST_MISSED = 50  # told in one run of the sweep
_NO_STILL = frozenset({"image/svg+xml", "image/gif"})


class NotReady(Refusal):
    """The photo is still being looked at; ask again in a few seconds."""

    code = "not_ready"


def request_upload(content_type: str, size: int, *, owner: str, now: datetime) -> "UploadForm":
    """{photo_id, url, fields} for one photo of this caller. Raises Invalid for what is plainly none, or outside 1 B – 10 MB.

    The type is only what S3 is told: phones misname what they take, and the bytes decide once they are there.
    """
    content_type = content_type.strip().lower() or _UNNAMED
    if content_type != _UNNAMED and (not _PICTURE.fullmatch(content_type) or content_type in _NO_STILL):
        raise Invalid(f"只能上传{KINDS}", fields=["content_type"])
    if not 1 <= size <= gateway.MOST_BYTES:
        raise Invalid("照片不能超过 10 MB，请缩小后再上传", fields=["size"])
    photo = photos.grant(owner, content_type, now)
    form = gateway.upload_form(photo.id, content_type, size)
    return {"photo_id": photo.id, "url": form["url"], "fields": form["fields"]}


def take_in(photo_id: str) -> None:
    """Look at an upload: publish it without metadata, or refuse it; the original is deleted either way.

    Safe to run twice and out of order: a photo changes state once, and the original goes last.
    """
    photo = photos.find(photo_id)
    data = gateway.incoming(photo_id)
    if data is None:
        return  # handled before, or an event that came late
    if photo is not None and photo.state is PhotoState.GRANTED:
        _publish_or_refuse(photo, data)
    gateway.discard_incoming(photo_id)


def tell_missed(*, now: datetime) -> int:
    """Tickets that took photos which were refused when they came: the sender hears of it, and no list shows them.

    By the sweep, for who looks at uploads may not touch tickets. Answers how many; safe to run twice.
    """
    missed = photos.list_missed(limit=MOST_MISSED)
    for photo in missed:
        _tell_missed(photo, now)
        photos.put_right(photo.id)
    return len(missed)


def _tell_missed(photo: Photo, now: datetime) -> None:
    town = directory.town()

    def decide(ticket: Ticket) -> Changed | None:
        return words.photo_missed(
            ticket, photo=photo.id, owner=photo.owner, reason=photo.reason, town=town, now=now
        )

    try:
        ticket = tickets.change(photo.ticket_id, decide, tickets.PATIENT)
    except NotFound:  # removed meanwhile
        return
    member = members.find_member(ticket.id, photo.owner) if photo.owner else None
    if member is not None and not member.has_reported:
        inbox.write([_line(ticket, photo, town, now)])


def _line(ticket: Ticket, photo: Photo, town: Town, now: datetime) -> Delivery:
    """Whoever joined and commented with it hears of it once, in the own inbox."""
    station = town.find_unit(ticket.station_id)
    told = tell(Addressee.REPORTER, "photo_missed", ticket, town=town, note=photo.reason)
    return Delivery(
        recipient=f"reporter:{photo.owner}",
        way=Channel.INBOX,
        at=now,
        event_key=f"{ticket.id}-{photo.id}",
        ticket_id=ticket.id,
        template=told.template,
        params=told.params | {"phone": station.phone if station else ""},
        not_before=now,
    )


def cover(ticket_id: str, photo_id: str, boxes: tuple[Box, ...], *, by: Staff) -> "CoveredPhoto":
    """遮盖: these parts of a ticket's photo are painted over for everybody but its owner and the desk; no boxes: nothing is.

    The original stays. Raises NotFound for a photo or ticket that the caller does not see, NotYours for who is not its
    desk, NotReady, TryAgain where another covered it meanwhile.
    """
    town = directory.town()
    access.need_desk(tickets.get(ticket_id), by, town)
    if photo_id not in ticket_pages.photos_shown(ticket_id, staff=by, resident=None):
        raise NotFound("没有这张照片")
    photo = _ready(photos.get(photo_id))
    covered_as = _covered(photo, boxes) if boxes else ""
    if not photos.cover(photo, covered_as, by=by.code):
        raise TryAgain("刚有人遮盖过这张照片，请刷新后再看")
    if photo.covered_as:
        gateway.discard(photo.covered_as)
    log.info("photo covered", extra={"boxes": len(boxes)})
    return {"id": photo.id, "covered": bool(boxes)}


def _covered(photo: Photo, boxes: tuple[Box, ...]) -> str:
    """The id under which the covered picture now lies. It has no record of its own: it goes with its photo."""
    original = gateway.published(photo.id)
    if original is None:
        raise NotFound("这张照片已经删除")
    drawn, covered_as = pictures.cover(original, boxes), new_id()
    gateway.publish(covered_as, drawn.photo, drawn.thumbnail)
    return covered_as


def link(
    photo_id: str,
    ticket_id: str | None,
    *,
    who: Session,
    now: datetime,
    thumbnail: bool = False,
    original: bool = False,
) -> "PhotoLink":
    """A short-lived link to a photo: one's own always, else one of a ticket that the caller may see.

    Of what is covered everybody but its owner gets the covered picture, and the ticket's desk too, so that it sees what
    others see, also of a photo that it put in itself; `original`: the desk asks for what lies beneath. `may_cover` says
    whether the caller is that desk.
    What staff open of a ticket leaves a trace first; a thumbnail is part of the page, whose opening left its own.

    Raises NotFound for any other, and for a refused one; NotReady while it is being looked at.
    """
    photo = photos.find(photo_id)
    is_own = photo is not None and photo.owner == who.subject
    is_shown = is_own or (ticket_id is not None and photo_id in _shown_to(who, ticket_id))
    if (
        photo is None or not is_shown
    ):  # after the same reads: how long it takes must not tell which of the two
        raise NotFound("没有这张照片")
    _ready(photo)
    may_cover = ticket_id is not None and _is_its_desk(who, ticket_id)
    if who.kind is Kind.STAFF and ticket_id and photo.owner != who.subject and not thumbnail:
        staff = directory.town().staff_member(who.subject)
        audit.looked(
            ticket_id, staff.model_copy(update={"signed_in_by": who.made_by}), now, Look.PHOTO, photo.id
        )
    is_whole = original if may_cover else is_own
    address = gateway.address(photo.id if is_whole else photo.shown_as, thumbnail=thumbnail)
    return {"url": address, "covered": bool(photo.covered_as), "may_cover": may_cover}


def _ready(photo: Photo) -> Photo:
    """Raises NotReady while it is being looked at, NotFound for a refused one."""
    if photo.state is PhotoState.GRANTED:
        raise NotReady("照片正在处理，请过几秒再看", retry_after_seconds=3)
    if photo.state is PhotoState.REFUSED:
        raise NotFound(photo.reason)
    return photo


def _is_its_desk(who: Session, ticket_id: str) -> bool:
    staff = directory.town().find_staff(who.subject) if who.kind is Kind.STAFF else None
    if staff is None:
        return False
    try:
        access.need_desk(tickets.get(ticket_id), staff, directory.town())
    except Refusal:
        return False
    return True


def _shown_to(who: Session, ticket_id: str) -> tuple[str, ...]:
    if who.kind is Kind.STAFF:
        staff = directory.town().find_staff(who.subject)
        return ticket_pages.photos_shown(ticket_id, staff=staff, resident=None) if staff else ()
    return ticket_pages.photos_shown(ticket_id, staff=None, resident=who.subject)


def _publish_or_refuse(photo: Photo, data: bytes) -> None:
    try:
        if len(data) > gateway.MOST_BYTES:
            raise NoPhoto("照片不能超过 10 MB，请缩小后再上传")
        prepared = prepare(data)
    except NoPhoto as refused:
        log.info("photo refused")
        photos.mark(photo.id, PhotoState.REFUSED, str(refused))
        return
    gateway.publish(photo.id, prepared.photo, prepared.thumbnail)
    photos.mark(photo.id, PhotoState.READY)
