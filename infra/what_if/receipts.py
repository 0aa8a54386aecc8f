"""受理 once more: what the machine would have done with a report at its first minute under another town's rules.

A report is put together again from the ticket and its first line, with the reading of its words as it was then: signs of
danger are not read anew. Only where the rules in force do with it what really happened is another town asked.
"""

from collections.abc import Iterator
from typing import NamedTuple

from chalicelib.domain.acts.receiving import Report, receive
from chalicelib.domain.errors import Refusal
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event, Stage, Suggestion, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import FOUND, Source
from infra.what_if.lives import Life

_TYPED = frozenset({Source.WALK_IN, Source.PHONE})


class Receipt(NamedTuple):
    ticket: Ticket
    event: Event

    @property
    def says(self) -> str:
        """dispatched, received or forwarded: what the machine made of it at once."""
        return self.ticket.stage.value


class Receipts(NamedTuple):
    was: Receipt
    other: Receipt

    @property
    def is_other(self) -> bool:
        return self.was.says != self.other.says or _suggests(self.was) != _suggests(self.other)

    def asks(self, view: Ticket) -> Ticket:
        """The ticket as the other town would have filed it, where a person has not decided otherwise."""
        was, other = _suggests(self.was), _suggests(self.other)
        if view.corrected or was is None or other is None or was == other:
            return view
        track = other.track if view.track is was.track else view.track
        urgent = other.urgent if view.urgent is was.urgent else view.urgent
        filed = {"category": other.category, "track": track, "urgent": urgent}
        now = self.other.ticket
        return view.model_copy(update=filed | {"facility": now.facility, "night": now.night})


def receipts(life: Life, *, was: Town, other: Town) -> Receipts | None:
    """None where the rules in force do not do what was done then: nothing is said of what another town would."""
    first = next((line for line in life.lines if line.kind is EventKind.RECEIVED), None)
    if first is None or life.ticket.part_of is not None:
        return None
    for report in _reports(life.ticket, first):
        done = _received(report, life.ticket, was)
        if done is None or _done(done.event) != _done(first) or _suggests(done) != life.ticket.suggestion:
            continue
        again = _received(report, life.ticket, other)
        return Receipts(Receipt(done.ticket, first), again) if again else None
    return None


def _done(line: Event) -> tuple[str | None, ...]:
    """Who received it, and to whom it went at once. What storing adds to a line is no part of that."""
    return (line.by, *(line.details.get(name) for name in ("unit", "handler", "to")))


def _received(report: Report, ticket: Ticket, town: Town) -> Receipt | None:
    try:
        return Receipt(*receive(report, town=town, now=ticket.received_at))
    except Refusal:  # a category or a place that this town does not know
        return None


def _suggests(receipt: Receipt) -> Suggestion | None:
    return receipt.ticket.suggestion


def _reports(ticket: Ticket, first: Event) -> Iterator[Report]:
    """The reports it may have come of: whether its reporter chose the category, and secrecy, no line says."""
    suggested = ticket.suggestion.category if ticket.suggestion else None
    typed_by = ticket.first_contact_id if ticket.source in _TYPED else None
    entered_by = ticket.found_by if ticket.source in FOUND else typed_by
    for chosen in dict.fromkeys((None, suggested)):
        for confidential in dict.fromkeys((ticket.confidential, False)):
            yield Report(
                id=ticket.id,
                number=ticket.number,
                source=ticket.source,
                reporter_id=ticket.reporter_id or ("someone" if ticket.source not in FOUND else None),
                entered_by=entered_by,
                where=ticket.where,
                text=ticket.text,
                category=chosen,
                confidential=confidential,
                reading=first.reading,
            )


LEFT_TO_THE_DESK = Stage.RECEIVED.value
