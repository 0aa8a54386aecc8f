"""上报: from what a resident or a member of staff sends to a ticket, in one transaction."""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from random import SystemRandom
from typing import NamedTuple

from chalicelib.actions.tickets import listening
from chalicelib.domain.acts.moves import Changed
from chalicelib.domain.acts.receiving import Report, receive
from chalicelib.domain.counter import proxies
from chalicelib.domain.errors import AlreadyDone, Invalid, NotFound, Refusal, TooMany, TryAgain
from chalicelib.domain.identity.asked import Asked
from chalicelib.domain.identity.scrub import named_room, normal_phone, scrub
from chalicelib.domain.model import Frozen, stamp
from chalicelib.domain.notices.deliveries import resident_channel_in
from chalicelib.domain.notices.rings import ONE_RING
from chalicelib.domain.tables.phones import is_callable
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.readings import Reading
from chalicelib.domain.tickets.recording import Recording
from chalicelib.domain.tickets.ticket import ENDED, Event, ExternalId, Proxy, Ticket, Where
from chalicelib.domain.tickets.where import at_place, typed
from chalicelib.domain.town import codes
from chalicelib.domain.town.danger_signs import DangerKind
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.point import Point, PointState
from chalicelib.domain.town.vocabulary import FOUND, ResidentChannel, Source, Staff
from chalicelib.gateways import deployment, reveal, secrets
from chalicelib.ids import new_id
from chalicelib.store import photos, recordings
from chalicelib.store.counter import slips
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

_log = logging.getLogger(__name__)
_RANDOM = SystemRandom()
_TRIES = 5  # six random characters a day: a collision is rare, five in a row are a fault


