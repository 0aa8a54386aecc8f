"""演练 (rule 55): a drill looks like the real thing to those in it, and is nothing to anybody else."""

import html
import re

import pytest

from chalicelib.actions.notices import pushing, sending
from chalicelib.domain.notices.deliveries import State, digest_of
from chalicelib.domain.tickets.practice import MARK, WARNING, counted
from chalicelib.settings import settings
from chalicelib.store.notices import deliveries
from chalicelib.store.table import Table
from chalicelib.store.town import points
from tests.telling_town import a_notice, a_ticket, a_town, at

DESK = "gglw-fc1"
LAMP = "4号楼一楼楼道灯不亮，晚上看不见台阶"
LIFT = "电梯困人了，有老人被困在电梯里"
OUTSIDE = ("wecom", "wechat", "wecom_robot")


class Untouchable:
    """Stands for a gateway to someone outside: set up, and a fault to use."""

    def __getattr__(self, name):
        if name == "is_set":
            return lambda: True
        pytest.fail(f"a drill asked an outside party: {name}")


def switch(patch, practice):
    patch.setenv("PRACTICE", "true" if practice else "false")
    settings.cache_clear()


@pytest.fixture
def drill(service, monkeypatch):
    for name in OUTSIDE:
        monkeypatch.setattr(pushing, name, Untouchable())
    switch(monkeypatch, practice=True)
    return service


def sent_out(service):
    """Every outward message, each tried as `send` would."""
    service.settle()
    outward = [item for item in service.items(Table.WORK) if item["SK"].startswith("out#")]
    for item in outward:
        sending.send((item["PK"], item["SK"]), now=service.now)
    return [deliveries.load(item) for item in service.items(Table.WORK) if item["SK"].startswith("out#")]


@pytest.mark.parametrize("text", [LAMP, LIFT])
def test_a_drill_is_told_to_nobody_outside(drill, text):
    assert drill.report(text).status == 201
    sent = [delivery for delivery in sent_out(drill) if delivery.way != "call"]
    assert sent
    assert {delivery.state for delivery in sent} == {State.DELIVERED}  # to the log


def test_a_ticket_of_a_drill_stays_one_when_the_stage_becomes_real(drill, monkeypatch):
    ticket_id = drill.report(LAMP).body["id"]
    switch(monkeypatch, practice=False)
    assert sent_out(drill)
    assert drill.ticket(ticket_id).practice


def test_every_message_of_a_drill_says_so(drill):
    drill.report(LAMP)
    drill.settle()
    lines = drill.get("/staff/inbox", drill.staff(DESK)).body["items"]
    lines += drill.get("/api/inbox", drill.resident()).body["items"]
    assert lines
    assert all(MARK in line["title"] for line in lines)


def test_a_call_that_the_desk_is_to_make_in_a_drill_says_so(drill):
    contact = {"name": "演练甲", "phone": "13800000000"}
    body = {"source": "phone", "place": "SHJY-4-1", "text": LAMP, "contact": contact}
    assert drill.post("/staff/tickets", body, drill.staff(DESK)).status == 201
    drill.settle()
    calls = drill.get("/desk/calls", drill.staff(DESK)).body["items"]
    assert calls
    assert all(MARK in call["title"] for call in calls)


def test_what_is_gathered_from_a_drill_is_gathered_apart_and_says_so():
    head, notice = a_town().staff_member("head"), a_notice(digest=True)
    real, drill = (
        digest_of(notice, a_ticket(practice=practice), head, at("10:00"), a_town())
        for practice in (False, True)
    )
    assert real.key != drill.key
    assert (real.params.get("practice"), drill.params.get("practice")) == (None, "1")


def test_a_storm_of_a_drill_never_swallows_a_real_one():
    head, notice = a_town().staff_member("head"), a_notice(template="new_for_desk")
    real, drill = (
        digest_of(notice, a_ticket(practice=practice), head, at("10:00"), a_town())
        for practice in (False, True)
    )
    assert (drill.key, drill.params) == (f"practice:{real.key}", real.params | {"practice": "1"})


def test_neighbours_neither_see_a_drill_nor_join_it(drill):
    ticket_id = drill.report(LAMP).body["id"]
    assert drill.get(f"/api/points/{drill.point()}").body["open"] == []
    assert drill.post(f"/api/tickets/{ticket_id}/join", {}, drill.resident("other")).code == "not_found"


def test_staff_see_in_every_list_and_on_the_ticket_that_it_is_a_drill(drill):
    ticket_id = drill.report("想问问哪里办居住证").body["id"]
    desk = drill.staff(DESK)
    number = drill.ticket(ticket_id).number
    lists = [
        drill.get("/staff/queues/desk", desk).body["items"],
        drill.get(f"/staff/search?number={number}", desk).body["items"],
        drill.get("/api/tickets", drill.resident()).body["items"],
        [drill.get(f"/staff/tickets/{ticket_id}", desk).body],
    ]
    assert [[item["practice"] for item in items] for items in lists] == [[True]] * 4


def test_a_real_ticket_is_not_marked(service):
    ticket_id = service.report("想问问哪里办居住证").body["id"]
    desk = service.staff(DESK)
    [entry] = service.get("/staff/queues/desk", desk).body["items"]
    assert not entry["practice"]
    assert not service.get(f"/staff/tickets/{ticket_id}", desk).body["practice"]


@pytest.mark.parametrize("practice", [True, False])
def test_the_page_of_a_code_warns_whoever_scans_it_in_a_drill(service, monkeypatch, practice):
    switch(monkeypatch, practice)
    page = service.get(f"/s/{service.point()}").raw.decode()
    assert (WARNING in html.unescape(page)) is practice
    assert "<!-- practice -->" not in page
    assert service.get(f"/api/points/{service.point()}").body["practice"] is practice


@pytest.mark.parametrize("practice", [True, False])
def test_a_label_of_a_drill_says_that_it_must_not_be_hung_up(service, monkeypatch, practice):
    switch(monkeypatch, practice)
    sheet = service.get("/desk/labels?place=SHJY-4&per_page=4", service.staff(DESK)).raw.decode()
    labels = len(re.findall("编号 ", sheet))
    assert labels
    assert sheet.count("演练 请勿张贴") == (labels if practice else 0)


@pytest.mark.parametrize(("practice", "scans"), [(True, {}), (False, {"2026-11-23": 1})])
def test_a_scan_in_a_drill_is_not_counted(service, monkeypatch, practice, scans):
    switch(monkeypatch, practice)
    service.get(f"/api/points/{service.point()}")
    assert points.list_scans(service.point()) == scans


def test_no_figure_holds_a_ticket_of_a_drill():
    real, drill = a_ticket(id="real"), a_ticket(id="drill", practice=True)
    assert list(counted([drill, real])) == [real]
