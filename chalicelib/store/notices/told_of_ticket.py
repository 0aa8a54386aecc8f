"""Who was told of a ticket by which way, and with what success: for the desk."""

from collections.abc import Iterator

from chalicelib.domain.notices.deliveries import Delivery
from chalicelib.domain.tickets.actors import Addressee
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event
from chalicelib.store import keys
from chalicelib.store.notices import deliveries
from chalicelib.store.table import Key, Table, query_all
from chalicelib.store.tickets import members, tickets


def list_told(ticket_id: str) -> list[Delivery]:
    """The outward deliveries of every line of the history, oldest first; what went within a digest or storm is not here.

    The keys follow from the history, so nothing is written for this list: one query each for the lines and the
    members, and one batch read for every hundred of (line, recipient).
    """
    lines = query_all(Table.TICKETS, keys.ticket_pk(ticket_id), begins=keys.EVENTS)
    named = [(f"{ticket_id}-{keys.event_name(item['SK'])}", tickets.load_event(item)) for item in lines]
    residents = [f"reporter:{member.reporter_id}" for member in members.list_members(ticket_id)]
    return deliveries.list_outward(key for name, event in named for key in _keys(name, event, residents))


def _keys(name: str, event: Event, residents: list[str]) -> Iterator[Key]:
    if event.kind is EventKind.RECEIVED:  # what WeChat's content check said stands there too
        yield keys.delivery(f"check:{name.partition('-')[0]}", event.at, name)
    for notice in event.notices:
        for recipient in residents if notice.to == Addressee.REPORTER else [notice.to]:
            yield keys.delivery(recipient, event.at, name)
