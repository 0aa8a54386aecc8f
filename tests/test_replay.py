"""`make replay`: when each alert would have fired, by the service's own rules."""

from datetime import datetime, timedelta

import pytest

from chalicelib.domain.figures.alerts import Thresholds
from chalicelib.domain.model import SHANGHAI
from infra.replay import BadRows, Columns, Given, fired, read

START = datetime(2026, 1, 5, 9, tzinfo=SHANGHAI)


def days(*numbers, category="lamp", place=""):
    """A report an hour, so many on each day."""
    return [
        Given(START + timedelta(days=day, hours=n), place, category)
        for day, number in enumerate(numbers)
        for n in range(number)
    ]


def test_a_storm_of_a_week_fires_once_at_the_report_that_made_it_one():
    calm = [1, 0, 0, 1, 0, 0, 0] * 8
    [alert] = fired(days(*calm, 9, 14, 14, 12, 9, 8, 6, *[0] * 13), Thresholds())
    assert alert.at == START + timedelta(days=56, hours=6)  # the seventh of its first day
    assert alert.found.count == 7


def test_a_storm_week_in_weekly_counts_fires_once_though_the_next_weeks_are_high_too():
    rows = [Given(START + timedelta(weeks=week), "", "snow", 2) for week in range(20)]
    rows += [Given(START + timedelta(weeks=20 + week), "", "snow", n) for week, n in enumerate((300, 60, 20))]
    assert [alert.at for alert in fired(rows, Thresholds(), season=1)] == [START + timedelta(weeks=20)]


def test_an_empty_file_fires_nothing():
    assert list(fired([], Thresholds())) == []


def test_rows_are_read_in_the_order_of_their_times_with_their_counts(tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text(
        "﻿wk,kind,new\n2013/02/11,snow,3.0\n2013-02-04,snow,\n2013-01-28,snow,1\n", encoding="utf-8"
    )
    rows = read(file, Columns(time="wk", category="kind", number="new"))
    assert [(row.at.day, row.n) for row in rows] == [(28, 1), (11, 3)]


@pytest.mark.parametrize(
    ("text", "said"), [("at,x\n2013-01-01,y\n", "缺少列"), ("time,x\nyesterday,y\n", "第 2 行")]
)
def test_a_file_that_cannot_be_replayed_says_why(tmp_path, text, said):
    file = tmp_path / "rows.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadRows, match=said):
        read(file, Columns())
