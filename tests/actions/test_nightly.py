"""What is done by night, on stored tickets."""

from datetime import date, timedelta

import boto3
import pytest

from chalicelib.actions import nightly
from chalicelib.domain.clocks import clocks
from chalicelib.domain.notices.deliveries import Delivery
from chalicelib.domain.notices.words import words_of
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import Event, Stage, Ticket
from chalicelib.domain.town.calendar import Calendar
from chalicelib.domain.town.vocabulary import Role, StaffChannel
from chalicelib.store import table
from chalicelib.store.identity import identities, sessions
from chalicelib.store.identity.identities import Contact
from chalicelib.store.notices import dead_letters, deliveries, inbox
from chalicelib.store.tickets import alarms, members, tickets
from chalicelib.store.tickets.members import Member
from chalicelib.store.town import directory
from chalicelib.store.town.directory import Pointer
from tests.domain.clock_town import a_ticket, a_town, at
from tests.moto_cloud import ENVIRONMENT, keep_secrets, moto_cloud
from tests.telling_town import a_person

TOWN = a_town()
NOW = at("2026-12-30 17:00")
YEAR = timedelta(days=365)
SECRET = b"k" * 32


@pytest.fixture(autouse=True)
def cloud(monkeypatch):
    with moto_cloud(monkeypatch):
        monkeypatch.setattr(directory, "town", lambda: TOWN)
        keep_secrets(identity_key=SECRET.decode())
        yield


def handled(**about: object) -> Ticket:
    ticket = clocks.start(a_ticket(stage=Stage.HANDLING, **about), ClockKind.RESOLUTION, town=TOWN, now=NOW)
    return tickets.save(ticket, Event(kind="received", at=NOW, by="reporter"), before=None)


def closed(**about: object) -> Ticket:
    before = handled(**about)
    table.transact(
        identities.contact_ops(before.id, [("r1", Contact(name="居民甲", phone="13800000000"))], NOW)
    )
    identities.make_ways(SECRET, NOW)
    table.transact([members.member_op(before.id, Member(reporter_id="r1", is_reporter=True), NOW)])
    ended = before.model_copy(update={"stage": Stage.CLOSED, "closed_at": NOW})
    after = clocks.watched(ended, town=TOWN, now=NOW)
    return tickets.save(after, Event(kind="closed", at=NOW, by="reporter"), before=before)


def kinds(ticket_id: str) -> list[str]:
    return [event.kind for _, event in tickets.list_events(ticket_id)]


def test_the_night_moves_the_due_times_that_were_guessed_once(monkeypatch):
    ticket = handled()
    assert nightly.recalculate_provisional(now=NOW) == 0
    known = a_town(calendar=Calendar(overrides={date(2027, 1, day): day > 3 for day in range(1, 9)}))
    monkeypatch.setattr(directory, "town", lambda: known)
    assert nightly.recalculate_provisional(now=NOW) == 1
    assert nightly.recalculate_provisional(now=NOW) == 0
    assert kinds(ticket.id) == ["received", "due_recalculated"]
    assert tickets.get(ticket.id).clocks[0].due_at == at("2027-01-04 18:00")


def test_an_ended_ticket_waits_for_the_day_its_identity_goes_and_never_for_the_sweep():
    ticket = closed()
    shards = [alarms.list_late(shard, NOW + 2 * YEAR, limit=10)[0] for shard in alarms.shards()]
    assert not any(shards)
    assert list(alarms.list_kept_long_enough(NOW + YEAR)) == [ticket.id]


@pytest.mark.parametrize(("later", "gone"), [(YEAR - timedelta(seconds=1), 0), (YEAR, 1)])
def test_the_night_removes_what_was_known_of_the_reporter_and_keeps_the_case(later, gone):
    ticket = closed()
    assert nightly.keep_no_longer(now=NOW + later) == gone
    assert (identities.find_contact(ticket.id, "r1") is None) is bool(gone)
    kept = [] if gone else [Member(reporter_id="r1", is_reporter=True, at=NOW)]
    assert members.list_members(ticket.id) == kept
    assert tickets.get(ticket.id).reporter_id == (None if gone else "r1")
    hashed = identities.phone_hash(SECRET, "13800000000")
    assert identities.list_ticket_ids_by_phone(hashed) == ([] if gone else [ticket.id])


def test_what_is_forgotten_is_forgotten_once():
    ticket = closed()
    assert nightly.keep_no_longer(now=NOW + YEAR) == 1
    assert nightly.keep_no_longer(now=NOW + YEAR) == 0
    assert kinds(ticket.id)[-2:] == ["closed", "identity_removed"]


def test_a_night_that_dies_in_the_middle_is_finished_by_the_next(monkeypatch):
    ticket = closed()
    with monkeypatch.context() as killed:
        killed.setattr(tickets, "change", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("killed")))
        assert nightly.keep_no_longer(now=NOW + YEAR) == 0
    assert nightly.keep_no_longer(now=NOW + YEAR) == 1
    assert tickets.get(ticket.id).identity_removed


