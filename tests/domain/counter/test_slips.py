"""小票: who may claim a slip, until when, and by which digits (rule 95)."""

from datetime import timedelta

import pytest

from chalicelib.domain.counter.slips import MOST_TRIES, Slip, last_digits, need_claimable
from chalicelib.domain.errors import AlreadyDone, Invalid, NotFound, TooLate, TooMany
from tests.service import MONDAY

SLIP = Slip(ticket_id="01T", secret="s", digits="d", until=MONDAY)


def claimable(slip=SLIP, secret="s", digits="d", person="r1", now=MONDAY):
    return need_claimable(slip, secret=secret, digits=digits, person=person, now=now)


def test_whoever_holds_the_paper_and_knows_the_digits_may_claim_it_to_the_last_instant():
    assert claimable() == SLIP


@pytest.mark.parametrize(
    ("slip", "given", "refused"),
    [
        (None, {}, NotFound),
        (SLIP.model_copy(update={"secret": ""}), {"secret": ""}, NotFound),  # none was printed
        (SLIP, {"secret": "older print"}, NotFound),
        (SLIP, {"digits": ""}, Invalid),
        (SLIP, {"digits": "wrong"}, Invalid),
        (SLIP, {"now": MONDAY + timedelta(seconds=1)}, TooLate),
        (SLIP.model_copy(update={"tries": MOST_TRIES}), {}, TooMany),
        (SLIP.model_copy(update={"claimed_by": "r2"}), {}, AlreadyDone),
    ],
)
def test_nobody_else_may(slip, given, refused):
    with pytest.raises(refused):
        claimable(slip, **given)


def test_the_same_phone_may_open_it_again_also_later():
    again = SLIP.model_copy(update={"claimed_by": "r1"})
    assert claimable(again, digits="", now=MONDAY + timedelta(days=30)) == again


def test_without_a_phone_the_paper_alone_is_enough():
    bare = SLIP.model_copy(update={"digits": ""})
    assert claimable(bare, digits="") == bare


@pytest.mark.parametrize(
    ("phone", "digits"),
    [
        ("13812345678", "5678"),
        ("138 1234 5678、021-62345679", "5678"),
        ("62345678转801", "5678"),
        ("", ""),
        ("没有", ""),
    ],
)
def test_the_digits_are_the_last_four_of_the_first_number(phone, digits):
    assert last_digits(phone) == digits
