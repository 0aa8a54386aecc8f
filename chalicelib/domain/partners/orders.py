"""工单交办: a partner's order, what it says of the ticket it becomes, and what a later version of it changes."""

import hashlib
from datetime import datetime

from chalicelib.domain.acts.classifying import taken_from
from chalicelib.domain.acts.moves import Changed, changed
from chalicelib.domain.clocks import partner_deadlines
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event, ExternalId, Notice, Ticket, Where
from chalicelib.domain.tickets.where import at_place, typed
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.partner import Partner
from chalicelib.domain.town.vocabulary import ResidentChannel


class Order(Frozen):
    """One order as the partner sent it. `place` and `category` are its words; name, phone and text as written."""

    number: str  # unique with this partner
    text: str
    place: str = ""
    category: str = ""
    due_at: Instant | None = None  # its deadline
    sent_at: Instant | None = None  # its clock: which of two versions is newer
    name: str = ""
    phone: str = ""
    confidential: bool = False
    to_check: tuple[str, ...] = ()  # 待核: cells that were odd, and how they were read

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.model_dump_json(exclude={"sent_at", "to_check"}).encode()).hexdigest()[:16]


def external_id(order: Order, partner: Partner, now: datetime) -> ExternalId:
    """A clock of the partner that runs ahead counts as ours: what it sends once it is set right is newer."""
    sent_at = min(order.sent_at, now) if order.sent_at else None
    return ExternalId(
        partner=partner.name,
        number=order.number,
        due_at=order.due_at,
        sent_at=sent_at,
        digest=order.digest,
    )


def person_of(one: ExternalId) -> str:
    """Whoever an order without a number speaks for: of each order somebody else, the same each time. Says nothing but the order's number."""
    return hashlib.sha256(f"order:{one.partner}:{one.number}".encode()).hexdigest()[:32]


def where_of(order: Order, partner: Partner, town: Town) -> Where:
    """The place by the partner's word for it, else by what its words mean; what is not sure the desk looks at."""
    place = town.find_place(partner.places.get(order.place, order.place))
    if place is not None:
        return at_place(place, scrub(order.place))
    return typed(order.place or order.text, town, name=scrub(order.place))


def category_of(order: Order, partner: Partner, town: Town) -> str | None:
    code = partner.categories.get(order.category, "")
    return code if town.find_category(code) else None


class Spoken(Frozen):
    """For whom an order speaks, as the ticket knows people; never who it is."""

    reporter_id: str
    reachable: ResidentChannel
    phone_left: bool


def was_typed_in(ticket: Ticket, order: Order, partner: Partner) -> bool:
    """Whether the number is so far only what staff wrote on a ticket: of the order itself nothing is known yet."""
    return not _known(ticket, order, partner).digest


def is_news(ticket: Ticket, order: Order, partner: Partner, now: datetime) -> bool:
    """Not for the same one again, nor for one older than what is known: orders overtake each other on their way."""
    old, new = _known(ticket, order, partner), external_id(order, partner, now)
    return old.digest != new.digest and not (old.sent_at and new.sent_at and new.sent_at < old.sent_at)


def _known(ticket: Ticket, order: Order, partner: Partner) -> ExternalId:
    return next(one for one in ticket.external_ids if one.known_as == (partner.name, order.number))


def update(
    ticket: Ticket,
    order: Order,
    *,
    partner: Partner,
    town: Town,
    now: datetime,
    spoken: Spoken | None = None,
) -> Changed | None:
    """A later version of an order: new text, a new deadline (the rule on two deadlines). None for what is no news.

    `spoken`: whose report it is where the ticket had nobody's, only a number that staff had typed in.
    """
    if not is_news(ticket, order, partner, now):
        return None
    old, new = _known(ticket, order, partner), external_id(order, partner, now)
    if spoken is not None and ticket.reporter_id is None:
        ticket = ticket.model_copy(update=spoken.model_dump())
    known = tuple(new if one is old else one for one in ticket.external_ids)
    after = partner_deadlines.recalculate(
        ticket.model_copy(update={"external_ids": known}), town=town, now=now
    )
    details = {"partner": partner.name, "number": order.number}
    if new.due_at != old.due_at and new.due_at is not None:
        details["due_at"] = new.due_at.isoformat(timespec="seconds")
    after, recalled = _kept_secret(after, order, town=town, now=now)
    note = scrub(order.text)
    event = Event(
        kind=EventKind.ORDER_UPDATED, at=now, by=Actor.MACHINE, note=note, details=details, notices=recalled
    )
    return changed(after, event, before=ticket, town=town, say={"title": partner.title})


def _kept_secret(
    ticket: Ticket, order: Order, *, town: Town, now: datetime
) -> tuple[Ticket, tuple[Notice, ...]]:
    """保密=是 of a later version holds from then on, and is never taken back by one that does not say it (rule 21)."""
    if not order.confidential or ticket.sealed:
        return ticket, ()
    sealed = ticket.model_copy(update={"sealed": True})
    return taken_from(sealed, ticket.concerns, town=town, now=now)
