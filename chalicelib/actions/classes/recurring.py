"""Measures that recur: a day called off or held after all, and the day before, the unit that does it is reminded (rule 67).

Residents are not pushed to of a day: it stands on the page of every code there until it is over, and beside the
announcement on the tickets of the class (`actions.views.class_of_ticket`).
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta

from chalicelib.actions.classes import classes as actions
from chalicelib.actions.notices import mornings
from chalicelib.domain.classes import recurring as rules
from chalicelib.domain.classes.issue_class import IssueClass, State
from chalicelib.domain.classes.measures_taken import Measure
from chalicelib.domain.classes.recurring import Day
from chalicelib.domain.errors import NotFound
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import PlaceKind, Staff
from chalicelib.gateways import queue
from chalicelib.store.classes import classes
from chalicelib.store.town import directory, outages

TEMPLATE = "measure_day"


def call_off(
    class_id: str, measure_id: str, day: date, reason: str, *, by: Staff, now: datetime
) -> IssueClass:
    """停一次: the unit hears it at once, and who scans a code there reads it. Raises what the rules refuse, NotFound."""
    actions.get(class_id, by=by)
    cls = classes.change(class_id, lambda c: rules.call_off(c, measure_id, day, reason, by=by.code, now=now))
    _put_up(cls, measure_id, day, by=by, now=now)
    _tell_of(cls, measure_id, day, besides=by, now=now)
    return cls


def hold_after_all(class_id: str, measure_id: str, day: date, *, by: Staff, now: datetime) -> IssueClass:
    """照常: the unit hears it at once, and the banner comes down. Raises what the rules refuse, NotFound."""
    actions.get(class_id, by=by)
    cls = classes.change(class_id, lambda c: rules.hold_after_all(c, measure_id, day, by=by.code, now=now))
    with suppress(NotFound):  # the desk may have taken it down
        outages.end_outage(_where(cls, directory.town()), _banner(measure_id, day))
    _tell_of(cls, measure_id, day, besides=by, now=now)
    return cls


def remind(*, now: datetime) -> int:
    """Each unit hears in the morning what it holds tomorrow, and what is off. Answers how many were told; again is as once."""
    town, tomorrow, told = directory.town(), now.date() + timedelta(days=1), 0
    start = mornings.morning_of(now)
    for cls in _open(town):
        for measure in cls.measures:
            day = rules.on(measure, tomorrow, town.calendar)
            if day is None:
                continue
            for person in _who(cls, measure, town):
                _tell(person, measure, day, key=f"{now:%Y%m%d}", at=start, wait=start)
                told += 1
    return told


def _put_up(cls: IssueClass, measure_id: str, day: date, *, by: Staff, now: datetime) -> None:
    """A banner until the day is over, at all codes of where the class is. Again is as once."""
    town = directory.town()
    measure = next(each for each in cls.measures if each.id == measure_id)
    stands = rules.on(measure, day, town.calendar)
    if stands is None or not stands.off:
        return
    outages.put_outage(
        _where(cls, town),
        rules.reminder(measure, stands),
        by=by.code,
        now=now,
        until=datetime.combine(day + timedelta(days=1), time(), tzinfo=SHANGHAI),
        known_as=_banner(measure_id, day),
    )


def _banner(measure_id: str, day: date) -> str:
    return f"{measure_id}{day:%Y%m%d}"


def _where(cls: IssueClass, town: Town) -> str:
    """The narrowest place that all of the class is at: its neighbourhood or street, its area, or the town."""
    return cls.scope or cls.area or next(p.code for p in town.places if p.kind is PlaceKind.TOWN)


def _open(town: Town) -> Iterator[IssueClass]:
    for area in ("", *(place.code for place in town.places if place.kind is PlaceKind.AREA)):
        yield from (cls for cls in classes.list_open(area) if cls.state is State.MEASURED)


def _who(cls: IssueClass, measure: Measure, town: Town) -> tuple[Staff, ...]:
    """The heads of the unit that does it; whoever answers for the class where it has none."""
    heads = (*town.unit_heads(measure.unit_id), *town.station_heads(measure.unit_id))
    owner = town.find_staff(cls.owner)
    return heads or ((owner,) if owner else ())


def _tell_of(cls: IssueClass, measure_id: str, day: date, *, besides: Staff, now: datetime) -> None:
    town = directory.town()
    measure = next(each for each in cls.measures if each.id == measure_id)
    stands = rules.on(measure, day, town.calendar)
    for person in _who(cls, measure, town):
        if stands and person.code != besides.code:
            told = _tell(person, measure, stands, key=f"{now:%Y%m%d%H%M%S}", at=now, wait=now)
            if told:
                queue.wake([told])


def _tell(
    person: Staff, measure: Measure, day: Day, *, key: str, at: datetime, wait: datetime
) -> tuple[str, str] | None:
    """The key of what is to be sent, None where nothing is."""
    note = {"note": rules.reminder(measure, day)}
    about = f"measure-{measure.id}-{day.day:%Y%m%d}-{key}"
    return mornings.tell(person, TEMPLATE, note, event_key=about, at=at, not_before=wait)
