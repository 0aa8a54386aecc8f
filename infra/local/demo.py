"""`make demo`: a day in the town against a local cloud of its own, its promises in seconds; then the figures and a check.

After it comes a morning at the counter (`play/morning.py`): policy with its source, slips, a son for his mother, meetings,
a disputed duty, a petition's letters, the shops of 望月路; then a bad day (`play/bad_day.py`): merges, a wrong place, people
who leave, messages that cannot arrive.

`ARGS="--reports FILE"` replays any CSV with the columns time, title, body; `--speed 400` means 400 times faster than life.
Exit 1 when anything was lost, happened twice, or was told twice.
"""

import argparse
import sys
from pathlib import Path

from rich.console import Console

from infra.local import town
from infra.local.play import bad_day, morning, theatre
from infra.local.play.reports import SAMPLE, read_reports
from infra.local.play.scaled import demo_town
from infra.local.play.theatre import Script

SPEED = 400.0  # the sample day's sixteen hours in two and a half minutes
SEED = 20240801  # the month in which the codes were first hung


def arguments(description: str | None, **defaults: float) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--reports", type=Path, default=SAMPLE, help="CSV: time,title,body")
    parser.add_argument("--speed", type=float, default=defaults.get("speed", SPEED))
    parser.add_argument("--seed", type=int, default=SEED)
    chosen = parser.parse_args()
    if chosen.speed <= 0:
        parser.error("--speed 应大于 0")
    return chosen


def main() -> int:
    chosen, console = arguments(__doc__), Console()
    script = Script(
        read_reports(chosen.reports),
        chosen.speed,
        chosen.seed,
        patience=90,
        settle=120,
        may_refuse=chosen.reports != SAMPLE,
    )
    with theatre.own_cloud("demo", console) as cloud:
        first = theatre.play(cloud, script, console)
        at_the_counter = morning.play(cloud, console)
        bad = bad_day.play(cloud, demo_town(town.files_of(town.SAMPLE)), console)
        return first or at_the_counter or bad


if __name__ == "__main__":
    sys.exit(theatre.spoken(main))
