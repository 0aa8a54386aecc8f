"""锁屏 over HTTP: a console's token that locks, the PIN at a registered computer, the next clerk, the watch (rule 103)."""

import base64
import json
from datetime import timedelta

import pytest

from chalicelib.actions.identity import locking, revealing
from chalicelib.domain.errors import Locked
from chalicelib.domain.views.ticket_view import watched_row
from chalicelib.store.identity import audit, computers, sign_in_codes
from chalicelib.store.table import Table
from chalicelib.store.tickets import consoles
from tests.service import one_service

service = one_service
A, B, HEAD, PIN = "gglw-fc1", "gglw-fc2", "gglw-head", "2580"


def signed_in(service, who=A, *, made_by="", **more):
    code = sign_in_codes.issue(who, service.now, made_by=made_by)
    answer = service.post("/staff/sessions", {"code": code, "console": True} | more)
    assert answer.status == 201, answer.raw
    return answer.body["token"]


def seated(service, who=A, name="窗口一"):
    """Somebody at a registered computer with a PIN: the token and the computer's secret."""
    token = signed_in(service, who)
    secret = service.post("/staff/computers", {"name": name}, token).body["computer"]
    assert service.put("/staff/pin", {"pin": PIN, "computer": secret}, token).status == 200
    return token, secret


def unlock(service, token, secret, pin=PIN, **more):
    return service.post("/staff/sessions/unlock", {"pin": pin, "computer": secret} | more, token)


def is_open(service, token):
    return service.get("/staff/me", token).status == 200


def stay(service, token, idle_seconds=0, **more):
    return service.post("/staff/sessions/stay", {"idle_seconds": idle_seconds} | more, token)


def test_a_console_s_token_is_locked_after_fifteen_minutes_without_a_key_and_not_before(service):
    token = signed_in(service)
    service.later(minutes=15)
    assert is_open(service, token)
    service.later(milliseconds=1)
    answer = service.get("/staff/me", token)
    assert (answer.status, answer.code) == (401, "locked")


@pytest.mark.parametrize(("is_busy", "minutes"), [(False, 15), (True, 60)])
def test_a_key_keeps_it_open_from_the_key_on_and_a_call_or_unsent_words_sixty_minutes(
    service, is_busy, minutes
):
    token = signed_in(service)
    service.later(minutes=10)
    assert stay(service, token, 120, is_busy=is_busy).status == 200
    service.later(minutes=minutes - 2)
    assert is_open(service, token)
    service.later(milliseconds=1)
    assert service.get("/staff/me", token).code == "locked"
    assert stay(service, token).code == "locked"  # a key comes too late


@pytest.mark.parametrize("idle", [-1, 3601, "x", None])
def test_a_key_that_could_not_be_is_refused(service, idle):
    assert stay(service, signed_in(service), idle).status == 422


def test_a_shift_ends_after_twelve_hours_whatever_was_typed(service):
    token = signed_in(service)
    for _ in range(48):
        service.later(minutes=15)
        assert stay(service, token).status == 200
    service.later(milliseconds=1)
    assert service.get("/staff/me", token).code == "not_signed_in"


def test_a_phone_s_token_never_locks(service):
    code = sign_in_codes.issue(A, service.now)
    answer = service.post("/staff/sessions", {"code": code})
    assert answer.body["staff"]["lock"] is None
    token = answer.body["token"]
    for path, body in (("stay", {"idle_seconds": 0}), ("lock", {})):
        assert service.post(f"/staff/sessions/{path}", body, token).code == "not_allowed"
    service.later(days=2)
    assert is_open(service, token)


def test_a_locked_token_opens_nothing_but_the_watch_the_pin_and_the_door(service, request):
    token, secret = seated(service)
    ticket_id = service.report("楼道灯不亮", token=service.resident(request.node.name)).body["id"]
    assert service.post("/staff/sessions/lock", {}, token).status == 200
    paths = ("/staff/me", "/staff/live", "/staff/queues/desk", f"/staff/tickets/{ticket_id}", "/staff/inbox")
    assert {service.get(path, token).code for path in paths} == {"locked"}
    given = {"fields": ["phone"], "reason": "follow_up"}
    assert service.post(f"/staff/tickets/{ticket_id}/reveal", given, token).code == "locked"
    assert service.put("/staff/pin", {"pin": "1470", "computer": secret}, token).code == "locked"
    assert service.post("/staff/computers", {"name": "窗口二"}, token).code == "locked"
    assert service.get("/staff/watch", token).status == 200
    answer = unlock(service, token, secret)
    assert (answer.status, answer.body["code"]) == (200, A)
    assert service.get("/staff/me", token).code == "locked"  # what lay there for whoever passed opens nothing
    token = answer.body["token"]
    assert is_open(service, token)
    service.post("/staff/sessions/lock", {}, token)
    assert service.post("/staff/sessions/end", {}, token).status == 200
    assert service.get("/staff/watch", token).code == "not_signed_in"


