"""A town in force as its tables: what its files could have said. For one whose files were not kept as they were written."""

from collections.abc import Iterator, Sequence
from datetime import date, time
from enum import StrEnum
from typing import Any

from chalicelib.domain.town.calendar import Calendar
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Category, ClockRule, Duty, Place
from chalicelib.domain.town_import.cells import CHINESE
from chalicelib.domain.town_import.columns import CALENDAR_HOURS, PLACES
from chalicelib.domain.town_import.concerns import PARTIES
from chalicelib.domain.town_import.options import EVERY_FILE
from chalicelib.domain.town_import.sheet import Rows

_INHERITING = (Place, Category)
_PARTY_NAMES = {party: name for name, party in PARTIES.items()}


def tables_of(town: Town, points: Sequence[Place]) -> dict[str, Rows]:
    """The tables with content, the codes of their columns first. Read again they are the same town; notes are lost."""
    found: dict[str, Rows] = {}
    for name, columns in EVERY_FILE.items():
        codes = tuple(column.code for column in columns)
        if rows := tuple(tuple(_cell(row.get(code)) for code in codes) for row in _rows(name, town, points)):
            found[name] = (codes, *rows)
    return found


def _rows(name: str, town: Town, points: Sequence[Place]) -> Iterator[dict[str, Any]]:
    if isinstance(table := getattr(town, name), Calendar):
        yield from _days(table)
        return
    for row in (*table, *points) if name == PLACES else table:
        fields = type(row).model_fields
        values = {
            name: getattr(row, name)
            for name, field in fields.items()
            if isinstance(row, _INHERITING) or field.is_required() or getattr(row, name) != field.default
        }  # an empty cell is the default; of these it would be what the one above says
        if isinstance(row, Duty):
            values["weekdays"] = "工作日" if row.working_days else row.weekdays
        elif isinstance(row, ClockRule):
            values |= {"amount": row.amount.count, "unit": row.amount.unit}
        elif "party" in values:
            values["party"] = _PARTY_NAMES.get(values["party"], values["party"])
        yield values


def _days(calendar: Calendar) -> Iterator[dict[str, Any]]:
    for name in CALENDAR_HOURS:
        yield {"day": name, "value": getattr(calendar, name)}
    for day, is_working in sorted(calendar.overrides.items()):
        yield {"day": day, "value": "上班" if is_working else "休息"}


def _cell(value: Any) -> str:
    """As a clerk would write it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, StrEnum):
        names = dict(zip(type(value), CHINESE.get(type(value), ()), strict=False))
        return names.get(value, str(value))
    if isinstance(value, tuple):
        return "；".join(map(_cell, value))
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
