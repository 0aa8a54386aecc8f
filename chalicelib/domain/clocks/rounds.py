"""One round of a clock: which row of clocks.csv rules it, in which time it runs, and its due time and rungs as instants."""

from datetime import datetime

from chalicelib.domain.clocks.ladder import rungs_of
from chalicelib.domain.tickets.bounds import next_round
from chalicelib.domain.tickets.clock_model import Clock, ClockKind, Window
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.calendar import Amount, AmountUnit, Basis
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import ClockRule

Due = tuple[datetime, bool]  # the instant, and whether it is provisional

A_WORKING_DAY = Amount(count=1, unit=AmountUnit.WORKING_DAYS)
# What rings when a review date passes, and when nothing else watches a ticket; clocks.csv may say otherwise.
REVIEW_RULE = ClockRule(
    clock=ClockKind.REVIEW,
    amount=A_WORKING_DAY,
    ladder="due approver; due+1 working_days unit_head; due+3 working_days area_leader",
)

# An undertaking's day is agreed at the meeting; this is how it climbs.
UNDERTAKING_RULE = ClockRule(
    clock=ClockKind.UNDERTAKING,
    amount=A_WORKING_DAY,
    reminders="80% handler",
    ladder="due unit_head; due+1 working_days area_leader; due+3 working_days town_leader",
)
# 快速裁决: who decides whose duty it is has one working day.
RULING_RULE = ClockRule(
    clock=ClockKind.RULING, amount=A_WORKING_DAY, reminders="50% area_leader", ladder="due town_leader"
)
# Whoever it was put to has two working days; then whoever put it asks in another way.
STATEMENT_RULE = ClockRule(
    clock=ClockKind.STATEMENT,
    amount=Amount(count=2, unit=AmountUnit.WORKING_DAYS),
    ladder="due area_leader; due+2 working_days town_leader",
)
OWN_RULES = {
    ClockKind.STATEMENT: STATEMENT_RULE,
    ClockKind.RULING: RULING_RULE,
    ClockKind.REVIEW: REVIEW_RULE,
    ClockKind.UNDERTAKING: UNDERTAKING_RULE,
}


def rule_for(ticket: Ticket, clock: ClockKind | Window, town: Town) -> ClockRule | None:
    """The town's row for this clock, or window, of this ticket. A review and an undertaking always have one.

    Words are looked at as fast as a report is answered.
    """
    clock = ClockKind.FEEDBACK if clock is ClockKind.LOOK else clock
    row = town.clock_rule(
        clock,
        source=ticket.source,
        category=ticket.category,
        track=ticket.track,
        urgent=ticket.urgent,
        facility=ticket.facility,
    )
    return row or (OWN_RULES.get(clock) if isinstance(clock, ClockKind) else None)


def basis_for(ticket: Ticket, kind: ClockKind, rule: ClockRule | None) -> Basis:
    """Working amounts run in working time; a response by day only where its category says so (rule 3); else always."""
    if rule is not None and rule.amount.is_working:
        return Basis.WORK
    return Basis.DAY if kind is ClockKind.RESPONSE and not ticket.night else Basis.WALL


def promised(ticket: Ticket, kind: ClockKind, rule: ClockRule, *, town: Town, now: datetime) -> Due:
    """What the town itself promises of a round that begins now."""
    return town.calendar.add(now, rule.amount, basis_for(ticket, kind, rule))


def earlier(ticket: Ticket, kind: ClockKind, ours: Due, *, now: datetime) -> Due:
    """Ours or the earliest deadline of a partner, whichever is first; one that has passed is due now. Only resolution."""
    theirs = [one.due_at for one in ticket.external_ids if one.due_at is not None]
    if kind is not ClockKind.RESOLUTION or not theirs or min(theirs) >= ours[0]:
        return ours
    return max(min(theirs), exactly(now)), False


def new_round(
    ticket: Ticket, kind: ClockKind, rule: ClockRule | None, ours: Due, *, town: Town, now: datetime
) -> Clock:
    """The next round of that kind, with the rungs of its rule; without a rule it has none.

    Due at `ours`, or at a partner's deadline where that is earlier.
    """
    due, provisional = earlier(ticket, kind, ours, now=now)
    due_at, ours_at = exactly(due), exactly(ours[0])
    basis, now = basis_for(ticket, kind, rule), exactly(now)
    return Clock(
        kind=kind,
        round=next_round(ticket, kind),
        started_at=now,
        due_at=due_at,
        ours_at=None if due_at == ours_at else ours_at,
        basis=basis,
        promise=rule.amount.code if rule else "",
        rungs=rungs_of(rule, start=now, due=due_at, basis=basis, calendar=town.calendar) if rule else (),
        provisional=provisional,
        counted_from=now if provisional else None,
        counted_seconds=town.calendar.between(now, due_at, basis).total_seconds() if provisional else 0,
    )


def exactly(instant: datetime) -> datetime:
    """To the millisecond, as instants are stored (model.Instant); a copied model does not round by itself."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
