"""The demo's town: the sample town itself, with its promises in seconds, so that a day's ladders can be watched.

Nothing is kept twice: `clocks.csv` and `follow_up.csv` are rewritten from the town's own rows, unit by unit, as
`SECONDS` says. The rest is made independent of when the demo runs: everyone is on duty around the clock, no role has
quiet hours, and no clock stands still at night.
"""

import csv
import io
import re
from collections.abc import Callable, Mapping

# How long a unit of the town's promises lasts in the demo. Unequal on purpose: five minutes must leave a person time to
# act, and fifteen working days must not outlast the demo.
SECONDS = {
    "seconds": 1.0,
    "minutes": 1.5,
    "hours": 30.0,
    "working_hours": 12.0,
    "working_days": 15.0,
    "days": 5.0,
}
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s+(seconds|minutes|hours|working_hours|working_days|days)")
Row = dict[str, str]


def demo_town(files: Mapping[str, bytes], off_duty: frozenset[str] = frozenset()) -> dict[str, bytes]:
    """The files of a town for the demo. `off_duty` are staff whose shifts have ended: their rows leave the roster.

    A unit whose whole roster would leave keeps it, for a town without anyone on duty is refused.
    """
    changes: dict[str, Callable[[list[Row]], list[Row]]] = {
        "clocks.csv": lambda rows: [_clock(row) for row in rows],
        "follow_up.csv": lambda rows: [_follow_up(row) for row in rows],
        "duty.csv": lambda rows: _duty(rows, off_duty),
        "roles.csv": lambda rows: [row | {"quiet_from": "00:00", "quiet_until": "00:00"} for row in rows],
        "categories.csv": lambda rows: [row | {"night": "是" if row["night"] else ""} for row in rows],
    }
    return {
        name: _rewritten(data, changes[name]) if name in changes else data for name, data in files.items()
    }


def scaled(text: str) -> str:
    """Every amount of a ladder's text in seconds: "due+1 working_days area_leader" → "due+15 seconds area_leader"."""
    return _AMOUNT.sub(lambda amount: f"{float(amount[1]) * SECONDS[amount[2]]:g} seconds", text)


def _clock(row: Row) -> Row:
    amount = float(row["amount"]) * SECONDS[row["unit"]]
    ladders = {name: scaled(row[name]) for name in ("reminders", "ladder")}
    return row | ladders | {"amount": f"{amount:g}", "unit": "seconds"}


def _follow_up(row: Row) -> Row:
    """Attempts on several days become attempts on one: the demo has only today."""
    hours = float(row["wait_hours"]) / 24 * SECONDS["days"] * 1.6 / 3600
    return row | {"days": "1", "wait_hours": f"{hours:.6f}"}


def _duty(rows: list[Row], off_duty: frozenset[str]) -> list[Row]:
    staffed = {(row["unit"], row["role"]) for row in rows if row["person"] not in off_duty}
    kept = [row for row in rows if row["person"] not in off_duty or (row["unit"], row["role"]) not in staffed]
    return [row | {"start": "00:00", "until": "24:00", "weekdays": ""} for row in kept]


def _rewritten(data: bytes, change: Callable[[list[Row]], list[Row]]) -> bytes:
    reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    rows, out = list(reader), io.StringIO()
    writer = csv.DictWriter(out, fieldnames=reader.fieldnames or [])
    writer.writeheader()
    writer.writerows(change(rows))
    return out.getvalue().encode()
