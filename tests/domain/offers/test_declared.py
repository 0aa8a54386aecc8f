"""An act is declared once: what is declared is what its route reads, what its rule refuses, and where it leads."""

from datetime import timedelta
from typing import Any

import pytest
from annotated_types import MaxLen, MinLen
from pydantic import StringConstraints
from pydantic.fields import FieldInfo

from chalicelib.api import bodies
from chalicelib.api.tickets.acts import BODIES, BULK_ACTS, DESK_ACTS, STAFF_ACTS
from chalicelib.domain.acts import assisting, handling, pausing, supervising
from chalicelib.domain.acts.moves import Changed
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import FollowUpMissing, Invalid, Refusal, StillOpen
from chalicelib.domain.offers import possible
from chalicelib.domain.offers.act import Act, FieldKind, Offer, OfferedField
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.readings import DangerCase
from chalicelib.domain.tickets.ticket import MOVES, Ticket
from chalicelib.domain.town.danger_signs import Danger, DangerKind
from chalicelib.domain.town.vocabulary import Role, Staff
from infra import docs
from tests.domain.life import NOW, PEOPLE, TOWN, dispatched, person, received, resolved, taken

ACTS = possible.ACTS
# with a route of their own: they need more than one ticket, or write no state
READ = BODIES | {"merge": bodies.MergeBody, "comment": bodies.CommentBody}
WITH_BODY = sorted(name for name, act in ACTS.items() if not act.sends)
STARTS = {"received": received, "dispatched": dispatched, "taken": taken, "resolved": resolved}


def offers(ticket: Ticket, code: str, now=NOW) -> dict[str, Offer]:
    return {offer.name: offer for offer in possible.possible_acts(ticket, person(code), TOWN, now)}


def test_every_registered_act_is_declared_and_every_declared_one_has_a_route():
    assert set(READ) == set(WITH_BODY)
    assert set(STAFF_ACTS) | set(DESK_ACTS) == set(BODIES)
    assert {act.sends for act in ACTS.values() if act.sends} <= set(READ)
    assert {name for name, act in ACTS.items() if act.bulk} == BULK_ACTS


def limits(field: FieldInfo) -> tuple[int, int | None]:
    """The fewest and the most characters or items that a body's field takes."""
    least, most = 0, None
    for each in field.metadata:
        if isinstance(each, StringConstraints):
            least, most = max(least, each.min_length or 0), each.max_length or most
        elif isinstance(each, MinLen):
            least = max(least, each.min_length)
        elif isinstance(each, MaxLen):
            most = each.max_length
        elif getattr(getattr(each, "func", None), "__name__", "") == "_legible":
            least = max(least, 2)
    return least, most


COUNTED = {FieldKind.AREA, FieldKind.LINE, FieldKind.MATTERS, FieldKind.PHOTOS}


@pytest.mark.parametrize("name", WITH_BODY)
def test_a_declared_field_is_a_field_of_the_body_as_required_and_as_long(name):
    body = READ[name].model_fields
    for declared in (field.shown for field in ACTS[name].fields):
        field = body[declared.name]
        assert declared.required == (field.is_required() or declared.kind is FieldKind.CATEGORY), (
            declared.name
        )
        if declared.kind in COUNTED:
            assert (declared.least, declared.most) == limits(field), declared.name


@pytest.mark.parametrize("name", WITH_BODY)
def test_what_a_form_does_not_ask_need_not_be_sent(name):
    asked = {field.shown.name for field in ACTS[name].fields} | set(ACTS[name].sent)
    left = {each: field for each, field in READ[name].model_fields.items() if each not in asked}
    assert [each for each, field in left.items() if field.is_required()] == []


@pytest.mark.parametrize("name", sorted(ACTS))
def test_words_are_chinese_and_no_field_stands_twice(name):
    act = ACTS[name]
    said = [act.label, *(field.shown.label for field in act.fields), *(quick.name for quick in act.quick)]
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in word) for word in said)
    names = [field.shown.name for field in act.fields]
    assert len(names) == len(set(names))


def test_the_clients_are_tested_with_the_acts_as_they_are_declared():
    assert docs.ACTS.read_text(encoding="utf-8") == docs.declared(), "run make docs"
    assert docs.CLASS_ACTS.read_text(encoding="utf-8") == docs.declared_on_classes(), "run make docs"


