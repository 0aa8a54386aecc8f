"""Rule 101: a leader puts the matter to whom the ticket is kept from, in own words, after whoever reported agreed."""

from datetime import timedelta

import pytest

from chalicelib.domain.acts import confronting, dispatching
from chalicelib.domain.acts.confronting import MOST_CONFRONTATIONS, confront, record_consent, state
from chalicelib.domain.acts.escalating import escalate
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import AlreadyDone, Invalid, NotFound, StillOpen, TooMuch, WrongStage
from chalicelib.domain.notices.staff_templates import STATEMENT_ASKED
from chalicelib.domain.offers import possible
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import AskedHow, Stage
from tests.domain.life import NOW, TOWN, dispatched, life_town, person, received

MATTER = "请说明近期收费是否都开了票据"
LEADER = person("area")


def kept(**changes):
    """A ticket that is kept from the property unit."""
    return received("物业经理收了钱没给票据，还骂我", **changes)


def asked(ticket=None, to="PM", matter=MATTER, now=NOW, **more):
    return confront(ticket or kept(), to=to, matter=matter, by=LEADER, town=TOWN, now=now, **more)


def consented(ticket, *, agreed=True, now=NOW):
    return record_consent(
        ticket, by=LEADER, agreed=agreed, asked_how=AskedHow.PHONE, note="", town=TOWN, now=now
    )


def put(**changes):
    return consented(asked(**changes)[0])


def stated(ticket, by="pm-head", text="都开了票据，可以核对", id_=None, now=NOW):
    one = ticket.confrontations[-1]
    return state(ticket, confrontation_id=id_ or one.id, text=text, by=person(by), town=TOWN, now=now)


def told(event):
    return {notice.to: notice.template for notice in event.notices}


def test_the_sample_is_kept_from_the_property():
    assert kept().concerns == ("PM",)


def test_whoever_reported_is_asked_first_and_nothing_goes_out():
    ticket, event = asked()
    (one,) = ticket.confrontations
    assert one.is_asked
    assert (event.note, event.public) == (MATTER, True)
    assert told(event) == {"reporter": "confront_asked"}
    assert clocks.find_open(ticket, ClockKind.STATEMENT) is None
    assert confronting.asked_of_reporter(ticket) == one


def test_a_yes_sends_those_very_words_to_the_heads_of_the_unit_and_starts_the_clock():
    ticket, event = put()
    (one,) = ticket.confrontations
    assert (one.agreed, one.agreed_by, one.agreed_how, one.text) == (
        True,
        LEADER.code,
        AskedHow.PHONE,
        MATTER,
    )
    assert told(event)["staff:pm-head"] == STATEMENT_ASKED
    assert "staff:pm" not in told(event)
    clock = clocks.find_open(ticket, ClockKind.STATEMENT)
    assert (clock.of, clock.due_at) == (one.id, one.due_at)


def test_what_goes_out_says_nothing_of_the_ticket():
    ticket, event = put()
    notice = next(each for each in event.notices if each.template == STATEMENT_ASKED)
    assert set(notice.params) == {"who", "due", "of"}
    said = " ".join(notice.params.values())
    assert not any(each in said for each in (ticket.id, ticket.number, ticket.where.name, MATTER))


def test_a_person_whom_it_is_kept_from_is_told_alone():
    _, event = consented(asked(kept().model_copy(update={"concerns": ("pm",)}), to="pm")[0])
    assert [to for to, template in told(event).items() if template == STATEMENT_ASKED] == ["staff:pm"]


def test_a_no_ends_it_and_the_leader_hears_of_it():
    ticket = asked()[0]
    after, event = record_consent(
        ticket,
        by=person("desk-a"),
        agreed=False,
        asked_how=AskedHow.IN_PERSON,
        note="怕报复",
        town=TOWN,
        now=NOW,
    )
    assert told(event) == {f"staff:{LEADER.code}": "confront_decided"}
    assert not after.confrontations[-1].is_owed
    assert clocks.find_open(after, ClockKind.STATEMENT) is None
    with pytest.raises(NotFound):
        consented(after)


def test_the_reporters_own_yes_is_to_the_words_that_were_read():
    first = asked()[0]
    anew = asked(first.model_copy(update={"version": first.version + 1}), matter="请说明收费的依据")[0]
    assert [each.text for each in anew.confrontations] == ["请说明收费的依据"]
    with pytest.raises(AlreadyDone):
        confronting.agree(anew, confrontation_id=first.confrontations[0].id, agreed=True, town=TOWN, now=NOW)
    after, event = confronting.agree(
        anew, confrontation_id=anew.confrontations[0].id, agreed=True, town=TOWN, now=NOW
    )
    assert after.confrontations[0].agreed_how is AskedHow.IN_APP
    assert event.by == "reporter"
    assert told(event)[f"staff:{LEADER.code}"] == "confront_decided"


def test_the_statement_comes_back_to_who_put_it_and_meets_the_clock():
    ticket, event = stated(put()[0])
    assert (event.note, event.public) == ("都开了票据，可以核对", False)
    assert told(event) == {f"staff:{LEADER.code}": "stated"}
    assert clocks.find_open(ticket, ClockKind.STATEMENT) is None
    assert clocks.find_latest(ticket, ClockKind.STATEMENT).met_by == "pm-head"
    with pytest.raises(AlreadyDone):
        stated(ticket)


