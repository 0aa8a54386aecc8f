"""The consent ledger: one accept is one message, however often and in whatever order WeChat tells of it."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.store.identity import consents
from tests.moto_cloud import moto_cloud
from tests.telling_town import at

NOW = at("10:00")
NOBODY = iter(range(10**6))


@pytest.fixture(autouse=True)
def cloud(monkeypatch):
    with moto_cloud(monkeypatch):
        yield


def test_one_accept_is_one_message():
    assert consents.accept("p", "t", event="e1", at=NOW)
    assert consents.balance("p", "t") == 1
    assert consents.spend("p", "t")
    assert not consents.spend("p", "t")
    assert consents.balance("p", "t") == 0


def test_an_event_that_comes_again_counts_once():
    assert consents.accept("p", "t", event="e1", at=NOW)
    assert not consents.accept("p", "t", event="e1", at=NOW)
    assert consents.balance("p", "t") == 1


def test_an_event_that_comes_again_after_its_message_was_sent_counts_once():
    consents.accept("p", "t", event="e1", at=NOW)
    consents.spend("p", "t")
    assert not consents.accept("p", "t", event="e1", at=NOW)
    assert consents.balance("p", "t") == 0


def test_accepts_accumulate_and_each_template_has_its_own():
    consents.accept("p", "t", event="e1", at=NOW)
    consents.accept("p", "t", event="e2", at=NOW)
    consents.accept("p", "other", event="e2", at=NOW)
    assert (consents.balance("p", "t"), consents.balance("p", "other")) == (2, 1)
    assert consents.balance("someone", "t") == 0


def test_who_never_accepted_is_sent_nothing():
    assert not consents.spend("p", "t")
    assert consents.balance("p", "t") == 0


@pytest.mark.parametrize(("seconds", "counts"), [(-1, False), (0, False), (1, True)])
def test_an_accept_from_before_the_refusal_does_not_count(seconds, counts):
    consents.refuse("p", "t", at=NOW)
    assert consents.accept("p", "t", event="e", at=NOW + timedelta(seconds=seconds)) is counts
    assert consents.balance("p", "t") == int(counts)


def test_a_refusal_takes_everything_and_an_older_one_that_comes_late_takes_nothing():
    consents.accept("p", "t", event="e1", at=NOW)
    assert consents.refuse("p", "t", at=NOW)
    assert consents.accept("p", "t", event="e2", at=NOW + timedelta(minutes=1))
    assert not consents.refuse("p", "t", at=NOW - timedelta(minutes=1))
    assert consents.balance("p", "t") == 1


def test_a_long_term_template_is_refused_until_it_is_accepted_again():
    assert not consents.has_refused("p", "t")
    consents.refuse("p", "t", at=NOW)
    assert consents.has_refused("p", "t")
    consents.accept("p", "t", event="e", at=NOW + timedelta(minutes=1))
    assert not consents.has_refused("p", "t")


def test_what_was_taken_for_a_message_that_never_left_is_given_back():
    consents.accept("p", "t", event="e1", at=NOW)
    consents.spend("p", "t")
    consents.give_back("p", "t")
    assert consents.spend("p", "t")


def test_whoever_is_forgotten_has_allowed_nothing():
    consents.accept("p", "t", event="e1", at=NOW)
    consents.accept("p", "u", event="e1", at=NOW)
    consents.forget("p")
    assert (consents.balance("p", "t"), consents.balance("p", "u")) == (0, 0)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["accept", "spend"]), st.integers(0, 4)), max_size=12))
def test_never_more_messages_than_different_accepts(steps):
    person = f"p{next(NOBODY)}"
    accepted, spent = set(), 0
    for what, event in steps:
        if what == "accept":
            consents.accept(person, "t", event=str(event), at=NOW)
            accepted.add(event)
        else:
            spent += consents.spend(person, "t")
        assert consents.balance(person, "t") == len(accepted) - spent >= 0
