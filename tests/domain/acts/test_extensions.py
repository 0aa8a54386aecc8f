"""延期: asked before the due time, decided by another person (rule 14)."""

from datetime import timedelta

import pytest

from chalicelib.domain.acts import handling, returning
from chalicelib.domain.acts.returning import ReturnReason
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import (
    Invalid,
    NotAllowed,
    StillOpen,
    TooLate,
    WrongStage,
)
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import Stage
from tests.domain.clock_town import at
from tests.domain.life import NOW, TOWN, person, taken, told


def open_clock(ticket, kind):
    return clocks.find_open(ticket, ClockKind(kind))


def ask(ticket, days=3, by="handler-a", now=NOW):
    return handling.ask_extension(
        ticket, by=person(by), working_days=days, reason="等材料", town=TOWN, now=now
    )


def decide(ticket, approved=True, by="desk-a", now=NOW):
    return handling.decide_extension(ticket, by=person(by), approved=approved, note="", town=TOWN, now=now)


@pytest.mark.parametrize(
    ("offset", "allowed"), [(-timedelta(milliseconds=1), True), (timedelta(0), True), (timedelta(milliseconds=1), False)]
)  # fmt: skip
def test_an_extension_is_asked_up_to_the_last_instant_of_the_due_time(offset, allowed):
    ticket = taken()
    now = open_clock(ticket, "resolution").due_at + offset
    if allowed:
        assert ask(ticket, now=now)[0].extension.asked_at == now
    else:
        with pytest.raises(TooLate):
            ask(ticket, now=now)


@pytest.mark.parametrize(("days", "allowed"), [(-1, False), (0, False), (1, True), (10, True), (11, False)])
def test_an_extension_is_one_to_ten_working_days(days, allowed):
    if allowed:
        ask(taken(), days)
    else:
        with pytest.raises(Invalid):
            ask(taken(), days)


@pytest.mark.parametrize(
    ("granted", "days", "allowed"), [((10,), 1, False), ((4, 4), 2, True), ((4, 4), 3, False), ((1,), 9, True), ((1,), 10, False)]
)  # fmt: skip
def test_the_towns_limit_holds_for_all_extensions_of_a_round_together(granted, days, allowed):
    ticket = taken()
    for length in granted:
        ticket, _ = decide(ask(ticket, length)[0])
    if allowed:
        ask(ticket, days)
    else:
        with pytest.raises(Invalid, match="累计"):
            ask(ticket, days)


def test_what_was_refused_takes_nothing_of_the_limit_and_a_new_round_has_its_own():
    refused, _ = decide(ask(taken(), 10)[0], approved=False)
    ask(refused, 10)
    granted, _ = decide(ask(taken(), 10)[0])
    ask(granted.model_copy(update={"round": 2}), 10)


def test_one_request_at_a_time():
    asked, event = ask(taken())
    assert told(event) == {"extension_asked": ["st-head", "desk-a"]}
    with pytest.raises(StillOpen):
        ask(asked)


def test_an_approved_extension_is_a_new_due_time_and_the_resident_is_told():
    asked, _ = ask(taken())
    after, event = decide(asked)
    assert open_clock(after, "resolution").due_at == at(
        "2026-11-30 18:00"
    )  # three working days after Wednesday
    assert open_clock(after, "resolution").extended
    assert told(event) == {"extension_decided": ["handler-a"], "extension_granted": ["reporter"]}


def test_a_refused_extension_changes_no_due_time_and_may_be_asked_again():
    asked, _ = ask(taken())
    after, event = decide(asked, approved=False)
    assert open_clock(after, "resolution") == open_clock(asked, "resolution")
    assert told(event) == {"extension_decided": ["handler-a"]}
    ask(after)


def test_nobody_approves_the_own_extension():
    asked, _ = ask(taken(unit="ST", handler="desk-b"), by="desk-b")
    with pytest.raises(NotAllowed):
        decide(asked, by="desk-b")
    decide(asked, by="desk-a")


def test_what_is_not_asked_or_no_longer_asked_is_not_decided():
    with pytest.raises(WrongStage):
        decide(taken())
    asked, _ = ask(taken())
    gone = returning.return_to_desk(
        asked, by=person("handler-a"), reason=ReturnReason.OVERLAPPING, note="", town=TOWN, now=NOW
    )[0]
    assert gone.extension is None
    with pytest.raises(WrongStage):
        decide(asked.model_copy(update={"stage": Stage.WITHDRAWN}))
