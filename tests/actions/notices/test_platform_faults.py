"""Whatever ails WeChat and WeCom for an hour: the ticket's clocks go on, and each message arrives once or is listed."""

from datetime import timedelta

import pytest

from chalicelib.actions.notices import mini_program, sending
from chalicelib.actions.tickets import escalating
from chalicelib.domain.notices.deliveries import FINAL, State
from chalicelib.domain.town.vocabulary import Channel
from chalicelib.gateways import http
from chalicelib.store.identity import consents
from chalicelib.store.table import Table
from infra.local.platform.server import StandIn
from infra.local.play import tables
from infra.local.play.phones import Shown
from infra.local.play.phones_check import one_time_messages_came_once, outward
from tests.phones_cloud import PROGRESS, connect, keep_secrets

FAULTS = {
    "down": {"mode": "down"},
    "slow": {"mode": "slow", "seconds": 0.4},
    "200 with HTML": {"mode": "html"},
    "half an answer": {"mode": "garbage"},
    "45009": {"mode": "errcode", "errcode": 45009},
    "43101": {"mode": "errcode", "errcode": 43101},
    "40001 for ever": {"mode": "errcode", "errcode": 40001},
}

# Each plays an hour on moto: the first of them at every run, all of them at night.
EACH_FAULT = [pytest.param(name, marks=() if name == "down" else pytest.mark.nightly) for name in FAULTS]


@pytest.fixture
def platform(service, monkeypatch):
    monkeypatch.setattr(http, "READ_SECONDS", 0.2)
    with StandIn() as running:
        keep_secrets()
        connect(monkeypatch, running.base)
        running.memory.token("wechat")
        yield running


def a_report(service, platform, name="li"):
    """A report from the mini-program; answers the ticket's id and the resident's token."""
    token = service.post("/api/sessions", {"wechat_code": f"{name}.1"}).body["token"]
    platform.memory.allow(f"o-{name}", PROGRESS, 1)
    consents.accept(mini_program.person_of(f"o-{name}"), PROGRESS, event="1", at=service.now)
    ticket_id = service.report("四号楼一单元楼道灯不亮", token=token).body["id"]
    return ticket_id, token


def live_on(service, ticket_id):
    """An hour in which nobody does anything."""
    began = service.now
    while service.now < began + timedelta(hours=1):
        escalating.ring_late(ticket_id, now=service.now)
        service.settle()
        try_all(service)
        service.later(minutes=15)


def try_all(service):
    http.forget()
    for item in service.items(Table.WORK):
        if item["PK"].startswith("TO#") and item["SK"].startswith("out#"):
            sending.send((item["PK"], item["SK"]), now=service.now)


def story(service, ticket_id):
    """The clocks and the history, without what differs from one ticket to the next."""
    kept = tables.read().tickets[ticket_id]
    began = kept.ticket.received_at
    clocks = [
        (c.id, c.rang, c.met_by, c.met_at and c.met_at - began, c.due_at - began) for c in kept.ticket.clocks
    ]
    return clocks, [(version, event.kind, event.at - began) for version, event in kept.changes]


@pytest.mark.parametrize("fault", EACH_FAULT)
def test_the_clocks_of_a_ticket_go_on_while_the_platforms_are_ill(service, platform, fault):
    start = service.now
    fair, _ = a_report(service, platform, "wang")
    live_on(service, fair)
    service.now = start
    ill, token = a_report(service, platform)
    platform.memory.set_mood("all", FAULTS[fault])
    live_on(service, ill)
    assert story(service, ill) == story(service, fair)
    assert any(kind == "escalated" for _, kind, _ in story(service, ill)[1])
    told = [line for line in service.get("/api/inbox", token).body["items"] if line["ticket_id"] == ill]
    assert "dispatched" in {line["template"] for line in told}


@pytest.mark.parametrize("fault", EACH_FAULT)
def test_after_an_hour_of_it_each_message_has_arrived_once_or_is_listed(service, platform, fault):
    ticket_id, _ = a_report(service, platform)
    platform.memory.set_mood("all", FAULTS[fault])
    live_on(service, ticket_id)
    platform.memory.set_mood("all", {"mode": "ok"})
    for _ in range(3):
        service.later(minutes=31)
        try_all(service)
    sent = [delivery for _, delivery in outward(tables.read())]
    ended = [delivery for delivery in sent if delivery.way is not Channel.CALL]
    assert ended
    assert {delivery.state for delivery in ended} <= FINAL
    assert all(delivery.detail for delivery in ended if delivery.state is not State.DELIVERED)
    memory = platform.memory
    assert list(one_time_messages_came_once(tables.read(), Shown(memory.phones, memory.dropped))) == []
    assert len(memory.phones["wechat:o-li"]) <= 1
    for phone, messages in memory.phones.items():
        texts = [repr({k: v for k, v in message.items() if k != "received_at"}) for message in messages]
        assert len(texts) == len(set(texts)), phone
