"""回传: what the town did with a partner's order goes back to it, in order per order, until it is acknowledged."""

import logging
from collections.abc import Iterable
from datetime import datetime
from functools import partial

from chalicelib.actions.tickets.joining import standing
from chalicelib.domain.errors import Invalid
from chalicelib.domain.identity.traces import Look
from chalicelib.domain.partners import exchanges as rules
from chalicelib.domain.partners.exchanges import Exchange, State, retry_in
from chalicelib.domain.tables import writing
from chalicelib.domain.tickets.ticket import ExternalId, Ticket
from chalicelib.domain.town.partner import Partner
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.domain.views import access
from chalicelib.gateways import partners as gateway
from chalicelib.store.identity import audit
from chalicelib.store.partners import exchanges, partners
from chalicelib.store.tickets import lists, tickets
from chalicelib.store.tickets.stream import Line
from chalicelib.store.tickets.tickets import Reading
from chalicelib.store.town import directory

_log = logging.getLogger(__name__)
MOST_PAGES = 10  # read for one page of a list


def note(line: Line, *, read: Reading | None = None) -> int:
    """What a line of history owes the partners of its ticket, written once however often it comes. Answers how many."""
    ticket = (read or tickets.get)(line.ticket_id)
    written = 0
    for one in ticket.external_ids:
        partner = partners.find(one.partner)
        if partner is None or not _is_ours(ticket, _home_of(one, partner)):
            continue
        exchange = rules.owed(line.event, line.key, ticket, one, partner, directory.town())
        written += exchange is not None and exchanges.add(exchange)
    return written


def _home_of(one: ExternalId, partner: Partner) -> str | None:
    """The ticket that an order became; a report upward bears our own number."""
    find = lists.find_id_by_number if partner.upward else partial(lists.find_id_by_external, one.partner)
    return find(one.number)


def _is_ours(ticket: Ticket, home: str | None) -> bool:
    """An order that came with a merged ticket is spoken of by the one that goes on, however often it was merged."""
    return home in (None, ticket.id) or standing(tickets.get(home)).id == ticket.id


def send_due(*, now: datetime) -> int:
    """Send every partner what is due. One that is down costs one try and holds up no other. Answers how many arrived."""
    return sum(_send_to(partner, now) for partner in partners.list_all() if partner.address)


def _send_to(partner: Partner, now: datetime) -> int:
    numbers = dict.fromkeys(exchange.number for exchange in exchanges.list_due(partner.name, now))
    return sum(_send_in_order(partner, number, now) for number in numbers)


def _send_in_order(partner: Partner, number: str, now: datetime) -> int:
    """From the oldest on; the first that is not acknowledged, or not due yet, ends it, and the others wait for it."""
    waiting = [e for e in exchanges.list_of_order(partner.name, number) if e.state is State.WAITING]
    arrived = 0
    for exchange in waiting:
        if exchange.retry_at is not None and exchange.retry_at > now:
            _put_off(waiting[arrived + 1 :], exchange.retry_at)
            break
        if not _sent(partner, exchange, now):
            _put_off(waiting[arrived + 1 :], now + retry_in(exchange.attempts + 1))
            break
        arrived += 1
    return arrived


def _put_off(others: Iterable[Exchange], until: datetime) -> None:
    for exchange in others:
        exchanges.put_off(exchange, until)


def _sent(partner: Partner, exchange: Exchange, now: datetime) -> bool:
    if not exchanges.claim(exchange, now + retry_in(exchange.attempts + 1)):
        return False
    try:
        gateway.tell(partner, exchange, now=now)
    except gateway.NotAcknowledged as fault:
        _log.warning("exchange %s not acknowledged", exchange.id)
        exchanges.failed(exchange, str(fault))
        return False
    exchanges.done(exchange, State.ACKNOWLEDGED, now=now)
    return True


def of_ticket(ticket_id: str, *, by: Staff) -> list[tuple[Exchange, Partner | None]]:
    """Everything exchanged about a ticket's orders, those of merged ones too, oldest first. Raises NotFound, NotYours."""
    ticket = tickets.get(ticket_id)
    access.need_desk(ticket, by, directory.town())
    found = [e for one in ticket.external_ids for e in exchanges.list_of_order(one.partner, one.number)]
    known = {one.partner: partners.find(one.partner) for one in ticket.external_ids}
    return [(e, known[e.partner]) for e in sorted(found, key=lambda e: e.name)]


