"""Trends over the whole service: told once to the area's leader, with the tickets behind, whatever dies in between."""

from datetime import timedelta

import pytest

from chalicelib.actions.figures import counting, trends
from chalicelib.domain.figures.counts import StillOpen
from chalicelib.domain.town.vocabulary import Role
from chalicelib.store.figures import alerts, counts
from chalicelib.store.notices import deliveries
from chalicelib.store.table import Table
from chalicelib.store.town import directory
from tests.service import MONDAY

AREA, LAMP = "GGLW", "四号楼楼道灯不亮了"


@pytest.fixture
def town(service):
    """Nine calm weeks in which the area's counts were made."""
    for n in range(1, 64):
        day = MONDAY.date() - timedelta(days=n)
        spot = {"spot": {"LWY|other|qr": {"received": 1}}}
        counts.save(day, AREA, spot, StillOpen(), is_listed=False, now=MONDAY)
    return service


def reports(town, number, text=LAMP):
    ids = []
    for n in range(number):
        answer = town.report(f"{text}{n}", token=town.resident(f"r{n}"))
        assert answer.status == 201, answer.raw
        ids.append(answer.body["id"])
    return ids


def look(town):
    town.settle()
    town.later(minutes=1)
    return trends.watch(counting.count_changed(now=town.now), now=town.now)


def leaders():
    return [
        person
        for person in directory.town().staff
        if Role.AREA_LEADER in person.roles and directory.town().covers(person, ("HJ", AREA))
    ]


def inboxes(town, template):
    found = [item for item in town.items(Table.WORK) if item["SK"].startswith("inbox#2")]
    told = [deliveries.load(item) for item in found]
    return [line for line in told if line.template == template]


def listed():
    return alerts.list_alerts(AREA)[0]


def test_three_of_a_new_kind_are_a_first_sign_and_two_are_not(town):
    reports(town, 2)
    assert look(town) == 0
    reports(town, 1, "还是楼道灯不亮")
    assert look(town) == 1
    [alert] = listed()
    assert (alert.found.kind, alert.found.reason, alert.found.count) == ("first_sign", "new", 3)
    assert len(alert.ticket_ids) == 3


def test_an_area_that_was_quiet_for_weeks_is_watched_too(service):
    """Another area has been counted for nine weeks; in this one there was nothing."""
    for n in (1, 63):
        day = MONDAY.date() - timedelta(days=n)
        counts.save(day, "HJB", {"spot": {}}, StillOpen(), is_listed=False, now=MONDAY)
    reports(service, 6)
    assert look(service) == 1


def test_a_town_that_began_to_count_today_is_told_nothing(service):
    reports(service, 6)
    assert look(service) == 0


def test_a_trend_is_told_once_however_often_it_is_counted_and_for_days_on_end(town):
    reports(town, 6)
    assert look(town) == 1
    for _ in range(3):
        reports(town, 1, "楼道灯又不亮")
        assert look(town) == 0
        town.later(days=1)
    told = inboxes(town, "trend")
    assert {line.recipient for line in told} == {f"staff:{person.code}" for person in leaders()}
    assert len(told) == len(leaders()) >= 1
    assert len(listed()) == 1
    assert "6件" in told[0].params["note"]
    [running] = alerts.list_running(AREA)[listed()[0].spot].values()
    assert running.last > running.first


def test_a_fortnight_of_quiet_later_the_next_surprise_is_a_new_alert(town):
    reports(town, 6)
    assert look(town) == 1
    town.later(days=15)
    reports(town, 9, "楼道灯又不亮")
    assert look(town) == 1
    assert len({alert.id for alert in listed()}) == 2


def test_who_dies_before_telling_is_finished_by_the_next_run(town, monkeypatch):
    reports(town, 6)
    tell = trends._tell
    monkeypatch.setattr(trends, "_tell", lambda alert: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        look(town)
    assert inboxes(town, "trend") == []
    monkeypatch.setattr(trends, "_tell", tell)
    town.later(minutes=1)
    trends.watch_all(now=town.now)
    trends.watch_all(now=town.now)
    assert len(inboxes(town, "trend")) == len(leaders())


def test_two_runs_at_once_write_one_alert(town):
    reports(town, 6)
    look(town)
    [alert] = listed()
    assert not alerts.add(alert, None)
    running = alerts.list_running(AREA)[alert.spot][alert.found.kind]
    later = alert.model_copy(update={"day": alert.day + timedelta(days=30)})
    assert alerts.add(later, running)
    assert not alerts.add(later.model_copy(update={"day": later.day + timedelta(days=1)}), running)


def test_a_surprise_of_last_week_tells_nobody(town):
    reports(town, 6)
    town.settle()
    town.later(days=2)
    assert trends.watch(counting.count_changed(now=town.now), now=town.now) == 0


def test_the_leader_reads_it_with_the_tickets_and_the_next_area_does_not(town):
    ids = reports(town, 6)
    look(town)
    [leader] = leaders()[:1]
    listed_view = town.get("/desk/trends", town.staff(leader.code)).body
    [item] = listed_view["items"]
    assert (item["kind_name"], item["count"], item["area"]) == ("趋势", 6, AREA)
    detail = town.get(f"/desk/trends/{item['id']}", town.staff(leader.code)).body
    assert {ticket["id"] for ticket in detail["items"]} == set(ids)
    other = next(
        person
        for person in directory.town().staff
        if Role.AREA_LEADER in person.roles and not directory.town().covers(person, ("HJ", AREA))
    )
    assert town.get(f"/desk/trends/{item['id']}", town.staff(other.code)).status == 404
    assert town.get(f"/desk/trends?area={AREA}", town.staff(other.code)).status == 404
    assert town.get("/desk/trends", town.staff(other.code)).body["items"] == []


@pytest.mark.parametrize("wrong", ["x", "a~b~c~d~e", f"2026-11-23~trend~{AREA}~~none"])
def test_an_alert_that_is_none_is_not_found(town, wrong):
    assert town.get(f"/desk/trends/{wrong}", town.staff(leaders()[0].code)).status == 404


def test_the_town_sets_its_own_thresholds_and_nonsense_is_refused(town):
    admin = next(person.code for person in directory.town().staff if Role.ADMIN in person.roles)
    usual = town.get("/admin/thresholds", town.staff(admin)).body
    assert town.put("/admin/thresholds", usual | {"trend_chance": 2}, town.staff(admin)).status == 422
    assert town.put("/admin/thresholds", usual | {"sign_least": 2}, town.staff(admin)).status == 200
    reports(town, 2)
    assert look(town) == 1
