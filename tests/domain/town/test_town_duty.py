"""Who is on duty 值班: shifts and their edges, backups, duty leaders."""

from datetime import date, datetime

import pytest

from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.town.calendar import Calendar
from chalicelib.domain.town.duty import is_active
from chalicelib.domain.town.vocabulary import Duty, Role, Staff
from tests.towns import built, edited, small_files

TOWN, POINTS = built(small_files())
HOUSE = ("T", "A", "N", "G", "B4", "P41")
STREET = ("T", "A", "S", "SG", "SP")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def code(person: Staff | None) -> str | None:
    return person.code if person else None


@pytest.mark.parametrize(
    ("now", "person"),
    [
        ("2026-11-23 07:59", "fc2"),
        ("2026-11-23 08:00", "fc1"),  # the first minute of a shift counts
        ("2026-11-23 19:59", "fc1"),
        ("2026-11-23 20:00", "fc2"),  # the last does not
        ("2026-11-23 23:59", "fc2"),
        ("2026-11-24 00:00", "fc2"),  # across midnight
    ],
)
def test_a_shift_begins_with_its_first_minute_and_ends_before_its_last(now, person):
    assert code(TOWN.on_duty("ST", Role.FIRST_CONTACT, at(now), HOUSE)) == person
    assert TOWN.is_on_duty(person, at(now))


@pytest.mark.parametrize(
    ("now", "active"),
    [
        ("2026-11-27 21:59", False),
        ("2026-11-27 22:00", True),  # Friday night
        ("2026-11-28 05:59", True),  # belongs to Friday
        ("2026-11-28 06:00", False),
        ("2026-11-28 22:00", False),  # Saturday night has no shift
        ("2026-11-27 03:00", False),  # nor has Thursday's
    ],
)
def test_a_night_shift_belongs_to_the_day_on_which_it_began(now, active):
    friday_night = Duty(
        unit="ST", role=Role.FIRST_CONTACT, person="x", start="22:00", until="06:00", weekdays=(5,)
    )
    assert is_active(friday_night, at(now), Calendar()) is active


@pytest.mark.parametrize(
    ("now", "active"), [("2026-11-23 07:59", False), ("2026-11-23 08:00", True), ("2026-11-24 07:59", True)]
)
def test_equal_times_are_a_shift_of_24_hours(now, active):
    day = Duty(unit="ST", role=Role.HANDLER, person="x", start="08:00", until="08:00", weekdays=(1,))
    assert is_active(day, at(now), Calendar()) is active


@pytest.mark.parametrize(
    ("now", "active"),
    [
        ("2026-11-22 12:00", False),
        ("2026-11-23 12:00", True),
        ("2026-11-25 12:00", True),
        ("2026-11-26 12:00", False),
    ],
)
def test_both_ends_of_a_rosters_dates_count(now, active):
    row = Duty(
        unit="ST",
        role=Role.HANDLER,
        person="x",
        start="00:00",
        until="24:00",
        from_date=date(2026, 11, 23),
        to_date=date(2026, 11, 25),
    )
    assert is_active(row, at(now), Calendar()) is active


@pytest.mark.parametrize(
    ("now", "on_duty"),
    [
        ("2026-11-27 10:00", True),
        ("2026-11-28 10:00", True),
        ("2026-11-29 10:00", False),
        ("2026-10-01 10:00", False),
    ],
)
def test_a_working_day_shift_follows_the_towns_calendar(now, on_duty):
    assert TOWN.is_on_duty("pm", at(now)) is on_duty  # calendar.csv makes the 28th, a Saturday, a working day


def test_among_several_on_duty_the_one_who_answers_for_the_place_is_asked():
    assert code(TOWN.on_duty("ST", Role.GRID_WORKER, at("2026-11-23 10:00"), HOUSE)) == "gw1"
    assert code(TOWN.on_duty("ST", Role.GRID_WORKER, at("2026-11-23 10:00"), STREET)) == "gw2"


def test_the_most_specific_place_wins():
    town, _ = built(edited("staff", "gw2,网格员乙,ST,grid_worker,SG,", "gw2,网格员乙,ST,grid_worker,B4;SG,"))
    assert code(town.on_duty("ST", Role.GRID_WORKER, at("2026-11-23 10:00"), HOUSE)) == "gw2"


def test_outside_every_shift_the_backup_answers_but_is_not_on_duty():
    night = at("2026-11-23 18:00")
    assert code(TOWN.on_duty("ST", Role.GRID_WORKER, night, HOUSE)) == "gw2"
    assert not TOWN.is_on_duty("gw2", night)


def test_of_two_backups_the_one_who_is_awake_answers():
    town, _ = built(
        edited("duty", "ST,grid_worker,gw2,08:00,18:00,,,,", "ST,grid_worker,gw2,08:00,18:00,,,,fc2")
    )
    anywhere = town.on_duty("ST", Role.GRID_WORKER, at("2026-11-23 21:00"))
    assert code(anywhere) == "fc2"


def test_without_shift_and_backup_the_duty_leader_answers():
    assert code(TOWN.on_duty("ST", Role.GRID_WORKER, at("2026-11-23 18:00"), STREET)) == "head"
    assert code(TOWN.on_duty("PM", Role.PROPERTY_MANAGER, at("2026-11-23 18:00"), HOUSE)) == "pmhead"
    assert TOWN.on_duty("nowhere", Role.HANDLER, at("2026-11-23 10:00")) is None


@pytest.mark.parametrize(
    ("person", "role", "then"),
    [("gw1", "grid_worker", "gw2"), ("gw2", "grid_worker", "gw1"), ("pm", "property_manager", "pmhead")],
)
def test_who_does_not_take_is_followed_by_backup_then_colleague_then_leader(person, role, then):
    assert code(TOWN.backup_for(person, Role(role), at("2026-11-23 10:00"))) == then
