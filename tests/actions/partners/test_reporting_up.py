"""上报: a ticket is reported upward once, what is done with it follows in order, and the partner's word comes back once."""

import base64
import json
from datetime import timedelta

import pytest

from chalicelib.actions.partners import exchanging
from chalicelib.actions.tickets import escalating
from chalicelib.domain.clocks.clocks import due_alarms, find_open
from chalicelib.domain.partners import signatures
from chalicelib.domain.partners.exchanges import State
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.town.partner import read_partner
from chalicelib.gateways import http
from chalicelib.store.partners import exchanges, partners
from chalicelib.store.tickets import tickets
from chalicelib.store.town import directory
from infra.local.partner.server import StandIn
from tests.actions.partners.test_partners import KEY, SAMPLES
from tests.api.unchanged import everything, is_clear
from tests.moto_cloud import keep_secrets
from tests.service import running_service

DESK, HEAD, LEADER, ELSEWHERE, HANDLER = "gglw-fc1", "gglw-head", "gglw-leader", "hjb-fc1", "of-cj-a"
NAME = "huizhili"
WHY = "需要区里协调，电话13800001111"


@pytest.fixture(scope="module")
def service():
    with pytest.MonkeyPatch.context() as patch, running_service(patch) as running:
        keep_secrets(**{f"partner_{NAME}": KEY.decode()})
        yield running


@pytest.fixture(autouse=True)
def known(service):
    """汇治理 as the sample has it: without an interface, for each test anew."""
    http.forget()
    partners.save(read_partner(NAME, (SAMPLES / f"{NAME}.csv").read_bytes()))
    service.later(hours=1)  # far from any limit
    for code in (DESK, HEAD, LEADER, ELSEWHERE, HANDLER):
        service.staff(code)


@pytest.fixture
def above(service):
    """汇治理 with an interface, played by the stand-in."""
    with StandIn(KEY, now=lambda: service.now) as partner:
        partners.save(partners.get(NAME).model_copy(update={"address": partner.url}))
        yield partner


def horn(service, track="joint", **more):
    ticket_id = service.report("喇叭整夜响，睡不着", **more).body["id"]
    given = service.desk_act(ticket_id, "classify", DESK, category="D01", track=track)
    assert given.status == 200, given.raw
    given = service.desk_act(ticket_id, "dispatch", DESK, unit_id="OF-CJ", handler_id=HANDLER)
    assert given.status == 200, given.raw
    assert service.staff_act(ticket_id, "take", HANDLER).status == 200
    service.settle()
    return service.ticket(ticket_id)


def reported(service, ticket, by=DESK, **body):
    return service.desk_act(ticket.id, "report-up", by, **({"note": WHY} | body))


def up(service, **how):
    ticket = horn(service, **how)
    answer = reported(service, ticket)
    assert answer.status == 200, answer.raw
    service.settle()
    service.later(minutes=1)
    return service.ticket(ticket.id)


NONCES = iter(range(10**9))


def says(service, ticket, status, id_, text="", key=KEY, **more):
    body = {"id": id_, "number": ticket.number, "status": status, "text": text, **more}
    raw = json.dumps(body).encode()
    path = f"/partners/{NAME}/statuses"
    asked = signatures.Asked(way=signatures.Way.TO_TOWN, method="POST", target=path)
    signed = signatures.sign(key, raw, nonce=f"nonce-up-{next(NONCES):09d}", now=service.now, asked=asked)
    return service.post(path, raw, key=None, **signatures.headers(signed))


def lines(ticket):
    return [event for _, event in tickets.list_events(ticket.id)]


def told_of(ticket):
    return [e for e in exchanges.list_of_order(NAME, ticket.number) if e.state is not State.RECEIVED]


# --- up ---


def test_a_report_upward_holds_the_matter_and_nobody_s_identity(service, above):
    ticket = up(service, contact={"name": "王阿姨", "phone": "13800001111"})
    assert exchanging.send_due(now=service.now) == 1
    (said,) = above.taken.values()
    assert (said["number"], said["act"], said["text"]) == (ticket.number, "上报", ticket.text)
    assert (said["category"], said["track"]) == ("交通出行/机动车鸣笛", "复杂")
    assert directory.town().unit("OF-CJ").name in said["units"]
    assert "13800001111" not in json.dumps(said)
    assert "王阿姨" not in json.dumps(said, ensure_ascii=False)


def test_the_ticket_goes_on_as_it_was_and_its_history_says_where_it_went(service):
    before = horn(service)
    assert reported(service, before).status == 200
    after = service.ticket(before.id)
    assert (after.stage, after.handler_id, after.clocks) == (before.stage, before.handler_id, before.clocks)
    assert lines(after)[-1].details["to"] == "汇治理"


