"""What the desk has before something goes out: covered photos, the words that residents will read, who else is writing."""

from io import BytesIO

import boto3
import pytest
from PIL import Image

from chalicelib.actions import photos
from chalicelib.store import photos as store
from chalicelib.store.table import Table
from tests.api.tickets.test_screens import a_report, desk_of
from tests.moto_cloud import ENVIRONMENT

HALF = {"boxes": [{"left": 0, "top": 0, "right": 500, "bottom": 1000}]}


def a_photo(service, token):
    """The id of one that was received."""
    out = BytesIO()
    Image.new("RGB", (60, 30), "red").save(out, "JPEG")
    asked = service.post("/api/uploads", {"content_type": "image/jpeg", "size": 900}, token)
    photo = asked.body["photo_id"]
    boto3.client("s3").put_object(
        Bucket=ENVIRONMENT["PHOTOS_BUCKET"], Key=f"incoming/{photo}", Body=out.getvalue()
    )
    photos.take_in(photo)
    return photo


def a_photographed_report(service):
    """A lamp with a photo that shows a face, dispatched; with the photo's id."""
    photo = a_photo(service, service.resident())
    return a_report(service, photos=[photo]), photo


def covered(service, ticket_id, photo, by, body=HALF):
    return service.post(f"/desk/tickets/{ticket_id}/photos/{photo}/cover", body, service.staff(by))


def looked(service, ticket_id, photo, token, more=""):
    answer = service.get(f"/api/photos/{photo}?ticket_id={ticket_id}{more}", token)
    assert answer.status == 200, answer.raw
    return answer.body


def test_a_unit_sees_the_covered_photo_and_the_original_stays_for_its_owner_and_the_desk(service):
    ticket_id, photo = a_photographed_report(service)
    desk, unit = desk_of(service, ticket_id), service.ticket(ticket_id).handler_id
    assert f"photos/{photo}.jpg" in looked(service, ticket_id, photo, service.staff(unit))["url"]
    assert covered(service, ticket_id, photo, desk).status == 200
    for more in ("", "&size=thumb", "&original=1"):
        seen = looked(service, ticket_id, photo, service.staff(unit), more)
        assert photo not in seen["url"].split("?")[0]
        assert seen["covered"]
        assert not seen["may_cover"]
    assert f"photos/{photo}.jpg" in looked(service, ticket_id, photo, service.resident())["url"]
    assert photo not in looked(service, ticket_id, photo, service.staff(desk))["url"].split("?")[0]
    whole = looked(service, ticket_id, photo, service.staff(desk), "&original=1")
    assert f"photos/{photo}.jpg" in whole["url"]
    assert whole["may_cover"]


def test_the_desk_sees_its_own_photo_covered_as_others_do(service):
    """A clerk puts a caller's photo in, covers a part, and must see whether it lies where it should."""
    ticket_id, _ = a_photographed_report(service)
    desk = desk_of(service, ticket_id)
    own = a_photo(service, service.staff(desk))
    said = service.staff_act(ticket_id, "comment", desk, text="来人带来的照片", photos=[own], public=True)
    assert said.status == 201, said.raw
    assert covered(service, ticket_id, own, desk).status == 200
    assert own not in looked(service, ticket_id, own, service.staff(desk))["url"].split("?")[0]
    assert own in looked(service, ticket_id, own, service.staff(desk), "&original=1")["url"].split("?")[0]


def test_covering_again_deletes_the_picture_before_and_no_boxes_show_the_original(service):
    ticket_id, photo = a_photographed_report(service)
    desk, unit = desk_of(service, ticket_id), service.ticket(ticket_id).handler_id
    covered(service, ticket_id, photo, desk)
    first = store.get(photo).covered_as
    covered(service, ticket_id, photo, desk)
    there = [
        item["Key"]
        for item in boto3.client("s3").list_objects_v2(Bucket=ENVIRONMENT["PHOTOS_BUCKET"])["Contents"]
    ]
    assert f"photos/{first}.jpg" not in there
    assert covered(service, ticket_id, photo, desk, {"boxes": []}).status == 200
    assert f"photos/{photo}.jpg" in looked(service, ticket_id, photo, service.staff(unit))["url"]


@pytest.mark.parametrize(
    "box",
    [
        {"left": 500, "top": 0, "right": 500, "bottom": 10},
        {"left": 0, "top": 20, "right": 10, "bottom": 10},
        {"left": -1, "top": 0, "right": 10, "bottom": 10},
        {"left": 0, "top": 0, "right": 1001, "bottom": 10},
    ],
)
def test_a_box_that_covers_nothing_or_lies_beside_the_photo_is_refused(service, box):
    ticket_id, photo = a_photographed_report(service)
    assert covered(service, ticket_id, photo, desk_of(service, ticket_id), {"boxes": [box]}).status == 422


def test_only_the_tickets_desk_covers_and_only_its_photos(service):
    ticket_id, photo = a_photographed_report(service)
    desk, unit = desk_of(service, ticket_id), service.ticket(ticket_id).handler_id
    assert covered(service, ticket_id, photo, unit).status == 403
    assert covered(service, ticket_id, "01JD0000000000000000000000", desk).status == 404


def previewed(service, ticket_id, act, by, **body):
    return service.post(f"/staff/tickets/{ticket_id}/preview", {"act": act, "given": body}, service.staff(by))


def test_the_words_shown_before_an_act_are_those_that_the_resident_then_reads(service):
    ticket_id = a_report(service, "请问社区食堂几点开门")
    desk, words = desk_of(service, ticket_id), "每天十点半开门，电话13812345678"
    before = service.ticket(ticket_id)
    shown = previewed(service, ticket_id, "answer", desk, text=words)
    assert shown.status == 200, shown.raw
    assert service.ticket(ticket_id) == before
    assert "13812345678" not in shown.raw.decode()
    assert service.desk_act(ticket_id, "answer", desk, text=words).status == 200
    service.settle()
    inbox = service.get("/api/inbox", service.resident()).body["items"]
    assert [each["text"] for each in shown.body["items"] if each["to"] == "reporter"] == [inbox[0]["text"]]


def test_a_preview_is_refused_for_what_the_act_would_be(service):
    ticket_id = a_report(service)
    desk = desk_of(service, ticket_id)
    assert previewed(service, ticket_id, "answer", desk).status == 422
    assert previewed(service, ticket_id, "close", desk).status == 409
    assert previewed(service, ticket_id, "split", desk, note="不是").status == 404
    assert (
        previewed(service, ticket_id, "dispatch", service.ticket(ticket_id).handler_id, unit_id="X").status
        == 403
    )


def test_who_else_is_writing_is_told_for_a_minute_and_nobody_is_written_twice_in_half_of_it(service):
    ticket_id = a_report(service)
    desk, unit = desk_of(service, ticket_id), service.ticket(ticket_id).handler_id

    def writes(by):
        return service.post(f"/staff/tickets/{ticket_id}/writing", {}, service.staff(by)).body["other"]

    def noted():
        return next(item["at"] for item in service.items(Table.WORK) if item["PK"] == f"WRITING#{ticket_id}")

    assert writes(desk) is None
    first = noted()
    service.later(seconds=29)
    assert writes(desk) is None
    assert noted() == first
    assert writes(unit)["code"] == desk
    service.later(seconds=59)
    assert writes(desk)["code"] == unit
    service.later(seconds=60)
    assert writes(unit) is None
