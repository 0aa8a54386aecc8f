"""Who hands out codes, who answers for whom, who hears a voice, who calls, and who reads what others looked at."""

from datetime import timedelta

import pytest

from chalicelib.domain.errors import NotFound, NotYours
from chalicelib.domain.tickets.queues import Queue
from chalicelib.domain.tickets.recording import Recording
from chalicelib.domain.tickets.ticket import Stage
from chalicelib.domain.town.vocabulary import Role, Staff, Unit, UnitKind
from chalicelib.domain.views import access
from tests.domain.life import NOW, PEOPLE, TOWN, UNITS, dispatched, life_town, person, received, taken

CONTACT = Staff(
    code="secret", name="保密受理", unit="OFF", roles=(Role.CONFIDENTIAL_CONTACT,), places=("GG",)
)
SECOND = Staff(code="area-b", name="副书记", unit="ST", roles=(Role.AREA_LEADER,), places=("GG",))
WIDER = life_town(staff=(*PEOPLE, CONTACT, SECOND))


def codes(people):
    return {each.code for each in people}


@pytest.mark.parametrize(
    ("by", "may"),
    [
        # The own station below its head, 物业 and 志愿者 of its area
        ("desk-a", {"desk-a", "desk-b", "grid", "pm", "pm-head", "volunteer"}),
        ("st-head", {"desk-a", "desk-b", "st-head", "grid", "pm", "pm-head", "volunteer"}),
        ("desk-2", {"desk-2"}),  # another area's
        *(
            (code, set())
            for code in ("handler-a", "off-head", "pm-head", "area", "town", "admin", "volunteer")
        ),
    ],
)
def test_nobody_hands_out_more_than_he_or_she_may_do(by, may):
    assert {each.code for each in PEOPLE if access.may_sign_in(each, person(by), TOWN)} == may


def test_an_office_that_lies_in_the_area_is_not_below_its_station():
    office = Unit(code="YARD", name="园林所", kind=UnitKind.TOWN_OFFICE, area="SH")
    gardener = Staff(code="gardener", name="园林甲", unit="YARD", roles=(Role.HANDLER,), places=())
    town = life_town(units=(*UNITS, office), staff=(*PEOPLE, gardener))
    assert not access.may_sign_in(gardener, person("desk-a"), town)


def test_for_a_code_the_heads_of_both_units_answer_without_the_two_themselves():
    assert codes(access.heads_of(person("pm"), person("desk-a"), TOWN)) == {"pm-head", "st-head"}
    assert codes(access.heads_of(person("pm"), person("st-head"), TOWN)) == {"pm-head"}
    assert codes(access.heads_of(person("pm-head"), person("desk-a"), TOWN)) == {"st-head"}


@pytest.mark.parametrize(
    ("code", "who"),
    [
        ("desk-a", {"st-head"}),
        ("st-head", {"area", "area-b"}),  # of a head the leaders of the area
        ("area", {"st-head"}),
        ("volunteer", {"area", "area-b"}),  # a unit without a head
        ("off-head", {"town"}),  # a unit of the whole town lies in no area
    ],
)
def test_above_everybody_somebody_else_answers(code, who):
    assert codes(access.who_answers_for(person(code), WIDER)) == who


def test_above_the_leader_of_an_area_is_the_town_and_nobody_is_above_oneself():
    assert codes(access.leaders_above(person("area"), WIDER)) == {"town"}
    assert codes(access.leaders_above(person("st-head"), WIDER)) == {"area", "area-b"}
    assert codes(access.leaders_above(person("town"), WIDER)) == set()


@pytest.mark.parametrize(
    ("unit", "readers"),
    [
        ("ST", {"st-head", "area", "town", "admin"}),
        ("PM", {"pm-head", "area", "town", "admin"}),
        ("OFF", {"off-head", "town", "admin"}),
    ],
)
def test_what_people_looked_at_is_read_by_their_head_the_leaders_above_and_the_administrator(unit, readers):
    assert {each.code for each in PEOPLE if access.may_read_looks(TOWN.unit(unit), each, TOWN)} == readers


