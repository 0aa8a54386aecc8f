"""What was there before a restore is there after it: tickets, searches, photos, alarms; and nobody is told twice."""

from contextlib import suppress
from datetime import timedelta

import boto3
import pytest

from chalicelib.actions import sweeping
from chalicelib.actions.notices import sending
from chalicelib.domain.notices.deliveries import State
from chalicelib.gateways import secrets
from chalicelib.store import keys
from chalicelib.store.notices import deliveries
from chalicelib.store.table import Table
from chalicelib.store.town import directory
from infra.production import asking, filling, holding, lines, restore, whole
from infra.production import backup as backing
from infra.production.aws import Refused
from tests.keeping import DESK, a_photo, pictures_kept
from tests.moto_cloud import keep_secrets

LAMP = "楼道灯坏了，请来修，电话13812345678"
PHONE = "13812345678"
FILES = ["tickets.jsonl.gz", "work.jsonl.gz", "identities.jsonl.gz", "photos.jsonl.gz", "secrets.json"]


@pytest.fixture
def busy(service):
    """A ticket with a photo and a phone number, told to whom it concerns; one more still at the desk."""
    photo = a_photo(service, service.resident())
    contact = {"name": "王阿姨", "phone": PHONE}
    ids = [
        service.report(LAMP, photos=[photo], contact=contact).body["id"],
        service.report("想问问垃圾分类").body["id"],
    ]
    service.settle()
    return ids


def taken(service, deployment, folder):
    return backing.backup(deployment, folder, now=service.now, lag=0)


def put_back(service, deployment, folder, **how):
    restore.restore(deployment, folder, replace=True, **how)
    directory.forget()
    secrets._held.cache_clear()
    service._consumed.clear()  # the stream brings every line that was put back


def everything(service, which):
    return {(item["PK"], item["SK"]): item for item in service.items(which)}


def kept(items):
    return {key: item for key, item in items.items() if key[0].partition("#")[0] not in whole.NOT_KEPT}


def ledger_taken_out(after):
    """The one entry that a restore makes in the ledger, however often it was cut."""
    [entry] = [after[Table.TRACES].pop(key) for key in list(after[Table.TRACES]) if key[0] == keys.LEDGER]
    return entry


def found_by_phone(service):
    body = {"phone": PHONE, "reason": "居民来电查询进度"}
    return [
        item["id"] for item in service.post("/staff/search/phone", body, service.staff(DESK)).body["items"]
    ]


def test_everything_comes_back_as_it_was(service, deployment, busy, tmp_path):
    before = {which: kept(everything(service, which)) for which in Table}
    pictures, mine = pictures_kept(), service.get("/api/tickets", service.resident()).body
    assert found_by_phone(service) == [busy[0]]
    for which in (Table.WORK, Table.IDENTITIES, Table.TRACES):  # the search left its trace and its words
        before[which] = kept(everything(service, which))
    taken(service, deployment, tmp_path / "b")
    put_back(service, deployment, tmp_path / "b", go_on_sending=True)
    after = {which: everything(service, which) for which in Table}
    for key, item in after[Table.TICKETS].items():
        assert (item.pop("restored", False) is True) == key[1].startswith("EVENT#")
    assert '"restored"' in ledger_taken_out(after)["document"]
    assert after == before
    assert pictures_kept() == pictures
    assert service.get("/api/tickets", service.resident()).body == mine
    assert found_by_phone(service) == [busy[0]]


def test_the_backup_of_what_was_restored_is_the_same_again(service, deployment, busy, tmp_path):
    taken(service, deployment, tmp_path / "first")
    put_back(service, deployment, tmp_path / "first")
    first = taken(service, deployment, tmp_path / "second")
    put_back(service, deployment, tmp_path / "second")
    again = taken(service, deployment, tmp_path / "third")
    counted = {name: part["items"] for name, part in first["tables"].items()}
    counted["traces"] += 1  # the ledger's entry of the second restore
    assert {name: part["items"] for name, part in again["tables"].items()} == counted


def told(service):
    return {key for key in everything(service, Table.WORK) if key[0].startswith("TO#")}


