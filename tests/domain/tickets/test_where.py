"""Where a report is from, when the place was typed."""

import pytest

from chalicelib.domain.tickets.where import typed
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
