"""What a desk decides becomes rows to train on: last decision, no identity, nothing confidential, nothing of a drill (rule 60)."""

import pytest

from chalicelib.domain.acts import answering, classifying, dispatching
from chalicelib.domain.tickets.readings import Answer, DangerCase
from chalicelib.domain.tickets.ticket import Event, Stage
from chalicelib.domain.town.danger_signs import Danger, DangerKind
from chalicelib.domain.understanding.corrections import (
    FEWEST,
    Row,
    danger_row_of,
    is_decision,
    row_of,
    trainable,
)
from tests.domain.life import NOW, TOWN, dispatched, person, received

DESK = person("desk-a")


def classified(ticket, category):
    how = {"track": None, "urgent": None, "confidential": None, "concerns": None}
    return classifying.classify(ticket, by=DESK, category=category, **how, town=TOWN, now=NOW)


def test_correcting_a_category_and_going_on_with_it_are_both_decisions():
    given = {"unit_id": "OFF", "handler_id": None, "track": None, "note": ""}
    lines = [
        classified(received(), TOWN.categories[0].code)[1],
        dispatching.dispatch(received(), by=DESK, town=TOWN, now=NOW, **given)[1],
        answering.answer(received(), by=DESK, text="请带身份证来窗口", town=TOWN, now=NOW)[1],
    ]
    assert [is_decision(line) for line in lines] == [True, True, True]


@pytest.mark.parametrize(
    ("kind", "by"),
    [
        ("received", "machine"),
        ("received", "desk-a"),
        ("dispatched", "machine"),
        ("classified", "reporter"),
        ("taken", "handler-a"),
        ("declined", "desk-a"),
    ],
)
def test_what_the_machine_or_a_resident_does_or_what_decides_no_category_is_no_decision(kind, by):
    assert not is_decision(Event(kind=kind, at=NOW, by=by))


def test_the_last_decision_is_the_label():
    one, other = TOWN.categories[0].code, TOWN.categories[1].code
    ticket = classified(classified(received(), one)[0], other)[0]
    assert row_of(ticket).label == other


def test_a_row_holds_the_words_without_what_identifies_a_person():
    ticket = dispatched().model_copy(
        update={"text": " 灯坏了，电话13812345678，沪A12345 ", "category": "lamp"}
    )
    assert row_of(ticket) == Row("", "灯坏了，电话［已隐去］，［已隐去］", "lamp")


@pytest.mark.parametrize(
    "fields", [{"confidential": True}, {"practice": True}, {"category": None}, {"text": ""}, {"text": " "}]
)
def test_confidential_and_practice_tickets_and_those_without_category_or_words_are_no_rows(fields):
    usual = {"text": "灯坏了", "category": "lamp"}
    assert row_of(received().model_copy(update=usual)) is not None
    assert row_of(received().model_copy(update=usual | fields)) is None


@pytest.mark.parametrize(("rows", "kept"), [(FEWEST - 1, 0), (FEWEST, FEWEST), (FEWEST + 1, FEWEST + 1)])
def test_a_label_with_fewer_rows_than_training_has_parts_is_left_out_and_named(rows, kept):
    made = trainable([Row("", f"灯坏了{n}", "lamp") for n in range(rows)])
    assert len(made.kept) == kept
    assert made.few == ({} if kept else {"lamp": rows})


def test_rows_come_in_the_order_of_their_words_whenever_they_were_sent():
    rows = [Row("", f"灯坏了{n}", "lamp") for n in range(6)]
    assert trainable(reversed(rows)).kept == trainable(rows).kept == rows


def endangered(
    level=Danger.POSSIBLE, kinds=(DangerKind.LIFT,), stage=Stage.CLOSED, text="电梯响，13812345678", **case
):
    return received(text).model_copy(
        update={"stage": stage, "danger": DangerCase(level=level, kinds=kinds, since=NOW, **case)}
    )


NO = {"decided": Answer.NO, "reason": "演习"}


@pytest.mark.parametrize(
    ("ticket", "learned"),
    [
        (endangered(decided=Answer.YES), ("danger", "lift", "")),
        (endangered(decided=Answer.YES, stage=Stage.HANDLING), ("danger", "lift", "")),
        (endangered(decided=Answer.YES, kinds=()), ("danger", "other", "")),
        (endangered(Danger.SURE), ("danger", "lift", "")),  # that nobody took back by the end
        (endangered(Danger.SURE, stage=Stage.HANDLING), None),
        (endangered(**NO, agreed_by="st-head"), ("none", "", "演习")),
        (endangered(**NO), None),  # by one person alone
        (endangered(**NO, agreed_by="st-head", stage=Stage.HANDLING), None),
        (endangered(), None),
        (received("电梯响"), None),
        (endangered(text=" ", decided=Answer.YES), None),
        (endangered(decided=Answer.YES).model_copy(update={"confidential": True}), None),
        (endangered(decided=Answer.YES).model_copy(update={"practice": True}), None),
    ],
)
def test_of_a_danger_a_yes_is_learned_at_once_and_a_no_of_what_has_ended_by_two(ticket, learned):
    row = danger_row_of(ticket)
    if learned is None:
        assert row is None
        return
    assert row.text.startswith("电梯响")
    assert "13812345678" not in row.text
    assert (row.label, row.kind, row.trap) == learned
    assert (row.writer, row.where) == ("town", "report")
