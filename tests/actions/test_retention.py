"""留存 (rules 45, 56, 57): what is known of people and cases goes in its time, whole, once, and nothing else with it."""

from datetime import timedelta

import pytest

from chalicelib.actions import nightly, retention
from chalicelib.domain.tickets.ticket import ExternalId
from chalicelib.store import photos, table
from chalicelib.store.identity import audit, consents, identities, sessions
from chalicelib.store.table import Table
from chalicelib.store.tickets import alarms, lists, members, removal
from tests.keeping import DESK, QUESTION, a_photo, ended, pictures_kept, reported, subject_of

YEAR, FIVE_YEARS, SECOND = timedelta(days=365), timedelta(days=1826), timedelta(seconds=1)


def traces_of(service, text):
    """Where in the four tables a text stands, audit, sessions and passing items apart."""
    passing = ("AUDIT#", "SESSION#", "IDEMPOTENCY#", "LIMIT#")
    return sorted(
        f"{item['PK']} {item['SK']}"
        for which in Table
        for item in service.items(which)
        if text in repr(item) and not item["PK"].startswith(passing)
    )


# --- a resident asks to be forgotten -------------------------------------------------------------------------------


def test_who_asks_to_be_forgotten_is_found_nowhere_afterwards(service):
    token, person = service.resident(), subject_of(service, "resident")
    identities.put_openid(person, "openid-1", person, service.now)
    consents.accept(person, "template-1", event="e1", at=service.now)
    photo_id = a_photo(service, token)
    ticket_id = ended(service, photos=[photo_id], contact={"name": "居民甲", "phone": "13812345678"})
    assert traces_of(service, person)
    assert service.post("/api/me/forget", {}, token).status == 200
    for text in (person, "openid-1", "13812345678", "居民甲"):
        assert traces_of(service, text) == []
    assert service.get("/api/me", token).code == "not_signed_in"
    ticket = service.ticket(ticket_id)
    assert (ticket.reporter_id, ticket.reachable, ticket.identity_removed) == (None, "none", True)


def test_the_case_of_who_was_forgotten_stays_with_its_photo(service):
    photo_id = a_photo(service, service.resident())
    ticket_id = ended(service, photos=[photo_id])
    service.post("/api/me/forget", {}, service.resident())
    view = service.get(f"/staff/tickets/{ticket_id}", service.staff(DESK)).body
    assert (view["text"], view["photos"], view["has_reporter"]) == (QUESTION, [photo_id], False)
    assert view["history"][-1]["what"] == "已按规定删除上报人的身份信息"
    assert photo_id in pictures_kept()


def test_a_neighbour_who_joined_stays_when_the_reporter_is_forgotten(service):
    ticket_id = reported(service)
    neighbour = service.resident("neighbour")
    assert service.post(f"/api/tickets/{ticket_id}/join", {}, neighbour).status == 200
    service.desk_act(ticket_id, "answer", DESK, text="带身份证办理")
    service.post("/api/me/forget", {}, service.resident())
    assert [item["id"] for item in service.get("/api/tickets", neighbour).body["items"]] == [ticket_id]
    assert not service.ticket(ticket_id).identity_removed  # the neighbour's part is still to go in its time
    assert list(alarms.list_kept_long_enough(service.now + YEAR)) == [ticket_id]


def test_a_neighbour_who_is_forgotten_leaves_an_open_ticket_to_its_reporter(service):
    ticket_id = reported(service)
    neighbour = service.resident("neighbour")
    service.post(f"/api/tickets/{ticket_id}/join", {}, neighbour)
    assert service.post("/api/me/forget", {}, neighbour).body == {"forgotten": 0}
    assert [member.is_reporter for member in members.list_members(ticket_id)] == [True]
    assert service.ticket(ticket_id).reporter_id == subject_of(service, "resident")


def test_nobody_is_forgotten_while_a_ticket_of_theirs_is_open(service):
    ticket_id = reported(service)
    assert service.post("/api/me/forget", {}, service.resident()).code == "invalid"
    assert members.list_members(ticket_id)


@pytest.mark.parametrize("dies", ["members.forget_member", "tickets.change"])
def test_a_forgetting_that_dies_is_finished_when_asked_again(service, monkeypatch, dies):
    token, person = service.resident(), subject_of(service, "resident")
    ended(service)
    with monkeypatch.context() as killed:
        killed.setattr(f"chalicelib.actions.retention.{dies}", lambda *_, **__: 1 / 0)
        assert service.post("/api/me/forget", {}, token).status == 500
    assert service.post("/api/me/forget", {}, token).status == 200
    assert traces_of(service, person) == []


# --- identities by night -------------------------------------------------------------------------------------------