def test_one_ticket_that_fails_does_not_hold_up_the_night(monkeypatch):
    first, second = closed(), closed(id="01JD0000000000000000000001", number="MS261120-7K3QX9-5")
    honest = tickets.get

    def broken(ticket_id: str) -> Ticket:
        if ticket_id == first.id:
            raise RuntimeError("a broken item")
        return honest(ticket_id)

    with monkeypatch.context() as patched:
        patched.setattr(tickets, "get", broken)
        nightly.run(now=NOW + YEAR)
    assert (tickets.get(first.id).identity_removed, tickets.get(second.id).identity_removed) == (False, True)


def test_a_reopened_ticket_is_watched_again_and_not_forgotten():
    ticket = closed()
    again = clocks.watched(
        ticket.model_copy(update={"stage": Stage.HANDLING, "closed_at": None}), town=TOWN, now=NOW
    )
    tickets.save(again, Event(kind="reopened", at=NOW, by="reporter"), before=ticket)
    assert list(alarms.list_kept_long_enough(NOW + 2 * YEAR)) == []
    assert [each.ticket_id for each in alarms.list_watched()] == [ticket.id]


def staffed(**changes):
    return a_town(
        staff=(
            a_person("head", Role.STATION_HEAD),
            a_person("admin", Role.ADMIN, channel=StaffChannel.DESK_CALLS),
            a_person("grid", Role.GRID_WORKER),
        ),
        **changes,
    )


def told() -> dict[str, Delivery]:
    items = boto3.client("dynamodb").scan(TableName=ENVIRONMENT["WORK_TABLE"])["Items"]
    plain = [table.from_wire(item) for item in items]
    return {f"{i['PK']} {i['SK'][:3]}": deliveries.load(i) for i in plain if i["PK"].startswith("TO#")}


def test_the_night_reminds_of_dead_letters_once_and_rings_no_phone_before_the_morning(monkeypatch):
    monkeypatch.setattr(directory, "town", staffed)
    dead_letters.add({"dynamodb": {}}, reason="x", passes=False, now=NOW)
    night = at("2026-12-31 02:30")
    assert nightly.remind_of_dead_letters(now=night) == 2
    assert nightly.remind_of_dead_letters(now=night + timedelta(minutes=5)) == 2
    lines = told()
    assert sorted(lines) == ["TO#staff:admin inb", "TO#staff:head inb", "TO#staff:head out"]
    assert lines["TO#staff:head out"].not_before == at("2026-12-31 08:30")
    assert "有1条记录" in words_of("dead_letters", lines["TO#staff:head inb"].params).text


def test_the_next_night_reminds_again_and_one_without_dead_letters_never(monkeypatch):
    monkeypatch.setattr(directory, "town", staffed)
    assert nightly.remind_of_dead_letters(now=NOW) == 0
    assert told() == {}
    letter = dead_letters.add({"dynamodb": {}}, reason="x", passes=False, now=NOW)
    nightly.remind_of_dead_letters(now=NOW)
    nightly.remind_of_dead_letters(now=NOW + timedelta(days=1))
    assert len(inbox.list_inbox("staff:head")[0]) == 2
    dead_letters.done(letter, NOW)
    assert nightly.remind_of_dead_letters(now=NOW + timedelta(days=2)) == 0


def test_the_night_signs_out_and_unbinds_whoever_left_and_nobody_else(monkeypatch):
    before = staffed()
    now_in_force = before.model_copy(update={"staff": before.staff[:2]})
    monkeypatch.setattr(directory, "town", lambda: now_in_force)
    monkeypatch.setattr(directory, "find_previous", lambda: before)
    tokens = {
        code: sessions.start(sessions.Kind.STAFF, code, channel="console", now=NOW)
        for code in ("head", "grid")
    }
    for code in tokens:
        identities.put_openid(f"staff:{code}", f"openid-{code}", code, NOW)
    assert nightly.end_leavers(now=NOW) == nightly.end_leavers(now=NOW) == 1
    assert [sessions.find(tokens[code], NOW) is None for code in ("head", "grid")] == [False, True]
    assert [identities.find_on_wechat(f"staff:{code}").openid for code in ("head", "grid")] == [
        "openid-head",
        "",
    ]


def test_the_town_before_is_known_until_the_next_import():
    pointer = None
    for version in ("v1", "v2"):
        directory.write_version(staffed(version=version), ())
        after = Pointer(
            version=version,
            previous=pointer.version if pointer else "",
            digest=version,
            imported_at=NOW,
            imported_by="admin",
        )
        directory.switch(after, before=pointer)
        pointer = after
    assert directory.find_previous().version == "v1"
    directory.drop_version("v1")
    assert directory.find_previous() is None


def test_the_first_town_has_nobody_who_left():
    assert directory.find_previous() is None
    assert nightly.end_leavers(now=NOW) == 0


def test_a_part_of_the_night_that_fails_holds_up_no_other_and_is_seen(monkeypatch):
    ticket = closed()
    monkeypatch.setattr(nightly, "recalculate_steps", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        nightly.run(now=NOW + YEAR)
    assert tickets.get(ticket.id).identity_removed
