"""An act of somebody on a ticket, over HTTP; and what the acting people need to know of the town just now."""

from datetime import datetime
from typing import Any, NamedTuple

from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Role

Body = dict[str, Any]


class Act(NamedTuple):
    """`who`: the reporter or a staff code. `delay` in seconds at the usual pace. `photo`: take one first and send its id."""

    name: str
    who: str
    path: str
    body: Body
    delay: float = 2.0
    photo: bool = False


class Seat(NamedTuple):
    """What a plan's acts need to know of the town just now."""

    town: Town
    now: datetime
    off_duty: frozenset[str] = frozenset()
    done: frozenset[str] = frozenset()  # names of acts that are over, also refused ones
    merge_into: str | None = None  # an open ticket about the same thing

    def desk(self, ticket: Ticket) -> str:
        """A first contact of the ticket's station who did not work on it; the area leader where it is about the station."""
        if ticket.station_id in ticket.concerns:
            return self.leader(ticket)
        people = (p for p in self.town.staff if p.unit == ticket.station_id and Role.FIRST_CONTACT in p.roles)
        worked = {ticket.handler_id, *self.off_duty}
        return next(p.code for p in people if p.code not in worked)

    def handler(self, ticket: Ticket) -> str:
        """Who has it; a colleague when that person has gone off duty or nobody was named."""
        if ticket.handler_id and ticket.handler_id not in self.off_duty:
            return ticket.handler_id
        colleagues = (p.code for p in self.town.staff if p.unit == ticket.lead_unit_id)
        return next(
            code for code in colleagues if code not in {*self.off_duty, ticket.handler_id, *ticket.concerns}
        )

    def leader(self, ticket: Ticket) -> str:
        """The area's leader; the town's where the place was only typed, so that no area is known."""
        path = ticket.where.path
        return (*self.town.leader(Role.AREA_LEADER, path), *self.town.leader(Role.TOWN_LEADER, path))[0].code


def named(act: str, ticket: Ticket) -> str:
    return f"{act}-{ticket.round}-{ticket.returns}"


def api_path(ticket: Ticket, act: str) -> str:
    return f"/api/tickets/{ticket.id}/{act}"


def staff_path(ticket: Ticket, act: str) -> str:
    return f"/staff/tickets/{ticket.id}/{act}"


def desk_path(ticket: Ticket, act: str) -> str:
    return f"/desk/tickets/{ticket.id}/{act}"
