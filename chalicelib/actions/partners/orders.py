"""接收交办工单: a partner's order becomes a ticket once; a later version of it changes that ticket."""

from datetime import datetime
from typing import NamedTuple

from chalicelib.actions import jobs
from chalicelib.actions.tickets import joining, listening, reporting
from chalicelib.domain.clocks.rounds import exactly
from chalicelib.domain.errors import Invalid, Refusal
from chalicelib.domain.identity.asked import Asked
from chalicelib.domain.identity.scrub import normal_phone
from chalicelib.domain.jobs import Job, Outcome, Row, Trouble
from chalicelib.domain.partners import exchanges as records
from chalicelib.domain.partners import order_files
from chalicelib.domain.partners import orders as rules
from chalicelib.domain.partners.exchanges import MADE, SAME, UPDATED
from chalicelib.domain.partners.order_files import OrderFile
from chalicelib.domain.partners.orders import Order, Spoken
from chalicelib.domain.tables.phones import read_phones
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.ticket import ExternalId, Ticket
from chalicelib.domain.town.partner import Partner, source_of
from chalicelib.domain.town.vocabulary import ResidentChannel
from chalicelib.gateways import reveal
from chalicelib.store.identity import identities
from chalicelib.store.identity.identities import Contact
from chalicelib.store.partners import exchanges, partners
from chalicelib.store.requests.idempotency import replay
from chalicelib.store.table import Operation
from chalicelib.store.tickets import members, tickets
from chalicelib.store.tickets.lists import find_id_by_external
from chalicelib.store.tickets.members import Member
from chalicelib.store.town import directory

KIND = "orders"
REFUSED = "refused"  # beside MADE, UPDATED and SAME, what may become of a row


class Taken(NamedTuple):
    ticket: Ticket
    how: str  # MADE, UPDATED or SAME


def push(partner_name: str, values: dict[str, str], *, now: datetime) -> Taken:
    """One order over the interface. Raises NotFound, Invalid with the reason."""
    partner = _sender(partner_name)
    try:
        order = order_files.read_order(values, pushed=True)
    except ValueError as wrong:
        raise Invalid(str(wrong), fields=["order"]) from wrong
    return take_in(partner, order, now=now)


def read_file(partner_name: str, content: bytes) -> OrderFile:
    """What a file of orders holds. Raises Invalid for what is no table, with every bad row where no row of it is an order."""
    read = order_files.read_orders(content, _sender(partner_name))
    if not read.orders:
        fields = [trouble.model_dump() for trouble in read.troubles[:1000]]
        said = f"{len(read.troubles)} 行都有错" if read.troubles else "列名下面没有内容"
        raise Invalid(f"{said}，没有导入任何一行；请改好后再试", fields=fields, errors=len(read.troubles))
    return read


def import_file(
    partner_name: str, read: OrderFile, *, by: str, unit: str = "", known_as: str, now: datetime
) -> None:
    """导入: a file of orders as one job. Deadlines are running: good rows are taken in at once, and every other is told.

    The rows that no order could be read from are of the job too, which refuses them: its counts sum to the rows read.
    `known_as`: the job's id, under which it is begun once.
    """
    rows: list[Row] = [{"line": line, "order": order.model_dump(mode="json")} for line, order in read.orders]
    rows += [{"line": trouble.row, "refused": trouble.message} for trouble in read.troubles]
    rows.sort(key=lambda row: row["line"])
    about = {"partner": _sender(partner_name).name}
    jobs.start(Job(id=known_as, kind=KIND, by=by, unit=unit, at=now, about=about), rows)


def _sender(partner_name: str) -> Partner:
    """Raises Invalid for a partner that sends no orders."""
    partner = partners.get(partner_name)
    source_of(partner)
    return partner


def take_in_chunk(job: Job, rows: list[Row], now: datetime) -> Outcome:
    """A chunk of a file: an order that was taken in before is the same as the first time."""
    partner = partners.get(job.about["partner"])
    counts, troubles = {MADE: 0, UPDATED: 0, SAME: 0, REFUSED: 0}, []
    for row in rows:
        try:
            counts[_fate(partner, row, now)] += 1
        except Refusal as refusal:
            if refusal.http_status >= 500:
                raise  # a passing fault: the chunk comes again
            counts[REFUSED] += 1
            troubles.append(Trouble(row=row["line"], message=refusal.message))
    if sum(counts.values()) != len(rows):
        raise AssertionError("rows and what became of them differ")
    return Outcome(counts=counts, troubles=tuple(troubles))


def _fate(partner: Partner, row: Row, now: datetime) -> str:
    """MADE, UPDATED or SAME. Raises the refusal of a row that is taken in as nothing."""
    if "refused" in row:
        raise Invalid(row["refused"])
    return take_in(partner, Order.model_validate(row["order"]), now=now).how


