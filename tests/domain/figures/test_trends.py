"""Trends and first signs as leaders read them: words, whom they are for, and which tickets are behind them."""

from datetime import date

import pytest

from chalicelib.domain.figures import trends
from chalicelib.domain.figures.alerts import Alert, Found, Kind, Reason
from tests.domain.figures.test_indicators import a_fact
from tests.domain.life import NOW, PEOPLE, TOWN, life_town

MONDAY = date(2026, 11, 23)


def an_alert(reason=Reason.DAY, kind=Kind.TREND, *, count=7, expected=2.4, **about):
    found = Found(kind=kind, reason=reason, count=count, expected=expected, chance=0.0004)
    usual = {
        "area": "GG",
        "place": "SH",
        "category": "LAMP",
        "day": MONDAY,
        "at": NOW,
        "ticket_ids": ("1", "2"),
    }
    return Alert(found=found, **(usual | about))


def test_an_alert_is_shown_whole():
    assert trends.view_of(an_alert(), TOWN) == {
        "id": "2026-11-23~trend~GG~SH~LAMP",
        "kind": "trend",
        "kind_name": "趋势",
        "reason": "day",
        "area": "GG",
        "place": "SH",
        "place_name": "盛华景苑",
        "category": "LAMP",
        "category_name": "楼道照明",
        "day": "2026-11-23",
        "since": "2026-11-23",
        "at": "2026-11-23T10:00:00+08:00",
        "count": 7,
        "expected": 2.4,
        "chance": 0.0004,
        "tickets": 2,
        "text": "盛华景苑“楼道照明”11月23日有7件，以往这一天约2件",
    }


@pytest.mark.parametrize(
    ("alert", "says"),
    [
        (an_alert(expected=0.99), "11月23日有7件，以往这一天不到1件"),
        (an_alert(expected=1.0), "11月23日有7件，以往这一天约1件"),
        (an_alert(Reason.WEEK), "7天内有7件，以往7天约2件"),
        (an_alert(Reason.NEW, Kind.FIRST_SIGN), "7天内有7件，此前几周没有过"),
        (an_alert(Reason.RISING, Kind.FIRST_SIGN), "7天内有7件，连续三周增多"),
    ],
)
def test_a_surprise_is_never_told_without_what_was_to_be_expected(alert, says):
    assert trends.reason_of(alert) == says
    assert trends.params(alert, TOWN) == {"place": "盛华景苑", "category": "楼道照明", "note": says}


def test_a_count_of_seven_days_begins_on_the_first_of_them():
    shown = trends.view_of(an_alert(Reason.NEW, Kind.FIRST_SIGN), TOWN)
    assert (shown["since"], shown["kind_name"]) == ("2026-11-17", "苗头")


@pytest.mark.parametrize(
    ("about", "place", "category"),
    [
        ({"place": ""}, "关港蓝湾片区", "楼道照明"),
        ({"place": "", "area": ""}, "地点未定", "楼道照明"),
        ({"place": "gone"}, "地点未定", "楼道照明"),
        ({"category": ""}, "盛华景苑", "各类合计"),
        ({"category": "gone"}, "盛华景苑", "gone"),
    ],
)
def test_what_has_no_name_is_called_so(about, place, category):
    alert = an_alert(**about)
    assert (trends.place_name(alert, TOWN), trends.kind_of(alert, TOWN)) == (place, category)


@pytest.mark.parametrize(
    ("area", "who"), [("GG", ["area"]), ("HJB", ["town"]), ("gone", ["town"]), ("", ["town"])]
)
def test_an_alert_is_for_the_area_s_leaders_else_for_the_town_s(area, who):
    town = life_town(staff=tuple(each for each in PEOPLE if each.code != "area-2"))
    assert [person.code for person in trends.leaders(area, town)] == who


@pytest.mark.parametrize(
    ("about", "fact", "behind"),
    [
        ({}, {"category": "LAMP", "place": "SH"}, True),
        ({}, {"category": "HORN", "place": "SH"}, False),
        ({}, {"category": "LAMP", "place": "N"}, False),
        ({"category": ""}, {"category": "HORN", "place": "SH"}, True),
        ({"place": ""}, {"category": "LAMP", "place": "N"}, True),
    ],
)
def test_behind_an_alert_are_the_tickets_of_its_place_and_kind(about, fact, behind):
    assert trends.is_behind(a_fact(**fact), an_alert(**about)) is behind


def test_the_id_is_that_of_the_alert():
    alert = an_alert()
    assert trends.id_of(alert.day, Kind.TREND, "GG", alert.spot) == alert.id
