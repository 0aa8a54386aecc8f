"""What a dashboard page costs, however many tickets lie behind it: read units and requests of today, of a quarter, of trends."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import pairwise
from random import Random
from time import perf_counter
from typing import Any

from benchmarks.row import Row, Size
from benchmarks.world import MONDAY, World, a_world
from chalicelib.domain.figures.facts import ClockFact, Fact, MetBy, PromiseState
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import FollowUpResult, Stage
from chalicelib.domain.town.vocabulary import Role, Source

DAYS = 365
MOST_UNITS = {"today": 30.0, "a quarter": 120.0}
AREAS = {"GGLW": ("SHJY", "LWY"), "HJB": ("HJB-1", "HJB-2")}
Cost = tuple[int, float, float]  # requests, read units, milliseconds


def run(size: Size) -> list[Row]:
    """At most 100,000 tickets: a page reads counts, a day and area each, so more tickets make items larger, not more."""
    numbers = [n for n in size.tickets if n <= 100_000] or [size.tickets[0]]
    found: dict[str, list[Cost]] = {}
    with a_world() as world:
        for before, number in pairwise((0, *numbers)):
            _fill(before, number)
            for name, page in _pages(world).items():
                found.setdefault(name, []).append(_cost(world, page))
    return [_row(name, costs, numbers) for name, costs in found.items()]


def _fill(before: int, number: int) -> None:
    """The counts of a year in which so many tickets came, made from their facts as the service does."""
    from chalicelib.domain.figures.counts import count_day, still_open
    from chalicelib.store.figures import counts

    for n in range(DAYS):
        for area in AREAS:
            day = (MONDAY - timedelta(days=n)).date()
            made = list(
                _facts(area, datetime.combine(day, time(9), SHANGHAI), number // (DAYS * len(AREAS)) + 1)
            )
            ended = [fact for fact in made if not fact.is_open]
            counts.save(
                day,
                area,
                count_day(made, ended),
                still_open(made),
                is_listed=before > 0 or n > 0,
                now=MONDAY,
            )


def _facts(area: str, at: datetime, number: int) -> Iterator[Fact]:
    dice = Random(f"{area}{at}")
    for n in range(number):
        is_open = dice.random() < 0.02
        kept = PromiseState.LATE if dice.random() < 0.1 else PromiseState.KEPT
        clocks = (
            ClockFact(kind=ClockKind.FEEDBACK, state=PromiseState.KEPT, by=MetBy.PERSON, due=300),
            ClockFact(kind=ClockKind.RESOLUTION, state=kept, by=MetBy.PERSON, due=9),
        )  # fmt: skip
        yield Fact(
            ticket_id=f"{n}",
            version=1,
            received_at=at,
            closed_at=None if is_open else at,
            stage=Stage.HANDLING if is_open else Stage.CLOSED,
            area=area,
            place=dice.choice(AREAS[area]),
            source=dice.choice([*Source]),
            category=f"C{min(int(dice.expovariate(0.15)), 39):02d}",
            unit=f"U{dice.randrange(25):02d}",
            clocks=clocks,
            last_word=FollowUpResult.SOLVED,
        )


def _pages(_world: World) -> dict[str, Any]:
    from chalicelib.actions.figures import figures
    from chalicelib.domain.figures import alerts
    from chalicelib.domain.figures.figures import Axis
    from chalicelib.store.figures import counts
    from chalicelib.store.town import directory

    leader = next(person for person in directory.town().staff if Role.TOWN_LEADER in person.roles)
    quarter = MONDAY.date() - timedelta(days=figures.MOST_DAYS - 1)

    def watch() -> None:
        """What looking for trends reads of one area after a recount."""
        first = MONDAY.date() - timedelta(weeks=9)
        counted = counts.list_counts("GGLW", first, MONDAY.date())
        by_day = {each.day: _received(each.counts) for each in counted}
        made = alerts.series(by_day, first, MONDAY.date())
        spread = alerts.spread_of_kinds(made, alerts.Thresholds())
        for history in made.values():
            alerts.look(history, alerts.Thresholds(), spread=spread)

    return {
        "today": lambda: figures.today(by=leader, now=MONDAY),
        "a quarter": lambda: figures.between(quarter, MONDAY.date(), Axis.UNIT, by=leader, now=MONDAY),
        "looking for trends in an area": watch,
    }


def _received(counted: Any) -> dict[str, int]:
    return {key: tally.get("received", 0) for key, tally in counted.get("spot", {}).items()}


def _cost(world: World, page: Any) -> Cost:
    page()
    with world.meter.counting() as meter:
        began = perf_counter()
        page()
        lasted = (perf_counter() - began) * 1000
    return sum(meter.requests.values()), meter.read_units, lasted


def _row(name: str, costs: list[Cost], numbers: list[int]) -> Row:
    requests = " / ".join(str(cost[0]) for cost in costs)
    units = " / ".join(f"{cost[1]:g}" for cost in costs)
    lasted = " / ".join(f"{cost[2]:.0f}" for cost in costs)
    sizes = " / ".join(f"{number:,}" for number in numbers)
    most = MOST_UNITS.get(name)
    return Row(
        f"dashboard: {name}",
        f"≤ {most:g} read units" if most else "–",
        f"{units} read units, {requests} requests, {lasted} ms",
        f"{sizes} tickets in a year, two areas, seen by the town leader; ReturnConsumedCapacity of dynoxide, this machine's time",
        max(cost[1] for cost in costs) <= most if most else None,
    )