def test_labels_and_keys_are_nobody_elses():
    labels = [act.label for act in ACTS.values()]
    keys = [act.key for act in ACTS.values() if act.key]
    assert sorted(labels) == sorted(set(labels))
    assert sorted(keys) == sorted(set(keys))
    assert not {"j", "k", "a", "i", "escape"} & set(keys)  # the page's own


def test_what_follows_on_an_act_is_an_act():
    assert {act.next for act in ACTS.values() if act.next} <= set(ACTS)
    assert {name for act in ACTS.values() for need in act.needs for name in need.met_by} <= set(ACTS)


@pytest.mark.parametrize("name", sorted(name for name, act in ACTS.items() if act.quick and not act.sends))
def test_a_quick_answer_fills_fields_of_its_form(name):
    fields = {field.shown.name: field.shown for field in ACTS[name].fields}
    for quick in ACTS[name].quick:
        for field, value in quick.filled.items():
            options = [option.code for option in fields[field].options]
            assert not options or value in options


def test_a_declared_stage_is_one_that_the_table_of_moves_knows():
    reached = {stage for stages in MOVES.values() for stage in stages}
    assert {act.leads_to for act in ACTS.values() if act.leads_to} <= reached


# --- on a ticket ---


def tried(act: Act, ticket: Ticket, by: Staff, form: dict[str, Any]) -> Changed | None:
    """As the route does it: the form read as the act's body, the guard, the rule."""
    body = READ[act.name].model_validate(form)
    act.guard(ticket, by, TOWN)
    given = {name: getattr(body, name) for name in type(body).model_fields if name != "version"}
    return act.rule(ticket, by=by, town=TOWN, now=NOW, **given, **act.fixed)


def least(offer: Offer, *, without: str = "") -> dict[str, Any]:
    """A form in which only what is asked for is filled in: required fields, and those that a need names."""
    needed = {need.field for need in offer.needs}
    form = {each.name: filled(each) for each in offer.fields if each.required or each.name in needed}
    also = (each for each in offer.fields if each.required_if and each.required_if.items() <= form.items())
    return {
        name: value for name, value in (form | {f.name: filled(f) for f in also}).items() if name != without
    }


def filled(field: OfferedField) -> Any:
    if field.name == "phone":
        return "13800138000"
    if field.kind is FieldKind.PHOTOS:
        return ("P1",)
    if field.kind is FieldKind.NUMBER:
        return field.most
    if field.kind is FieldKind.INSTANT:
        return NOW + timedelta(days=int(field.options[0].code) if field.options else 1)
    if field.kind is FieldKind.CHOICE:
        return field.initial or field.options[-1].code
    if field.kind is FieldKind.UNIT:
        return field.initial or next(u.code for u in TOWN.units if u.code not in field.excluded)
    if field.kind is FieldKind.PLACE:
        return next(p.code for p in TOWN.places if p.code not in field.excluded)
    return TOWN.categories[0].code if field.kind is FieldKind.CATEGORY else "已处理好"


def grown() -> dict[str, Ticket]:
    """Tickets in which something hangs: a part that assists, an order, a request, a wait, a facility without feedback."""
    handler, area = person("handler-a"), person("area")
    at = {"town": TOWN, "now": NOW}
    base = taken()
    other = next(u.code for u in TOWN.units if u.code not in (base.lead_unit_id, base.station_id))
    return {name: start() for name, start in STARTS.items()} | {
        "facility": taken().model_copy(update={"facility": True}),
        "fed back": handling.unit_feedback(base, by=handler, text="今天修", **at)[0],
        "assisted": assisting.add_assisting(base, unit_id=other, by=handler, note="帮忙", **at)[0],
        "ordered": supervising.supervise(base, by=area, text="今天办结", **at)[0],
        "asked": handling.ask_extension(base, by=handler, working_days=2, reason="等配件", **at)[0],
        "waiting": pausing.wait(base, by=handler, question="几楼", **at)[0],
        "returned twice": received().model_copy(update={"returns": 2}),
    }


GROWN = grown()
MAY_ALL = "handler-a"  # whose tickets these are; anybody else may be refused for more than what comes first
LACKS = {"merge", "divide", "decide-explanation"}  # tried without another ticket, matters, a proposal


