"""Who to call before any report: shown first on every page for residents and on every label."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from chalicelib.domain.model import Frozen
from chalicelib.domain.town.vocabulary import Unit, UnitKind

if TYPE_CHECKING:
    from chalicelib.domain.schemas import EmergencyRow, PhoneNumber

_NO_NUMBER = frozenset({"电梯编号", "进楼与阀门"})
GAS = "gas"  # the code of the row that labels print


class EmergencyNumber(Frozen):
    """One row of emergency.csv: the town's own numbers, the gas company's first."""

    code: str = ""
    name: str
    number: str


class EmergencySheet(Frozen):
    """One row of emergency_sheets.csv 应急卡: whom to call for a building or a point, and what they ask for first."""

    place: str  # a place and everything below it
    lift_company: str = ""
    lift_phone: str = ""  # the maintainer's urgent line
    lift_code: str = ""  # 电梯编号, by which it is found
    gas_phone: str = ""
    property_phone: str = ""  # at night too
    note: str = ""  # how to get in, where the valve is


EVERYWHERE = (
    EmergencyNumber(name="报警", number="110"),
    EmergencyNumber(name="火警", number="119"),
    EmergencyNumber(name="急救", number="120"),
)


def numbers(own: Iterable[EmergencyNumber]) -> "list[PhoneNumber]":
    """The country's numbers and the town's, as a page shows them."""
    return [{"name": number.name, "number": number.number} for number in (*EVERYWHERE, *own)]


def sheet_for(sheets: Iterable[EmergencySheet], path: tuple[str, ...]) -> EmergencySheet | None:
    """The sheet of the closest place on a path; None where nobody has written one."""
    known = {sheet.place: sheet for sheet in sheets}
    return next((known[place] for place in reversed(path) if place in known), None)


def rows_of(sheet: EmergencySheet | None) -> "list[EmergencyRow]":
    """What a sheet says, as a screen shows it: only what is filled in; `number` where one can be dialled."""
    if sheet is None:
        return []
    rows = (
        (f"电梯维保 {sheet.lift_company}".strip(), sheet.lift_phone),
        ("电梯编号", sheet.lift_code),
        ("燃气抢修", sheet.gas_phone),
        ("物业值班", sheet.property_phone),
        ("进楼与阀门", sheet.note),
    )
    return [
        {"name": name, "number": value if name not in _NO_NUMBER else "", "text": value}
        for name, value in rows
        if value
    ]


def phone_of(unit: Unit | None, sheet: EmergencySheet | None) -> str:
    """By which number a unit is reached for what cannot wait: a property's own night phone first. Empty where none is known."""
    by_sheet = sheet.property_phone if sheet and unit and unit.kind is UnitKind.PROPERTY else ""
    return by_sheet or (unit.phone if unit else "")


def gas_number(own: Iterable[EmergencyNumber]) -> str:
    """The gas company's; empty where the town's files were imported before they held one."""
    return next((number.number for number in own if number.code == GAS), "")
