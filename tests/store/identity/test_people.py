"""A person's id is random; a phone or an openid only leads to it, by hashes whose key one function has (decision 0092)."""

import pytest

from chalicelib.store import keys
from chalicelib.store.identity import identities
from chalicelib.store.identity.identities import Contact
from chalicelib.store.table import Table, query_all, transact
from tests.domain.clock_town import at

KEY, NOW = b"k" * 40, at("2026-11-23 10:00")
WANG, LI = "13800001111", "13900002222"


def known(subject):
    return identities.person_known_by(KEY, subject, NOW)


def left(phone, ticket_id="T1", who="r1"):
    transact(identities.contact_ops(ticket_id, [(who, Contact(name="居民", phone=phone))], NOW))


def found(phone):
    return identities.list_ticket_ids_by_phone(identities.phone_hash(KEY, phone))


def of_ticket(ticket_id="T1"):
    return [item["SK"] for item in query_all(Table.IDENTITIES, keys.contacts_pk(ticket_id))]


def test_one_phone_is_one_person_and_another_is_another(town_table):
    assert known("phone:1") == known("phone:1") != known("phone:2")


def test_of_two_who_ask_for_the_first_time_at_once_both_get_the_same(town_table, monkeypatch):
    real, asked = identities.find_person_known_by, []

    def late(secret, subject):
        asked.append(real(secret, subject))
        if len(asked) == 1:
            assert known("phone:1")  # the other one, in between
            return None
        return real(secret, subject)

    monkeypatch.setattr(identities, "find_person_known_by", late)
    first = known("phone:1")
    monkeypatch.undo()
    assert first == known("phone:1")


def test_who_is_forgotten_is_somebody_new_the_next_time(town_table):
    before = known("wechat:o-li")
    identities.put_openid(before, "o-li", before, NOW)
    identities.forget_person(before)
    assert identities.find_on_wechat(before) == ("", "")
    assert identities.find_person_known_by(KEY, "wechat:o-li") is None
    assert not list(query_all(Table.IDENTITIES, keys.person_pk(before)))
    assert known("wechat:o-li") != before


def test_a_phone_leads_to_its_ticket_once_its_way_is_made(town_table):
    left(WANG)
    left(LI, "T2")
    assert found(WANG) == []
    assert identities.make_ways(KEY, NOW) == 2
    assert (found(WANG), found(LI)) == (["T1"], ["T2"])
    assert identities.make_ways(KEY, NOW) == 0


def test_both_people_of_a_ticket_are_found_by_one_note(town_table):
    people = [("r1", Contact(phone=WANG)), ("r2", Contact(phone=LI))]
    transact(identities.contact_ops("T1", people, NOW))
    assert identities.make_ways(KEY, NOW) == 1
    assert found(WANG) == found(LI) == ["T1"]


def test_a_phone_that_a_partner_put_right_finds_the_ticket_by_both_and_both_are_forgotten(town_table):
    left(WANG)
    identities.make_ways(KEY, NOW)
    identities.replace_contact("T1", "r1", Contact(phone=LI), NOW)
    identities.make_ways(KEY, NOW)
    assert found(WANG) == found(LI) == ["T1"]
    identities.forget_ticket("T1")
    assert found(WANG) == found(LI) == of_ticket() == []


def test_a_wrong_phone_finds_the_ticket_no_more_also_before_its_way_was_made(town_table):
    left(WANG)
    identities.correct_contact("T1", "r1", Contact(phone=WANG), Contact(phone=LI), KEY, NOW)
    assert identities.make_ways(KEY, NOW) == 0
    assert (found(WANG), found(LI)) == ([], ["T1"])
    assert f"{keys.WAYS}{identities.phone_hash(KEY, WANG)}" not in of_ticket()


@pytest.mark.parametrize("meanwhile", ["replaced", "forgotten"])
def test_what_happens_while_a_way_is_made_wins(town_table, monkeypatch, meanwhile):
    left(WANG)
    real = identities.transact

    def slow(operations):
        monkeypatch.setattr(identities, "transact", real)
        if meanwhile == "replaced":
            identities.replace_contact("T1", "r1", Contact(phone=LI), NOW)
        else:
            identities.forget_ticket("T1")
        real(operations)

    monkeypatch.setattr(identities, "transact", slow)
    identities.make_ways(KEY, NOW)
    identities.make_ways(KEY, NOW)
    if meanwhile == "replaced":
        assert found(LI) == ["T1"]
    else:
        assert found(WANG) == of_ticket() == []
