"""原话待转: what complains of the unit it would go to goes there without its words when nobody of the desk has looked (rule 104)."""

from datetime import timedelta

import pytest

from chalicelib.domain.acts import classifying, dispatching, handling, joining, withholding
from chalicelib.domain.acts.dividing import may_divide
from chalicelib.domain.acts.escalating import escalate
from chalicelib.domain.acts.returning import ReturnReason, return_to_desk
from chalicelib.domain.acts.reworking import reopen_at_desk
from chalicelib.domain.acts.words import Spoken, said_by_resident
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import Invalid, NotYours, StillOpen, WrongStage
from chalicelib.domain.notices.words import words_of
from chalicelib.domain.offers import possible
from chalicelib.domain.parties import summaries
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.queues import Queue, waits_for
from chalicelib.domain.tickets.readings import NOT_READ, Concerned, DangerCase, Grievance
from chalicelib.domain.tickets.recording import Recording
from chalicelib.domain.tickets.ticket import Stage
from chalicelib.domain.town.danger_signs import Danger
from chalicelib.domain.town.vocabulary import Source
from chalicelib.domain.views import access, withheld
from chalicelib.domain.views.history import history_line
from chalicelib.domain.views.standing import standing
from chalicelib.store.tickets.tickets import summary
from tests.domain.clock_town import at
from tests.domain.life import NIGHT, NOW, TOWN, life_town, person, received, rung, told, unlooked_at

UNHAPPY = "楼道灯不亮，物业一直没来"
DESK, MANAGER = person("desk-a"), person("pm")
DUE = NOW + timedelta(minutes=5)  # as clocks.csv promises the feedback
LATER = NOW + timedelta(minutes=30)


def line_of(lines, kind=EventKind.SENT_WITHOUT_WORDS):
    return next(line for line in lines if line.kind is kind)


def read(ticket, code):
    return access.as_read_by(ticket, person(code)).text


def release(ticket, by=DESK, summary="", only_summary=False):
    return withholding.release_words(
        ticket, by=by, summary=summary, only_summary=only_summary, town=TOWN, now=LATER
    )


def keep(ticket, by=DESK):
    return withholding.keep_words(ticket, by=by, note="会看出是谁说的", town=TOWN, now=LATER)


def accuses(*parties, grievance=Grievance.POSSIBLE):
    said = Concerned(grievance=grievance, parties=parties, words=("手里提着什么",))
    return NOT_READ.model_copy(update={"concerned": said})


def is_watched(ticket):
    """Whether the ladder of the look runs on."""
    clock = clocks.find_open(ticket, ClockKind.LOOK)
    return clock is not None and clock.is_running


# The instant.


def test_it_waits_for_the_desk_until_the_feedback_is_due_and_not_a_second_less():
    waits, lines = rung(received(UNHAPPY), DUE - timedelta(seconds=1))
    assert waits.stage is Stage.RECEIVED
    assert [line.kind for line in lines] == [EventKind.REMINDED, EventKind.REMINDED]


def test_then_the_machine_gives_it_to_the_unit_it_would_have_had_at_once():
    ticket, lines = rung(received(UNHAPPY), DUE)
    assert (ticket.stage, ticket.lead_unit_id, ticket.handler_id) == (Stage.DISPATCHED, "PM", "pm")
    assert (line_of(lines).by, line_of(lines).at) == (Actor.MACHINE, DUE)


def test_the_feedback_is_the_machines_and_in_time_at_its_last_instant():
    feedback = clocks.find_latest(unlooked_at(), ClockKind.FEEDBACK)
    assert (feedback.met_by, feedback.met_at) == (Actor.MACHINE, DUE)
    assert not clocks.is_overdue(feedback, LATER)


def test_the_ladder_at_the_desk_goes_on_where_it_was_and_no_rung_rings_twice():
    _, lines = rung(received(UNHAPPY), NOW + timedelta(minutes=19))
    assert [(line.details.get("clock"), line.at) for line in lines] == [
        ("feedback-1", NOW + timedelta(minutes=2)),
        ("feedback-1", NOW + timedelta(minutes=3, seconds=30)),
        (None, DUE),
        ("look-1", DUE),
        ("look-1", NOW + timedelta(minutes=10)),
    ]


