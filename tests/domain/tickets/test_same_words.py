"""What staff say word for word on many tickets is known again; what somebody says of one ticket is not taken for it."""

from datetime import timedelta

import pytest

from chalicelib.domain.acts import answering, closing, dispatching, handling, pausing
from chalicelib.domain.tickets.same_words import MANY, WITHIN, are_many, mark_of
from tests.domain.life import NOW, person
from tests.domain.played import Played, dispatched

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
COPIED = "您好，您反映的问题我们已收到，会尽快派人处理。"


@pytest.mark.parametrize(
    "other",
    [
        "您好!您反映的问题我们已收到,会尽快派人处理",
        "您好，您反映的问题已经收到，我们会尽快派人处理。".replace("已经", "已"),
        "会尽快派人处理，您反映的问题我们已收到，您好",
        "王女士您好，您反映的问题我们已收到，会尽快派人处理。",
        "您好，您反映的3号楼的问题我们已收到，会尽快派人处理。".replace("3号楼的", "3"),
        "您好，您反映的盛华景苑问题我们已收到，会尽快派人处理。",
    ],
)
def test_the_same_words_are_known_whatever_number_name_address_order_or_mark_they_bear(other):
    assert mark_of(other, ["盛华景苑"]) == mark_of(COPIED)


@pytest.mark.parametrize(
    "other",
    [
        "师傅看过了，水泵坏了，明天上午换",
        "您好，您反映的问题我们已收到，今天下午物业上门换灯。",
        "您好，您反映的问题我们已处理。",
    ],
)
def test_what_says_something_else_is_another_text(other):
    assert mark_of(other) != mark_of(COPIED)


@pytest.mark.parametrize(
    ("days", "many"),
    [
        ([0, 1, 2, 3], False),
        ([0, 1, 2, 3, 4], True),
        ([30, 3, 2, 1, 0], True),
        ([0, 1, 2, 3, 30.001], False),
        ([0, 25, 26, 27, 28, 50], True),
    ],
)
def test_five_tickets_within_thirty_days_are_many_and_exactly_thirty_days_still_count(days, many):
    assert MANY == 5
    assert timedelta(days=30) == WITHIN
    assert are_many([NOW + day * DAY for day in days]) is many


def marks(life):
    return {clock.kind.value: clock.words for clock in life.ticket.clocks if clock.words}


def test_an_answer_a_feedback_and_a_progress_bear_the_mark_of_their_words():
    answered = Played("请问怎么办居住证").do(answering.answer, NOW + MINUTE, by=person("desk-a"), text=COPIED)
    assert marks(answered) == {"feedback": mark_of(COPIED)}
    work = dispatched(Played(number=2), NOW + MINUTE, track="joint")
    assert marks(work) == {}  # nobody writes what a dispatch says
    work.do(dispatching.take, NOW + 2 * MINUTE, by=person("handler-a"))
    work.do(handling.unit_feedback, NOW + 3 * MINUTE, by=person("handler-a"), text=COPIED)
    work.do(handling.progress, NOW + DAY, by=person("handler-a"), text="正在办理中", photos=(), public=True)
    assert marks(work) == {"unit_feedback": mark_of(COPIED), "progress": mark_of("正在办理中")}


def test_the_tickets_own_number_place_category_and_unit_make_no_other_text():
    work = Played("楼道灯不亮")
    assert (work.ticket.category, work.ticket.lead_unit_id) == ("LAMP", "PM")
    own = f"{work.ticket.number}号楼道照明在盛华景苑，盛华景苑物业"
    work.do(handling.unit_feedback, NOW + MINUTE, by=person("pm"), text=own + COPIED)
    assert marks(work) == {"unit_feedback": mark_of("号在，" + COPIED)}


def test_the_feedback_that_comes_with_the_resolve_is_the_units_words_and_its_note_is_not():
    work = dispatched(Played(), NOW + MINUTE)
    work.do(dispatching.take, NOW + 2 * MINUTE, by=person("handler-a"))
    how = {"note": "换了灯泡", "photos": ("P",), "feedback": COPIED}
    work.do(closing.resolve, NOW + 3 * MINUTE, by=person("handler-a"), **how)
    assert marks(work) == {"unit_feedback": mark_of(COPIED)}


def test_words_that_come_after_a_promise_was_met_are_no_part_of_it():
    work = dispatched(Played(), NOW + MINUTE)
    work.do(handling.unit_feedback, NOW + 2 * MINUTE, by=person("handler-a"), text="水泵坏了，明天换")
    work.do(handling.unit_feedback, NOW + 3 * MINUTE, by=person("handler-a"), text=COPIED)
    assert marks(work) == {"unit_feedback": mark_of("水泵坏了，明天换")}


def test_a_suspension_with_the_words_of_all_others_bears_their_mark():
    life = Played().do(
        pausing.suspend, NOW + MINUTE, by=person("area"), reason="等区里批复", review_at=NOW + 9 * DAY
    )
    assert marks(life) == {"feedback": mark_of("等区里批复")}


def test_what_was_met_before_at_the_same_instant_bears_no_words_of_a_later_act():
    work = Played()
    given = {"unit_id": "OFF", "handler_id": None, "note": ""}
    work.do(dispatching.assign_finally, NOW + MINUTE, by=person("st-head"), **given)
    later = NOW + timedelta(days=9)
    work.do(pausing.suspend, NOW + MINUTE, by=person("st-head"), reason="等拨款", review_at=later)
    assert marks(work) == {}
