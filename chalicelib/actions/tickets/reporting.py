"""上报: from what a resident or a member of staff sends to a ticket, in one transaction."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from random import SystemRandom

from ulid import ULID

from chalicelib.actions.tickets import listening
from chalicelib.domain.acts.moves import Changed
from chalicelib.domain.acts.receiving import Report, receive
from chalicelib.domain.errors import AlreadyDone, Invalid, NotFound, TooMany, TryAgain
from chalicelib.domain.identity.scrub import named_room, normal_phone, scrub
from chalicelib.domain.model import Frozen, stamp
from chalicelib.domain.notices.deliveries import reachable_in
from chalicelib.domain.tables.phones import is_callable
from chalicelib.domain.tickets.ticket import ENDED, Event, ExternalId, Ticket, Where
from chalicelib.domain.tickets.where import at_place, typed
from chalicelib.domain.town import codes
from chalicelib.domain.town.danger_signs import DangerKind
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.point import Point, PointState
from chalicelib.domain.town.vocabulary import FOUND, Source, Staff
from chalicelib.gateways import deployment, secrets
from chalicelib.store import photos
from chalicelib.store.identity import identities
from chalicelib.store.identity.identities import Contact
from chalicelib.store.identity.sessions import Session
from chalicelib.store.requests import limits
from chalicelib.store.requests.idempotency import Replay, find_done
from chalicelib.store.table import ConditionFailed, Operation
from chalicelib.store.tickets import by_day, lists, members, report_reads, tickets
from chalicelib.store.tickets.members import Member
from chalicelib.store.tickets.report_reads import Known
from chalicelib.store.town import directory

_RANDOM = SystemRandom()
ONE_RING = timedelta(minutes=10)  # what is reported of one place within it is one danger
_TRIES = 5  # six random characters a day: a collision is rare, five in a row are a fault


class Sent(Frozen):
    """A report as it was sent. One of `point` (a printed code), `place` (a place's code) and `place_text` says where."""

    point: str = ""
    place: str = ""
    place_text: str = ""
    text: str
    room: str = ""  # 几室; a room in the text fills it too
    may_enter: bool = False
    category: str | None = None
    photos: tuple[str, ...] = ()
    contact: Contact | None = None
    confidential: bool = False
    avoid: tuple[str, ...] = ()  # 避开某方: whom it must not reach
    external: ExternalId | None = None
    urgent: bool = False  # by the checklist of hazards
    danger: DangerKind | None = None  # 有人有危险: the reporter's own word


def report(sent: Sent, *, by: Session, replay: Replay, address: str, now: datetime) -> Ticket:
    """A resident's report. The same one sent again answers the ticket it has become. Raises TooMany, Invalid, NotYours."""
    known = _known(sent, replay)
    if known.done is not None:
        return tickets.get(known.done)
    town = directory.town()
    where = _where(sent, known, town)
    phone = town.station_for(where.path).phone
    try:
        limits.count_report(by.subject, address, where.point_code or "", now, phone=phone)
    except TooMany:
        if sent.danger is None:
            raise
        if (
            ringing := _ringing_at(where, now)
        ) is not None:  # 有人有危险 is never refused: it joins what rings there
            line = Event(kind="joined", at=now, by="reporter")
            with suppress(AlreadyDone):  # it is this very person's
                members.join(
                    ringing, Member(reporter_id=by.subject, reachable=reachable_in(by.channel)), line
                )
            return ringing
    source = Source.QR if where.point_code else Source(by.channel)
    taken = photos.check(sent.photos, known.photos, by.subject)
    return make_ticket(
        sent,
        where,
        source,
        taken,
        reporter_id=by.subject,
        entered_by=None,
        reachable=reachable_in(by.channel),
        replay=replay,
        now=now,
    )


def _ringing_at(where: Where, now: datetime) -> Ticket | None:
    """The open ticket of a danger at this place that began within ten minutes; never a confidential one."""
    if where.place is None:
        return None
    ids = lists.list_ids_at(where.place, stamp(now - ONE_RING), stamp(now), limit=20)
    found = (ticket for ticket in lists.get_many(ids) if ticket.danger and ticket.urgent)
    return next((t for t in found if t.stage not in ENDED and not t.confidential and not t.practice), None)


def enter(sent: Sent, *, source: Source, by: Staff, replay: Replay, now: datetime) -> Ticket:
    """What staff enter: a walk-in or a call with its reporter, or what they found themselves (主动发现)."""
    known = _known(sent, replay)
    if known.done is not None:
        return tickets.get(known.done)
    where = _where(sent, known, directory.town())
    reporter_id = None
    if source not in FOUND:
        who = normal_phone(sent.contact.phone if sent.contact else "") or str(ULID())
        reporter_id = identities.reporter_id_of(secrets.identity_key(), f"phone:{who}")
    taken = photos.check(sent.photos, known.photos, by.code)
    return make_ticket(
        sent,
        where,
        source,
        taken,
        reporter_id=reporter_id,
        entered_by=by.code,
        reachable="call" if reporter_id and sent.contact and is_callable(sent.contact.phone) else "none",
        replay=replay,
        now=now,
    )


def make_ticket(
    sent: Sent,
    where: Where,
    source: Source,
    taken: tuple[str, ...],
    *,
    reporter_id: str | None,
    entered_by: str | None,
    reachable: str,
    replay: Replay,
    now: datetime,
    decide: Callable[..., Changed] = receive,
    beside: Callable[[Ticket], list[Operation]] = lambda _: [],
) -> Ticket:
    """The ticket of a report, with its people, in one transaction. Raises Invalid for a partner's number that is taken.

    `decide` makes it of the report; `beside` answers what else the transaction writes.
    """
    contact = sent.contact or Contact()
    text = scrub(sent.text, name=contact.name, phone=contact.phone)
    reading = listening.read(sent.text, where, directory.town())
    for _ in range(_TRIES):
        new = Report(
            id=str(ULID()),
            number=codes.new_ticket_number(now.date(), _RANDOM),
            source=source,
            reporter_id=reporter_id,
            entered_by=entered_by,
            reachable=reachable,
            phone_left=is_callable(sent.contact.phone if sent.contact else ""),
            where=where,
            text=text,
            room=named_room(sent.room, sent.text, sent.place_text),
            may_enter=sent.may_enter,
            photos=taken,
            category=sent.category,
            confidential=sent.confidential,
            avoid=sent.avoid,
            external_ids=(sent.external,) if sent.external else (),
            practice=deployment.is_practice(),
            urgent=sent.urgent,
            danger=sent.danger,
            reading=reading,
        )
        ticket, event = decide(new, town=directory.town(), now=now)
        extra = (*_beside(ticket, sent, now), *beside(ticket))
        try:
            return tickets.save(ticket, event, before=None, replay=replay, extra=extra)
        except ConditionFailed:
            if (done := find_done(replay)) is not None:
                return tickets.get(done)
            _refuse_known_external(sent.external)
    raise TryAgain("系统繁忙，请再提交一次")


def _beside(ticket: Ticket, sent: Sent, now: datetime) -> list[Operation]:
    """What belongs to the report's transaction beside the ticket: its number, its people, who they are."""
    operations = [by_day.number_op(ticket), *lists.external_ops(ticket)]
    if ticket.reporter_id:
        member = Member(reporter_id=ticket.reporter_id, reachable=ticket.reachable, is_reporter=True)
        contact = (sent.contact or Contact()).model_copy(update={"text": sent.text})
        operations.append(members.member_op(ticket.id, member, now))
        operations += identities.contact_ops(
            ticket.id, ticket.reporter_id, contact, secrets.identity_key(), now
        )
    return operations


def _refuse_known_external(external: ExternalId | None) -> None:
    from chalicelib.store.tickets.lists import find_id_by_external

    if external and (known := find_id_by_external(external.partner, external.number)):
        raise Invalid("这个外部编号已经有工单了", fields=["external"], ticket_id=known)


def _known(sent: Sent, replay: Replay) -> Known:
    """Refuses a mistyped code before anything is asked."""
    code = codes.normalise(sent.point)
    if sent.point and codes.is_mistyped(code):
        raise Invalid("码的编号输错了一位，请对照码下方的编号再试", fields=["point"])
    return report_reads.look_up(replay, point=code, place=sent.place, photo_ids=sent.photos)


def _where(sent: Sent, known: Known, town: Town) -> Where:
    """The place of a report: the scanned point, a place of the tree, or what the typed words mean."""
    if sent.point:
        return at_point(known.point)
    if sent.place:
        return at_place(known.place or directory.place(sent.place))
    if not sent.place_text:
        raise Invalid("请扫码，或写明在哪里", fields=["place_text"])
    return typed(sent.place_text, town, name=scrub(sent.place_text))


def at_point(point: Point | None) -> Where:
    """Raises NotFound for a code that is unknown or retired."""
    if point is None or point.state is PointState.RETIRED:
        raise NotFound("这个码已停用，请直接写明地点", fields=["point"])
    return Where(
        place=point.place,
        path=point.path,
        name=point.full_name,
        inside_wall=point.inside_wall,
        point_code=point.code,
    )
