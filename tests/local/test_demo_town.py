"""The demo's town is the sample town with its promises in seconds; reports are read as they were written."""

from datetime import date

import pytest

from chalicelib.domain.town_import.files import read_town
from infra.local.play.plans import plans
from infra.local.play.reports import SAMPLE, BadReports, placed, read_reports
from infra.local.play.scaled import SECONDS, demo_town, scaled
from infra.local.town import SAMPLE as TOWN
from infra.local.town import files_of

TODAY = date(2026, 11, 23)


def demo(off_duty=frozenset()):
    read = read_town(demo_town(files_of(TOWN), off_duty), version="demo", today=TODAY)
    assert read.errors == ()
    return read.town


def sample():
    return read_town(files_of(TOWN), version="town", today=TODAY).town


def test_every_promise_of_the_town_stands_in_the_demo_in_seconds():
    for ours, theirs in zip(sample().clocks, demo().clocks, strict=True):
        assert theirs.amount.unit == "seconds"
        assert theirs.amount.count == ours.amount.count * SECONDS[ours.amount.unit]
        assert (
            theirs.model_copy(
                update={"amount": ours.amount, "reminders": ours.reminders, "ladder": ours.ladder}
            )
            == ours
        )


def test_no_rung_of_a_ladder_is_lost_by_scaling():
    for ours, theirs in zip(sample().clocks, demo().clocks, strict=True):
        assert ours.reminders.count(";") == theirs.reminders.count(";")
        assert ours.ladder.count(";") == theirs.ladder.count(";")


@pytest.mark.parametrize(
    ("written", "demo_has"),
    [
        ("due+1 working_days area_leader", "due+15 seconds area_leader"),
        ("2 minutes desk;3.5 minutes desk", "3 seconds desk;5.25 seconds desk"),
        ("80% handler", "80% handler"),
        ("due unit_head", "due unit_head"),
        ("due+3 working_days town_leader supervise", "due+45 seconds town_leader supervise"),
    ],
)
def test_amounts_of_a_ladder_become_seconds_and_nothing_else_changes(written, demo_has):
    assert scaled(written) == demo_has


def test_who_goes_off_duty_leaves_the_roster_and_a_colleague_is_on_duty():
    town = demo(frozenset({"pm-shjy-a"}))
    assert {row.person for row in town.duty if row.unit == "PM-SHJY"} == {"pm-shjy-b"}


def test_the_last_one_of_a_roster_cannot_go_off_duty():
    alone = {row.person for row in demo().duty if row.unit == "OF-CY"}
    assert {row.person for row in demo(frozenset(alone)).duty if row.unit == "OF-CY"} == alone


def written(tmp_path, text):
    file = tmp_path / "reports.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_sample_day_has_its_reports_in_order_with_the_twins_named():
    reports = read_reports(SAMPLE)
    assert len(reports) >= 60
    assert [report.second for report in reports] == sorted(report.second for report in reports)
    twins = [(report, reports[report.twin_of]) for report in reports if report.twin_of is not None]
    assert twins
    assert all(later.point == first.point and first.n < later.n for later, first in twins)


def test_any_file_with_time_title_and_body_is_replayed_in_the_order_of_its_times(tmp_path):
    with pytest.raises(BadReports, match="列"):
        read_reports(written(tmp_path, "title,body\n灯,不亮\n"))
    file = written(tmp_path, "time,title,body\n09:30,灯,不亮\n08:00:30,车,乱停\n")
    first, second = read_reports(file)
    assert (first.text, first.second) == ("车\n乱停", 0)
    assert (second.text, second.second) == ("灯\n不亮", 89.5 * 60)


@pytest.mark.parametrize("time", ["", "25:00", "上午"])
def test_a_time_that_is_none_is_refused_with_its_line(tmp_path, time):
    with pytest.raises(BadReports, match="第 2 行"):
        read_reports(written(tmp_path, f"time,title,body\n{time},灯,不亮\n"))


def test_an_empty_file_is_refused(tmp_path):
    with pytest.raises(BadReports):
        read_reports(written(tmp_path, "time,title,body\n"))


def test_the_same_seed_plans_the_same_day_and_another_one_another():
    reports = read_reports(SAMPLE)
    assert plans(reports, 1) == plans(reports, 1)
    assert plans(reports, 1) != plans(reports, 2)


def test_a_day_of_sixty_reports_meets_every_habit():
    drawn = plans(read_reports(SAMPLE), 20240801)
    assert {plan.unit for plan in drawn} >= {
        "returns",
        "returns_twice",
        "extends",
        "forgets",
        "waits",
        "assists",
    }
    assert {plan.resident for plan in drawn} >= {
        "dissatisfied",
        "silent",
        "unreached",
        "reopens",
        "withdraws",
    }
    assert "forgets" in {plan.desk for plan in drawn}


def test_reports_of_a_file_without_points_are_spread_over_the_town_by_the_seed(tmp_path):
    reports = read_reports(written(tmp_path, "time,title,body\n08:00,灯,不亮\n09:00,车,乱停\n"))
    points = ["P1", "P2", "P3"]
    assert placed(reports, points, 1) == placed(reports, points, 1)
    assert {report.point for report in placed(reports, points, 1)} <= set(points)
    sample = read_reports(SAMPLE)
    assert placed(sample, points, 1) == sample
