"""Words that say where: names, aliases, buildings; never the nearest name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.town.place_reader import PlaceNames
from chalicelib.domain.town.vocabulary import Place, PlaceKind

K = PlaceKind


def a_tree() -> list[Place]:
    rows = [
        ("T", "", K.TOWN, "河湾镇", ("江东区河湾镇",)),
        ("A1", "T", K.AREA, "南港蓝湾片区", ("南港", "蓝湾")),
        ("A2", "T", K.AREA, "河湾北片区", ()),
        ("EST", "A1", K.NEIGHBOURHOOD, "盛景苑", ("盛景苑小区", "河湾路1000弄")),
        ("EST-G", "EST", K.GRID, "第一网格", ("网格E01",)),
        *[(f"EST-{n}", "EST-G", K.BUILDING, f"{n}号楼", ()) for n in (1, 4, 5, 12)],
        ("BAY", "A1", K.NEIGHBOURHOOD, "蓝湾苑", ("蓝湾家园",)),
        ("BAY-G", "BAY", K.GRID, "第一网格", ()),
        *[(f"BAY-{n}", "BAY-G", K.BUILDING, f"{n}栋", ()) for n in (1, 4)],
        ("BAY-H", "BAY-G", K.BUILDING, "会所", ()),
        ("GRN", "A2", K.NEIGHBOURHOOD, "河湾绿苑", ("绿苑",)),
        ("GRN-G", "GRN", K.GRID, "第一网格", ()),
        ("GRN-7", "GRN-G", K.BUILDING, "7号", ()),
        ("PRK", "A1", K.BLOCK, "南港产业园", ()),
        ("PRK-G", "PRK", K.GRID, "园区网格", ()),
        *[(f"PRK-{n}", "PRK-G", K.BUILDING, f"{n}栋", ()) for n in "AB"],
        ("ROAD", "A2", K.BLOCK, "河湾路", ()),
        ("MOON", "A1", K.BLOCK, "望月路", ()),
    ]
    paths: dict[str, tuple[str, ...]] = {}
    for code, parent, *_ in rows:
        paths[code] = (*paths.get(parent, ()), code)
    return [
        Place(code=code, parent=parent or None, kind=kind, name=name, aliases=aliases, path=paths[code])
        for code, parent, kind, name, aliases in rows
    ]


TREE = a_tree()
NAMES = PlaceNames(TREE)


def candidates(text: str, **known) -> list[str]:
    return [place.code for place in NAMES.read(text, **known).candidates]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("盛景苑5号楼", "EST-5"),
        ("盛景苑 5号楼 3单元 501室", "EST-5"),
        ("盛景苑小区五号楼下面", "EST-5"),
        ("盛景苑十二号楼", "EST-12"),
        ("盛景苑５号", "EST-5"),
        ("盛景苑5幢", "EST-5"),
        ("盛景苑5#", "EST-5"),
        ("盛景苑5-301", "EST-5"),
        ("盛景苑5-2-301", "EST-5"),
        ("盛景苑005号楼", "EST-5"),
        ("江东区河湾镇盛景苑4号楼", "EST-4"),
        ("河湾路1000弄4号", "EST-4"),
        ("河湾路1000弄盛景苑4号楼", "EST-4"),
        ("望月路100号盛景苑4号楼", "EST-4"),
        ("4号楼（盛景苑）", "EST-4"),
        ("蓝湾苑4号楼", "BAY-4"),
        ("蓝湾家园1栋", "BAY-1"),
        ("蓝湾苑会所门口", "BAY-H"),
        ("南港产业园A座大厅", "PRK-A"),
        ("南港产业园b栋", "PRK-B"),
        ("河湾绿苑门口", "GRN"),
        ("绿苑7号", "GRN-7"),
        ("住在绿苑", "GRN"),
        ("盛景苑4号门", "EST"),  # a gate
        ("盛景苑4楼", "EST"),  # a floor
        ("盛景苑第一网格", "EST-G"),
        ("网格E01", "EST-G"),
        ("望月路路口", "MOON"),
        ("河湾路15号线站口", "ROAD"),
    ],
)
def test_a_place_is_found_by_its_names_however_they_are_written(text, code):
    reading = NAMES.read(text)
    assert [place.code for place in reading.candidates] == [code]
    assert reading.is_sure


@pytest.mark.parametrize(
    ("text", "place", "unread"),
    [
        ("盛景苑14号楼", "EST", ("14",)),  # there is a 4 and a 1
        ("盛景苑45号楼", "EST", ("45",)),
        ("盛景苑112号", "EST", ("112",)),
        ("盛景苑十四号楼", "EST", ("14",)),
        ("盛景苑B4号楼", "EST", ("B4",)),
        ("蓝湾苑12号", "BAY", ("12",)),  # the other estate has one
        ("盛景苑4号楼和14号楼", "EST", ("14",)),
        ("河湾路900弄4号", "ROAD", ("4",)),
        ("南港产业园C栋", "PRK", ("C",)),
    ],
)
def test_a_building_that_is_not_known_leaves_the_estate_and_is_said(text, place, unread):
    reading = NAMES.read(text)
    assert reading.place.code == place
    assert reading.unread == unread
    assert not reading.is_sure


@pytest.mark.parametrize(
    "text",
    [
        "",
        "门口",
        "金色绿苑3栋",
        "新盛景苑4号楼",
        "盛景苑路8号",
        "蓝湾国际4号楼",
        "南港新村",
        "阳光花园",
        "河湾西路3号",
    ],
)
def test_what_merely_sounds_like_a_place_is_none(text):
    assert NAMES.read(text).place is None
    assert not any(place.kind is K.NEIGHBOURHOOD for place in NAMES.read(text).candidates)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("盛景苑4、5号楼之间", ["EST-4", "EST-5"]),
        ("盛景苑4号楼或5号楼", ["EST-4", "EST-5"]),
        ("盛景苑4-5号楼", ["EST-4", "EST-5"]),
        ("盛景苑和蓝湾苑4号楼", ["EST-4", "BAY-4"]),
        ("盛景苑与河湾绿苑中间", ["EST", "GRN"]),
        ("4号楼", ["EST-4", "BAY-4"]),
        ("第一网格", ["EST-G", "BAY-G", "GRN-G"]),
    ],
)
def test_where_several_may_be_meant_somebody_chooses(text, codes):
    reading = NAMES.read(text)
    assert sorted(place.code for place in reading.candidates) == sorted(codes)
    assert reading.place is None


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("盛景苑4、5号楼之间", ("T", "A1", "EST", "EST-G")),
        ("盛景苑和蓝湾苑之间", ("T", "A1")),
        ("盛景苑和河湾绿苑之间", ("T",)),
        ("南港蓝湾片区", ("T", "A1")),
        ("哪里都不是", ()),
    ],
)
def test_it_is_known_as_far_down_as_the_candidates_agree(text, path):
    assert NAMES.read(text).path == path


def test_a_number_alone_is_sure_only_within_a_place_that_is_known_otherwise():
    assert candidates("4号楼", within=("T", "A1", "BAY")) == ["BAY-4"]
    assert NAMES.read("4号楼", within=("T", "A1", "BAY")).is_sure
    assert candidates("12号楼") == ["EST-12"]
    assert not NAMES.read("12号楼").is_sure  # the only one in our files need not be the one meant
    assert NAMES.read("12号楼").place is None


@given(st.sampled_from([1, 4, 5, 12]), st.integers(0, 9), st.booleans())
def test_a_digit_more_is_never_the_same_building(number, digit, is_before):
    said = f"{digit or 1}{number}" if is_before else f"{number}{digit}"
    found = candidates(f"盛景苑{said}号楼")
    assert found == ([f"EST-{said}"] if int(said) in (1, 4, 5, 12) else ["EST"])


@given(st.text(max_size=60))
def test_no_text_makes_the_reader_stumble(text):
    reading = NAMES.read(text)
    assert reading.is_sure <= (len(reading.candidates) == 1)


@given(
    st.sampled_from([place for place in TREE if place.kind in (K.NEIGHBOURHOOD, K.BLOCK)]),
    st.text("。，！0123456789号楼甲单元", max_size=8),
)
def test_an_estate_that_is_named_is_never_lost(place, rest):
    assert all(place.code in each.path for each in NAMES.read(f"{place.name} {rest}").candidates)
