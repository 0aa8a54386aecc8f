"""Figures as screens show them and as they leave for analysis: rows with their names, no person, no small number in public."""

from datetime import date, timedelta

import pytest

from chalicelib.domain.figures import exporting, figures
from chalicelib.domain.figures.counts import StillOpen, count_day, plain
from chalicelib.domain.figures.figures import Axis
from chalicelib.domain.figures.indicators import NAMES, indicators_of
from chalicelib.domain.figures.silent import Silent
from chalicelib.domain.tickets.ticket import FollowUpResult, Stage
from chalicelib.domain.town.vocabulary import Role, Source, Track
from tests.domain.figures.test_indicators import a_fact, closed, promise
from tests.domain.life import NOW, TOWN, person

TODAY = NOW.date()
LAMP = closed(
    unit="PM", category="LAMP", solved_days=2, last_word=FollowUpResult.SOLVED, satisfied=True, pauses=1, paused_days=3,
    paused_by=("area_leader", "gone"), extensions=1, returns=1, arrived=True,
    clocks=(promise("kept", promise="5 minutes", by="person", climbed=("unit_head", "unit_head", "gone")),
            promise("disproved", "resolution")),
)  # fmt: skip
HORN = a_fact(
    unit="TRA", category="HORN", source=Source.PATROL, track=Track.JOINT, stage=Stage.SUSPENDED, paused_since=TODAY - timedelta(days=4),
    clocks=(promise("late", promise="5 minutes"), promise("open", promise="15 days")),
)  # fmt: skip
AWAY = a_fact(unit="", category="", stage=Stage.FORWARDED, closed_at=NOW)


def counted(*facts):
    return count_day(facts, [fact for fact in facts if fact.closed_at])


BY_AREA = {"GG": counted(LAMP, HORN), "": counted(AWAY)}


def rows(by):
    return {row["key"]: row for row in figures.days_view(BY_AREA, by, TOWN, TODAY)["rows"]}


@pytest.mark.parametrize(
    ("by", "names"),
    [
        (Axis.AREA, [("GG", "关港蓝湾片区"), ("", "未定")]),
        (Axis.UNIT, [("TRA", "区交警支队"), ("PM", "盛华景苑物业"), ("", "未定")]),
        (Axis.CATEGORY, [("HORN", "机动车鸣笛"), ("LAMP", "楼道照明"), ("", "未定")]),
        (Axis.CHANNEL, [("patrol", "巡查"), ("qr", "扫码")]),
        (Axis.ORIGIN, [("found", "主动发现"), ("reported", "被动发现")]),
        (Axis.TRACK, [("joint", "复杂"), ("simple", "简易")]),
    ],
)
def test_rows_have_names_in_their_order_and_what_has_none_comes_last(by, names):
    view = figures.days_view(BY_AREA, by, TOWN, TODAY)
    assert view["by"] == by
    assert sorted((row["key"], row["name"]) for row in view["rows"]) == sorted(names)
    told = [row["name"] for row in view["rows"] if row["key"]]
    assert told == sorted(told)
    assert "" not in [row["key"] for row in view["rows"]][:-1]


def test_a_code_that_the_town_no_longer_has_has_no_name():
    gone = {"GG": counted(closed(unit="gone"))}
    assert [row["name"] for row in figures.days_view(gone, Axis.UNIT, TOWN, TODAY)["rows"]] == [""]


