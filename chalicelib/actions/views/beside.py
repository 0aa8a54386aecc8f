"""What stands beside a ticket on a staff screen: what may be the same matter, its class, and who else reported its danger.

It is asked for by itself, once a ticket and not whenever the ticket is read again (docs/decisions/0152).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.actions.tickets.lines import short_view
from chalicelib.actions.views import class_of_ticket, repeats
from chalicelib.actions.views.repeats import Candidate
from chalicelib.domain.classes.issue_class import IssueClass
from chalicelib.domain.model import stamp
from chalicelib.domain.notices import rings
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.queues import Queue
from chalicelib.domain.tickets.ticket import ENDED, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.domain.views import access, danger
from chalicelib.store.classes import beside as store
from chalicelib.store.classes.similar import Judged
from chalicelib.store.tickets import lists, tickets
from chalicelib.store.town import directory

if TYPE_CHECKING:
    from chalicelib.actions.views.schemas import Alike, BesideTicket

MOST_SIMILAR = 10


def beside(ticket_id: str, *, by: Staff, now: datetime) -> "BesideTicket":
    """What the caller may see of it. Raises NotFound."""
    town, ticket = directory.town(), tickets.get(ticket_id)
    access.need_sight(ticket, by, town)
    read = _read(ticket, by, town, now)
    return {
        "similar": _similar(ticket, read, by, town),
        "issue_class": class_of_ticket.shown(read.cls, by=by),
        "rung": danger.of_the_same_ring(_rung_with(ticket, by, town)),
    }


class _Read(NamedTuple):
    """All of it, read before anything is shown. `here`: ids at its place."""

    tickets: Mapping[str, Ticket]
    found: list[Candidate]
    here: list[str]
    judged: Mapping[str, Judged]
    cls: IssueClass | None


def _read(ticket: Ticket, by: Staff, town: Town, now: datetime) -> _Read:
    """Its like and its class, and what is at its place: one request for each, and one for all of their tickets."""
    asked, here = repeats.asked_of(ticket, town), _ids_at_place(ticket)
    likes = store.find(ticket.id, asked.shelves, now) if asked else store.Likes([], "")
    found = repeats.ranked(asked.look, likes.looks, town) if asked else []
    part = likes.part if class_of_ticket.is_shown(ticket, by) else ""
    read = store.read(ticket.id, [*(each.look.ticket_id for each in found), *here], part)
    return _Read(read.tickets, repeats.not_unlike(found, read.judged), here, read.judged, read.cls)


def _similar(ticket: Ticket, read: _Read, by: Staff, town: Town) -> "list[Alike]":
    """Others that this person may see and that may be the same matter (rule 66), then those at the same place; each with why."""
    said, here = read.judged, read.here
    asked = dict.fromkeys([*(each.look.ticket_id for each in read.found), *here])
    known = [read.tickets[id_] for id_ in asked if id_ in read.tickets]
    seen = [other for other in known if access.may_see(other, by, town)]
    alike = repeats.besides(read.found, seen)
    shown = {ticket.id, *(each.ticket.id for each in alike)} | {id_ for id_ in said if not said[id_].same}
    at_place = [other for other in seen if other.id in here and other.id not in shown]
    at_place.sort(
        key=lambda other: (other.stage in ENDED, -other.received_at.timestamp())
    )  # open ones, the newest first
    views: list[Alike] = [{**short_view(each.ticket, town), "reason": each.likeness.reason} for each in alike]
    views += [{**short_view(other, town), "reason": "同一地点"} for other in at_place]
    return views[:MOST_SIMILAR]


def _ids_at_place(ticket: Ticket) -> list[str]:
    if ticket.where.place is None:
        return []
    return lists.list_ids_at(ticket.where.place, "", "9", limit=2 * MOST_SIMILAR)


def _rung_with(ticket: Ticket, by: Staff, town: Town) -> int:
    """How many other reports that the viewer may see are of the same place and kind within ten minutes of an open danger.

    Of those that stand on the same desk's list beside it, and of those of the same code.
    """
    what = rings.place_and_kind(ticket, town)
    if not what or ticket.danger is None or not ticket.danger.is_open:
        return 0
    since, until = ticket.received_at - rings.ONE_RING, ticket.received_at + rings.ONE_RING
    waiting = lists.list_queue(Queue.DESK.of(ticket.station_id))
    ids = {str(item["ticket_id"]) for item in waiting if item["clock"] == ClockKind.DANGER}
    if ticket.where.place:
        ids |= set(lists.list_ids_at(ticket.where.place, stamp(since), stamp(until)))
    others = lists.get_many(sorted(ids - {ticket.id}))
    return sum(
        since <= each.received_at <= until
        and rings.place_and_kind(each, town) == what
        and access.may_see(each, by, town)
        for each in others
    )