def test_nobody_is_told_twice_although_the_stream_brings_every_line_again(
    service, deployment, busy, tmp_path
):
    before = told(service)
    assert before
    taken(service, deployment, tmp_path / "b")
    put_back(service, deployment, tmp_path / "b")
    service.executions.clear()
    service.settle()
    assert told(service) == before
    assert service.executions == []


def pending(service):
    return list(deliveries.list_due(service.now + timedelta(days=2)))


def test_a_message_on_its_way_is_closed_as_what_it_is(service, deployment, busy, tmp_path):
    waiting = [deliveries.key_of(delivery) for delivery in pending(service)]
    assert waiting
    taken(service, deployment, tmp_path / "b")
    put_back(service, deployment, tmp_path / "b")
    service.later(hours=1)
    assert sending.sweep(now=service.now) == 0
    for key in waiting:
        sending.send(key, now=service.now)
        found = deliveries.find(key)
        assert (found.state, found.attempts) == (State.PERMANENT_FAILURE, 0)
        assert "备份" in found.detail


def test_a_message_on_its_way_goes_on_when_the_old_deployment_is_known_to_have_stopped(
    service, deployment, busy, tmp_path
):
    waiting = pending(service)
    taken(service, deployment, tmp_path / "b")
    put_back(service, deployment, tmp_path / "b", go_on_sending=True)
    assert pending(service) == waiting


def test_what_is_late_rings_after_a_restore_and_is_watched_afresh(service, deployment, busy, tmp_path):
    taken(service, deployment, tmp_path / "b")
    put_back(service, deployment, tmp_path / "b")
    service.settle()
    service.executions.clear()
    generation = service.ticket(busy[1]).generation
    service.later(hours=3)
    assert sweeping.ring_late(now=service.now) > 0
    service.settle()
    assert service.ticket(busy[1]).generation > generation
    assert any(name.startswith(busy[1]) for _, name in service.executions)


def test_a_restored_ticket_can_be_worked_on(service, deployment, busy, tmp_path):
    taken(service, deployment, tmp_path / "b")
    put_back(service, deployment, tmp_path / "b")
    service.settle()
    answer = service.desk_act(busy[1], "answer", DESK, text="带身份证到社区事务受理中心办理")
    assert answer.status == 200, answer.raw
    before = told(service)
    service.settle()
    assert told(service) > before


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("how", ["flipped", "cut", "gone"])
def test_a_damaged_backup_changes_nothing(service, deployment, busy, tmp_path, name, how):
    taken(service, deployment, tmp_path / "b")
    file = tmp_path / "b" / name
    data = file.read_bytes()
    file.unlink()
    if how != "gone":
        file.write_bytes(data[:-3] if how == "cut" else data[:20] + bytes([data[20] ^ 1]) + data[21:])
    before = {which: everything(service, which) for which in Table}
    with pytest.raises(Refused, match="没有改动任何数据"):
        restore.restore(deployment, tmp_path / "b", replace=True)
    assert {which: everything(service, which) for which in Table} == before


def test_a_photo_that_was_changed_is_found_before_anything_is_written(service, deployment, busy, tmp_path):
    taken(service, deployment, tmp_path / "b")
    photo = next((tmp_path / "b" / "photos").iterdir())
    photo.write_bytes(photo.read_bytes() + b"x")
    with pytest.raises(Refused, match=photo.name):
        restore.restore(deployment, tmp_path / "b", replace=True)


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"format": 2}', '{"format": 3}'])
def test_a_manifest_that_says_nothing_or_something_else_is_refused(deployment, tmp_path, manifest):
    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(Refused):
        restore.restore(deployment, tmp_path)


def test_a_folder_that_was_not_finished_is_no_backup(deployment, tmp_path):
    with pytest.raises(Refused, match="没有 manifest"):
        restore.restore(deployment, tmp_path)


def test_what_holds_something_is_not_written_over_unless_told(service, deployment, busy, tmp_path):
    taken(service, deployment, tmp_path / "b")
    service.report("后来又反映了一件事")
    before = {which: everything(service, which) for which in Table}
    with pytest.raises(Refused, match="REPLACE=1"):
        restore.restore(deployment, tmp_path / "b")
    assert {which: everything(service, which) for which in Table} == before


