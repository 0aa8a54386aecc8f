"""Erased is erased (rule 45): by the desk for whoever has no session, by the own session, and again after a restore."""

from pathlib import Path

import boto3
import pytest

from chalicelib.actions.identity import erasing
from chalicelib.actions.partners import orders
from chalicelib.domain.acts.moves import changed
from chalicelib.domain.counter.rulings import precedent_of
from chalicelib.domain.identity.chain import Entry, Why
from chalicelib.domain.identity.erasing import TAKEN_OUT
from chalicelib.domain.knowledge.drafts import unanswered
from chalicelib.domain.partners.exchanges import State
from chalicelib.domain.partners.orders import Order
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event
from chalicelib.domain.town.partner import read_partner
from chalicelib.store.counter import precedents
from chalicelib.store.feed import feed
from chalicelib.store.identity import audit, chain
from chalicelib.store.knowledge import drafts
from chalicelib.store.partners import exchanges, partners
from chalicelib.store.table import Table, transact
from chalicelib.store.tickets import tickets
from chalicelib.store.town import directory
from tests.keeping import DESK
from tests.moto_cloud import keep_secrets

SAMPLES = Path(__file__).parents[3] / "town" / "partners"
NAME, PHONE = "欧阳采薇", "13812345678"
SUMMARY = "反映楼道照明，已修好"
CHECKED = {"text": SUMMARY, "checked": "called_back"}


def where(service, *texts):
    """The items of every table in which a text stands; what only a retry or a counter keeps apart."""
    passing = ("SESSION#", "IDEMPOTENCY#", "LIMIT#")
    return sorted(
        f"{which} {item['PK']} {item['SK']}"
        for which in Table
        for item in service.items(which)
        if not item["PK"].startswith(passing) and any(text in repr(item) for text in texts)
    )


@pytest.fixture
def told(service):
    """A ticket whose reporter's words and name went into its history and to staff's phones, and which has ended."""
    token, contact = service.resident("erasing"), {"name": NAME, "phone": PHONE}
    ticket_id = service.report("楼道灯不亮，摔了一跤", token=token, contact=contact).body["id"]
    service.settle()
    service.post(f"/api/tickets/{ticket_id}/comments", {"text": "灯还是不亮，夜里怕人"}, token)
    said = {"text": f"已联系{NAME}女士，电话一三八1234五六七八"}
    service.post(f"/staff/tickets/{ticket_id}/comment", said, service.staff(DESK))
    assert service.post(f"/api/tickets/{ticket_id}/withdraw", {"reason": "自己修好了"}, token).status == 200
    service.settle()
    return ticket_id


WORDS = (NAME, PHONE, "摔了一跤", "夜里怕人", "一三八1234")


def erase(service, ticket_id, by=DESK, **changes):
    return service.post(f"/desk/tickets/{ticket_id}/erase", CHECKED | changes, service.staff(by))


def test_the_desk_erases_for_whoever_has_no_session_and_nothing_of_it_is_left(service, told):
    assert where(service, *WORDS)
    assert erase(service, told).status == 200
    service.settle()
    assert where(service, *WORDS) == []
    ticket = tickets.get(told)
    assert (ticket.text, ticket.erased, ticket.reporter_id) == (SUMMARY, True, None)
    notes = [event.note for _, event in tickets.list_events(told)]
    assert TAKEN_OUT in notes
    assert any("已联系" in note for note in notes)
    assert [(t.what, t.viewer) for t in audit.list_traces(told)][-1] == ("erased", DESK)


def test_what_is_learned_of_a_ticket_keeps_no_more_of_the_person_than_the_ticket(service, told):
    """A question that waits for an entry, and a precedent: each a copy of words, the latter for five years."""
    now, ticket = service.now, tickets.get(told)
    known = unanswered(
        ticket.text,
        [],
        answer=f"已告诉{NAME}女士",
        station="ST-GGLW",
        by=DESK,
        town=directory.town(),
        now=now,
    )
    drafts.add(known, of=told)
    ruled = Event(kind=EventKind.DUTY_RULED, at=now, by=DESK, note="条例第六十二条")
    tickets.change(told, lambda latest: changed(latest, ruled, before=latest, town=directory.town()))
    made = precedent_of(ticket, unit_id="ST-GGLW", ground=f"条例第六十二条，{NAME}也同意", now=now)
    transact([precedents.precedent_op(made)])
    assert erase(service, told).status == 200
    service.settle()
    assert where(service, *WORDS) == []
    assert [each.ground[:7] for each in precedents.list_latest(ticket.category)] == ["条例第六十二条"]


