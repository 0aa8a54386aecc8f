"""Where a report is from, when the place was typed."""

import pytest

from chalicelib.domain.tickets.where import at_place, typed
from chalicelib.domain.town.vocabulary import Place, PlaceKind
from tests.towns import built, sample_files

TOWN = built(sample_files())[0]


@pytest.mark.parametrize(
    ("words", "place", "station"),
    [
        ("馨宁公寓12号", "XNGY", "ST-HJB"),  # the station of the other area, not the widest
        ("华泾绿苑门口", "HJLY", "ST-HJB"),
        ("盛华景苑5号楼", "SHJY-5", "ST-GGLW"),
        ("盛华景苑15号楼", "SHJY", "ST-GGLW"),
    ],
)
def test_a_typed_place_is_looked_up_among_the_towns_names(words, place, station):
    where = typed(words, TOWN, name=words)
    assert (where.place, where.name, TOWN.station_for(where.path).code) == (place, words, station)


def test_where_several_may_be_meant_the_ticket_keeps_them_for_the_desk():
    where = typed("4号楼", TOWN, name="4号楼")
    assert where.place is None
    assert set(where.candidates) == {"SHJY-4", "LWY-4", "XNGY-4", "HJLY-4"}


def test_what_nobody_knows_is_the_whole_towns():
    where = typed("某某大楼", TOWN, name="某某大楼")
    assert (where.place, where.path, where.candidates) == (None, ("HJ",), ())


@pytest.mark.parametrize(
    ("kind", "is_spot"),
    [(PlaceKind.POINT, True), (PlaceKind.BUILDING, True), (PlaceKind.NEIGHBOURHOOD, False)],
)
def test_only_a_point_and_a_building_have_a_position_the_middle_of_an_estate_says_nothing(kind, is_spot):
    place = Place(code="X", kind=kind, name="甲", full_name="镇 甲", lat=31.1, lon=121.4, path=("X",))
    where = at_place(place)
    assert where.position == ((31.1, 121.4) if is_spot else None)
    assert (where.name, at_place(place, "门口").name) == ("镇 甲", "门口")
    assert at_place(place.model_copy(update={"full_name": ""})).name == "甲"