def take_in(partner: Partner, order: Order, *, now: datetime) -> Taken:
    """The ticket of an order: a new one, or the one it is already. Whatever comes twice, or at once, makes one ticket."""
    known = find_id_by_external(partner.name, order.number)
    taken = _updated(known, partner, order, now) if known else _made(partner, order, now)
    one = rules.external_id(order, partner, now)
    if taken.how != SAME:
        exchanges.add(records.received(one, taken.ticket, how=taken.how, to_check=order.to_check, now=now))
    elif not any(record.began for record in exchanges.list_of_order(partner.name, order.number)):
        exchanges.add(
            records.received(one, taken.ticket, how=MADE, to_check=order.to_check, now=now)
        )  # killed before it was noted
    return taken


def _made(partner: Partner, order: Order, now: datetime) -> Taken:
    town, one = directory.town(), rules.external_id(order, partner, now)
    contact = Contact(name=order.name, phone=order.phone)
    sent = reporting.Sent(
        text=order.text,
        category=rules.category_of(order, partner, town),
        contact=contact,
        confidential=order.confidential,
        external=one,
    )
    phone = next(iter(read_phones(order.phone)), "")  # a masked or broken one reaches nobody, and is nobody
    try:
        ticket = reporting.make_ticket(
            sent,
            reporting.Came(
                where=rules.where_of(order, partner, town),
                source=source_of(partner),
                reporter_id=_reporter_id(normal_phone(phone), one),
                reachable=ResidentChannel.CALL if phone else ResidentChannel.NONE,
            ),
            (),
            replay=replay(f"partner:{partner.name}", f"{order.number}", b"", now),
            now=now,
        )
    except Invalid as taken:  # the same order was being taken in at this very moment
        if "ticket_id" not in taken.details:
            raise
        return _updated(str(taken.details["ticket_id"]), partner, order, now)
    if ticket.received_at != exactly(now):  # likewise
        return _updated(ticket.id, partner, order, now)
    return Taken(ticket, MADE)


def _updated(ticket_id: str, partner: Partner, order: Order, now: datetime) -> Taken:
    """A later version. Whom it speaks for is kept before anything is acknowledged: what dies in between comes again."""
    town, before = directory.town(), tickets.get(ticket_id)
    if not rules.is_news(before, order, partner, now):
        return Taken(before, SAME)
    listening.hear(before, order.text, by=Actor.MACHINE, town=town, now=now)
    spoken = _spoken(before, partner, order, now)
    _keep_contact(before, spoken.reporter_id, order, now)
    after = tickets.change(
        ticket_id,
        lambda ticket: rules.update(ticket, order, partner=partner, town=town, now=now, spoken=spoken),
        tickets.Attempt(patient=True, town=town),
        beside=lambda ticket: _people(ticket, spoken, now),
    )
    if after.version == before.version:
        return Taken(after, SAME)
    if after.merged_into:  # the deadline holds where the matter goes on
        tickets.change(
            joining.standing(after).id,
            lambda ticket: rules.update(ticket, order, partner=partner, town=town, now=now),
            tickets.Attempt(patient=True, town=town),
        )
    return Taken(after, UPDATED)


def _spoken(ticket: Ticket, partner: Partner, order: Order, now: datetime) -> Spoken:
    """For whom the order speaks: the ticket's reporter, unless staff had typed the number onto somebody else's ticket."""
    one = rules.external_id(order, partner, now)
    theirs = rules.person_of(one)
    is_own = ticket.reporter_id is not None and not rules.was_typed_in(ticket, order, partner)
    if is_own and members.find_member(ticket.id, theirs) is None:
        theirs = ticket.reporter_id or theirs
    is_left = bool(read_phones(order.phone))
    return Spoken(
        reporter_id=theirs,
        reachable=ResidentChannel.CALL if is_left else ResidentChannel.NONE,
        phone_left=is_left,
    )


def _keep_contact(ticket: Ticket, reporter_id: str, order: Order, now: datetime) -> None:
    if order.name or order.phone:
        contact = Contact(name=order.name, phone=order.phone, text=order.text)
        identities.replace_contact(ticket.id, reporter_id, contact, now)


def _people(ticket: Ticket, spoken: Spoken, now: datetime) -> tuple[Operation, ...]:
    """Whoever the order speaks for is in it from now on: as its reporter, or beside the one whose ticket it was."""
    if members.find_member(ticket.id, spoken.reporter_id) is not None:
        return ()
    is_reporter = ticket.reporter_id == spoken.reporter_id
    person = Member(reporter_id=spoken.reporter_id, reachable=spoken.reachable, is_reporter=is_reporter)
    return (members.member_op(ticket.id, person, now),)


def _reporter_id(phone: str, one: ExternalId) -> str:
    """One phone is one person, whichever way it came. Raises TryAgain where `reveal` does not answer."""
    if not phone:
        return rules.person_of(one)
    return str(reveal.ask(Asked.PERSON_OF_ORDER, "", partner=one.partner, phone=phone))
