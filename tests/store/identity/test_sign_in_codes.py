"""Sign-in codes: bound to a person, one out at a time, five tries, once, fifteen minutes (rule 46)."""

from datetime import datetime, timedelta

import pytest

from chalicelib.domain.model import SHANGHAI
from chalicelib.store.identity import sessions, sign_in_codes
from chalicelib.store.table import Table, get

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
INSTANT = timedelta(milliseconds=1)


def wrong(code):
    subject, _, digits = code.rpartition("-")
    return f"{subject}-{(int(digits) + 1) % 10**8:08d}"


@pytest.mark.parametrize(("offset", "works"), [(-INSTANT, True), (timedelta(0), True), (INSTANT, False)])
def test_a_code_works_for_fifteen_minutes(town_table, offset, works):
    code = sign_in_codes.issue("gw-1", NOW)
    assert sign_in_codes.redeem(code, NOW + sign_in_codes.LASTS + offset) == ("gw-1" if works else None)


def test_a_code_works_once(town_table):
    code = sign_in_codes.issue("gw-1", NOW)
    assert [sign_in_codes.redeem(code, NOW) for _ in range(2)] == ["gw-1", None]


def test_a_code_names_its_person_and_opens_no_other_door(town_table):
    code, other = sign_in_codes.issue("gw-1", NOW), sign_in_codes.issue("gw-2", NOW)
    digits = code.rpartition("-")[2]
    assert (code, len(digits), digits.isdecimal()) == (f"gw-1-{digits}", 8, True)
    if digits != other.rpartition("-")[2]:
        assert sign_in_codes.redeem(f"gw-2-{digits}", NOW) is None
    assert sign_in_codes.redeem(digits, NOW) is None
    assert sign_in_codes.redeem(code, NOW) == "gw-1"


def test_the_fifth_try_still_counts_and_the_sixth_does_not(town_table):
    code = sign_in_codes.issue("gw-1", NOW)
    assert [sign_in_codes.redeem(wrong(code), NOW) for _ in range(4)] == [None] * 4
    assert sign_in_codes.redeem(code, NOW) == "gw-1"
    code = sign_in_codes.issue("gw-1", NOW)
    assert [sign_in_codes.redeem(wrong(code), NOW) for _ in range(5)] == [None] * 5
    assert sign_in_codes.redeem(code, NOW) is None


def test_one_code_is_out_for_a_person_the_newest(town_table):
    older, newer = sign_in_codes.issue("gw-1", NOW), sign_in_codes.issue("gw-1", NOW)
    if older != newer:
        assert sign_in_codes.redeem(older, NOW) is None
    assert sign_in_codes.redeem(newer, NOW) == "gw-1"


def test_a_code_goes_with_the_sessions_of_its_person(town_table):
    code = sign_in_codes.issue("gw-1", NOW)
    sessions.end_all("gw-1")
    assert sign_in_codes.redeem(code, NOW) is None


def test_what_is_stored_holds_no_code(town_table):
    digits = sign_in_codes.issue("gw-1", NOW).rpartition("-")[2]
    assert digits not in str(get(Table.WORK, "CODE#gw-1", "CODE"))
