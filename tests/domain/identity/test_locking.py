"""锁屏: when a screen locks, and which PIN is one (rule 103)."""

from datetime import timedelta

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.domain.identity.locking import locks_at, may_remove, need_good_pin
from chalicelib.domain.town.vocabulary import Role, Staff
from tests.domain.life import NOW


@pytest.mark.parametrize(
    ("idle", "is_busy", "left"),
    [(0, False, 15), (14, False, 1), (15, False, 0), (16, False, -1), (0, True, 60), (16, True, 44), (60, True, 0)],
)  # fmt: skip
def test_a_screen_locks_fifteen_minutes_after_the_last_key_and_sixty_where_something_is_unfinished(
    idle, is_busy, left
):
    until = locks_at(timedelta(minutes=idle), is_busy=is_busy, now=NOW)
    assert until - NOW == timedelta(minutes=left)


def test_a_key_that_comes_from_the_future_keeps_no_screen_open_longer():
    assert locks_at(timedelta(hours=-5), is_busy=False, now=NOW) == NOW + timedelta(minutes=15)


@pytest.mark.parametrize("pin", ["2580", "73194", "190382"])
def test_four_to_six_digits_are_a_pin(pin):
    need_good_pin(pin)


@pytest.mark.parametrize(
    "pin", ["", "258", "1903827", "12a4", "１２３９", "٣٤٥٩", "25 80", "1111", "000000", "1234", "56789", "9876", "1212", "258258"]
)  # fmt: skip
def test_what_is_too_short_too_long_no_figures_or_guessed_first_is_refused(pin):
    with pytest.raises(Invalid) as refused:
        need_good_pin(pin)
    assert refused.value.details == {"fields": ["pin"]}


@pytest.mark.parametrize(
    ("code", "unit", "role", "may"),
    [("me", "B", Role.HANDLER, True), ("b", "A", Role.STATION_HEAD, True), ("b", "A", Role.UNIT_HEAD, True), ("b", "B", Role.ADMIN, True),
     ("b", "A", Role.FIRST_CONTACT, False), ("b", "B", Role.STATION_HEAD, False), ("b", "B", Role.UNIT_HEAD, False)],
)  # fmt: skip
def test_a_computer_is_removed_by_who_registered_it_the_units_head_and_the_administrator(
    code, unit, role, may
):
    by = Staff(code=code, name=code, unit=unit, roles=(role,), places=())
    assert may_remove("A", "me", by) is may
