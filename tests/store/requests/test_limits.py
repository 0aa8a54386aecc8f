"""Over a limit: 429 with when to retry and a phone number, never silence (rule 49)."""

from datetime import timedelta

import pytest

from chalicelib.domain.errors import TooMany
from chalicelib.store.requests import limits
from chalicelib.store.requests.limits import Limit
from tests.domain.clock_town import at

START = at("2026-11-23 10:00")
THREE = Limit(kind="three", most=3, window=timedelta(hours=1))


def count(times, *, subject="r1", now=START, limit=THREE, phone=""):
    for _ in range(times):
        limits.count(limit, subject, now, phone=phone)


def test_the_last_allowed_one_is_allowed_and_the_next_is_told_when_to_come_back(town_table):
    count(3)
    with pytest.raises(TooMany) as refused:
        count(1, now=START + timedelta(minutes=50), phone="021-1")
    assert refused.value.details == {"retry_after_seconds": 600, "phone": "021-1"}
    assert "10分钟" in refused.value.message
    assert "021-1" in refused.value.message


def test_a_new_window_begins_anew_with_its_first_instant(town_table):
    count(3)
    with pytest.raises(TooMany):
        count(1, now=START + timedelta(hours=1) - timedelta(milliseconds=1))
    count(3, now=START + timedelta(hours=1))


def test_everyone_has_a_count_of_their_own(town_table):
    count(3)
    count(3, subject="r2")
    count(3, limit=Limit(kind="other", most=3, window=timedelta(hours=1)))


def test_nobody_in_particular_is_not_counted(town_table):
    count(10, subject="")


def test_shards_fill_unevenly_and_the_whole_still_ends(town_table):
    sharded = Limit(kind="sharded", most=20, window=timedelta(hours=1), shards=4)
    allowed = sum(is_allowed(sharded) for _ in range(80))
    assert 20 <= allowed <= 30  # a shard takes its part and half as much again


def is_allowed(limit):
    try:
        count(1, limit=limit)
    except TooMany:
        return False
    return True


def test_the_amounts_are_those_of_the_rule():
    named = {
        limit.kind: (limit.most, limit.window) for limit in vars(limits).values() if isinstance(limit, Limit)
    }
    hour = timedelta(hours=1)
    assert named == {
        "report-person": (10, hour), "report-point": (200, hour), "report-address": (300, hour), "session-address": (600, hour),
        "code-address": (40, timedelta(minutes=10)), "comment-person": (60, hour), "upload-person": (60, hour),
        "code-person": (1, timedelta(minutes=1)), "code-person-hour": (5, hour), "failed-sign-in": (40, timedelta(minutes=10)),
        "reveal-person": (15, hour), "question-point": (200, hour), "emergency-grant": (1, timedelta(days=1)),
        "person-staff": (60, hour), "person-partner": (1000, hour),
    }  # fmt: skip
