"""When a ticket turns 避开, the past follows without a tell-tale (rule 21): from every stage, for every kind of party, on every route."""

import json
import random
from typing import Any

import pytest

from chalicelib.domain.offers.possible import ACTS
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import ENDED, Event, Stage
from chalicelib.store.tickets import members, tickets
from tests.apart import (
    CONCERNED,
    CONCERNED_UNIT,
    DESK,
    HANDLER,
    HEAD,
    LEADER,
    OFFICE,
    OFFICE_HEAD,
    STAGES,
    TOWN_LEADER,
    TURNS,
    Life,
)
from tests.service import one_service
from tests.test_access import acts, reads, shown

service = one_service
ASKED_AT_DAY = 12  # routes of each kind of question that `make test` draws; `make nightly` asks all


def lived(service: Any, stage: str, turn: str) -> Life:
    """A ticket with a reporter, two who joined and a merged report, brought to the stage and turned."""
    life = Life(service, f"{stage} {turn}")
    life.joined_by("first", "second")
    STAGES[stage](life) if stage in ("received", "assisting") else None
    life.merges("merged")
    STAGES[stage](life) if stage not in ("received", "assisting") else None
    life.was = life.ticket()
    service.later(minutes=5)
    TURNS[turn](life)
    service.later(minutes=1)
    return life


def own_of(life: Life, who: str) -> Any:
    """The ticket that this resident has now."""
    found = life.service.get("/api/tickets", life.token(who)).body["items"]
    assert len(found) == 1, found
    return life.service.ticket(found[0]["id"])


def lines_of(answer: Any, life: Life) -> list[str]:
    """The templates of the lines of an inbox about a ticket, of which no id is in any."""
    assert life.id not in shown(answer)
    return [item["template"] for item in answer.body["items"] if life.number in item["text"]]


def told_of_it(service: Any, life: Life, paths: list[tuple[str, str, Any]], by: str) -> list[str]:
    """Every answer to this person that holds the ticket's id or number; of the inbox only what is more than the recall."""
    found = []
    for method, path, body in paths:
        answer = service._ask(
            method,
            path,
            service.staff(by),
            json.dumps(body).encode(),
            {"Idempotency-Key": f"{by} {path}"[-60:]},
        )
        assert answer.status < 500, (method, path, answer.raw)
        told = shown(answer)
        if path.startswith("/staff/inbox") and answer.status == 200:
            told = json.dumps(
                [i for i in answer.body["items"] if i["template"] != "recalled"], ensure_ascii=False
            )
        if life.id in told or life.number in told or (life.id in path and answer.status < 400):
            found.append(f"{method} {path} {answer.status}")
    return found


def questions(ticket: Any, drawn: str = "") -> list[tuple[str, str, Any]]:
    asked = [("GET", path, {}) for path in reads(ticket)]
    asked += [
        ("GET", f"/staff/queues/{queue}", {})
        for queue in ("mine", "unit", "escalated", "verify", "desk", "calls")
    ]
    asked += [("POST", path, body) for path, body in acts(ticket)]
    every = [("POST", f"/{act.path}/tickets/{ticket.id}/{name}", {}) for name, act in ACTS.items()]
    if not drawn:
        return asked + every
    asked += random.Random(drawn).sample(every, ASKED_AT_DAY)
    always = [
        each
        for each in asked
        if ticket.id in each[1] or "queues" in each[1] or "inbox" in each[1] or "search" in each[1]
    ]
    rest = [each for each in asked if each not in always]
    return always + random.Random(drawn).sample(rest, ASKED_AT_DAY)


def nothing_is_told(service: Any, life: Life, drawn: str = "") -> None:
    for code in CONCERNED:
        assert (
            told_of_it(service, life, questions(life.ticket(), f"{drawn} {code}" if drawn else ""), code)
            == []
        )
        lines = set(lines_of(service.get("/staff/inbox", service.staff(code)), life))
        assert lines <= {"recalled"}


