"""12345 and petition dispatch: nothing is lost and nothing is there twice, whatever either side does."""

import base64
import json
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.actions import jobs
from chalicelib.actions.job_kinds import KINDS
from chalicelib.actions.partners import exchanging, orders
from chalicelib.domain.clocks.clocks import find_open
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.partners import signatures
from chalicelib.domain.partners.exchanges import State
from chalicelib.domain.partners.orders import Order
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.town.partner import read_partner
from chalicelib.gateways import http
from chalicelib.store import jobs as job_store
from chalicelib.store.identity import identities
from chalicelib.store.partners import exchanges, partners
from chalicelib.store.tickets import lists, members
from chalicelib.store.town import directory
from infra.local.partner.server import StandIn
from tests.moto_cloud import keep_secrets
from tests.service import MONDAY, running_service

KEY = b"p" * 40
DESK, HANDLER_UNIT = "gglw-fc1", "OF-CJ"
SAMPLES = Path(__file__).parents[3] / "town" / "partners"
TEXT = "盛华景苑4号楼门口路灯坏了三天"


@pytest.fixture
def service(monkeypatch):
    with running_service(monkeypatch) as running:
        keep_secrets(partner_hotline=KEY.decode(), partner_petition=KEY.decode())
        for name in ("hotline", "petition"):
            partners.save(read_partner(name, (SAMPLES / f"{name}.csv").read_bytes()))
        http.forget()
        yield running
        http.forget()


@pytest.fixture
def hotline(service):
    """The hotline with an interface, played by the stand-in."""
    with StandIn(KEY, now=lambda: service.now) as partner:
        known = partners.get("hotline")
        partners.save(known.model_copy(update={"address": partner.url}))
        yield partner


NONCES = iter(range(10**9))


def push(service, body, *, name="hotline", key=KEY, nonce="", skew=0, tampered=b""):
    raw = json.dumps(body).encode()
    nonce = nonce or f"nonce-{next(NONCES):012d}"
    path = f"/partners/{name}/orders"
    asked = signatures.Asked(way=signatures.Way.TO_TOWN, method="POST", target=path)
    signed = signatures.sign(key, raw, nonce=nonce, now=service.now + timedelta(seconds=skew), asked=asked)
    return service.post(path, tampered or raw, key=None, **signatures.headers(signed))


def order(number="SH-1", **more):
    return {"number": number, "text": TEXT, "phone": "13800001111", "name": "王阿姨", **more}


def ticket_of(service, number="SH-1", partner="hotline"):
    return service.ticket(lists.find_id_by_external(partner, number))


def dispatch_and_take(service, ticket):
    """The desk gives it to its office unless the machine has, and the office takes it."""
    if ticket.stage.value == "received":
        answer = service.desk_act(ticket.id, "dispatch", DESK, unit_id=HANDLER_UNIT)
        assert answer.status == 200, answer.raw
    ticket = service.ticket(ticket.id)
    handler = ticket.handler_id or next(
        person.code for person in directory.town().staff if person.unit == ticket.lead_unit_id
    )
    answer = service.staff_act(ticket.id, "take", handler)
    assert answer.status == 200, answer.raw
    return handler


def resolve(service, ticket, handler):
    service.staff_act(ticket.id, "unit-feedback", handler, text="已安排，明天修好")
    answer = service.staff_act(ticket.id, "contact", handler, note="已电话联系")
    answer = service.staff_act(ticket.id, "resolve", handler, note="灯泡已更换", photos=[])
    if answer.status != 200:  # a facility is resolved with a photo
        photo = photo_of(service, handler)
        answer = service.staff_act(ticket.id, "resolve", handler, note="灯泡已更换", photos=[photo])
    assert answer.status == 200, answer.raw


def photo_of(service, who):
    answer = service.post("/api/uploads", {"content_type": "image/jpeg", "size": 1000}, service.staff(who))
    from chalicelib.store import photos

    photos.mark(answer.body["photo_id"], photos.find(answer.body["photo_id"]).state.__class__("ready"))
    return answer.body["photo_id"]


