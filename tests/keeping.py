"""Reports with photos, and their ends, for the tests of what is kept how long."""

import io

import boto3
from PIL import Image

from chalicelib.actions import photos as uploads
from chalicelib.domain.tickets.ticket import Stage
from chalicelib.store.identity import sessions
from tests.moto_cloud import ENVIRONMENT

DESK = "gglw-fc1"
QUESTION = "想问问哪里办居住证"
BUCKET = ENVIRONMENT["PHOTOS_BUCKET"]


def a_photo(service, token):
    """Uploaded and looked at, as a browser and the photos function do it."""
    answer = service.post("/api/uploads", {"content_type": "image/jpeg", "size": 9_000}, token)
    photo_id = answer.body["photo_id"]
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(drawn, "JPEG")
    boto3.client("s3").put_object(Bucket=BUCKET, Key=f"incoming/{photo_id}", Body=drawn.getvalue())
    uploads.take_in(photo_id)
    return photo_id


def pictures_kept():
    listed = boto3.client("s3").list_objects_v2(Bucket=BUCKET).get("Contents", [])
    return {item["Key"].partition("/")[2].removesuffix(".jpg") for item in listed}


def reported(service, who="resident", **more):
    ticket_id = service.report(QUESTION, token=service.resident(who), **more).body["id"]
    service.settle()
    return ticket_id


def ended(service, who="resident", **more):
    """Answered on the spot, which closes it."""
    ticket_id = reported(service, who, **more)
    answer = service.desk_act(ticket_id, "answer", DESK, text="带身份证到社区事务受理中心办理")
    assert service.ticket(ticket_id).stage is Stage.CLOSED, answer.raw
    service.settle()
    return ticket_id


def subject_of(service, who):
    return sessions.find(service.resident(who), service.now).subject
