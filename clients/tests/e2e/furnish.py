"""What a town in use has: two months of made-up days in the counts, never a real ticket; and a line that was set aside."""

from datetime import datetime, time, timedelta
from random import Random

from chalicelib.domain.figures.facts import ClockFact, Fact
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.tickets.ticket import Stage
from chalicelib.domain.town.vocabulary import Source

DAYS = 61
AREAS = ("GGLW", "HJB")
BUSY = frozenset({12, 13})  # days ago: a rain, a burst
_OPEN = (Stage.DISPATCHED, Stage.HANDLING, Stage.RESOLVED)
_GONE = (Stage.WITHDRAWN, Stage.MERGED)


def furnish(now: datetime) -> int:
    """Answers how many tickets were made up; the same ones at every run."""
    from chalicelib.domain.figures.counts import count_day, still_open
    from chalicelib.store.figures import counts
    from chalicelib.store.town import directory

    town, dice, made = directory.town(), Random(7), 0
    units = [unit.code for unit in town.units]
    categories = [each.code for each in town.categories if each.parent][:14]
    for back in range(1, DAYS + 1):
        day = (now - timedelta(days=back)).date()
        at = datetime.combine(day, time(9), SHANGHAI)
        for area in AREAS:
            many = dice.randrange(3, 16) + (8 if back in BUSY else 0)
            facts = [_fact(f"made-up-{made + n}", area, at, units, categories, dice) for n in range(many)]
            made += many
            closed = [fact for fact in facts if not fact.is_open]
            counts.save(day, area, count_day(facts, closed), still_open(facts), is_listed=True, now=now)
    return made


def _fact(id_: str, area: str, at: datetime, units: list[str], categories: list[str], dice: Random) -> Fact:
    stage = Stage.CLOSED if dice.random() < 0.8 else dice.choice(_OPEN + _GONE)
    is_done = stage in (Stage.CLOSED, Stage.RESOLVED)
    return Fact(
        ticket_id=id_,
        version=1,
        received_at=at,
        closed_at=None if stage in _OPEN else at,
        stage=stage,
        area=area,
        place="",
        source=dice.choice([*Source]),
        category=dice.choice(categories),
        unit=dice.choice(units),
        clocks=_clocks(stage, is_done, dice),
        returns=int(dice.random() < 0.06),
        claimed=is_done and dice.random() < 0.85,
        on_the_spot=is_done and dice.random() < 0.1,
        last_word=dice.choice(["solved"] * 6 + ["", "not_solved", "unreached"]) if is_done else "",
        satisfied=dice.choice([True] * 5 + [False, None, None]) if is_done else None,
        fed_back=True,
    )


def _clocks(stage: Stage, is_done: bool, dice: Random) -> tuple[ClockFact, ...]:
    is_taken = stage is not Stage.DISPATCHED
    clocks = [
        _clock("feedback", 0.92, True, dice, climbed=("station_head",)),
        _clock("take", 1.0, is_taken, dice),
        _clock("unit_feedback", 0.9, is_taken, dice),
        _clock("resolution", 0.88, is_done, dice, climbed=("unit_head",)),
    ]
    if dice.random() < 0.4:
        clocks.append(_clock("response", 0.85, is_taken, dice))
    return tuple(clocks)


def _clock(kind: str, kept: float, is_met: bool, dice: Random, *, climbed: tuple[str, ...] = ()) -> ClockFact:
    is_kept = dice.random() < kept
    state = ("kept" if is_kept else "late") if is_met else "open"
    by = "machine" if kind == "feedback" and dice.random() < 0.4 else "person"
    rungs = () if is_kept else climbed
    return ClockFact(kind=kind, state=state, by=by, due=900, met=300 if is_met else None, climbed=rungs)


def set_aside(ticket_id: str, now: datetime) -> str:
    """The first line of a real ticket as if the part that sends messages had not answered; its letter's id."""
    from chalicelib.store.notices import dead_letters

    keys = {"PK": {"S": f"TICKET#{ticket_id}"}, "SK": {"S": "EVENT#000001"}}
    record = {"eventName": "INSERT", "dynamodb": {"Keys": keys}}
    return dead_letters.add(record, reason="TimeoutError: 企业微信没有应答", passes=True, now=now).id
