"""What leaves for analysis: a fact as one flat line, and figures as CSV. No identity, no text, no person (docs/indicators.md)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.figures.facts import ClockFact, Fact
from chalicelib.domain.figures.indicators import NAMES
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.tables import writing
from chalicelib.domain.tickets.clock_model import ClockKind

Line = dict[str, Any]
WAITED = (
    "居民确认解决（件）",
    "一半在几天内",
    "九成在几天内",
    "受理的还没办完（件）",
    "停过计时（件）",
    "现在还停着（件）",
    "停计时（天）",
    "延过期（件）",
    "重办（次）",
    "说办结、后来不是（次）",
    "停计时由谁批准",
    "不予受理（件）",
    "转送（件）",
    "撤回（件）",
    "并入别件（件）",
    "分拆（件）",
    "挂账中（件）",
    "按时反馈里人工的（件）",
    "按时反馈里系统的（件）",
    "按时反馈里接待时录入的（件）",
    "满意不满意问了（件）",
)
_STOPPED = ("paused", "paused_now", "paused_days", "extended", "reworks", "disproved")
_FED_BACK = ("by_person", "by_machine", "by_typing")
_BESIDE = ("declined", "forwarded", "withdrawn", "merged", "parted", "suspended")
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
    promises = promise_names(rows)
    heads: list[writing.Cell] = ["编号", "名称", "受理", "结案"]
    heads += [
        f"{name}（{part}）"
        for name in (*promises, *(NAMES[name] for name in names))
        for part in ("分子", "分母", "%")
    ]
    lines = [
        [row["key"], row["name"], row["received"], row["closed"]]
        + promise_cells(row, promises)
        + [cell for name in names for cell in with_share(row["indicators"][name])]
        + waited_cells(row)
        for row in rows
    ]
    return [heads + list(WAITED), *lines]


def promise_names(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Every promise that a row has, under what it states."""
    return list(dict.fromkeys(each["name"] for row in rows for each in row["promises"]))


def promise_cells(row: Mapping[str, Any], names: Iterable[str]) -> list[writing.Cell]:
    """Of each promise numerator, denominator and percentage; nothing where the row has none of it."""
    own = {each["name"]: each for each in row["promises"]}
    nothing = {"numerator": 0, "denominator": 0}
    return [cell for name in names for cell in with_share(own.get(name, nothing))]


def waited_cells(row: Mapping[str, Any]) -> list[writing.Cell]:
    """Under the heads of `WAITED`: how long people waited, what stands beside 按期, what had no solution to wait for, who said it."""
    days, stopped = row["days"], row["stopped"]
    return [
        *(days[what] for what in ("of", "median", "p90", "open")),
        *(stopped[what] for what in _STOPPED),
        approved_words(row),
        *(row["beside"][what] for what in _BESIDE),
        *(row["indicators"]["feedback"][what] for what in _FED_BACK),
        row["indicators"]["satisfied"]["asked"],
    ]


def approved_words(row: Mapping[str, Any]) -> str:
    """片区党委 2 次、经办人 1 次: by whom clocks were stopped."""
    return "、".join(f"{each['as_name']} {each['pauses']} 次" for each in row["paused_by"])


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
