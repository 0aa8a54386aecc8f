"""Who leads, who handles, which promise runs, and when a role is left in peace."""

from datetime import datetime

import pytest

from chalicelib.domain.errors import NotFound
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.duty import minute_of_day
from chalicelib.domain.town.subscribers import Subscriber
from chalicelib.domain.town.visit_plans import VisitPlan
from chalicelib.domain.town.vocabulary import (
    Channel,
    Mandate,
    PlaceKind,
    ResidentChannel,
    Role,
    RoleRule,
    Source,
    Staff,
    StaffChannel,
    Track,
)
from chalicelib.domain.town.walk_lists import Hazard, Shop, Trade, text_of
from tests.towns import SMALL, built, small_files

TOWN, POINTS = built(small_files())
HOUSE = ("T", "A", "N", "G", "B4", "P41")
STREET = ("T", "A", "S", "SG", "SP")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def code(person: Staff | None) -> str | None:
    return person.code if person else None


@pytest.mark.parametrize("path", [HOUSE, STREET, ("T", "A"), ("T",), ()])
def test_every_place_has_its_station_even_one_that_nobody_could_resolve(path):
    assert TOWN.station_for(path).code == "ST"


def test_a_kind_of_unit_is_resolved_by_place_and_a_subcategory_inherits_its_lead():
    lamp = TOWN.category("F1")
    assert (lamp.lead, lamp.lead_role) == ("property", Role.PROPERTY_MANAGER)
    assert TOWN.lead_unit(lamp, HOUSE) == TOWN.unit("PM")
    assert TOWN.lead_unit(lamp, STREET) is None
    assert TOWN.lead_unit(lamp.model_copy(update={"lead": "OF"}), STREET) == TOWN.unit("OF")
    assert TOWN.lead_unit(TOWN.category("Q"), ()) == TOWN.unit("ST")
    assert TOWN.lead_unit(lamp.model_copy(update={"lead": ""}), HOUSE) is None


@pytest.mark.parametrize(
    ("unit", "category", "path", "person"),
    [
        ("PM", "F1", HOUSE, "pm"),
        ("ST", "Q", HOUSE, "fc1"),
        ("ST", "F1", HOUSE, "gw1"),  # a station has no property manager: its own role
        ("ST", None, STREET, "gw2"),
        ("ST", None, ("T", "A"), "fc1"),  # no grid worker answers for a whole area
        ("OF", None, HOUSE, "ofhead"),
    ],
)
def test_a_ticket_is_given_to_the_role_that_its_category_or_its_unit_names(unit, category, path, person):
    found = TOWN.find_category(category or "")
    assert code(TOWN.handler_for(unit, found, path, at("2026-11-23 10:00"))) == person


def test_leaders_are_those_of_the_place_and_town_leaders_those_of_everything():
    assert [p.code for p in TOWN.leader(Role.AREA_LEADER, HOUSE)] == ["leader"]
    assert [p.code for p in TOWN.leader(Role.AREA_LEADER, ())] == ["leader"]
    assert TOWN.leader(Role.AREA_LEADER, ("X",)) == ()
    assert [p.code for p in TOWN.leader(Role.TOWN_LEADER, STREET)] == ["boss"]
    assert [p.code for p in TOWN.station_heads("ST")] == [p.code for p in TOWN.unit_heads("ST")] == ["head"]


@pytest.mark.parametrize(
    ("person", "house", "street"),
    [
        ("gw1", True, False),
        ("pm", True, False),
        ("fc1", True, True),
        ("boss", True, True),
        ("admin1", True, True),
    ],
)
def test_who_answers_for_a_place(person, house, street):
    staff = TOWN.staff_member(person)
    assert (TOWN.covers(staff, HOUSE), TOWN.covers(staff, STREET)) == (house, street)


@pytest.mark.parametrize("ask", [TOWN.unit, TOWN.staff_member, TOWN.category, TOWN.place])
def test_an_unknown_code_is_refused(ask):
    with pytest.raises(NotFound):
        ask("nowhere")


