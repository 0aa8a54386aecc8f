"""What WeChat and WeCom push: only theirs, only fresh, and once; and the mini-program's own doors."""

import base64
import json
import time
from datetime import timedelta
from itertools import count
from urllib.parse import urlencode

import pytest

from chalicelib.actions.notices import mini_program, sending
from chalicelib.actions.notices.callbacks import BY_ANOTHER, NOT_POSSIBLE, TAKEN
from chalicelib.actions.notices.content_check import SUSPECT
from chalicelib.domain.notices.deliveries import State
from chalicelib.domain.town.vocabulary import Channel
from chalicelib.gateways import http, wecom
from chalicelib.gateways.wechat_crypto import seal, signature, unseal
from chalicelib.store.identity import consents, identities
from chalicelib.store.notices import deliveries
from chalicelib.store.notices.told_of_ticket import list_told
from chalicelib.store.table import Table
from chalicelib.store.town import directory
from infra.local.platform import account, pushes
from infra.local.platform.server import StandIn
from tests.phones_cloud import PROGRESS, a_resident, attempt, connect, keep_secrets, to_resident
from tests.service import running_service

ORDINARY = "stand-in-question"


NAMES = (f"resident{i}" for i in count())


@pytest.fixture(scope="module")
def service():
    """One for all: what is here touches no other test's people."""
    with pytest.MonkeyPatch.context() as patch, running_service(patch) as running:
        yield running


@pytest.fixture
def platform(service, monkeypatch):
    with StandIn() as running:
        keep_secrets()
        connect(monkeypatch, running.base)
        consents.forget(mini_program.person_of("o-li"))
        yield running
    monkeypatch.undo()
    connect(monkeypatch, "", **dict.fromkeys(account.settings(""), ""))


def popup(status="accept", template=PROGRESS, at=None, service=None, **changes):
    event = {
        "FromUserName": "o-li",
        "CreateTime": int((at or service.now).timestamp()),
        "MsgType": "event",
        "Event": "subscribe_msg_popup_event",
        "List": {"TemplateId": template, "SubscribeStatusString": status, "PopupScene": "0"},
    }
    return event | changes


def push(service, event, platform="wechat", at=None, **query):
    """What the platform would send, at the time of the town."""
    given, body, kind = pushes.sealed(platform, event, at=(at or service.now).timestamp())
    return post(service, platform, given | query, body, kind)


def post(service, platform, query, body, kind="application/json"):
    path = f"/callbacks/{platform}?{urlencode(query)}"
    return service._ask("POST", path, "", body, {"Content-Type": kind})


def left(name="li", template=PROGRESS):
    return consents.balance(mini_program.person_of(f"o-{name}"), template)


def test_an_accept_is_one_message(service, platform):
    answer = push(service, popup(service=service))
    assert (answer.status, answer.raw) == (200, b"success")
    assert left() == 1


def test_a_push_that_comes_again_counts_once(service, platform):
    query, body, kind = pushes.sealed("wechat", popup(service=service), at=service.now.timestamp())
    for _ in range(3):
        assert post(service, "wechat", query, body, kind).status == 200
    assert left() == 1


def test_several_templates_come_as_an_array_and_the_time_as_text(service, platform):
    chosen = [
        {"TemplateId": PROGRESS, "SubscribeStatusString": "accept"},
        {"TemplateId": ORDINARY, "SubscribeStatusString": "reject"},
        {"TemplateId": "", "SubscribeStatusString": "accept"},
        "nothing",
    ]
    push(service, popup(List=chosen, CreateTime=str(int(service.now.timestamp())), service=service))
    assert (left(), left(template=ORDINARY)) == (1, 0)


