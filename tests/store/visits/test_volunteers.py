"""A volunteer is one document, found from the resident and never the other way; name and phone lie in identities."""

from datetime import timedelta

import pytest

from chalicelib.domain.errors import NotFound, TryAgain
from chalicelib.domain.town.vocabulary import Role, Staff, Unit, UnitKind
from chalicelib.domain.visits import volunteers as rules
from chalicelib.domain.visits.volunteers import State
from chalicelib.store.identity.identities import Contact
from chalicelib.store.table import Table, get
from chalicelib.store.visits import volunteers
from tests.domain.clock_town import at

NOW = at("2026-11-23 10:00")
STATION = Unit(code="ST", name="工作站", kind=UnitKind.STATION, area="A")
DESK = Staff(code="fc", name="首问接待", unit="ST", roles=(Role.FIRST_CONTACT,), places=())
WHO = Contact(name="王阿姨", phone="13900001111")


def signed_up(resident="r1", new_id="01JD0000000000000000000001"):
    known = volunteers.find_of(resident)
    asked = rules.sign_up(known, new_id, station=STATION, place="N", now=NOW)
    volunteers.sign_up(asked, resident, WHO)
    return asked


def test_a_resident_is_found_as_a_volunteer_and_nobody_else_is(town_table):
    asked = signed_up()
    assert volunteers.find_of("r1") == asked
    assert volunteers.find_of("r2") is None
    assert volunteers.find_contact(asked.id) == WHO
    with pytest.raises(NotFound):
        volunteers.get_volunteer("volunteer.none")


def test_two_sign_ups_of_one_resident_are_one(town_table):
    first = rules.sign_up(None, "01JD0000000000000000000001", station=STATION, place="N", now=NOW)
    other = rules.sign_up(None, "01JD0000000000000000000002", station=STATION, place="N", now=NOW)
    volunteers.sign_up(first, "r1", WHO)
    with pytest.raises(TryAgain):
        volunteers.sign_up(other, "r1", WHO)
    assert volunteers.find_of("r1") == first
    assert volunteers.find(other.id) is None


def test_a_station_lists_its_own_by_state(town_table):
    asked = signed_up()
    signed_up("r2", "01JD0000000000000000000002")
    volunteers.change(asked.id, lambda each: rules.approve(each, by=DESK, now=NOW))
    assert [each.id for each in volunteers.list_volunteers("ST", State.APPROVED)[0]] == [asked.id]
    assert len(volunteers.list_volunteers("ST", State.APPLIED)[0]) == 1
    assert volunteers.list_volunteers("ST2", State.APPLIED) == ([], None)


def test_the_second_of_two_who_decide_decides_on_what_stands(town_table):
    asked = signed_up()
    seen = []

    def decide(each):
        seen.append(each.state)
        if len(seen) == 1:  # a colleague is faster
            volunteers.change(asked.id, lambda other: rules.approve(other, by=DESK, now=NOW))
            return rules.refuse(each, by=DESK, reason="不合适", now=NOW)
        return rules.end(each, by=DESK, reason="不合适", now=NOW)

    assert volunteers.change(asked.id, decide).state is State.LEFT
    assert seen == [State.APPLIED, State.APPROVED]


def test_name_and_phone_go_by_themselves_a_year_after_the_consent(town_table):
    item = get(Table.IDENTITIES, f"VOLUNTEER#{signed_up().id}", "CONTACT")
    assert item["expires"] == int((NOW + timedelta(days=365)).timestamp())


def test_erased_is_empty_and_forgotten_is_gone(town_table):
    asked = signed_up()
    volunteers.erase_contact(asked.id)
    assert volunteers.find_contact(asked.id) == Contact()
    volunteers.forget("r1")
    volunteers.forget("r1")
    assert (volunteers.find_of("r1"), volunteers.find(asked.id)) == (None, None)