class Sent(Frozen):
    """A report as it was sent. One of `point` (a printed code), `place` (a place's code) and `place_text` says where."""

    point: str = ""
    place: str = ""
    place_text: str = ""
    text: str
    recording: str = ""  # 说: the id of what was spoken
    room: str = ""  # 几室; a room in the text fills it too
    may_enter: bool = False
    category: str | None = None
    photos: tuple[str, ...] = ()
    contact: Contact | None = None
    on_behalf: Contact | None = None  # 代反映: whose matter it is; `contact` is then whoever speaks
    confidential: bool = False
    avoid: tuple[str, ...] = ()  # 避开某方: whom it must not reach
    external: ExternalId | None = None
    answered_at_entry: bool = False  # 当场答复 follows at once
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
            line = Event(kind=EventKind.JOINED, at=now, by=Actor.REPORTER)
            with suppress(AlreadyDone):  # it is this very person's
                members.join(
                    ringing, Member(reporter_id=by.subject, reachable=resident_channel_in(by.channel)), line
                )
            return ringing
    source = Source.QR if where.point_code else Source(by.channel)
    taken = photos.check(sent.photos, known.photos, by.subject)
    return make_ticket(
        sent,
        Came(
            where=where,
            source=source,
            reporter_id=by.subject,
            reachable=resident_channel_in(by.channel),
            spoken=recordings.check(sent.recording, by.subject),
        ),
        taken,
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


def enter(sent: Sent, *, source: Source, by: Staff, token: str, replay: Replay, now: datetime) -> Ticket:
    """What staff enter: a walk-in or a call with its reporter, or what they found themselves (主动发现).

    `token`: of their session, by which `reveal` answers whose the phones are.
    """
    known = _known(sent, replay)
    if known.done is not None:
        return tickets.get(known.done)
    where = _where(sent, known, directory.town())
    reporter_id, other_id = _people_at_the_desk(sent, token) if source not in FOUND else (None, "")
    taken = photos.check(sent.photos, known.photos, by.code)
    return make_ticket(
        sent,
        Came(
            where=where,
            source=source,
            reporter_id=reporter_id,
            other_id=other_id,
            entered_by=by.code,
            reachable=ResidentChannel.CALL
            if reporter_id and sent.contact and is_callable(sent.contact.phone)
            else ResidentChannel.NONE,
        ),
        taken,
        replay=replay,
        now=now,
    )


class Came(NamedTuple):
    """Of which place a report is, how it came, whose it is, who wrote it in, by what whoever reported it is told, and what was
    spoken. `other_id`: whose matter it is, where that is somebody else who is known; "" for somebody new.
    """

    where: Where
    source: Source
    reporter_id: str | None = None
    other_id: str = ""
    entered_by: str | None = None
    reachable: ResidentChannel = ResidentChannel.NONE
    spoken: Recording | None = None


def make_ticket(
    sent: Sent,
    came: Came,
    taken: tuple[str, ...],
    *,
    replay: Replay,
    now: datetime,
    decide: Callable[..., Changed] = receive,
    beside: Callable[[Ticket], list[Operation]] = lambda _: [],
) -> Ticket:
    """The ticket of a report, with its people, in one transaction. Raises Invalid for a partner's number that is taken.

    `decide` makes it of the report; `beside` answers what else the transaction writes.
    """
    town = directory.town()
    is_measured = came.source is Source.SENSOR
    text = _scrubbed(sent)
    reading = listening.read(sent.text, came.where, town, is_measured=is_measured)
    people = _people(sent, came, reading, town)
    station = town.station_for(came.where.path).code
    desk_hears = listening.desk_hears(reading, station, now, is_spoken=came.spoken is not None)
    for _ in range(_TRIES):
        new = Report(
            id=new_id(),
            number=codes.new_ticket_number(now.date(), _RANDOM),
            source=came.source,
            reporter_id=people[0].member.reporter_id if people else None,
            proxy=Proxy(person=people[1].member.reporter_id) if len(people) > 1 else None,
            entered_by=came.entered_by,
            reachable=_reachable(people),
            phone_left=any(is_callable(each.contact.phone) for each in people),
            where=came.where,
            text=text,
            room=named_room(sent.room, sent.text, sent.place_text),
            may_enter=sent.may_enter,
            photos=taken,
            recording=came.spoken,
            category=sent.category,
            confidential=sent.confidential,
            avoid=sent.avoid,
            external_ids=(sent.external,) if sent.external else (),
            practice=deployment.is_practice(),
            urgent=sent.urgent,
            danger=sent.danger,
            reading=reading,
            answered_at_entry=sent.answered_at_entry,
            desk_hears=desk_hears,
        )
        ticket, event = decide(new, town=town, now=now)
        extra = (*_beside(ticket, people, now), *beside(ticket))
        try:
            return tickets.save(ticket, event, before=None, replay=replay, extra=extra)
        except ConditionFailed:
            if (done := find_done(replay)) is not None:
                return tickets.get(done)
            _refuse_known_external(sent.external)
    raise TryAgain("系统繁忙，请再提交一次")


class _Person(NamedTuple):
    """Somebody of a report, with what was said of them."""

    member: Member
    contact: Contact


def _people(sent: Sent, came: Came, reading: Reading, town: Town) -> list[_Person]:
    """Whose report it is, and after them who reported it for them; nobody where staff found it.

    Only one of two is called. Raises Invalid where nobody may speak for another.
    """
    reporter_id, reachable = came.reporter_id, came.reachable
    if reporter_id is None:
        return []
    said = (sent.contact or Contact()).model_copy(update={"text": sent.text})
    speaker = Member(reporter_id=reporter_id, reachable=reachable, is_reporter=True)
    other = sent.on_behalf
    if other is None or not proxies.speaks_for(sent.text, reading, town):
        return [_Person(speaker, said)]
    own = Member(
        reporter_id=came.other_id or identities.new_person(),
        reachable=ResidentChannel.CALL if is_callable(other.phone) else ResidentChannel.NONE,
        is_reporter=True,
    )
    if own.reporter_id == reporter_id:
        raise Invalid("代办人和本人的电话不能是同一个，请填本人的电话，没有就不填", fields=["on_behalf"])
    called = ResidentChannel.NONE if own.reachable == reachable is ResidentChannel.CALL else reachable
    proxy = speaker.model_copy(update={"is_reporter": False, "proxy": True, "reachable": called})
    return [_Person(own, other.model_copy(update={"text": sent.text})), _Person(proxy, said)]


def _reachable(people: list[_Person]) -> ResidentChannel:
    """How the report's people can be told: as whose it is, else as who reported it."""
    return next(
        (each.member.reachable for each in people if each.member.reachable is not ResidentChannel.NONE),
        ResidentChannel.NONE,
    )


def _people_at_the_desk(sent: Sent, token: str) -> tuple[str, str]:
    """Whoever speaks, and for whom: by the phones that were left. A report waits for nobody: unknown where `reveal` is silent."""
    phones = [each.phone if each else "" for each in (sent.contact, sent.on_behalf)]
    if any(map(normal_phone, phones)):
        try:
            speaker, other = reveal.ask(Asked.PEOPLE_BY_PHONE, token, phones=phones)
        except Refusal:
            _log.warning("whose a phone is was not answered: the report is of somebody new")
        else:
            return speaker, other
    return identities.new_person(), identities.new_person()


def _scrubbed(sent: Sent) -> str:
    text = sent.text
    for contact in (sent.contact or Contact(), *([sent.on_behalf] if sent.on_behalf else [])):
        text = scrub(text, name=contact.name, phone=contact.phone)
    return text


def _beside(ticket: Ticket, people: list[_Person], now: datetime) -> list[Operation]:
    """What belongs to the report's transaction beside the ticket: its number, its people, who they are."""
    operations = [by_day.number_op(ticket), *lists.external_ops(ticket)]
    operations += [members.member_op(ticket.id, each.member, now) for each in people]
    said = [(each.member.reporter_id, each.contact) for each in people]
    operations += identities.contact_ops(ticket.id, said, now) if said else []
    if ticket.first_contact_id and people:  # entered at the counter
        phones = [each.contact.phone for each in people]
        operations += slips.slip_ops(ticket, phones, secrets.slip_key(), now)
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
        position=point.position,
    )
