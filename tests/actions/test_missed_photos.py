"""A photo that was announced and refused when it came: its sender hears of it, and no list shows its id (design §13)."""

import boto3
import pytest

from chalicelib.actions import photos as uploads
from chalicelib.store import photos as store
from tests.keeping import BUCKET, DESK, a_photo, pictures_kept

LAMP = "楼道灯不亮，夜里看不见"
WHO = "camera"


def announced(service, token):
    """An upload that was granted and has not come yet."""
    return service.post("/api/uploads", {"content_type": "image/jpeg", "size": 900}, token).body["photo_id"]


def comes(photo_id, data=b"no photo at all"):
    boto3.client("s3").put_object(Bucket=BUCKET, Key=f"incoming/{photo_id}", Body=data)
    uploads.take_in(photo_id)


def seen_by_desk(service, ticket_id):
    page = service.get(f"/staff/tickets/{ticket_id}", service.staff(DESK)).body
    return page["photos"] + [photo["id"] for line in page["history"] for photo in line["photos"]]


def inbox(service, who=WHO):
    items = service.get("/api/inbox", service.resident(who)).body["items"]
    return [line["template"] for line in items]


@pytest.mark.parametrize("first", ["the ticket", "the refusal"])
def test_whichever_comes_first_the_sender_hears_once_and_no_list_shows_it(service, first):
    token = service.resident(WHO)
    good, bad = a_photo(service, token), announced(service, token)
    ticket_id = service.report(LAMP, token=token, photos=[good, bad]).body["id"]
    if first == "the ticket":
        service.settle()
    comes(bad)
    service.settle()
    assert uploads.tell_missed(now=service.now) == 1
    assert uploads.tell_missed(now=service.now) == 0
    service.settle()
    assert seen_by_desk(service, ticket_id) == [good]
    mine = service.get(f"/api/tickets/{ticket_id}", token).body
    assert [photo["id"] for photo in mine["photos"]] == [good]
    assert inbox(service).count("photo_missed") == 1
    assert good in pictures_kept()


def test_of_a_comment_too_whoever_joined_alone_hears_it(service):
    ticket_id = service.report(LAMP, token=service.resident(WHO)).body["id"]
    service.settle()
    neighbour = service.resident("neighbour")
    assert service.post(f"/api/tickets/{ticket_id}/join", {}, neighbour).status == 200
    bad = announced(service, neighbour)
    said = {"text": "我家门口也是", "photos": [bad]}
    assert service.post(f"/api/tickets/{ticket_id}/comments", said, neighbour).status == 201
    service.settle()
    comes(bad)
    assert uploads.tell_missed(now=service.now) == 1
    service.settle()
    assert bad not in seen_by_desk(service, ticket_id)
    assert ("photo_missed" in inbox(service, "neighbour"), "photo_missed" in inbox(service)) == (True, False)


def test_what_staff_took_is_told_to_them(service):
    ticket_id = service.report(LAMP, token=service.resident(WHO)).body["id"]
    service.settle()
    bad = announced(service, service.staff(DESK))
    said = {"text": "现场", "photos": [bad]}
    assert service.post(f"/staff/tickets/{ticket_id}/comment", said, service.staff(DESK)).status == 201
    service.settle()
    comes(bad)
    uploads.tell_missed(now=service.now)
    service.settle()
    lines = service.get("/staff/inbox", service.staff(DESK)).body["items"]
    assert "photo_missed_staff" in [line["template"] for line in lines]
    assert "photo_missed" not in inbox(service)


def test_a_photo_that_is_good_or_that_nobody_took_is_no_news(service):
    token = service.resident(WHO)
    service.report(LAMP, token=token, photos=[a_photo(service, token)])
    comes(announced(service, token))
    service.settle()
    assert store.list_missed(limit=10) == []
    assert uploads.tell_missed(now=service.now) == 0
