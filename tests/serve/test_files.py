"""Files in a folder, as S3 keeps objects: whole or not there, under names that leave no folder."""

from datetime import UTC, datetime, timedelta

import pytest
import yaml
from botocore.exceptions import ClientError

from infra.local.place import ROOT
from infra.serve import files as serve_files
from infra.serve.files import NoSuchKey
from infra.serve.waiting import Messages

PHOTOS = "mslj-town-photos"


def put(files, key, body=b"picture", kind="image/jpeg"):
    files.put_object(Bucket=PHOTOS, Key=key, Body=body, ContentType=kind)


def keys(files, **how):
    return [each["Key"] for page in files.paginate(Bucket=PHOTOS, **how) for each in page["Contents"]]


def test_what_was_put_is_there_with_its_type(files):
    put(files, "photos/01.jpg")
    found = files.get_object(Bucket=PHOTOS, Key="photos/01.jpg")
    assert (found["Body"].read(), found["ContentType"]) == (b"picture", "image/jpeg")


def test_a_range_is_its_bytes_alone(files):
    put(files, "jobs/01", b"0123456789")
    assert files.get_object(Bucket=PHOTOS, Key="jobs/01", Range="bytes=2-4")["Body"].read() == b"234"


def test_what_is_not_there_is_told_as_s3_tells_it(files):
    with pytest.raises(files.exceptions.NoSuchKey):
        files.get_object(Bucket=PHOTOS, Key="photos/01.jpg")
    with pytest.raises(ClientError) as refused:
        files.head_object(Bucket=PHOTOS, Key="photos/01.jpg")
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
    files.delete_object(Bucket=PHOTOS, Key="photos/01.jpg")


@pytest.mark.parametrize(
    "key",
    [
        "../secrets.json",
        "photos/../../secrets.json",
        "/etc/passwd",
        "photos/.about/01.jpg",
        "",
        "a//b",
        "a\0b",
        ".",
    ],
)
def test_no_name_leaves_its_folder(files, key):
    with pytest.raises(NoSuchKey):
        files.get_object(Bucket=PHOTOS, Key=key)
    with pytest.raises(NoSuchKey):
        put(files, key)


def test_an_unknown_bucket_holds_nothing(files):
    with pytest.raises(NoSuchKey):
        files.get_object(Bucket="..", Key="secrets.json")


def test_keys_come_in_order_by_prefix_and_after_one(files):
    for key in ("photos/02.jpg", "photos/01.jpg", "thumbs/01.jpg"):
        put(files, key)
    assert keys(files) == ["photos/01.jpg", "photos/02.jpg", "thumbs/01.jpg"]
    assert keys(files, Prefix="photos/", StartAfter="photos/01.jpg") == ["photos/02.jpg"]


def test_a_file_that_was_not_written_whole_is_not_there(files, home, monkeypatch):
    put(files, "photos/01.jpg", b"before")

    def power_cut(_):
        raise OSError("power cut")

    monkeypatch.setattr(serve_files.os, "fsync", power_cut)
    with pytest.raises(OSError, match="power cut"):
        put(files, "photos/01.jpg", b"after")
    monkeypatch.undo()
    assert files.get_object(Bucket=PHOTOS, Key="photos/01.jpg")["Body"].read() == b"before"
    assert keys(files) == ["photos/01.jpg"]


def test_an_upload_wakes_the_photos_function_and_lies_there_until_it_was_taken_in(files, home):
    put(files, "incoming/01")
    put(files, "photos/02.jpg")
    assert Messages(home.folder).counts() == {"photos": 1}
    assert serve_files.waiting_uploads(home) == ["incoming/01"]
    files.delete_object(Bucket=PHOTOS, Key="incoming/01")
    assert serve_files.waiting_uploads(home) == []


@pytest.mark.parametrize(("days", "left"), [(1, ["incoming/01", "photos/01.jpg"]), (2, ["photos/01.jpg"])])
def test_what_is_kept_for_a_time_only_goes_after_it(files, days, left):
    put(files, "incoming/01")
    put(files, "photos/01.jpg")
    files.forget_old(datetime.now(UTC) + timedelta(days=days, minutes=1))
    assert keys(files) == left


def test_the_times_are_those_of_the_bucket_in_the_template():
    made = yaml.safe_load((ROOT / "infra/resources/photos.yaml").read_text("utf-8"))["Resources"][
        "PhotosBucket"
    ]
    rules = made["Properties"]["LifecycleConfiguration"]["Rules"]
    wanted = {rule["Prefix"]: rule["ExpirationInDays"] for rule in rules if "ExpirationInDays" in rule}
    assert wanted == serve_files.KEPT_DAYS