CLOCKS = """clock,channel,category,track,urgent,facility,amount,unit,reminders,ladder
take,,,,,,8,minutes,,
take,,,,yes,,1,minutes,,
take,,,,,yes,2,minutes,,
take,,F,,,,3,minutes,,
take,,F1,,,,4,minutes,,
take,petition,F1,,,,5,minutes,,
take,,F1,joint,no,yes,6,minutes,,
"""


@pytest.mark.parametrize(
    ("ticket", "minutes"),
    [
        ({}, 8),
        ({"urgent": True}, 1),
        ({"urgent": True, "facility": True}, 1),  # equally specific: the first row
        ({"facility": True}, 2),
        ({"category": "F"}, 3),
        ({"category": "F1"}, 4),  # the closer category, though the wider row comes first
        ({"category": "Q"}, 8),
        ({"category": "F1", "source": "petition"}, 5),
        ({"category": "F1", "track": "joint", "facility": True}, 6),
        ({"category": "unknown"}, 8),
    ],
)
def test_the_most_specific_row_of_the_clocks_rules_and_the_first_among_equals(ticket, minutes):
    text = CLOCKS + "".join(
        line + "\n" for line in SMALL["clocks"].splitlines()[1:] if not line.startswith("take")
    )
    town, _ = built(small_files(clocks=text))
    asked = {
        "source": "qr",
        "category": None,
        "track": Track.SIMPLE,
        "urgent": False,
        "facility": False,
    } | ticket
    rule = town.clock_rule("take", **asked)
    assert rule is not None
    assert rule.amount.count == minutes


def test_a_clock_without_a_matching_row_is_not_promised():
    assert (
        Town().clock_rule("take", source="qr", category=None, track="simple", urgent=False, facility=False)
        is None
    )


def test_what_was_answered_on_the_spot_has_its_own_follow_up_and_a_forgotten_source_is_owed_the_most():
    assert TOWN.follow_up_rule("qr").source == "qr"
    assert TOWN.follow_up_rule("qr", on_the_spot=True).source == "on_the_spot"
    assert (Town().follow_up_rule("qr").unit_feedback, Town().follow_up_rule("qr").station) == (
        "call_list",
        "call",
    )


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-23 21:59", None),
        ("2026-11-23 22:00", "2026-11-24 07:00"),
        ("2026-11-23 23:59", "2026-11-24 07:00"),
        ("2026-11-24 00:00", "2026-11-24 07:00"),
        ("2026-11-24 06:59", "2026-11-24 07:00"),
        ("2026-11-24 07:00", None),
    ],
)
def test_quiet_hours_end_in_the_morning(now, until):
    assert TOWN.quiet_until(Role.TOWN_LEADER, at(now)) == at(until or now)
    assert TOWN.is_quiet(Role.TOWN_LEADER, at(now)) is (until is not None)


def test_a_role_without_a_row_or_with_equal_times_is_never_quiet():
    assert not TOWN.is_quiet(Role.FIRST_CONTACT, at("2026-11-23 03:00"))
    town = TOWN.model_copy(
        update={"roles": (RoleRule(role=Role.FIRST_CONTACT, quiet_from="03:00", quiet_until="03:00"),)}
    )
    assert not town.is_quiet(Role.FIRST_CONTACT, at("2026-11-23 03:00"))


def test_quiet_hours_within_one_day():
    noon = Town(roles=(RoleRule(role=Role.HANDLER, quiet_from="12:00", quiet_until="13:30"),))
    assert noon.quiet_until(Role.HANDLER, at("2026-11-23 12:00")) == at("2026-11-23 13:30")
    assert not noon.is_quiet(Role.HANDLER, at("2026-11-23 13:30"))


@pytest.mark.parametrize("text", ["24:01", "25:00", "8", "08:60", "-1:00", "08:0", "八点", "008:00", ""])
def test_a_time_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match="HH:MM"):
        minute_of_day(text)


def test_places_know_their_path_their_full_name_and_whether_they_lie_inside_a_wall():
    stair, board = POINTS[0], POINTS[2]
    assert (stair.path, stair.full_name, stair.inside_wall) == (HOUSE, "盛华景苑 4号楼 1单元楼道", True)
    assert (board.path, board.full_name, board.inside_wall) == (STREET, "望月路 东口公示栏", False)
    assert TOWN.place("G").full_name == "盛华景苑 第一网格"
    assert TOWN.find_place("P41") is None
    assert TOWN.staff_member("gw2").channel is StaffChannel.DESK_CALLS


