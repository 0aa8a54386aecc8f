"""A ticket that lies behind its own history is found, shown and goes on; every other one is left alone."""

import json

import boto3
import pytest

from chalicelib.actions import sweeping
from chalicelib.domain.tickets.queues import waits_for
from chalicelib.store.table import Table
from chalicelib.store.tickets import catching_up
from infra.production import repair
from infra.production.aws import Refused
from tests.moto_cloud import ENVIRONMENT

TICKETS = ENVIRONMENT["TICKETS_TABLE"]


def entry(ticket_id, sk):
    return {"PK": {"S": f"TICKET#{ticket_id}"}, "SK": {"S": sk}}


@pytest.fixture
def wedged(service):
    """An old ticket beside a newer history, as an interrupted restore left it: taken and answered since."""
    tables = boto3.client("dynamodb")
    ticket_id = service.report("楼道灯坏了").body["id"]
    service.settle()
    old = tables.get_item(TableName=TICKETS, Key=entry(ticket_id, "TICKET"))["Item"]
    handler = service.ticket(ticket_id).handler_id
    service.later(minutes=1)
    assert service.staff_act(ticket_id, "take", handler).status == 200
    assert service.staff_act(ticket_id, "unit-feedback", handler, text="下午换好").status == 200
    service.settle()
    tables.put_item(TableName=TICKETS, Item=old)
    return ticket_id


def queues(service, ticket_id):
    items = [i for i in service.items(Table.TICKETS) if i["PK"] == f"TICKET#{ticket_id}"]
    return {i["SK"].removeprefix("QUEUE#") for i in items if i["SK"].startswith("QUEUE#")}


def test_it_refuses_every_act_until_it_is_repaired_and_then_goes_on(service, deployment, wedged, capsys):
    handler = service.ticket(wedged).handler_id
    for _ in range(2):  # "somebody else was before you", for ever
        assert service.staff_act(wedged, "take", handler).status == 409
    assert list(repair.suspects(deployment)) == [wedged]
    assert repair.repair([wedged], ask=False) == 1
    shown = capsys.readouterr().out
    assert service.ticket(wedged).number in shown
    assert "taken" in shown
    assert list(repair.suspects(deployment)) == []
    assert service.staff_act(wedged, "take", handler).status == 200
    assert queues(service, wedged) == {each.who for each in waits_for(service.ticket(wedged))}


def test_its_clocks_are_watched_again_by_a_fresh_execution(service, deployment, wedged):
    before = set(service.executions)
    repair.repair([wedged], ask=False)
    service.settle()
    assert [kind for kind, _ in set(service.executions) - before] == ["escalation"]
    service.later(days=3)
    version = service.ticket(wedged).version
    sweeping.sweep(now=service.now)
    assert service.ticket(wedged).version > version


def test_a_second_repair_finds_nothing_and_what_is_well_is_left_alone(service, deployment, wedged):
    well = service.report("想问问垃圾分类").body["id"]
    before = service.ticket(well)
    assert repair.repair([wedged, well, "01KAT0000000000000000000A1"], ask=False) == 1
    mended = service.ticket(wedged)
    assert repair.repair([wedged, well], ask=False) == 0
    assert (service.ticket(wedged), service.ticket(well)) == (mended, before)


def test_without_a_yes_nothing_is_changed(service, deployment, wedged, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda _: "n")
    before = service.items(Table.TICKETS)
    with pytest.raises(Refused, match="没有改动"):
        repair.repair([wedged], ask=True)
    assert service.items(Table.TICKETS) == before


def test_an_act_of_this_moment_is_not_lost(service, wedged, monkeypatch):
    """Somebody else repairs it between the look and the write."""
    look = catching_up._items

    def overtaken(ticket_id):
        found = look(ticket_id)
        monkeypatch.setattr(catching_up, "_items", look)
        catching_up.catch_up(ticket_id, now=service.now)
        return found

    monkeypatch.setattr(catching_up, "_items", overtaken)
    from chalicelib.store.table import ConditionFailed

    with pytest.raises(ConditionFailed):
        catching_up.catch_up(wedged, now=service.now)
    kinds = [
        json.loads(i["document"])["kind"]
        for i in service.items(Table.TICKETS)
        if i["SK"].startswith("EVENT#")
    ]
    assert kinds.count("repaired") == 1
