"""`make replay DATA=file.csv [ARGS="…"]`: when would each alert have fired? By the very rules that run after each recount.

DATA: a table of any make (CSV, XLSX, XLS, ODS) with a column of times; --time, --place, --category, --number name the columns, where there are any. Without a
category, --guess lets the trained model (chalicelib/data/triage.model) name one from the columns title and body. --every week:
each row is a week's count. --speed: days a second, 0 for at once. Times, places, categories and counts are printed, no text.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from chalicelib.domain.figures.alerts import (
    ALONE,
    WEEK,
    Found,
    Kind,
    Running,
    Spot,
    Thresholds,
    is_over,
    is_silenced,
    look,
    spots_of,
    spread_of_kinds,
)
from chalicelib.domain.figures.trends import KIND_NAMES, WHOLE
from chalicelib.domain.tables.grid import Unreadable
from chalicelib.domain.tables.instants import read_instant
from chalicelib.domain.tables.reading import Row, read_own_table

Line = dict[str, str]
EVERYWHERE = "全部"  # the one place of a file that names none


class BadRows(Exception):
    """The file cannot be replayed; the message says why."""


class Given(NamedTuple):
    """`n` reports of a kind at a place, at an instant of the file."""

    at: datetime
    place: str
    category: str
    n: int = 1


class Fired(NamedTuple):
    at: datetime
    spot: Spot
    found: Found


class Columns(NamedTuple):
    time: str = "time"
    place: str = ""
    category: str = ""
    number: str = ""


def read(file: Path, columns: Columns, guess: Callable[[Line], str] | None = None) -> list[Given]:
    """The rows in the order of their times. Raises BadRows for a column that is not there, a time or count that is none."""
    wanted = [name for name in columns if name]
    names = dict.fromkeys(dict.fromkeys([*wanted, "title", "body"]), ())
    try:
        table = read_own_table(file.read_bytes(), names, wanted)
    except Unreadable as wrong:
        raise BadRows(f"{file.name}：{wrong.message}") from wrong
    rows = [_given(_whole(row, names), row.line, columns, guess) for row in table.rows]
    return sorted((row for row in rows if row.n > 0), key=lambda row: row.at)


def fired(rows: list[Given], thresholds: Thresholds, *, season: int = WEEK) -> Iterator[Fired]:
    """Every alert, at the instant of the report that made it one. `season`: 7 where rows are reports, 1 where weekly counts."""
    if not rows:
        return
    first, length = rows[0].at.date(), WEEK // season
    counts: dict[Spot, list[int]] = {}
    running: dict[Spot, dict[Kind, Running]] = {}
    spread, last = ALONE, -1
    for row in rows:
        at = (row.at.date() - first).days // length
        if at != last:  # it is of the weeks before: once a day is as often as it can change
            spread, last = spread_of_kinds(_until(at, counts, thresholds), thresholds, season=season), at
        for spot in spots_of(row.place, row.category):
            counted = counts.setdefault(spot, [])
            counted += [0] * (at + 1 - len(counted))
            counted[at] += row.n
            found = look(counted[-(thresholds.weeks + 1) * WEEK :], thresholds, season=season, spread=spread)
            if found and _is_new(found, spot, running, row.at.date(), thresholds):
                yield Fired(row.at, spot, found)


def _until(at: int, counts: dict[Spot, list[int]], thresholds: Thresholds) -> dict[Spot, list[int]]:
    """What is compared, each series to the same end: what had nothing lately had zeros."""
    most = (thresholds.weeks + 1) * WEEK
    return {spot: (counted + [0] * (at + 1 - len(counted)))[-most:] for spot, counted in counts.items()}


def _is_new(
    found: Found,
    spot: Spot,
    running: dict[Spot, dict[Kind, Running]],
    day: date,
    thresholds: Thresholds,
) -> bool:
    """As the service decides it (actions/figures/trends.py), and kept the same way."""
    if is_silenced(found, spot, running, day, thresholds):
        return False
    kinds = running.setdefault(spot, {})
    before = kinds.get(found.kind)
    is_new = is_over(before, day, thresholds)
    begun = day if is_new or before is None else before.first
    kinds[found.kind] = Running(kind=found.kind, first=begun, last=day)
    return is_new


def _whole(row: Row, names: Iterable[str]) -> Line:
    return {name: row.cells.get(name, "") for name in names}


def _given(line: Line, number: int, columns: Columns, guess: Callable[[Line], str] | None) -> Given:
    try:
        at = read_instant(line[columns.time])
        n = int(float(line[columns.number] or 0)) if columns.number else 1
    except (ValueError, OverflowError) as wrong:
        raise BadRows(f"第 {number} 行的时间或数量不对：{wrong}") from None
    place = line[columns.place].strip() if columns.place else EVERYWHERE
    category = line[columns.category].strip() if columns.category else guess(line) if guess else "全部"
    return Given(at, place, category, n)


def _guesser() -> Callable[[Line], str]:
    from chalicelib.gateways import triage_model

    model = triage_model.current()
    if model is None:
        raise BadRows("没有可用的分类模型，请先运行 make train")

    def guess(line: Line) -> str:
        guessed = model.guess(line.get("title") or "", line.get("body") or "")
        return guessed.label if guessed else ""

    return guess


def _show(alert: Fired) -> None:
    place, category = alert.spot[0], alert.spot[1] or WHOLE
    found = alert.found
    print(
        f"{alert.at:%Y-%m-%d %H:%M}  {KIND_NAMES[found.kind]} {found.reason:6}  {place or '整个片区'}  {category}"
        f"  {found.count}（以往 {found.expected:.1f}，概率 {found.chance:.1g}）",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    for name, usual in Columns()._asdict().items():
        parser.add_argument(f"--{name}", default=usual)
    parser.add_argument("--guess", action="store_true")
    parser.add_argument("--every", choices=("report", "week"), default="report")
    parser.add_argument("--speed", type=float, default=0.0, help="days a second; 0: at once")
    for name, usual in Thresholds().model_dump().items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(usual), default=usual)
    chosen = parser.parse_args()
    columns = Columns(*(getattr(chosen, name) for name in Columns._fields))
    thresholds = Thresholds(**{name: getattr(chosen, name) for name in Thresholds.model_fields})
    try:
        rows = read(chosen.data, columns, _guesser() if chosen.guess else None)
    except (BadRows, OSError) as trouble:
        sys.exit(str(trouble))
    told, last = 0, None
    for alert in fired(rows, thresholds, season=1 if chosen.every == "week" else WEEK):
        if chosen.speed and last:
            time.sleep((alert.at - last) / timedelta(days=1) / chosen.speed)
        _show(alert)
        told, last = told + 1, alert.at
    print(f"{len(rows)} 行，{told} 条提醒")


if __name__ == "__main__":
    main()
