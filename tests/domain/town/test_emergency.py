"""Whom to call before any report, and what stands on a building's emergency card 应急卡."""

import pytest

from chalicelib.domain.town.emergency import (
    EmergencyNumber,
    EmergencySheet,
    gas_number,
    numbers,
    phone_of,
    rows_of,
    sheet_for,
)
from chalicelib.domain.town.vocabulary import Unit, UnitKind

OWN = (
    EmergencyNumber(name="供水", number="962740"),
    EmergencyNumber(code="gas", name="燃气", number="962777"),
)
FULL = EmergencySheet(
    place="B4", lift_company="三菱", lift_phone="021-1", lift_code="31050", gas_phone="962777", property_phone="021-2", note="阀门在一楼"
)  # fmt: skip
PROPERTY = Unit(code="PM", name="物业", kind=UnitKind.PROPERTY, area="N", phone="021-9")


def test_the_country_s_numbers_come_before_the_town_s():
    assert [each["number"] for each in numbers(OWN)] == ["110", "119", "120", "962740", "962777"]
    assert numbers(())[0] == {"name": "报警", "number": "110"}


def test_labels_print_the_gas_company_s_number_where_the_town_has_one():
    assert (gas_number(OWN), gas_number(OWN[:1])) == ("962777", "")


@pytest.mark.parametrize(
    ("path", "place"),
    [(("T", "N", "B4", "P41"), "B4"), (("T", "N", "B5"), "N"), (("T", "S"), None), ((), None)],
)
def test_the_card_of_the_closest_place_holds(path, place):
    found = sheet_for((EmergencySheet(place="N"), FULL), path)
    assert (found.place if found else None) == place


def test_a_card_shows_what_is_filled_in_and_dials_what_is_a_number():
    assert rows_of(FULL) == [
        {"name": "电梯维保 三菱", "number": "021-1", "text": "021-1"},
        {"name": "电梯编号", "number": "", "text": "31050"},
        {"name": "燃气抢修", "number": "962777", "text": "962777"},
        {"name": "物业值班", "number": "021-2", "text": "021-2"},
        {"name": "进楼与阀门", "number": "", "text": "阀门在一楼"},
    ]
    bare = EmergencySheet(place="B4", lift_phone="021-1")
    assert rows_of(bare) == [{"name": "电梯维保", "number": "021-1", "text": "021-1"}]
    assert rows_of(None) == []


@pytest.mark.parametrize(
    ("unit", "sheet", "phone"),
    [
        (PROPERTY, FULL, "021-2"),  # at night too
        (PROPERTY, EmergencySheet(place="B4"), "021-9"),
        (PROPERTY, None, "021-9"),
        (PROPERTY.model_copy(update={"kind": UnitKind.STATION}), FULL, "021-9"),
        (None, FULL, ""),
        (None, None, ""),
    ],
)
def test_a_property_is_called_by_its_night_phone_first(unit, sheet, phone):
    assert phone_of(unit, sheet) == phone