def test_the_same_as_xml_is_the_same(service, platform):
    at = int(service.now.timestamp())
    entry = f"<List><TemplateId>{PROGRESS}</TemplateId><SubscribeStatusString>accept</SubscribeStatusString></List>"
    inner = (
        f"<xml><FromUserName>o-li</FromUserName><CreateTime>{at}</CreateTime><MsgType>event</MsgType>"
        f"<Event>subscribe_msg_popup_event</Event><SubscribeMsgPopupEvent>{entry}</SubscribeMsgPopupEvent></xml>"
    )
    query, encrypted = sealed(service, inner.encode())
    body = f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>".encode()
    assert post(service, "wechat", query, body, "text/xml").status == 200
    assert left() == 1


def sealed(service, inner, envelope=None):
    envelope = envelope or pushes.envelope("wechat")
    encrypted, timestamp = seal(envelope, inner), str(int(service.now.timestamp()))
    mark = signature(envelope.token, timestamp, "n", encrypted)
    return {"timestamp": timestamp, "nonce": "n", "msg_signature": mark}, encrypted


def test_switching_a_template_off_takes_back_what_was_allowed(service, platform):
    push(service, popup(service=service))
    off = popup("reject", Event="subscribe_msg_change_event", service=service)
    assert push(service, off).status == 200
    assert left() == 0


def test_rejecting_once_takes_nothing_away(service, platform):
    push(service, popup(service=service))
    push(service, popup("reject", at=service.now + timedelta(seconds=1), service=service))
    assert left() == 1


@pytest.mark.parametrize(
    ("seconds", "status"), [(299, 200), (300, 200), (301, 403), (-300, 200), (-301, 403)]
)
def test_a_push_older_than_five_minutes_is_refused(service, platform, seconds, status):
    sent = service.now - timedelta(seconds=seconds)
    assert push(service, popup(service=service), at=sent).status == status
    assert left() == int(status == 200)


@pytest.mark.parametrize(
    "forged",
    [
        {"msg_signature": "f" * 40},
        {"msg_signature": ""},
        {"nonce": "another"},
        {"timestamp": "1"},
        {"timestamp": "now"},
    ],
)
def test_a_forged_push_changes_nothing(service, platform, forged):
    answer = push(service, popup(service=service), **forged)
    assert (answer.status, answer.code) == (403, "forged")
    assert left() == 0


def test_a_plain_push_is_refused_even_with_a_right_signature(service, platform):
    """Its signature covers the time alone, so anybody who saw one could send anything for five minutes."""
    timestamp = str(int(service.now.timestamp()))
    token = account.SECRETS["wechat_push_token"]
    query = {"timestamp": timestamp, "nonce": "n", "signature": signature(token, timestamp, "n")}
    body = json.dumps(popup(service=service)).encode()
    assert post(service, "wechat", query, body).status == 403
    assert left() == 0


def test_a_push_under_the_previous_key_counts_while_both_are_kept(service, platform):
    before = account.SECRETS["wechat_aes_keys"]
    fresh = base64.b64encode(bytes(range(32))).decode().rstrip("=")
    keep_secrets(wechat_aes_keys=f"{fresh} {before}")
    assert push(service, popup(service=service)).status == 200
    keep_secrets(wechat_aes_keys=fresh)
    late = popup(at=service.now + timedelta(seconds=1), service=service)
    assert push(service, late).status == 403
    assert left() == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"not json", 400),
        (b"[]", 400),
        (b"{" * 50_000, 400),
        (b'{"Encrypt": 1}', 403),
        (b"{}", 403),
        (b"<xml><Encrypt>", 400),
        (b'<!DOCTYPE x [<!ENTITY a "aa">]><xml><Encrypt>&a;</Encrypt></xml>', 400),
        (b"x" * 100_001, 400),
    ],
)
def test_a_body_that_is_none_is_refused(service, platform, body, status):
    query, _, _ = pushes.sealed("wechat", popup(service=service), at=service.now.timestamp())
    assert post(service, "wechat", query, body).status == status


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"MsgType": "event"},
        {"MsgType": "event", "CreateTime": "soon", "Event": "subscribe_msg_popup_event"},
        {"MsgType": "text", "Content": "您好", "CreateTime": 1},
        {"MsgType": "event", "CreateTime": 1, "Event": "subscribe_msg_popup_event", "List": "?"},
        {"MsgType": "event", "CreateTime": 1, "Event": "weapp_audit_success"},
    ],
)
def test_what_we_do_not_know_is_answered_and_changes_nothing(service, platform, event):
    before = len(service.items(Table.WORK))
    assert push(service, event).raw == b"success"
    assert len(service.items(Table.WORK)) == before


