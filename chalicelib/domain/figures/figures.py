"""Figures 数据 as screens show them: rows with their names, from counts (docs/indicators.md). No row is a person."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from chalicelib.domain.figures.counts import Counts, StillOpen, added
from chalicelib.domain.figures.funnel import funnel_of
from chalicelib.domain.figures.indicators import (
    MINIMUM,
    Tally,
    ends,
    escalations,
    indicators_of,
    late_by_rung,
)
from chalicelib.domain.figures.promises import (
    beside_of,
    days_of,
    paused_by_of,
    promises_of,
    public_promises,
    stopped_of,
)
from chalicelib.domain.figures.silent import Silent
from chalicelib.domain.figures.small_numbers import shown, shown_column, shown_parts, shown_share
from chalicelib.domain.model import View
from chalicelib.domain.tickets.clock_model import ClockKind, ladder_name
from chalicelib.domain.tickets.ticket import STAGE_NAMES, Stage
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import PlaceKind, Role, Source, Staff, Track
from chalicelib.domain.town_import.cells import CHINESE

if TYPE_CHECKING:
    from chalicelib.domain.figures.schemas import SilentPlace
    from chalicelib.domain.schemas import Named

TODAY_BY = ("area", "channel", "category", "origin")
PUBLIC_BY = ("area", "category", "channel")
PUBLIC_PROMISES = (ClockKind.FEEDBACK, ClockKind.RESPONSE, ClockKind.RESOLUTION)
PUBLIC_INDICATORS = ("feedback", "response", "finished", "finished_extended", "confirmed", "satisfied")
_FED_BACK_BY = ("by_person", "by_machine", "by_typing")
UNKNOWN = "未定"
PUBLIC_WITHOUT = "保密工单和演练不计入"
ROLE_NAMES: Mapping[str, str] = dict(zip(map(str, Role), CHINESE[Role], strict=True))
_FIXED: dict[str, Mapping[str, str]] = {
    "channel": dict(zip(map(str, Source), CHINESE[Source], strict=True)),
    "origin": {"found": "主动发现", "reported": "被动发现"},
    "track": dict(zip(map(str, Track), CHINESE[Track], strict=True)),
}
ByArea = Mapping[str, Counts]


class Axis(StrEnum):
    """By what the figures of some days are parted into rows."""

    AREA = "area"
    UNIT = "unit"
    CATEGORY = "category"
    CHANNEL = "channel"
    ORIGIN = "origin"
    TRACK = "track"


def areas_of(staff: Staff, town: Town) -> list[str]:
    """The areas whose figures someone may see: those he or she answers for, whole; "" for what has no area."""
    areas = [place for place in town.places if place.kind is PlaceKind.AREA]
    seen = [place.code for place in areas if town.covers(staff, place.path)]
    return [*seen, ""] if town.covers(staff, ()) else seen


def named_areas(areas: Iterable[str], town: Town) -> "list[Named]":
    return [{"code": area, "name": _name("area", area, town)} for area in areas]


def today_view(by_area: ByArea, still_open: Iterable[StillOpen], town: Town, today: date) -> View:
    """The first dashboard: what came in and what became of it, and what is late of any day."""
    running = list(still_open)
    late = late_by_rung(each.late for each in running)
    return {
        "open": sum(each.tickets for each in running),
        "late": [{"to": role, "to_name": ladder_name(role), "tickets": n} for role, n in late],
        "total": _row("", "", _tally(added(by_area.values())), today),
        "by": {by: [_row(*each, today) for each in _rows(by_area, by, town)] for by in TODAY_BY},
    }


def days_view(by_area: ByArea, by: Axis, town: Town, today: date) -> View:
    """The figures of some days: their sum, and one row for each area, unit, … in the order of their names."""
    whole = added(by_area.values())
    return {
        "by": by,
        "minimum": MINIMUM,
        "funnel": funnel_of(whole.get("life", {}).get("", {})),
        "total": _full_row("", "", _tally(whole), today),
        "rows": [_full_row(*each, today) for each in _rows(by_area, by, town)],
    }


def day_line(day: date, counts: Counts) -> View:
    tally = _tally(counts)
    return {"day": day.isoformat()} | _sizes(tally)


def public_view(by_area: ByArea, town: Town, today: date) -> View:
    """What everyone may see: no number from 1 to 4, and none from which one could be recalculated.

    Beside each promise stands what would flatter it unsaid: who met it, what stood still, what was extended, who said nothing.
    """
    tally = _tally(added(by_area.values()))
    indicators = indicators_of(tally)
    return {
        **{what: shown(n) for what, n in _sizes(tally).items()},
        "indicators": {name: _shown_share(indicators[name]) for name in PUBLIC_INDICATORS}
        | {"satisfied": _shown_satisfied(indicators["satisfied"])},
        "fed_back": shown_parts({by: indicators["feedback"][by] for by in _FED_BACK_BY}),
        "left_out": PUBLIC_WITHOUT,
        "promises": public_promises([each for each in promises_of(tally) if each.clock in PUBLIC_PROMISES]),
        "days": _shown_days(days_of(tally)),
        "stopped": _shown_stopped(stopped_of(tally, today)),
        **{by: _public_rows(_rows(by_area, by, town)) for by in PUBLIC_BY},
    }


def silent_line(silent: Silent, area: str, town: Town) -> "SilentPlace":
    """A place of the list for the next walk, with its counts and what chance has to do with it."""
    place = town.find_place(silent.place)
    return {
        "area": area,
        "area_name": _name("area", area, town),
        "place": silent.place,
        "place_name": place.name if place else UNKNOWN,
        "inside_wall": bool(place and place.inside_wall),
        "found": silent.found,
        "reported": silent.reported,
        "expected": silent.expected,
        "chance": silent.chance,
    }


def _tally(counts: Counts) -> Tally:
    return counts.get("all", {}).get("", {})


def _rows(by_area: ByArea, by: str, town: Town) -> list[tuple[str, str, Tally]]:
    """Key, name and tally of each row, in the order of the names; what has none comes last."""
    if by == Axis.AREA:
        tallies = {area: _tally(counts) for area, counts in by_area.items()}
    else:
        tallies = dict(added(by_area.values()).get(by, {}))
    rows = [(key, _name(by, key, town), tally) for key, tally in tallies.items()]
    return sorted(rows, key=lambda row: (row[0] == "", row[1], row[0]))


def _row(key: str, name: str, tally: Tally, today: date) -> View:
    promises = [each.view() for each in promises_of(tally)]
    approved = [
        {"as": role, "as_name": ROLE_NAMES.get(role, role), "pauses": n} for role, n in paused_by_of(tally)
    ]
    beside = {
        "promises": promises,
        "days": days_of(tally),
        "stopped": stopped_of(tally, today),
        "paused_by": approved,
        "beside": beside_of(tally),
    }
    return {"key": key, "name": name, **_sizes(tally), "indicators": indicators_of(tally)} | beside


def _full_row(key: str, name: str, tally: Tally, today: date) -> View:
    climbed = [{"to": role, "to_name": ladder_name(role), "times": n} for role, n in escalations(tally)]
    ended = [{"as": stage, "as_name": STAGE_NAMES[Stage(stage)], "tickets": n} for stage, n in ends(tally)]
    return _row(key, name, tally, today) | {"escalated": climbed, "ended": ended}


def _sizes(tally: Tally) -> dict[str, int]:
    return {"received": tally.get("received", 0), "closed": tally.get("ended.closed", 0)}


def _shown_share(indicator: Mapping[str, int]) -> View:
    return dict(shown_share(indicator["numerator"], indicator["denominator"]))


def _shown_satisfied(indicator: Mapping[str, int]) -> View:
    """Of how many who were asked; nothing where the few who did not say would be told."""
    if None in shown_share(indicator["answered"], indicator["asked"]).values():
        return {"numerator": None, "denominator": None, "asked": None}
    return _shown_share(indicator) | {"asked": indicator["asked"]}


def _shown_stopped(stopped: Mapping[str, int]) -> View:
    few = shown(stopped["paused"]) is None
    return {"paused": None if few else stopped["paused"], "days": None if few else stopped["paused_days"]}


def _shown_days(days: Mapping[str, int | None]) -> View:
    """Nothing of few: two quantiles of three tickets are the tickets themselves."""
    few = shown(days["of"] or 0) is None
    told = {what: None if few else days[what] for what in ("of", "median", "p90")}
    return told | {"open": shown(days["open"] or 0)}


def _public_rows(rows: list[tuple[str, str, Tally]]) -> list[View]:
    columns = {
        what: shown_column({key: _sizes(tally)[what] for key, _, tally in rows})
        for what in ("received", "closed")
    }
    return [
        {"name": name, **{what: column[key] for what, column in columns.items()}} for key, name, _ in rows
    ]


def _name(by: str, key: str, town: Town) -> str:
    if not key:
        return UNKNOWN
    if by in _FIXED:
        return _FIXED[by].get(key, "")
    find: dict[str, Callable[[str], Any]] = {
        "area": town.find_place,
        "unit": town.find_unit,
        "category": town.find_category,
    }
    found = find[by](key)
    return str(found.name) if found else ""
