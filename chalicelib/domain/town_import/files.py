"""Importing a town: twelve CSV files in, and those it may have beside, a whole town out, or every fault of every row. Pure; nothing is written here."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any, NamedTuple

from chalicelib.domain.town.calendar import Amount, Calendar
from chalicelib.domain.town.concern_signs import ConcernSign
from chalicelib.domain.town.danger_signs import DangerSign
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.emergency import EmergencyNumber, EmergencySheet
from chalicelib.domain.town.knowledge_entry import EverydayWords, KnowledgeEntry
from chalicelib.domain.town.sensor_rules import SensorRule
from chalicelib.domain.town.subscribers import Subscriber
from chalicelib.domain.town.topics import Topic
from chalicelib.domain.town.visit_plans import VisitPlan
from chalicelib.domain.town.vocabulary import (
    Category,
    ClockRule,
    Duty,
    FollowUpRule,
    Mandate,
    Place,
    PlaceKind,
    RoleRule,
    Staff,
    TriageRule,
    Unit,
)
from chalicelib.domain.town.walk_lists import Hazard, Shop
from chalicelib.domain.town_import.cells import WORKING_DAYS, day
from chalicelib.domain.town_import.columns import CALENDAR_HOURS, FILES
from chalicelib.domain.town_import.concerns import PARTIES, check_concerns
from chalicelib.domain.town_import.coverage import check_coverage
from chalicelib.domain.town_import.danger import check_danger
from chalicelib.domain.town_import.knowledge import check_knowledge
from chalicelib.domain.town_import.links import check_links
from chalicelib.domain.town_import.option_links import check_options
from chalicelib.domain.town_import.options import EVERY_FILE
from chalicelib.domain.town_import.places import build_places
from chalicelib.domain.town_import.sheet import RowError, Rows, Sheet, read_sheet
from chalicelib.domain.town_import.sources import sources_of, title_of

_FROM_ABOVE = ("lead", "lead_role", "class_reporters", "class_days")


class TownFiles(NamedTuple):
    """What the files hold: either errors, or a town with its points (which the town itself does not carry).

    `text`: its tables as they were written, the codes of their columns first. `notes`: lines that were passed over, and
    hidden ones that were not.
    """

    town: Town | None
    points: tuple[Place, ...]
    errors: tuple[RowError, ...]
    text: Mapping[str, Rows] = {}
    notes: tuple[str, ...] = ()


def read_town(files: Mapping[str, bytes], *, version: str, today: date) -> TownFiles:
    """Read and check everything. Keys are file names: a file for each table, of any make, or one workbook. All or nothing.

    Faults of cells and of links between rows are reported together; who is on duty is asked only when those are none.
    """
    sources = sources_of(files)
    named = sources.tables
    errors = [_fault(file, "没有这个文件，多余的文件请删去") for file in sources.strange]
    errors += [_fault(file, "这张表有两份，请只留一份") for file in sources.twice]
    errors += [
        _fault(f"{name}.csv", f"缺少这个文件（{title_of(name)}）") for name in FILES if name not in named
    ]
    sheets = {
        name: read_sheet(name, named[name].grids, named[name].file) for name in EVERY_FILE if name in named
    }
    if set(FILES) <= set(sheets) and not any(sheet.is_unreadable for sheet in sheets.values()):
        sheets = {name: sheets.get(name) or Sheet(name) for name in EVERY_FILE}
        check_links(sheets)
        check_danger(sheets)
        check_concerns(sheets)
        check_options(sheets)
        check_knowledge(sheets)
    errors += _errors(sheets)
    if errors:
        return TownFiles(None, (), tuple(errors))
    places = build_places(sheets["places"])
    town = _build_town(sheets, places, version)
    check_coverage(town, sheets, today)
    errors = _errors(sheets)
    if errors:
        return TownFiles(None, (), tuple(errors))
    points = tuple(place for place in places if place.kind is PlaceKind.POINT)
    text = {name: sheet.text for name, sheet in sheets.items() if len(sheet.text) > 1}
    notes = tuple(note for sheet in sheets.values() for note in sheet.notes)
    return TownFiles(town, points, (), text, notes)


def _build_town(sheets: Mapping[str, Sheet], places: tuple[Place, ...], version: str) -> Town:
    return Town(
        version=version,
        places=tuple(place for place in places if place.kind is not PlaceKind.POINT),
        units=tuple(Unit(**values) for values in _rows(sheets, "units")),
        staff=tuple(Staff(**({"places": ()} | values)) for values in _rows(sheets, "staff")),
        duty=tuple(_duty(values) for values in _rows(sheets, "duty")),
        categories=_categories(_rows(sheets, "categories")),
        triage=tuple(
            sorted((TriageRule(**values) for values in _rows(sheets, "triage")), key=lambda rule: rule.order)
        ),
        clocks=tuple(_clock(values) for values in _rows(sheets, "clocks")),
        follow_up=tuple(FollowUpRule(**values) for values in _rows(sheets, "follow_up")),
        roles=tuple(RoleRule(**values) for values in _rows(sheets, "roles")),
        emergency=tuple(EmergencyNumber(**values) for values in _rows(sheets, "emergency")),
        subscribers=tuple(Subscriber(**values) for values in _rows(sheets, "subscribers")),
        sensor_rules=tuple(SensorRule(**values) for values in _rows(sheets, "sensor_rules")),
        visit_plans=tuple(VisitPlan(**values) for values in _rows(sheets, "visit_plans")),
        hazards=tuple(Hazard(**values) for values in _rows(sheets, "hazards")),
        shops=tuple(Shop(**values) for values in _rows(sheets, "shops")),
        danger=tuple(DangerSign(**values) for values in _rows(sheets, "danger")),
        knowledge=tuple(KnowledgeEntry(**values) for values in _rows(sheets, "knowledge")),
        everyday_words=tuple(EverydayWords(**values) for values in _rows(sheets, "everyday_words")),
        emergency_sheets=tuple(EmergencySheet(**values) for values in _rows(sheets, "emergency_sheets")),
        concerns=tuple(_concern(values) for values in _rows(sheets, "concerns")),
        topics=tuple(Topic(**values) for values in _rows(sheets, "topics")),
        mandates=tuple(Mandate(**values) for values in _rows(sheets, "mandates")),
        calendar=_calendar(_rows(sheets, "calendar")),
    )


def _duty(values: dict[str, Any]) -> Duty:
    if values.get("weekdays") == WORKING_DAYS:
        values = {**values, "weekdays": (), "working_days": True}
    return Duty(**values)


def _concern(values: dict[str, Any]) -> ConcernSign:
    party = values.get("party", "")
    return ConcernSign(**{**values, "party": PARTIES.get(party, party)})


def _clock(values: dict[str, Any]) -> ClockRule:
    rest = dict(values)
    amount = Amount(count=rest.pop("amount"), unit=rest.pop("unit"))
    return ClockRule(amount=amount, **rest)


def _categories(rows: list[dict[str, Any]]) -> tuple[Category, ...]:
    """A category without a lead of its own has that of the category above; so with what makes a class."""
    above = {row["code"]: row for row in rows}
    return tuple(Category(**(_inherited(row, above.get(row.get("parent", ""), {})) | row)) for row in rows)


def _inherited(row: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    names = ("class_reporters", "class_days") if "lead" in row else _FROM_ABOVE
    return {name: above[name] for name in names if name in above}


def _calendar(rows: list[dict[str, Any]]) -> Calendar:
    hours = {row["day"]: time.fromisoformat(row["value"]) for row in rows if row["day"] in CALENDAR_HOURS}
    overrides = {day(row["day"]): row["value"] for row in rows if row["day"] not in CALENDAR_HOURS}
    return Calendar(overrides=overrides, **hours)


def _rows(sheets: Mapping[str, Sheet], name: str) -> list[dict[str, Any]]:
    return [row.values for row in sheets[name].rows]


def _errors(sheets: Mapping[str, Sheet]) -> list[RowError]:
    in_order = [sheets[name] for name in EVERY_FILE if name in sheets]
    return [error for sheet in in_order for error in sorted(sheet.errors, key=lambda fault: fault.line)]


def _fault(file: str, reason: str) -> RowError:
    return RowError(file=file, line=0, column="", reason=reason)
