"""小票: printed at the counter, claimed on the own phone within seven days (rule 95)."""

from base64 import b32encode
from datetime import datetime
from secrets import token_bytes
from typing import TYPE_CHECKING

from chalicelib.actions.tickets import joining
from chalicelib.domain.acts.moves import Changed
from chalicelib.domain.clocks import clocks
from chalicelib.domain.counter import proxies
from chalicelib.domain.counter.slips import (
    MOST_TRIES,
    Holder,
    Slip,
    claim,
    hashed,
    may_be_claimed,
    need_claimable,
)
from chalicelib.domain.errors import AlreadyDone, Invalid, NotFound
from chalicelib.domain.notices.deliveries import resident_channel_in
from chalicelib.domain.tickets.clock_model import CLOCK_NAMES, ClockKind
from chalicelib.domain.tickets.ticket import ENDED, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import ResidentChannel, Staff
from chalicelib.domain.views import access
from chalicelib.domain.views.ticket_view import category_name, iso
from chalicelib.gateways import public, secrets
from chalicelib.store.counter import slips
from chalicelib.store.identity.sessions import Session
from chalicelib.store.table import Operation
from chalicelib.store.tickets import members, tickets
from chalicelib.store.tickets.members import Member
from chalicelib.store.town import directory
from chalicelib.web.qr import qr_path

if TYPE_CHECKING:
    from chalicelib.actions.counter.schemas import SlipPage

_PROMISES = (ClockKind.FEEDBACK, ClockKind.RESPONSE, ClockKind.RESOLUTION)
_ULID = 26  # characters of a ticket's id, before the secret


def print_slip(ticket_id: str, *, holder: Holder | None, by: Staff, now: datetime) -> "SlipPage":
    """The slip as a page: number, promises, phone, and a code whose secret is new with every print. Raises as the desk's guard.

    Without a code where nobody reported it, the seven days are over, it was claimed, or a paper must not open it.
    """
    town, ticket = directory.town(), tickets.get(ticket_id)
    access.need_desk(ticket, by, town)
    whose = holder or (Holder.PROXY if proxies.may_see(ticket) else Holder.SELF)
    if whose is Holder.PROXY and not proxies.may_see(ticket):
        raise Invalid("这件事没有代办人，或本人已不要代办人再看；请打印给本人", fields=["holder"])
    slip = slips.find(ticket.id, whose)
    is_open = slip is not None and not slip.claimed_by and now <= slip.until and may_be_claimed(ticket)
    page = _page(ticket, town)
    return _with_code(page, slip, ticket) if slip is not None and is_open else page


def claim_slip(code: str, digits: str, *, by: Session, now: datetime) -> str:
    """认领. Answers the ticket's id. Sent again by the same phone it answers the same. Raises as `need_claimable`."""
    ticket_id, secret = code[:_ULID], code[_ULID:]
    key, town = secrets.slip_key(), directory.town()
    given = hashed(key, "secret", ticket_id, secret)
    slip = _held(ticket_id, given)
    last = hashed(key, "digits", ticket_id, digits)
    if slip is not None and slip.digits and last and not slip.claimed_by and not slips.try_once(slip):
        slip = slip.model_copy(update={"tries": MOST_TRIES})
    slip = need_claimable(slip, secret=given, digits=last, person=by.subject, now=now)
    ticket = tickets.get(ticket_id)
    is_proxy = slip.holder is Holder.PROXY
    if not may_be_claimed(ticket) or (is_proxy and not proxies.may_see(ticket)):
        raise NotFound("这张小票打不开，请到工作站或拨打小票上的电话")
    if members.find_member(ticket_id, by.subject) is not None:
        return ticket_id
    if not slips.claimed_by(slip, by.subject):
        raise AlreadyDone("这张小票已经在另一部手机上绑定过；不是您本人绑定的，请拨打小票上的电话")
    channel = resident_channel_in(by.channel)
    mine = Member(reporter_id=by.subject, reachable=channel, claimed=True, proxy=is_proxy)

    def decide(latest: Ticket) -> Changed:
        return claim(latest, channel=latest.reachable if is_proxy else channel, town=town, now=now)

    def beside(saved: Ticket) -> tuple[Operation, ...]:
        """Who has WeChat is not called as well."""
        rows = [members.member_op(saved.id, mine, now)]
        # what it was merged into, too: from there come the messages
        along = mine.model_copy(update={"report": saved.id, "came_by": saved.id})
        rows += [members.member_op(joint.id, along, now) for joint in joining.path_of(saved)]
        if channel is ResidentChannel.IN_WECHAT and saved.reporter_id and not is_proxy:
            silent = Member(reporter_id=saved.reporter_id, reachable=ResidentChannel.NONE, is_reporter=True)
            rows.append(members.member_op(saved.id, silent, saved.received_at))
        return tuple(rows)

    tickets.change(ticket_id, decide, tickets.Attempt(patient=True, town=town), beside=beside)
    return ticket_id


def _held(ticket_id: str, secret: str) -> Slip | None:
    """Of the two slips that a ticket may have, the one with this secret."""
    if len(ticket_id) != _ULID or not ticket_id.isalnum():
        return None
    found = [slips.find(ticket_id, holder) for holder in Holder]
    return next((slip for slip in found if slip and slip.secret == secret), None)


def _with_code(page: "SlipPage", slip: Slip, ticket: Ticket) -> "SlipPage":
    secret = _new_secret()
    slips.printed(slip, hashed(secrets.slip_key(), "secret", ticket.id, secret))
    url = public.slip_url(ticket.id + secret)
    path, modules = qr_path(url)
    return {
        **page,
        "url": url,
        "qr": {"path": path, "modules": modules},
        "holder": slip.holder.value,
        "until": iso(slip.until),
        "asks_digits": bool(slip.digits),
    }


def _new_secret() -> str:
    """80 bits, to be drawn in a code and typed by nobody."""
    return b32encode(token_bytes(10)).decode()


def _page(ticket: Ticket, town: Town) -> "SlipPage":
    """What is printed. No words of the report: paper lies about."""
    station = town.find_unit(ticket.station_id)
    unit = town.find_unit(ticket.lead_unit_id or "") or station
    running = [clock for kind in _PROMISES if (clock := clocks.find_open(ticket, kind))]
    return {
        "number": ticket.number,
        "received_at": iso(ticket.received_at),
        "place": ticket.where.name,
        "category_name": category_name(ticket.category, town),
        "station": {"name": station.name, "phone": station.phone} if station else None,
        "unit": unit.name if unit else "",
        "is_over": ticket.stage in ENDED,
        "promises": [{"name": CLOCK_NAMES[each.kind], "due_at": iso(each.due_at)} for each in running],
        "practice": ticket.practice,
        "url": "",
        "qr": None,
    }
