"""The words by which Open311 clients know a ticket's stage: GeoReport's open and closed, and mySociety's finer ones."""

from enum import StrEnum

from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import ENDED, Outcome, Stage, Ticket


class Word(StrEnum):
    """Lower case in what we answer, upper case in what FixMyStreet posts (open311-adapter, Role/mySociety.pm)."""

    OPEN = "open"
    CLOSED = "closed"
    FIXED = "fixed"
    IN_PROGRESS = "in_progress"
    PLANNED = "planned"
    ACTION_SCHEDULED = "action_scheduled"
    INVESTIGATING = "investigating"
    DUPLICATE = "duplicate"
    NOT_OURS = "not_councils_responsibility"
    NO_FURTHER_ACTION = "no_further_action"
    REFERRED = "internal_referral"
    CANCELLED = "cancelled"
    REOPEN = "reopen"
    FOR_TRIAGE = "for_triage"
    UNCHANGED = "unchanged"


IS_DONE = frozenset({Word.FIXED, Word.CLOSED})  # from a client: the resident says it is solved
IS_NOT_DONE = frozenset({Word.OPEN, Word.REOPEN})

_OF_STAGE = {
    Stage.RECEIVED: Word.OPEN,
    Stage.DISPATCHED: Word.INVESTIGATING,
    Stage.HANDLING: Word.IN_PROGRESS,
    Stage.RESOLVED: Word.IN_PROGRESS,  # the unit says so; the resident has not (rule 5)
    Stage.SUSPENDED: Word.NO_FURTHER_ACTION,
    Stage.DECLINED: Word.NOT_OURS,
    Stage.FORWARDED: Word.REFERRED,
    Stage.WITHDRAWN: Word.CANCELLED,
    Stage.MERGED: Word.DUPLICATE,
}


def word_of(ticket: Ticket) -> Word:
    """The status of the extension for service request updates, for a ticket as it stands."""
    if ticket.stage is Stage.CLOSED:
        return (
            Word.NO_FURTHER_ACTION if ticket.outcome in (Outcome.UNREACHED, Outcome.EXPLAINED) else Word.FIXED
        )
    if ticket.stage is Stage.RECEIVED and ticket.returns:
        return Word.FOR_TRIAGE
    if ticket.stage in (Stage.RECEIVED, Stage.HANDLING) and ticket.round > 1:
        return Word.REOPEN
    if ticket.stage is Stage.HANDLING and _is_extended(ticket):
        return Word.ACTION_SCHEDULED
    return _OF_STAGE[ticket.stage]


def is_closed(ticket: Ticket) -> bool:
    """GeoReport's own status: open until the case is closed (结案), whatever the unit has claimed."""
    return ticket.stage in ENDED


def _is_extended(ticket: Ticket) -> bool:
    return any(
        clock.kind is ClockKind.RESOLUTION and clock.is_open and clock.extended for clock in ticket.clocks
    )
