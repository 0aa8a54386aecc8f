"""传感规则: more than so many within so long, at the boundary; and what of an observation is kept."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import Invalid
from chalicelib.domain.feed.observations import (
    Observation,
    check,
    cleaned,
    counts,
    ended_at,
    exceeding,
    text_of,
)
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.town.sensor_rules import SensorRule
from tests.domain.life import received

NOW = datetime(2026, 11, 23, 18, 0, tzinfo=SHANGHAI)
RULE = SensorRule(
    code="horn", name="望月路鸣笛声呐", partner="sonar", kind="horn", more_than=3, minutes=15, place="SP", category="F1"
)  # fmt: skip


def seen(*seconds, **more):
    known = {"sensor": "horn-1", "kind": "horn"} | more
    return [Observation(id=f"o{n}", at=NOW + timedelta(seconds=s), **known) for n, s in enumerate(seconds)]


@pytest.mark.parametrize(("count", "exceeds"), [(2, False), (3, False), (4, True), (5, True)])
def test_more_than_the_number_is_a_ticket_the_number_itself_is_none(count, exceeds):
    assert bool(exceeding(seen(*range(count)), RULE)) is exceeds


@pytest.mark.parametrize(("last", "exceeds"), [(899, True), (900, True), (901, False)])
def test_both_ends_of_the_window_belong_to_it(last, exceeds):
    assert bool(exceeding(seen(0, 1, 2, last), RULE)) is exceeds


def test_all_of_the_first_window_is_the_evidence_and_nothing_after_it():
    found = seen(-2000, 0, 10, 20, 30, 40, 2000)
    assert [each.id for each in exceeding(reversed(found), RULE)] == ["o1", "o2", "o3", "o4", "o5"]


@given(st.lists(st.integers(min_value=0, max_value=4000), max_size=12))
def test_a_window_exceeds_exactly_when_some_quarter_of_an_hour_holds_more(seconds):
    known = seen(*seconds)
    some = any(sum(0 <= other - first <= 900 for other in seconds) > RULE.more_than for first in seconds)
    evidence = exceeding(known, RULE)
    assert bool(evidence) is some
    if evidence:
        assert len(evidence) > RULE.more_than
        assert evidence[-1].at - evidence[0].at <= RULE.window


@pytest.mark.parametrize(("value", "counted"), [(69.9, False), (70.0, True), (70.1, True), (None, False)])
def test_a_value_below_the_least_does_not_count_nor_does_none(value, counted):
    [one] = seen(0, value=value)
    assert counts(one, RULE.model_copy(update={"least": 70.0})) is counted
    assert counts(one, RULE)


def test_another_kind_or_another_sensor_does_not_count():
    [one] = seen(0)
    assert not counts(one, RULE.model_copy(update={"kind": "smoke"}))
    assert not counts(one, RULE.model_copy(update={"sensor": "horn-2"}))
    assert counts(one, RULE.model_copy(update={"sensor": "horn-1"}))


@pytest.mark.parametrize(
    ("seconds", "is_taken"),
    [(-86401, False), (-86400, True), (300, True), (301, False)],
)
def test_an_instant_may_be_a_day_old_and_five_minutes_ahead(seconds, is_taken):
    if is_taken:
        check(seen(seconds), NOW)
    else:
        with pytest.raises(Invalid, match=r"^观测时间早于一天前，或晚于现在五分钟以上") as refused:
            check(seen(0, seconds), NOW)
        assert refused.value.details["fields"] == ["o1"]


def test_a_plate_that_a_camera_read_is_not_kept():
    [one] = seen(0, note="沪A12345 鸣笛")
    assert "12345" not in cleaned(one).note


def test_the_text_says_how_many_and_names_twenty():
    text = text_of(RULE, seen(*range(25), value=92.5))
    assert text.startswith("望月路鸣笛声呐：11月23日 18:00至18:00观测到25次，超过15分钟3次。")
    assert text.count("92.5") == 20
    assert text.endswith("另有5次。")
    assert "另有" not in text_of(RULE, seen(*range(20)))
    assert text_of(RULE, seen(*range(21))).endswith("另有1次。")


def test_the_text_says_from_the_first_to_the_last_of_them():
    assert "11月23日 18:00至18:14观测到3次" in text_of(RULE, seen(0, 120, 840))


def test_each_observation_is_named_with_its_instant_value_sensor_note_and_link():
    [one] = seen(5, value=92.50, note="短鸣", evidence="https://a/1.wav")
    [bare] = seen(6)
    assert text_of(RULE, [one, bare]).split("\n")[1:] == [
        "18:00:05 92.5 horn-1 短鸣 https://a/1.wav",
        "18:00:06 horn-1",
    ]


@pytest.mark.parametrize(
    ("closed_at", "since"), [(None, NOW), (NOW + timedelta(days=1), NOW + timedelta(days=1))]
)
def test_only_what_was_observed_after_the_end_of_the_last_ticket_counts_again(closed_at, since):
    assert ended_at(received(now=NOW).model_copy(update={"closed_at": closed_at})) == since
