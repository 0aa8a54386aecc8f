"""小票: who may claim a slip, until when, and by which digits (rule 95)."""

from datetime import timedelta

import pytest

from chalicelib.domain.counter.slips import (
    MOST_TRIES,
    Slip,
    claim,
    hashed,
    last_digits,
    may_be_claimed,
    need_claimable,
)
from chalicelib.domain.errors import AlreadyDone, Invalid, NotFound, TooLate, TooMany
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.readings import DangerCase
from chalicelib.domain.town.danger_signs import Danger, DangerKind
from chalicelib.domain.town.vocabulary import ResidentChannel
from tests.domain.life import TOWN, received
from tests.service import MONDAY

SLIP = Slip(ticket_id="01T", secret="s", digits="d", until=MONDAY)


def claimable(slip=SLIP, secret="s", digits="d", person="r1", now=MONDAY):
    return need_claimable(slip, secret=secret, digits=digits, person=person, now=now)


def test_whoever_holds_the_paper_and_knows_the_digits_may_claim_it_to_the_last_instant():
    assert claimable() == SLIP


@pytest.mark.parametrize(
    ("slip", "given", "refused", "words"),
    [
        (None, {}, NotFound, "这张小票打不开"),
        (SLIP.model_copy(update={"secret": ""}), {"secret": ""}, NotFound, "这张小票打不开"),  # none was printed
        (SLIP, {"secret": "older print"}, NotFound, "这张小票打不开"),
        (SLIP, {"digits": ""}, Invalid, "请输入登记时留的电话后四位"),
        (SLIP, {"digits": "wrong"}, Invalid, "后四位不对"),
        (SLIP, {"now": MONDAY + timedelta(seconds=1)}, TooLate, "小票上的码7天内有效"),
        (SLIP.model_copy(update={"tries": MOST_TRIES}), {}, TooMany, "后四位输错太多次"),
        (SLIP.model_copy(update={"claimed_by": "r2"}), {}, AlreadyDone, "这张小票已经在另一部手机上绑定过"),
    ],
)  # fmt: skip
def test_nobody_else_may(slip, given, refused, words):
    with pytest.raises(refused, match=f"^{words}") as why:
        claimable(slip, **given)
    assert why.value.details.get("fields", ["digits"]) == ["digits"]


def test_the_last_try_of_the_digits_still_counts():
    assert claimable(SLIP.model_copy(update={"tries": MOST_TRIES - 1}))


def test_what_is_kept_of_a_secret_is_of_one_ticket_one_use_and_one_key_alone():
    kept = hashed(b"k", "secret", "01T", "7788")
    others = [
        hashed(b"other", "secret", "01T", "7788"),
        hashed(b"k", "digits", "01T", "7788"),
        hashed(b"k", "secret", "02T", "7788"),
        hashed(b"k", "secret", "01T", "7789"),
    ]
    assert len({kept, *others}) == 5
    assert "7788" not in kept
    assert hashed(b"k", "secret", "01T", "") == ""


@pytest.mark.parametrize(
    ("changes", "may"),
    [
        ({}, True),
        ({"confidential": True}, False),
        ({"danger": DangerCase(level=Danger.SURE, kinds=(DangerKind.FIRE,), since=MONDAY)}, True),
        (
            {
                "danger": DangerCase(
                    level=Danger.SURE, kinds=(DangerKind.FIRE, DangerKind.VIOLENCE), since=MONDAY
                )
            },
            False,
        ),
    ],
)
def test_no_paper_opens_what_whoever_finds_it_at_home_must_not_read(changes, may):
    assert may_be_claimed(received().model_copy(update=changes)) is may


@pytest.mark.parametrize(
    ("channel", "phone_left", "told_there"),
    [
        (ResidentChannel.IN_WECHAT, True, True),
        (ResidentChannel.IN_WECHAT, False, True),
        (ResidentChannel.IN_APP, False, True),
        (ResidentChannel.IN_APP, True, False),  # a browser cannot be told outside the page: called as before
    ],
)
def test_who_claims_a_slip_is_told_on_the_own_phone_if_it_can_be_told_there(channel, phone_left, told_there):
    ticket = received(reachable="call").model_copy(update={"phone_left": phone_left})
    after, event = claim(ticket, channel=channel, town=TOWN, now=MONDAY)
    assert after.reachable == (channel if told_there else "call")
    assert (event.kind, event.at, event.by) == (EventKind.CLAIMED, MONDAY, "reporter")


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