def test_an_interrupted_restore_goes_on_with_the_same_command(
    service, deployment, busy, tmp_path, monkeypatch
):
    taken(service, deployment, tmp_path / "b")
    filling.clear(deployment)

    def power_cut(*_):
        raise OSError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(filling, "put_photo", power_cut)
        with pytest.raises(OSError, match="power cut"):
            restore.restore(deployment, tmp_path / "b")
    restore.restore(deployment, tmp_path / "b")
    assert filling.mark_of(deployment)[0] == ""
    assert {item["SK"] for item in service.items(Table.TICKETS) if item["PK"] == f"TICKET#{busy[0]}"} > {
        "TICKET",
        "ALARM",
    }


def test_alarms_come_last_so_that_no_half_ticket_rings(service, deployment, busy, tmp_path, monkeypatch):
    taken(service, deployment, tmp_path / "b")
    order = []
    original = filling.put

    def noted(where, name, items):
        items = list(items)
        order.extend((name, item["SK"]["S"] == "ALARM") for item in items)
        original(where, name, items)

    monkeypatch.setattr(filling, "put", noted)
    restore.restore(deployment, tmp_path / "b", replace=True)
    first = order.index(("tickets", True))
    assert set(order[first:]) == {("tickets", True)}


def test_a_ticket_that_changes_while_it_is_read_is_backed_up_whole(
    service, deployment, busy, tmp_path, monkeypatch
):
    """Its alarm and queue entries as they were before an act, its history and itself as they were after it."""
    original = whole.scan

    def torn(where, name, **how):
        before = list(original(where, name, **how))
        if name != "tickets":
            return iter(before)
        assert service.desk_act(busy[1], "answer", DESK, text="带身份证办理").status == 200
        after = list(original(where, name, **how))
        early = ("ALARM", "QUEUE#")
        return iter(
            [item for item in before if item["SK"]["S"].startswith(early)]
            + [item for item in after if not item["SK"]["S"].startswith(early)]
        )

    monkeypatch.setattr(whole, "scan", torn)
    service.later(hours=1)
    taken(service, deployment, tmp_path / "b")
    held = [lines.item_of(line) for line in lines.read(tmp_path / "b" / "tickets.jsonl.gz")]
    mine = {item["SK"]["S"]: item for item in held if item["PK"]["S"] == f"TICKET#{busy[1]}"}
    now = {i["SK"] for i in service.items(Table.TICKETS) if i["PK"] == f"TICKET#{busy[1]}"}
    assert set(mine) == now
    assert not any(sk.startswith("QUEUE#desk") for sk in mine)


def test_what_follows_from_a_line_that_the_backup_does_not_hold_stays_out(
    service, deployment, busy, tmp_path, monkeypatch
):
    """Reported between the reading of the tickets and of the rest: a lost report must not leave messages behind."""
    late = []

    def meanwhile(_seconds):
        late.append(service.report("正在备份时反映的事", contact={"phone": "13900001111"}).body["id"])
        service.settle()

    monkeypatch.setattr(backing.time, "sleep", meanwhile)
    taken(service, deployment, tmp_path / "b")
    for name in ("tickets", "identities"):
        assert not any(late[0].encode() in line for line in lines.read(tmp_path / "b" / f"{name}.jsonl.gz"))
    told_of = [lines.item_of(line) for line in lines.read(tmp_path / "b" / "work.jsonl.gz")]
    assert not any(late[0] in item["SK"]["S"] for item in told_of if item["PK"]["S"].startswith("TO#"))


def test_a_backup_goes_into_an_empty_folder_that_only_its_owner_opens(service, deployment, busy, tmp_path):
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "x").touch()
    with pytest.raises(Refused, match="空文件夹"):
        taken(service, deployment, tmp_path / "used")
    taken(service, deployment, tmp_path / "b")
    assert all(
        path.stat().st_mode & 0o077 == 0
        for path in (tmp_path / "b").rglob("*")
        if path.name != "manifest.json"
    )


def test_only_the_key_of_the_hashes_is_taken_along_and_the_others_of_the_target_stay(
    service, deployment, busy, tmp_path
):
    keep_secrets(identity_key="i" * 40, slip_key="s" * 40, wecom_secret="of the old one")
    taken(service, deployment, tmp_path / "b")
    assert "of the old one" not in (tmp_path / "b" / "secrets.json").read_text()
    keep_secrets(identity_key="n" * 40, slip_key="m" * 40, wecom_secret="of the new one")
    put_back(service, deployment, tmp_path / "b")
    answer = boto3.client("ssm").get_parameters_by_path(Path=deployment.secrets, WithDecryption=True)
    assert {each["Name"].rpartition("/")[2]: each["Value"] for each in answer["Parameters"]} == {
        "identity_key": "i" * 40,
        "slip_key": "s" * 40,
        "wecom_secret": "of the new one",
    }


