"""回传: which lines of a history a partner is owed, in its own codes, and what of it is left of somebody who is erased."""

from pathlib import Path

import pytest

from chalicelib.domain.identity.erasing import TAKEN_OUT, Person
from chalicelib.domain.partners import exchanges as rules
from chalicelib.domain.partners.codes import unheard_ends
from chalicelib.domain.partners.exchanges import State
from chalicelib.domain.partners.report_contents import report_of
from chalicelib.domain.tickets.clock_model import Basis, Clock, ClockKind
from chalicelib.domain.tickets.event_kinds import ENDS, EventKind
from chalicelib.domain.tickets.ticket import Assisting, AssistingState, Event, ExternalId
from chalicelib.domain.town.partner import read_partner
from chalicelib.domain.town_import.files import read_town
from tests.domain import clock_town
from tests.domain.clock_town import at
from tests.towns import sample_files

TOWN = read_town(sample_files(), version="1", today=at("2026-11-23 10:00").date()).town
SAMPLES = Path(__file__).parents[3] / "town" / "partners"
HOTLINE, UPWARD = (
    read_partner(name, (SAMPLES / f"{name}.csv").read_bytes()) for name in ("hotline", "huizhili")
)
CONNECTED = HOTLINE.model_copy(update={"address": "https://hotline.example.cn/orders"})
ONE = ExternalId(partner="hotline", number="SH1", due_at=at("2026-11-25 18:00"))
NOW = at("2026-11-23 10:00")
KEY = "01JD0000000000000000000000-000003"
UNIT = TOWN.units[0]


def a_ticket(**changes):
    parts = {"station_id": UNIT.code, "lead_unit_id": UNIT.code, "external_ids": (ONE,)}
    return clock_town.a_ticket(**parts | changes)


def owed(kind=EventKind.TAKEN, *, partner=CONNECTED, one=ONE, ticket=None, note="", details=()):
    event = Event(kind=kind, at=NOW, by="x", note=note, details=dict(details))
    return rules.owed(event, KEY, ticket or a_ticket(), one, partner, TOWN)


def test_a_line_that_the_partner_has_a_code_for_is_owed_with_what_it_says():
    exchange = owed(EventKind.RESOLVED, note="灯修好了")
    assert exchange.model_dump(exclude_defaults=True) == {
        "partner": "hotline",
        "number": "SH1",
        "name": f"2026-11-23T02:00:00.000Z-{KEY}",
        "ticket_id": "01JD0000000000000000000000",
        "ticket_number": "MS261120-7K3QX9-4",
        "state": State.WAITING,
        "at": NOW,
        "act": "resolved",
        "code": "办结",
        "unit": UNIT.name,
        "note": "灯修好了",
        "retry_at": NOW,
    }


@pytest.mark.parametrize("name", ["hotline", "petition"])
@pytest.mark.parametrize("end", ENDS)
def test_whoever_sends_orders_hears_of_every_end_of_one(name, end):
    sender = read_partner(name, (SAMPLES / f"{name}.csv").read_bytes())
    assert owed(end, partner=sender, one=ONE.model_copy(update={"partner": name})) is not None


@pytest.mark.parametrize("end", [EventKind.ANSWERED, EventKind.EXPLAINED])
def test_an_end_without_a_row_of_its_own_is_what_the_partner_calls_closed(end):
    short = HOTLINE.model_copy(update={"acts": {EventKind.CLOSED: "办结"}})
    assert owed(end, partner=short).code == "办结"


@pytest.mark.parametrize("kind", [EventKind.FOLLOWED_UP, EventKind.UNREACHED])
@pytest.mark.parametrize(("closed_at", "code"), [(NOW, "结案"), (None, None)])
def test_the_platform_above_hears_that_a_call_closed_it_and_not_of_one_that_left_it(kind, closed_at, code):
    exchange = owed(kind, partner=UPWARD, ticket=a_ticket(closed_at=closed_at))
    assert (exchange.code if exchange else None) == code


