"""备用码: one a person, sixteen digits, used once, half a year (rule 103)."""

from datetime import timedelta

import pytest

from chalicelib.store.identity import sessions, sign_in_codes, spare_codes
from chalicelib.store.table import Table, get
from tests.domain.life import NOW

INSTANT = timedelta(milliseconds=1)


def issue(staff="fc1"):
    return spare_codes.issue(staff, NOW, made_by="head")


def test_it_is_used_once_and_says_who_made_it(town_table):
    code = issue()
    assert spare_codes.is_one(code)
    assert spare_codes.use(f" {code} ", NOW) == ("fc1", "head", None)
    assert spare_codes.use(code, NOW) is None


@pytest.mark.parametrize(("later", "works"), [(timedelta(0), True), (INSTANT, False)])
def test_it_lies_for_half_a_year(town_table, later, works):
    code = issue()
    assert (spare_codes.use(code, NOW + spare_codes.SPARE_CODE_LASTS + later) is not None) is works


def test_a_new_one_is_in_the_place_of_the_old_and_wrong_tries_use_none_up(town_table):
    old, new = issue(), issue()
    wrong = f"fc1-{(int(new.rpartition('-')[2]) + 1) % 10**16:016d}"
    assert [spare_codes.use(wrong, NOW) for _ in range(50)] == [None] * 50
    assert spare_codes.use(old, NOW) is None
    assert spare_codes.use(new, NOW) is not None


@pytest.mark.parametrize(
    "other", ["", "fc1", "fc1-12345678", "fc1-１２３４５６７８９０１２３４５６", "fc1-12345678901234567"]
)
def test_what_is_written_otherwise_is_none(town_table, other):
    assert not spare_codes.is_one(other)


def test_it_stands_beside_a_sign_in_code_and_goes_with_whoever_leaves(town_table):
    code, other = issue(), sign_in_codes.issue("fc1", NOW)
    assert sign_in_codes.redeem(other, NOW) == "fc1"
    sessions.end_all("fc1")
    assert spare_codes.use(code, NOW) is None


def test_it_is_kept_as_a_hash_only(town_table):
    digits = issue().rpartition("-")[2]
    assert digits not in str(get(Table.WORK, "CODE#fc1", "SPARE"))
