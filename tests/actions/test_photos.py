"""A photo's way from a phone to the ticket: granted, looked at, shown or refused."""

import json
from datetime import datetime
from io import BytesIO

import boto3
import pytest
from botocore.exceptions import ClientError
from PIL import Image

from chalicelib.actions import photos
from chalicelib.actions.views import ticket_pages
from chalicelib.domain.errors import Invalid, NotFound, NotYours
from chalicelib.domain.model import SHANGHAI
from chalicelib.gateways import photos as pictures
from chalicelib.store import photos as store
from chalicelib.store.identity.sessions import Kind, Session
from chalicelib.store.photos import PhotoState
from chalicelib.tasks.photos import handle
from tests.moto_cloud import ENVIRONMENT, moto_cloud

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=SHANGHAI)
BUCKET = ENVIRONMENT["PHOTOS_BUCKET"]


@pytest.fixture(autouse=True)
def cloud(monkeypatch):
    with moto_cloud(monkeypatch):
        yield


def granted(owner="resident-a", content_type="image/jpeg"):
    return photos.request_upload(content_type, 1000, owner=owner, now=NOW)["photo_id"]


def a_resident(subject):
    return Session(kind=Kind.RESIDENT, subject=subject, channel="browser", expires_at=NOW)


def a_jpeg(colour="red"):
    out = BytesIO()
    Image.new("RGB", (60, 30), colour).save(out, "JPEG")
    return out.getvalue()


def uploaded(photo_id, data=None):
    boto3.client("s3").put_object(
        Bucket=BUCKET, Key=f"incoming/{photo_id}", Body=a_jpeg() if data is None else data
    )
    return photo_id


def keys():
    return sorted(
        item["Key"] for item in boto3.client("s3").list_objects_v2(Bucket=BUCKET).get("Contents", [])
    )


def message(*object_keys, message_id="m1"):
    records = [{"s3": {"bucket": {"name": BUCKET}, "object": {"key": key}}} for key in object_keys]
    return {"messageId": message_id, "body": json.dumps({"Records": records})}


@pytest.mark.parametrize(
    ("size", "taken"), [(-1, False), (0, False), (1, True), (10_485_760, True), (10_485_761, False)]
)
def test_a_photo_has_between_one_byte_and_ten_megabytes(size, taken):
    if taken:
        assert photos.request_upload("image/webp", size, owner="a", now=NOW)["url"]
    else:
        with pytest.raises(Invalid, match="10 MB"):
            photos.request_upload("image/webp", size, owner="a", now=NOW)


@pytest.mark.parametrize(
    "content_type", ["image/jpg", "image/heic", "IMAGE/JPEG", "", "application/octet-stream"]
)
def test_a_photo_may_be_called_by_any_name_a_phone_gives_it(content_type):
    assert photos.request_upload(content_type, 10, owner="a", now=NOW)["url"]


@pytest.mark.parametrize(
    "content_type",
    ["image/svg+xml", "image/gif", "text/html", "video/mp4", "image/x;a=b", "image/" + "x" * 50],
)
def test_only_still_photos_may_be_uploaded(content_type):
    with pytest.raises(Invalid, match="JPG"):
        photos.request_upload(content_type, 10, owner="a", now=NOW)


def test_a_good_upload_is_shown_and_its_original_deleted():
    photo_id = uploaded(granted())
    assert handle({"Records": [message(f"incoming/{photo_id}")]}) == {"batchItemFailures": []}
    assert store.get(photo_id).state is PhotoState.READY
    assert keys() == [f"photos/{photo_id}.jpg", f"thumbs/{photo_id}.jpg"]


@pytest.mark.parametrize("data", [b"", b"no photo", a_jpeg()[:-100]])
def test_an_upload_that_is_no_photo_is_refused_and_deleted(data):
    photo_id = uploaded(granted(), data)
    photos.take_in(photo_id)
    assert store.get(photo_id).state is PhotoState.REFUSED
    assert keys() == []
    with pytest.raises(NotFound, match="重新拍"):
        photos.link(photo_id, None, who=a_resident("resident-a"), now=NOW)


