"""From what is sent to a ticket: in one transaction, once, with who reported it kept apart (rules 6, 41, 47, 49)."""

import hmac
from itertools import count

import pytest

from chalicelib.actions.tickets import reporting
from chalicelib.actions.tickets.reporting import Sent
from chalicelib.domain.errors import Invalid, NotFound, Refusal, TooMany
from chalicelib.domain.town.danger_signs import DangerKind
from chalicelib.domain.town.vocabulary import Source
from chalicelib.gateways import reveal
from chalicelib.store.identity import sessions
from chalicelib.store.identity.identities import Contact
from chalicelib.store.identity.sessions import Kind, Session
from chalicelib.store.requests.idempotency import replay
from chalicelib.store.table import Table
from chalicelib.store.tickets import members
from chalicelib.store.town import directory, points
from tests.service import MONDAY, one_service

PHONE = "13812345678"
_KEYS = count()


service = one_service


def resident(subject="r1", channel="browser"):
    return Session(kind=Kind.RESIDENT, subject=subject, channel=channel, expires_at=MONDAY)


def a_key(who="r1"):
    return replay(who, f"reporting-{next(_KEYS)}", b"content", MONDAY)


def report(by=None, once=None, **sent):
    given = (
        {"text": "四号楼楼道灯不亮"}
        | ({} if {"point", "place", "place_text"} & set(sent) else {"place": "SHJY-4-1"})
        | sent
    )
    who = by or resident(f"person-{next(_KEYS)}")
    return reporting.report(Sent(**given), by=who, replay=once or a_key(), address="", now=MONDAY)


def test_an_urgent_tap_is_never_refused_and_beyond_the_limit_joins_what_rings_there(service):
    who = resident("many")
    for _ in range(10):
        report(by=who)
    with pytest.raises(TooMany):
        report(by=who)
    first = report(by=who, danger=DangerKind.FIRE)  # nothing rings there yet: a ticket of its own
    assert first.urgent
    assert report(by=who, danger=DangerKind.FIRE).id == first.id
    other = report(by=resident("other"), text="楼道着火了", danger=DangerKind.FIRE)
    assert other.id != first.id  # within the limits each is a report of its own


def enter(source=Source.PHONE, by="gglw-fc1", **sent):
    given = {"text": "来电反映垃圾没清", "place": "SHJY-4-1"} | sent
    staff = directory.town().staff_member(by)
    token = sessions.start(Kind.STAFF, by, channel="console", now=MONDAY)
    return reporting.enter(Sent(**given), source=source, by=staff, token=token, replay=a_key(by), now=MONDAY)


def kept(service, ticket):
    return [item for item in service.items(Table.IDENTITIES) if ticket.id in str(item)]


def test_the_text_as_written_is_kept_apart_and_the_ticket_has_none_of_it(service):
    text = f"灯坏了，打{PHONE}找王先生，车沪A12345"
    ticket = report(text=text, contact=Contact(name="王先生", phone=PHONE))
    assert PHONE not in ticket.model_dump_json()
    assert "沪A12345" not in ticket.model_dump_json()
    contact = next(item for item in kept(service, ticket) if item["SK"].startswith("CONTACT#"))
    assert (contact["name"], contact["phone"], contact["text"]) == ("王先生", PHONE, text)
    elsewhere = [item for which in (Table.TICKETS, Table.WORK) for item in service.items(which)]
    assert PHONE not in str(elsewhere)


def test_a_phone_is_found_again_by_its_keyed_hash_only(service):
    ticket = report(contact=Contact(phone=PHONE))
    assert not [item for item in kept(service, ticket) if item["PK"].startswith("PHONE#")]  # no key is here
    service.settle()
    way = next(item for item in kept(service, ticket) if item["PK"].startswith("PHONE#"))
    assert PHONE not in str(way)


def test_who_is_entered_by_phone_is_the_same_person_each_time_and_the_id_says_nothing_of_it(service):
    first, again = (enter(contact=Contact(phone=phone)) for phone in ("021-5555 0101", "02155550101"))
    other = enter(contact=Contact(phone="021-55550102"))
    assert first.reporter_id == again.reporter_id != other.reporter_id
    keys = (b"i" * 40, b"s" * 40)  # every key of ours, whichever function holds it
    subjects = ("02155550101", "phone:02155550101", "person:phone:02155550101")
    made = {hmac.new(key, each.encode(), "sha256").hexdigest()[:32] for key in keys for each in subjects}
    assert first.reporter_id not in made


def test_a_report_at_the_desk_waits_for_nobody(service):
    service.reveal_lambda.fails = True
    try:
        ticket = enter(contact=Contact(name="王阿姨", phone="021-55550103"))
    finally:
        service.reveal_lambda.fails = False
    assert ticket.reporter_id
    assert enter(contact=Contact(phone="021-55550103")).reporter_id != ticket.reporter_id