def test_the_vault_itself_refuses_a_locked_token(service, request):
    token, _ = seated(service)
    service.post("/staff/sessions/lock", {}, token)
    with pytest.raises(Locked):
        revealing._staff(token, service.now)


def test_the_pin_is_tried_five_times_and_then_a_code_is_needed_and_there_is_a_trace(service):
    token, secret = seated(service)
    service.post("/staff/sessions/lock", {}, token)
    answers = [unlock(service, token, secret, "1357") for _ in range(5)]
    assert [each.code for each in answers] == ["wrong_pin"] * 4 + ["not_signed_in"]
    assert [each.body.get("tries_left") for each in answers] == [4, 3, 2, 1, None]
    assert unlock(service, token, secret).code == "not_signed_in"
    assert [each.why for each in audit.list_traces("sign-in") if each.what == "pin_used_up"] == ["窗口一"]
    again = signed_in(service, A, computer=secret)  # known by code, so the PIN has its tries again
    service.post("/staff/sessions/lock", {}, again)
    assert unlock(service, again, secret).status == 200


def test_a_pin_opens_nothing_at_another_computer_nor_without_its_secret(service):
    token, secret = seated(service)
    _, other = seated(service, name="窗口二")
    service.post("/staff/sessions/lock", {}, token)
    for wrong in (other, "", "x.y", f"{secret}x"):
        assert unlock(service, token, wrong).code == "not_signed_in"
    assert unlock(service, token, secret).status == 200


def test_a_computer_of_another_unit_takes_no_pin(service):
    _, secret = seated(service)
    guest = signed_in(service, "hjb-fc1", computer=secret)
    answer = service.put("/staff/pin", {"pin": PIN, "computer": secret}, guest)
    assert (answer.status, answer.code) == (403, "not_allowed")
    assert service.get("/staff/me", guest).body["lock"]["is_registered"] is False


def test_a_session_by_somebody_else_s_code_sets_no_pin_and_registers_nothing(service):
    token, secret = seated(service)
    borrowed = signed_in(service, A, made_by=HEAD, computer=secret)
    assert service.put("/staff/pin", {"pin": "1470", "computer": secret}, borrowed).code == "not_allowed"
    assert service.post("/staff/computers", {"name": "窗口三"}, borrowed).code == "not_allowed"
    service.post("/staff/sessions/lock", {}, token)
    assert unlock(service, token, secret, "1470").code == "wrong_pin"


@pytest.mark.parametrize("pin", ["1234", "0000", "12", "1234567", "abcd"])
def test_a_pin_that_is_easily_guessed_is_refused(service, pin):
    token, secret = seated(service)
    assert service.put("/staff/pin", {"pin": pin, "computer": secret}, token).status == 422


def test_the_next_clerk_takes_the_place_in_one_step_and_comes_back_by_pin(service):
    first, secret = seated(service)
    second = signed_in(service, B, computer=secret, leaving=first)
    assert is_open(service, second)
    assert service.get("/staff/me", first).code == "locked"
    assert service.put("/staff/pin", {"pin": "8642", "computer": secret}, second).status == 200
    opened = unlock(service, first, secret, leaving=second)
    assert service.get("/staff/me", second).code == "locked"
    assert is_open(service, opened.body["token"])