def test_a_row_holds_its_sizes_promises_days_and_all_that_stands_beside():
    row = rows(Axis.UNIT)["PM"]
    assert (row["received"], row["closed"]) == (1, 1)
    assert row["indicators"] == indicators_of(counted(LAMP)["unit"]["PM"])
    assert row["promises"] == [
        {
            "clock": "feedback", "amount": "5 minutes", "name": "5分钟内反馈居民", "numerator": 1, "denominator": 1, "open": 0, "void": 0,
            "disproved": 0, "enough": False,
        }
    ]  # fmt: skip
    assert row["days"] == {"of": 1, "median": 2, "p90": 2, "open": 0}
    assert row["stopped"] == {
        "paused": 1, "paused_days": 3, "paused_now": 0, "extended": 1, "reworks": 0, "disproved": 1, "of": 1,
    }  # fmt: skip
    assert row["paused_by"] == [
        {"as": "area_leader", "as_name": "片区党委", "pauses": 1},
        {"as": "gone", "as_name": "gone", "pauses": 1},
    ]
    assert row["escalated"] == [
        {"to": "unit_head", "to_name": "部门负责人", "times": 2},
        {"to": "gone", "to_name": "gone", "times": 1},
    ]
    assert row["ended"] == [{"as": "closed", "as_name": "已结案", "tickets": 1}]
    assert row["beside"]["arrived"] == 1
    assert rows(Axis.UNIT)["TRA"]["stopped"]["paused_days"] == 4  # of a pause that stands
    assert rows(Axis.UNIT)["TRA"]["stopped"]["paused_now"] == 1


def test_the_figures_of_some_days_have_their_sum_and_their_funnel():
    view = figures.days_view(BY_AREA, Axis.AREA, TOWN, TODAY)
    assert (view["minimum"], view["total"]["received"], view["total"]["key"], view["total"]["name"]) == (
        30,
        3,
        "",
        "",
    )
    assert view["funnel"][0] == {"step": "received", "step_name": "已受理", "tickets": 3, "lost": []}


def test_the_first_dashboard_says_what_came_in_and_what_is_late_of_any_day():
    running = [
        StillOpen(tickets=4, late={"unit_head": 1}),
        StillOpen(tickets=1, late={"unit_head": 1, "handler": 1}),
    ]
    view = figures.today_view(BY_AREA, iter(running), TOWN, TODAY)
    assert view["open"] == 5
    assert view["late"] == [
        {"to": "handler", "to_name": "经办人", "tickets": 1},
        {"to": "unit_head", "to_name": "部门负责人", "tickets": 2},
    ]
    assert view["total"]["received"] == 3
    assert list(view["by"]) == ["area", "channel", "category", "origin"]
    assert [row["key"] for row in view["by"]["category"]] == list(rows(Axis.CATEGORY))


def test_a_day_s_line_is_its_day_and_sizes():
    assert figures.day_line(date(2026, 11, 23), counted(LAMP, HORN)) == {
        "day": "2026-11-23",
        "received": 2,
        "closed": 1,
    }
    assert figures.day_line(date(2026, 11, 24), {}) == {"day": "2026-11-24", "received": 0, "closed": 0}


@pytest.mark.parametrize(
    ("who", "areas"), [("area", ["GG"]), ("desk-a", ["GG"]), ("town", ["GG", ""]), ("area-2", [])]
)
def test_who_sees_the_figures_of_which_areas(who, areas):
    assert figures.areas_of(person(who), TOWN) == areas


def test_areas_are_named():
    assert figures.named_areas(["GG", ""], TOWN) == [
        {"code": "GG", "name": "关港蓝湾片区"},
        {"code": "", "name": "未定"},
    ]


def many(count, **fact):
    return [closed(ticket_id=str(n), **({"category": "LAMP"} | fact)) for n in range(count)]


def test_the_public_sees_no_small_number_and_none_from_which_it_could_be_reckoned():
    said = {"last_word": FollowUpResult.SOLVED, "solved_days": 2, "satisfied": True}
    facts = [
        *many(9, **said, clocks=(promise("kept", promise="5 minutes", by="machine"), promise("kept", "take", promise="2 working_hours"))),
        *many(3, category="HORN"),
        *many(6, category="ASK"),
    ]  # fmt: skip
    view = figures.public_view({"GG": counted(*facts)}, TOWN, TODAY)
    assert (view["received"], view["closed"], view["left_out"]) == (18, 18, "保密工单和演练不计入")
    assert view["indicators"] == {
        "feedback": {"numerator": 9, "denominator": 9},
        "response": {"numerator": 0, "denominator": 0},
        "finished": {"numerator": 0, "denominator": 0},
        "finished_extended": {"numerator": 0, "denominator": 0},
        "confirmed": {"numerator": 9, "denominator": 18},
        "satisfied": {"numerator": 9, "denominator": 9, "asked": 18},
    }
    assert view["fed_back"] == {"by_person": 0, "by_machine": 9, "by_typing": 0}
    assert view["stopped"] == {"paused": 0, "days": 0}
    assert view["promises"] == [
        {"clock": "feedback", "name": "5分钟内反馈居民", "numerator": 9, "denominator": 9}
    ]
    assert view["days"] == {"of": 9, "median": 2, "p90": 2, "open": 0}
    assert {row["name"]: (row["received"], row["closed"]) for row in view["category"]} == {
        "楼道照明": (9, 9), "机动车鸣笛": (None, None), "政策咨询": (None, None),
    }  # fmt: skip
    assert [list(row) for row in view["area"]] == [["name", "received", "closed"]]
    assert view["channel"][0]["name"] == "扫码"


