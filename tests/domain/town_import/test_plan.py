"""What an import would do is told back before it counts, and a yes holds for just that."""

from datetime import datetime, timedelta

import openpyxl
import pytest

from chalicelib.domain.errors import Invalid, PlanOver
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.town_import.files import read_town
from chalicelib.domain.town_import.plan import HANDFUL, check_plan, plan
from tests.domain.tables import zoo
from tests.towns import SMALL, TODAY, built, sample_files, small_files

NOW = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)
OLD, POINTS = built(small_files())


def planned(digest="d" * 64, now=NOW, old=OLD, **texts):
    new, points = built(small_files(**texts))
    return plan(old, new, POINTS if old else (), points, digest=digest, now=now)


def of(told, name):
    return next(change for change in told.changes if change.table == name)


def test_the_first_import_is_all_new_and_the_same_again_changes_nothing():
    first, again = planned(old=None), planned()
    assert sum(change.new for change in first.changes) == sum(change.rows for change in first.changes)
    assert {(c.new, c.changed, c.removed) for c in again.changes} == {(0, 0, 0)}
    assert (first.removes, again.must_say) == (0, False)


def test_every_table_of_a_town_is_in_its_plan():
    told = {change.table for change in planned(old=None).changes}
    assert {name for name, text in SMALL.items() if text.count("\n") > 1} <= told


def test_rows_are_told_with_the_first_and_the_last_and_what_becomes_of_them():
    text = SMALL["places"].replace("1单元楼道", "一单元楼道").replace("P42,B4,point,2单元楼道,,,,\n", "")
    told = planned(places=text + "P43,B4,point,3单元楼道,,,,\n")
    points = of(told, "points")
    assert (points.rows, points.new, points.changed, points.removed) == (3, 1, 1, 1)
    assert (points.first, points.last, points.removed_names) == (
        "P41 一单元楼道",
        "P43 3单元楼道",
        ("P42 2单元楼道",),
    )
    assert "失效" in points.means
    assert any("P42 2单元楼道" in line and "失效" in line for line in told.lines)


@pytest.mark.parametrize(
    ("table", "old", "new", "means"),
    [
        ("triage", "5,外区,,,,,,,12345,yes\n", "", "紧急"),
        ("danger", "fire,fire,,,,冒烟,烧烤\n", "", "危险"),
        ("categories", "Q,,咨询,,,,,,station,first_contact,\n", "", "类别"),
    ],
)
def test_what_a_removal_means_is_said(table, old, new, means):
    change = of(planned(**{table: SMALL[table].replace(old, new)}), table)
    assert (change.removed, means in change.means) == (1, True)


@pytest.mark.parametrize(("after", "holds"), [(0, True), (30, True), (31, False), (-1, False)])
def test_a_yes_holds_for_thirty_minutes(after, holds):
    shown, now = planned(), planned(now=NOW + timedelta(minutes=after))
    if holds:
        check_plan(shown.id, None, now)
    else:
        with pytest.raises(PlanOver):
            check_plan(shown.id, None, now)


@pytest.mark.parametrize("plan_id", ["", "x", "20261123090000", "20261123090000-other-1"])
def test_a_yes_to_another_plan_is_none(plan_id):
    with pytest.raises(PlanOver):
        check_plan(plan_id, None, planned())


def test_a_yes_is_bound_to_the_files_and_to_the_town_in_force():
    shown = planned()
    with pytest.raises(PlanOver):
        check_plan(shown.id, None, planned(digest="e" * 64))
    with pytest.raises(PlanOver):
        check_plan(shown.id, None, planned(old=OLD.model_copy(update={"version": "later"})))


@pytest.mark.parametrize(
    ("removed", "said", "holds"),
    [(HANDFUL, None, True), (HANDFUL + 1, None, False), (HANDFUL + 1, 5, False), (HANDFUL + 1, 6, True)],
)
def test_more_than_a_handful_of_removals_is_spelled_out(removed, said, holds):
    danger = SMALL["danger"] + "".join(f"more{n},fire,,,,着火{n},\n" for n in range(removed))
    told = planned(old=built(small_files(danger=danger))[0])
    assert told.removes == removed
    if holds:
        check_plan(told.id, said, told)
    else:
        with pytest.raises(Invalid, match=str(removed)):
            check_plan(told.id, said, told)


def test_an_area_without_whoever_takes_what_is_about_its_station_is_said_and_not_refused():
    assert [line for line in planned().lines if "没有保密受理" in line]


def test_the_sample_towns_areas_are_heard_round_the_clock_and_a_gap_is_said():
    town, points = built(sample_files())
    assert not plan(None, town, (), points, digest="d" * 64, now=NOW).warnings
    shifts = tuple(row for row in town.duty if row.person != "gglw-bm2")
    gap = town.model_copy(update={"duty": shifts}) if hasattr(town, "model_copy") else town
    (said,) = plan(None, gap, (), points, digest="d" * 64, now=NOW).warnings
    assert "无人值班" in said


def test_lines_that_are_no_rows_and_hidden_ones_are_told():
    book = openpyxl.Workbook()
    for line in [
        ["物业名册"],
        *(line.split(",") for line in SMALL["units"].split()),
        ["合计", "3"],
        ["制表人：甲"],
    ]:
        book.active.append(line)
    book.active.row_dimensions[4].hidden = True
    files = {f"{name}.csv": text.encode() for name, text in SMALL.items() if name != "units"}
    read = read_town(files | {"units.xlsx": zoo.saved(book)}, version="v", today=TODAY)
    assert read.town.units == built(small_files())[0].units
    assert read.notes == (
        "units.xlsx 第 6 行没有读：合计",
        "units.xlsx 第 7 行没有读：表末的说明",
        "units.xlsx 第 4 行在表里是隐藏的（筛选或手工隐藏），也照读了",
    )
