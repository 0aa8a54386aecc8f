"""Who was told of a measure, and which histories say that it was announced: once each, whoever comes first (rule 67)."""

from datetime import datetime

from chalicelib.domain.model import from_stamp, stamp
from chalicelib.domain.tickets.ticket import Event, Ticket
from chalicelib.domain.tickets.voices import voice_of
from chalicelib.ids import new_id
from chalicelib.store import keys
from chalicelib.store.notices.deliveries import KEPT_FOR, epoch
from chalicelib.store.table import ConditionFailed, Item, Table, get, put, put_op, transact
from chalicelib.store.tickets import members


def claim(measure_id: str, reporter_id: str, ticket_id: str, now: datetime) -> datetime | None:
    """The instant under which this person is told of a measure by this ticket; None for one whom another ticket tells.

    The same instant however often it is asked: whoever was killed before telling goes on under the same keys.
    """
    key = keys.measure_told(measure_id, voice_of(reporter_id))
    if put(Table.WORK, _marker(key, now) | {"ticket_id": ticket_id, "at": stamp(now)}, if_absent=True):
        return from_stamp(stamp(now))
    first = get(Table.WORK, *key, consistent=True)
    return from_stamp(first["at"]) if first and first["ticket_id"] == ticket_id else None


def write_line(measure_id: str, ticket: Ticket, event: Event) -> bool:
    """The measure's line in a ticket's history. False, and nothing written, when it stands there."""
    marker = put_op(Table.WORK, _marker(keys.measure_line(measure_id, ticket.id), event.at), if_absent=True)
    try:
        transact([marker, members.line_op(ticket, event, new_id())])
    except ConditionFailed:
        return False
    return True


def _marker(key: keys.Key, now: datetime) -> Item:
    """Kept as long as the message in the inbox is."""
    return keys.attributes(key) | {"expires": epoch(now + KEPT_FOR)}
