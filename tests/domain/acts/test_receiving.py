"""受理: what becomes of a report at once, and the acts by which the first contact ends it (rules 1, 2, 6, 9, 10, 21–24)."""

import pytest

from chalicelib.domain.acts import answering, classifying, dispatching
from chalicelib.domain.acts.answering import DeclineReason
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import Invalid, StillOpen, WrongStage
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.queues import waits_for
from chalicelib.domain.tickets.readings import Concerned, Grievance, Reading
from chalicelib.domain.tickets.ticket import Stage
from chalicelib.domain.town.danger_signs import Danger
from chalicelib.domain.town.vocabulary import FOUND, Source
from chalicelib.domain.views.access import may_list, may_see
from chalicelib.store.tickets.tickets import summary
from tests.domain.life import (
    NIGHT,
    NOW,
    TOWN,
    dispatched,
    person,
    received,
    received_with,
    resolved,
    taken,
    told,
)

DESK = person("desk-a")


def feedback(ticket):
    return clocks.find_latest(ticket, ClockKind.FEEDBACK)


@pytest.mark.parametrize(
    ("text", "now", "stage", "handler"),
    [
        ("四号楼楼道灯不亮", NOW, "dispatched", "pm"),
        ("四号楼楼道灯不亮", NIGHT, "received", None),  # the property manager is off duty: the machine gives it to nobody
        ("隧道口鸣笛吵", NOW, "dispatched", "police"),
        ("灯坏了", NOW, "received", None),  # a keyword alone is a suggestion
        ("有人困在电梯里", NOW, "dispatched", "pm"),  # urgent: it does not wait to be sure
        ("有人困在电梯里", NIGHT, "received", None),
        ("投诉物业楼道灯不修", NOW, "received", None),  # confidential: never by the machine
        ("浦东那边有人烧烤", NOW, "forwarded", None),
        ("小区门口乱糟糟", NOW, "received", None),
    ],
)  # fmt: skip
def test_the_machine_dispatches_only_what_is_sure_and_to_someone_on_duty(text, now, stage, handler):
    ticket = received(text, now=now)
    assert (ticket.stage, ticket.handler_id) == (stage, handler)


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("四号楼楼道灯不亮谁来修", "received"),
        ("有人困在电梯里", "dispatched"),
    ],  # danger does not wait for an answer
)
def test_nobody_is_sent_out_for_what_a_clerk_answers_at_the_counter(text, stage):
    assert received(text, answered_at_entry=True, entered_by="desk-a").stage == stage


def test_a_facility_that_the_resident_chose_is_sure():
    assert received("不亮了", category="LAMP").stage is Stage.DISPATCHED
    assert received("很吵", category="HORN").stage is Stage.RECEIVED


def test_a_category_nobody_knows_is_refused():
    with pytest.raises(Invalid):
        received("不亮了", category="NOPE")


def test_the_receipt_is_no_feedback_and_a_dispatch_to_someone_on_duty_is_feedback_by_the_machine():
    assert feedback(received()).is_running
    clock = feedback(received("楼道灯不亮"))
    assert (clock.met_at, clock.met_by) == (NOW, "machine")


def test_feedback_by_a_person_is_told_apart_from_feedback_by_the_machine():
    assert feedback(dispatched()).met_by == "desk-a"


def test_a_walk_in_or_a_call_has_been_spoken_with_when_it_is_entered():
    for source in (Source.WALK_IN, Source.PHONE):
        clock = feedback(received(source=source, entered_by="desk-a"))
        assert (clock.met_at, clock.met_by) == (NOW, "desk-a")


@pytest.mark.parametrize("source", sorted(FOUND))
def test_what_staff_found_has_no_one_to_tell_and_keeps_its_source(source):
    ticket, event = received_with(
        "巡查发现纸板", source=source, reporter_id=None, entered_by="grid", reachable="none"
    )
    assert feedback(ticket) is None
    assert (ticket.source, ticket.found_by, ticket.first_contact_id, event.by) == (
        source,
        "grid",
        None,
        "grid",
    )


