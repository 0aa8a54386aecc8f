"""Which calls count as attempts, and when somebody may be called."""

from datetime import timedelta

import pytest

from chalicelib.domain.tickets.calls import CallAttempt, CallOutcome, may_be_called_at, tries
from tests.domain.life import NOW

NO, ELSE, WRONG, LATER = (
    CallOutcome.NOT_ANSWERED,
    CallOutcome.SOMEBODY_ELSE,
    CallOutcome.WRONG_NUMBER,
    CallOutcome.CALL_LATER,
)


@pytest.mark.parametrize(
    ("outcomes", "count"),
    [
        ((), 0),
        ((NO, ELSE), 2),
        ((NO, LATER, CallOutcome.ANSWERED), 1),
        ((NO, NO, WRONG), 0),  # they rang at somebody else's
        ((NO, WRONG, NO, WRONG, NO, ELSE), 2),
    ],
)
def test_only_calls_of_the_round_that_reached_nobody_at_the_right_number_are_attempts(outcomes, count):
    made = [CallAttempt(round=2, at=NOW, by="desk-a", outcome=each) for each in outcomes]
    of_before = CallAttempt(round=1, at=NOW, by="desk-a", outcome=NO)
    assert len(tries((of_before, *made), 2)) == count


@pytest.mark.parametrize(
    ("after", "may_be"),
    [
        (timedelta(0), False),
        (timedelta(seconds=1), True),
        (timedelta(days=14), True),
        (timedelta(days=14, seconds=1), False),
    ],
)
def test_a_call_is_put_off_to_a_later_instant_and_no_longer_than_two_weeks(after, may_be):
    assert may_be_called_at(NOW + after, NOW) is may_be


def test_nobody_is_called_at_no_time():
    assert may_be_called_at(None, NOW) is False
