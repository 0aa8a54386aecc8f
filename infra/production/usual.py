"""`make usual [STAGE=prod]`: how true "同类一般 N 天" would have been, category by category, in the town's own past.

Every closed ticket is held against those that were closed before it came in, as its resident would have been told. Half of
them should lie within the first number, eight of ten within the second; whole days make it a little more. Writes nothing.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from operator import attrgetter

from chalicelib.domain.figures.facts import Fact, day_of, fact_of
from chalicelib.domain.figures.similar_closed import closed_of
from chalicelib.domain.figures.usual import FEWEST, Coverage, Lived, coverage
from chalicelib.domain.town.calendar import Calendar
from chalicelib.store import keys
from chalicelib.store.figures.similar_closed import MOST_READ
from chalicelib.store.table import from_wire
from chalicelib.store.tickets import tickets
from infra.production import aws, whole
from infra.production.aws import Deployment

Kind = tuple[str, str]  # area and category


def lived(facts: Iterator[Fact]) -> dict[Kind, list[Lived]]:
    """The closed tickets by their kind, the oldest first."""
    found: dict[Kind, list[Lived]] = {}
    for fact in sorted(facts, key=attrgetter("received_at")):
        closed = closed_of(fact, Calendar())
        if closed is not None and closed.days is not None:
            found.setdefault((fact.area, fact.category), []).append(Lived(day_of(fact.received_at), closed))
    return found


def facts(deployment: Deployment) -> Iterator[Fact]:
    """Of every ticket. Reads the table once, from end to end."""
    for wired in whole.scan(deployment, "tickets"):
        if keys.is_ticket(wired["PK"]["S"], wired["SK"]["S"]) and (
            fact := fact_of(tickets.load(from_wire(wired)))
        ):
            yield fact


def said(covered: Mapping[Kind, Coverage]) -> Iterator[str]:
    """A line for each kind of which anything would have been said, and one for all."""
    told = {kind: each for kind, each in covered.items() if each.told}
    for (area, category), each in sorted(told.items()):
        yield f"{area} {category}：{_shares(each)}，之前不够 {FEWEST} 件、没有说的 {each.untold}"
    whole_ = (
        Coverage(*(sum(numbers) for numbers in zip(*covered.values(), strict=True)))
        if covered
        else Coverage()
    )
    yield f"合计：{_shares(whole_)}，没有说的 {whole_.untold}"


def _shares(each: Coverage) -> str:
    if not each.told:
        return "还没有说过"
    half, most = each.within_half / each.told, each.within_most / each.told
    return f"说过的 {each.told} 件里，一半以内 {each.within_half}（{half:.0%}，应为 50%），八成以内 {each.within_most}（{most:.0%}，应为 80%）"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, usual in (("stage", "local"), ("region", ""), ("profile", "")):
        parser.add_argument(f"--{name}", default=usual)
    chosen = parser.parse_args()

    def run() -> None:
        deployment = aws.deployment(chosen.stage, chosen.region, chosen.profile)
        kinds = lived(facts(deployment))
        for line in said({kind: coverage(each, MOST_READ) for kind, each in kinds.items()}):
            print(line)

    return aws.spoken(run)


if __name__ == "__main__":
    sys.exit(main())