def test_a_message_that_wechat_could_not_deliver_leaves_a_trace(service, platform, caplog):
    entry = {"TemplateId": PROGRESS, "MsgID": "1", "ErrorCode": "43101", "ErrorStatus": "user refuse"}
    push(service, popup(Event="subscribe_msg_sent_event", List=entry, service=service))
    assert "43101" in caplog.text


def an_arrived_message(service, platform, event_key):
    """Sent, taken by WeChat, shown; answers the delivery's key and WeChat's number."""
    person = a_resident(platform, accepts=0)
    platform.memory.allow("o-li", PROGRESS, 1)
    consents.accept(person, PROGRESS, event=event_key, at=service.now)
    key = to_resident(person, event_key=event_key, at=service.now, not_before=service.now)
    assert attempt(key, service.now).state is State.DELIVERED
    return key, platform.memory.phones["wechat:o-li"][-1]["msgid"]


def says_undelivered(service, msgid, code="43101"):
    entry = {"TemplateId": PROGRESS, "MsgID": msgid, "ErrorCode": code, "ErrorStatus": "failed"}
    return push(service, popup(Event="subscribe_msg_sent_event", List=entry, service=service))


@pytest.mark.parametrize("times", [1, 2])
def test_a_message_that_wechat_took_and_could_not_deliver_is_listed_as_failed(service, platform, times):
    key, msgid = an_arrived_message(service, platform, f"failed-{times}")
    other, _ = an_arrived_message(service, platform, f"arrived-{times}")
    for _ in range(times):
        assert says_undelivered(service, msgid).raw == b"success"
    ended = deliveries.find(key)
    assert (ended.state, "43101" in ended.detail) == (State.PERMANENT_FAILURE, True)
    assert deliveries.find(other).state is State.DELIVERED
    assert attempt(key, service.now + timedelta(hours=1)).state is State.PERMANENT_FAILURE
    assert len(platform.memory.phones["wechat:o-li"]) == 2  # nothing is sent again


@pytest.mark.parametrize("code", ["0", ""])
def test_a_message_that_wechat_says_arrived_stays_delivered(service, platform, code):
    key, msgid = an_arrived_message(service, platform, f"fine-{code}")
    says_undelivered(service, msgid, code)
    assert deliveries.find(key).state is State.DELIVERED


@pytest.mark.parametrize("msgid", ["", "1", "999999999999999999999"])
def test_a_message_that_is_not_ours_changes_nothing(service, platform, msgid):
    an_arrived_message(service, platform, f"ours-{msgid}")
    before = service.items(Table.WORK)
    assert says_undelivered(service, msgid).raw == b"success"
    assert service.items(Table.WORK) == before


def test_wechat_sees_that_the_address_is_ours(service, platform):
    token, timestamp = account.SECRETS["wechat_push_token"], str(int(service.now.timestamp()))
    query = {"timestamp": timestamp, "nonce": "n", "signature": signature(token, timestamp, "n")}
    answer = service.get("/callbacks/wechat?" + urlencode(query | {"echostr": "echo<b>"}))
    assert (answer.status, answer.raw) == (200, b"echo<b>")
    assert answer.headers["Content-Type"].startswith("text/plain")
    forged = service.get("/callbacks/wechat?" + urlencode(query | {"echostr": "x", "signature": "0" * 40}))
    assert forged.status == 403
    assert service.get("/callbacks/wechat").status == 403


