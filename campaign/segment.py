"""One segment: `python -m campaign.segment SEED REPORTS FOLDER [--eventful SHARE] [--mutant CLAIM]` plays it and leaves its
record in the folder.
"""

import argparse
import logging
import os
import resource
import sys
import time
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.stand import SAMPLE, Stand
from campaign import record
from campaign.faults import Faults, Rates
from campaign.mutants import OTHER_VERSION, RENAMED, mutated
from campaign.outsiders import FETCHES_EVERY, Hotline, Puller
from campaign.people import People, sample_texts
from campaign.record import Record
from campaign.stage import ROLLING, Stage, a_stage
from campaign.versions import revision_before, unlike_the_present, unpack
from chalicelib.domain.model import stamp
from chalicelib.store.town import directory

BETWEEN = timedelta(minutes=1)  # two reports, in the mean
CALM = timedelta(minutes=20)  # after the last fault, for what is on its way
ORDERED = 0.12  # the share of reports that are orders of the hotline
ORDERED_OF_A_MUTANT = 0.4  # which is looked at through a few reports only
AGAIN_OF_A_MUTANT = 0.4
MOST_DAYS = 40


def play(seed: int, reports: int, folder: Path, mutant: str = "", eventful: float = 1.0) -> None:
    """`mutant`: a product that is wrong on purpose (campaign/mutants.py); `eventful`: the share of such lives (campaign/mix.py)."""
    rates = Rates(again=AGAIN_OF_A_MUTANT) if mutant else Rates()
    faults, kept, revision = Faults(seed, rates), Record(folder), "" if mutant else revision_before()
    with TemporaryDirectory(prefix="mslj-before-") as unpacked:
        before = unpack(revision, Path(unpacked)) if revision else None
        if mutant == OTHER_VERSION:
            before = unlike_the_present(Path(unpacked), RENAMED)
        with a_stage(faults, kept, seed, before) as stage, mutated(mutant):
            people = People(stage, sample_texts(SAMPLE), eventful)
            hotline, puller = Hotline(stage, people), Puller(stage, people)
            _name_staff(stage)
            stage.rolls_at += BETWEEN * reports * (1 + stage.chance.random()) / 3
            for n in range(reports):
                by_hotline = stage.chance.random() < (ORDERED_OF_A_MUTANT if mutant else ORDERED)
                what = hotline.order if by_hotline else people.report
                stage.later(BETWEEN * (n + stage.chance.random()), what)
            last = stage.now + BETWEEN * reports
            stage.later(FETCHES_EVERY, puller.every_while)
            while stage.now < last and not stage.is_idle():
                stage.step()
                end_if_alone()
            calm = stage.now
            _come_to_rest(stage, people)
            puller.fetch()
            faults.paused = True
            stage.dump()
            end_if_alone()
            kept.say(
                seed=seed, reports=reports, eventful=eventful, dealt=faults.all_dealt(), acted=people.acted,
                until=stamp(stage.now),
                calm=stamp(calm), tickets=len(people.owners), before=revision, cpu=_cpu(stage.stand.engine.pid),
                memory=_memory(stage.stand),
                deployed=[stamp(stage.rolls_at), stamp(stage.rolls_at + ROLLING)] if revision else None,
            )  # fmt: skip
            kept.close()


def end_if_alone() -> None:
    """Where the runner is gone, killed perhaps, nobody waits for this segment; the next runner plays it anew."""
    runner = os.environ.get(record.RUNNER)
    if runner and os.getppid() != int(runner):
        sys.exit("the runner is gone")


def _cpu(engine: int | None) -> float:
    """Seconds of CPU of this process and of its engine so far."""
    fields = (
        Path(f"/proc/{engine}/stat").read_text().rpartition(")")[2].split() if Path("/proc").exists() else []
    )
    ticks = sum(map(int, fields[11:13]))  # user and system
    return round(time.process_time() + ticks / os.sysconf("SC_CLK_TCK"), 1)


def _memory(stand: Stand) -> int:
    """The most MB of memory that this process and its engine have taken, with the engine's file, which lies in memory too."""
    status = Path(f"/proc/{stand.engine.pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    of_engine = sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    file = sum(each.stat().st_size for each in stand.file.parent.glob(f"{stand.file.name}*"))
    return (own + of_engine) // 1024 + file // 2**20


def _come_to_rest(stage: Stage, people: People) -> None:
    """No more faults; everybody does what comes next, until every ticket has ended or time is up."""
    stage.faults.end_all()
    stage.platforms.clear()
    people.is_fair = stage.is_calm = True
    until = stage.now + timedelta(days=MOST_DAYS)
    while stage.now < until and not stage.is_idle():
        stage.step()
        end_if_alone()
    stage.is_calm = False  # whatever there is to be found is found now
    for _ in range(int(CALM.total_seconds() // 60)):
        stage.pass_to(stage.now + timedelta(minutes=1))
        stage.settle()


def _name_staff(stage: Stage) -> None:
    for person in directory.town().staff:
        stage.record.note(
            record.PEOPLE,
            code=person.code,
            unit=person.unit,
            roles=[str(role) for role in person.roles],
            wecom=person.wecom_id,
        )


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seed", type=int)
    parser.add_argument("reports", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--eventful", type=float, default=1.0)
    parser.add_argument("--mutant", default="")
    play(**vars(parser.parse_args()))
