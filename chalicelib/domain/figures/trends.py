"""Trends 趋势与苗头 as leaders read them: words, names, whom an alert is for, and which tickets are behind it."""

from datetime import date
from typing import TYPE_CHECKING

from chalicelib.domain.figures.alerts import Alert, Kind, Reason, Spot
from chalicelib.domain.figures.facts import Fact
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Role, Staff
from chalicelib.domain.views.ticket_view import category_name

if TYPE_CHECKING:
    from chalicelib.domain.figures.schemas import AlertShown

WHOLE = "各类合计"  # in place of a category: a place of all kinds together
KIND_NAMES = {Kind.TREND: "趋势", Kind.FIRST_SIGN: "苗头"}


def view_of(alert: Alert, town: Town) -> "AlertShown":
    found = alert.found
    return {
        "id": alert.id,
        "kind": found.kind.value,
        "kind_name": KIND_NAMES[found.kind],
        "reason": found.reason.value,
        "area": alert.area,
        "place": alert.place,
        "place_name": place_name(alert, town),
        "category": alert.category,
        "category_name": kind_of(alert, town),
        "day": alert.day.isoformat(),
        "since": alert.since.isoformat(),
        "at": alert.at.isoformat(timespec="seconds"),
        "count": found.count,
        "expected": found.expected,
        "chance": found.chance,
        "tickets": len(alert.ticket_ids),
        "text": f"{place_name(alert, town)}“{kind_of(alert, town)}”{reason_of(alert)}",
    }


def params(alert: Alert, town: Town) -> dict[str, str]:
    """What the notice says."""
    return {"place": place_name(alert, town), "category": kind_of(alert, town), "note": reason_of(alert)}


def kind_of(alert: Alert, town: Town) -> str:
    return (category_name(alert.category, town) or alert.category) if alert.category else WHOLE


def reason_of(alert: Alert) -> str:
    """Why, in plain words: always the count beside what was to be expected."""
    found = alert.found
    usual = "不到1件" if found.expected < 1 else f"约{found.expected:.0f}件"
    if found.reason is Reason.DAY:
        return f"{alert.day.month}月{alert.day.day}日有{found.count}件，以往这一天{usual}"
    beginning = f"7天内有{found.count}件"
    return {
        Reason.WEEK: f"{beginning}，以往7天{usual}",
        Reason.NEW: f"{beginning}，此前几周没有过",
        Reason.RISING: f"{beginning}，连续三周增多",
    }[found.reason]


def place_name(alert: Alert, town: Town) -> str:
    place = town.find_place(alert.place or alert.area)
    return place.name if place else "地点未定"


def leaders(area: str, town: Town) -> tuple[Staff, ...]:
    """The area's leaders; the town's where it has none, or where nobody could tell the area."""
    place = town.find_place(area) if area else None
    own = town.leader(Role.AREA_LEADER, place.path) if place else ()
    return own or town.leader(Role.TOWN_LEADER)


def is_behind(fact: Fact, alert: Alert) -> bool:
    return alert.category in ("", fact.category) and alert.place in ("", fact.place)


def id_of(first: date, kind: Kind, area: str, spot: Spot) -> str:
    return f"{first}~{kind}~{area}~{spot[0]}~{spot[1]}"
