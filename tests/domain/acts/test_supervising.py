"""督办与并案: an order and its answer; two tickets about one thing (rules 15, 38)."""

from datetime import timedelta

import pytest

from chalicelib.domain.acts import pausing, supervising
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import AlreadyDone, NotFound, NotYours, WrongStage
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import Stage
from tests.domain.life import NOW, TOWN, person, received, resolved, taken, told


def order(ticket, by="area", text="请加快"):
    return supervising.supervise(ticket, by=person(by), text=text, town=TOWN, now=NOW)


def answer(ticket, order_id="D1", by="handler-a"):
    return supervising.answer_supervision(
        ticket, by=person(by), order_id=order_id, text="本周办好", town=TOWN, now=NOW
    )


def remind(ticket, by="area"):
    return supervising.remind(ticket, by=person(by), note="请今天办", town=TOWN, now=NOW)


def clock(ticket):
    return clocks.find_latest(ticket, ClockKind.SUPERVISION)


def test_an_order_has_its_own_clock_and_goes_to_the_handler_and_the_head():
    ticket, event = order(taken())
    assert clock(ticket).is_running
    assert told(event) == {"supervision": ["off-head", "handler-a"]}


@pytest.mark.parametrize("ticket", [received(), resolved()])
def test_an_order_is_given_only_to_a_unit_that_has_the_ticket(ticket):
    with pytest.raises(WrongStage):
        order(ticket)


def suspended(**report):
    review_at = NOW + timedelta(days=9)
    return pausing.suspend(
        received(**report), by=person("area"), reason="等规划", review_at=review_at, town=TOWN, now=NOW
    )[0]


def test_an_order_on_a_ticket_that_no_unit_has_is_told_to_its_station_and_answered_by_it():
    ticket, event = order(suspended())
    assert told(event) == {"supervision": ["st-head"]}
    with pytest.raises(NotYours):
        answer(ticket, by="handler-a")
    assert clock(answer(ticket, by="desk-a")[0]).met_by == "desk-a"


def test_an_order_on_a_complaint_about_the_station_is_answered_by_a_leader():
    ticket, event = order(suspended(text="投诉工作站不接电话"), by="town")
    assert ticket.station_id in ticket.concerns
    assert told(event) == {"supervision": ["area"]}
    for by in ("desk-a", "handler-a"):
        with pytest.raises(NotYours):
            answer(ticket, by=by)
    assert clock(answer(ticket, by="area")[0]).met_by == "area"


def test_a_leader_does_not_answer_for_the_unit_that_has_the_ticket():
    with pytest.raises(NotYours):
        answer(order(taken())[0], by="area")


def test_the_last_open_order_answered_meets_the_clock():
    ticket = order(order(taken())[0], text="再催")[0]
    first, event = answer(ticket, "D1")
    assert clock(first).is_running
    assert told(event) == {"supervision_answer": ["area"]}
    both, _ = answer(first, "D2")
    assert clock(both).met_by == "handler-a"
    assert [given.answer for given in both.supervision_orders] == ["本周办好", "本周办好"]


def test_an_order_is_answered_once_by_the_lead_unit_and_only_if_it_was_given():
    ticket = order(taken())[0]
    with pytest.raises(NotYours):
        answer(ticket, by="police")
    with pytest.raises(NotFound):
        answer(ticket, "D2")
    with pytest.raises(AlreadyDone):
        answer(answer(ticket)[0])


@pytest.mark.parametrize(
    ("ticket", "whose"),
    [(received(), "desk-a"), (taken(), "handler-a"), (resolved(), "desk-a")],
    ids=["received", "taken", "resolved"],
)
def test_whoever_it_lies_with_is_urged_and_no_clock_moves(ticket, whose):
    after, event = remind(ticket)
    assert told(event) == {"reminded": [whose]}
    assert event.notices[0].params["note"] == "片区书记催办"  # nobody's own words go to a phone
    assert after.clocks == ticket.clocks


def test_nobody_urges_himself_nor_what_has_ended():
    with pytest.raises(NotYours):
        remind(received(), by="desk-a")
    ended = taken().model_copy(update={"stage": Stage.FORWARDED})
    with pytest.raises(WrongStage):
        remind(ended)
