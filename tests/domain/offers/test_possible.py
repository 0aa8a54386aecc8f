"""The acts that a screen offers are those that would be done: no button that is refused, none that is missing."""

from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.acts import handling, joining
from chalicelib.domain.acts.answering import DeclineReason
from chalicelib.domain.acts.endangered import Called, WhyNot
from chalicelib.domain.acts.returning import ReturnReason
from chalicelib.domain.errors import ConflictOfInterest, FollowUpMissing, Invalid, NotAllowed, Refusal
from chalicelib.domain.identity.contacts import Learned
from chalicelib.domain.identity.erasing import Checked
from chalicelib.domain.offers import possible
from chalicelib.domain.offers.act import Act
from chalicelib.domain.parties import telling
from chalicelib.domain.tickets.calls import CallOutcome
from chalicelib.domain.tickets.ticket import AskedHow, Stage, Ticket
from chalicelib.domain.town.vocabulary import Staff, Track
from chalicelib.domain.views import access
from tests.domain.life import NOW, PEOPLE, TOWN, dispatched, person, received, resolved, taken, unlooked_at

OWN_ROUTES = {"merge", "comment", "on-my-way"}
ACTS = {name: act for name, act in possible.ACTS.items() if name not in OWN_ROUTES}
WORDS = st.sampled_from(["已处理", "请看一下"])
UNITS = st.sampled_from([unit.code for unit in TOWN.units])
PHOTOS = st.sampled_from([(), ("P1",)])
ASSIGNED = {"unit_id": UNITS, "handler_id": st.none(), "note": WORDS}
TRIED: dict[str, dict[str, Any]] = {
    "take": {},
    "arrived": {"note": WORDS, "photos": PHOTOS},
    "contact": {"note": WORDS},
    "unit-feedback": {"text": WORDS},
    "progress": {"text": WORDS, "photos": PHOTOS, "public": st.booleans()},
    "return": {"reason": st.sampled_from(ReturnReason), "note": WORDS},
    "transfer": ASSIGNED,
    "ask-extension": {"working_days": st.integers(1, 10), "reason": WORDS},
    "wait": {"question": WORDS},
    "suspend": {"reason": WORDS, "review_at": st.just(NOW + timedelta(days=60))},
    "resume": {"note": WORDS},
    "add-assisting": {"unit_id": UNITS, "note": WORDS},
    "finish-assisting": {"unit_id": UNITS, "note": WORDS},
    "waive-assisting": {"unit_id": UNITS, "note": WORDS},
    "resolve": {"note": WORDS, "photos": PHOTOS, "feedback": WORDS},
    "verify": {"ok": st.booleans(), "note": WORDS, "photos": PHOTOS},
    "answer-supervision": {"order_id": st.sampled_from(["D1", "D2"]), "text": WORDS},
    "classify": {
        "category": st.sampled_from([category.code for category in TOWN.categories]),
        "track": st.none() | st.sampled_from(Track),
        "urgent": st.none(),
        "confidential": st.none() | st.booleans(),
        "concerns": st.none() | st.sampled_from([("PM",), ("ST",)]),
    },
    "answer": {"text": WORDS},
    "decline": {"reason": st.sampled_from(DeclineReason), "text": WORDS, "instead": WORDS},
    "forward": {"to": WORDS, "number": st.just(""), "text": WORDS},
    "release-words": {"summary": st.just("楼道灯不亮"), "only_summary": st.booleans()},
    "keep-words": {"note": WORDS},
    "dispatch": ASSIGNED | {"track": st.none()},
    "assign-finally": ASSIGNED,
    "relocate": {"place": st.sampled_from([place.code for place in TOWN.places]), "note": WORDS},
    "split": {"note": WORDS},
    "divide": {"matters": st.just(())},
    "publish": {"text": WORDS},
    "decide-extension": {"approved": st.booleans(), "note": WORDS},
    "remind": {"note": WORDS},
    "supervise": {"text": WORDS},
    "follow-up": {
        "outcome": st.sampled_from([CallOutcome.ANSWERED, CallOutcome.NOT_ANSWERED]),
        "solved": st.booleans(),
        "satisfied": st.none() | st.booleans(),
        "words": WORDS,
    },
    "rework": {"reason": WORDS},
    "reopen": {"note": WORDS},
    "read-words": {"note": WORDS},
    "propose-explanation": {"ground": WORDS, "text": WORDS, "elsewhere": WORDS},
    "decide-explanation": {"approved": st.booleans(), "note": WORDS},
    "exempt": {"rule": WORDS},
    "close": {"note": WORDS},
    "call-made": {"called": st.sampled_from(Called), "note": WORDS},
    "spoken": {"note": WORDS},
    "transcribe": {"words": WORDS},
    "confirm-danger": {"reached": st.booleans()},
    "agree-no-danger": {},
    "correct-contact": {
        "name": st.just(""),
        "phone": st.just("13800138000"),
        "learned": st.sampled_from(Learned),
    },
    "erase": {"text": WORDS, "checked": st.sampled_from(Checked)},
    "confront": {"to": st.sampled_from(["PM", "OFF"]), "matter": WORDS},
    "record-consent": {
        "agreed": st.booleans(),
        "asked_how": st.sampled_from([AskedHow.PHONE, AskedHow.IN_PERSON]),
        "note": WORDS,
    },
    "deny-danger": {"why": st.sampled_from(WhyNot), "note": WORDS},
}
# Its body names one of several parts of the ticket, or a unit that only some may choose.
NAMES_A_PART = {"finish-assisting", "waive-assisting", "answer-supervision", "transfer", "add-assisting"}


