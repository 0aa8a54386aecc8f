"""The weekly bulletin 周报 of an area: what rose, what is late and with whom, classes, five tickets worth reading. No person's name."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from chalicelib.domain.classes.issue_class import STATE_NAMES, IssueClass
from chalicelib.domain.classes.measures_taken import Verdict, check
from chalicelib.domain.figures.counts import Counts, StillOpen
from chalicelib.domain.figures.facts import Fact
from chalicelib.domain.figures.surprise import chance, common_dispersion
from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.tickets.ticket import FollowUpResult, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.views.ticket_view import category_name, unit_name

PAST_WEEKS = 8
MOST_ROWS = 10
WORTH_READING = 5
SMALLEST_RISE = 3  # reports in the week; fewer are no news
WEEK = timedelta(days=7)
VERDICTS = {
    Verdict.TOO_EARLY: "时间还短",
    Verdict.DROPPED: "减少了",
    Verdict.UNCLEAR: "略少，还看不准",
    Verdict.NOT_DROPPED: "没有减少",
}


class Rise(Frozen):
    """A category that came more often than in the weeks before, by reports in the week."""

    category: str
    count: int
    before: float  # a week, of the weeks before
    chance: float


class Reading(Frozen):
    """A ticket worth reading, and why."""

    ticket_id: str
    number: str
    place: str
    category: str
    why: str


class OfClass(Frozen):
    name: str
    state: str
    reporters: int
    members: int
    measure: str = ""
    unit: str = ""
    verdict: str = ""
    before: str = ""  # reports in how many weeks
    after: str = ""


class Bulletin(Frozen):
    """`figures` is the view of the dashboard for the same days (domain/figures.py); rows are units."""

    area: str
    area_name: str
    first: date
    last: date
    made_at: Instant
    received_before: int
    still_open: int
    late: tuple[tuple[str, int], ...] = ()  # unit, how many are late now
    rises: tuple[Rise, ...] = ()
    told: tuple[str, ...] = ()  # trends and first signs of the week
    classes: tuple[OfClass, ...] = ()
    readings: tuple[Reading, ...] = ()
    figures: dict[str, Any]


def week_before(day: date) -> tuple[date, date]:
    """Monday and Sunday of the last whole week before this day."""
    monday = day - timedelta(days=day.weekday()) - WEEK
    return monday, monday + timedelta(days=6)


def rises(weeks: Sequence[Counts], town: Town) -> tuple[Rise, ...]:
    """What rose: more than in any of the weeks before, the least likely first. `weeks`: the last first."""
    counted = [_by_category(week) for week in weeks]
    now, past = counted[0], counted[1:]
    spread = common_dispersion([week[category] for week in past] for category in now)
    found = []
    for category, n in now.items():
        before = [week[category] for week in past]
        if n >= SMALLEST_RISE and before and n > max(before):
            name = category_name(category, town) or "未定"
            mean, how_likely = sum(before) / len(before), chance(n, before, spread)
            found.append(Rise(category=name, count=n, before=mean, chance=how_likely))
    return tuple(sorted(found, key=lambda rise: (rise.chance, rise.category))[:MOST_ROWS])


def late_with(still_open: Iterable[StillOpen], town: Town) -> tuple[tuple[str, int], ...]:
    """Tickets that are late now, by unit; those without one wait at the desk."""
    late: Counter[str] = Counter()
    for each in still_open:
        late.update(each.units)
    named = [(unit_name(unit, town) or "工作站待派", n) for unit, n in late.items()]
    return tuple(sorted(named, key=lambda row: row[0]))


def worth_reading(facts: Iterable[Fact]) -> list[tuple[str, str]]:
    """Ticket and why, the five in which most went wrong. Confidential ones are nobody's reading."""
    scored = [(*_wrong(fact), fact.ticket_id) for fact in facts if not fact.confidential]
    scored.sort(key=lambda row: (-row[0], row[2]))
    chosen = dict.fromkeys((ticket_id, why) for score, why, ticket_id in scored if score)
    return list(chosen)[:WORTH_READING]


def reading(ticket: Ticket, why: str, town: Town) -> Reading:
    place = next((town.find_place(code) for code in ticket.where.path[2:3]), None)
    return Reading(
        ticket_id=ticket.id,
        number=ticket.number,
        place=place.name if place else "",
        category=category_name(ticket.category, town) or "未定",
        why=why,
    )


def of_class(found: IssueClass, today: date, town: Town) -> OfClass:
    """A class with its last measure, and whether it worked, never without the counts."""
    row = OfClass(
        name=found.name, state=STATE_NAMES[found.state], reporters=found.reporters, members=found.members
    )
    if not found.measures:
        return row
    measure = found.measures[-1]
    checked = check(found.weeks, measure.from_on, found.first_on, today)
    sides = {
        side: f"{len(weeks)}周{sum(week.reports for week in weeks)}件"
        for side, weeks in (("before", checked.before), ("after", checked.after))
    }
    told = {"measure": measure.what, "unit": unit_name(measure.unit_id, town)}
    return row.model_copy(update=sides | told | {"verdict": VERDICTS[checked.verdict]})


def _by_category(counts: Counts) -> Counter[str]:
    rows: Mapping[str, Mapping[str, int]] = counts.get("category", {})
    return Counter({category: tally.get("received", 0) for category, tally in rows.items()})


def _wrong(fact: Fact) -> tuple[int, str]:
    """How much went wrong, in points, and in words."""
    climbed = sum(len(clock.climbed) for clock in fact.clocks)
    parts = [
        (4 * (fact.round - 1), f"重办{fact.round - 1}次"),
        (3 * fact.returns, f"退单{fact.returns}次"),
        (5 * (fact.last_word is FollowUpResult.NOT_SOLVED), "居民说没解决"),
        (2 * climbed, f"升级{climbed}次"),
        (2 * (fact.satisfied is False), "居民不满意"),
    ]
    return sum(points for points, _ in parts), "，".join(words for points, words in parts if points)
