"""Why a ticket stands before a leader, and in whose hands it lies: the head of an escalated ticket's card."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.parties.holding import who_sits_on
from chalicelib.domain.tickets.clock_model import CLOCK_NAMES, Clock
from chalicelib.domain.tickets.ticket import Event, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.domain.views.history import history_line

if TYPE_CHECKING:
    from chalicelib.domain.views.schemas import EscalationCard


def card(ticket: Ticket, lines: list[Event], by: Staff, town: Town, now: datetime) -> "EscalationCard | None":
    """{why, who, unit_name, phone} for somebody to whom it was escalated; None for anybody else.

    `why`: by how much which clock is late, else what happened when this person was last told of it.
    """
    if by.code not in ticket.escalated_to:
        return None
    people = who_sits_on(ticket, town, now)
    unit = town.find_unit(people[0].unit if people else ticket.lead_unit_id or ticket.station_id)
    return {
        "why": _why(ticket, lines, by, town, now),
        "who": "、".join(person.name for person in people),
        "unit_name": unit.name if unit else "",
        "phone": unit.phone if unit else "",
    }


def _why(ticket: Ticket, lines: list[Event], by: Staff, town: Town, now: datetime) -> str:
    told = [line for line in lines if any(notice.to == f"staff:{by.code}" for notice in line.notices)]
    if not told:
        return ""
    rung = told[-1].details.get("clock", "")
    clock = next((clock for clock in ticket.clocks if clock.id == rung), None)
    if clock is None:
        return history_line(told[-1], town)
    return _late(clock, now)


def _late(clock: Clock, now: datetime) -> str:
    name, over = CLOCK_NAMES[clock.kind], (clock.met_at or now) - clock.due_at
    return f"{name}超时 {_length(over)}" if over > timedelta(0) else f"{name}快到时限"


def _length(over: timedelta) -> str:
    """5 分, 3 小时 20 分, 2 天 3 小时; minutes begun do not count."""
    minutes = int(over.total_seconds() // 60)
    days, hours = divmod(minutes // 60, 24)
    if days:
        return f"{days} 天 {hours} 小时"
    return f"{hours} 小时 {minutes % 60} 分" if hours else f"{minutes} 分"
