"""What must agree between the rows of a town's files: codes that exist, roles that fit, policies that are whole."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from chalicelib.domain.town.calendar import Calendar
from chalicelib.domain.town.vocabulary import PlaceKind, Role, UnitKind
from chalicelib.domain.town_import.cells import day
from chalicelib.domain.town_import.columns import CALENDAR_HOURS, CLOCKS, SOURCES
from chalicelib.domain.town_import.places import check_places
from chalicelib.domain.town_import.sheet import Row, Sheet

Sheets = Mapping[str, Sheet]

# Roles that only make sense in one kind of unit: duty is looked up there and nowhere else.
HOME = {
    Role.FIRST_CONTACT: UnitKind.STATION,
    Role.STATION_HEAD: UnitKind.STATION,
    Role.GRID_WORKER: UnitKind.STATION,
    Role.PROPERTY_MANAGER: UnitKind.PROPERTY,
    Role.VOLUNTEER: UnitKind.VOLUNTEERS,
}


def check_links(sheets: Sheets) -> None:
    """Add to each sheet what is wrong with it in the light of the others."""
    for name in ("places", "units", "staff", "categories"):
        refuse_duplicates(sheets[name], "code")
    refuse_duplicates(sheets["triage"], "order")
    refuse_duplicates(sheets["follow_up"], "source")
    refuse_duplicates(sheets["roles"], "role")
    refuse_duplicates(sheets["calendar"], "day")
    check_places(sheets["places"])
    _check_units(sheets)
    _check_staff(sheets)
    _check_duty(sheets)
    _check_categories(sheets)
    _check_triage(sheets)
    _check_clocks(sheets)
    _check_follow_up(sheets["follow_up"])
    _check_calendar(sheets["calendar"])


def _check_units(sheets: Sheets) -> None:
    units, points = sheets["units"], _of_kind(sheets["places"], PlaceKind.POINT)
    for row in units.rows:
        refuse_unknown(units, row, "area", sheets["places"].values("code"), "地点")
        if row.values.get("area") in points:
            units.refuse(row.line, "area", "负责地点不能是一个点位，请填网格或更大的范围")


def _check_staff(sheets: Sheets) -> None:
    staff = sheets["staff"]
    places, units = sheets["places"].values("code"), sheets["units"].values("code")
    kinds = {row.values.get("code"): row.values.get("kind") for row in sheets["units"].rows}
    for row in staff.rows:
        refuse_unknown(staff, row, "unit", units, "单位")
        refuse_unknown(staff, row, "places", places, "地点")
        kind = kinds.get(row.values.get("unit"))
        misplaced = [
            role for role in row.values.get("roles", ()) if kind and HOME.get(role, kind) is not kind
        ]
        if misplaced:
            staff.refuse(row.line, "roles", f"角色 {'、'.join(misplaced)} 不属于这种单位，请改角色或单位")


def _check_duty(sheets: Sheets) -> None:
    duty, units = sheets["duty"], sheets["units"].values("code")
    people = {row.values["code"]: row.values for row in sheets["staff"].rows if "code" in row.values}
    for row in duty.rows:
        refuse_unknown(duty, row, "unit", units, "单位")
        refuse_unknown(duty, row, "person", people, "人员")
        refuse_unknown(duty, row, "backup", people, "人员")
        _check_duty_row(duty, row, people)


def _check_duty_row(duty: Sheet, row: Row, people: Mapping[str, dict[str, Any]]) -> None:
    values = row.values
    person = people.get(values.get("person", ""))
    if person and {"unit", "role"} <= values.keys():
        if person.get("unit", values["unit"]) != values["unit"]:
            duty.refuse(row.line, "person", f"值班人属于单位“{person['unit']}”，不能在“{values['unit']}”值班")
        if values["role"] not in person.get("roles", (values["role"],)):
            duty.refuse(row.line, "role", f"值班人没有“{values['role']}”这个角色，请先在人员表里加上")
    if values.get("backup") and values.get("backup") == values.get("person"):
        duty.refuse(row.line, "backup", "替补不能是值班人自己")
    if values.get("from_date", date.min) > values.get("to_date", date.max):
        duty.refuse(row.line, "to_date", "截止日期早于起始日期")


def _check_categories(sheets: Sheets) -> None:
    categories = sheets["categories"]
    units = sheets["units"].values("code") | sheets["units"].values("kind")
    parents = {row.values.get("code"): row.values.get("parent") for row in categories.rows}
    for row in categories.rows:
        refuse_unknown(categories, row, "parent", parents, "类别")
        refuse_unknown(categories, row, "lead", units, "单位或单位类型")
        if parents.get(row.values.get("parent")):
            categories.refuse(row.line, "parent", "类别只有两级，上级必须是一级类别")


def _check_triage(sheets: Sheets) -> None:
    triage = sheets["triage"]
    for row in triage.rows:
        refuse_unknown(triage, row, "within", sheets["places"].values("code"), "地点")
        refuse_unknown(triage, row, "category", sheets["categories"].values("code"), "类别")
        given = row.values.keys()
        if not given & {"keywords", "inside_wall", "within"}:
            triage.refuse(row.line, "keywords", "规则没有条件：关键词、围墙内、地点范围至少填一个")
        if not given & {"category", "urgent", "confidential", "forward_to"}:
            triage.refuse(row.line, "category", "规则没有结果：类别、紧急、保密、转送至少填一个")
        if row.values.get("sure") and not given & {"category", "forward_to"}:
            triage.refuse(row.line, "sure", "直接派单要先有类别或转送去向")


def _check_clocks(sheets: Sheets) -> None:
    clocks = sheets["clocks"]
    for row in clocks.rows:
        refuse_unknown(clocks, row, "category", sheets["categories"].values("code"), "类别")
    for clock in CLOCKS:
        if clock not in clocks.values("clock"):
            clocks.refuse(0, "clock", f"缺少时限 {clock} 的规则")


def _check_follow_up(follow_up: Sheet) -> None:
    for source in SOURCES:
        if source not in follow_up.values("source"):
            follow_up.refuse(0, "source", f"缺少来源 {source} 的回访规则")


def _check_calendar(calendar: Sheet) -> None:
    for row in calendar.rows:
        name, value = row.values.get("day"), row.values.get("value")
        if name is None or value is None:
            continue
        if name in CALENDAR_HOURS:
            if not isinstance(value, str) or value == "24:00":
                calendar.refuse(row.line, "value", f"{name} 这一行要填时间，例如 09:00，最晚 23:59")
            continue
        try:
            day(name)
        except ValueError as fault:
            calendar.refuse(row.line, "day", str(fault))
        if not isinstance(value, bool):
            calendar.refuse(row.line, "value", "日期这一行要填 上班 或 休息")
    _check_hours(calendar)


def _check_hours(calendar: Sheet) -> None:
    hours = {name: f"{Calendar.model_fields[name].default:%H:%M}" for name in CALENDAR_HOURS}
    hours |= {
        row.values["day"]: row.values.get("value") for row in calendar.rows if row.values.get("day") in hours
    }
    for first, last in (("opens", "closes"), ("day_from", "day_until")):
        if not str(hours[first]) < str(hours[last]):
            calendar.refuse(0, "value", f"{first} 要早于 {last}")


def refuse_duplicates(sheet: Sheet, column: str) -> None:
    """A value that stands twice is wrong where it stands the second time."""
    first: dict[Any, int] = {}
    for row in sheet.rows:
        value = row.values.get(column)
        if value is not None and first.setdefault(value, row.line) != row.line:
            sheet.refuse(row.line, column, f"“{value}”和第 {first[value]} 行重复")


def refuse_unknown(sheet: Sheet, row: Row, column: str, known: Iterable[Any], what: str) -> None:
    """Every code in a cell must be among the known ones."""
    value = row.values.get(column, ())
    for code in (value,) if isinstance(value, str) else value:
        if code not in known:
            sheet.refuse(row.line, column, f"没有编码为“{code}”的{what}")


def _of_kind(places: Sheet, kind: PlaceKind) -> set[str]:
    return {
        row.values["code"] for row in places.rows if row.values.get("kind") is kind and "code" in row.values
    }