def test_wecom_sees_that_the_address_is_ours(service, platform):
    query, encrypted = sealed(service, b"8848", pushes.envelope("wecom"))
    answer = service.get("/callbacks/wecom?" + urlencode(query | {"echostr": encrypted}))
    assert (answer.status, answer.raw) == (200, b"8848")
    assert service.get("/callbacks/wecom?" + urlencode(query | {"echostr": "x"})).status == 403


# --- the button 签收 -------------------------------------------------------------------------------------------------


def assigned(service):
    """A broken lamp, dispatched at once; answers the ticket and who has it."""
    token = service.resident(next(NAMES))
    ticket = service.ticket(service.report("四号楼一单元楼道灯坏了", token=token).body["id"])
    assert ticket.handler_id
    return ticket


def tap(service, ticket_id, userid, key="take", event_key="e1", **query):
    fields = {
        "FromUserName": userid,
        "MsgType": "event",
        "Event": "template_card_event",
        "CreateTime": "1",
        "EventKey": key,
        "TaskId": wecom.task_id_of(ticket_id, event_key),
    }
    return push(service, fields, "wecom", **query)


def label(answer):
    opened = pushes._opened("wecom", answer.raw)
    return opened.partition("<ReplaceName><![CDATA[")[2].partition("]]>")[0]


def test_one_tap_takes_a_ticket_and_the_button_says_so(service, platform):
    ticket = assigned(service)
    answer = tap(service, ticket.id, ticket.handler_id)
    assert label(answer) == TAKEN
    after = service.ticket(ticket.id)
    assert after.taken
    assert after.handler_id == ticket.handler_id


def test_a_tap_that_comes_again_is_taken_once(service, platform):
    ticket = assigned(service)
    labels = [label(tap(service, ticket.id, ticket.handler_id)) for _ in range(3)]
    assert labels == [TAKEN] * 3
    assert service.ticket(ticket.id).version == ticket.version + 1


def test_the_second_of_two_colleagues_is_told_that_it_is_taken(service, platform):
    ticket = assigned(service)
    tap(service, ticket.id, ticket.handler_id)
    other = next(
        each.code
        for each in directory.town().staff
        if each.unit == ticket.lead_unit_id and each.code != ticket.handler_id
    )
    assert label(tap(service, ticket.id, other)) in (BY_ANOTHER, NOT_POSSIBLE)
    assert service.ticket(ticket.id).handler_id == ticket.handler_id


@pytest.mark.parametrize("userid", ["", "nobody", "hj-town-leader"])
def test_a_tap_of_someone_who_may_not_take_it_changes_nothing(service, platform, userid):
    ticket = assigned(service)
    assert label(tap(service, ticket.id, userid)) == NOT_POSSIBLE
    assert service.ticket(ticket.id).version == ticket.version


def test_a_tap_for_a_ticket_that_does_not_exist_says_so(service, platform):
    assert label(tap(service, "0" * 26, "gglw-gw1")) == NOT_POSSIBLE


@pytest.mark.parametrize(("forged", "status"), [({"msg_signature": "0" * 40}, 403), ({"nonce": "x"}, 403)])
def test_a_forged_tap_changes_nothing(service, platform, forged, status):
    ticket = assigned(service)
    assert tap(service, ticket.id, ticket.handler_id, **forged).status == status
    assert service.ticket(ticket.id).version == ticket.version


def test_another_button_is_answered_with_nothing(service, platform):
    ticket = assigned(service)
    assert tap(service, ticket.id, ticket.handler_id, key="delete").raw == b""
    assert service.ticket(ticket.id).version == ticket.version


def test_the_answer_to_a_tap_can_be_opened_by_wecom_alone(service, platform):
    ticket = assigned(service)
    raw = tap(service, ticket.id, ticket.handler_id).raw
    assert TAKEN.encode() not in raw
    encrypted = raw.decode().partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
    assert b"update_button" in unseal(pushes.envelope("wecom"), encrypted)


# --- signing in ------------------------------------------------------------------------------------------------------


