"""Tickets by the day they came in and by the day they ended: so that any day's figures can be counted from tickets alone."""

from datetime import date, datetime, time, timedelta

from chalicelib.domain.figures.facts import day_of
from chalicelib.domain.model import SHANGHAI, stamp
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.store import keys
from chalicelib.store.table import Item, Table, put_op, query_all
from chalicelib.store.tickets import alarms


def number_op(ticket: Ticket) -> Item:
    """The item by which a ticket is found by its number, and by the day it came in. For the report's transaction."""
    listed = keys.received(day_of(ticket.received_at), ticket.received_at, ticket.id)
    item = keys.attributes(keys.number(ticket.number), listed) | {"ticket_id": ticket.id}
    return put_op(Table.TICKETS, item, if_absent=True)


def list_received(day: date) -> list[str]:
    """The tickets received on a day, oldest first, as long as their cases are kept."""
    return [str(item["ticket_id"]) for item in query_all(Table.TICKETS, keys.received_pk(day), index="GSI1")]


def list_ended(day: date) -> list[str]:
    """The tickets that came to their end on a day, as long as their cases are kept.

    Found by the day on which their identities, or later their cases, are to go: as recalculated when they last
    changed, so not those of before a change of KEEP_IDENTITY_DAYS or KEEP_CASE_DAYS.
    """
    begin = datetime.combine(day, time(0), SHANGHAI)
    found: list[str] = []
    for keep in (alarms.keep_identity(), alarms.keep_case()):
        since, until = stamp(begin + keep), stamp(begin + timedelta(days=1) + keep)
        for shard in alarms.shards():
            items = query_all(Table.TICKETS, keys.keep_pk(shard), begins=until, after_sk=since, index="GSI1")
            found += [str(item["ticket_id"]) for item in items if item["at"] < until]
    return found