def owed_to(
    partner: Partner, state: State, *, by: Staff, after: str | None = None
) -> tuple[list[Exchange], str | None]:
    """What is owed to a partner, of the tickets that this person may see."""
    found, following = exchanges.list_open(partner.name, state, after=after)
    town = directory.town()
    seen = {
        ticket.id
        for ticket in lists.get_many(list(dict.fromkeys(e.ticket_id for e in found)))
        if access.may_see(ticket, by, town)
    }
    return [exchange for exchange in found if exchange.ticket_id in seen], following


def look_after(
    partner: Partner, state: State, *, by: Staff, after: str | None = None
) -> tuple[list[Exchange], str | None]:
    """What somebody has to look after: to be entered by hand, or stuck. While a partner is down very many wait behind the
    few that are stuck: pages that show nothing are passed over, ten at a time.
    """
    shown: list[Exchange] = []
    for _ in range(MOST_PAGES):
        found, after = owed_to(partner, state, by=by, after=after)
        shown += [each for each in found if each.is_stuck or state is State.BY_HAND]
        if shown or after is None:
            break
    return shown, after


def answer_file(
    partner_name: str, *, by: Staff, as_workbook: bool = False, now: datetime
) -> tuple[bytes, list[str]]:
    """回复文件: what is to be entered at a partner without an interface, in its own columns, and which exchanges those are.

    Raises NotFound.

    CSV in its encoding; or a workbook of text cells, in which its numbers keep every digit when Excel opens them.
    Each ticket in it has a trace first.
    """
    partner, rows, after = partners.get(partner_name), [], None
    held: list[str] = []
    while True:
        found, after = owed_to(partner, State.BY_HAND, by=by, after=after)
        for ticket_id in dict.fromkeys(exchange.ticket_id for exchange in found):
            audit.looked(ticket_id, by, now, Look.EXPORTED)
        rows += [rules.row(exchange, partner) for exchange in found]
        held += [exchange.id for exchange in found]
        if after is None:
            table = [list(partner.answers), *rows]
            if as_workbook:
                return writing.xlsx_of([writing.Sheet("回复", table)]), held
            return writing.csv_of(table, partner.encoding), held


def resend(exchange_id: str, *, by: Staff, now: datetime) -> Exchange:
    """Send one again at once, with what stands before it. Raises Invalid for one that waits for nothing, NotYours."""
    exchange = _of_desk(exchange_id, by)
    if exchange.state is not State.WAITING:
        raise Invalid("这条不在等待发送，不用重发；请刷新列表", fields=["state"])
    for waiting in exchanges.list_of_order(exchange.partner, exchange.number):
        if waiting.state is State.WAITING:
            exchanges.put_off(waiting, now)
    _send_in_order(partners.get(exchange.partner), exchange.number, now)
    return exchanges.get(exchange_id)


def entered(exchange_id: str, *, by: Staff, now: datetime) -> Exchange:
    """已在对方系统录入: who and when. Raises Invalid for what came in, AlreadyDone, NotYours."""
    exchange = _of_desk(exchange_id, by)
    if exchange.state is State.RECEIVED:
        raise Invalid("这是收到的工单，没有要录入的内容", fields=["state"])
    if not exchange.is_open:
        return exchange
    exchanges.done(exchange, State.ENTERED, by=by.code, now=now)
    return exchanges.get(exchange_id)


def checked(exchange_id: str, *, by: Staff, now: datetime) -> Exchange:
    """已核对: the odd cells of an order were compared with the original; who and when. Raises Invalid for nothing to check."""
    exchange = _of_desk(exchange_id, by)
    if exchange.state is not State.RECEIVED or not exchange.detail:
        raise Invalid("这条没有要核对的内容，请刷新列表", fields=["state"])
    exchanges.checked(exchange, by=by.code, now=now)
    return exchanges.get(exchange_id)


def _of_desk(exchange_id: str, by: Staff) -> Exchange:
    exchange = exchanges.get(exchange_id)
    access.need_desk(tickets.get(exchange.ticket_id), by, directory.town())
    return exchange