def of_order(number="SH-1", partner="hotline"):
    return [
        (e.act, e.state) for e in exchanges.list_of_order(partner, number) if e.state is not State.RECEIVED
    ]


# --- what comes in ---


def test_an_order_becomes_a_ticket_of_its_channel_with_their_number_and_deadline(service):
    answer = push(service, order(due_at="2026-11-24 18:00", category="市政设施/路灯"))
    assert (answer.status, answer.body["how"]) == (201, "made")
    ticket = ticket_of(service)
    assert (ticket.number, ticket.source, ticket.category) == (answer.body["ticket"], "hotline_12345", "B06")
    assert ticket.external_ids[0].due_at.isoformat() == "2026-11-24T18:00:00+08:00"
    assert ticket.reachable == "call"


def test_the_same_order_twice_is_one_ticket(service):
    answers = [push(service, order()).body for _ in range(3)]
    assert [answer["how"] for answer in answers] == ["made", "same", "same"]
    assert len({answer["ticket"] for answer in answers}) == 1
    assert ticket_of(service).version == 1


def test_a_number_belongs_to_one_partner(service):
    assert push(service, order()).body["how"] == "made"
    assert push(service, order(), name="petition").body["how"] == "made"


def test_a_later_version_updates_and_an_older_one_that_comes_late_changes_nothing(service):
    push(service, order(sent_at="2026-11-23 09:00"))
    newer = push(service, order(text="路灯坏了，还有人绊倒", sent_at="2026-11-23 09:30"))
    late = push(service, order(text="路灯坏了，补充", sent_at="2026-11-23 09:10"))
    assert (newer.body["how"], late.body["how"]) == ("updated", "same")
    updates = [e for e in history(service) if e.kind == "order_updated"]
    assert [event.note for event in updates] == ["路灯坏了，还有人绊倒"]


def test_an_update_that_overtakes_its_order_makes_the_ticket_and_the_order_changes_nothing(service):
    assert push(service, order(text="更新过的内容", sent_at="2026-11-23 09:30")).body["how"] == "made"
    assert push(service, order(sent_at="2026-11-23 09:00")).body["how"] == "same"
    assert ticket_of(service).text == "更新过的内容"


def test_a_partner_whose_clock_ran_ahead_is_still_heard_when_it_is_set_right(service):
    push(service, order(sent_at="2026-11-30 09:00"))
    service.later(minutes=10)
    assert push(service, order(text="补充情况", sent_at="2026-11-23 10:05")).body["how"] == "updated"


def history(service, number="SH-1"):
    from chalicelib.store.tickets import tickets

    return [event for _, event in tickets.list_events(ticket_of(service, number).id)]


# --- a number that staff typed in before the order came ---


def typed_in(service, **more):
    body = {"source": "phone", "place": "SHJY-4-1", "text": "路灯占位", **more}
    answer = service.post(
        "/staff/tickets", body | {"external": {"partner": "hotline", "number": "SH-1"}}, service.staff(DESK)
    )
    assert answer.status == 201, answer.raw
    return answer.body["id"]


def whole(**more):
    return order(text="电梯困人，物业经理威胁我，请保密", confidential="是", **more)


@pytest.mark.parametrize("contact", [None, {"name": "李先生", "phone": "13900002222"}])
def test_an_order_whose_number_staff_had_typed_in_is_taken_in_whole_and_joins_that_ticket(service, contact):
    ticket_id = typed_in(service, **({"contact": contact} if contact else {}))
    before = service.ticket(ticket_id)
    answer = push(service, whole())
    assert (answer.status, answer.body["how"]) == (201, "updated")
    after = service.ticket(ticket_id)
    assert after.urgent
    assert after.confidential
    people = {m.reporter_id: m for m in members.list_members(ticket_id)}
    contacts = {who: identities.find_contact(ticket_id, who) for who in people}
    assert "13800001111" in {known.phone for known in contacts.values() if known}
    if contact:  # nobody's name is put in the place of another's
        assert contacts[before.reporter_id].phone == contact["phone"]
        assert len(people) == 2
    assert [m.reporter_id for m in people.values() if m.is_reporter] == [after.reporter_id]