@pytest.mark.parametrize("state", sorted(GROWN))
@pytest.mark.parametrize("code", sorted(each.code for each in PEOPLE))
def test_a_form_filled_as_it_asks_is_done_and_one_without_what_it_needs_is_refused(state, code):
    ticket, by = GROWN[state], person(code)
    for offer in offers(ticket, code).values():
        act = ACTS[offer.name]
        if not offer.now or act.sends or offer.name in LACKS:
            continue
        body = least(offer)
        tried(act, ticket, by, body)
        for need in offer.needs:
            assert need.field, "what would be done now lacks a field at most"
            with pytest.raises((Invalid, FollowUpMissing)) as told:
                tried(act, ticket, by, least(offer, without=need.field))
            assert told.value.message == need.words


def refused(act: Act, ticket: Ticket, by: Staff, body: dict[str, Any]) -> Refusal | None:
    try:
        act.guard(ticket, by, TOWN)
        act.rule(ticket, by=by, town=TOWN, now=NOW, **body, **act.fixed)
    except Refusal as refusal:
        return refusal
    return None


@pytest.mark.parametrize("state", sorted(GROWN))
@pytest.mark.parametrize("code", sorted(each.code for each in PEOPLE))
def test_what_is_refused_for_something_that_has_to_come_first_says_so_before(state, code):
    """Whatever a rule refuses because something is missing or still open, the declaration names with the same words."""
    ticket, by = GROWN[state], person(code)
    offered = offers(ticket, code)
    for act in ACTS.values():
        if not act.allowed & set(by.roles) or act.sends:
            continue
        for body in possible.bodies(act, ticket, by, TOWN, NOW):
            refusal = refused(act, ticket, by, body)
            if isinstance(refusal, StillOpen | FollowUpMissing) and (act.name in offered or code == MAY_ALL):
                assert refusal.message in {need.words for need in offered[act.name].needs}, act.name
                assert not offered[act.name].now


@pytest.mark.parametrize("state", sorted(GROWN))
@pytest.mark.parametrize("code", sorted(each.code for each in PEOPLE))
def test_an_act_leads_where_it_says(state, code):
    ticket, by = GROWN[state], person(code)
    for offer in offers(ticket, code).values():
        act = ACTS[offer.name]
        if not offer.now or not act.leads_to or offer.name in LACKS | {"split"}:
            continue
        changed = tried(act, ticket, by, least(offer))
        assert changed is not None
        assert changed[0].stage is act.leads_to
        if offer.then:
            assert list(offer.then) == possible.names(changed[0], by, TOWN, NOW)
        for kind in offer.meets:
            assert clocks.find_open(ticket, kind)
            assert not clocks.find_open(changed[0], kind)


# --- the work of a handler ---


def test_what_taking_opens_is_told_before_it_is_taken():
    found = offers(dispatched(), "handler-a")
    assert found["take"].now
    assert {"arrived", "resolve"} <= set(found["take"].then)
    assert not found["resolve"].now
    assert [found[name].next for name in ("take", "arrived")] == ["arrived", "resolve"]
    assert found["resolve"].leads_to_name == "已办结"


def test_which_clocks_an_act_meets_is_told_with_it_also_of_what_comes_after_another():
    found = offers(dispatched(), "handler-a")
    assert found["take"].meets == (ClockKind.TAKE,)
    assert ClockKind.RESOLUTION in found["resolve"].meets
    assert found["comment"].meets == ()


def test_one_step_is_next():
    def step(ticket: Ticket, code: str) -> str:
        found = [offer for offer in offers(ticket, code).values() if offer.now and offer.step]
        return min(found, key=lambda offer: offer.step).name if found else ""

    arrived = handling.arrive(taken(), by=person("handler-a"), note="", photos=(), town=TOWN, now=NOW)[0]
    assert step(dispatched(), "handler-a") == "take"
    assert step(taken(), "handler-a") == "arrived"
    assert step(arrived, "handler-a") == "resolve"
    assert step(GROWN["ordered"], "handler-a") == "answer-supervision"
    assert step(received(), "area") == "dispatch"
    assert step(GROWN["returned twice"], "area") == "assign-finally"
    assert step(taken(), "area") == "supervise"


