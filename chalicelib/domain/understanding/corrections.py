"""What a desk's decisions teach: tickets whose category a person has decided, as rows to train on (rule 60). Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.model import one_of
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.dangers import was_right
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.practice import is_counted
from chalicelib.domain.tickets.readings import Answer
from chalicelib.domain.tickets.ticket import ENDED, Event, Ticket

COLUMNS = ("title", "body", "label")
DANGER_COLUMNS = ("writer", "text", "label", "kind", "trap", "where")  # of training/danger.csv
FEWEST = 5  # rows of a label: training judges itself in five parts
# Acts that leave a category as it is as much as those that correct it: who dispatches, agrees.
_DECIDING = frozenset(
    {EventKind.CLASSIFIED, EventKind.ANSWERED, EventKind.DISPATCHED, EventKind.ASSIGNED_FINALLY}
)


class Row(NamedTuple):
    """One report as training reads it. A report has no title."""

    title: str
    body: str
    label: str


class Rows(NamedTuple):
    """What can be trained on, and how many rows had to be left out of labels that have too few."""

    kept: list[Row]
    few: dict[str, int]


def is_decision(event: Event) -> bool:
    """Whether a person has decided by this act what a ticket is about: by correcting its category, or by going on with it."""
    return event.kind in _DECIDING and one_of(Actor, event.by) is None


def row_of(ticket: Ticket) -> Row | None:
    """The row of a ticket that a person has decided; its category is the last decision.

    None for a confidential or a practice ticket, and for one without category or words. Scrubbed once more: what was
    written before a rule got better is read by today's. Names that stand in the text stay in it.
    """
    if ticket.confidential or not is_counted(ticket) or not ticket.category:
        return None
    text = scrub(ticket.text).strip()
    return Row("", text, ticket.category) if text else None


class DangerRow(NamedTuple):
    """One report as `make train-danger` reads it."""

    writer: str
    text: str
    label: str
    kind: str
    trap: str
    where: str


def danger_row_of(ticket: Ticket) -> DangerRow | None:
    """What people have decided of a danger: a yes at once, a no only of an ended ticket and by two.

    None for anything undecided, for a confidential or a practice ticket, and for one without words.
    """
    case, text = ticket.danger, scrub(ticket.text).strip()
    if case is None or ticket.confidential or not is_counted(ticket) or not text:
        return None
    if case.decided is Answer.NO:
        is_learned = ticket.stage in ENDED and bool(case.agreed_by)
        return DangerRow("town", text, "none", "", case.reason, "report") if is_learned else None
    if was_right(case, ended=ticket.stage in ENDED):
        kind = case.kinds[0].value if case.kinds else "other"
        return DangerRow("town", text, "danger", kind, "", "report")
    return None


def trainable(rows: Iterable[Row]) -> Rows:
    """The rows of labels that have `FEWEST` or more, sorted, so that nobody's place tells when it came."""
    known: Sequence[Row] = sorted(rows)
    counts = Counter(row.label for row in known)
    few = {label: count for label, count in sorted(counts.items()) if count < FEWEST}
    return Rows([row for row in known if row.label not in few], few)