def test_the_leases_and_tokens_of_the_old_machines_stay_behind(service, deployment, busy, tmp_path):
    service.later(hours=1)
    sweeping.sweep(now=service.now)
    taken(service, deployment, tmp_path / "b")
    held = {
        lines.item_of(line)["PK"]["S"].partition("#")[0]
        for line in lines.read(tmp_path / "b" / "work.jsonl.gz")
    }
    assert not held & whole.NOT_KEPT
    assert {"TOWN", "SESSION", "TO"} <= held


def interrupted(service, deployment, folder, monkeypatch):
    """A restore that fails at its very end, when the deployment is whole and alive."""
    with monkeypatch.context() as patch:
        patch.setattr(filling, "remove_mark", lambda _: (_ for _ in ()).throw(OSError("expired login")))
        with pytest.raises(OSError, match="expired login"):
            put_back(service, deployment, folder)
    directory.forget()
    secrets._held.cache_clear()


def test_what_was_answered_after_an_interrupted_restore_stays_answered(
    service, deployment, busy, tmp_path, monkeypatch
):
    taken(service, deployment, tmp_path / "b")
    interrupted(service, deployment, tmp_path / "b", monkeypatch)
    answer = service.desk_act(busy[1], "answer", DESK, text="带身份证到社区事务受理中心办理")
    assert answer.status == 200, answer.raw
    service.settle()
    before = everything(service, Table.TICKETS)
    put_back(service, deployment, tmp_path / "b")
    assert everything(service, Table.TICKETS) == before


def test_a_rung_that_rang_after_an_interrupted_restore_does_not_wedge_its_ticket(
    service, deployment, busy, tmp_path, monkeypatch
):
    taken(service, deployment, tmp_path / "b")
    interrupted(service, deployment, tmp_path / "b", monkeypatch)
    service.later(hours=3)
    assert sweeping.ring_late(now=service.now) > 0
    version = service.ticket(busy[1]).version
    put_back(service, deployment, tmp_path / "b")
    assert service.ticket(busy[1]).version == version
    answer = service.desk_act(busy[1], "answer", DESK, text="带身份证到社区事务受理中心办理")
    assert answer.status == 200, answer.raw


@pytest.mark.parametrize("cut", ["put_photo", "set_keys", "put", "moved_on"])
def test_a_restore_cut_anywhere_and_repeated_holds_everything(
    service, deployment, busy, tmp_path, monkeypatch, cut
):
    before = {which: kept(everything(service, which)) for which in Table}
    taken(service, deployment, tmp_path / "b")
    with monkeypatch.context() as patch:
        patch.setattr(filling, cut, lambda *_, **__: (_ for _ in ()).throw(OSError("power cut")))
        with suppress(OSError):  # `moved_on` is asked in a second run only
            put_back(service, deployment, tmp_path / "b", go_on_sending=True)
    put_back(service, deployment, tmp_path / "b", go_on_sending=True)
    after = {which: kept(everything(service, which)) for which in Table}
    for item in after[Table.TICKETS].values():
        item.pop("restored", None)
    ledger_taken_out(after)
    assert after == before


def test_a_second_restore_of_an_interrupted_one_brings_the_alarms_that_are_missing(
    service, deployment, busy, tmp_path, monkeypatch
):
    taken(service, deployment, tmp_path / "b")
    interrupted(service, deployment, tmp_path / "b", monkeypatch)
    rings = [key for key in everything(service, Table.TICKETS) if key[1] == "ALARM"]
    assert rings
    for pk, sk in rings:
        boto3.client("dynamodb").delete_item(
            TableName=deployment.table("tickets"), Key={"PK": {"S": pk}, "SK": {"S": sk}}
        )
    put_back(service, deployment, tmp_path / "b")
    assert [key for key in everything(service, Table.TICKETS) if key[1] == "ALARM"] == rings


