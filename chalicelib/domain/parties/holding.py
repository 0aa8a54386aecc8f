"""Who holds a ticket: the person it was given to while he or she is still there, else whoever is on duty (rule 28)."""

from datetime import datetime

from chalicelib.domain.identity.confidential import is_concerned
from chalicelib.domain.tickets.ticket import ENDED, Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Role, Staff

WITH_A_UNIT = frozenset({Stage.DISPATCHED, Stage.HANDLING})


def handler_of(ticket: Ticket, town: Town, now: datetime) -> Staff | None:
    """Who has the ticket now: the person it was given to, else whoever is on duty in the lead unit.

    A name that has left the town, or works in another unit by now, holds nothing.
    """
    given = find_given(ticket, town)
    if given is not None:
        return given
    if ticket.lead_unit_id is None:
        return None
    return town.handler_for(
        ticket.lead_unit_id, town.find_category(ticket.category or ""), ticket.where.path, now
    )


def find_given(ticket: Ticket, town: Town) -> Staff | None:
    """The person it was given to, if still one of the lead unit; None also where nobody was named."""
    person = town.find_staff(ticket.handler_id or "")
    return person if person is not None and person.unit == ticket.lead_unit_id else None


def holders(ticket: Ticket, town: Town, now: datetime) -> tuple[Staff, ...]:
    """Who is to act on it for the lead unit: its handler, else its heads. Nobody once it has ended, or has no unit."""
    if ticket.lead_unit_id is None or ticket.stage in ENDED:
        return ()
    handler = handler_of(ticket, town, now)
    people = (handler,) if handler else town.unit_heads(ticket.lead_unit_id)
    return tuple(person for person in people if not is_concerned(person, ticket.concerns))


def assistants(ticket: Ticket, town: Town, now: datetime) -> tuple[Staff, ...]:
    """Who is to act for each open assisting unit: who is on duty there, else its heads. Nobody once it has ended."""
    if ticket.stage in ENDED:
        return ()
    units = (part.unit_id for part in ticket.assisting if part.is_open)
    people = (person for unit in units for person in who_helps(unit, ticket, town, now))
    return tuple(person for person in people if not is_concerned(person, ticket.concerns))


def of_unit(unit_id: str, ticket: Ticket, town: Town, now: datetime) -> tuple[Staff, ...]:
    """Who answers for a unit at this instant: who is on duty there, else its heads."""
    person = town.handler_for(unit_id, None, ticket.where.path, now)
    return (person,) if person else town.unit_heads(unit_id)


def who_helps(unit_id: str, ticket: Ticket, town: Town, now: datetime) -> tuple[Staff, ...]:
    """Who acts for a unit that is asked to help; of a confidential ticket its heads, for nobody else of it may open that."""
    heads = town.unit_heads(unit_id)
    return heads if ticket.confidential and heads else of_unit(unit_id, ticket, town, now)


def who_sits_on(ticket: Ticket, town: Town, now: datetime) -> tuple[Staff, ...]:
    """In whose hands it lies just now: whoever is to act on it for the lead unit; before that, and once it is resolved, the
    desk. Nobody once it has ended."""
    if ticket.stage in ENDED:
        return ()
    held = () if ticket.stage is Stage.RESOLVED else holders(ticket, town, now)
    return held or tuple(person for person in [desk_of(ticket, town, now)] if person)


def desk_of(ticket: Ticket, town: Town, now: datetime) -> Staff | None:
    """Whose desk it is now: the first contact on duty, else the next whom it does not concern: backup, head, 保密受理."""
    path, station = ticket.where.path, ticket.station_id
    clerk = town.on_duty(station, Role.FIRST_CONTACT, now, path)
    if clerk is None or not is_concerned(clerk, ticket.kept_from):
        return clerk
    behind = town.backup_for(clerk.code, Role.FIRST_CONTACT, now, path)
    contacts = sorted(town.confidential_contacts(path), key=lambda p: not town.is_on_duty(p.code, now))
    others = (behind, *town.station_heads(station), *contacts)
    return next((p for p in others if p and not is_concerned(p, ticket.kept_from)), None)