def test_the_night_forgets_whom_no_ticket_and_no_session_knows_any_more(service):
    person = subject_of(service, "resident")
    identities.put_openid(person, "openid-1", person, service.now)
    ended(service)
    nightly.run(now=service.now + YEAR)  # the session ended after 180 days
    assert traces_of(service, person) == traces_of(service, "openid-1") == []


def test_the_night_keeps_a_person_whom_another_ticket_still_needs(service):
    person = subject_of(service, "resident")
    identities.put_openid(person, "openid-1", person, service.now)
    first = ended(service)
    later = service.report("还想问问医保卡怎么补办", token=service.resident()).body["id"]
    nightly.run(now=service.now + YEAR)
    assert members.list_members(first) == []
    assert [member.reporter_id for member in members.list_members(later)] == [person]
    assert identities.find_on_wechat(person).openid == "openid-1"


def test_the_night_keeps_a_person_who_is_signed_in(service):
    person = subject_of(service, "resident")
    identities.put_openid(person, "openid-1", person, service.now)
    ended(service)
    service.later(days=365)
    sessions.start(sessions.Kind.RESIDENT, person, channel="mini_program", now=service.now)
    nightly.run(now=service.now)
    assert identities.find_on_wechat(person).openid == "openid-1"


# --- the case itself -----------------------------------------------------------------------------------------------


def kept_for(service, ticket_id, length):
    """The night after the identities went, and a night so long after the end."""
    end = service.ticket(ticket_id).closed_at
    nightly.run(now=end + YEAR)
    return nightly.keep_no_longer(now=end + length)


@pytest.mark.parametrize(
    ("length", "gone"), [(FIVE_YEARS - SECOND, 0), (FIVE_YEARS, 1), (FIVE_YEARS + SECOND, 1)]
)
def test_a_case_is_kept_five_years_and_its_audit_longer(service, length, gone):
    photo_id = a_photo(service, service.resident())
    ticket_id = ended(service, photos=[photo_id])
    service.get(f"/staff/tickets/{ticket_id}", service.staff(DESK))
    assert kept_for(service, ticket_id, length) == gone
    left = [item for item in service.items(Table.TICKETS) if ticket_id in repr(item)]
    assert (left == [], photo_id not in pictures_kept(), photos.find(photo_id) is None) == (bool(gone),) * 3
    assert [trace.what for trace in audit.list_traces(ticket_id)] == ["opened"] + ["removed"] * gone


def test_a_removal_that_dies_is_finished_the_next_night_and_told_once(service, monkeypatch):
    ticket_id = ended(service)
    night = service.ticket(ticket_id).closed_at + FIVE_YEARS
    with monkeypatch.context() as killed:
        killed.setattr(removal, "transact", lambda _: 1 / 0)
        assert kept_for(service, ticket_id, FIVE_YEARS) == 0
    assert nightly.keep_no_longer(now=night + timedelta(days=1)) == 1
    assert [item for item in service.items(Table.TICKETS) if ticket_id in repr(item)] == []
    assert [trace.what for trace in audit.list_traces(ticket_id)] == ["removed"]


def test_the_numbers_of_a_removed_case_are_gone_with_it(service):
    ticket_id = ended(service)
    ticket = service.ticket(ticket_id)
    table.put(Table.TICKETS, {"PK": "EXTERNAL#12345#A1", "SK": "EXTERNAL", "ticket_id": ticket_id})
    assert lists.find_id_by_external("12345", "A1") == ticket_id
    removal.remove(ticket.model_copy(update={"external_ids": (ExternalId(partner="12345", number="A1"),)}))
    assert lists.find_id_by_number(ticket.number) is None
    assert lists.find_id_by_external("12345", "A1") is None


def test_a_photo_that_another_ticket_shows_stays(service):
    photo_id = a_photo(service, service.resident())
    first = ended(service, photos=[photo_id])
    second = ended(service, photos=[photo_id])
    retention.remove_case(service.ticket(first), now=service.now)
    assert photo_id in pictures_kept()
    retention.remove_case(service.ticket(second), now=service.now)
    assert photo_id not in pictures_kept()


def test_what_was_merged_is_kept_as_long_as_what_it_was_merged_into(service):
    child, into = reported(service), reported(service, "neighbour")
    assert service.post(f"/desk/tickets/{child}/merge", {"into": into}, service.staff(DESK)).status == 200
    service.later(days=30)
    service.desk_act(into, "answer", DESK, text="带身份证办理")
    merged, closed = service.ticket(child).closed_at, service.ticket(into).closed_at
    assert closed - merged == timedelta(days=30)
    nightly.keep_no_longer(now=closed + YEAR)
    nightly.keep_no_longer(now=closed + YEAR)  # the child after the other, whichever shard comes first
    assert nightly.keep_no_longer(now=merged + FIVE_YEARS) == 0
    nightly.keep_no_longer(now=closed + FIVE_YEARS)
    nightly.keep_no_longer(now=closed + FIVE_YEARS)
    assert lists.get_many([child, into]) == []
