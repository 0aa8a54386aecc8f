"""What leaves for analysis: a fact as one flat line, and figures as CSV. No identity, no text, no person (docs/indicators.md)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.figures.facts import ClockFact, Fact
from chalicelib.domain.figures.indicators import NAMES
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.tables import writing
from chalicelib.domain.tickets.clock_model import ClockKind

Line = dict[str, Any]
# The columns of the table in Glue (infra/resources/analysis.yaml), in its types; the day received is the partition.
COLUMNS = {
    "ticket_id": "string",
    "received_at": "string",
    "ended_at": "string",
    "stage": "string",
    "area": "string",
    "place": "string",
    "category": "string",
    "source": "string",
    "found": "boolean",
    "unit": "string",
    "track": "string",
    "urgent": "boolean",
    "confidential": "boolean",
    "returns": "int",
    "rounds": "int",
    "claimed": "boolean",
    "last_word": "string",
    "satisfied": "boolean",
    "on_the_spot": "boolean",
    "exempt": "boolean",
    "explained": "boolean",
    "feedback": "string",
    "feedback_seconds": "bigint",
    "feedback_by": "string",
    "response": "string",
    "contacted": "string",
    "finished": "string",
    "finished_seconds": "bigint",
    "extended": "boolean",
    "climbed": "int",
}


def line_of(fact: Fact) -> Line:
    """A fact as its line. Of a confidential ticket the place stays out; of an exemption, who approved it."""
    feedback = _last(fact, ClockKind.FEEDBACK)
    finished = _last(fact, ClockKind.RESOLUTION)
    return {
        "ticket_id": fact.ticket_id,
        "received_at": _local(fact.received_at),
        "ended_at": _local(fact.closed_at) if fact.closed_at and not fact.is_open else None,
        "stage": fact.stage.value,
        "area": fact.area,
        "place": "" if fact.confidential else fact.place,
        "category": fact.category,
        "source": fact.source,
        "found": fact.is_found,
        "unit": fact.unit,
        "track": fact.track.value,
        "urgent": fact.urgent,
        "confidential": fact.confidential,
        "returns": fact.returns,
        "rounds": fact.round,
        "claimed": fact.claimed,
        "last_word": fact.last_word,
        "satisfied": fact.satisfied,
        "on_the_spot": fact.on_the_spot,
        "exempt": bool(fact.exempted_by),
        "explained": fact.explained,
        "feedback": feedback.state if feedback else None,
        "feedback_seconds": feedback.met if feedback else None,
        "feedback_by": feedback.by if feedback else None,
        "response": _state(fact, ClockKind.RESPONSE),
        "contacted": _state(fact, ClockKind.UNIT_FEEDBACK),
        "finished": finished.state if finished else None,
        "finished_seconds": finished.met if finished else None,
        "extended": bool(finished and finished.extended),
        "climbed": sum(len(clock.climbed) for clock in fact.clocks),
    }


def csv_of(view: Mapping[str, Any]) -> str:
    """Figures as spreadsheets open them, UTF-8 with its mark: the same table as the workbook's."""
    return writing.csv_of(_table(view)).decode()


def workbook_of(view: Mapping[str, Any]) -> bytes:
    """Figures as a workbook whose numbers are counted with and whose names are text."""
    return writing.xlsx_of([writing.Sheet("数据", _table(view))])


def _table(view: Mapping[str, Any]) -> list[list[writing.Cell]]:
    """One row each, the total last: every numerator beside its denominator and the percentage that they make."""
    rows = list(view["rows"]) + ([view["total"] | {"name": "合计"}] if view.get("total") else [])
    names = list(rows[0]["indicators"]) if rows else []
    heads: list[writing.Cell] = ["编号", "名称", "受理", "结案"]
    heads += [f"{NAMES[name]}（{part}）" for name in names for part in ("分子", "分母", "%")]
    lines = [
        [row["key"], row["name"], row["received"], row["closed"]]
        + [cell for name in names for cell in with_share(row["indicators"][name])]
        for row in rows
    ]
    return [heads, *lines]


def with_share(measure: Mapping[str, int]) -> tuple[int, int, float | None]:
    """Numerator, denominator, and the percentage to one place; none of nothing."""
    n, of = measure["numerator"], measure["denominator"]
    return n, of, round(100 * n / of, 1) if of else None


def _last(fact: Fact, kind: str) -> ClockFact | None:
    """The last round of a clock."""
    return max((clock for clock in fact.clocks if clock.kind == kind), key=lambda c: c.round, default=None)


def _state(fact: Fact, kind: str) -> str | None:
    clock = _last(fact, kind)
    return clock.state if clock else None


def _local(instant: datetime) -> str:
    """As SQL casts it to a timestamp, in Shanghai time."""
    return instant.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