def test_where_the_towns_ladder_has_nothing_at_that_instant_the_desk_is_reminded_then():
    rules = tuple(
        rule.model_copy(update={"reminders": "", "ladder": ""}) if rule.clock == "feedback" else rule
        for rule in TOWN.clocks
    )
    town = life_town(clocks=rules)
    ticket, lines = rung(received(UNHAPPY, town=town), DUE, town=town)
    assert ticket.lead_unit_id == "PM"
    assert [line.at for line in lines if line.details.get("clock") == "look-1"] == [DUE]


def test_it_may_ring_twice_and_goes_out_once():
    waits = received(UNHAPPY)
    ticket, lines = rung(waits, DUE)
    alarm = next(a for a in clocks.due_alarms(waits, DUE) if a.at == DUE)
    assert escalate(ticket, alarm, town=TOWN, now=DUE) is None
    assert sum(line.kind is EventKind.SENT_WITHOUT_WORDS for line in lines) == 1


# What stays with the desk all the same.


@pytest.mark.parametrize(
    "changes",
    [
        {"complains": Grievance.POSSIBLE},
        {"complains": Grievance.MISCONDUCT},
        {"complains": Grievance.NONE},
        {"confidential": True, "sealed": True},
        {"danger": DangerCase(level=Danger.POSSIBLE, since=NOW)},
        {"recording": Recording(id="r", seconds=9, heard_at=NOW, heard_by="desk-a")},
        {"corrected": True},
        {"first_unit_id": "PM"},
    ],
    ids=str,
)  # fmt: skip
def test_what_a_person_must_see_first_or_has_seen_goes_nowhere(changes):
    ticket, lines = rung(received(UNHAPPY).model_copy(update=changes), NOW + timedelta(minutes=20))
    assert ticket.stage is Stage.RECEIVED
    assert EventKind.SENT_WITHOUT_WORDS not in {line.kind for line in lines}


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("小区门口乱糟糟，物业一直没来", NOW),  # no rule is sure what it is
        (UNHAPPY, NIGHT),  # nobody of the unit is on duty
        ("浦东那边灯不亮，物业一直没来", NOW),  # it would have left the town
    ],
)
def test_what_the_machine_would_not_have_dispatched_stays(text, now):
    ticket, _ = rung(received(text, now=now), now + timedelta(minutes=20))
    assert ticket.stage is Stage.RECEIVED


def test_who_is_on_duty_by_a_later_rung_gets_it_then():
    ticket = received(UNHAPPY, now=at("2026-11-23 07:50"))
    assert rung(ticket, at("2026-11-23 07:59"))[0].stage is Stage.RECEIVED
    assert rung(ticket, at("2026-11-23 08:00"))[0].lead_unit_id == "PM"


def test_what_a_clerk_wrote_down_was_looked_at():
    ticket = received(UNHAPPY, source=Source.PHONE, entered_by="desk-a")
    assert rung(ticket, LATER)[0].stage is Stage.RECEIVED


# What each reads meanwhile.


def test_the_unit_reads_one_sentence_the_desk_and_the_leaders_the_words():
    ticket = unlooked_at(photos=("p1",))
    for code in ("pm", "pm-head", "city"):
        assert read(ticket, code) == access.NOT_LOOKED_AT
        assert access.as_read_by(ticket, person(code)).photos == ()
        assert not access.may_reveal(ticket, person(code), TOWN)
    for code in ("desk-a", "st-head", "area"):
        assert read(ticket, code) == UNHAPPY
    assert clocks.find_latest(access.as_read_by(ticket, MANAGER), ClockKind.LOOK) is None


def test_whoever_of_the_unit_the_ladder_rings_reads_no_more_than_the_unit():
    ticket, lines = rung(unlooked_at(), NOW + timedelta(hours=2))
    assert "pm-head" in ticket.escalated_to
    assert not access.reads_words(ticket, person("pm-head"))
    assert access.reads_words(ticket, person("st-head"))
    assert lines


