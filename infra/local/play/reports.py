"""A day's reports from a CSV file: `time,title,body`, and for the sample town also `point`, `source`, `category_expected`."""

from datetime import datetime, time
from pathlib import Path
from random import Random
from typing import NamedTuple

from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.tables.grid import Unreadable
from chalicelib.domain.tables.instants import read_instant
from chalicelib.domain.tables.reading import read_own_table
from infra.local.place import ROOT

NEEDED = ("time", "title", "body")
SAMPLE = ROOT / "town" / "sample_reports.csv"
_START = datetime(2000, 1, 1)  # noqa: DTZ001 (only differences count)


class BadReports(Exception):
    """The file cannot be replayed; the message says which line and why."""


class Report(NamedTuple):
    """One report. `second`: of the day, counted from the first report. `twin_of`: an earlier one of the same thing."""

    n: int  # its place in the day
    second: float
    title: str
    body: str
    point: str = ""
    source: str = "qr"
    category: str = ""
    twin_of: int | None = None

    @property
    def text(self) -> str:
        """What is sent: title and body, as both are what the resident said."""
        return "\n".join(part for part in (self.title, self.body) if part)


def read_reports(file: Path = SAMPLE) -> list[Report]:
    """The reports in the order of their times. Raises BadReports for a missing column or a time that is none."""
    names = dict.fromkeys((*NEEDED, "point", "source", "category_expected"), ())
    try:
        rows = read_own_table(file.read_bytes(), names, NEEDED).rows
    except Unreadable as wrong:
        raise BadReports(f"{file.name}：{wrong.message}") from wrong
    if not rows:
        raise BadReports(f"{file.name}：列名下面没有内容")
    timed = sorted(
        ((_instant(row.cells.get("time", ""), row.line), row.cells) for row in rows),
        key=lambda pair: pair[0],
    )
    first, found = timed[0][0], list[Report]()
    for index, (at, row) in enumerate(timed):
        found.append(_report(index, (at - first).total_seconds(), row, found))
    return found


def placed(reports: list[Report], points: list[str], seed: int) -> list[Report]:
    """Of a file that names no point at all, each report at a point drawn by the seed; else as they are."""
    if any(report.point for report in reports) or not points:
        return reports
    chance = Random(seed)
    return [report._replace(point=chance.choice(points)) for report in reports]


def _report(index: int, second: float, row: dict[str, str], earlier: list[Report]) -> Report:
    point, category = row.get("point") or "", row.get("category_expected") or ""
    twin = next(
        (r.n for r in earlier if point and category and (r.point, r.category) == (point, category)), None
    )
    source = row.get("source") or "qr"
    return Report(index, second, row.get("title", ""), row.get("body", ""), point, source, category, twin)


def _instant(text: str, line: int) -> datetime:
    """A clock time, or a day with one, as people write them."""
    try:
        return datetime.combine(_START, time.fromisoformat(text), SHANGHAI)
    except ValueError:
        pass
    try:
        return read_instant(text)
    except ValueError:
        raise BadReports(f"第 {line} 行的时间“{text}”应写成 08:30 或 2026-11-22 08:30") from None