@pytest.mark.parametrize(("count", "shown"), [(4, None), (5, 5)])
def test_days_of_few_are_not_shown(count, shown):
    facts = many(count, last_word=FollowUpResult.SOLVED, solved_days=2)
    days = figures.public_view({"GG": counted(*facts)}, TOWN, TODAY)["days"]
    assert days == {"of": shown, "median": shown and 2, "p90": shown and 2, "open": 0}


@pytest.mark.parametrize(("silent", "shown"), [(4, None), (5, 9)])
def test_who_was_asked_and_said_nothing_of_it_is_told_of_the_satisfied_unless_they_are_few(silent, shown):
    said = {"last_word": FollowUpResult.SOLVED, "solved_days": 2}
    view = figures.public_view(
        {"GG": counted(*many(9, **said, satisfied=True), *many(silent, **said))}, TOWN, TODAY
    )
    asked = shown and 9 + silent
    assert view["indicators"]["satisfied"] == {"numerator": shown, "denominator": shown, "asked": asked}


@pytest.mark.parametrize(("paused", "shown"), [(4, None), (5, 5)])
def test_what_stood_still_and_who_fed_back_stand_beside_the_promises_unless_they_are_few(paused, shown):
    kept = [{"clocks": (promise("kept", promise="5 minutes", by=by),)} for by in ("person", "machine")]
    facts = [
        *many(paused, pauses=1, paused_days=7, paused_by=("area_leader",), **kept[0]),
        *many(9, **kept[1]),
    ]
    view = figures.public_view({"GG": counted(*facts)}, TOWN, TODAY)
    assert view["stopped"] == {"paused": shown, "days": shown and 35}
    assert view["fed_back"] == {
        "by_person": shown,
        "by_machine": shown and 9,
        "by_typing": None if shown is None else 0,
    }


def test_a_silent_place_is_shown_with_its_counts_and_its_chance():
    silent = Silent(place="SH", found=12, reported=1, expected=6.5, chance=0.01)
    assert figures.silent_line(silent, "GG", TOWN) == {
        "area": "GG",
        "area_name": "关港蓝湾片区",
        "place": "SH",
        "place_name": "盛华景苑",
        "inside_wall": True,
        "found": 12,
        "reported": 1,
        "expected": 6.5,
        "chance": 0.01,
    }
    gone = figures.silent_line(silent.model_copy(update={"place": "gone"}), "", TOWN)
    assert (gone["place_name"], gone["inside_wall"], gone["area_name"]) == ("未定", False, "未定")


# --- what leaves for analysis ---


def test_a_fact_leaves_as_one_flat_line_of_the_columns_that_the_table_has():
    clocks = (
        promise("kept", by="person", met=120),
        promise("late", "resolution", met=900),
        promise("kept", "resolution", round=2, met=1000, extended=True, climbed=("unit_head",)),
        promise("open", "response", climbed=("unit_head", "area_leader")),
    )
    fact = closed(
        area="GG", place="SH", category="LAMP", unit="PM", urgent=True, returns=1, round=2, last_word=FollowUpResult.SOLVED,
        satisfied=False, on_the_spot=True, exempted_by="st-head", explained=True, clocks=clocks, closed_at=NOW + timedelta(hours=1),
    )  # fmt: skip
    line = exporting.line_of(fact)
    assert list(line) == list(exporting.COLUMNS)
    assert line == {
        "ticket_id": "t", "received_at": "2026-11-23 10:00:00", "ended_at": "2026-11-23 11:00:00", "stage": "closed", "area": "GG",
        "place": "SH", "category": "LAMP", "source": "qr", "found": False, "unit": "PM", "track": "simple", "urgent": True,
        "confidential": False, "returns": 1, "rounds": 2, "claimed": True, "last_word": "solved", "satisfied": False,
        "on_the_spot": True, "exempt": True, "explained": True, "feedback": "kept", "feedback_seconds": 120, "feedback_by": "person",
        "response": "open", "contacted": None, "finished": "kept", "finished_seconds": 1000, "extended": True, "climbed": 3,
    }  # fmt: skip
    assert "st-head" not in str(line)