def test_a_voice_is_heard_by_the_own_desk_and_leaders_and_by_no_unit_that_handles_it():
    spoken = taken().model_copy(update={"recording": Recording(id="R", seconds=9)})
    hear = {each.code for each in PEOPLE if access.may_listen(spoken, each, TOWN)}
    assert hear == {"desk-a", "desk-b", "st-head", "area", "town"}
    assert not any(access.may_listen(taken(), each, TOWN) for each in PEOPLE)
    about_the_desk = spoken.model_copy(update={"concerns": ("ST",)})
    assert {each.code for each in PEOPLE if access.may_listen(about_the_desk, each, TOWN)} == {"area", "town"}


def test_whoever_may_not_see_it_is_not_asked_and_learns_of_nothing():
    with pytest.raises(NotFound):
        access.need_asked(received(), person("pm"), TOWN)
    with pytest.raises(NotYours, match="由工作站和被叫到的人来确认"):
        access.need_asked(taken(), person("handler-a"), TOWN)
    for code in ("desk-a", "area", "town"):
        access.need_asked(taken(), person(code), TOWN)
    climbed = taken().model_copy(update={"escalated_to": ("handler-a",)})
    access.need_asked(climbed, person("handler-a"), TOWN)


def test_calls_are_made_by_the_desk_and_where_it_is_complained_about_by_the_leader_above():
    def callers(ticket):
        return {each.code for each in WIDER.staff if access.makes_calls_of(ticket, each, WIDER)}

    assert callers(taken()) == {"desk-a", "desk-b", "st-head"}
    about_it = taken().model_copy(update={"concerns": ("ST",), "confidential": True})
    assert callers(about_it) == {"area", "area-b", "town"}
    with_the_contact = about_it.model_copy(update={"escalated_to": ("secret",)})
    assert "secret" in callers(with_the_contact)
    ended = about_it.model_copy(update={"stage": Stage.CLOSED, "closed_at": NOW + timedelta(days=1)})
    assert "secret" in callers(ended)  # it climbs to nobody any more


@pytest.mark.parametrize(
    ("code", "station"), [("desk-a", "ST"), ("desk-2", "ST2"), ("area", "ST"), ("area-2", "ST2")]
)
def test_whoever_stands_in_for_a_station_makes_that_stations_calls(code, station):
    assert access.station_of_calls(person(code), TOWN) == station


def test_a_ticket_is_on_the_list_of_who_works_on_it_now():
    def lists(ticket):
        return {each.code for each in PEOPLE if access.is_on_list(ticket, each)}

    desk = {"desk-a", "desk-b", "st-head"}
    assert lists(received()) == desk
    with_property = dispatched(unit="PM", handler="pm")
    assert lists(with_property) == desk | {"pm", "pm-head"}
    found = received().model_copy(update={"found_by": "grid", "escalated_to": ("town",)})
    assert lists(found) == desk | {"grid", "town"}


def test_of_a_sealed_reporter_a_unit_reads_the_dispatchers_words_and_sees_no_photo():
    sealed = taken().model_copy(update={"sealed": True, "summary": "", "photos": ("P",)})
    read = access.as_read_by(sealed, person("handler-a"))
    assert (read.text, read.photos) == (access.SEALED, ())
    told = sealed.model_copy(update={"summary": "楼道灯坏"})
    assert access.as_read_by(told, person("handler-a")).text == "楼道灯坏"
    for code in ("desk-a", "area", "town"):
        assert access.as_read_by(sealed, person(code)) == sealed
    climbed = sealed.model_copy(update={"escalated_to": ("pm", "handler-a")})
    assert access.as_read_by(climbed, person("pm")) == climbed  # of another unit than has it
    assert access.as_read_by(climbed, person("handler-a")).text == access.SEALED


def test_of_a_confidential_ticket_the_check_is_listed_to_the_desk_alone():
    entry = {"who": Queue.VERIFY.of("ST"), "confidential": True}
    assert {each.code for each in PEOPLE if each.unit == "ST" and access.may_list(entry, each)} == {
        "desk-a",
        "desk-b",
        "st-head",
    }
