"""交接: what a leaver holds goes to whoever may have it, and nobody who left holds anything (design §13)."""

from datetime import timedelta

import pytest

from chalicelib.domain.acts.dispatching import hand_over
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Stage
from tests.domain.life import NOW, TOWN, dispatched, person, taken

LATER = NOW + timedelta(hours=1)


def handed(ticket, leaver="handler-a", to="handler-b"):
    return hand_over(ticket, leaver=person(leaver), successor=person(to), by="admin", town=TOWN, now=LATER)


def heard(event):
    return {notice.to for notice in event.notices}


@pytest.mark.parametrize("build", [dispatched, taken])
def test_a_successor_of_the_unit_has_it_as_the_leaver_had_it(build):
    before = build()
    after, event = handed(before)
    assert after == before.model_copy(update={"handler_id": "handler-b", "version": after.version})
    assert (event.kind, event.at, event.by) == (EventKind.HANDED_OVER, LATER, "admin")
    assert event.details == {"from": "handler-a", "to": "handler-b", "leaver": "经办人甲"}
    assert "staff:handler-b" in heard(event)


@pytest.mark.parametrize("concerns", [(), ("handler-b",), ("OFF",)])
def test_to_somebody_of_another_unit_or_whom_it_concerns_it_does_not_go_and_the_heads_hear(concerns):
    to = "handler-b" if concerns else "police"
    after, event = handed(taken().model_copy(update={"concerns": concerns}), to=to)
    assert (after.handler_id, after.lead_unit_id) == (None, "OFF")
    assert f"staff:{to}" not in heard(event)


def test_the_heads_of_the_unit_hear_of_what_has_no_hand():
    assert "staff:off-head" in heard(handed(taken(), to="police")[1])


def test_who_watched_it_is_followed_by_the_successor_once_and_never_by_whom_it_concerns():
    watched = taken(handler="handler-b").model_copy(update={"escalated_to": ("st-head", "area", "off-head")})
    after, event = handed(watched, leaver="area", to="off-head")
    assert (after.escalated_to, after.handler_id) == (("st-head", "off-head"), "handler-b")
    assert "staff:off-head" in heard(event)
    after, _ = handed(watched.model_copy(update={"concerns": ("off-head",)}), leaver="area", to="off-head")
    assert after.escalated_to == ("st-head",)
    after, _ = handed(watched.model_copy(update={"concerns": ("town",)}), leaver="area", to="town")
    assert after.escalated_to == ("st-head", "off-head")


def test_what_the_leaver_does_not_hold_or_what_has_ended_stays_as_it_is():
    assert handed(taken(), leaver="police") is None
    assert handed(taken().model_copy(update={"stage": Stage.CLOSED})) is None
