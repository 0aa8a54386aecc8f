"""Whether a measure helped: fewer reports afterwards than chance explains, also where weeks vary more than Poisson's."""

from datetime import date, timedelta
from random import Random

import pytest

from chalicelib.domain.classes.measures_taken import Verdict, check

MONDAY = date(2026, 9, 7)
WEEK = timedelta(weeks=1)


def verdict(before, after):
    began = MONDAY + 8 * WEEK
    first = began - len(before) * WEEK
    weeks = {(first + n * WEEK).isoformat(): count for n, count in enumerate(before)}
    weeks |= {(began + (1 + n) * WEEK).isoformat(): count for n, count in enumerate(after)}
    return check(weeks, began, first, began + (1 + len(after)) * WEEK).verdict


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ([5, 4, 6, 5, 5, 4, 6, 5], [1, 0, 1, 1, 0, 1, 1, 0], Verdict.DROPPED),
        ([5, 4, 6, 5, 5, 4, 6, 5], [4, 5, 4, 4, 5, 4, 5, 4], Verdict.UNCLEAR),
        ([5, 4, 6, 5, 5, 4, 6, 5], [5, 5, 5, 5, 5, 5, 5, 5], Verdict.NOT_DROPPED),
        ([5, 4, 6], [0], Verdict.TOO_EARLY),
        # 40 before and 16 after: steady weeks say so, weeks that jump from none to twenty do not
        ([5] * 8, [2] * 8, Verdict.DROPPED),
        ([0, 20, 0, 0, 20, 0, 0, 0], [0, 0, 16, 0, 0, 0, 0, 0], Verdict.UNCLEAR),
    ],
)
def test_whether_it_dropped(before, after, said):
    assert verdict(before, after) is said


@pytest.mark.parametrize("spread", [1, 2, 4])
def test_where_nothing_changed_no_more_than_one_in_twenty_dropped(spread):
    """Weeks of mean 6 in lumps of `spread`: their variance is `spread` times their mean."""
    draw = Random(11)

    def week():
        return spread * sum(draw.random() < 0.06 for _ in range(100 // spread))

    dropped = sum(
        verdict([week() for _ in range(8)], [week() for _ in range(8)]) is Verdict.DROPPED for _ in range(300)
    )
    assert dropped <= 0.05 * 300
