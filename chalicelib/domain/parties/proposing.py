"""依法解释结案 as it was proposed: whether it still waits for a decision, and that it falls away with what it stood on (rule 90)."""

from chalicelib.domain.tickets.clock_model import LadderRole, RungAct
from chalicelib.domain.tickets.ticket import ENDED, Explanation, Ticket

_DECIDE = frozenset({LadderRole.AREA_LEADER, LadderRole.TOWN_LEADER})


def waiting(ticket: Ticket) -> Explanation | None:
    """The proposal that waits for a decision: of this round, by the unit that still has it."""
    proposed = ticket.explanation
    if proposed is None or proposed.decided_by:
        return None
    return proposed if (proposed.round, proposed.unit_id) == (ticket.round, ticket.lead_unit_id) else None


def fallen_away(before: Ticket | None, after: Ticket) -> Explanation | None:
    """The proposal that waited before this act and that nobody can decide any more: another unit has it, or a round began.

    None where the ticket itself has ended: nothing stands in a queue then, and whoever waited hears of the end.
    """
    if before is None or {before.stage, after.stage} & ENDED or waiting(after) is not None:
        return None
    return waiting(before)


def taken_back(ticket: Ticket, proposed: Explanation, staying: frozenset[str] = frozenset()) -> Ticket:
    """The ticket without the proposal, and out of the queues in which it stood for that alone.

    `staying`: whom the same act shows it to. Whom a clock has climbed to since, and who is to rule whose it is, keep it.
    """
    climbed = any(
        rung.to in _DECIDE and rung.act is not RungAct.REMIND and rung.at >= proposed.at
        for clock in ticket.clocks
        for rung in clock.rungs[: clock.rang]
    )
    leave = frozenset() if climbed or ticket.dispute else frozenset(proposed.shown_to) - staying
    shown = tuple(code for code in ticket.escalated_to if code not in leave)
    return ticket.model_copy(update={"explanation": None, "escalated_to": shown})