def test_of_a_confidential_or_running_ticket_less_leaves():
    hidden = exporting.line_of(a_fact(confidential=True, place="SH", closed_at=NOW))
    assert (hidden["place"], hidden["ended_at"], hidden["feedback"], hidden["extended"]) == (
        "",
        None,
        None,
        False,
    )
    assert (hidden["finished_seconds"], hidden["feedback_by"], hidden["exempt"]) == (None, None, False)


def test_a_table_has_every_numerator_beside_its_denominator_and_the_total_last():
    view = figures.days_view(BY_AREA, Axis.UNIT, TOWN, TODAY)
    heads, *lines = exporting._table(view)
    assert heads[:4] == ["编号", "名称", "受理", "结案"]
    assert heads[4:7] == ["5分钟内反馈居民（分子）", "5分钟内反馈居民（分母）", "5分钟内反馈居民（%）"]
    assert heads[-len(exporting.WAITED) :] == list(exporting.WAITED)
    assert len(heads) == 4 + 3 * (2 + len(NAMES)) + len(exporting.WAITED)
    assert {len(line) for line in lines} == {len(heads)}
    by_key = {(line[0], line[1]): dict(zip(heads, line, strict=True)) for line in lines}
    lamp = by_key["PM", "盛华景苑物业"]
    assert (lamp["受理"], lamp["结案"], lamp["5分钟内反馈居民（%）"]) == (1, 1, 100.0)
    assert lamp["15天内反馈居民（%）"] is None  # it has none of that promise
    assert (lamp["居民确认解决（件）"], lamp["停计时（天）"], lamp["延过期（件）"]) == (1, 3, 1)
    assert lamp["停计时由谁批准"] == "片区党委 1 次、gone 1 次"
    assert by_key["TRA", "区交警支队"]["现在还停着（件）"] == 1
    assert by_key["TRA", "区交警支队"]["挂账中（件）"] == 1
    assert by_key["", "未定"]["转送（件）"] == 1
    assert lines[-1][:4] == ["", "合计", 3, 1]
    assert exporting._table({"rows": [], "total": None}) == [
        ["编号", "名称", "受理", "结案", *exporting.WAITED]
    ]


def test_the_table_leaves_as_a_file_that_spreadsheets_open():
    view = figures.days_view(BY_AREA, Axis.UNIT, TOWN, TODAY)
    text = exporting.csv_of(view)
    assert text.startswith("\ufeff编号,名称,受理,结案,")
    assert len(text.splitlines()) == 5
    assert exporting.workbook_of(view).startswith(b"PK")


@pytest.mark.parametrize(
    ("numerator", "denominator", "percent"), [(0, 0, None), (1, 3, 33.3), (2, 3, 66.7), (3, 3, 100.0)]
)
def test_a_share_is_told_to_one_place_and_none_of_nothing(numerator, denominator, percent):
    measure = {"numerator": numerator, "denominator": denominator}
    assert exporting.with_share(measure) == (numerator, denominator, percent)


def test_counts_come_back_as_they_were_stored_and_nothing_else_does():
    assert plain({"all": {"": {"received": 2.0}}}) == {"all": {"": {"received": 2}}}
    with pytest.raises((TypeError, ValueError)):
        plain({"all": {"": {"received": "many"}}})


def test_every_role_has_a_name_in_figures():
    assert set(figures.ROLE_NAMES) == set(map(str, Role))
