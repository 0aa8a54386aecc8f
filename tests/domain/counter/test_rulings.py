"""派单目录 and 权属裁定 (rule 98): whom it must not be given to, and a dispute that is handled meanwhile."""

from datetime import timedelta

import pytest

from chalicelib.domain.acts import dispatching, returning
from chalicelib.domain.acts.returning import ReturnReason
from chalicelib.domain.clocks import clocks
from chalicelib.domain.counter import rulings
from chalicelib.domain.errors import AlreadyDone, NotAllowed, NotFound
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import Stage
from chalicelib.domain.town.vocabulary import Category, Mandate
from tests.domain.clock_town import PATH
from tests.domain.life import NOW, TOWN, dispatched, life_town, person, received


def test_the_closest_category_then_the_deepest_place_holds():
    rows = (
        Mandate(category="B", ground="大类"),
        Mandate(category="B1", ground="小类"),
        Mandate(category="B1", place="SH", ground="小类，在这里"),
    )
    kinds = (Category(code="B", name="设施"), Category(code="B1", parent="B", name="灯"), *TOWN.categories)
    town = life_town(categories=kinds, mandates=rows)
    assert town.mandate_for("B1", PATH).ground == "小类，在这里"
    assert town.mandate_for("B1", ("HJ",)).ground == "小类"
    assert town.mandate_for("B", PATH).ground == "大类"
    assert town.mandate_for(None, PATH) is None
    assert town.mandate_for("HORN", PATH) is None


def test_what_a_department_must_do_is_not_given_to_the_grassroots():
    ticket = received().model_copy(update={"category": "HORN"})
    town = life_town(mandates=(Mandate(category="HORN", never=("property",), lead="TRA", ground="某法"),))
    with pytest.raises(NotAllowed, match="某法"):
        dispatching.dispatch(
            ticket,
            unit_id="PM",
            handler_id=None,
            by=person("desk-a"),
            track=None,
            note="",
            town=town,
            now=NOW,
        )
    assert dispatching.dispatch(
        ticket, unit_id="TRA", handler_id=None, by=person("desk-a"), track=None, note="", town=town, now=NOW
    )


def disputed(ticket=None, now=NOW):
    return returning.return_to_desk(
        ticket or dispatched(),
        by=person("handler-a"),
        reason=ReturnReason.UNCLEAR_DUTY,
        note="路灯归供电公司，不归物业",
        town=TOWN,
        now=now,
    )[0]


def test_a_disputed_duty_is_handled_meanwhile_and_ruled_within_a_working_day():
    before = dispatched()
    after = disputed(before)
    assert (after.stage, after.lead_unit_id, after.returns) == (before.stage, "OFF", 0)
    assert after.dispute.words.startswith("路灯")
    assert clocks.find_open(after, ClockKind.RULING).due_at <= NOW + timedelta(days=3)
    with pytest.raises(AlreadyDone):
        disputed(after)


def test_without_words_there_is_nothing_to_decide_and_it_is_an_ordinary_return():
    after = returning.return_to_desk(
        dispatched(), by=person("handler-a"), reason=ReturnReason.UNCLEAR_DUTY, note=" ", town=TOWN, now=NOW
    )[0]
    assert (after.stage, after.returns, after.dispute) == (Stage.RECEIVED, 1, None)


def test_the_other_side_speaks_the_one_that_disputes_has_spoken():
    ticket = disputed()
    said = rulings.answer(ticket, text="报修电话登记的是物业", by=person("desk-a"), town=TOWN, now=NOW)[0]
    assert said.dispute.answer == "报修电话登记的是物业"
    with pytest.raises(NotAllowed):
        rulings.answer(ticket, text="就不是我们的", by=person("handler-a"), town=TOWN, now=NOW)


@pytest.mark.parametrize(("unit", "stage"), [("OFF", Stage.DISPATCHED), ("TRA", Stage.DISPATCHED)])
def test_a_ruling_is_final_and_moves_no_due_time(unit, stage):
    ticket = disputed()
    due = clocks.find_open(ticket, ClockKind.RESOLUTION).due_at
    after, event = rulings.rule(
        ticket, unit_id=unit, ground="职责清单第3项", by=person("area"), town=TOWN, now=NOW
    )
    assert (after.lead_unit_id, after.assigned_finally, after.dispute, after.stage) == (
        unit,
        True,
        None,
        stage,
    )
    assert clocks.find_open(after, ClockKind.RULING) is None
    assert clocks.find_open(after, ClockKind.RESOLUTION).due_at == due
    assert event.details["unit"] == unit
    filed = after.model_copy(update={"category": "HORN"})
    assert rulings.precedent_of(filed, unit_id=unit, ground="职责清单第3项", now=NOW).unit_id == unit
    assert (
        rulings.precedent_of(after, unit_id=unit, ground="职责清单第3项", now=NOW) is None
    )  # of no category


def test_only_a_leader_rules_and_only_what_is_disputed():
    with pytest.raises(NotAllowed):
        rulings.rule(disputed(), unit_id="TRA", ground="清单", by=person("desk-a"), town=TOWN, now=NOW)
    with pytest.raises(NotFound):
        rulings.rule(dispatched(), unit_id="TRA", ground="清单", by=person("area"), town=TOWN, now=NOW)


def test_whatever_moves_the_ticket_ends_the_dispute():
    moved = dispatching.transfer(
        disputed(), unit_id="TRA", handler_id=None, by=person("desk-a"), note="改派", town=TOWN, now=NOW
    )[0]
    assert moved.dispute is None
    assert clocks.find_open(moved, ClockKind.RULING) is None