def test_every_act_is_tried():
    assert set(ACTS) == set(TRIED)


def done(entry: Act, ticket: Ticket, by: Staff, now: datetime, **body: Any) -> Ticket | Refusal:
    try:
        entry.guard(ticket, by, TOWN)
        changed = entry.rule(ticket, by=by, town=TOWN, now=now, **body, **entry.fixed)
    except Refusal as refusal:
        return refusal
    return changed[0] if changed else ticket


def chooses_what_is_offered(act: Act, ticket: Ticket, by: Staff, body: dict[str, Any]) -> bool:
    shown = [field.on(ticket, by, TOWN) for field in act.fields]
    codes = {each.name: {option.code for option in each.options} for each in shown if each.kind == "choice"}
    return all(body.get(name) is None or body[name] in of for name, of in codes.items())


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_what_is_offered_is_done_and_what_is_not_is_refused(data):
    """A ticket goes through any acts by anyone; before each, the offer is compared with what becomes of any valid body."""
    start = data.draw(
        st.sampled_from(
            [received, dispatched, taken, resolved, unlooked_at, lambda: received(confidential=True)]
        )
    )
    ticket, now = start(), NOW
    for _ in range(data.draw(st.integers(1, 8))):
        by = data.draw(st.sampled_from(PEOPLE))
        offered = possible.names(ticket, by, TOWN, now)
        likely = sorted(set(offered) & set(ACTS)) or sorted(ACTS)
        act = data.draw(st.sampled_from(likely) | st.sampled_from(sorted(ACTS)))
        body = {name: data.draw(strategy) for name, strategy in TRIED[act].items()}
        became = done(ACTS[act], ticket, by, now, **body)
        is_allowed = bool(ACTS[act].allowed & set(by.roles))
        if act not in offered:
            assert not is_allowed or isinstance(became, Refusal), (act, by.code, ticket.stage)
        elif isinstance(became, Refusal):
            assert is_allowed
            if act not in NAMES_A_PART and chooses_what_is_offered(
                ACTS[act], ticket, by, body
            ):  # what such a body lacks is its own fault, not the person's or the stage's
                is_lifting = (
                    act == "classify" and ticket.confidential
                )  # of such bodies only a leader's is done
                expected = ConflictOfInterest | FollowUpMissing | Invalid
                assert isinstance(became, expected | NotAllowed if is_lifting else expected), (act, became)
        if is_allowed and isinstance(became, Ticket):
            ticket = became
        now += data.draw(st.sampled_from([timedelta(minutes=5), timedelta(days=1)]))


def test_a_reason_to_return_it_that_waits_for_a_ruling_is_offered_once():
    by, said = person("handler-a"), {"note": "绿化归谁管说不清"}
    disputed = done(ACTS["return"], taken(), by, NOW, reason=ReturnReason.UNCLEAR_DUTY, **said)
    for ticket, is_offered in ((taken(), True), (disputed, False)):
        body = said | {"reason": ReturnReason.UNCLEAR_DUTY}
        assert chooses_what_is_offered(ACTS["return"], ticket, by, body) is is_offered
        assert isinstance(done(ACTS["return"], ticket, by, NOW, **body), Refusal) is not is_offered
    other = said | {"reason": ReturnReason.WRONG_PLACE}
    assert chooses_what_is_offered(ACTS["return"], disputed, by, other)