def test_whose_a_phone_is_is_answered_to_staff_alone(service):
    for what, code, asked in [
        ("people_by_phone", "not_signed_in", {"phones": [PHONE]}),
        ("person_of_order", "not_found", {"partner": "nobody", "phone": PHONE}),
        ("person_of_client", "not_allowed", {"key": "forged", "phone": PHONE, "known_as": ""}),
    ]:
        for token in ("", "forged", service.resident()):
            with pytest.raises(Refusal) as refused:
                reveal.ask(what, token, **asked)
            assert refused.value.code == code


def test_without_a_contact_only_the_text_is_kept(service):
    assert [item["SK"].partition("#")[0] for item in kept(service, report())] == ["CONTACT"]


@pytest.mark.parametrize(
    ("sent", "channel", "source"),
    [({}, "browser", "browser"), ({}, "mini_program", "mini_program"), ({"point": True}, "browser", "qr")],
)
def test_how_a_report_came_stays_on_it(service, sent, channel, source):
    given = {"point": points.active_codes(["SHJY-4-1"])["SHJY-4-1"]} if sent else {}
    ticket = report(by=resident(f"by {channel} {bool(sent)}", channel), **given)
    assert (ticket.source, ticket.where.place) == (source, "SHJY-4-1")


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [
        ({"place": ""}, Invalid),  # nowhere
        ({"place": "NOWHERE"}, NotFound),
        ({"category": "NOPE"}, Invalid),
    ],
)
def test_a_report_from_nowhere_or_of_no_known_kind_is_refused(service, sent, refusal):
    with pytest.raises(refusal):
        report(**sent)


def test_a_code_typed_wrong_is_told_from_one_that_does_not_exist(service):
    code = points.active_codes(["SHJY-4-1"])["SHJY-4-1"]
    wrong = code[:-1] + next(c for c in "23456789" if c != code[-1])
    with pytest.raises(Invalid):
        report(point=wrong)


def test_a_place_only_typed_is_scrubbed_and_belongs_to_the_whole_town(service):
    ticket = report(place_text=f"门口，找{PHONE}")
    assert PHONE not in ticket.where.name
    assert (ticket.where.place, ticket.where.path) == (None, ("HJ",))


def test_the_same_report_sent_again_is_the_same_ticket(service):
    once, who = a_key(), resident("twice")
    first, again = report(by=who, once=once), report(by=who, once=once)
    assert first.id == again.id
    assert sum(item["PK"] == f"TICKET#{first.id}" for item in service.items(Table.TICKETS)) == len(
        [item for item in service.items(Table.TICKETS) if item["PK"] == f"TICKET#{again.id}"]
    )


def test_a_number_that_is_taken_is_drawn_again(service, monkeypatch):
    taken = report().number
    drawn = iter([taken, taken, "MS261123-AAAAAA-A"])
    monkeypatch.setattr(reporting.codes, "new_ticket_number", lambda day, random: next(drawn))
    assert report().number == "MS261123-AAAAAA-A"


def test_the_eleventh_report_of_an_hour_is_told_when_and_whom_to_call(service):
    who = resident("busy")
    for _ in range(10):
        report(by=who)
    with pytest.raises(TooMany) as refused:
        report(by=who)
    assert refused.value.details["phone"] == "021-00000001"
    assert refused.value.details["retry_after_seconds"] == 3600


def test_one_caller_is_one_person_however_the_phone_is_written(service):
    written = [PHONE, "138 1234 5678", "+86 138-1234-5678"]
    assert len({enter(contact=Contact(phone=phone)).reporter_id for phone in written}) == 1
    assert (
        enter(contact=Contact(phone="13987654321")).reporter_id
        != enter(contact=Contact(phone=PHONE)).reporter_id
    )
    assert enter().reporter_id != enter().reporter_id  # nobody knows who they were


@pytest.mark.parametrize(
    ("source", "contact", "reachable"),
    [(Source.PHONE, Contact(phone=PHONE), "call"), (Source.WALK_IN, Contact(phone=" - "), "none"), (Source.WALK_IN, None, "none"),
     (Source.PATROL, Contact(phone=PHONE), "none")],
)  # fmt: skip
def test_how_someone_can_be_reached(service, source, contact, reachable):
    assert enter(source, contact=contact).reachable == reachable


def test_what_staff_found_is_nobodys_report(service):
    ticket = enter(Source.PATROL, by="gglw-gw2")
    assert (ticket.reporter_id, ticket.found_by) == (None, "gglw-gw2")
    assert members.list_members(ticket.id) == []
    assert kept(service, ticket) == []


def test_a_partners_number_makes_one_ticket(service):
    external = {"partner": "12345", "number": "SH-1"}
    ticket = enter(external=external)
    with pytest.raises(Invalid) as refused:
        enter(external=external)
    assert refused.value.details["ticket_id"] == ticket.id
