"""Who has a part in a ticket, and which 相关各方 (design §13). Whoever it concerns is never one.

The one answer for whoever tells, warns, asks or takes away: `told_table.py` says what each hears of each act.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.identity.confidential import is_concerned
from chalicelib.domain.parties.holding import assistants, holders
from chalicelib.domain.parties.recipients import people_for
from chalicelib.domain.tickets.actors import Actor, Addressee
from chalicelib.domain.tickets.clock_model import LadderRole
from chalicelib.domain.tickets.ticket import ENDED, SupervisionOrder, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Role, Staff


class Party(StrEnum):
    """In the order in which someone with several parts is told: once, in the first of them."""

    REPORTER = "reporter"  # 上报人, and everyone whose report was merged into it
    MEMBERS = "members"  # 附议居民
    NAMED = "named"  # whom the act itself names: of a rung, a successor, who asked
    HANDLER = "handler"  # 承办人, else who is on duty in the lead unit, else its heads
    LOSES = "loses"  # whoever held it before the act and does not after
    ASSISTING = "assisting"  # open assisting units
    UNIT_HEAD = "unit_head"  # the lead unit, by its heads
    DESK = "desk"  # the station's desk on duty, else the next above
    LEADERS = "leaders"  # station heads and area leaders
    ORDER_GIVER = "order_giver"  # who waits for the answer to a supervision order
    ESCALATED = "escalated"  # those it climbed to
    PARTNER = "partner"  # whose order it is


Parts = dict[Party, tuple[str, ...]]  # addresses, as `Notice.to` names them


def parties(ticket: Ticket, *, town: Town, now: datetime) -> Parts:
    """Everyone who has a part in the ticket as it stands at this instant, by which part; empty where nobody has it.

    An ended ticket has no handler and no assisting unit. NAMED and LOSES belong to an act (`losers`).
    """
    station_heads = town.station_heads(ticket.station_id)
    area = town.leader(Role.AREA_LEADER, ticket.where.path)
    people: dict[Party, tuple[Staff, ...]] = {
        Party.HANDLER: holders(ticket, town, now),
        Party.ASSISTING: assistants(ticket, town, now),
        Party.UNIT_HEAD: _heads(ticket, town),
        Party.DESK: people_for(LadderRole.DESK, ticket, town=town, now=now),
        Party.LEADERS: (*station_heads, *area),
        Party.ORDER_GIVER: order_givers(
            [order for order in ticket.supervision_orders if order.answered_at is None], ticket, town
        ),
        Party.ESCALATED: tuple(p for code in ticket.escalated_to if (p := town.find_staff(code))),
    }
    parts: Parts = {party: _addresses(found, ticket) for party, found in people.items()}
    parts[Party.REPORTER] = (Addressee.REPORTER,) if has_reporter(ticket) else ()
    parts[Party.MEMBERS] = (Addressee.MEMBERS,)  # as many as there are; nobody knows here
    parts[Party.PARTNER] = tuple(dict.fromkeys(f"partner:{one.partner}" for one in ticket.external_ids))
    return parts


def losers(before: Ticket, after: Ticket, *, town: Town, now: datetime) -> tuple[str, ...]:
    """Whoever was to act on it before and is not any more: also those whom it turned out to be about."""
    held = (*holders(before, town, now), *assistants(before, town, now))
    hold = {p.code for p in (*holders(after, town, now), *assistants(after, town, now))}
    return tuple(dict.fromkeys(f"staff:{p.code}" for p in held if p.code not in hold))


def answerers(code: str, town: Town) -> tuple[Staff, ...]:
    """Who answers for a unit or person that a ticket is about: the person, or the unit's heads; nobody for who has left."""
    person = town.find_staff(code)
    return (person,) if person else town.unit_heads(code)


def has_reporter(ticket: Ticket) -> bool:
    """Whether anybody of the public reported it, or a ticket that was merged into it."""
    return ticket.reporter_id is not None or bool(ticket.merged_from)


def _heads(ticket: Ticket, town: Town) -> tuple[Staff, ...]:
    return town.unit_heads(ticket.lead_unit_id) if ticket.lead_unit_id and ticket.stage not in ENDED else ()


def order_givers(orders: Iterable[SupervisionOrder], ticket: Ticket, town: Town) -> tuple[Staff, ...]:
    """Who gave these orders; for one who has left, the area's leader. The machine waits for nothing."""
    given = [town.find_staff(order.by) for order in orders if order.by != Actor.MACHINE]
    leaders = town.leader(Role.AREA_LEADER, ticket.where.path) if None in given else ()
    return (*(person for person in given if person), *leaders)


def _addresses(people: tuple[Staff, ...], ticket: Ticket) -> tuple[str, ...]:
    seen = (person.code for person in people if not is_concerned(person, ticket.kept_from))
    return tuple(f"staff:{code}" for code in dict.fromkeys(seen))
