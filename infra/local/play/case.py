"""A report of the day and what has been done about it so far."""

from collections import Counter
from dataclasses import dataclass, field

from chalicelib.domain.tickets.ticket import ENDED, Ticket
from infra.local.play.plans import Plan
from infra.local.play.reporting import Sent
from infra.local.play.reports import Report


@dataclass
class Case:
    """`begun` and `done` are names of acts; what is begun and not done is still on somebody's agenda."""

    report: Report
    plan: Plan
    sent: Sent
    ticket: Ticket | None = None
    looked_at: int = 0  # the version that was last acted on
    begun: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)
    tries: Counter[str] = field(default_factory=Counter)
    photos: dict[str, str] = field(default_factory=dict)  # taken for an act, whose repetition sends the same

    @property
    def has_ended(self) -> bool:
        return self.ticket is not None and self.ticket.stage in ENDED and self.begun <= self.done