def test_an_upload_larger_than_the_form_allowed_is_refused(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_BYTES", 100)
    photo_id = uploaded(store.grant("a", "image/jpeg", NOW).id, a_jpeg())
    photos.take_in(photo_id)
    assert store.get(photo_id).state is PhotoState.REFUSED


def test_the_same_event_twice_does_the_same_as_once():
    photo_id = uploaded(granted())
    photos.take_in(photo_id)
    before = boto3.client("s3").get_object(Bucket=BUCKET, Key=f"photos/{photo_id}.jpg")["Body"].read()
    photos.take_in(photo_id)
    assert store.get(photo_id).state is PhotoState.READY
    assert boto3.client("s3").get_object(Bucket=BUCKET, Key=f"photos/{photo_id}.jpg")["Body"].read() == before


def test_a_second_upload_cannot_replace_what_has_been_seen():
    photo_id = uploaded(granted())
    photos.take_in(photo_id)
    before = boto3.client("s3").get_object(Bucket=BUCKET, Key=f"photos/{photo_id}.jpg")["Body"].read()
    photos.take_in(uploaded(photo_id, a_jpeg("blue")))
    assert boto3.client("s3").get_object(Bucket=BUCKET, Key=f"photos/{photo_id}.jpg")["Body"].read() == before
    assert f"incoming/{photo_id}" not in keys()


def test_an_event_before_or_without_its_upload_changes_nothing():
    photo_id = granted()
    photos.take_in(photo_id)
    assert store.get(photo_id).state is PhotoState.GRANTED


def test_an_upload_that_nobody_was_granted_is_deleted():
    photos.take_in(uploaded("01UNKNOWN"))
    assert keys() == []


@pytest.mark.parametrize("step", ["publish", "discard_incoming"])
def test_a_run_that_dies_in_the_middle_is_finished_by_the_next(monkeypatch, step):
    photo_id = uploaded(granted())

    def dies(*args, **kwargs):
        raise ClientError({"Error": {"Code": "SlowDown"}}, step)

    with monkeypatch.context() as fault:
        fault.setattr(pictures, step, dies)
        answer = handle({"Records": [message(f"incoming/{photo_id}")]})
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    assert handle({"Records": [message(f"incoming/{photo_id}")]}) == {"batchItemFailures": []}
    assert store.get(photo_id).state is PhotoState.READY
    assert keys() == [f"photos/{photo_id}.jpg", f"thumbs/{photo_id}.jpg"]


def test_only_the_messages_that_failed_come_again():
    photo_id = uploaded(granted())
    broken = {"messageId": "broken", "body": "{"}
    strange = {"messageId": "strange", "body": '{"Records": [{"s3": {}}]}'}
    answer = handle({"Records": [broken, message(f"incoming/{photo_id}", message_id="good"), strange]})
    assert [item["itemIdentifier"] for item in answer["batchItemFailures"]] == ["broken", "strange"]
    assert store.get(photo_id).state is PhotoState.READY


@pytest.mark.parametrize("body", ['{"Service": "Amazon S3", "Event": "s3:TestEvent"}', '{"Records": []}'])
def test_s3s_own_test_event_is_ignored(body):
    assert handle({"Records": [{"messageId": "m", "body": body}]}) == {"batchItemFailures": []}
    assert handle({}) == {"batchItemFailures": []}


def test_other_prefixes_are_left_alone():
    boto3.client("s3").put_object(Bucket=BUCKET, Key="photos/x.jpg", Body=b"x")
    handle({"Records": [message("photos/x.jpg")]})
    assert keys() == ["photos/x.jpg"]


def test_an_uploader_sees_the_photo_once_it_is_ready():
    photo_id = uploaded(granted("a"))
    with pytest.raises(photos.NotReady):
        photos.link(photo_id, None, who=a_resident("a"), now=NOW)
    photos.take_in(photo_id)
    assert f"photos/{photo_id}.jpg" in photos.link(photo_id, None, who=a_resident("a"), now=NOW)["url"]
    assert (
        f"thumbs/{photo_id}.jpg"
        in photos.link(photo_id, None, who=a_resident("a"), now=NOW, thumbnail=True)["url"]
    )


def test_others_see_it_only_in_a_ticket_that_they_may_see(monkeypatch):
    photo_id = uploaded(granted("a"))
    photos.take_in(photo_id)
    shown = {("T1", "b"): (photo_id,), ("T2", "b"): ("another",)}
    monkeypatch.setattr(
        ticket_pages, "photos_shown", lambda ticket_id, staff, resident: shown[ticket_id, resident]
    )
    assert photos.link(photo_id, "T1", who=a_resident("b"), now=NOW)["url"]
    for ticket_id in ("T2", None):
        with pytest.raises(NotFound):
            photos.link(photo_id, ticket_id, who=a_resident("b"), now=NOW)
    with pytest.raises(NotFound):
        photos.link("unknown", None, who=a_resident("a"), now=NOW)


def test_a_report_takes_each_of_ones_own_photos_once():
    ids = [granted() for _ in range(9)]
    assert store.check_owner([*ids, ids[0]], "resident-a") == tuple(ids)
    assert store.check_owner([], "resident-a") == ()


def test_a_report_refuses_ten_photos_unknown_ones_refused_ones_and_those_of_others():
    mine, other = granted(), granted("resident-b")
    with pytest.raises(Invalid, match="9"):
        store.check_owner([f"id{n}" for n in range(10)], "resident-a")
    with pytest.raises(Invalid, match="没有上传成功"):
        store.check_owner([mine, "unknown"], "resident-a")
    with pytest.raises(NotYours):
        store.check_owner([mine, other], "resident-a")
    photos.take_in(uploaded(mine, b"no photo"))
    with pytest.raises(Invalid, match="重新拍"):
        store.check_owner([mine], "resident-a")