def test_a_token_that_was_read_off_a_locked_screen_is_dead_once_its_owner_is_back(service):
    """Copied with the browser's tools beside the computer's secret; without the PIN it opens nothing, then or later."""
    copied, secret = seated(service)
    service.post("/staff/sessions/lock", {}, copied)
    mine = unlock(service, copied, secret).body["token"]
    assert {service.get(path, copied).code for path in ("/staff/me", "/staff/live", "/staff/inbox")} == {
        "locked"
    }
    assert stay(service, copied).code == "locked"
    service.later(minutes=2, seconds=1)
    assert unlock(service, copied, secret).code == "not_signed_in"
    assert service.get("/staff/watch", copied).code == "not_signed_in"
    assert is_open(service, mine)
    assert service.post("/staff/sessions/end", {}, mine).status == 200
    assert {service.get("/staff/watch", each).status for each in (copied, mine)} == {401}


def test_an_answer_that_was_lost_costs_nobody_a_code(service):
    token, secret = seated(service)
    service.post("/staff/sessions/lock", {}, token)
    unlock(service, token, secret)  # nobody hears of it
    service.later(minutes=1)
    assert is_open(service, unlock(service, token, secret).body["token"])


def test_no_token_that_was_there_before_becomes_the_one_of_who_signs_in(service):
    """Whatever lay in the browser, sent along in whatever way: whose token it is was decided when it was made."""
    stranger, other = service.resident(), signed_in(service, B)
    code = sign_in_codes.issue(A, service.now)
    given = {"code": code, "console": True, "leaving": other}
    mine = service._ask(
        "POST", "/staff/sessions", stranger, json.dumps(given).encode(), {"Cookie": f"token={stranger}"}
    )
    assert mine.body["token"] not in (stranger, other)
    assert not {"Set-Cookie", "set-cookie"} & set(mine.headers)
    assert service.get("/staff/me", stranger).status == 403
    assert service.get("/staff/me", other).code == "locked"
    assert service.get("/staff/me", mine.body["token"]).body["code"] == A


def test_a_wrong_code_or_pin_locks_nobody_out(service):
    first, secret = seated(service)
    given = {"code": f"{B}-00000000", "console": True, "computer": secret, "leaving": first}
    assert service.post("/staff/sessions", given).status == 401
    second = signed_in(service, B, computer=secret)
    service.post("/staff/sessions/lock", {}, second)
    assert unlock(service, second, secret, "1357", leaving=first).status == 401  # B has no PIN there
    assert is_open(service, first)


def test_a_removed_computer_opens_by_code_alone(service):
    token, secret = seated(service)
    [mine] = [each for each in service.get("/staff/computers", token).body["items"] if each["id"] in secret]
    assert service.delete(f"/staff/computers/{mine['id']}", service.staff("hjb-fc1")).code == "not_allowed"
    service.post("/staff/sessions/lock", {}, token)
    assert service.delete(f"/staff/computers/{mine['id']}", service.staff(HEAD)).status == 200
    assert unlock(service, token, secret).code == "not_signed_in"
    assert service.get("/staff/watch", token).code == "not_signed_in"
    assert service.delete(f"/staff/computers/{mine['id']}", service.staff(HEAD)).code == "not_found"


def test_whoever_is_signed_in_at_a_computer_is_not_once_it_is_removed(service):
    token, secret = seated(service)
    second = signed_in(service, B, computer=secret)
    phone = service.staff(A)
    service.delete(f"/staff/computers/{secret.partition('.')[0]}", service.staff(HEAD))
    assert [is_open(service, each) for each in (token, second, phone)] == [False, False, True]


def test_a_unit_has_so_many_computers_and_no_more(monkeypatch, service):
    monkeypatch.setattr(locking.rules, "MOST_COMPUTERS", len(computers.list_computers("ST-HJB")) + 1)
    token = signed_in(service, "hjb-fc1")
    assert service.post("/staff/computers", {"name": "窗口一"}, token).status == 201
    assert service.post("/staff/computers", {"name": "窗口二"}, token).code == "too_much"


def draft_key(service, token):
    return service.get("/staff/me", token).body["lock"]["draft_key"]


def test_the_key_of_drafts_is_the_person_s_at_every_sign_in_and_nobody_else_s(service):
    token, secret = seated(service)
    again, next_clerk = signed_in(service, A), signed_in(service, B, computer=secret)
    borrowed = signed_in(service, A, made_by=HEAD)
    keys = [draft_key(service, each) for each in (token, again, next_clerk, borrowed)]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3
    assert len(base64.b64decode(keys[0])) == 32
    assert service.get("/staff/me", service.staff(A)).body["lock"] is None
    service.post("/staff/sessions/lock", {}, token)
    assert service.get("/staff/me", token).code == "locked"