def test_a_later_version_replaces_whom_the_order_spoke_for_and_nobody_else(service):
    ticket_id = typed_in(service, contact={"name": "李先生", "phone": "13900002222"})
    push(service, whole())
    push(service, whole(phone="13700003333"))
    who = [m.reporter_id for m in members.list_members(ticket_id)]
    phones = {identities.find_contact(ticket_id, each).phone for each in who}
    assert phones == {"13900002222", "13700003333"}


def test_a_death_before_the_update_loses_no_contact(service, monkeypatch):
    push(service, order())
    monkeypatch.setattr(orders.rules, "update", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        orders.take_in(
            partners.get("hotline"),
            Order(number="SH-1", text="灯还坏着", phone="13700003333"),
            now=service.now,
        )
    monkeypatch.undo()
    taken = orders.take_in(
        partners.get("hotline"), Order(number="SH-1", text="灯还坏着", phone="13700003333"), now=service.now
    )
    assert taken.how == "updated"
    assert identities.find_contact(taken.ticket.id, taken.ticket.reporter_id).phone == "13700003333"


def test_name_and_phone_are_in_identities_alone_and_the_text_is_scrubbed(service):
    push(service, order(text=TEXT + "，电话13800001111"))
    kept = json.dumps([i for t in ("tickets", "work") for i in service.items(table_of(t))], default=str)
    assert "13800001111" not in kept
    assert "王阿姨" not in kept


def table_of(name):
    from chalicelib.store.table import Table

    return Table(name)


@pytest.mark.parametrize("skew", [-301, 301, 86_400])
def test_a_skewed_clock_is_refused_with_our_time_and_nothing_is_taken_in(service, skew):
    answer = push(service, order(), skew=skew)
    assert (answer.status, answer.body["now"]) == (401, int(service.now.timestamp()))
    assert lists.find_id_by_external("hotline", "SH-1") is None


@pytest.mark.parametrize(
    "wrong",
    [{"key": b"x" * 40}, {"tampered": b'{"number": "SH-2", "text": "x"}'}, {"name": "nobody"}],
)
def test_a_wrong_signature_is_refused(service, wrong):
    assert push(service, order(), **wrong).status == 401
    assert service.post("/partners/hotline/orders", order(), key=None).status == 401


def test_a_replay_is_refused(service):
    assert push(service, order(), nonce="0123456789abcdef").status == 201
    assert push(service, order(), nonce="0123456789abcdef").status == 409


@pytest.mark.parametrize("bad", [{"number": ""}, {"text": ""}, {"due_at": "下周"}, {"unknown": "x"}])
def test_an_order_that_cannot_be_read_is_refused_with_the_reason(service, bad):
    assert push(service, order() | bad).status == 422


def test_a_petition_is_confidential_from_the_start_with_the_statutory_clocks(service):
    push(service, order(text="反映小区停车问题"), name="petition")
    ticket = ticket_of(service, partner="petition")
    assert ticket.confidential
    assert ticket.stage == "received"  # never dispatched by the machine
    service.desk_act(ticket.id, "dispatch", DESK, unit_id=HANDLER_UNIT)
    after = service.ticket(ticket.id)
    assert find_open(after, ClockKind.RESOLUTION).due_at == service.now + timedelta(days=60)
    assert find_open(after, ClockKind.UNIT_FEEDBACK).due_at == service.now + timedelta(days=15)


@pytest.mark.parametrize(("working_days", "allowed"), [(1, True), (18, True), (30, False), (0, False)])
def test_a_petition_is_extended_by_thirty_days_at_most(service, working_days, allowed):
    push(service, order(text="反映小区停车问题"), name="petition")
    ticket = ticket_of(service, partner="petition")
    handler = dispatch_and_take(service, ticket)
    answer = service.staff_act(
        ticket.id, "ask-extension", handler, working_days=working_days, reason="等鉴定"
    )
    assert (answer.status == 200) is allowed, answer.raw


# --- two deadlines ---


@pytest.mark.parametrize(
    ("theirs", "rules"),
    [("2026-11-23 15:00", "theirs"), ("2027-03-01 10:00", "ours"), ("2026-11-20 10:00", "now")],
)
def test_the_earlier_of_both_deadlines_rules(service, theirs, rules):
    push(service, order(text="反映小区管理问题", due_at=theirs))
    ticket = ticket_of(service)
    service.desk_act(ticket.id, "dispatch", DESK, unit_id=HANDLER_UNIT)
    due = find_open(service.ticket(ticket.id), ClockKind.RESOLUTION).due_at
    external = ticket.external_ids[0].due_at
    assert {"theirs": due == external, "ours": service.now < due < external, "now": due == service.now}[rules]


def test_a_deadline_that_a_later_version_brings_forward_moves_the_running_clock(service):
    push(service, order(text="反映小区管理问题", sent_at="2026-11-23 09:00"))
    ticket = ticket_of(service)
    service.desk_act(ticket.id, "dispatch", DESK, unit_id=HANDLER_UNIT)
    ours = find_open(service.ticket(ticket.id), ClockKind.RESOLUTION).due_at
    push(service, order(text="反映小区管理问题", due_at="2026-11-23 16:00", sent_at="2026-11-23 10:00"))
    moved = find_open(service.ticket(ticket.id), ClockKind.RESOLUTION)
    assert moved.due_at.isoformat() == "2026-11-23T16:00:00+08:00"
    push(service, order(text="反映小区管理问题", due_at="2027-01-01 10:00", sent_at="2026-11-23 10:00"))
    assert find_open(service.ticket(ticket.id), ClockKind.RESOLUTION).due_at == ours


# --- what goes back ---


def test_take_and_finish_go_back_in_order_and_are_acknowledged(service, hotline):
    push(service, order(category="市政设施/路灯"))
    ticket = ticket_of(service)
    handler = dispatch_and_take(service, ticket)
    service.later(minutes=30)
    resolve(service, ticket, handler)
    service.settle()
    assert exchanging.send_due(now=service.now) == 2
    assert [said["act"] for said in hotline.taken.values()] == ["签收", "办结"]
    assert {said["number"] for said in hotline.taken.values()} == {"SH-1"}
    assert of_order() == [("taken", State.ACKNOWLEDGED), ("resolved", State.ACKNOWLEDGED)]


def test_a_line_of_history_that_the_stream_brings_twice_goes_back_once(service, hotline):
    push(service, order(category="市政设施/路灯"))
    dispatch_and_take(service, ticket_of(service))
    service.settle()
    service._consumed.clear()
    service.settle()
    assert exchanging.send_due(now=service.now) == 1
    assert exchanging.send_due(now=service.now + timedelta(hours=2)) == 0


@pytest.mark.parametrize("mode", ["down", "error", "garbage", "refuse", "silent"])
def test_a_partner_that_fails_for_an_hour_gets_everything_once_and_in_order_afterwards(
    service, hotline, mode
):
    push(service, order(category="市政设施/路灯"))
    ticket = ticket_of(service)
    handler = dispatch_and_take(service, ticket)
    hotline.mode = mode
    service.settle()
    for minute in range(60):
        if minute == 20:
            resolve(service, ticket, handler)
            service.settle()
        http.forget()
        assert exchanging.send_due(now=service.now) == 0
        service.later(minutes=1)
    assert {said["act"] for said in hotline.asked} <= {"签收"}  # the second waits for the first
    assert len(hotline.asked) <= 10
    [stuck] = service.get("/desk/exchanges", service.staff(DESK)).body["items"]
    assert (stuck["act"], stuck["attempts"] >= 3, stuck["detail"] != "") == ("taken", True, True)
    hotline.mode = "ok"
    for _ in range(61):
        service.later(minutes=1)
        http.forget()
        exchanging.send_due(now=service.now)
    assert [said["act"] for said in hotline.taken.values()] == ["签收", "办结"]
    assert service.get("/desk/exchanges", service.staff(DESK)).body["items"] == []


def test_a_partner_that_is_down_holds_up_no_other(service, hotline):
    push(service, order(category="市政设施/路灯"))
    push(service, order("SH-9", category="市政设施/路灯"))
    with StandIn(KEY, now=lambda: service.now) as petition:
        known = partners.get("petition").model_copy(update={"address": petition.url})
        partners.save(known)
        push(service, order("X-1", text="反映小区停车问题"), name="petition")
        for number, name in (("SH-1", "hotline"), ("SH-9", "hotline"), ("X-1", "petition")):
            dispatch_and_take(service, ticket_of(service, number, name))
        hotline.mode = "down"
        service.settle()
        assert exchanging.send_due(now=service.now) == 1
        assert [said["number"] for said in petition.taken.values()] == ["X-1"]


def test_a_partner_whose_clock_is_wrong_refuses_and_it_is_seen_and_sent_again(service, hotline):
    push(service, order(category="市政设施/路灯"))
    dispatch_and_take(service, ticket_of(service))
    service.settle()
    hotline.skew = 400
    assert exchanging.send_due(now=service.now) == 0
    assert hotline.refused == 1
    hotline.skew = 0
    service.later(minutes=1)
    assert exchanging.send_due(now=service.now) == 1
    assert len(hotline.taken) == 1


def test_the_desk_sends_a_stuck_one_again_at_once(service, hotline):
    push(service, order(category="市政设施/路灯"))
    ticket = ticket_of(service)
    dispatch_and_take(service, ticket)
    service.settle()
    hotline.mode = "error"
    exchanging.send_due(now=service.now)
    hotline.mode = "ok"
    [_, waiting] = service.get(f"/desk/tickets/{ticket.id}/exchanges", service.staff(DESK)).body["items"]
    answer = service.post(f"/desk/exchanges/{waiting['id']}/resend", {}, service.staff(DESK))
    assert (answer.status, answer.body["state"]) == (200, "acknowledged")
    assert service.post(f"/desk/exchanges/{waiting['id']}/resend", {}, service.staff(DESK)).status == 422


def test_another_station_neither_sees_nor_resends(service, hotline):
    push(service, order(category="市政设施/路灯"))
    ticket = ticket_of(service)
    dispatch_and_take(service, ticket)
    service.settle()
    other = service.staff("hjb-fc1")
    [waiting] = [e for e in exchanges.list_of_order("hotline", "SH-1") if e.state is State.WAITING]
    assert service.get(f"/desk/tickets/{ticket.id}/exchanges", other).status == 404
    assert service.post(f"/desk/exchanges/{waiting.id}/resend", {}, other).status == 404
    assert service.get("/desk/exchanges", other).body["items"] == []


def test_a_return_goes_back_with_the_partners_own_reason_code(service, hotline):
    push(service, order(text="反映隔壁街道的问题"))
    ticket = ticket_of(service)
    answer = service.desk_act(ticket.id, "forward", DESK, to="12345市民服务热线", text="属地不符，属邻镇")
    assert answer.status == 200, answer.raw
    service.settle()
    exchanging.send_due(now=service.now)
    [said] = hotline.taken.values()
    assert (said["act"], said["reason"]) == ("退单", "01")


def test_an_extension_goes_back_when_it_is_granted_and_not_when_it_is_not(service, hotline):
    push(service, order(text="反映小区管理问题"))
    ticket = ticket_of(service)
    handler = dispatch_and_take(service, ticket)
    for approved in (False, True):
        service.staff_act(ticket.id, "ask-extension", handler, working_days=3, reason="配件要订货")
        answer = service.desk_act(ticket.id, "decide-extension", DESK, approved=approved, note="可以")
        assert answer.status == 200, answer.raw
    service.settle()
    exchanging.send_due(now=service.now)
    said = list(hotline.taken.values())
    assert [one["act"] for one in said] == ["签收", "延期"]
    assert said[1]["due_at"] == find_open(service.ticket(ticket.id), ClockKind.RESOLUTION).due_at.isoformat()


# --- a partner without an interface ---


def test_what_is_owed_to_a_partner_without_an_interface_is_a_file_in_its_columns_until_it_is_entered(service):
    push(service, order(category="市政设施/路灯"))
    ticket = ticket_of(service)
    dispatch_and_take(service, ticket)
    service.settle()
    desk = service.staff(DESK)
    assert exchanging.send_due(now=service.now) == 0
    lines = answers(service).splitlines()
    assert lines[0] == "工单编号,处理动作,处理时间,承办单位,处理结果,退单原因,新时限"
    assert lines[1].startswith("SH-1,签收,2026-11-23T10:00:00+08:00,")
    [owed] = service.get("/desk/exchanges?state=by_hand", desk).body["items"]
    assert "工单编号：SH-1\n处理动作：签收" in owed["copy"]
    file = service.get("/desk/partners/hotline/answers", desk).body
    assert file["exchanges"] == [
        owed["id"]
    ]  # what is marked once the file is taken in over there, and nothing else
    service.later(minutes=5)
    done = service.post(f"/desk/exchanges/{owed['id']}/entered", {}, desk).body
    assert (done["state"], done["done_by"], done["done_at"]) == ("entered", DESK, "2026-11-23T10:05:00+08:00")
    again = service.post(f"/desk/exchanges/{owed['id']}/entered", {}, service.staff("gglw-fc2")).body
    assert again["done_by"] == DESK
    assert answers(service).splitlines()[1:] == []


def answers(service):
    answer = service.get("/desk/partners/hotline/answers", service.staff(DESK))
    assert answer.status == 200, answer.raw
    return base64.b64decode(answer.body["file"]).decode("gb18030")


# --- the same matter by QR and by 12345 ---


def test_a_merged_order_keeps_its_reply_and_deadline_and_the_resident_is_called_once(service, hotline):
    by_code = service.report("楼道灯不亮了").body["id"]
    push(service, order(category="市政设施/路灯", due_at="2026-11-23 16:00"))
    child = ticket_of(service)
    answer = service.post(f"/desk/tickets/{child.id}/merge", {"into": by_code}, service.staff(DESK))
    assert answer.status == 200, answer.raw
    parent = service.ticket(by_code)
    if parent.stage.value != "received":
        assert find_open(parent, ClockKind.RESOLUTION).due_at.isoformat() == "2026-11-23T16:00:00+08:00"
    handler = dispatch_and_take(service, parent)
    service.later(minutes=10)
    resolve(service, parent, handler)
    service.settle()
    exchanging.send_due(now=service.now)
    assert [(said["number"], said["act"]) for said in hotline.taken.values()] == [
        ("SH-1", "签收"),
        ("SH-1", "办结"),
    ]
    owed = [
        t for t in (service.ticket(by_code), service.ticket(child.id)) if find_open(t, ClockKind.FOLLOW_UP)
    ]
    assert [ticket.id for ticket in owed] == [by_code]
    shown = service.get(f"/desk/tickets/{by_code}/exchanges", service.staff(DESK)).body["items"]
    assert [e["state"] for e in shown] == ["received", "acknowledged", "acknowledged"]


def test_an_order_that_goes_its_own_way_again_is_answered_by_its_own_ticket_alone(service, hotline):
    by_code = service.report("楼道灯不亮了").body["id"]
    push(service, order(category="市政设施/路灯"))
    child = ticket_of(service)
    service.post(f"/desk/tickets/{child.id}/merge", {"into": by_code}, service.staff(DESK))
    assert service.desk_act(child.id, "split", DESK, note="不是同一件事").status == 200
    dispatch_and_take(service, service.ticket(by_code))
    service.settle()
    assert exchanging.send_due(now=service.now) == 0
    assert service.ticket(by_code).external_ids == ()
    assert service.get(f"/desk/tickets/{by_code}/exchanges", service.staff(DESK)).body["items"] == []


def test_an_order_is_answered_and_changed_where_it_goes_on_however_often_it_was_merged(service, hotline):
    first, last = (service.report(text).body["id"] for text in ("楼道灯不亮了", "三楼灯也坏了"))
    push(service, order(category="市政设施/路灯"))
    child = ticket_of(service)
    for one, into in ((child.id, first), (first, last)):
        answer = service.post(f"/desk/tickets/{one}/merge", {"into": into}, service.staff(DESK))
        assert answer.status == 200, answer.raw
    service.later(minutes=1)
    push(service, order(category="市政设施/路灯", due_at="2026-11-23 16:00", sent_at="2026-11-23 10:30:00"))
    assert (
        find_open(service.ticket(last), ClockKind.RESOLUTION).due_at.isoformat()
        == "2026-11-23T16:00:00+08:00"
    )
    dispatch_and_take(service, service.ticket(last))
    service.settle()
    exchanging.send_due(now=service.now)
    assert [(said["number"], said["act"]) for said in hotline.taken.values()] == [("SH-1", "签收")]
    assert service.desk_act(child.id, "split", DESK, note="不是同一件事").status == 200
    [known] = service.ticket(child.id).external_ids
    assert known.due_at.isoformat() == "2026-11-23T16:00:00+08:00"
    assert [service.ticket(one).external_ids for one in (first, last)] == [(), ()]


# --- files ---

HEAD = "工单编号,诉求内容,诉求地点,办结时限,联系电话\n"


def upload(service, text, encoding="gb18030", **more):
    body = {"file": base64.b64encode(text.encode(encoding)).decode(), **more}
    return service.post("/desk/partners/hotline/orders", body, service.staff(DESK))


def run(job_id, chunks, now=MONDAY):
    for chunk in chunks:
        jobs.run_chunk(job_id, chunk, KINDS, now=now)


def rows(count, first=1):
    return "".join(f"F-{n},{TEXT}第{n}盏,,2026-11-25,1380000{n:04d}\n" for n in range(first, first + count))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_taken_in_as_one_job(service, encoding):
    answer = upload(service, HEAD + rows(3), encoding)
    assert (answer.status, answer.body["rows"]) == (202, 3)
    run(answer.body["job"], [0])
    shown = service.get(f"/desk/jobs/{answer.body['job']}", service.staff(DESK)).body
    assert (shown["counts"], shown["about"]) == ({"made": 3}, {"partner": "hotline"})
    assert ticket_of(service, "F-2").external_ids[0].due_at.isoformat() == "2026-11-25T23:59:59+08:00"


def test_good_rows_are_taken_in_at_once_and_every_other_is_told(service):
    text = HEAD + rows(2) + ",没有编号,,,\n" + rows(2, 3) + f"F-5,{TEXT},,下周,138****0001\n"
    told = upload(service, text)
    assert told.status == 202
    assert [told.body[name] for name in ("rows", "taken", "first", "last")] == [6, 5, "F-1", "F-5"]
    assert [trouble["row"] for trouble in told.body["troubles"]] == [4]
    assert [(one["row"], "下周" in one["message"]) for one in told.body["to_check"]] == [(7, True)]
    run(told.body["job"], [0])
    assert ticket_of(service, "F-4")
    shown = service.get(f"/desk/jobs/{told.body['job']}", service.staff(DESK)).body
    assert (shown["total"], sum(shown["counts"].values()), shown["counts"]) == (
        6,
        6,
        {"made": 5, "refused": 1},
    )
    assert (
        shown["troubles"] == told.body["troubles"]
    )  # whoever closed the page finds the reasons with the job
    listed = service.get("/desk/partners/hotline/orders", service.staff(DESK)).body["items"]
    assert {row["number"] for row in listed if "下周" in row["to_check"]} == {"F-5"}


def test_what_was_odd_is_to_be_checked_until_somebody_has_and_the_record_keeps_who(service):
    run(upload(service, HEAD + f"C-1,{TEXT},,下周,\nC-2,{TEXT}二,,,\n").body["job"], [0])
    odd, plain = (ticket_of(service, number).id for number in ("C-1", "C-2"))

    def came(ticket_id):
        return service.get(f"/desk/tickets/{ticket_id}/exchanges", service.staff(DESK)).body["items"][0]

    def listed():
        items = service.get("/desk/partners/hotline/orders", service.staff(DESK)).body["items"]
        return {row["number"]: row["to_check"] for row in items}

    assert "下周" in came(odd)["to_check"] == listed()["C-1"]
    path = "/desk/exchanges/{}/checked"
    assert service.post(path.format(came(plain)["id"]), {}, service.staff(DESK)).status == 422
    assert service.post(path.format(came(odd)["id"]), {}, service.staff("hjb-fc1")).status in (403, 404)
    for _ in range(2):
        answer = service.post(path.format(came(odd)["id"]), {}, service.staff(DESK))
        assert (answer.status, answer.body["to_check"], answer.body["done_by"]) == (200, "", DESK)
    assert "下周" in came(odd)["detail"]
    assert listed() == {"C-1": "", "C-2": ""}


def test_a_masked_phone_reaches_nobody_and_makes_nobody_one_person(service):
    text = HEAD + "".join(
        f"M-{n},{TEXT}第{n}盏,,,{phone}\n"
        for n, phone in enumerate(("138****1111", "138****1111", "1.38E+10"))
    )
    run(upload(service, text).body["job"], [0])
    found = [ticket_of(service, f"M-{n}") for n in range(3)]
    assert len({ticket.reporter_id for ticket in found}) == 3


def test_a_file_without_any_order_is_refused_with_every_row(service):
    refused = upload(service, HEAD + ",没有编号,,,\n")
    assert refused.status == 422
    assert [fault["row"] for fault in refused.body["fields"]] == [2]


def test_the_same_file_again_makes_nothing_new_and_a_changed_row_updates(service):
    run(upload(service, HEAD + rows(3)).body["job"], [0])
    changed = HEAD + rows(2) + f"F-3,{TEXT}又坏了,,2026-11-25,13800000003\n"
    again = upload(service, changed).body["job"]
    run(again, [0])
    assert job_store.find(again).counts == {"same": 2, "updated": 1}


def test_a_kill_in_the_middle_of_a_file_loses_no_order_and_makes_none_twice(service, monkeypatch):
    job = upload(service, HEAD + rows(60)).body["job"]
    real, left = orders.take_in, [17]

    def dying(*args, **kwargs):
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt
        return real(*args, **kwargs)

    monkeypatch.setattr(orders, "take_in", dying)
    with pytest.raises(KeyboardInterrupt):
        run(job, [0])
    assert jobs.wake_late(now=MONDAY + timedelta(minutes=10)) == 2
    run(job, [0, 1])
    found = [ticket_of(service, f"F-{n}") for n in range(1, 61)]
    assert len({ticket.id for ticket in found}) == 60
    assert all(ticket.version == 1 for ticket in found)
    assert job_store.find(job).counts == {"made": 44, "same": 16}


def test_two_at_once_make_one_ticket(service, monkeypatch):
    """The order is found missing by both, as when two chunks or a push and a file meet."""
    partner, one = partners.get("hotline"), Order(number="SH-1", text=TEXT)
    first = orders.take_in(partner, one, now=service.now)
    monkeypatch.setattr(orders, "find_id_by_external", lambda *_: None)
    second = orders.take_in(partner, one, now=service.now.astimezone(SHANGHAI) + timedelta(days=8))
    assert (second.ticket.id, second.how) == (first.ticket.id, "same")