@pytest.mark.parametrize("start", [received, dispatched, taken, resolved, unlooked_at])
def test_an_act_that_is_tried_tells_nobody_and_is_offered_as_if_it_did(monkeypatch, start):
    ticket, asked = start(), []
    table = telling._people
    monkeypatch.setattr(telling, "_people", lambda *of: asked.append(of) or table(*of))
    offered = [possible.possible_acts(ticket, by, TOWN, NOW) for by in PEOPLE]
    assert not asked
    monkeypatch.setattr(possible, "only_tried", nullcontext)
    assert [possible.possible_acts(ticket, by, TOWN, NOW) for by in PEOPLE] == offered
    assert asked


def test_an_extension_is_offered_for_as_many_days_as_may_be_asked_for():
    most, by = handling.days_left(taken(), TOWN), person("handler-a")
    may = [
        not isinstance(
            done(ACTS["ask-extension"], taken(), by, NOW, working_days=days, reason="等配件"), Refusal
        )
        for days in range(1, 31)
    ]
    assert may == [True] * most + [False] * (30 - most)
    assert 0 < most < 30
    assert handling.days_left(received(), TOWN) == 0


@pytest.mark.parametrize("code", ["desk-2", "admin", "volunteer"])
def test_whoever_may_not_see_a_ticket_is_offered_nothing(code):
    assert possible.names(taken(), person(code), TOWN, NOW) == []


def test_the_desk_is_offered_what_a_new_report_needs():
    offered = possible.names(received(), person("desk-a"), TOWN, NOW)
    wanted = {
        "classify",
        "answer",
        "decline",
        "forward",
        "dispatch",
        "relocate",
        "divide",
        "publish",
        "correct-contact",
        "comment",
        "merge",
    }
    assert set(offered) == wanted


def test_for_many_is_offered_what_is_possible_for_some_and_for_which():
    new, done = received(), resolved().model_copy(update={"id": "01JD0000000000000000000001"})
    offered = possible.for_many([new, done], person("desk-a"), TOWN, NOW)
    assert offered["answer"] == (new.id,)
    assert offered["comment"] == (new.id, done.id)
    assert "close" not in offered  # of the one nothing was done yet, of the other nobody was asked
    assert list(offered) == [name for name in possible.ACTS if name in offered]


@settings(max_examples=40, deadline=None)
@given(by=st.sampled_from(PEOPLE), start=st.sampled_from([received, dispatched, taken, resolved]))
def test_for_many_is_offered_what_is_offered_for_one_and_may_be_done_for_many(by, start):
    ticket = start()
    single = {
        name
        for name in possible.names(ticket, by, TOWN, NOW)
        if possible.ACTS[name].bulk.intersection(by.roles)
    }
    assert set(possible.for_many([ticket], by, TOWN, NOW)) == single


def test_a_handler_is_offered_to_take_first_and_to_resolve_once_taken():
    assert "take" in possible.names(dispatched(), person("handler-a"), TOWN, NOW)
    assert "resolve" not in possible.names(dispatched(), person("handler-a"), TOWN, NOW)
    assert "take" not in possible.names(taken(), person("handler-a"), TOWN, NOW)
    assert "resolve" in possible.names(taken(), person("handler-a"), TOWN, NOW)


def test_closing_is_offered_only_when_nothing_is_missing_any_more():
    assert "close" not in possible.names(resolved(), person("desk-a"), TOWN, NOW)
    assert "follow-up" in possible.names(resolved(), person("desk-a"), TOWN, NOW)


@settings(max_examples=40, deadline=None)
@given(
    by=st.sampled_from(PEOPLE),
    start=st.sampled_from([received, dispatched, taken, resolved]),
    confidential=st.booleans(),
)
def test_merging_is_offered_when_it_would_be_done(by, start, confidential):
    ticket = start().model_copy(update={"confidential": confidential})
    into = ticket.model_copy(update={"id": "01JD0000000000000000000001", "stage": Stage.RECEIVED})
    try:
        access.need_desk(ticket, by, TOWN)
        joining.merge(ticket, into=into, by=by, town=TOWN, now=NOW)
        would_be = True
    except Refusal:
        would_be = False
    assert ("merge" in possible.names(ticket, by, TOWN, NOW)) == would_be
