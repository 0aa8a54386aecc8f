"""A day's reports from a CSV file: `time,title,body`, and for the sample town also `point`, `source`, `category_expected`."""

import csv
from datetime import datetime, time
from pathlib import Path
from random import Random
from typing import NamedTuple

from infra.local.place import ROOT

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
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    if not rows or not {"time", "title", "body"} <= set(rows[0]):
        raise BadReports(f"{file}：需要 time、title、body 三列，且至少一行")
    timed = sorted(
        ((_instant(row["time"], line), row) for line, row in enumerate(rows, start=2)),
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
    return Report(index, second, row["title"].strip(), row["body"].strip(), point, source, category, twin)


def _instant(text: str, line: int) -> datetime:
    """HH:MM, HH:MM:SS, or a date with a time."""
    try:
        return datetime.combine(_START, time.fromisoformat(text.strip()))
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        raise BadReports(f"第 {line} 行的时间“{text}”应写成 08:30 或 2026-11-22 08:30") from None
