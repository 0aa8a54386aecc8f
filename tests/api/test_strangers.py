"""Forged tokens, other people's tickets, cursors of other lists: over HTTP, refused, and nothing changed."""

import base64
import json

import pytest

from chalicelib.api import cursors
from chalicelib.store.tickets import tickets
from tests.api.unchanged import (
    DESK,
    HANDLER,
    OTHER_UNIT,
    is_clear,
    nothing_changed,
    two_tickets,
)
from tests.domain.life import received_with
from tests.service import one_service

service, lamp, unchanged = one_service, two_tickets, nothing_changed


@pytest.mark.parametrize(
    "token", ["", "x", "a" * 5000, "Bearer", "%00", "SESSION#abc", "eyJhbGciOiJub25lIn0.e30."]
)
def test_a_forged_token_is_nobody(service, lamp, unchanged, token):
    for path in (f"/api/tickets/{lamp[0]}", f"/staff/tickets/{lamp[0]}", "/staff/queues/desk", "/admin/town"):
        answer = service.get(path, token)
        assert (answer.status, answer.code) == (401, "not_signed_in")
        assert is_clear(answer)


def test_an_expired_session_is_nobody(service, lamp):
    from chalicelib.store.identity import sessions

    token = sessions.start(
        sessions.Kind.STAFF, DESK, channel="console", now=service.now - sessions.STAFF_LASTS
    )
    assert service.get("/staff/me", token).status == 200
    service.later(seconds=1)
    assert service.get("/staff/me", token).code == "not_signed_in"


def test_residents_and_staff_use_their_own_doors(service, lamp, unchanged):
    for path, token in (
        (f"/staff/tickets/{lamp[0]}", service.resident()),
        (f"/api/tickets/{lamp[0]}", service.staff(DESK)),
    ):
        answer = service.get(path, token)
        assert (answer.status, answer.code) == (403, "not_allowed")
        assert is_clear(answer)


@pytest.mark.parametrize(
    "ticket_id",
    ["01JD0000000000000000000000", "x", "编号", "%00", "a" * 300, "..", "TICKET%23x", "'%20OR%201=1"],
)
def test_a_ticket_there_is_not_is_not_found(service, unchanged, ticket_id):
    for answer in (
        service.get(f"/api/tickets/{ticket_id}", service.resident()),
        service.get(f"/staff/tickets/{ticket_id}", service.staff(DESK)),
        service.post(f"/staff/tickets/{ticket_id}/take", {}, service.staff(HANDLER)),
        service.post(f"/desk/tickets/{ticket_id}/answer", {"text": "八点"}, service.staff(DESK)),
        service.post(f"/api/tickets/{ticket_id}/withdraw", {}, service.resident()),
        service.get(f"/api/photos/{ticket_id}", service.resident()),
    ):
        assert (answer.status, answer.code) == (404, "not_found")
        assert is_clear(answer)


def test_other_peoples_tickets_are_not_found_and_other_units_tickets_are_not_either(service, lamp, unchanged):
    assert service.get(f"/api/tickets/{lamp[0]}", service.resident("other")).code == "not_found"
    for act, given in (
        ("take", {}),
        ("arrived", {}),
        ("resolve", {"note": "办好了"}),
        ("comment", {"text": "看看"}),
    ):
        assert service.staff_act(lamp[0], act, OTHER_UNIT, **given).code == "not_found"


@pytest.mark.parametrize("cursor", ["x", "e30=", "%E4%BD%A0", "W10=", "a" * 3000])
@pytest.mark.parametrize(
    "path",
    ["/api/tickets", "/api/inbox", "/staff/queues/desk", "/staff/inbox", "/desk/calls", "/desk/dead-letters"],
)
def test_a_forged_cursor_is_refused(service, unchanged, path, cursor):
    token = service.resident() if path.startswith("/api") else service.staff(DESK)
    answer = service.get(f"{path}?after={cursor}", token)
    assert answer.status in (400, 422), answer.raw
    assert is_clear(answer)


def test_a_cursor_of_another_list_is_refused(service):
    token = service.staff(DESK)
    for n in range(51):
        ticket, event = received_with("小区门口乱糟糟", id=f"01JD00000000000000000000{n:02}")
        tickets.save(ticket.model_copy(update={"station_id": "ST-GGLW"}), event, before=None)
    first = service.get("/staff/queues/desk", token).body
    assert len(first["items"]) == 50
    assert len(service.get(f"/staff/queues/desk?after={first['next']}", token).body["items"]) >= 1
    assert (
        service.get("/staff/queues/desk", token).body["next"] == first["next"]
    )  # the same place, the same cursor
    read = base64.urlsafe_b64decode(first["next"] + "=" * (-len(first["next"]) % 4))
    assert b"01JD" not in read  # the last of a page may be what its reader may not know of
    assert b"QUEUE" not in read
    plain = base64.urlsafe_b64encode(cursors.opened(first["next"]).encode()).decode()
    assert service.get(f"/staff/queues/desk?after={plain}", token).code == "bad_request"
    assert service.get(f"/staff/queues/mine?after={first['next']}", token).code == "bad_request"
    assert (
        service.get(f"/staff/queues/desk?after={first['next']}", service.staff("hjb-fc1")).code
        == "bad_request"
    )


@pytest.mark.parametrize("query", ["", "?number=MS261123-7K3QX9-5", "?number=x", "?place=" + "A" * 201])
def test_a_search_for_nothing_is_refused_and_for_what_there_is_not_finds_nothing(service, unchanged, query):
    answer = service.get(f"/staff/search{query}", service.staff(DESK))
    assert answer.status == 422 or answer.body["items"] == []


def test_a_refusal_is_json_that_nobody_keeps(service):
    answer = service.get("/staff/me")
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert set(json.loads(answer.raw)) == {"code", "message"}