@pytest.mark.parametrize(
    ("acts", "unheard"),
    [
        (("closed", "declined", "forwarded", "withdrawn"), ()),
        (("closed", "declined", "forwarded"), ("withdrawn",)),
        (("answered", "declined", "forwarded", "withdrawn"), ("explained", "closed")),
    ],
)
def test_an_end_that_a_partner_would_not_hear_of_is_known_before_its_file_holds(acts, unheard):
    short = HOTLINE.model_copy(update={"acts": dict.fromkeys(acts, "办结")})
    assert unheard_ends(short) == unheard
    assert unheard_ends(short.model_copy(update={"source": None})) == ()  # sends none, waits for none


def test_a_partner_without_an_interface_is_owed_it_by_hand_and_nothing_is_tried():
    exchange = owed(partner=HOTLINE)
    assert (exchange.state, exchange.retry_at) == (State.BY_HAND, None)


@pytest.mark.parametrize(
    ("kind", "details", "changes"),
    [
        (EventKind.UNIT_FEEDBACK, {}, {}),  # no code
        (EventKind.EXTENSION_DECIDED, {"approved": "no"}, {}),
        (EventKind.TAKEN, {}, {"practice": True}),
    ],
)
def test_what_has_no_code_was_refused_or_is_practice_is_owed_to_nobody(kind, details, changes):
    assert owed(kind, ticket=a_ticket(**changes), details=details) is None


def test_an_extension_that_was_granted_is_owed():
    assert owed(EventKind.EXTENSION_DECIDED, details={"approved": "yes"}).code == "延期"


def test_the_station_speaks_where_no_unit_has_it():
    station = next(unit for unit in TOWN.units if unit.code.startswith("ST-"))
    ticket = a_ticket(lead_unit_id=None, station_id=station.code)
    assert owed(ticket=ticket).unit == station.name
    assert owed(ticket=a_ticket(lead_unit_id=None, station_id="gone")).unit == ""


def test_the_deadline_that_is_told_is_the_one_that_runs():
    def clock(kind, **over):
        due = at("2026-11-25 12:00")
        return Clock(kind=kind, round=1, started_at=NOW, due_at=due, basis=Basis.WORK, **over)

    other, over = clock(ClockKind.TAKE), clock(ClockKind.RESOLUTION, met_at=NOW)
    assert owed(ticket=a_ticket(clocks=(other, over))).due_at is None
    assert owed(ticket=a_ticket(clocks=(other, clock(ClockKind.RESOLUTION)))).due_at == at("2026-11-25 12:00")


@pytest.mark.parametrize(
    ("kind", "note", "details", "code"),
    [
        (EventKind.FORWARDED, "属地不符，在邻镇", {}, "01"),
        (EventKind.DECLINED, "", {"reason": "权属不清"}, "02"),
        (EventKind.FORWARDED, "与别的部门职能交叉", {}, "03"),
        (EventKind.FORWARDED, "不归我们管", {}, "99"),
        (EventKind.RESOLVED, "属地不符", {}, ""),  # only of what is sent back
    ],
)
def test_the_reason_is_found_in_what_was_said_and_is_the_partners_code(kind, note, details, code):
    assert owed(kind, note=note, details=details).reason == code


def test_without_reasons_none_is_told():
    assert owed(EventKind.FORWARDED, partner=CONNECTED.model_copy(update={"reasons": {}})).reason == ""


def test_a_report_upward_goes_to_its_own_number_alone_and_says_what_the_ticket_is():
    one = ExternalId(partner="huizhili", number="MS1")
    ticket = a_ticket(category="D01", external_ids=(one,))
    mine = {"partner": "huizhili", "number": "MS1"}
    assert (
        owed(EventKind.REPORTED_UP, partner=UPWARD, one=one, ticket=ticket, details=mine | {"number": "MS2"})
        is None
    )
    report = owed(EventKind.REPORTED_UP, partner=UPWARD, one=one, ticket=ticket, details=mine).report
    assert report["text"] == "楼道灯不亮"
    assert report["place"] == "盛华景苑"
    assert report["category"] == "交通出行/机动车鸣笛"
    assert report["units"] == UNIT.name
    assert (
        owed(partner=UPWARD.model_copy(update={"acts": {"taken": "签收"}}), one=one, ticket=ticket).report
        == {}
    )