def test_whoever_signs_in_by_wechat_is_the_same_person_each_time(service, platform):
    tokens = [service.post("/api/sessions", {"wechat_code": f"zhou.{i}"}).body["token"] for i in range(2)]
    assert tokens[0] != tokens[1]
    service.report("楼道灯坏了", token=tokens[0])
    assert len(service.get("/api/tickets", tokens[1]).body["items"]) == 1


def test_whoever_is_forgotten_leaves_no_consent_behind(service, platform):
    token = service.post("/api/sessions", {"wechat_code": "zheng.1"}).body["token"]
    push(service, popup(FromUserName="o-zheng", service=service))
    assert left("zheng") == 1
    person = mini_program.find_person("o-zheng")
    assert service.post("/api/me/forget", {}, token).status == 200
    assert mini_program.find_person("o-zheng") is None
    assert push(service, popup(FromUserName="o-zheng", service=service)).status == 200
    everywhere = repr([service.items(which) for which in Table])
    assert mini_program.find_person("o-zheng") is None  # a late word of WeChat makes nobody
    assert person not in everywhere
    assert "o-zheng" not in everywhere


def test_the_openid_lies_in_the_identities_alone(service, platform):
    token = service.post("/api/sessions", {"wechat_code": "li.1"}).body["token"]
    service.report("楼道灯坏了", token=token)
    assert identities.find_on_wechat(mini_program.person_of("o-li")).openid == "o-li"
    for which in (Table.TICKETS, Table.WORK):
        assert "o-li" not in repr(service.items(which))


@pytest.mark.parametrize(("code", "status"), [("expired.1", 401), ("risky.1", 403), ("x" * 201, 422)])
def test_a_login_code_that_wechat_refuses_is_refused(service, platform, code, status):
    assert service.post("/api/sessions", {"wechat_code": code}).status == status


def test_a_login_code_counts_once(service, platform):
    assert service.post("/api/sessions", {"wechat_code": "li.1"}).status == 201
    assert service.post("/api/sessions", {"wechat_code": "li.1"}).status == 401


def test_a_town_without_a_mini_program_says_so(service):
    answer = service.post("/api/sessions", {"wechat_code": "li.1"})
    assert (answer.status, answer.code) == (409, "no_mini_program")


def test_the_phone_number_goes_back_to_the_form_and_nowhere_else(service, platform):
    token = service.post("/api/sessions", {"wechat_code": "li.1"}).body["token"]
    answer = service.post("/api/phone", {"code": "13800138000.1"}, token)
    assert answer.body == {"phone": "13800138000"}
    for which in Table:
        assert "13800138000" not in repr(service.items(which))
    assert service.post("/api/phone", {"code": "13800138000.1"}, token).status == 422
    assert service.post("/api/phone", {"code": "13800138001.1"}).status == 401


def test_phone_codes_cost_money_so_five_a_day_are_enough(service, platform):
    token = service.post("/api/sessions", {"wechat_code": "wu.1"}).body["token"]
    asked = [service.post("/api/phone", {"code": f"13800138000.{i}"}, token).status for i in range(6)]
    assert asked == [200] * 5 + [429]


def test_the_client_learns_which_templates_to_ask_for(service, platform):
    token = service.post("/api/sessions", {"wechat_code": "li.1"}).body["token"]
    push(service, popup(service=service))
    items = service.get("/api/subscriptions", token).body["items"]
    assert {each["id"]: each["left"] for each in items} == {PROGRESS: 1, ORDINARY: 0}


def test_a_member_of_staff_binds_a_phone_once_signed_in(service, platform):
    assert service.post("/staff/wechat", {"wechat_code": "wang.1"}).status == 401
    again = [
        service.post("/staff/wechat", {"wechat_code": "wang.1"}, service.staff("gglw-gw1")) for _ in range(2)
    ]
    assert [answer.status for answer in again] == [200, 401]  # WeChat's code is good for one time
    assert identities.find_on_wechat("staff:gglw-gw1") == ("o-wang", mini_program.person_of("o-wang"))


