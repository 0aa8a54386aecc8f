"""One segment: `python -m campaign.segment SEED REPORTS FOLDER [MUTANT]` plays it and leaves its record in the folder."""

import logging
import sys
from datetime import timedelta
from pathlib import Path

from benchmarks.stand import SAMPLE
from campaign import record
from campaign.faults import Faults, Rates
from campaign.mutants import mutated
from campaign.people import People, sample_texts
from campaign.record import Record
from campaign.stage import Stage, a_stage
from chalicelib.domain.model import stamp
from chalicelib.store.town import directory

BETWEEN = timedelta(minutes=4)  # two reports, in the mean
CALM = timedelta(minutes=20)  # after the last fault, for what is on its way
MOST_DAYS = 40


def play(seed: int, reports: int, folder: Path, mutant: str = "") -> None:
    """`mutant`: a product that is wrong on purpose (campaign/mutants.py)."""
    faults, kept = Faults(seed, Rates()), Record(folder)
    with a_stage(faults, kept, seed) as stage, mutated(mutant):
        people = People(stage, sample_texts(SAMPLE))
        _name_staff(stage)
        for n in range(reports):
            stage.later(BETWEEN * (n + stage.chance.random()), people.report)
        last = stage.now + BETWEEN * reports
        while stage.now < last and not stage.is_idle():
            stage.step()
        calm = stage.now
        _come_to_rest(stage, people)
        faults.paused = True
        stage.dump()
        kept.say(
            seed=seed, reports=reports, dealt=dict(faults.dealt), acted=people.acted, until=stamp(stage.now), calm=stamp(calm),
            tickets=len(people.owners),
        )  # fmt: skip
        kept.close()


def _come_to_rest(stage: Stage, people: People) -> None:
    """No more faults; everybody does what comes next, until every ticket has ended or time is up."""
    stage.faults.rates = Rates.none()
    stage.platforms.clear()
    people.is_fair = True
    until = stage.now + timedelta(days=MOST_DAYS)
    while stage.now < until and not stage.is_idle():
        stage.step()
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
    logging.disable(logging.CRITICAL)
    play(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), *sys.argv[4:5])