def test_a_report_upward_names_the_units_that_help_but_none_that_was_waived():
    one, other, waived = ExternalId(partner="huizhili", number="MS1"), TOWN.units[1], TOWN.units[2]
    parts = (Assisting(unit_id=other.code), Assisting(unit_id=waived.code, state=AssistingState.WAIVED))
    ticket = a_ticket(external_ids=(one,), assisting=parts)
    assert report_of(ticket, UPWARD, TOWN)["units"] == f"{UNIT.name}、{other.name}"


def test_of_a_confidential_ticket_nothing_that_was_said_goes_upward():
    one = ExternalId(partner="huizhili", number="MS1")
    secret = a_ticket(external_ids=(one,), confidential=True)
    assert owed(EventKind.RESOLVED, partner=UPWARD, one=one, ticket=secret, note="说了的").note == ""
    assert owed(EventKind.RESOLVED, ticket=a_ticket(confidential=True), note="说了的").note == "说了的"


def test_what_is_sent_is_in_our_time_under_an_id_that_stays():
    exchange = owed(note="修好了").model_copy(
        update={"due_at": at("2026-11-25 18:00"), "report": {"place": "盛华"}}
    )
    assert rules.payload(exchange) == {
        "id": f"{rules.home_of('hotline', 'SH1')}.2026-11-23T02:00:00.000Z-{KEY}",
        "place": "盛华",
        "number": "SH1",
        "ticket": "MS261120-7K3QX9-4",
        "act": "签收",
        "at": "2026-11-23T10:00:00+08:00",
        "unit": UNIT.name,
        "note": "修好了",
        "reason": "",
        "due_at": "2026-11-25T18:00:00+08:00",
    }


def test_a_row_of_the_answer_file_stands_in_the_partners_columns():
    at_ = "2026-11-23T10:00:00+08:00"
    assert rules.row(owed(note="修好了"), HOTLINE) == ["SH1", "签收", at_, UNIT.name, "修好了", "", ""]
    assert "处理结果：修好了" in rules.copy_text(owed(note="修好了"), HOTLINE).split("\n")


class TestOfSomebodyErased:
    """Which act went when stays; nobody's name, phone or words do."""

    person = Person(name="王小明", phone="13800001111")

    def without(self, *, said=("楼道的灯坏了三天了",), **changes):
        return rules.without(owed().model_copy(update=changes), self.person, said)

    def test_the_whole_of_what_was_said_goes_and_what_quotes_it(self):
        assert self.without(note=" 楼道的灯坏了三天了 ").note == TAKEN_OUT
        assert self.without(note="来电说楼道的灯坏了三天了，已派人").note == f"来电说{TAKEN_OUT}，已派人"

    def test_a_short_word_is_anybodys_and_stays_inside_a_sentence(self):
        assert self.without(said=("灯坏了吧啊",), note="说灯坏了吧啊，已派人").note == "说灯坏了吧啊，已派人"
        assert (
            self.without(said=("灯坏了吧啊哦",), note="说灯坏了吧啊哦，已派人").note
            == f"说{TAKEN_OUT}，已派人"
        )
        assert self.without(said=("灯坏了",), note="灯坏了").note == TAKEN_OUT

    def test_the_longest_of_what_was_said_goes_first(self):
        said = ("道的灯坏了三", "楼道的灯坏了三天了")  # the shorter comes later in every other order
        assert self.without(said=said, note="说楼道的灯坏了三天了").note == f"说{TAKEN_OUT}"

    def test_name_and_phone_go_from_the_note_and_from_a_report(self):
        cleaned = self.without(note="已联系王小明13800001111", report={"text": "王小明家", "place": "盛华"})
        assert "王小明" not in cleaned.note + cleaned.report["text"]
        assert "13800001111" not in cleaned.note
        assert cleaned.report["place"] == "盛华"

    def test_of_odd_cells_of_what_came_in_nothing_is_left_and_of_a_failed_try_its_reason(self):
        assert self.without(state=State.RECEIVED, detail="电话“138”").detail == TAKEN_OUT
        assert self.without(state=State.RECEIVED, detail="").detail == ""
        assert self.without(detail="没有应答").detail == "没有应答"
