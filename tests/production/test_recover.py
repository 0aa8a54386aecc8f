"""The town as it was at an instant: recovered beside the standing tables, then put back whole or only where it is missing."""

import json
from datetime import UTC, datetime, timedelta

import boto3
import pytest

from chalicelib.gateways import secrets
from chalicelib.store.table import Table
from chalicelib.store.town import directory
from infra.production import missing, recover, restore
from infra.production.aws import TABLES, Refused
from infra.production.recover import Recovered
from tests.keeping import BUCKET, a_photo, pictures_kept
from tests.moto_cloud import keep_secrets

LAMP = "楼道灯坏了，请来修，电话13812345678"


@pytest.fixture
def kept(service, deployment):
    """A town whose tables are kept for 35 days and whose photos for 30; a ticket with a photo and a phone number."""
    for name in TABLES:
        boto3.client("dynamodb").update_continuous_backups(
            TableName=deployment.table(name),
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
        )
    boto3.client("s3").put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    photo = a_photo(service, service.resident())
    ticket_id = service.report(LAMP, photos=[photo], contact={"phone": "13812345678"}).body["id"]
    service.settle()
    return ticket_id


@pytest.fixture
def at(monkeypatch):
    """An instant that moto's tables can be recovered to; moto recovers whatever stands when it is asked."""
    now = datetime.now(UTC)
    monkeypatch.setattr(recover, "check", lambda *_: None)
    return now


def then(deployment, at):
    return Recovered(deployment.stage, deployment.bucket, deployment.client, at=at)


def remove(service, ticket_id):
    """By mistake: all that bears the ticket's id, and every photo."""
    tables = boto3.client("dynamodb")
    for which in Table:
        for item in service.items(which):
            if ticket_id in item["PK"] + item["SK"] or item.get("ticket_id") == ticket_id:
                key = {"PK": {"S": item["PK"]}, "SK": {"S": item["SK"]}}
                tables.delete_item(TableName=which.full_name, Key=key)
    for each in boto3.client("s3").list_objects_v2(Bucket=BUCKET)["Contents"]:
        boto3.client("s3").delete_object(Bucket=BUCKET, Key=each["Key"])


def everything(service):
    return {which: {(i["PK"], i["SK"]): i for i in service.items(which)} for which in Table}


def without_marks(items):
    return {key: {n: v for n, v in item.items() if n != "restored"} for key, item in items.items()}


def test_what_was_removed_since_comes_back_and_what_was_done_since_stays(
    service, deployment, kept, at, tmp_path, capsys
):
    before, pictures = everything(service), pictures_kept()
    recover.begin(deployment, then(deployment, at))
    remove(service, kept)
    later = service.report("想问问垃圾分类").body["id"]
    service.settle()
    since = everything(service)
    recover.recover(deployment, at, tmp_path / "r")  # goes on: the tables were asked for already
    assert f"那以后没有了的工单 1 张：{kept}" in capsys.readouterr().out
    assert missing.restore_missing(deployment, tmp_path / "r") == 1
    after = everything(service)
    for which in Table:
        gone = before[which].keys() - since[which].keys()
        assert after[which].keys() == since[which].keys() | before[which].keys()
        assert {key: after[which][key] for key in since[which]} == since[which]
        if which is not Table.WORK:  # there a message that was on its way is closed
            assert without_marks({key: after[which][key] for key in gone}) == {
                key: before[which][key] for key in gone
            }
    assert pictures_kept() == pictures
    service._consumed.clear()
    assert service.ticket(later)
    assert service.staff_act(kept, "take", service.ticket(kept).handler_id).status == 200
    assert missing.restore_missing(deployment, tmp_path / "r") == 0


def test_the_whole_town_goes_back_to_the_instant(service, deployment, kept, at, tmp_path):
    before = everything(service)
    recover.begin(deployment, then(deployment, at))
    service.later(minutes=1)
    assert service.staff_act(kept, "take", service.ticket(kept).handler_id).status == 200
    service.report("想问问垃圾分类")
    recover.recover(deployment, at, tmp_path / "r")
    restore.restore(deployment, tmp_path / "r", replace=True, go_on_sending=True)
    directory.forget()
    secrets._held.cache_clear()
    after = everything(service)
    assert without_marks(after[Table.TICKETS]) == before[Table.TICKETS]
    assert after[Table.IDENTITIES] == before[Table.IDENTITIES]


def test_the_recovered_tables_go_again_and_the_standing_ones_do_not(service, deployment, kept, at, tmp_path):
    names = set(boto3.client("dynamodb").list_tables()["TableNames"])
    recover.recover(deployment, at, tmp_path / "r")
    assert set(boto3.client("dynamodb").list_tables()["TableNames"]) == names
    assert json.loads((tmp_path / "r" / "manifest.json").read_text())["stage"] == "test"


def test_of_photos_the_version_of_the_instant_counts(deployment, kept):
    s3 = boto3.client("s3")
    s3.put_object(Bucket=BUCKET, Key="photos/early.jpg", Body=b"1")
    s3.put_object(Bucket=BUCKET, Key="photos/gone.jpg", Body=b"1")
    s3.delete_object(Bucket=BUCKET, Key="photos/gone.jpg")
    now = dict(then(deployment, datetime.now(UTC) + timedelta(seconds=2)).photos())
    assert "photos/early.jpg" in now
    assert "photos/gone.jpg" not in now
    assert dict(then(deployment, datetime.now(UTC) - timedelta(days=1)).photos()) == {}


class Continuous:
    """What DynamoDB says of its recovery; moto knows no instants."""

    def __init__(self, status, first, last):
        self.said = {"PointInTimeRecoveryStatus": status, "EarliestRestorableDateTime": first}
        self.said |= {"LatestRestorableDateTime": last}
        self.exceptions = boto3.client("dynamodb").exceptions

    def describe_continuous_backups(self, TableName):
        return {"ContinuousBackupsDescription": {"PointInTimeRecoveryDescription": self.said}}


FIRST, LAST = datetime(2026, 10, 20, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "at", "fine"),
    [
        ("ENABLED", FIRST, True),
        ("ENABLED", FIRST - timedelta(seconds=1), False),
        ("ENABLED", LAST, True),
        ("ENABLED", LAST + timedelta(seconds=1), False),
        ("DISABLED", LAST, False),
    ],
)
def test_an_instant_that_is_not_kept_is_refused_with_what_is(deployment, status, at, fine):
    asked = recover.Deployment("test", BUCKET, lambda _: Continuous(status, FIRST, LAST))
    if fine:
        recover.check(asked, at)
        return
    with pytest.raises(Refused, match="恢复"):
        recover.check(asked, at)


def test_a_folder_that_holds_something_is_refused_before_anything_is_made(
    service, deployment, kept, tmp_path
):
    (tmp_path / "x").write_text("x")
    names = boto3.client("dynamodb").list_tables()["TableNames"]
    with pytest.raises(Refused, match="空文件夹"):
        recover.recover(deployment, datetime.now(UTC), tmp_path)
    assert boto3.client("dynamodb").list_tables()["TableNames"] == names


def test_under_another_key_nothing_comes_back(service, deployment, kept, at, tmp_path):
    recover.recover(deployment, at, tmp_path / "r")
    keep_secrets(identity_key="other" * 10)
    remove(service, kept)
    before = everything(service)
    with pytest.raises(Refused, match="identity_key"):
        missing.restore_missing(deployment, tmp_path / "r")
    assert everything(service) == before
