"""A phone that was without signal sends what it kept: once, hours later, and is told when others were faster."""

from datetime import timedelta

import pytest

from chalicelib.store.requests import idempotency
from chalicelib.store.table import Table
from tests.api.tickets.test_screens import a_report


def taken(service):
    ticket_id = a_report(service)
    handler = service.ticket(ticket_id).handler_id
    assert service.staff_act(ticket_id, "take", handler).status == 200
    return ticket_id, handler


def send(service, ticket_id, by, version, key="kept-on-the-phone"):
    body = {"text": "已到现场", "version": version}
    return service.post(f"/staff/tickets/{ticket_id}/unit-feedback", body, service.staff(by), key=key)


@pytest.mark.parametrize("hours", [1, 24, 7 * 24 - 1])
def test_an_act_sent_again_hours_later_answers_as_the_first_time(service, hours):
    ticket_id, handler = taken(service)
    version = service.ticket(ticket_id).version
    first = send(service, ticket_id, handler, version)
    assert first.status == 200, first.raw
    service.later(hours=hours)
    again = send(service, ticket_id, handler, version)
    assert (again.status, again.body["id"]) == (200, ticket_id)
    assert service.ticket(ticket_id).version == first.body["version"]


def test_a_key_is_kept_for_seven_days(service):
    ticket_id, handler = taken(service)
    sent_at = service.now
    send(service, ticket_id, handler, None)
    kept = next(item for item in service.items(Table.WORK) if item["PK"].endswith("#kept-on-the-phone"))
    assert (
        timedelta(seconds=kept["expires"] - int(sent_at.timestamp())) == idempotency.KEPT == timedelta(days=7)
    )


def test_an_act_that_was_overtaken_is_told_in_chinese_what_was_done(service):
    ticket_id, handler = taken(service)
    seen = service.ticket(ticket_id).version
    service.later(hours=3)
    head, unit = "pm-shjy-head", "PM-SHJY"
    given = service.staff_act(
        ticket_id, "transfer", head, unit_id=unit, handler_id="pm-shjy-b", note="换人办"
    )
    assert given.status == 200, given.raw
    refused = send(service, ticket_id, handler, seen)
    assert (refused.status, refused.code) == (409, "stale")
    (change,) = refused.body["changes"]
    assert (change["kind"], change["by"]) == ("transferred", head)
    assert change["at"] == "2026-11-23T13:00:00+08:00"
    assert change["what"] == "盛华景苑物业服务处改派给盛华景苑物业服务处办理"
    assert "11月23日 13:00 盛华景苑物业服务处改派给盛华景苑物业服务处办理" in refused.body["message"]


def test_whoever_may_not_see_a_ticket_is_not_told_what_was_done_either(service):
    ticket_id, _ = taken(service)
    answer = send(service, ticket_id, "hjb-fc1", 1)
    assert (answer.status, answer.code) == (404, "not_found")
    assert "changes" not in answer.body


def test_a_residents_words_may_bring_photos(service):
    ticket_id = a_report(service)
    upload = service.post("/api/uploads", {"content_type": "image/jpeg", "size": 1000}, service.resident())
    photo = upload.body["photo_id"]
    said = service.post(
        f"/api/tickets/{ticket_id}/comments", {"text": "拍了一张", "photos": [photo]}, service.resident()
    )
    assert said.status == 201, said.raw
    shown = service.get(f"/api/tickets/{ticket_id}", service.resident()).body["timeline"]
    assert [{"id": photo}] in [line["photos"] for line in shown]