def test_what_is_done_next_follows_in_order_and_waits_while_it_is_down(service, above):
    above.mode = "error"
    ticket = up(service)
    service.staff_act(ticket.id, "progress", HANDLER, text="材料已定")
    service.settle()
    for _ in range(3):
        exchanging.send_due(now=service.now)
        service.later(minutes=10)
    first, second = told_of(ticket)
    assert (first.is_stuck, second.attempts) == (True, 0)
    stuck = service.get(f"/desk/exchanges?partner={NAME}", service.staff(DESK)).body["items"]
    assert first.id in [each["id"] for each in stuck]
    above.mode = "ok"
    service.later(hours=2)
    exchanging.send_due(now=service.now)
    ours = [said["act"] for said in above.taken.values() if said["number"] == ticket.number]
    assert ours == ["上报", "进展"]


def test_without_an_interface_it_is_entered_by_hand(service):
    ticket = up(service)
    answer = service.get(f"/desk/partners/{NAME}/answers", service.staff(DESK))
    rows = base64.b64decode(answer.body["file"]).decode("utf-8-sig").splitlines()
    assert rows[0].startswith("工单编号,上报动作")
    assert any(row.startswith(f"{ticket.number},上报") and ticket.text in row for row in rows)


def test_a_ticket_is_reported_once(service):
    ticket = up(service)
    before = everything(service)
    answer = reported(service, ticket)
    assert (answer.status, answer.code) == (409, "already_done")
    assert is_clear(answer)
    assert everything(service) == before


def test_what_was_returned_may_be_reported_again(service):
    ticket = up(service)
    says(service, ticket, "已受理", "a-1")
    assert reported(service, ticket).status == 409
    service.later(minutes=1)
    says(service, ticket, "退回", "a-2", text="请补充材料")
    assert reported(service, ticket).status == 200
    service.settle()
    assert [e.code for e in told_of(ticket)] == ["上报", "上报"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"track": "simple"}, "wrong_stage"),
        ({"confidential": True}, "not_allowed"),
        ({"practice": True}, "not_allowed"),
        ({"stage": "resolved"}, "wrong_stage"),
    ],
)
def test_what_may_not_be_reported_is_refused_and_nothing_changes(service, change, code, monkeypatch):
    ticket = horn(service)
    real = tickets.get
    monkeypatch.setattr(
        tickets, "get", lambda id_: type(ticket).model_validate(real(id_).model_dump() | change)
    )
    before = everything(service)
    answer = reported(service, ticket, by=LEADER)
    assert answer.code == code, answer.raw
    assert is_clear(answer)
    assert everything(service) == before


def test_only_the_ticket_s_own_desk_reports_it_and_only_to_a_partner_above(service):
    ticket = horn(service)
    before = everything(service)
    assert reported(service, ticket, by=ELSEWHERE).status == 404
    assert reported(service, ticket, by=HANDLER).status == 403
    assert reported(service, ticket, partner="hotline").status == 404
    assert reported(service, ticket, note="x").status == 422
    assert everything(service) == before


def test_a_ladder_that_says_so_reports_by_itself_once(service, monkeypatch):
    town = directory.town()
    rules = tuple(
        rule.model_copy(update={"ladder": "due upward"}) if rule.clock == "resolution" else rule
        for rule in town.clocks
    )
    changed = town.model_copy(update={"clocks": rules})
    monkeypatch.setattr(directory, "town", lambda: changed)
    ticket = horn(service, track="difficult")
    due_at = find_open(ticket, ClockKind.RESOLUTION).due_at
    at = max(due_at, service.now)
    while due_alarms(service.ticket(ticket.id), at):
        escalating.ring_late(ticket.id, now=at)
    escalating.ring_late(ticket.id, now=at)
    service.settle()
    kinds = [event.kind for event in lines(ticket)]
    assert kinds.count("reported_up") == 1
    (line,) = [event for event in lines(ticket) if event.kind == "reported_up"]
    assert (line.by, line.details["partner"]) == ("machine", NAME)
    assert any(notice.template == "escalated" for notice in line.notices)
    assert [e.code for e in told_of(ticket)] == ["上报"]


# --- and back ---


def test_its_word_stands_in_the_history_and_on_the_ticket(service):
    ticket = up(service)
    answer = says(service, ticket, "已派发", "b-1", text="已派区交警支队")
    assert (answer.status, answer.body) == (201, {"received": "b-1", "ticket": ticket.number, "how": "taken"})
    after = service.ticket(ticket.id)
    assert (after.stage, after.external_ids[0].status) == (ticket.stage, "已派发")
    assert (lines(after)[-1].kind, lines(after)[-1].note) == ("report_up_answered", "已派区交警支队")
    view = service.get(f"/desk/tickets/{ticket.id}/exchanges", service.staff(DESK)).body["items"]
    assert [(each["state"], each["code"]) for each in view][-1] == ("received", "已派发")


