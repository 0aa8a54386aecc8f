"""Who may say yes to what makes power, for how long it is asked, and how long a yes holds (rule 93)."""

from datetime import timedelta

import pytest

from chalicelib.domain.errors import Invalid, NotAllowed, WrongStage
from chalicelib.domain.identity import confirmations
from chalicelib.domain.identity.confirmations import ASKED_FOR, HOLDS, Confirmation, Decision, Kind
from chalicelib.domain.town.vocabulary import Role, Staff
from tests.domain.clock_town import at

NOW, INSTANT = at("2026-11-23 10:00"), timedelta(microseconds=1)
ASKED = Confirmation(id="C1", kind=Kind.TOWN, digest="d", lines=("…",), gains=("head2",), by="admin1", at=NOW)


def person(code, *roles, signed_in_by=""):
    return Staff(code=code, name=code, unit="ST", roles=roles, places=(), signed_in_by=signed_in_by)


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (person("head1", Role.STATION_HEAD), True),
        (person("leader", Role.AREA_LEADER), True),
        (person("town", Role.TOWN_LEADER), True),
        (person("fc1", Role.FIRST_CONTACT), False),
        (person("admin2", Role.ADMIN), False),
        (person("admin1", Role.ADMIN, Role.STATION_HEAD), False),
        (person("head2", Role.STATION_HEAD), False),
        (person("head1", Role.STATION_HEAD, signed_in_by="admin1"), False),
    ],
)
def test_somebody_answerable_by_the_own_phone_who_neither_asked_nor_gains_says_yes(who, may):
    assert confirmations.may_confirm(ASKED, who) is may
    if may:
        after = confirmations.decide(ASKED, yes=True, note="", by=who, now=NOW)
        assert (after.decision, after.decided_by) == (Decision.CONFIRMED, who.code)
    else:
        with pytest.raises(NotAllowed):
            confirmations.decide(ASKED, yes=True, note="", by=who, now=NOW)


@pytest.mark.parametrize(("late", "open_"), [(-INSTANT, True), (timedelta(0), True), (INSTANT, False)])
def test_it_is_asked_for_seven_days(late, open_):
    now, head = NOW + ASKED_FOR + late, person("head1", Role.STATION_HEAD)
    assert confirmations.is_open(ASKED, now) is open_
    if not open_:
        with pytest.raises(WrongStage):
            confirmations.decide(ASKED, yes=True, note="", by=head, now=now)


@pytest.mark.parametrize(("late", "stands"), [(-INSTANT, True), (timedelta(0), True), (INSTANT, False)])
def test_a_yes_holds_for_a_day_and_for_exactly_what_was_shown(late, stands):
    yes = confirmations.decide(ASKED, yes=True, note="", by=person("head1", Role.STATION_HEAD), now=NOW)
    assert confirmations.holds(yes, "d", NOW + HOLDS + late) is stands
    assert not confirmations.holds(yes, "another", NOW)
    assert not confirmations.holds(ASKED, "d", NOW)
    with pytest.raises(WrongStage):
        confirmations.decide(yes, yes=False, note="又想了想", by=person("leader", Role.AREA_LEADER), now=NOW)


def test_a_no_says_why():
    head = person("head1", Role.STATION_HEAD)
    with pytest.raises(Invalid):
        confirmations.decide(ASKED, yes=False, note=" ", by=head, now=NOW)
    assert (
        confirmations.decide(ASKED, yes=False, note="不认识", by=head, now=NOW).decision is Decision.REFUSED
    )


@pytest.mark.parametrize(
    ("about", "stands"),
    [
        ({}, False),  # nothing is in force before a yes
        ({"until": NOW}, True),
        ({"until": NOW, "decision": Decision.REFUSED}, True),
        ({"until": NOW, "decision": Decision.CONFIRMED}, False),  # it has its yes
        ({"until": NOW, "decision": Decision.LAPSED}, False),
    ],
)
def test_only_what_is_in_force_in_an_emergency_stands_without_a_yes(about, stands):
    assert confirmations.stands_in_emergency(ASKED.model_copy(update=about)) is stands
