"""Uploads that no ticket took go after two days (rule 58); whatever a ticket holds stays."""

from datetime import timedelta

import pytest

from chalicelib.actions import retention
from chalicelib.actions.turns import whole
from chalicelib.domain.errors import Invalid
from chalicelib.gateways import photos as pictures
from chalicelib.store import photos
from chalicelib.store.notices import dead_letters
from chalicelib.store.photos import PhotoState
from tests.keeping import DESK, a_photo, pictures_kept, reported, subject_of

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(("age", "gone"), [(timedelta(days=2) - SECOND, 0), (timedelta(days=2), 1)])
def test_an_upload_that_no_ticket_took_goes_after_two_days(service, age, gone):
    photo_id = a_photo(service, service.resident())
    assert whole(retention.remove_unused_photos(now=service.now + age)) == gone
    assert (photo_id not in pictures_kept(), photos.find(photo_id) is None) == (bool(gone),) * 2


def test_an_upload_that_never_came_goes_too(service):
    answer = service.post("/api/uploads", {"content_type": "image/jpeg", "size": 9}, service.resident())
    assert whole(retention.remove_unused_photos(now=service.now + timedelta(days=2))) == 1
    assert photos.find(answer.body["photo_id"]) is None


def test_photos_of_a_report_a_comment_and_an_act_stay(service):
    resident = service.resident()
    of_report, of_comment = a_photo(service, resident), a_photo(service, resident)
    ticket_id = reported(service, photos=[of_report])
    service.post(f"/api/tickets/{ticket_id}/comments", {"text": "再补一张", "photos": [of_comment]}, resident)
    of_staff = a_photo(service, service.staff(DESK))
    body = {"text": "现场情况", "photos": [of_staff], "public": True}
    assert service.post(f"/staff/tickets/{ticket_id}/comment", body, service.staff(DESK)).status in (200, 201)
    service.settle()
    assert whole(retention.remove_unused_photos(now=service.now + timedelta(days=3))) == 0
    assert {of_report, of_comment, of_staff} <= pictures_kept()
    assert {photos.get(photo_id).ticket_id for photo_id in (of_report, of_comment, of_staff)} == {ticket_id}


def test_a_photo_that_a_ticket_takes_in_the_last_moment_stays(service):
    photo_id = a_photo(service, service.resident())
    photos.take([photo_id], "01KAT")
    assert not photos.give_up(photo_id)
    assert photos.get(photo_id).state is PhotoState.READY


def test_a_photo_given_up_cannot_be_sent_any_more(service):
    photo_id = a_photo(service, service.resident())
    assert photos.give_up(photo_id)
    with pytest.raises(Invalid, match="重新添加"):
        photos.check_owner([photo_id], subject_of(service, "resident"))


def test_a_removal_of_photos_that_dies_is_finished_the_next_night(service, monkeypatch):
    photo_id = a_photo(service, service.resident())
    with monkeypatch.context() as killed:
        killed.setattr(pictures, "discard", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            whole(retention.remove_unused_photos(now=service.now + timedelta(days=2)))
    assert whole(retention.remove_unused_photos(now=service.now + timedelta(days=3))) == 1
    assert photo_id not in pictures_kept()


def test_no_upload_goes_while_a_line_of_history_could_not_be_processed(service):
    photo_id = a_photo(service, service.resident())
    letter = dead_letters.add({"dynamodb": {}}, reason="x", passes=False, now=service.now)
    assert whole(retention.remove_unused_photos(now=service.now + timedelta(days=9))) == 0
    dead_letters.done(letter, service.now)
    assert whole(retention.remove_unused_photos(now=service.now + timedelta(days=9))) == 1
    assert photos.find(photo_id) is None


def test_a_photo_taken_twice_belongs_to_the_last_ticket_and_one_that_is_gone_is_left_out(service):
    photo_id = a_photo(service, service.resident())
    photos.take([photo_id, "01GONE"], "01A")
    photos.take([photo_id], "01B")
    assert photos.get(photo_id).ticket_id == "01B"
    assert photos.find("01GONE") is None
