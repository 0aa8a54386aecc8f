"""The town's files: read whole, or refused with file, line, column and a reason in Chinese. One test a refusal."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.tables import reading, writing
from chalicelib.domain.tables.dialect import is_marked
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Role
from chalicelib.domain.town_import import sheet
from chalicelib.domain.town_import.columns import FILES
from chalicelib.domain.town_import.files import read_town
from chalicelib.domain.town_import.options import EVERY_FILE
from chalicelib.domain.town_import.sources import title_of
from tests.domain.tables import zoo
from tests.towns import SMALL, TODAY, built, edited, errors, refusals, sample_files, small_files

GUIDE = Path(__file__).parents[3] / "docs" / "town.md"


def test_sound_files_are_a_town_and_its_points():
    town, points = built(small_files())
    assert [point.code for point in points] == ["P41", "P42", "SP"]
    assert [place.code for place in town.places] == ["T", "A", "N", "G", "B4", "S", "SG"]
    assert [rule.order for rule in town.triage] == [5, 10]
    assert town.version == "v1"


def test_a_town_survives_being_stored():
    town, _ = built(sample_files())
    assert Town.model_validate_json(town.model_dump_json()) == town


def test_the_sample_town_has_every_role_and_both_sides_of_the_wall():
    town, points = built(sample_files())
    assert {role for person in town.staff for role in person.roles} == set(Role)
    assert {point.inside_wall for point in points} == {True, False}
    assert {"SHJY-4-1", "SHJY-5-1", "YDL-EXIT"} <= {point.code for point in points}


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_named(file):
    files = small_files()
    del files[f"{file}.csv"]
    assert (f"{file}.csv", 0, "") in refusals(files)


def test_a_file_that_does_not_belong_is_named():
    assert refusals(small_files() | {"notes.csv": b"x"}) == [("notes.csv", 0, "")]


@pytest.mark.parametrize("file", FILES)
def test_a_byte_order_mark_is_welcome(file):
    files = small_files()
    built(files | {f"{file}.csv": b"\xef\xbb\xbf" + files[f"{file}.csv"]})


def test_windows_line_ends_empty_lines_and_trailing_commas_are_welcome():
    text = SMALL["roles"].replace("\n", ",,,\r\n") + ",,,,\r\n\r\n"
    assert built(small_files(roles=text))[0].roles == built(small_files())[0].roles


def test_chinese_headers_and_words_mean_the_same():
    chinese = "角色,免打扰开始,免打扰结束\n镇领导,22:00,7:00\n"
    assert built(small_files(roles=chinese))[0].roles == built(small_files())[0].roles


@pytest.mark.parametrize("make", zoo.MAKES.values(), ids=zoo.MAKES)
def test_a_town_is_the_same_town_whichever_program_saved_its_files(make):
    files = {name: make(list(csv.reader(io.StringIO(text)))) for name, text in SMALL.items()}
    assert built(files) == built(small_files())


def test_a_whole_town_may_be_one_workbook_with_a_sheet_for_each_table():
    sheets = [writing.Sheet("说明", [["这是全镇的资料"]], head=False)]
    for at, (name, text) in enumerate(SMALL.items()):
        title = title_of(name) if at % 2 else name
        sheets.append(writing.Sheet(title, list(csv.reader(io.StringIO(text)))))
    assert built({"某镇资料.xlsx": writing.xlsx_of(sheets)}) == built(small_files())


def test_what_excel_makes_of_cells_means_what_it_meant():
    files = edited("duty", "20:00,08:00,,,,fc1", "20:00:00,8:00:00,,,,fc1")
    text = (
        files["duty.csv"]
        .decode()
        .replace("working_days,,,", "1月5日,,,")
        .replace("fc1,08:00", "fc1,上午8:00")
    )
    sound = files["duty.csv"].decode().replace("working_days,,,", "1-5,,,")
    assert built(files | {"duty.csv": text.encode()}) == built(files | {"duty.csv": sound.encode()})


def test_keywords_are_parted_by_a_chinese_comma_too():
    town = built(edited("categories", "楼道灯;感应灯", "楼道灯，感应灯\uff0c声控灯"))[0]
    assert town.find_category("F1").keywords == ("楼道灯", "感应灯", "声控灯")


@pytest.mark.parametrize("name", ["DUTY.CSV", "Duty.csv", "duty", "值班.csv", "资料/duty.csv"])
def test_a_file_is_known_by_its_name_in_any_case_and_in_chinese(name):
    files = small_files()
    files[name] = files.pop("duty.csv")
    assert built(files) == built(small_files())


def test_a_table_that_came_twice_is_refused():
    files = small_files() | {"DUTY.xlsx": zoo.xlsx([["unit"]])}
    assert any("两份" in error.reason for error in errors(files))


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (b"PK\x03\x04 and the rest of a workbook", "没有保存完整"),
        (SMALL["places"].encode().replace(b"SP,", b"S\0P,"), "读不出来"),
        (b"%PDF-1.7", "PDF"),
    ],
    ids=["xlsx", "nul", "pdf"],
)
def test_what_is_no_table_is_refused_for_what_it_is(content, hint):
    found = [error for error in errors(small_files() | {"places.csv": content}) if error.line == 0]
    assert found[0].file == "places.csv"
    assert hint in found[0].reason


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    size = max(len(text.encode()) for text in SMALL.values())
    monkeypatch.setattr(reading, "MOST_BYTES", size)
    built(small_files())  # exactly the limit is in time
    monkeypatch.setattr(reading, "MOST_BYTES", size - 1)
    assert len(refusals(small_files())) == 1


def test_too_many_rows_are_refused(monkeypatch):
    rows = max(text.count("\n") for text in SMALL.values()) - 1
    monkeypatch.setattr(sheet, "MOST_ROWS", rows)
    built(small_files())
    monkeypatch.setattr(sheet, "MOST_ROWS", rows - 1)
    assert any("行" in error.reason for error in errors(small_files()))


def test_the_first_empty_hour_is_named():
    (error,) = errors(edited("duty", "fc1,08:00,20:00", "fc1,08:00,19:30"))
    assert "2026年11月23日（星期一）19:30" in error.reason


def test_every_bad_row_of_every_file_is_told_at_once():
    files = edited("places", "A,T,area", "A,X,area") | {"roles.csv": b"role\nking\nqueen\n"}
    assert refusals(files) == [
        ("places.csv", 3, "parent"),
        ("roles.csv", 2, "role"),
        ("roles.csv", 3, "role"),
    ]


def test_an_unreadable_file_does_not_make_the_others_look_wrong():
    files = small_files() | {"staff.csv": SMALL["staff"].encode() + b"\xff\x00"}
    assert refusals(files) == [("staff.csv", 0, "")]


def test_one_bad_cell_does_not_make_its_neighbours_look_wrong():
    assert refusals(edited("places", "N,A,neighbourhood,盛华景苑,yes", "N,A,neighbourhood,,yes")) == [
        ("places.csv", 4, "name")
    ]


def test_a_cell_over_several_lines_is_one_row_as_the_spreadsheet_counts():
    text = SMALL["places"].replace("1单元楼道", '"1单元\n楼道"').replace("P42,B4,point", "P42,B4,stairs")
    assert refusals(small_files(places=text)) == [("places.csv", 8, "kind")]


def test_the_guide_for_clerks_names_every_file_and_column():
    guide = GUIDE.read_text(encoding="utf-8")
    for file, columns in EVERY_FILE.items():
        section = guide.split(f"## {file}.csv", 1)[1].split("\n## ", 1)[0]
        for column in columns:
            assert f"`{column.code}` {column.chinese}" in section, (file, column.code)


# what a spreadsheet shows of a failed formula is no name; an apostrophe or ="…" before it is Excel's mark of text, not its
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=40).filter(
    lambda name: not name.startswith(("#", "=")) and not is_marked(name)
)


@settings(deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=30))
def test_whatever_points_a_clerk_names_they_come_back_as_written(names):
    text = io.StringIO()
    csv.writer(text).writerows([f"X{n}", "B4", "point", name, "", "", "", ""] for n, name in enumerate(names))
    _, points = built(small_files(places=SMALL["places"] + text.getvalue()))
    assert [point.name for point in points[3:]] == names
    assert all(point.path[:-1] == ("T", "A", "N", "G", "B4") for point in points[3:])


@settings(deadline=None)
@given(st.sampled_from(FILES), st.binary(max_size=300))
def test_no_bytes_whatever_break_the_import(file, content):
    read = read_town(small_files() | {f"{file}.csv": content}, version="v", today=TODAY)
    assert (read.town is None) == bool(read.errors)


@settings(deadline=None)
@given(st.sampled_from(FILES), st.data())
def test_no_damage_to_a_file_breaks_the_import(file, data):
    text = SMALL[file]
    at = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 20))
    put = data.draw(st.text(st.sampled_from('",\nT是1;-#０²'), max_size=8))
    read = read_town(small_files(**{file: text[:at] + put + text[at + cut :]}), version="v", today=TODAY)
    assert (read.town is None) == bool(read.errors)
