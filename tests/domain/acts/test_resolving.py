"""办结: what a unit may call done (rules 5, 17, 19, 25)."""

from datetime import timedelta

import pytest

from chalicelib.domain.acts import assisting, closing, handling, reworking
from chalicelib.domain.acts.closing import is_drawn
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import (
    FollowUpMissing,
    Invalid,
    NotYours,
    StillOpen,
    WrongStage,
)
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import Stage
from chalicelib.domain.town.vocabulary import FollowUpRule, Source
from tests.domain.life import (
    NOW,
    TOWN,
    dispatched,
    life_town,
    person,
    received,
    resolve,
    resolved,
    taken,
    waiting,
)

PATROL = {"source": Source.PATROL, "reporter_id": None, "entered_by": "grid", "reachable": "none"}


def test_resolving_meets_the_units_clocks_and_starts_the_follow_up():
    ticket = resolved()
    assert {c.kind.value for c in ticket.clocks if c.is_open} == {"feedback", "follow_up"} - {"feedback"}
    assert clocks.find_latest(ticket, ClockKind.RESOLUTION).met_by == "handler-a"
    assert (ticket.stage, ticket.resolution.by, ticket.outcome) == (Stage.RESOLVED, "handler-a", "")


def test_resolving_needs_the_units_own_feedback_once_a_round():
    with pytest.raises(FollowUpMissing):
        resolve(taken(), feedback="")
    given = closing.with_unit_feedback(taken(), by=person("handler-a"), now=NOW)
    again = reworking.rework(resolve(given, feedback=""), by="desk-a", reason="没修好", town=TOWN, now=NOW)[0]
    with pytest.raises(FollowUpMissing):
        resolve(again, feedback="")


def test_what_staff_found_owes_nobody_feedback():
    assert resolve(taken(**PATROL), feedback="").stage is Stage.RESOLVED


def test_a_facility_is_resolved_with_a_photo_only():
    ticket = taken(unit="PM", handler="pm", text="灯坏了")
    with pytest.raises(Invalid):
        resolve(ticket, photos=())
    resolve(ticket, photos=("P1",))
    resolve(taken(), photos=())


def test_the_lead_does_not_resolve_over_an_open_assisting_unit():
    ticket = assisting.add_assisting(
        taken(), unit_id="TRA", by=person("handler-a"), note="请协助", town=TOWN, now=NOW
    )[0]
    with pytest.raises(StillOpen):
        resolve(ticket)
    for state, by in (("finished", "police"), ("waived", "handler-a")):
        done = assisting.end_assisting(
            ticket, unit_id="TRA", state=state, by=person(by), note="好了", town=TOWN, now=NOW
        )[0]
        assert resolve(done).stage is Stage.RESOLVED


@pytest.mark.parametrize(
    ("ticket", "by", "refusal"),
    [
        (received(), "handler-a", WrongStage), (dispatched(), "handler-a", WrongStage), (resolved(), "handler-a", WrongStage),
        (taken(), "police", NotYours), (waiting(), "handler-a", StillOpen),
    ],
)  # fmt: skip
def test_what_cannot_be_resolved(ticket, by, refusal):
    with pytest.raises(refusal):
        resolve(ticket, by=by)


@pytest.mark.parametrize(("percent", "share"), [(0, 0), (10, 50), (80, 80)])
def test_of_what_went_too_fast_half_is_drawn_where_the_town_draws_at_all(percent, share):
    rule = FollowUpRule(source="qr", unit_feedback="message", station="call", recheck_percent=percent)
    town = life_town(follow_up=(rule,))
    there = handling.arrive(
        taken(unit="PM", handler="pm", text="灯坏了"), by=person("pm"), note="", photos=(), town=town, now=NOW
    )[0]
    tickets = [there.model_copy(update={"id": f"{n:026d}"}) for n in range(400)]
    drawn = sum(is_drawn(ticket, town, NOW + timedelta(minutes=4)) for ticket in tickets)
    assert drawn / 4 == pytest.approx(share, abs=7)
    slow = [
        each.model_copy(update={"clocks": tuple(c.model_copy(update={"met_at": None}) for c in each.clocks)})
        for each in tickets
    ]
    assert sum(is_drawn(each, town, NOW + timedelta(hours=4)) for each in slow) / 4 == pytest.approx(
        percent, abs=7
    )


@pytest.mark.parametrize(("percent", "drawn"), [(0, False), (100, True)])
def test_the_lot_draws_facilities_only(percent, drawn):
    town = life_town(
        follow_up=(
            FollowUpRule(source="qr", unit_feedback="message", station="call", recheck_percent=percent),
        )
    )
    ticket = taken(unit="PM", handler="pm", text="灯坏了")
    assert is_drawn(ticket, town, NOW) is drawn
    assert not is_drawn(ticket.model_copy(update={"facility": False}), town, NOW)


@pytest.mark.parametrize(("confidential", "drawn"), [(False, True), (True, False)])
def test_what_went_too_fast_is_drawn_whatever_it_is_about_but_a_confidential_matter(confidential, drawn):
    rule = FollowUpRule(source="qr", unit_feedback="message", station="call", recheck_percent=100)
    town = life_town(follow_up=(rule,))
    there = handling.arrive(
        taken(unit="PM", handler="pm", text="灯坏了"), by=person("pm"), note="", photos=(), town=town, now=NOW
    )[0]
    urgent = there.model_copy(update={"facility": False, "urgent": True, "confidential": confidential})
    assert is_drawn(urgent, town, NOW + timedelta(minutes=4)) is drawn
    slow = tuple(clock.model_copy(update={"met_at": None}) for clock in urgent.clocks)
    assert not is_drawn(urgent.model_copy(update={"clocks": slow}), town, NOW + timedelta(hours=4))
