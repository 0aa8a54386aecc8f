"""Whether somebody answers everywhere and always: checked on a town whose rows are sound, over the coming weeks."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta

from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.duty import minute_of_day
from chalicelib.domain.town.emergency import GAS, gas_number
from chalicelib.domain.town.places import depth_in
from chalicelib.domain.town.vocabulary import Duty, Place, PlaceKind, Role, Unit, UnitKind
from chalicelib.domain.town_import.sheet import Sheet

DAYS_AHEAD = 28  # a roster that runs out sooner is refused now rather than missed then
_WEEKDAYS = "一二三四五六日"


def check_coverage(town: Town, sheets: Mapping[str, Sheet], today: date) -> None:
    """Every grid has a station and a grid worker, every unit a head, and every desk someone at every hour of `DAYS_AHEAD`."""
    for place in town.places:
        if place.kind in (PlaceKind.AREA, PlaceKind.GRID):
            _check_station(town, sheets["places"], place)
        if place.kind is PlaceKind.GRID:
            _check_grid_worker(town, sheets["places"], place)
        if place.kind is PlaceKind.AREA:
            _check_area_leader(town, sheets["places"], place)
    for unit in town.units:
        _check_head(town, sheets["units"], unit)
        if unit.kind is UnitKind.STATION:
            _check_desk(town, sheets["duty"], unit, today)
    if not gas_number(town.emergency):
        reason = f"缺少编码为 {GAS} 的一行：燃气公司的抢修电话印在每个码上"
        sheets["emergency"].refuse(0, "code", reason)
    for role in (Role.TOWN_LEADER, Role.ADMIN):
        if not any(role in person.roles for person in town.staff):
            sheets["staff"].refuse(0, "roles", f"没有角色为 {role} 的人员，至少要有一位")


def warnings(town: Town, today: date) -> tuple[str, ...]:
    """What an import does not refuse but says: an area where nobody, or not round the clock, takes what is about its station."""
    areas = (place for place in town.places if place.kind is PlaceKind.AREA)
    return tuple(said for area in areas if (said := _unheard(town, area, today)))


def _unheard(town: Town, area: Place, today: date) -> str:
    contacts = {person.code for person in town.confidential_contacts(area.path)}
    if not contacts:
        return f"注意：“{area.name}”没有保密受理，投诉工作站的事由只有片区负责人收得到；请在人员表里安排"
    rows = [row for row in town.duty if row.role is Role.CONFIDENTIAL_CONTACT and row.person in contacts]
    gap = next((at for at in _changes(rows, today) if not town.is_staffed(rows, at)), None)
    return (
        f"注意：“{area.name}”的保密受理从{gap:%Y年%-m月%-d日 %H:%M}起无人值班，请补上这段时间" if gap else ""
    )


def _check_station(town: Town, places: Sheet, place: Place) -> None:
    if town.deepest(UnitKind.STATION, place.path) is None:
        places.refuse(_line(places, place.code), "code", f"“{place.full_name}”没有民情快办工作站负责")


def _check_grid_worker(town: Town, places: Sheet, grid: Place) -> None:
    station = town.deepest(UnitKind.STATION, grid.path)
    rows = [row for row in town.duty if station and row.unit == station.code and row.role is Role.GRID_WORKER]
    people = [town.staff_member(row.person) for row in rows]
    if station and not any(depth_in(grid.path, town.area_of(person)) for person in people):
        reason = f"网格“{grid.full_name}”没有值班的网格员，里面的点位无人负责；请在值班表里安排"
        places.refuse(_line(places, grid.code), "code", reason)


def _check_area_leader(town: Town, places: Sheet, area: Place) -> None:
    if not town.leader(Role.AREA_LEADER, area.path):
        places.refuse(_line(places, area.code), "code", f"“{area.name}”没有片区党委（area_leader）人员")


def _check_head(town: Town, units: Sheet, unit: Unit) -> None:
    is_station = unit.kind is UnitKind.STATION
    if not (town.station_heads(unit.code) if is_station else town.unit_heads(unit.code)):
        role = "站长（station_head）" if is_station else "部门负责人（unit_head）"
        units.refuse(_line(units, unit.code), "code", f"“{unit.name}”没有{role}")


def _check_desk(town: Town, duty: Sheet, station: Unit, today: date) -> None:
    """First contact around the clock: rule 1 runs day and night. Backups are for absence, not for empty hours."""
    rows = [row for row in town.duty if row.unit == station.code and row.role is Role.FIRST_CONTACT]
    gap = next((at for at in _changes(rows, today) if not town.is_staffed(rows, at)), None)
    if gap is not None:
        when = f"{gap:%Y年%-m月%-d日}（星期{_WEEKDAYS[gap.weekday()]}）{gap:%H:%M}"
        line = next((row.line for row in duty.rows if row.values.get("unit") == station.code), 0)
        duty.refuse(line, "start", f"“{station.name}”的首问接待从{when}起无人值班，请补上这段时间")


def _changes(rows: list[Duty], today: date) -> Iterator[datetime]:
    """The instants at which somebody's shift may begin or end: if all of these are staffed, every hour is."""
    minutes = sorted({0, *(minute_of_day(at) % 1440 for row in rows for at in (row.start, row.until))})
    for ahead in range(DAYS_AHEAD):
        midnight = datetime.combine(today + timedelta(days=ahead), time(0), SHANGHAI)
        yield from (midnight + timedelta(minutes=minute) for minute in minutes)


def _line(sheet: Sheet, code: str) -> int:
    return next((row.line for row in sheet.rows if row.values.get("code") == code), 0)
