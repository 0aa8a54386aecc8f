"""Who may see a ticket, list it, act on it, and read who reported it (rules 21, 42; docs/access.md)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.acts import assisting
from chalicelib.domain.errors import NotFound, NotYours
from chalicelib.domain.identity.confidential import is_concerned
from chalicelib.domain.views import access
from tests.domain.life import NOW, PEOPLE, TOWN, dispatched, person, received, taken

EVERYONE = {p.code for p in PEOPLE}
STATION = {"desk-a", "desk-b", "st-head", "area"}  # the desk of the ticket's station, and the area leader
UNIT = {
    "handler-a",
    "handler-b",
    "off-head",
}  # whoever works in that office, but not who looks after the system
ALWAYS = {"town"}


def assisted(ticket):
    return assisting.add_assisting(
        ticket, unit_id="TRA", by=person("handler-a"), note="请协助", town=TOWN, now=NOW
    )[0]


def who(ask, ticket):
    return {p.code for p in PEOPLE if ask(ticket, p, TOWN)}


@pytest.mark.parametrize(
    ("ticket", "seers"),
    [
        (received(), STATION | ALWAYS | {"city"}),
        (dispatched(), STATION | ALWAYS | UNIT | {"city"}),
        (assisted(taken()), STATION | ALWAYS | UNIT | {"city", "police", "police-head"}),
        (received(source="patrol", reporter_id=None, entered_by="grid"), STATION | ALWAYS | {"city", "grid"}),
        (received(confidential=True), STATION | ALWAYS),
        (dispatched(confidential=True), STATION | ALWAYS | {"handler-a", "off-head"}),
        (assisted(taken(confidential=True)), STATION | ALWAYS | {"handler-a", "off-head", "police-head"}),
        (received("投诉物业态度差"), STATION | ALWAYS),
        (received("投诉工作站不接电话"), {"area"} | ALWAYS),
        (received("投诉网格员，投诉物业", source="patrol", reporter_id=None, entered_by="grid"), STATION | ALWAYS),
    ],
)  # fmt: skip
def test_who_may_see_a_ticket(ticket, seers):
    assert who(access.may_see, ticket) == seers


def test_whoever_a_ticket_is_given_to_or_climbed_to_may_see_it():
    ticket = received(confidential=True).model_copy(update={"handler_id": "pm", "escalated_to": ("police",)})
    assert {"pm", "police"} <= who(access.may_see, ticket)


def test_nobody_it_concerns_sees_it_whatever_else_they_are():
    for code in EVERYONE:
        ticket = dispatched(confidential=True).model_copy(
            update={"concerns": (code,), "handler_id": code, "escalated_to": (code,), "found_by": code}
        )
        with pytest.raises(NotFound):
            access.need_sight(ticket, person(code), TOWN)


@given(
    st.sampled_from(PEOPLE), st.sets(st.sampled_from([p.code for p in PEOPLE] + [u.code for u in TOWN.units]))
)
def test_a_complaint_about_a_unit_is_about_its_people_but_not_the_leaders_who_sit_there(staff, concerns):
    is_leader = any(role in ("area_leader", "town_leader") for role in staff.roles)
    assert is_concerned(staff, concerns) == (
        staff.code in concerns or (staff.unit in concerns and not is_leader)
    )


@pytest.mark.parametrize(
    ("ticket", "readers"),
    [
        (dispatched(), STATION | {"town", "handler-a", "handler-b", "off-head"}),
        (dispatched(unit="PM", handler="pm"), STATION | {"town"}),
        (dispatched(unit="VO", handler="volunteer"), STATION | {"town"}),
        (dispatched(unit="ST", handler="grid"), STATION | {"town"}),
        (received("投诉工作站不接电话"), {"area", "town"}),
    ],
)
def test_who_may_read_who_reported_it(ticket, readers):
    assert who(access.may_reveal, ticket) == readers
    assert readers <= who(access.may_see, ticket)


def test_property_managers_and_volunteers_never_read_an_identity_even_if_it_is_all_theirs():
    for code in ("pm", "pm-head", "volunteer"):
        ticket = received().model_copy(
            update={"handler_id": code, "escalated_to": (code,), "lead_unit_id": person(code).unit}
        )
        assert access.may_see(ticket, person(code), TOWN)
        assert not access.may_reveal(ticket, person(code), TOWN)


@pytest.mark.parametrize(
    ("guard", "code", "refusal"),
    [
        (access.need_desk, "desk-a", None),
        (access.need_desk, "area", None),
        (access.need_desk, "town", None),
        (access.need_desk, "handler-a", NotYours),
        (access.need_desk, "desk-2", NotFound),  # another station does not know of it
        (access.need_desk, "area-2", NotFound),
        (access.need_part, "handler-a", None),
        (access.need_part, "desk-a", None),
        (access.need_part, "city", None),  # works in that office
        (access.need_part, "police", NotYours),
        (access.need_part, "pm", NotFound),
    ],
)
def test_who_may_act_at_the_desk_or_for_the_unit(guard, code, refusal):
    ticket = assisted(taken())
    if refusal is None:
        guard(ticket, person(code), TOWN)
    else:
        with pytest.raises(refusal):
            guard(ticket, person(code), TOWN)


@pytest.mark.parametrize(
    ("queue", "confidential", "concerns", "listed"),
    [
        ("desk:ST", False, [], EVERYONE),
        ("unit:PM", True, [], {"off-head", "pm-head", "police-head"}),
        ("verify:ST", True, [], {"desk-a", "desk-b", "desk-2", "st-head"}),
        ("staff:pm", True, [], EVERYONE),
        ("desk:ST", True, ["ST"], EVERYONE - {"desk-a", "desk-b", "st-head", "grid"}),
        ("calls:ST", True, ["desk-a", "PM"], EVERYONE - {"desk-a", "pm", "pm-head"}),
    ],
)
def test_which_entries_of_a_queue_are_shown_to_whom(queue, confidential, concerns, listed):
    entry = {"who": queue, "confidential": confidential, "concerns": concerns}
    assert {p.code for p in PEOPLE if access.may_list(entry, p)} == listed


def test_the_view_of_staff_holds_nothing_by_which_the_reporter_is_known():
    ticket = received(reporter_id="opaque-id-of-a-person")
    view = access.staff_view(ticket, PEOPLE[0], TOWN)
    assert "opaque-id-of-a-person" not in str(view)
    assert view["has_reporter"] is True


def test_the_room_is_seen_by_the_desk_and_by_whoever_must_come_to_the_door():
    ordinary = dispatched().model_copy(update={"room": "1302室"})
    assert who(access.may_see_room, ordinary) == STATION | ALWAYS
    for reason in ("urgent", "may_enter"):
        ticket = ordinary.model_copy(update={reason: True})
        assert who(access.may_see_room, ticket) == STATION | ALWAYS | UNIT
        assert access.staff_view(ticket, person("handler-a"), TOWN)["room"] == "1302室"
    assert access.staff_view(ordinary, person("handler-a"), TOWN)["room"] == ""


def test_whoever_a_ticket_concerns_never_sees_the_room():
    ticket = dispatched().model_copy(
        update={"room": "1302室", "urgent": True, "concerns": ("desk-a", "handler-a")}
    )
    assert not {"desk-a", "handler-a"} & who(access.may_see_room, ticket)