def test_an_instruction_is_told_to_whoever_has_it_and_its_deadline_rules(service):
    ticket = up(service)
    due = find_open(ticket, ClockKind.RESOLUTION).due_at
    day = service.now.date().isoformat()
    says(service, ticket, "已派发", "c-0")
    assert says(service, ticket, "批示", "c-1", text="今日办结", due_at=day).status == 201
    service.settle()
    after = service.ticket(ticket.id)
    assert find_open(after, ClockKind.RESOLUTION).due_at < due
    assert (lines(after)[-1].kind, after.external_ids[0].status) == ("instructed", "已派发")
    for who in (HANDLER, "of-cj-head", LEADER, DESK):
        found = service.get("/staff/inbox", service.staff(who)).body["items"]
        assert who == DESK or any(
            line["template"] == "word_from" for line in found if line["ticket_id"] == ticket.id
        ), who


def test_the_same_word_twice_and_a_month_later_changes_nothing(service, monkeypatch):
    ticket = up(service)
    says(service, ticket, "已受理", "d-1")
    before = service.ticket(ticket.id)
    for days in (0, 30):
        monkeypatch.setattr(service, "now", service.now + timedelta(days=days))
        assert says(service, ticket, "已受理", "d-1").body["how"] == "same"
    assert service.ticket(ticket.id) == before


def test_a_kill_before_it_was_noted_says_it_once(service, monkeypatch):
    ticket = up(service)
    with monkeypatch.context() as patch:
        patch.setattr(exchanges, "add", lambda _: 1 / 0)
        assert says(service, ticket, "已受理", "e-1").status == 500
    assert says(service, ticket, "已受理", "e-1").status == 201
    assert [event.kind for event in lines(ticket)].count("report_up_answered") == 1


def test_an_older_word_that_comes_late_stands_in_the_history_and_not_on_the_ticket(service):
    ticket = up(service)
    says(service, ticket, "已办结", "f-2", sent_at=f"{service.now:%Y-%m-%d %H:%M}")
    earlier = f"{service.now.replace(hour=0, minute=1):%Y-%m-%d %H:%M}"
    assert says(service, ticket, "处置中", "f-1", sent_at=earlier).body["how"] == "taken"
    after = service.ticket(ticket.id)
    assert after.external_ids[0].status == "已办结"
    assert [event.details["status"] for event in lines(after)[-2:]] == ["已办结", "处置中"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"status": "没登记的"}, 422),
        ({"number": ""}, 422),
        ({"number": "MS000000-AAAAAA-1"}, 404),
        ({"due_at": "明天"}, 422),
        ({"text": "字" * 2001}, 422),
        ({"id": "x" * 201}, 422),
        ({"key": b"q" * 40}, 401),
    ],
)
def test_what_cannot_be_read_or_is_not_signed_is_refused(service, change, status):
    ticket = up(service)
    before = everything(service)
    given = {"status": "已受理", "id_": "g-1", **change}
    if "id" in change:
        given["id_"] = given.pop("id")
    number = given.pop("number", ticket.number)
    answer = says(service, ticket.model_copy(update={"number": number}), **given)
    assert answer.status == status, answer.raw
    assert is_clear(answer)
    after = [item for item in everything(service) if "NONCE#" not in item]
    assert after == [item for item in before if "NONCE#" not in item]


def test_a_ticket_that_was_not_reported_gets_no_word(service):
    assert says(service, horn(service), "已受理", "h-1").status == 404


def rows(service, *given):
    content = "\n".join(["工单编号,办理状态,办理意见,流水号", *(",".join(row) for row in given)]).encode(
        "gb18030"
    )
    body = {"file": base64.b64encode(content).decode()}
    return service.post(f"/desk/partners/{NAME}/statuses", body, service.staff(DESK))


def test_a_file_of_words_is_taken_once(service):
    ticket = up(service)
    for taken, same in ((2, 0), (0, 2)):
        answer = rows(service, (ticket.number, "已受理", "", "i-1"), (ticket.number, "处置中", "已派", "i-2"))
        number = ticket.number
        told = {"rows": 2, "first": number, "last": number, "passed_over": [], "other_sheets": []}
        assert (answer.status, answer.body) == (200, {"taken": taken, "same": same} | told)


def test_a_file_with_a_bad_row_is_refused_whole_and_every_bad_row_is_named(service):
    ticket = up(service)
    before = everything(service)
    good = (ticket.number, "已受理", "", "j-1")
    answer = rows(service, good, (ticket.number, "错的", "", "j-2"), ("", "已受理", "", "j-3"))
    assert (answer.status, [field["row"] for field in answer.body["fields"]]) == (422, [3, 4])
    answer = rows(service, good, ("MS000000-AAAAAA-1", "已受理", "", "j-4"))
    assert (answer.status, [field["row"] for field in answer.body["fields"]]) == (422, [3])
    assert everything(service) == before


def test_a_partner_above_sends_no_orders_and_one_that_sends_orders_is_not_above(service):
    partners.save(read_partner("hotline", (SAMPLES / "hotline.csv").read_bytes()))
    body = {"file": base64.b64encode(b"x").decode()}
    assert service.post(f"/desk/partners/{NAME}/orders", body, service.staff(DESK)).status == 422
    assert service.post("/desk/partners/hotline/statuses", body, service.staff(DESK)).status == 422
