"""Whom a rung of a ladder means: a role of clocks.csv as the people who hold it for this ticket at this instant."""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.identity.confidential import is_concerned
from chalicelib.domain.parties.holding import WITH_A_UNIT, desk_of, handler_of
from chalicelib.domain.tickets.clock_model import LadderRole
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Role, Staff

# Nobody there, or only those the ticket is about: the next in the line is told. Never nobody.
_LEADERS = (LadderRole.AREA_LEADER, LadderRole.TOWN_LEADER, LadderRole.STATION_HEAD, LadderRole.DESK)
_OF_THE_TOWN = (LadderRole.TOWN_LEADER, LadderRole.AREA_LEADER, LadderRole.STATION_HEAD, LadderRole.DESK)
_LINES = {
    LadderRole.DESK: (LadderRole.DESK, LadderRole.STATION_HEAD, *_LEADERS),
    LadderRole.SECOND_CLERK: (LadderRole.SECOND_CLERK, LadderRole.STATION_HEAD, *_LEADERS),
    LadderRole.HANDLER: (LadderRole.HANDLER, LadderRole.BACKUP, LadderRole.UNIT_HEAD, *_LEADERS),
    LadderRole.BACKUP: (LadderRole.BACKUP, LadderRole.UNIT_HEAD, *_LEADERS),
    LadderRole.APPROVER: (LadderRole.APPROVER, LadderRole.UNIT_HEAD, *_LEADERS),
    LadderRole.UNIT_HEAD: (LadderRole.UNIT_HEAD, *_LEADERS),
    LadderRole.STATION_HEAD: (LadderRole.STATION_HEAD, *_LEADERS),
    LadderRole.AREA_LEADER: _LEADERS,
    LadderRole.TOWN_LEADER: _OF_THE_TOWN,
    LadderRole.UPWARD: _OF_THE_TOWN,
}


def people_for(role: LadderRole, ticket: Ticket, *, town: Town, now: datetime) -> tuple[Staff, ...]:
    """Who is told; where nobody holds the role, the next above. Never someone a confidential ticket concerns (rule 21)."""
    for step in _LINES[role]:
        people = tuple(
            person
            for person in _holders(step, ticket, town, now)
            if not is_concerned(person, ticket.kept_from)
        )
        if people:
            return people
    return ()


def _holders(role: LadderRole, ticket: Ticket, town: Town, now: datetime) -> Iterable[Staff]:
    path = ticket.where.path
    match role:
        case LadderRole.DESK:
            return _present(desk_of(ticket, town, now))
        case LadderRole.SECOND_CLERK:
            return _second_clerk(ticket, town, now)
        case LadderRole.HANDLER:
            return _present(handler_of(ticket, town, now))
        case LadderRole.BACKUP:
            return _present(_backup(ticket, town, now))
        case LadderRole.APPROVER:
            return _present(town.find_staff(ticket.pause.approved_by) if ticket.pause else None)
        case LadderRole.UNIT_HEAD:
            return _unit_heads(ticket, town)
        case LadderRole.STATION_HEAD:
            return town.station_heads(ticket.station_id)
    return town.leader(Role(role), path)


def _second_clerk(ticket: Ticket, town: Town, now: datetime) -> tuple[Staff, ...]:
    """Whoever stands behind the clerk on duty, or the grid worker of the place: who is at work now before who sleeps."""
    path = ticket.where.path
    clerk = desk_of(ticket, town, now)
    behind = town.backup_for(clerk.code, Role.FIRST_CONTACT, now, path) if clerk else None
    outside = town.on_duty(ticket.station_id, Role.GRID_WORKER, now, path)
    others = [p for p in (behind, outside) if p and p != clerk and not is_concerned(p, ticket.kept_from)]
    return _present(min(others, key=lambda person: not town.is_on_duty(person.code, now), default=None))


def _backup(ticket: Ticket, town: Town, now: datetime) -> Staff | None:
    handler = handler_of(ticket, town, now)
    if handler is None:
        return None
    role = next((row.role for row in town.duty if row.person == handler.code), handler.roles[0])
    return town.backup_for(handler.code, role, now, ticket.where.path)


def _unit_heads(ticket: Ticket, town: Town) -> tuple[Staff, ...]:
    """The heads of whoever has the ticket: the lead unit while it is with one, else the station."""
    if ticket.lead_unit_id and (ticket.stage in WITH_A_UNIT or ticket.pause is not None):
        return town.unit_heads(ticket.lead_unit_id)
    return town.station_heads(ticket.station_id)


def _present(person: Staff | None) -> tuple[Staff, ...]:
    return (person,) if person else ()
