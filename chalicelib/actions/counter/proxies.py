"""代反映: the one whose matter it is says whether the proxy goes on seeing it (rule 96)."""

from datetime import datetime

from chalicelib.actions.tickets import joining, own_tickets
from chalicelib.domain.counter import proxies
from chalicelib.domain.errors import NotYours
from chalicelib.domain.notices.deliveries import Delivery
from chalicelib.domain.parties.telling import tell
from chalicelib.domain.tickets.actors import Actor, Addressee
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.vocabulary import Channel, Staff
from chalicelib.domain.views import access
from chalicelib.store.notices import inbox
from chalicelib.store.table import Operation
from chalicelib.store.tickets import members, tickets
from chalicelib.store.town import directory


def asked(ticket_id: str, *, agreed: bool, by: Staff, now: datetime) -> Ticket:
    """By whoever speaks with the one it is about: the desk, or who has the ticket."""
    town = directory.town()
    return _said(ticket_id, agreed, by.code, now, lambda ticket: access.need_part(ticket, by, town))


def ended(ticket_id: str, *, by: str, now: datetime) -> Ticket:
    """By the one it is about, on the own phone. Raises NotYours for the proxy and for who joined."""
    member = own_tickets.own(ticket_id, by)
    if member.proxy or not member.owns:
        raise NotYours("只有本人可以决定代办人能不能看")
    return _said(ticket_id, False, Actor.REPORTER, now, lambda _: None)


def _said(ticket_id: str, agreed: bool, by: str, now: datetime, may: tickets.Guard) -> Ticket:
    town = directory.town()
    gone = [] if agreed else [each for each in members.list_members(ticket_id) if each.proxy]
    joint = [] if agreed else _in_what_it_went_into(ticket_id)

    def beside(saved: Ticket) -> tuple[Operation, ...]:
        own = [members.forget_op(saved.id, each.reporter_id) for each in gone]
        return (*own, *(members.forget_op(where, who) for where, who in joint))

    said = tickets.change(
        ticket_id,
        lambda ticket: proxies.ask(ticket, agreed=agreed, by=by, town=town, now=now),
        tickets.Attempt(may=may, town=town),
        beside=beside,
    )
    if gone:
        words = tell(Addressee.REPORTER, "proxy_over", said, town=town)
        inbox.write([_line(said, each.reporter_id, words.params, now) for each in gone])
    return said


def _in_what_it_went_into(ticket_id: str) -> list[tuple[str, str]]:
    """Where else the proxy of a merged ticket came along, and who it is."""
    return [
        (joint.id, each.reporter_id)
        for joint in joining.path_of(tickets.get(ticket_id))
        for each in members.list_members(joint.id)
        if each.proxy and each.report == ticket_id
    ]


def _line(ticket: Ticket, person: str, params: dict[str, str], now: datetime) -> Delivery:
    """Who is no party any more hears of it once, in the own inbox."""
    station = directory.town().find_unit(ticket.station_id)
    return Delivery(
        recipient=f"reporter:{person}",
        way=Channel.INBOX,
        at=now,
        event_key=f"{ticket.id}-proxy",
        ticket_id=ticket.id,
        template="proxy_over",
        params=params | {"phone": station.phone if station else ""},
        not_before=now,
    )