def test_subscribers_are_told_to_remove_it_and_fetch_no_word(service, told):
    assert feed.find_last(told)
    erase(service, told)
    service.settle()
    events = feed.list_after(told, 0, limit=50)
    assert events[-1].kind == "hidden"
    assert {(event.ticket, event.note) for event in events} == {(None, "")}


ORDER_TEXT = "盛华景苑4号楼门口路灯坏了三天，没人管"


@pytest.fixture
def ordered(service):
    """A ticket of the hotline with what came in, what was sent and what waits, in which its person stands in every way."""
    keep_secrets(partner_hotline="p" * 40)
    partners.save(read_partner("hotline", (SAMPLES / "hotline.csv").read_bytes()))
    odd = (f"电话“{PHONE}转{NAME}”读作{PHONE}",)
    order = Order(number="SH-E1", text=ORDER_TEXT, name=NAME, phone=PHONE, to_check=odd)
    taken = orders.take_in(partners.get("hotline"), order, now=service.now)
    service.settle()
    came = next(each for each in exchanges.list_of_order("hotline", "SH-E1") if each.began)
    quoted = f"已联系{NAME}女士（一三八1234五六七八），市民说：{ORDER_TEXT}。属邻镇"
    sent = {"state": State.WAITING, "act": "progress", "code": "20", "detail": f"对方没有确认：{PHONE}"}
    said = {"report": {"text": ORDER_TEXT, "place": "盛华景苑"}, "note": quoted}
    for name, more in {"1": sent, "2": sent | {"state": State.ACKNOWLEDGED}}.items():
        exchanges.add(came.model_copy(update={"name": f"{came.name}-{name}", **sent, **said, **more}))
    assert (
        service.desk_act(taken.ticket.id, "forward", DESK, to="邻镇", text="属邻镇，请联系邻镇").status == 200
    )
    service.settle()
    return taken.ticket


def test_what_a_partner_sent_and_was_sent_keeps_no_more_of_a_person_than_the_ticket(service, ordered):
    words = (NAME, PHONE, "路灯坏了三天", "一三八1234")
    before = {each.name: each for each in exchanges.list_of_order("hotline", "SH-E1")}
    assert len(before) >= 3
    assert erase(service, ordered.id).status == 200
    service.settle()
    assert where(service, *words) == []
    after = {each.name: each for each in exchanges.list_of_order("hotline", "SH-E1")}
    assert {name: each.state for name, each in after.items() if name in before} == {
        name: each.state for name, each in before.items()
    }
    notes = [each.note for each in after.values()]
    assert sum("已联系" in note and "属邻镇" in note and TAKEN_OUT in note for note in notes) == 2


def test_an_erased_person_is_found_by_no_phone_and_is_nobody_the_service_knows(service, ordered):
    assert any(item["PK"].startswith("KNOWN#") for item in service.items(Table.IDENTITIES))
    erase(service, ordered.id)
    held = (item["PK"].partition("#")[0] for item in service.items(Table.IDENTITIES))
    assert not {"KNOWN", "PHONE", "PHONES", "PERSON"} & set(held)


def test_who_is_in_another_ticket_too_stays_the_same_person(service, ordered):
    body = {"source": "phone", "text": "垃圾没清", "place": "SHJY-4-1", "contact": {"phone": PHONE}}
    other = service.post("/staff/tickets", body, service.staff(DESK)).body["id"]
    person = tickets.get(other).reporter_id
    assert person == ordered.reporter_id
    erase(service, ordered.id)
    again = service.post("/staff/tickets", body, service.staff(DESK)).body["id"]
    assert tickets.get(again).reporter_id == person


@pytest.mark.parametrize(
    ("by", "changes", "status"),
    [
        ("hjb-fc1", {}, 404),
        ("pm-shjy-a", {}, 403),
        (DESK, {"checked": "signed_in"}, 422),
        (DESK, {"checked": ""}, 422),
        (DESK, {"text": ""}, 422),
    ],
)
def test_nobody_else_and_nothing_unchecked_erases(service, told, by, changes, status):
    before = where(service, *WORDS)
    assert erase(service, told, by, **changes).status == status
    assert where(service, *WORDS) == before