def everybody_has_a_ticket(service: Any, life: Life, teller: str) -> None:
    """Who joined, and whose report was merged, each with promises that stand; nobody else is in the ticket."""
    left = {member.reporter_id for member in members.list_members(life.id)}
    assert len(left) == (2 if teller else 1)
    was = {clock.kind: clock.due_at for clock in life.was.clocks if clock.is_running}
    apart = [who for who in ("first", "second", "merged") if who != teller]
    for who in apart:
        assert service.get(f"/api/tickets/{life.id}", life.token(who)).status == 404
        own = own_of(life, who)
        assert own.id != life.id
        assert own.stage is Stage.RECEIVED
        assert life.id not in own.model_copy(update={"clocks": ()}).model_dump_json()
        due = {clock.kind: clock.due_at for clock in own.clocks if clock.is_open}
        if ClockKind.RESOLUTION in was:
            assert due[ClockKind.RESOLUTION] >= was[ClockKind.RESOLUTION]
            if who != "merged":
                assert due[ClockKind.RESOLUTION] == was[ClockKind.RESOLUTION]
        said = service.get("/api/inbox", life.token(who)).body["items"]
        told = [item for item in said if item["template"] == "set_apart"]
        assert [item["ticket_id"] for item in told] == [own.id]
        assert own.number in str(told[0])
        assert life.number not in str(told[0])
        mine = service.get(f"/api/tickets/{own.id}", life.token(who))
        assert life.number not in shown(mine)
    if teller != "first":
        assert {own_of(life, "first").id} == {own_of(life, who).id for who in apart if who != "merged"}


def their_own_names_it_nowhere(service: Any, life: Life) -> None:
    """Also to the concerned, once they are given it to handle."""
    for who in ("first", "merged"):
        own = own_of(life, who)
        given = service.desk_act(own.id, "dispatch", HEAD, unit_id=CONCERNED_UNIT, note="请办理")
        assert given.status == 200, given.raw
        service.settle()
        page = service.get(f"/staff/tickets/{own.id}", service.staff(HANDLER))
        assert page.status == 200, page.raw
        assert life.id not in shown(page)
        assert life.number not in shown(page)


OPEN_STAGES = [stage for stage in STAGES if stage != "closed"]
BY_DAY = [("handling", "told by who joined")]


@pytest.mark.parametrize(("stage", "turn"), BY_DAY)
def test_whoever_it_is_kept_from_reads_no_more_than_that_it_was_taken_back(service, stage, turn):
    life = lived(service, stage, turn)
    assert life.ticket().concerns
    nothing_is_told(service, life, drawn=f"{stage} {turn}")
    everybody_has_a_ticket(service, life, "second" if turn == "told by who joined" else "")
    their_own_names_it_nowhere(service, life)


@pytest.mark.nightly
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("stage", OPEN_STAGES)
def test_from_every_stage_by_every_way(service, stage, turn):
    if turn == "named by the desk" and stage in ("suspended", "resolved"):
        pytest.skip("nothing is filed anew there")
    life = lived(service, stage, turn)
    assert life.ticket().concerns
    nothing_is_told(service, life)
    everybody_has_a_ticket(service, life, "second" if turn == "told by who joined" else "")
    their_own_names_it_nowhere(service, life)


@pytest.mark.nightly
def test_an_ended_ticket_keeps_its_people_without_a_word_and_parts_when_it_begins_again(service):
    life = lived(service, "closed", "told by the reporter")
    assert life.ticket().stage in ENDED
    joined = service.get(f"/api/tickets/{life.id}", life.token("first"))
    assert joined.status == 200
    assert joined.body["confidential"] is False
    assert "避开" not in shown(joined)
    nothing_is_told(service, life, drawn="closed")
    life.own("reopen", reason="灯又不亮了")
    everybody_has_a_ticket(service, life, "")
    nothing_is_told(service, life, drawn="reopened")


@pytest.mark.nightly
def test_a_crowd_parts_whole(service):
    """More than a transaction holds, of those who joined and of merged reports."""
    life = Life(service, "crowd")
    names = [f"neighbour {n}" for n in range(25)]
    life.joined_by(*names)
    for n in range(7):
        life.merges(f"report {n}")
    life.own("avoid", avoid=["property"])
    assert [member.owns for member in members.list_members(life.id)] == [True]
    assert life.ticket().joined == ()
    assert len({own_of(life, name).id for name in names}) == 1
    own = {own_of(life, f"report {n}").id for n in range(7)}
    assert len(own) == 7
    assert all(tickets.get(id_).stage is Stage.RECEIVED for id_ in own)