def test_a_push_is_answered_well_within_five_seconds(service, platform):
    begun = time.monotonic()
    push(service, popup(service=service))
    assert time.monotonic() - begun < 5
    assert platform.memory.calls == {}


def test_whoever_scans_in_the_mini_program_is_told_in_wechat_and_who_joins_reads_it_inside(service, platform):
    li, zhao = (
        service.post("/api/sessions", {"wechat_code": f"{name}.9"}).body["token"] for name in ("li", "zhao")
    )
    ticket_id = service.report("四号楼一单元楼道灯坏了", token=li).body["id"]
    assert service.post(f"/api/tickets/{ticket_id}/join", {}, zhao).status == 200
    assert service.post(f"/api/tickets/{ticket_id}/join", {}, service.resident(next(NAMES))).status == 200
    handler = service.ticket(ticket_id).handler_id
    assert service.staff_act(ticket_id, "take", handler).status == 200
    service.settle()
    told = {each.recipient for each in list_told(ticket_id) if each.way is Channel.WECHAT}
    assert told == {f"reporter:{mini_program.person_of('o-li')}"}


# --- the content check -----------------------------------------------------------------------------------------------


def reported(service, text, name="li"):
    """A report that has been told of and checked; answers its id and the resident's token."""
    token = service.post("/api/sessions", {"wechat_code": f"{name}.{next(NAMES)}"}).body["token"]
    ticket_id = service.report(text, token=token).body["id"]
    service.settle()
    return ticket_id, token


def check_key(service, ticket_id):
    [item] = [each for each in service.items(Table.WORK) if each["PK"] == f"TO#check:{ticket_id}"]
    return item["PK"], item["SK"]


def marks(ticket_id):
    """What the desk sees of the check."""
    return [each.detail for each in list_told(ticket_id) if each.way is Channel.CHECK]


def test_suspect_words_are_marked_for_the_desk_once_and_the_report_stands(service, platform):
    ticket_id, token = reported(service, "楼道里贴满了代开发票的广告", "sun")
    key = check_key(service, ticket_id)
    sending.send(key, now=service.now)
    asked = dict(platform.memory.calls)
    sending.send(key, now=service.now)
    assert marks(ticket_id) == [SUSPECT]
    assert platform.memory.calls == asked
    assert service.get(f"/api/tickets/{ticket_id}", token).status == 200
    told = service.get(f"/desk/tickets/{ticket_id}/deliveries", service.staff("gglw-head"))
    assert [each["detail"] for each in told.body["items"] if each["way"] == "check"] == [SUSPECT]


def test_ordinary_words_leave_no_mark(service, platform):
    ticket_id, _ = reported(service, "楼道灯坏了", "qian")
    sending.send(check_key(service, ticket_id), now=service.now)
    assert marks(ticket_id) == [""]


@pytest.mark.parametrize("mode", ["down", "html", "garbage"])
def test_a_check_that_wechat_does_not_answer_is_asked_again_and_holds_nothing_up(service, platform, mode):
    platform.memory.set_mood("wechat", {"mode": "ok"})
    ticket_id, _ = reported(service, "代开发票", f"feng-{mode}")
    key = check_key(service, ticket_id)
    platform.memory.set_mood("wechat", {"mode": mode})
    sending.send(key, now=service.now)
    assert marks(ticket_id) != [SUSPECT]
    platform.memory.set_mood("wechat", {"mode": "ok"})
    http.forget()
    sending.send(key, now=service.now + timedelta(minutes=1))
    assert marks(ticket_id) == [SUSPECT]


def test_a_report_that_did_not_come_through_wechat_is_not_checked(service, platform):
    ticket_id = service.report("代开发票", token=service.resident(next(NAMES))).body["id"]
    service.settle()
    assert [i for i in service.items(Table.WORK) if i["PK"] == f"TO#check:{ticket_id}"] == []
