"""工作电脑: known by a secret, kept as a hash; a PIN has five tries and none without that secret (rule 103)."""

from datetime import timedelta

import pytest

from chalicelib.ids import new_id
from chalicelib.store.identity import computers
from chalicelib.store.table import Table, query_all
from tests.domain.life import NOW

INSTANT = timedelta(seconds=1)


def registered(unit="ST", name="窗口一"):
    computer = computers.Computer(id=new_id(), unit=unit, name=name, by="fc1", at=NOW)
    return computer, computers.register(computer)


def tries(secret, *pins, staff="fc1", now=NOW):
    return [computers.tries_left_after(secret, staff, pin, now) for pin in pins]


@pytest.mark.parametrize("forged", ["", ".", "x", "x.y", "你好", "a" * 200])
def test_a_forged_secret_is_no_computer(town_table, forged):
    computer, secret = registered()
    assert computers.find(secret) == computer
    assert computers.find(forged) is None
    assert computers.find(f"{computer.id}.{forged}") is None
    assert computers.find(secret[:-1]) is None


def test_a_unit_sees_its_own_computers_and_a_removed_one_is_gone_with_its_pins(town_table):
    computer, secret = registered()
    registered("PM", "物业前台")
    assert [each.name for each in computers.list_computers("ST")] == ["窗口一"]
    computers.set_pin(secret, "fc1", "2580", NOW)
    computers.remove(computer.id)
    assert computers.list_computers("ST") == []
    assert computers.find(secret) is None
    assert tries(secret, "2580") == [0]


def test_the_fifth_wrong_try_is_the_last_and_then_the_right_pin_is_none(town_table):
    _, secret = registered()
    computers.set_pin(secret, "fc1", "2580", NOW)
    assert tries(secret, *["1357"] * 4) == [4, 3, 2, 1]
    assert tries(secret, "2580") == [None]
    assert tries(secret, *["1357"] * 5, "2580") == [4, 3, 2, 1, 0, 0]
    assert not computers.has_pin(secret.partition(".")[0], "fc1", NOW)


def test_who_is_known_by_code_has_every_try_again(town_table):
    computer, secret = registered()
    computers.set_pin(secret, "fc1", "2580", NOW)
    assert tries(secret, *["1357"] * 5)[-1] == 0
    computers.allow_tries(computer.id, "fc1", NOW)
    assert tries(secret, "2580") == [None]


def test_a_pin_is_of_one_person_at_one_computer(town_table):
    (_, mine), (_, other) = registered(), registered(name="窗口二")
    computers.set_pin(mine, "fc1", "2580", NOW)
    assert tries(other, "2580") == [0]
    assert tries(mine, "2580", staff="fc2") == [0]
    computers.allow_tries(other.partition(".")[0], "fc1", NOW)  # makes no PIN
    assert tries(other, "2580") == [0]


@pytest.mark.parametrize(("later", "works"), [(timedelta(0), True), (INSTANT, False)])
def test_a_pin_that_nobody_used_for_half_a_year_is_over(town_table, later, works):
    _, secret = registered()
    computers.set_pin(secret, "fc1", "2580", NOW)
    used = tries(secret, "2580", now=NOW + computers.PIN_LASTS + later)
    assert used == [None if works else 0]


def test_neither_the_secret_nor_the_pin_is_kept(town_table):
    computer, secret = registered()
    computers.set_pin(secret, "fc1", "258013", NOW)
    kept = str(list(query_all(Table.WORK, f"COMPUTER#{computer.id}")))
    assert "PIN#fc1" in kept
    assert secret.partition(".")[2] not in kept
    assert "258013" not in kept