def test_into_it_nothing_of_others_is_merged_and_nobody_learns_of_it(service):
    life = Life(service, "avoids")
    life.own("avoid", avoid=["property"])
    other = service.report("楼道灯一闪一闪", token=life.token("another")).body
    answer = service.desk_act(other["id"], "merge", HEAD, into=life.id, sure=True)
    assert answer.status == 422
    assert "分开办理" in answer.body["message"]
    assert len(members.list_members(life.id)) == 1
    assert life.number not in shown(service.get(f"/api/tickets/{other['id']}", life.token("another")))
    assert service.desk_act(other["id"], "merge", DESK, into=life.id, sure=True).status in (422, 404)


OTHERS = (DESK, HEAD, LEADER, TOWN_LEADER, OFFICE_HEAD)


def in_hand(service: Any, life: Life, by: str) -> set[str]:
    """What somebody has of the ticket: that they may open it, and the queues in which it stands for them."""
    found = {"sight"} if service.get(f"/staff/tickets/{life.id}", service.staff(by)).status == 200 else set()
    for queue in ("desk", "unit", "escalated", "verify"):
        listed = service.get(f"/staff/queues/{queue}", service.staff(by))
        if listed.status == 200 and life.id in {row["ticket_id"] for row in listed.body["items"]}:
            found.add(queue)
    return found


def with_others(service: Any, name: str) -> Life:
    """With the property manager, another office helping, two leaders waiting for an answer, and somebody whom it climbed to."""
    life = Life(service, name)
    STAGES["handling"](life)
    life.staff("add-assisting", HANDLER, unit_id=OFFICE, note="配合开配电间")
    life.desk("supervise", LEADER, text="请尽快")
    life.desk("supervise", TOWN_LEADER, text="镇里也在等")
    ticket = life.ticket()
    tickets.change(
        life.id,
        lambda t: (
            t.model_copy(update={"escalated_to": (LEADER,)}),
            Event(kind="escalated", at=service.now, by="machine"),
        ),
    )
    assert ticket.lead_unit_id == CONCERNED_UNIT
    return life


@pytest.mark.parametrize("turn", TURNS)
def test_whom_it_is_not_kept_from_keeps_everything_they_had(service, turn):
    life = with_others(service, f"others {turn}")
    if turn == "told by who joined":
        life.joined_by("second")
    was, before = life.ticket(), {by: in_hand(service, life, by) for by in OTHERS}
    TURNS[turn](life)
    now = life.ticket()
    assert set(now.concerns) >= {CONCERNED_UNIT}
    for by in OTHERS:
        assert in_hand(service, life, by) >= before[by], by
    assert now.escalated_to == was.escalated_to or set(now.escalated_to) >= {LEADER}
    assert [order.id for order in now.supervision_orders] == [order.id for order in was.supervision_orders]
    assert [part.unit_id for part in now.assisting if part.is_open] == [OFFICE]
    due = {clock.kind: clock.due_at for clock in now.clocks if clock.is_open}
    for kind in (ClockKind.RESOLUTION, ClockKind.SUPERVISION):
        assert due[kind] == next(clock.due_at for clock in was.clocks if clock.kind is kind and clock.is_open)
    assert "desk" in in_hand(service, life, DESK)  # somebody who may see it has to act
    done = service.staff_act(life.id, "finish-assisting", OFFICE_HEAD, unit_id=OFFICE, note="配电间已开")
    assert done.status == 200, done.raw


def test_what_was_put_off_by_the_concerned_comes_back_to_the_desk_and_not_to_them(service):
    life = Life(service, "put off")
    STAGES["suspended"](life)
    life.own("avoid", avoid=["property"])
    assert "desk" in in_hand(service, life, DESK)
    life.staff("resume", HEAD, note="配件到了")
    ticket = life.ticket()
    assert (ticket.stage, ticket.lead_unit_id) == (Stage.RECEIVED, None)
    assert "desk" in in_hand(service, life, DESK)
    given = service.desk_act(
        life.id, "dispatch", HEAD, unit_id=OFFICE, note="请办理", summary="四号楼楼道灯不亮"
    )
    assert given.status == 200, given.raw