def test_of_a_sealed_reporter_neither_does_whoever_of_the_unit_it_climbed_to():
    given = received("楼道灯不亮", confidential=True)
    given = given.model_copy(update={"lead_unit_id": "PM", "escalated_to": ("pm-head", "st-head")})
    assert not access.reads_words(given, person("pm-head"))
    assert access.reads_words(given, person("st-head"))


def test_whom_the_words_may_be_about_reads_them_nowhere_not_even_at_the_desk():
    ticket = unlooked_at().model_copy(update={"escalated_to": ("desk-b",)})
    meant = ticket.withheld.model_copy(update={"parties": ("desk-b",)})
    ticket = ticket.model_copy(update={"withheld": meant})
    assert not access.reads_words(ticket, person("desk-b"))
    with pytest.raises(NotYours):
        release(ticket, by=person("desk-b"))


def test_a_phone_is_sent_place_category_and_fixed_words():
    ticket, lines = rung(received(UNHAPPY), DUE)
    assert summaries.on_a_phone(ticket, TOWN) == summaries.WITHOUT_WORDS
    for notice in line_of(lines).notices:
        assert "没来" not in words_of(notice.template, notice.params | {"phone": "1"}).text
    assert set(told(line_of(lines))) == {"sent_without_words", "assigned", "words_to_look_at"}


def test_no_form_of_the_unit_begins_with_its_words():
    offers = possible.possible_acts(unlooked_at(), person("pm-head"), TOWN, LATER)
    fields = [field for offer in offers for field in offer.fields]
    assert fields
    assert not [field for field in fields if isinstance(field.initial, str) and "灯" in field.initial]


def test_what_the_desk_gives_in_place_of_the_words_does_not_begin_as_the_words():
    offers = possible.possible_acts(unlooked_at(), DESK, TOWN, LATER)
    [offer] = [each for each in offers if each.name == "release-words"]
    assert [field.initial for field in offer.fields if field.name == "summary"] == [None]


def test_every_card_says_what_is_so():
    ticket = unlooked_at()
    assert withheld.card(received(UNHAPPY), DESK, TOWN) is None
    assert "盛华景苑物业" in withheld.card(ticket, DESK, TOWN)["text"]
    assert "原话转给承办单位" in withheld.card(ticket, DESK, TOWN)["text"]
    assert withheld.card(ticket, MANAGER, TOWN)["text"] == access.NOT_LOOKED_AT
    kept, _ = keep(ticket)
    assert withheld.card(kept, MANAGER, TOWN) == {
        "waits": False,
        "title": "看不到居民原话",
        "text": access.KEPT_BACK,
    }
    assert "会看出是谁说的" in withheld.card(kept, DESK, TOWN)["text"]


def test_whoever_reported_it_reads_that_the_words_wait_and_who_joined_does_not():
    ticket = unlooked_at()
    assert standing(ticket, TOWN, LATER).endswith("您写的话他们还看不到，工作站看过再转")
    assert "您写的话" not in standing(ticket, TOWN, LATER, of=None)
    assert standing(keep(ticket)[0], TOWN, LATER).endswith("您写的话工作站看过了，没有把原话转给他们")
    assert "您写的话" not in standing(release(ticket)[0], TOWN, LATER)


def test_it_stands_at_the_desk_as_words_to_look_at_and_with_the_unit_by_its_own_clocks():
    waits = {entry.who: entry.clock for entry in waits_for(unlooked_at())}
    assert waits[Queue.DESK.of("ST")] == ClockKind.LOOK
    assert waits[Queue.UNIT.of("PM")] == ClockKind.TAKE
    assert Queue.DESK.of("ST") not in {entry.who for entry in waits_for(release(unlooked_at())[0])}


# The desk's look.


def test_released_the_unit_reads_the_words_and_is_told_that_the_ticket_changed():
    ticket, line = release(unlooked_at(photos=("p1",)))
    assert (read(ticket, "pm"), access.as_read_by(ticket, MANAGER).photos) == (UNHAPPY, ("p1",))
    assert told(line)["words_released"] == ["pm"]
    assert summaries.on_a_phone(ticket, TOWN) == ""


