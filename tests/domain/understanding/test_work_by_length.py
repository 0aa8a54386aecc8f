"""Texts of one kind, as nobody writes them and anybody may send: reading them is work by their length, and little of it.

Calls of functions are counted, never time; what a pattern does inside itself is timed by night, on this process's own clock.
"""

import sys
import time

import pytest

from chalicelib.domain.identity.scrub import named_room, scrub
from chalicelib.domain.tickets.where import typed
from chalicelib.domain.understanding.reading import Trained, understand
from chalicelib.gateways import triage_model
from tests.domain.understanding.test_danger import HERE, TOWN

SEEDS = {
    "digits apart": "2-",
    "digits and dashes": "0-3-",
    "points": "0.0%",
    "digits": "1",
    "numerals": "一",
    "tens": "十",
    "brackets": "（[{(",
    "closed brackets": "()[]",
    "ends": "。！",
    "blanks": "a ",
    "marks on a letter": "e\u0301\u0301",
    "right to left": "\u202e\u05d0",
    "nothing seen": "\u200b",
    "one that is eighteen": "\ufdfa",
    "full width": "１ａ",
    "at signs": "a@",
    "phones": "13812345678 ",
    "names": "我叫王小明，",
    "own name": "王 小 明",
    "rooms": "4号楼301室",
    "households": "1388户",
    "a place": "盛华景苑，",
    "places": "盛华景苑4号楼、",
    "messengers": "微信号",
    "papers": "护照A",
    "plates": "沪A·",
    "denials": "没有人",
    "acts": "物业骂我。",
    "danger": "电梯困人",
    "said before": "电话：订单",
    "other scripts": "ǄÀ㍿",
}
TRAINED = Trained(triage_model.current(), triage_model.danger(), triage_model.misconduct())
FACTOR = 2.6  # twice as long is at most so much more work
SLACK = 3_000  # calls


def everything(text):
    """What is done with a resident's words before a ticket is made of them."""
    scrub(text, name="王小明", phone="13812345678")
    named_room("", text)
    understand(scrub(text), town=TOWN, place=HERE, model=TRAINED)
    typed(text, TOWN, name="x")


def calls(act):
    count = 0

    def counted(_frame, event, _argument):
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        act()
    finally:
        sys.setprofile(None)
    return count


@pytest.fixture(autouse=True, scope="module")
def _everything_is_compiled():
    for seed in SEEDS.values():
        everything(seed * 30)


@pytest.mark.parametrize("seed", SEEDS.values(), ids=SEEDS)
def test_a_text_twice_as_long_is_twice_the_work(seed):
    short, long = ((seed * length)[:length] for length in (100, 200))
    once = calls(lambda: everything(short))
    assert calls(lambda: everything(long)) <= FACTOR * once + SLACK


@pytest.mark.nightly  # three seconds, and a clock
@pytest.mark.parametrize("seed", SEEDS.values(), ids=SEEDS)
def test_no_text_that_is_let_in_holds_a_function_for_long(seed):
    text = (seed * 2000)[:2000]
    before = time.process_time()
    everything(text)
    assert time.process_time() - before < 2.0  # measured: 0.3 at most, and machines differ
