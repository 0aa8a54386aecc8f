"""Schemas of the town as data, and of the station's own tools."""

from typing import NotRequired

from typing_extensions import TypedDict

from chalicelib.actions.town.importing import ImportReport
from chalicelib.domain.town_import.plan import Change
from chalicelib.store.town.ready_answers import Answer


class ReadyAnswer(Answer):
    """A text that a station's desk says often."""

    category_name: str


class TownTable(TypedDict):
    """One of the town's tables."""

    name: str
    title: str
    needed: bool


class TownInForce(TypedDict):
    """Which version is in force, and how much it holds."""

    version: str
    places: int
    units: int
    staff: int
    categories: int
    tables: list[TownTable]
    imported_at: str | None


class Moved(TypedDict):
    """How much was handed over."""

    moved: int


class TownPlan(TypedDict):
    """What an import would do, in data and in sentences; nothing but `unchanged` where the files are in force already."""

    unchanged: bool
    id: NotRequired[str]
    holds_until: NotRequired[str]
    changes: NotRequired[list[Change]]
    removes: NotRequired[int]
    must_say: NotRequired[bool]
    revived: NotRequired[int]
    may_come_back: NotRequired[list[str]]
    warnings: NotRequired[list[str]]
    lines: NotRequired[list[str]]


class TownImported(ImportReport):
    """What an import did, or what the job will do that does it."""

    job: str | None