def test_the_desk_may_give_a_summary_in_their_place():
    ticket, line = release(unlooked_at(), summary="楼道灯不亮", only_summary=True)
    assert (read(ticket, "pm"), read(ticket, "desk-a")) == ("楼道灯不亮", UNHAPPY)
    assert told(line)["words_released"] == ["pm"]
    assert read(release(ticket)[0], "pm") == UNHAPPY  # and the words after all


@pytest.mark.parametrize("given", ["", "找王女士13812345678"])
def test_a_summary_that_stands_for_the_words_is_there_and_names_nobody(given):
    with pytest.raises(Invalid):
        release(unlooked_at(), summary=given, only_summary=True)


def test_the_desk_may_keep_them_back_for_good_and_the_reason_is_the_reporters():
    ticket, line = keep(unlooked_at())
    assert read(ticket, "pm") == access.KEPT_BACK
    assert line.public
    assert told(line)["words_kept"] == ["pm"]
    [(_, seen)] = access.lines_as_read_by(ticket, [(3, line)], MANAGER)
    assert (seen.note, history_line(seen, TOWN)) == ("", "关港蓝湾工作站看过居民原话，没有转给承办单位")


@pytest.mark.parametrize("look", [release, keep])
def test_either_is_the_look_that_was_owed(look):
    ticket = unlooked_at()
    assert is_watched(ticket)
    looked = look(ticket)[0]
    assert clocks.find_latest(looked, ClockKind.LOOK).met_by == "desk-a"
    assert not clocks.find_open(looked, ClockKind.LOOK)


@pytest.mark.parametrize("look", [release, keep])
def test_where_nothing_is_withheld_there_is_nothing_to_decide(look):
    with pytest.raises(WrongStage):
        look(received(UNHAPPY))


# What becomes of it otherwise.


def given_on(ticket, act=dispatching.dispatch, unit="OFF", **more):
    given = {"unit_id": unit, "handler_id": None, "by": DESK, "note": "", "town": TOWN, "now": LATER}
    return act(ticket, **given, **more)[0]


def returned(ticket):
    given = {"reason": ReturnReason.WRONG_PLACE, "note": "", "town": TOWN, "now": LATER}
    return return_to_desk(ticket, by=MANAGER, **given)[0]


def test_returned_it_is_kept_from_whom_it_may_mean_and_waits_for_the_look_as_before():
    back = returned(unlooked_at())
    assert back.stage is Stage.RECEIVED
    assert not access.may_see(back, MANAGER, TOWN)
    assert not access.may_list(summary(back), MANAGER)
    assert is_watched(back)


@pytest.mark.parametrize("unit", ["OFF", "PM"])
def test_dispatched_again_by_a_person_the_words_go_along(unit):
    ticket = given_on(returned(unlooked_at()), unit=unit, track=None)
    handler = person("handler-a" if unit == "OFF" else "pm")
    assert access.as_read_by(ticket, handler).text == UNHAPPY
    assert not clocks.find_open(ticket, ClockKind.LOOK)


def test_given_to_another_unit_by_the_desk_they_go_along_to_that_one():
    ticket = given_on(unlooked_at(), dispatching.transfer)
    assert read(ticket, "handler-a") == UNHAPPY
    assert not access.may_see(ticket, MANAGER, TOWN)


def test_within_the_unit_its_head_moves_no_word():
    moved = dispatching.transfer(
        unlooked_at(), unit_id="PM", handler_id="pm-head", by=person("pm-head"), note="", town=TOWN, now=LATER
    )[0]
    assert read(moved, "pm-head") == access.NOT_LOOKED_AT
    assert is_watched(moved)


def test_what_was_kept_back_for_good_stays_so_wherever_it_goes_until_it_is_released():
    ticket = given_on(keep(unlooked_at())[0], dispatching.transfer)
    assert read(ticket, "handler-a") == access.KEPT_BACK
    assert read(release(ticket)[0], "handler-a") == UNHAPPY


