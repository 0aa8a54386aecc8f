"""A later version of an order: what is news, and what it changes on the ticket that the order has become."""

from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.domain.partners import orders as rules
from chalicelib.domain.partners.orders import Order, Spoken
from chalicelib.domain.town.partner import read_partner
from chalicelib.domain.town.vocabulary import ResidentChannel
from chalicelib.domain.town_import.files import read_town
from tests.domain import clock_town
from tests.domain.clock_town import at
from tests.towns import sample_files

TOWN = read_town(sample_files(), version="1", today=at("2026-11-23 10:00").date()).town
SAMPLE = Path(__file__).parents[3] / "town" / "partners" / "hotline.csv"
HOTLINE = read_partner("hotline", SAMPLE.read_bytes())
NOW = at("2026-11-23 10:00")
FIRST = Order(
    number="SH1", text="路灯坏了三天", sent_at=at("2026-11-22 09:00"), due_at=at("2026-11-25 18:00")
)
STATION = next(unit for unit in TOWN.units if unit.code.startswith("ST-"))


def an_order(**changes):
    return FIRST.model_copy(update={"sent_at": at("2026-11-22 12:00")} | changes)


def a_ticket(**changes):
    known = rules.external_id(FIRST, HOTLINE, NOW)
    parts = {"external_ids": (known,), "station_id": STATION.code, "lead_unit_id": None, "handler_id": None}
    return clock_town.a_ticket(**parts | changes)


def update(order, ticket=None, **how):
    return rules.update(ticket or a_ticket(), order, partner=HOTLINE, town=TOWN, now=NOW, **how)


@pytest.mark.parametrize(
    ("changes", "is_news"),
    [
        ({}, False),  # the same once more, at another instant
        ({"text": "路灯坏了四天"}, True),
        ({"due_at": at("2026-11-24 18:00")}, True),
        ({"text": "路灯坏了四天", "sent_at": at("2026-11-22 09:00")}, True),  # within the same second
        ({"text": "路灯坏了四天", "sent_at": at("2026-11-22 08:59")}, False),  # it was overtaken
        ({"text": "路灯坏了四天", "sent_at": None}, True),  # nobody can say that it is older
        ({"to_check": ("电话",)}, False),
    ],
)
def test_news_is_what_says_something_else_and_is_not_older(changes, is_news):
    assert rules.is_news(a_ticket(), an_order(**changes), HOTLINE, NOW) is is_news
    assert (update(an_order(**changes)) is not None) is is_news


def test_a_partners_clock_that_runs_ahead_counts_as_ours():
    ahead = rules.external_id(an_order(sent_at=NOW + timedelta(days=1)), HOTLINE, NOW)
    assert (ahead.sent_at, ahead.due_at) == (NOW, FIRST.due_at)
    assert (ahead.partner, ahead.number) == ("hotline", "SH1")
    assert rules.external_id(an_order(sent_at=None), HOTLINE, NOW).sent_at is None


def test_what_it_says_stands_in_the_history_scrubbed_and_its_deadline_with_it():
    changed = update(an_order(text="又坏了，打13800001111", due_at=at("2026-11-24 18:00")))
    after, event = changed
    assert (event.kind, event.by, event.at) == ("order_updated", "machine", NOW)
    assert "13800001111" not in event.note
    assert event.note.startswith("又坏了")
    assert event.details == {"partner": "hotline", "number": "SH1", "due_at": "2026-11-24T18:00:00+08:00"}
    assert [one.due_at for one in after.external_ids] == [at("2026-11-24 18:00")]


@pytest.mark.parametrize("due_at", [FIRST.due_at, None])
def test_a_deadline_that_stays_or_is_left_out_is_no_news_of_its_own(due_at):
    assert "due_at" not in update(an_order(text="又坏了", due_at=due_at))[1].details


def test_a_number_of_another_partner_or_order_beside_it_is_left_as_it_is():
    other = rules.external_id(an_order(number="SH2"), HOTLINE, NOW)
    known = rules.external_id(FIRST, HOTLINE, NOW)
    after = update(an_order(text="又坏了"), a_ticket(external_ids=(other, known)))[0]
    assert after.external_ids[0] == other
    assert after.external_ids[1].digest == an_order(text="又坏了").digest


def test_secrecy_holds_from_the_version_that_asks_for_it_and_no_later_one_takes_it_back():
    sealed = update(an_order(confidential=True))[0]
    assert sealed.sealed
    again = an_order(text="又坏了", sent_at=at("2026-11-22 13:00"))
    assert update(again, sealed)[0].sealed
    assert not update(an_order(text="又坏了"))[0].sealed


def test_whoever_it_speaks_for_is_the_reporter_where_the_ticket_had_none():
    spoken = Spoken(reporter_id="p9", reachable=ResidentChannel.CALL, phone_left=True)
    nobodys = a_ticket(reporter_id=None)
    after = update(an_order(text="又坏了"), nobodys, spoken=spoken)[0]
    assert (after.reporter_id, after.reachable, after.phone_left) == ("p9", ResidentChannel.CALL, True)
    assert update(an_order(text="又坏了"), spoken=spoken)[0].reporter_id == "r1"
    assert update(an_order(text="又坏了"), nobodys)[0].reporter_id is None


def test_the_partners_word_for_a_category_is_ours_where_the_town_has_it():
    assert rules.category_of(an_order(category="市政设施/路灯"), HOTLINE, TOWN) == "B06"
    assert rules.category_of(an_order(category="别的"), HOTLINE, TOWN) is None
    gone = HOTLINE.model_copy(update={"categories": {"旧": "gone"}})
    assert rules.category_of(an_order(category="旧"), gone, TOWN) is None


def test_whether_an_order_was_known_before_or_only_typed_in():
    typed = rules.external_id(FIRST, HOTLINE, NOW).model_copy(update={"digest": ""})
    assert rules.was_typed_in(a_ticket(external_ids=(typed,)), FIRST, HOTLINE)
    assert not rules.was_typed_in(a_ticket(), FIRST, HOTLINE)


def test_whoever_it_concerns_and_had_it_reads_that_it_was_taken_back_when_a_later_version_asks_for_secrecy():
    holder = TOWN.find_staff("of-sq-b")
    held = {"lead_unit_id": holder.unit, "handler_id": holder.code, "concerns": (holder.unit,)}
    after, event = update(an_order(confidential=True), a_ticket(**held))
    assert (after.stage, after.handler_id) == ("received", None)
    assert f"staff:{holder.code}" in {each.to for each in event.notices if each.template == "recalled"}