def test_what_is_urgent_is_told_to_the_desk_and_the_leaders_at_once_at_any_hour():
    for now in (NOW, NIGHT):
        ticket, event = received_with("有人困在电梯里", now=now)
        assert set(told(event)["urgent_alert"]) == {"desk-a", "st-head", "area"}
        assert all(notice.urgent for notice in event.notices)
        assert clocks.find_open(ticket, ClockKind.RESPONSE) is not None


def test_the_response_clock_runs_for_facilities_and_what_is_urgent_only():
    assert clocks.find_open(received("楼道灯不亮"), ClockKind.RESPONSE) is not None
    assert clocks.find_latest(received("隧道口鸣笛吵"), ClockKind.RESPONSE) is None


@pytest.mark.parametrize(
    ("text", "report", "concerns"),
    [
        ("投诉物业态度差", {}, ("PM",)),
        ("物业乱收费", {"confidential": True}, ("PM",)),  # the resident's own wish keeps them away too
        ("物业乱收费", {}, ()),
        ("投诉网格员不上门", {}, ("grid",)),
        ("投诉工作站不接电话", {}, ("ST",)),
        ("首问接待态度差", {"confidential": True}, ("ST",)),
        ("隔壁太吵", {"confidential": True}, ()),
        ("物业的事", {"source": Source.PETITION}, ("PM",)),
    ],
)
def test_whom_a_confidential_ticket_is_about(text, report, concerns):
    ticket = received(text, **report)
    assert (ticket.confidential, ticket.concerns) == (bool(concerns) or bool(report), concerns)


def test_a_complaint_about_the_station_goes_to_the_area_leader_and_not_to_its_desk():
    ticket, event = received_with("投诉工作站不接电话")
    assert ticket.escalated_to == ("area",)
    assert told(event)["new_for_desk"] == ["area"]


def possible(*parties, grievance=Grievance.POSSIBLE, danger=Danger.NONE, **report):
    """A report that may complain of these, as it was received."""
    said = Concerned(grievance=grievance, parties=parties, words=("手里提着什么",))
    return received(reading=Reading(concerned=said, danger=danger), **report)


def seen_by(ticket):
    return {
        code
        for code in ("desk-a", "desk-b", "st-head", "grid", "pm", "area")
        if may_see(ticket, person(code), TOWN)
    }


@pytest.mark.parametrize("grievance", [Grievance.SERVICE, Grievance.POSSIBLE])
def test_whoever_may_be_meant_sees_nothing_before_somebody_has_looked(grievance):
    ticket = possible("grid", "desk-b", grievance=grievance)
    assert (ticket.stage, ticket.confidential, ticket.concerns) == (Stage.RECEIVED, False, ())
    assert seen_by(ticket) == {"desk-a", "st-head", "area"}  # desk-b stands in for the grid worker
    assert not may_list({"concerns": summary(ticket)["concerns"], "who": "desk:ST"}, person("desk-b"))
    given = dispatching.dispatch(
        ticket, unit_id="PM", handler_id="pm", by=person("desk-a"), track=None, note="", town=TOWN, now=NOW
    )[0]
    assert {"pm", "desk-b"} <= seen_by(given)


def test_whoever_sits_at_the_desk_now_or_wrote_it_down_sees_it_even_if_meant():
    assert possible("desk-a", "grid").may_concern == ("grid",)
    assert possible("desk-b", "ST", entered_by="desk-b", source=Source.PHONE).may_concern == ()
    assert possible("PM", "grid", entered_by="pm", source=Source.PATROL).may_concern == (
        "grid",
    )  # a whole unit


def test_what_may_be_misconduct_of_the_station_is_looked_at_above_it_and_goes_back_to_the_desk():
    ticket = possible("ST")
    assert seen_by(ticket) == {"area"}
    assert [entry.who for entry in waits_for(ticket)] == ["escalated:area"]
    looked = classifying.classify(
        ticket, by=person("area"), category="HORN", track=None, urgent=None, confidential=None, concerns=None,
        town=TOWN, now=NOW,
    )[0]  # fmt: skip
    assert "desk:ST" in [entry.who for entry in waits_for(looked)]
    assert {"desk-a", "st-head"} <= seen_by(looked)