def test_what_was_kept_back_stays_so_where_it_comes_back_and_is_filed_anew():
    back = returned(keep(unlooked_at())[0])
    filed = classifying.classify(
        back, by=DESK, category="LAMP", track=None, urgent=None, confidential=None, concerns=(), town=TOWN, now=LATER
    )[0]  # fmt: skip
    assert read(given_on(filed, track=None), "handler-a") == access.KEPT_BACK


@pytest.mark.parametrize("look", [None, keep])
def test_it_is_not_merged_away_nor_divided_before_the_words_are_passed_on(look):
    ticket = look(unlooked_at())[0] if look else unlooked_at()
    other = received("门口路灯不亮").model_copy(update={"id": "other"})
    with pytest.raises(StillOpen, match="原话"):
        joining.merge(ticket, into=other, by=DESK, town=TOWN, now=LATER)
    with pytest.raises(StillOpen, match="原话"):
        may_divide(ticket)
    joining.merge(release(ticket)[0], into=other, by=DESK, town=TOWN, now=LATER)
    may_divide(release(ticket)[0])


def test_what_is_merged_into_it_keeps_its_own_sight_and_ends_nothing():
    other = received("楼道灯不亮").model_copy(update={"id": "other"})
    _, (ticket, _) = joining.merge(other, into=unlooked_at(), by=DESK, town=TOWN, now=LATER)
    assert read(ticket, "pm") == access.NOT_LOOKED_AT
    assert is_watched(ticket)


def test_turned_away_from_whom_it_is_about_by_the_desk_is_a_look_too():
    ticket = classifying.classify(
        unlooked_at(), by=DESK, category="LAMP", track=None, urgent=None, confidential=None, concerns=("PM",),
        town=TOWN, now=LATER,
    )[0]  # fmt: skip
    assert (ticket.stage, ticket.withheld, ticket.confidential) == (Stage.RECEIVED, None, True)
    assert not access.may_see(ticket, MANAGER, TOWN)
    assert not clocks.find_open(ticket, ClockKind.LOOK)


def test_turned_away_by_a_later_word_it_waits_on_for_the_desk():
    ticket = classifying.kept_apart(
        unlooked_at(), accuses("PM", grievance=Grievance.MISCONDUCT), by=Actor.REPORTER, town=TOWN, now=LATER
    )[0]
    assert (ticket.stage, ticket.confidential) == (Stage.RECEIVED, True)
    assert not access.may_see(ticket, MANAGER, TOWN)
    assert is_watched(ticket)
    assert read(given_on(ticket, track=None), "handler-a") == UNHAPPY


def test_it_ends_without_a_look_and_begins_again_with_the_look_still_owed():
    ticket = unlooked_at().model_copy(update={"stage": Stage.CLOSED})
    ticket = clocks.watched(ticket, town=TOWN, now=LATER)
    assert not clocks.find_open(ticket, ClockKind.LOOK)
    assert read(ticket, "pm") == access.NOT_LOOKED_AT
    again = reopen_at_desk(ticket, by=DESK, note="还没亮", town=TOWN, now=LATER)[0]
    assert is_watched(again)
    assert clocks.find_open(again, ClockKind.LOOK).round == 2


def test_the_unit_goes_on_handling_it_meanwhile():
    taken = dispatching.take(unlooked_at(), by=MANAGER, town=TOWN, now=LATER)[0]
    arrived = handling.arrive(taken, by=MANAGER, note="", photos=(), town=TOWN, now=LATER)[0]
    assert arrived.withheld.waits
    assert is_watched(arrived)


def test_in_a_danger_the_concerned_unit_is_rung_by_place_and_kind_and_reads_no_word():
    ticket = unlooked_at().model_copy(
        update={"danger": DangerCase(level=Danger.SURE, words=("物业一直没来",), since=NOW), "urgent": True}
    )
    assert access.as_read_by(ticket, MANAGER).danger.words == ()
    assert summaries.on_a_phone(ticket, TOWN) == "有人有危险"


