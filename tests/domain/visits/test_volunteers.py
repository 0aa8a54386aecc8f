"""Volunteers: who may ask, who decides, and that nothing else moves them."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import AlreadyDone, NotYours, Refusal, WrongStage
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.town.vocabulary import Role, Staff, Unit, UnitKind
from chalicelib.domain.visits import volunteers as rules
from chalicelib.domain.visits.volunteers import State, Volunteer

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
STATION = Unit(code="ST", name="工作站", kind=UnitKind.STATION, area="A")
DESK = Staff(code="fc", name="首问接待", unit="ST", roles=(Role.FIRST_CONTACT,), places=())
OTHERS = DESK.model_copy(update={"unit": "ST2"})


def asked(before=None):
    return rules.sign_up(before, "01JD0000000000000000003F9K", station=STATION, place="N", now=NOW)


def approved():
    return rules.approve(asked(), by=DESK, now=NOW)


def test_who_signs_up_waits_for_the_station_under_a_call_sign():
    volunteer = asked()
    assert (volunteer.state, volunteer.station, volunteer.area, volunteer.name) == (
        "applied",
        "ST",
        "A",
        "志愿者 3F9K",
    )
    assert volunteer.consented_at == NOW


def test_no_staff_code_can_be_taken_for_a_volunteer():
    from chalicelib.domain.town_import.cells import CODE

    assert CODE.fullmatch(asked().id) is None


@pytest.mark.parametrize("before", [asked(), approved()], ids=["waits", "approved"])
def test_nobody_signs_up_twice(before):
    with pytest.raises(AlreadyDone):
        asked(before)


@pytest.mark.parametrize("end", ["refused", "ended", "left"])
def test_who_was_refused_or_left_may_ask_again_as_the_same_volunteer(end):
    before = {
        "refused": lambda: rules.refuse(asked(), by=DESK, reason="不在本片区", now=NOW),
        "ended": lambda: rules.end(approved(), by=DESK, reason="已搬走", now=NOW),
        "left": lambda: rules.leave(approved(), now=NOW),
    }[end]()
    again = asked(before)
    assert (again.id, again.state, again.lines[:-1]) == (before.id, State.APPLIED, before.lines)
    assert again.version == before.version + 1


ACTS = {
    "approve": lambda v, by: rules.approve(v, by=by, now=NOW),
    "refuse": lambda v, by: rules.refuse(v, by=by, reason="不在本片区", now=NOW),
    "end": lambda v, by: rules.end(v, by=by, reason="已搬走", now=NOW),
    "leave": lambda v, by: rules.leave(v, now=NOW),
}
MAY = {
    State.APPLIED: {"approve", "refuse", "leave"},
    State.APPROVED: {"end", "leave"},
    State.REFUSED: set(),
    State.LEFT: set(),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", MAY)
def test_what_may_be_done_in_each_state_is_one_table(state, act):
    volunteer = asked().model_copy(update={"state": state})
    if act in MAY[state]:
        assert ACTS[act](volunteer, DESK).state is not state
    else:
        with pytest.raises(WrongStage):
            ACTS[act](volunteer, DESK)


@pytest.mark.parametrize("act", ["approve", "refuse", "end"])
def test_another_station_decides_nothing(act):
    with pytest.raises(NotYours):
        ACTS[act](asked(), OTHERS)


def test_a_volunteer_walks_under_the_call_sign_in_the_stations_area_alone():
    walker = rules.walker_of(approved(), "r1")
    assert (walker.code, walker.name, walker.owner, walker.area, walker.unit) == (
        approved().id, "志愿者 3F9K", "r1", "A", "",
    )  # fmt: skip


@given(st.lists(st.sampled_from([*ACTS, "sign_up"]), max_size=80))
def test_whatever_is_done_every_change_is_a_line_and_the_lines_stay_few(acts):
    volunteer: Volunteer = asked()
    for act in acts:
        before = volunteer
        try:
            volunteer = asked(volunteer) if act == "sign_up" else ACTS[act](volunteer, DESK)
        except Refusal:
            assert volunteer is before
            continue
        assert volunteer.lines[-1].what is volunteer.state
        assert (volunteer.version, len(volunteer.lines) <= rules.MOST_LINES) == (before.version + 1, True)
        assert volunteer.at == NOW


def test_it_is_known_since_when():
    later = NOW + timedelta(days=1)
    assert rules.approve(asked(), by=DESK, now=later).at == later


@pytest.mark.parametrize(("act", "said"), [("approve", "通过"), ("refuse", "拒绝")])
def test_a_decision_that_comes_too_late_says_what_cannot_be_done(act, said):
    with pytest.raises(WrongStage) as refused:
        ACTS[act](approved(), DESK)
    state = rules.STATE_NAMES[State.APPROVED]
    assert refused.value.message == f"这位志愿者现在是“{state}”，不能{said}；请刷新列表"


def test_who_leaves_left_by_himself_or_herself():
    assert (rules.leave(approved(), now=NOW).lines[-1].by, rules.leave(asked(), now=NOW).state) == (
        "volunteer",
        "left",
    )
