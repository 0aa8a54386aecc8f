"""`make chaos`: the demo's day while processes of the local cloud and of the Lambdas are killed with -9 at random.

Everything is started again by the supervisor, clients ask again with the same Idempotency-Key, and what a killed Lambda
left undone is finished by a retry or the sweep. The same check must hold at the end. Exit 1 if it does not.
"""

import sys

from rich.console import Console

from infra.local.demo import arguments
from infra.local.play import check, theatre
from infra.local.play.fate import Fate
from infra.local.play.reports import SAMPLE, read_reports
from infra.local.play.theatre import Script

SPEED = 320.0  # slower than the demo: much time goes into starting again


def main() -> int:
    chosen, console = arguments(__doc__, speed=SPEED), Console()
    script = Script(
        read_reports(chosen.reports),
        chosen.speed,
        chosen.seed,
        patience=120,
        settle=240,
        slack=check.LATE.total_seconds(),  # a blow in bad weather looks like its fault
        may_refuse=chosen.reports != SAMPLE,
    )
    with theatre.own_cloud("chaos", console) as cloud:
        cloud.say = lambda _: None  # the blows are enough to read
        fate = Fate(cloud, chosen.seed, console.log)
        failed = theatre.play(cloud, script, console, meanwhile=fate.strike)
        blows = "、".join(f"{part} {count}" for part, count in fate.blows.most_common())
        console.print(f"kill -9：{blows or '一次也没有'}")
    return failed


if __name__ == "__main__":
    sys.exit(theatre.spoken(main))