def test_a_copy_with_other_rows_answers_from_them_and_not_from_what_was_asked_of_the_first():
    first = Town(places=TOWN.places, categories=TOWN.categories)
    assert first.find_place("B4") is not None
    assert first.find_category("F1") is not None
    other = first.model_copy(update={"places": TOWN.places[:1], "categories": ()})
    assert other.find_place("B4") is None
    assert other.find_category("F1") is None
    assert first.find_place("B4") is not None


ROWS = Town(
    subscribers=(Subscriber(name="city", title="城运中心"),),
    hazards=(Hazard(code="ash", name="烧过的锡箔灰", category="F1"),),
    shops=(Shop(code="s1", name="益丰大药房", place="SG", trade=Trade.OPEN),),
    visit_plans=(
        VisitPlan(
            code="four", name="四百大走访", source=Source.VISIT, role=Role.GRID_WORKER, places=("T",), each=PlaceKind.BUILDING
        ),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("find", "code", "row"),
    [
        (ROWS.find_subscriber, "city", ROWS.subscribers[0]),
        (ROWS.find_hazard, "ash", ROWS.hazards[0]),
        (ROWS.find_shop, "s1", ROWS.shops[0]),
    ],
)
def test_a_row_is_found_by_its_code_and_no_other_in_its_place(find, code, row):
    assert find(code) is row
    assert find("another") is None


def test_a_plan_of_visits_is_known_by_its_code_or_refused():
    assert ROWS.visit_plan("four").name == "四百大走访"
    with pytest.raises(NotFound, match="没有这个走访计划"):
        ROWS.visit_plan("five")


def test_what_a_finder_writes_begins_with_the_shop_and_the_checklist_s_name():
    ash = ROWS.find_hazard("ash")
    assert text_of(ash, "三楼", "益丰大药房") == "益丰大药房：烧过的锡箔灰：三楼"
    assert (text_of(ash, ""), text_of(None, "三楼")) == ("烧过的锡箔灰", "三楼")


def test_a_confidential_contact_is_one_who_answers_for_the_place():
    def contact(code, *places, role=Role.CONFIDENTIAL_CONTACT):
        return Staff(code=code, name=code, unit="ST", roles=(role,), places=places)

    people = (contact("b", "S"), contact("a", "N"), contact("c", "N", role=Role.GRID_WORKER))
    town = TOWN.model_copy(update={"staff": people})
    assert [person.code for person in town.confidential_contacts(HOUSE)] == ["a"]
    assert [person.code for person in town.confidential_contacts(STREET)] == ["b"]


@pytest.mark.parametrize(
    ("never", "forbidden"), [(("property",), True), (("PM",), True), (("station", "OF"), False), ((), False)]
)
def test_a_mandate_forbids_a_unit_by_its_code_or_its_kind(never, forbidden):
    assert Mandate(category="F1", never=never, ground="法").forbids(TOWN.unit("PM")) is forbidden


@pytest.mark.parametrize(
    ("told_by", "source", "way"),
    [
        (ResidentChannel.IN_APP, Source.MINI_PROGRAM, Channel.WECHAT),
        (ResidentChannel.IN_APP, Source.QR, None),  # a browser is told nowhere but on the page
        (ResidentChannel.IN_WECHAT, Source.QR, Channel.WECHAT),
        (ResidentChannel.CALL, Source.MINI_PROGRAM, Channel.CALL),
        (ResidentChannel.NONE, Source.MINI_PROGRAM, None),
    ],
)
def test_a_resident_is_told_outside_the_page_by_wechat_or_a_call_or_not_at_all(told_by, source, way):
    assert told_by.outward(source) is way


@pytest.mark.parametrize(
    ("told_by", "way"),
    [(StaffChannel.DESK_CALLS, Channel.CALL), (StaffChannel.WECOM, Channel.WECOM), (StaffChannel.WECHAT, Channel.WECHAT)],
)  # fmt: skip
def test_staff_without_a_smartphone_are_called(told_by, way):
    assert told_by.outward is way