def test_what_is_missing_of_the_secrets_is_named(service, deployment, busy, tmp_path):
    keep_secrets(partner_hotline="x" * 40, wecom_secret="s")
    taken(service, deployment, tmp_path / "b")
    boto3.client("ssm").delete_parameter(Name=f"{deployment.secrets}/partner_hotline")
    assert restore.restore(deployment, tmp_path / "b", replace=True) == ["partner_hotline"]


def test_a_backup_of_another_stage_must_be_named(deployment):
    asking.same_stage(deployment, "test", "")
    asking.same_stage(deployment, "prod", "prod")
    with pytest.raises(Refused, match="OTHER_STAGE=prod"):
        asking.same_stage(deployment, "prod", "")


@pytest.mark.parametrize(("typed", "fine"), [("test", True), ("prod", False), ("y", False)])
def test_a_town_is_replaced_by_whoever_types_its_name_after_a_snapshot(
    service, deployment, busy, typed, fine
):
    now = service.now + timedelta(hours=2)
    tables = boto3.client("dynamodb")
    if fine:
        asking.to_replace(deployment, now=now, in_use=False, confirmed=typed)
    else:
        with pytest.raises(Refused, match="没有改动任何数据"):
            asking.to_replace(deployment, now=now, in_use=False, confirmed=typed)
    assert len(tables.list_backups()["BackupSummaries"]) == (len(Table) if fine else 0)


@pytest.mark.parametrize(("minutes", "fine"), [(59, False), (60, True), (61, True)])
def test_a_town_in_use_is_not_replaced(service, deployment, busy, minutes, fine):
    now = asking.newest_act(deployment) + timedelta(minutes=minutes)
    if fine:
        asking.to_replace(deployment, now=now, in_use=False, confirmed="test")
    else:
        with pytest.raises(Refused, match="IN_USE=1"):
            asking.to_replace(deployment, now=now, in_use=False, confirmed="test")
    asking.to_replace(deployment, now=now, in_use=True, confirmed="test")


def test_whoever_may_read_the_secrets_is_woken_by_its_policy_and_not_by_a_list(deployment):
    woken = {name.rpartition("-")[2] for name in holding.keep_secrets(deployment)}
    assert woken == {"api", "reveal", "send", "exchange", "feed", "tell_alarm"}


def test_a_photo_that_an_earlier_backup_holds_is_not_read_again(
    service, deployment, busy, tmp_path, monkeypatch
):
    first = taken(service, deployment, tmp_path / "first")
    service.report(LAMP, photos=[a_photo(service, service.resident())])
    read, object_ = [], backing._object
    monkeypatch.setattr(backing, "_object", lambda *asked: read.append(asked[2]) or object_(*asked))
    second = backing.backup(
        deployment, tmp_path / "second", now=service.now, lag=0, before=tmp_path / "first"
    )
    assert second["photos"]["items"] == first["photos"]["items"] + 2
    assert sorted(key.partition("/")[0] for key in read) == ["photos", "thumbs"]
    for file in (tmp_path / "first" / "photos").iterdir():
        assert (tmp_path / "second" / "photos" / file.name).read_bytes() == file.read_bytes()
    before = pictures_kept()
    put_back(service, deployment, tmp_path / "second")
    assert pictures_kept() == before


def test_a_photo_that_was_harmed_in_the_earlier_backup_is_read_again_when_it_has_its_turn(
    service, deployment, busy, tmp_path, monkeypatch
):
    monkeypatch.setattr(backing, "CHECKED_EVERY", 1)
    taken(service, deployment, tmp_path / "first")
    [harmed, *_] = sorted((tmp_path / "first" / "photos").iterdir())
    whole_one = harmed.read_bytes()
    harmed.write_bytes(b"harmed")
    backing.backup(deployment, tmp_path / "second", now=service.now, lag=0, before=tmp_path / "first")
    assert (tmp_path / "second" / "photos" / harmed.name).read_bytes() == whole_one


def test_a_folder_that_is_no_backup_is_not_begun_from(service, deployment, busy, tmp_path):
    (tmp_path / "half").mkdir()
    with pytest.raises(Refused, match="AFTER"):
        backing.backup(deployment, tmp_path / "new", now=service.now, lag=0, before=tmp_path / "half")
    assert not (tmp_path / "new").exists()
