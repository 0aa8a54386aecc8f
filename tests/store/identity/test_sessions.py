"""Sessions are opaque, hashed at rest, revocable; a sign-in code works once (rule 46)."""

from datetime import timedelta

import pytest

from chalicelib.store.identity import sessions
from chalicelib.store.identity.sessions import RESIDENT_LASTS, STAFF_LASTS, Kind
from chalicelib.store.table import Table, query_all
from tests.domain.life import NOW

INSTANT = timedelta(milliseconds=1)


def start(kind=Kind.STAFF, subject="gw1"):
    return sessions.start(kind, subject, channel="console", now=NOW)


@pytest.mark.parametrize(("kind", "lasts"), [(Kind.STAFF, STAFF_LASTS), (Kind.RESIDENT, RESIDENT_LASTS)])
def test_the_last_instant_of_a_session_counts(town_table, kind, lasts):
    token = start(kind)
    assert sessions.find(token, NOW + lasts - INSTANT).subject == "gw1"
    assert sessions.find(token, NOW + lasts).kind is kind
    assert sessions.find(token, NOW + lasts + INSTANT) is None


def test_the_amounts_are_those_of_the_rule():
    assert (RESIDENT_LASTS.days, STAFF_LASTS.days) == (180, 30)


@pytest.mark.parametrize("forged", ["", "x", "你好", "a" * 5000, "SESSION#", "\x00"])
def test_an_unknown_token_is_nobody(town_table, forged):
    start()
    assert sessions.find(forged, NOW) is None


def test_a_token_is_kept_as_a_hash_only_and_no_two_are_alike(town_table):
    tokens = {start() for _ in range(5)}
    kept = str(list(query_all(Table.WORK, "SESSIONS#gw1", index="GSI1")))
    assert len(tokens) == 5
    assert not any(token in kept for token in tokens)
    assert all(len(token) >= 43 for token in tokens)


def test_a_session_that_is_ended_is_over_at_once_and_another_goes_on(town_table):
    ended, other = start(), start()
    sessions.end(ended)
    sessions.end(ended)
    assert sessions.find(ended, NOW) is None
    assert sessions.find(other, NOW) is not None


def test_someone_who_leaves_has_no_session_left_and_nobody_else_loses_one(town_table):
    tokens, other = [start() for _ in range(30)], start(subject="gw2")
    sessions.end_all("gw1")
    assert not any(sessions.find(token, NOW) for token in tokens)
    assert sessions.find(other, NOW) is not None
