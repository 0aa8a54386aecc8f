"""Where DynamoDB exports the tables, a backup is the same as one that was read item by item, and nothing stays behind."""

import boto3
import pytest

from chalicelib.store.table import Table
from infra.production import backup as backing
from infra.production import exports, lines
from infra.production.aws import Refused
from infra.production.recover import Recovered
from tests.keeping import BUCKET, a_photo
from tests.production.test_backup import everything, kept, put_back

BACKUPS = BUCKET.replace("photos", "backups")


@pytest.fixture
def exporting(service, deployment, monkeypatch):
    """A stage with the bucket, point-in-time recovery, and a ticket with a photo and a phone number."""
    monkeypatch.setattr(exports, "STEP_SECONDS", 0.01)
    assert deployment.backups == BACKUPS
    boto3.client("s3").create_bucket(
        Bucket=BACKUPS, CreateBucketConfiguration={"LocationConstraint": boto3.Session().region_name}
    )
    for name in exports.EXPORTED:
        recovery(deployment, name, True)
    photo = a_photo(service, service.resident())
    service.report("楼道灯坏了，请来修", photos=[photo], contact={"name": "王阿姨", "phone": "13812345678"})
    service.settle()
    return deployment


def recovery(deployment, name, is_on):
    deployment.client("dynamodb").update_continuous_backups(
        TableName=deployment.table(name),
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": is_on},
    )


def left():
    return boto3.client("s3").list_objects_v2(Bucket=BACKUPS).get("Contents", [])


def lines_of(folder, name):
    return sorted(lines.read(folder / f"{name}.jsonl.gz"))


def test_an_exported_backup_is_the_one_that_was_read_and_restores_the_town(service, exporting, tmp_path):
    exported = backing.backup(exporting, tmp_path / "exported", now=service.now, lag=0)
    assert left() == []
    before = {which: kept(everything(service, which)) for which in Table}
    boto3.client("s3").delete_bucket(Bucket=BACKUPS)
    read = backing.backup(exporting, tmp_path / "read", now=service.now, lag=0)
    assert exported["tables"]["tickets"]["items"] > 0
    for name in ("tickets", "work", "identities", "traces"):
        assert lines_of(tmp_path / "exported", name) == lines_of(tmp_path / "read", name)
        assert exported["tables"][name]["items"] == read["tables"][name]["items"]
    put_back(service, exporting, tmp_path / "exported", go_on_sending=True)
    assert everything(service, Table.TICKETS).keys() == before[Table.TICKETS].keys()


def test_the_vault_is_never_exported(service, exporting, tmp_path, monkeypatch):
    seen = []
    begun = exports._begun
    monkeypatch.setattr(exports, "_begun", lambda *how: (seen.append(how[1]), begun(*how))[1])
    backing.backup(exporting, tmp_path / "b", now=service.now, lag=0)
    assert seen == ["tickets", "work", "traces"]


def test_a_table_without_recovery_is_refused_before_anything_is_read(service, exporting, tmp_path):
    recovery(exporting, "tickets", False)
    with pytest.raises(Refused, match="没有开时间点恢复"):
        backing.backup(exporting, tmp_path / "b", now=service.now, lag=0)
    assert not (tmp_path / "b" / "manifest.json").exists()


def test_an_export_that_is_not_whole_is_no_backup(service, exporting, tmp_path, monkeypatch):
    wrote = exports._wrote
    monkeypatch.setattr(exports, "_wrote", lambda *how: wrote(*how) + 1)
    with pytest.raises(Refused, match="导出的文件不全"):
        backing.backup(exporting, tmp_path / "b", now=service.now, lag=0)
    assert not (tmp_path / "b" / "manifest.json").exists()


def test_an_export_that_fails_says_why(service, exporting, tmp_path, monkeypatch):
    class Failing:
        def describe_export(self, **_):
            return {"ExportDescription": {"ExportStatus": "FAILED", "FailureMessage": "S3 拒绝写入"}}

    class Deployment:
        client = staticmethod(lambda _: Failing())

    with pytest.raises(Refused, match="S3 拒绝写入"):
        exports._wrote(Deployment(), "arn")


def test_recovered_tables_are_read_item_by_item(service, exporting):
    then = Recovered(exporting.stage, exporting.bucket, exporting.client, at=service.now)
    assert not exports.is_possible(then, "tickets")
