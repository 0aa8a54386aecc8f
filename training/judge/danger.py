"""How danger is seen: every labelled sentence as a report or a comment, what was missed, and what rang for nothing."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from chalicelib.domain.tickets.ticket import Event, Stage, Ticket
from chalicelib.gateways.triage_model import FILE
from training.judge import place

Row = Mapping[str, str]
MODEL = FILE.with_name("danger.model")
COLUMNS = ("text", "label")
ALSO = ("where", "kind", "trap")  # columns that need not be there


class Verdict(NamedTuple):
    """`seen`: possible or sure. `passed`: a report that the machine dispatched as ordinary, forwarded or ended; a comment that rang nobody."""

    seen: bool
    passed: bool
    words: tuple[str, ...]


def judged(row: Row) -> Verdict:
    """One row, by the way that its column `where` names; a report where it names none."""
    text = row["text"]
    if row.get("where") == "comment":
        return _of_comment(*place.commented(text))
    return _of_report(*place.reported(text))


def _of_report(ticket: Ticket, event: Event) -> Verdict:
    seen = ticket.danger is not None or ticket.urgent
    is_with_the_desk = ticket.stage is Stage.RECEIVED
    words = event.reading.words if event.reading else ()
    return Verdict(seen, not ticket.urgent and not is_with_the_desk, words)


def _of_comment(ticket: Ticket, event: Event) -> Verdict:
    rung = any(notice.urgent and notice.to.startswith("staff:") for notice in event.notices)
    return Verdict(ticket.danger is not None, not rung, event.reading.words if event.reading else ())


def figures(rows: Sequence[Row]) -> tuple[dict[str, object], list[str]]:
    """The counts of docs' last line, and the rows that it gets wrong, each with what decided."""
    counts = dict.fromkeys(("seen", "of", "false", "others", "false_plain", "plain", "past_the_desk"), 0)
    wrong = []
    for row in rows:
        verdict, is_danger = judged(row), row["label"] == "danger"
        is_plain = not is_danger and not row.get("trap")
        counts["of" if is_danger else "others"] += 1
        counts["seen" if is_danger else "false"] += verdict.seen
        counts["plain"] += is_plain
        counts["false_plain"] += is_plain and verdict.seen
        counts["past_the_desk"] += is_danger and verdict.passed
        if verdict.seen is not is_danger or (is_danger and verdict.passed):
            name = row.get("kind") or row.get("trap") or row["label"]
            wrong.append(f"{row['label']} {name}｜{row['text']}｜{'、'.join(verdict.words) or '—'}")
    return {"what": "danger", **counts}, wrong
