"""What came about too fast to be believed unseen; exactly at the limit it is not."""

from datetime import timedelta

import pytest

from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.haste import is_quick_arrival, is_quick_resolve
from tests.domain.life import NOW, taken


def arrived(after):
    return taken().model_copy(update={"arrived_at": NOW + after})


@pytest.mark.parametrize(("seconds", "is_quick"), [(-1, False), (0, True), (119, True), (120, False)])
def test_an_arrival_is_quick_within_two_minutes_of_the_take(seconds, is_quick):
    assert is_quick_arrival(arrived(timedelta(seconds=seconds))) is is_quick


@pytest.mark.parametrize(("seconds", "is_quick"), [(-1, False), (0, True), (299, True), (300, False)])
def test_a_resolve_is_quick_within_five_minutes_of_the_arrival(seconds, is_quick):
    assert is_quick_resolve(arrived(timedelta(0)), NOW + timedelta(seconds=seconds)) is is_quick


def test_who_did_not_arrive_or_never_took_it_was_not_quick():
    assert not is_quick_arrival(taken())
    assert not is_quick_resolve(taken(), NOW)
    clocks = tuple(clock for clock in taken().clocks if clock.kind is not ClockKind.TAKE)
    assert not is_quick_arrival(arrived(timedelta(0)).model_copy(update={"clocks": clocks}))