def test_what_stands_in_the_way_of_the_end_is_told():
    assert "还有协办单位没有办完" in offers(GROWN["assisted"], "handler-a")["resolve"].needs[0].words
    assert not offers(GROWN["assisted"], "handler-a")["resolve"].now
    assert "工作站回访" in offers(resolved(), "desk-a")["close"].needs[0].words


def test_feedback_that_was_given_is_not_asked_for_again():
    assert [need.code for need in offers(taken(), "handler-a")["resolve"].needs] == ["unit_feedback"]
    assert offers(taken(), "handler-a")["resolve"].needs[0].met_by == ("unit-feedback",)
    assert offers(GROWN["fed back"], "handler-a")["resolve"].needs == ()


def test_until_when_it_may_be_done_is_told_with_it():
    found = offers(taken(), "handler-a")
    for name in ("return", "ask-extension"):
        until = found[name].until
        assert until is not None
        assert name in offers(taken(), "handler-a", now=until)
        assert name not in offers(taken(), "handler-a", now=until + timedelta(seconds=1))


def test_an_extension_is_offered_as_long_as_it_may_be_asked():
    most = offers(taken(), "handler-a")["ask-extension"].fields[0].most
    assert most is not None
    ask = {"by": person("handler-a"), "reason": "等配件", "town": TOWN, "now": NOW}
    handling.ask_extension(taken(), working_days=most, **ask)
    with pytest.raises(Invalid):
        handling.ask_extension(taken(), working_days=most + 1, **ask)


def test_of_the_open_orders_the_oldest_is_filled_in():
    twice = supervising.supervise(GROWN["ordered"], by=person("area"), text="再催", town=TOWN, now=NOW)[0]
    field = offers(twice, "handler-a")["answer-supervision"].fields[0]
    assert [option.name for option in field.options] == ["今天办结", "再催"]
    assert field.initial == twice.supervision_orders[0].id


def test_of_the_open_parts_the_own_is_filled_in_and_so_is_the_only_one():
    base, at = GROWN["assisted"], {"town": TOWN, "now": NOW}
    only = offers(base, "handler-a")["waive-assisting"].fields[0]
    assert ([option.code for option in only.options], only.initial) == (["PM"], "PM")
    twice = assisting.add_assisting(base, unit_id="TRA", by=person("handler-a"), note="帮忙", **at)[0]
    assert offers(twice, "handler-a")["waive-assisting"].fields[0].initial is None
    own = offers(twice, "police")["finish-assisting"].fields[0]
    assert [option.name for option in own.options] == ["盛华景苑物业", "区交警支队"]
    assert own.initial == "TRA"


def test_what_waits_for_a_word_on_danger_is_shown_with_what_it_waits_for():
    case = DangerCase(level=Danger.POSSIBLE, kinds=(DangerKind.LIFT,), words=("被困",), since=NOW)
    asked = offers(received().model_copy(update={"danger": case}), "desk-a")
    for name in ("dispatch", "answer", "decline", "forward", "merge", "divide"):
        assert not asked[name].now
        assert [need.code for need in asked[name].needs] == ["danger_decided"]
    assert offers(received(), "desk-a")["dispatch"].now


def test_nobody_who_may_not_see_it_is_offered_anything():
    assert possible.possible_acts(taken(), person("admin"), TOWN, NOW) == ()
    assert Role.ADMIN in person("admin").roles


@pytest.mark.parametrize(
    ("name", "form", "field"),
    [
        ("follow-up", {"outcome": "answered"}, "solved"),
        ("follow-up", {"outcome": "call_later"}, "call_at"),
        ("deny-danger", {"why": "其他"}, "note"),
    ],
)
def test_a_field_that_another_makes_needed_is_declared_so_and_refused_without(name, form, field):
    case = DangerCase(level=Danger.POSSIBLE, kinds=(DangerKind.LIFT,), words=("被困",), since=NOW)
    ticket = received().model_copy(update={"danger": case}) if name == "deny-danger" else resolved()
    declared = {each.name: each for each in offers(ticket, "desk-a")[name].fields}
    assert declared[field].required_if == form
    with pytest.raises(Invalid) as told:
        tried(ACTS[name], ticket, person("desk-a"), form)
    assert told.value.details["fields"] == [field]