def test_a_statement_that_does_not_come_rings_at_the_areas_leader():
    ticket = put()[0]
    alarm = next(
        each
        for each in clocks.due_alarms(ticket, NOW + timedelta(days=9))
        if each.clock_id.startswith(ClockKind.STATEMENT)
    )
    _, event = escalate(ticket, alarm, town=TOWN, now=alarm.at)
    assert told(event)[f"staff:{LEADER.code}"] == "escalated"
    assert "staff:pm-head" not in told(event)


@pytest.mark.parametrize(
    ("ticket", "to", "refusal"),
    [
        (received(), "PM", WrongStage),  # kept from nobody
        (kept().model_copy(update={"stage": Stage.CLOSED}), "PM", WrongStage),
        (kept().model_copy(update={"merged_from": ("x",)}), "PM", StillOpen),
        (kept(), "OFF", Invalid),  # whom it is not kept from
        (kept(), "nobody", Invalid),
        (
            kept().model_copy(update={"concerns": ("PM", "gone")}),
            "gone",
            Invalid,
        ),  # nobody is there to answer
        (put()[0], "PM", AlreadyDone),  # it waits for that one's statement
    ],
)
def test_what_may_not_be_put_is_refused(ticket, to, refusal):
    with pytest.raises(refusal):
        asked(ticket, to=to)


def test_words_that_give_away_who_reported_are_refused_with_what_to_change():
    with pytest.raises(Invalid) as refused:
        asked(matter="4号楼的人说昨天收了钱没给票据，还骂我，单号MS261123-7K3QX9-4")
    assert refused.value.details["fields"] == ["matter"]
    for kind in ("工单号", "比小区更细的地方", "具体时间", "与反映一样的原话"):
        assert kind in refused.value.message


def test_later_words_of_residents_count_as_well():
    later = "他说再投诉就不让我进小区"
    assert asked(matter="请说明有没有讲过再投诉就不让进出")
    with pytest.raises(Invalid):
        asked(matter="请说明有没有讲过再投诉就不让我进小区", said=(later,))


def test_a_ticket_is_put_to_somebody_six_times_at_most():
    ticket = kept()
    for n in range(MOST_CONFRONTATIONS):
        ticket = ticket.model_copy(update={"version": n})
        ticket = consented(asked(ticket)[0], agreed=False)[0]
    with pytest.raises(TooMuch):
        asked(ticket)


def test_nobody_answers_what_was_not_put_to_them():
    ticket = put()[0]
    for by in ("pm", "handler-a", "desk-a"):
        with pytest.raises(NotFound):
            stated(ticket, by=by)
    with pytest.raises(NotFound):
        stated(ticket, id_="another")
    with pytest.raises(NotFound):  # while whoever reported has not agreed
        stated(asked()[0])
    with pytest.raises(WrongStage):
        stated(ticket.model_copy(update={"stage": Stage.CLOSED}))


def test_nothing_is_asked_of_who_reported_once_the_ticket_has_ended():
    ticket = asked()[0].model_copy(update={"stage": Stage.CLOSED})
    assert confronting.asked_of_reporter(ticket) is None
    with pytest.raises(WrongStage):
        consented(ticket)


@pytest.mark.parametrize(
    ("by", "may"),
    [("area", True), ("town", True), ("desk-a", False), ("handler-a", False), ("pm-head", False)],
)
def test_a_leader_alone_is_offered_it(by, may):
    assert ("confront" in possible.names(kept(), person(by), TOWN, NOW)) is may


def test_the_desk_notes_the_answer_only_while_one_is_waited_for():
    assert "record-consent" not in possible.names(kept(), person("desk-a"), TOWN, NOW)
    assert "record-consent" in possible.names(asked()[0], person("desk-a"), TOWN, NOW)
    assert "record-consent" not in possible.names(put()[0], person("desk-a"), TOWN, NOW)


def test_it_goes_on_while_another_unit_looks_into_it():
    ticket = dispatching.dispatch(
        kept(), unit_id="OFF", handler_id=None, by=LEADER, track=None, note="", town=TOWN, now=NOW
    )[0]
    assert stated(consented(asked(ticket)[0])[0])[0].lead_unit_id == "OFF"
    assert dispatched().concerns == ()


def test_who_left_is_asked_no_more_and_the_areas_leader_hears_the_answer():
    ticket = asked()[0]
    gone = life_town(staff=tuple(each for each in TOWN.staff if each.code not in (LEADER.code, "pm-head")))
    leaders = [each.code for each in gone.leader("area_leader", ticket.where.path)]
    _, event = record_consent(
        ticket, by=person("desk-a"), agreed=True, asked_how=AskedHow.PHONE, note="", town=gone, now=NOW
    )
    assert STATEMENT_ASKED not in told(event).values()
    assert {to for to, template in told(event).items() if template == "confront_decided"} == {
        f"staff:{code}" for code in leaders
    }