def test_an_open_ticket_is_not_erased_and_none_twice(service, told):
    open_one = service.report("楼道灯坏了", contact={"name": NAME, "phone": PHONE}).body["id"]
    assert erase(service, open_one).code == "wrong_stage"
    assert erase(service, told).status == 200
    assert erase(service, told).code == "invalid"


def test_the_desk_hands_over_a_copy_with_who_looked_and_that_is_a_look_too(service, told):
    service.post(
        f"/staff/tickets/{told}/reveal", {"fields": ["phone"], "reason": "follow_up"}, service.staff(DESK)
    )
    answer = service.post(f"/desk/tickets/{told}/copy", {"checked": "in_person"}, service.staff(DESK))
    assert answer.status == 200
    assert answer.body["contact"]["phone"] == PHONE
    assert "revealed" in [line["what"] for line in answer.body["viewed"]]
    assert audit.list_traces(told)[-1].what == "copied"
    assert service.post(f"/desk/tickets/{told}/copy", {"checked": "no"}, service.staff(DESK)).status == 422
    assert (
        service.post(
            f"/desk/tickets/{told}/copy", {"checked": "in_person"}, service.staff("pm-shjy-a")
        ).status
        == 403
    )


def test_who_erases_by_the_own_session_is_known_nowhere_at_once_and_the_desk_approves_a_summary(
    service, told
):
    assert service.post("/api/me/forget", {}, service.resident("erasing")).status == 200
    service.settle()
    assert where(service, *(word for word in WORDS if word != "摔了一跤")) == []
    assert feed.list_after(told, 0, limit=50)[-1].kind == "hidden"
    assert "请写好摘要" in str(service.get("/staff/inbox", service.staff(DESK)).body)
    assert erase(service, told, checked="signed_in").status == 200
    assert where(service, *WORDS) == []
    assert tickets.get(told).text == SUMMARY


@pytest.mark.parametrize(("days", "late"), [(14, 0), (15, 1)])
def test_a_summary_that_nobody_approves_in_time_says_no_more_than_the_matter(service, told, days, late):
    service.post("/api/me/forget", {}, service.resident("erasing"))
    service.later(days=days)
    assert erasing.approve_late(now=service.now) == late
    assert tickets.get(told).text.startswith("反映人已要求删除内容。事项：") is bool(late)
    assert erasing.approve_late(now=service.now) == 0


def test_a_stranger_who_joined_holds_up_nobody(service):
    token = service.resident("the first")
    ticket_id = service.report("楼道灯坏了", token=token, contact={"name": NAME, "phone": PHONE}).body["id"]
    assert service.post("/api/me/forget", {}, token).code == "invalid"
    assert service.post(f"/api/tickets/{ticket_id}/join", {}, service.resident("a stranger")).status == 200
    assert service.post("/api/me/forget", {}, token).status == 200
    assert where(service, NAME, PHONE) == []
    assert tickets.get(ticket_id).reporter_id is None


def test_what_a_restore_brought_back_is_erased_again(service, told):
    kept = [
        (which, item)
        for which in (Table.TICKETS, Table.IDENTITIES)
        for item in boto3.client("dynamodb").scan(TableName=which.full_name)["Items"]
    ]
    as_of = service.now
    service.later(minutes=5)
    erase(service, told)
    service.later(minutes=5)
    assert erasing.repeat(now=service.now) == 0
    for which in (Table.TICKETS, Table.IDENTITIES):
        for item in service.items(which):
            key = {"PK": {"S": item["PK"]}, "SK": {"S": item["SK"]}}
            boto3.client("dynamodb").delete_item(TableName=which.full_name, Key=key)
    for which, item in kept:
        boto3.client("dynamodb").put_item(TableName=which.full_name, Item=item)
    chain.enter(Entry(at=service.now, subject="", why=Why.RESTORED, by="restore", as_of=as_of))
    assert where(service, *WORDS)
    assert erasing.repeat(now=service.now) >= 1
    service.settle()
    assert where(service, *WORDS) == []
    assert erasing.repeat(now=service.now) == 0
