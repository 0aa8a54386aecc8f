"""A sure danger whose only help is the party that the ticket concerns: it hears place and kind, never words or reporter (rule 21).

Danger goes before secrecy: leader and desk are told of the conflict, and who stands beside them is theirs to decide.
"""

from datetime import datetime

from chalicelib.domain.identity.confidential import is_concerned
from chalicelib.domain.notices.staff_templates import DANGER_PLACE
from chalicelib.domain.parties.holding import holders, of_unit
from chalicelib.domain.tickets.dangers import name_of
from chalicelib.domain.tickets.readings import Answer, DangerCase
from chalicelib.domain.tickets.ticket import Level, Notice, Ticket
from chalicelib.domain.town.danger_signs import Danger
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Category, Staff


def called_to_help(ticket: Ticket, town: Town, now: datetime) -> tuple[Staff, ...]:
    """Who of the concerned alone can help: on duty in the unit whose matter such a danger is. Nobody where others hold it."""
    case = ticket.danger
    if case is None or case.level is not Danger.SURE or case.decided is Answer.NO or not ticket.concerns:
        return ()
    category = _urgent(ticket.category, town) or _urgent(category_of(case, town), town)
    unit = town.lead_unit(category, ticket.where.path) if category else None
    if unit is None or holders(ticket, town, now):
        return ()
    people = of_unit(unit.code, ticket, town, now)
    return people if all(is_concerned(person, ticket.concerns) for person in people) else ()


def place_and_kind(person: Staff, ticket: Ticket) -> Notice:
    """All that they hear: no number, for they may not open it, and no word of the report."""
    params = {"place": ticket.where.name, "note": name_of(ticket.danger)}
    return Notice(to=f"staff:{person.code}", template=DANGER_PLACE, params=params, level=Level.RING)


def category_of(case: DangerCase, town: Town) -> str:
    """Under which category the town files such a danger; empty where no sign says."""
    return next(
        (sign.category for kind in case.kinds for sign in town.danger if sign.kind is kind and sign.category),
        "",
    )


def _urgent(code: str | None, town: Town) -> Category | None:
    category = town.find_category(code or "")
    return category if category is not None and category.urgent else None
