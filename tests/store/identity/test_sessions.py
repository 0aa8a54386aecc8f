"""Sessions are opaque, hashed at rest, revocable; a sign-in code works once (rule 46)."""

from datetime import timedelta

import pytest

from chalicelib.domain.errors import Locked
from chalicelib.ids import new_id
from chalicelib.store import keys
from chalicelib.store.identity import computers, sessions
from chalicelib.store.identity.sessions import LOST_ANSWER, RESIDENT_LASTS, STAFF_LASTS, Kind
from chalicelib.store.table import Table, query_all, update
from tests.domain.life import NOW

INSTANT = timedelta(milliseconds=1)


def a_computer():
    computer = computers.Computer(id=new_id(), unit="ST", name="窗口", by="fc1", at=NOW)
    computers.register(computer)
    return computer


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


def console(made_by="", **given):
    return sessions.start(
        Kind.STAFF,
        "fc1",
        channel="console",
        now=NOW,
        made_by=made_by,
        seat=sessions.Seat(NOW + timedelta(minutes=15), **given),
    )


def test_a_console_is_open_to_its_last_instant_and_then_its_token_answers_locked(town_table):
    token, last = console(), NOW + timedelta(minutes=15)
    assert sessions.find(token, last).subject == "fc1"
    with pytest.raises(Locked):
        sessions.find(token, last + INSTANT)
    assert sessions.find_even_locked(token, last + INSTANT).subject == "fc1"


def test_a_session_that_says_nothing_of_a_lock_began_before_there_was_one_and_is_over(town_table):
    of_staff, of_resident = start(), start(Kind.RESIDENT, "r1")
    for token in (of_staff, of_resident):
        update(Table.WORK, *keys.session(sessions._hash(token)), "REMOVE #was_locked")
    assert sessions.find(of_staff, NOW) is None
    assert sessions.find_even_locked(of_staff, NOW) is None
    assert sessions.find(of_resident, NOW).subject == "r1"


def test_who_sits_at_a_computer_that_is_removed_is_signed_in_no_more_and_nobody_else(town_table):
    computer, other = a_computer(), a_computer()
    there, elsewhere, phone = console(computer=computer.id), console(computer=other.id), start()
    later = console()
    sessions.bind(later, computer.id, NOW)
    sessions.lock(there)
    computers.remove(computer.id)
    sessions.end_at(computer.id)
    assert [sessions.find_even_locked(each, NOW) for each in (there, later)] == [None, None]
    assert sessions.find(elsewhere, NOW).computer == other.id
    assert sessions.find(phone, NOW) is not None
    assert list(query_all(Table.WORK, keys.computer_pk(computer.id))) == []


def test_whoever_signs_in_at_a_computer_as_it_is_removed_is_at_none(town_table):
    computer = a_computer()
    computers.remove(computer.id)
    assert sessions.find(console(computer=computer.id), NOW).computer == ""


def test_a_phone_never_locks(town_table):
    assert sessions.find(start(), NOW + STAFF_LASTS).locks_at is None


def test_a_screen_that_was_locked_stays_so_whatever_its_keys_say(town_table):
    token = console()
    assert sessions.stay(token, NOW + timedelta(minutes=30))
    sessions.lock(token)
    assert not sessions.stay(token, NOW + timedelta(minutes=45))
    with pytest.raises(Locked):
        sessions.find(token, NOW)


def test_what_a_pin_opens_has_a_fresh_token_and_the_old_one_may_be_tried_for_two_minutes_and_opens_nothing(
    town_table,
):
    computer = a_computer()
    token = console(computer=computer.id, made_by="head")
    sessions.lock(token)
    before = sessions.find_even_locked(token, NOW)
    fresh = sessions.reopen(token, locks_at=NOW + timedelta(minutes=20), now=NOW)
    opened = before.model_copy(update={"was_locked": False, "locks_at": NOW + timedelta(minutes=20)})
    assert sessions.find(fresh, NOW + timedelta(minutes=20)) == opened
    with pytest.raises(Locked):
        sessions.find(token, NOW + LOST_ANSWER)
    assert sessions.find_even_locked(token, NOW + LOST_ANSWER + timedelta(seconds=1)) is None
    again = sessions.reopen(token, locks_at=NOW + timedelta(minutes=21), now=NOW + LOST_ANSWER)
    assert sessions.find(again, NOW).subject == before.subject
    sessions.end_at(computer.id)
    assert sessions.find(fresh, NOW) is sessions.find(again, NOW) is None


def test_nothing_is_opened_at_a_computer_that_is_one_no_more(town_table):
    computer = a_computer()
    token = console(computer=computer.id)
    computers.remove(computer.id)
    assert sessions.reopen(token, locks_at=NOW, now=NOW) is None


def test_what_has_ended_is_neither_locked_nor_unlocked_nor_bound(town_table):
    token = console()
    sessions.end(token)
    sessions.lock(token)
    sessions.bind(token, "C1", NOW)
    assert sessions.reopen(token, locks_at=NOW, now=NOW) is None
    assert not sessions.stay(token, NOW)
    assert sessions.find_even_locked(token, NOW) is None