def told_of(monkeypatch):
    told = []
    monkeypatch.setattr(
        locking.notifying, "tell_staff", lambda code, what, *_, **__: told.append((code, what)) or []
    )
    return told


def test_registering_is_traced_and_told_to_the_head(monkeypatch, service):
    told = told_of(monkeypatch)
    service.later(seconds=1)
    seated(service, name="大厅左边")
    assert told == [(HEAD, "computer_registered")]
    written = {(each.what, each.viewer, each.why) for each in audit.list_traces("sign-in")[-2:]}
    assert written == {("computer_registered", A, "大厅左边"), ("pin_set", A, "大厅左边")}


def test_a_sealed_code_signs_in_once_and_is_told_to_its_person_and_the_head(monkeypatch, service):
    told = told_of(monkeypatch)
    made = service.post(f"/desk/staff/{A}/spare-code", {}, service.staff(HEAD))
    assert made.status == 201, made.raw
    assert made.body["valid_until"] == (service.now + timedelta(days=180)).date().isoformat()
    service.later(days=7)
    given = {"code": made.body["code"], "console": True}
    answer = service.post("/staff/sessions", given)
    assert answer.status == 201, answer.raw
    assert service.post("/staff/sessions", given).code == "not_signed_in"
    assert told == [(A, "spare_code_made"), (A, "spare_code_used"), (HEAD, "spare_code_used")]
    written = [(each.what, each.viewer, each.through) for each in audit.list_traces("sign-in")[-2:]]
    assert written == [("spare_code_made", HEAD, ""), ("spare_code_used", A, HEAD)]
    assert made.body["code"].rpartition("-")[2] not in str(service.items(Table.WORK))


@pytest.mark.parametrize(("by", "whose"), [(A, B), (HEAD, "hjb-fc1"), (HEAD, "gglw-leader"), (HEAD, "pm-shjy-a"), ("town-admin", A)])  # fmt: skip
def test_nobody_but_the_head_has_a_sealed_code_made_and_for_the_own_station_alone(service, by, whose):
    assert service.post(f"/desk/staff/{whose}/spare-code", {}, service.staff(by)).status == 403


def test_a_locked_screen_hears_of_everything_and_shows_of_what_is_pressing_number_place_and_kind(
    service, request
):
    token, _ = seated(service)
    service.post("/staff/sessions/lock", {}, token)
    before = service.get("/staff/watch", token)
    lamp = service.report("小区门口乱糟糟，请来看看", token=service.resident(request.node.name))
    danger = service.post(
        "/api/tickets",
        {"place": "SHJY-4-1", "text": "楼上冒浓烟，从门缝里钻出来，我叫王小明13812345678"},
        service.resident(f"{request.node.name}-2"),
    )
    service.settle()
    tag = {"If-None-Match": before.headers["ETag"]}
    after = service._ask("GET", "/staff/watch", token, b"", tag)
    assert after.status == 200
    rows = {row["ticket_id"]: row for row in after.body["items"]}
    ordinary, pressing = rows[lamp.body["id"]], rows[danger.body["id"]]
    assert (ordinary["clock"], ordinary["number"], ordinary["place"], ordinary["category_name"]) == (
        "feedback",
        "",
        "",
        "",
    )
    ticket = service.ticket(danger.body["id"])
    assert (pressing["number"], pressing["place"]) == (ticket.number, ticket.where.name)
    assert pressing["category_name"]
    assert "王小明" not in after.raw.decode()
    tag = {"If-None-Match": after.headers["ETag"]}
    assert service._ask("GET", "/staff/watch", token, b"", tag).status == 304


def test_a_locked_desk_that_rings_counts_as_there(service):
    token, _ = seated(service)
    service.post("/staff/sessions/lock", {}, token)
    service.later(minutes=5)
    service.get("/staff/watch", token)
    assert consoles.find_heard_at("ST-GGLW") == service.now


def test_of_what_is_confidential_a_locked_screen_shows_no_place_and_no_kind():
    row = dict.fromkeys(
        ("ticket_id", "paused", "due_at", "rings_at", "number", "place", "category_name"), "x"
    )
    shown = watched_row(row | {"urgent": True, "clock": "danger", "confidential": True})
    assert (shown["number"], shown["place"], shown["category_name"]) == ("x", "", "")