def test_unhappy_with_the_service_of_the_station_the_desk_reads_itself():
    assert "desk-a" in seen_by(possible("ST", grievance=Grievance.SERVICE))


def test_what_is_only_possible_keeps_nobody_away_from_a_danger():
    assert "desk-b" in seen_by(possible("desk-b", danger=Danger.POSSIBLE))


def test_what_lies_outside_the_town_is_forwarded_and_that_is_its_end():
    ticket, event = received_with("浦东那边有人烧烤")
    assert (ticket.forwarded_to, ticket.closed_at) == ("12345", NOW)
    assert told(event) == {"forwarded": ["reporter"], "new_for_desk": ["desk-a"]}
    assert not any(clock.is_open for clock in ticket.clocks)


def test_a_confidential_report_is_not_forwarded_by_the_machine():
    assert received("浦东那边有人烧烤", confidential=True).stage is Stage.RECEIVED


def test_an_answer_on_the_spot_closes_and_keeps_the_first_contacts_name():
    ticket, event = answering.answer(received("请问几点开门"), by=DESK, text="八点", town=TOWN, now=NOW)
    assert (ticket.stage, ticket.outcome, ticket.first_contact_id) == (Stage.CLOSED, "answered", "desk-a")
    assert feedback(ticket).met_by == "desk-a"
    assert (event.public, told(event)) == (True, {"answered": ["reporter"]})


def test_declining_names_the_reason_and_where_to_go_instead():
    ticket, event = decline(received())
    assert ticket.stage is Stage.DECLINED
    assert ticket.closed_at == NOW
    assert "法院" in event.note
    assert event.details["reason"] == "in_proceedings"


def test_forwarding_keeps_the_other_sides_number():
    ticket = forward(dispatched())
    assert (ticket.stage, ticket.forwarded_to, ticket.forwarded_number) == (
        Stage.FORWARDED,
        "区城运中心",
        "XH-1",
    )


def decline(ticket):
    return answering.decline(ticket, by=DESK, reason=DeclineReason.IN_PROCEEDINGS, text="法院已受理", instead="请向法院了解",
                             town=TOWN, now=NOW)  # fmt: skip


def forward(ticket):
    return answering.forward(
        ticket, by=DESK, to="区城运中心", number="XH-1", text="由区里办理", town=TOWN, now=NOW
    )[0]


def withdraw(ticket, others=0):
    return answering.withdraw(ticket, reason="修好了", others=others, town=TOWN, now=NOW)[0]


def answer(ticket):
    return answering.answer(ticket, by=DESK, text="八点", town=TOWN, now=NOW)[0]


@pytest.mark.parametrize(
    ("act", "refused_at"),
    [
        (answer, {"dispatched", "handling", "resolved", "forwarded"}),
        (decline, {"dispatched", "handling", "resolved", "forwarded"}),
        (forward, {"resolved", "forwarded"}),
        (withdraw, {"resolved", "forwarded"}),
    ],
)
def test_each_ending_belongs_to_its_stages(act, refused_at):
    tickets = (received(), dispatched(), taken(), resolved(), forward(received()))
    for ticket in tickets:
        if ticket.stage in refused_at:
            with pytest.raises(WrongStage):
                act(ticket)
        else:
            act(ticket)


@pytest.mark.parametrize("others", [1, 5])
def test_what_neighbours_have_joined_cannot_be_withdrawn(others):
    assert withdraw(received(), others=0).stage is Stage.WITHDRAWN
    with pytest.raises(StillOpen):
        withdraw(received(), others=others)


def test_a_public_text_is_approved_by_the_desk_and_never_for_a_confidential_ticket():
    shown, _ = answering.publish(received(), by=DESK, text="正在维修", town=TOWN, now=NOW)
    assert shown.public_text == "正在维修"
    taken_back, _ = answering.publish(shown, by=DESK, text="", town=TOWN, now=NOW)
    assert taken_back.public_text == ""
    with pytest.raises(Invalid):
        answering.publish(received("投诉物业"), by=DESK, text="正在维修", town=TOWN, now=NOW)