# Later words.


def comment(ticket, reading=NOT_READ, text="还是不亮"):
    return said_by_resident(
        ticket, Spoken(text, ("p2",), "v", reading), by=Actor.REPORTER, town=TOWN, now=LATER
    )


@pytest.mark.parametrize("look", [None, keep])
def test_later_words_wait_alike_and_the_desk_is_told(look):
    ticket = look(unlooked_at())[0] if look else unlooked_at()
    line = comment(ticket)
    assert told(line) == {"words_to_look_at": ["desk-a"]}
    [(_, seen)] = access.lines_as_read_by(ticket, [(4, line)], MANAGER)
    assert (seen.note, seen.photos) == ("", ())
    assert access.lines_as_read_by(ticket, [(4, line)], DESK) == [(4, line)]


def held(ticket, *parties, grievance=Grievance.POSSIBLE, by=Actor.REPORTER, now=LATER):
    return withholding.held_back(ticket, accuses(*parties, grievance=grievance), by=by, town=TOWN, now=now)


def with_the_property():
    return received("楼道灯不亮")


def test_a_later_word_that_may_accuse_who_has_it_waits_and_what_was_read_stays_read():
    before = comment(with_the_property()).model_copy(update={"at": NOW})
    ticket, line = held(with_the_property(), "PM")
    said = comment(ticket)
    assert line.kind is EventKind.WORDS_HELD
    assert read(ticket, "pm") == "楼道灯不亮"
    seen = access.lines_as_read_by(ticket, [(2, before), (3, said)], MANAGER)
    assert [event.note for _, event in seen] == ["还是不亮", ""]
    assert access.without_words(ticket).suggestion == ticket.suggestion
    assert withheld.card(ticket, MANAGER, TOWN)["text"] == access.LATER_NOT_LOOKED_AT
    assert "后来的留言可能说到盛华景苑物业" in withheld.card(ticket, DESK, TOWN)["text"]
    assert standing(ticket, TOWN, LATER).endswith("您后来写的话他们还看不到，工作站看过再转")


def test_its_look_is_owed_as_fast_as_a_feedback_and_climbs_as_far():
    ticket, _ = held(with_the_property(), "PM")
    look = clocks.find_open(ticket, ClockKind.LOOK)
    assert look.due_at == LATER + timedelta(minutes=5)
    assert [step.to for step in look.rungs] == ["desk", "desk", "station_head", "area_leader"]


def test_it_is_released_or_kept_as_the_first_words_are():
    ticket, _ = held(with_the_property(), "PM")
    said = [(3, comment(ticket))]
    assert access.lines_as_read_by(release(ticket)[0], said, MANAGER) == said
    assert withheld.card(keep(ticket)[0], MANAGER, TOWN)["text"] == access.LATER_KEPT_BACK


@pytest.mark.parametrize(
    ("parties", "more"),
    [
        (("TRA",), {}),  # has nothing to do with it
        ((), {}),
        (("PM",), {"grievance": Grievance.SERVICE}),
        (("PM",), {"grievance": Grievance.MISCONDUCT}),  # that is 避开
        (("PM",), {"by": "desk-a"}),  # whoever wrote it down has read it
    ],
)
def test_other_words_are_read_at_once(parties, more):
    assert held(with_the_property(), *parties, **more) is None


def test_the_same_again_changes_nothing_and_a_new_word_after_the_look_is_looked_at_anew():
    ticket, _ = held(with_the_property(), "PM")
    assert held(ticket, "PM") is None
    again, _ = held(keep(ticket)[0], "PM", now=LATER + timedelta(hours=1))
    assert again.withheld.waits
    assert again.withheld.since == LATER
    assert is_watched(again)


def test_what_waits_at_the_desk_goes_nowhere_once_a_later_word_may_accuse():
    ticket, _ = held(received(UNHAPPY), "PM", now=NOW + timedelta(minutes=1))
    assert ticket.withheld is None
    assert rung(ticket, LATER)[0].stage is Stage.RECEIVED
