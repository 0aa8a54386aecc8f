"""More people than one transaction holds: whatever ends between two of them, everybody arrives, or goes back (rules 21, 38)."""

from typing import Any

import pytest

from chalicelib.actions import sweeping
from chalicelib.actions.tickets import crowds as finishing
from chalicelib.actions.tickets import joining
from chalicelib.store.tickets import apart, crowds, members, tickets
from tests.apart import HEAD, ORDINARY, PLACE
from tests.service import one_service

service = one_service
ROOM = 3  # of a transaction, so that a crowd is small
CROWD = 7


class Killed(BaseException):
    """The process is gone: no handler runs on."""


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joining, "_WITH_A_MERGE", ROOM)
    monkeypatch.setattr(apart, "_MOST_PEOPLE", ROOM)
    monkeypatch.setattr(apart, "MOST_AT_ONCE", 2)


def a_ticket(service: Any, name: str, joined: int = 0) -> str:
    answer = service.report(f"{ORDINARY}，{name}", token=service.resident(f"{name} reporter"), place=PLACE)
    assert answer.status == 201, answer.raw
    ticket_id: str = answer.body["id"]
    for n in range(joined):
        service.later(seconds=1)
        done = service.post(f"/api/tickets/{ticket_id}/join", {}, service.resident(f"{name} {n}"))
        assert done.status == 200, done.raw
    return ticket_id


def people(ticket_id: str) -> set[str]:
    return {member.reporter_id for member in members.list_members(ticket_id)}


def killed(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, *, after: int = 0) -> None:
    """The process ends when this is called for the `after`-th time more."""
    real, calls = getattr(module, name), iter(range(100))

    def fall(*given: Any, **named: Any) -> Any:
        if next(calls) >= after:
            raise Killed
        return real(*given, **named)

    monkeypatch.setattr(module, name, fall)


def swept(service: Any) -> None:
    service.later(minutes=6)
    sweeping.sweep(now=service.now)
    assert crowds.list_left(service.now) == []


def test_a_merge_that_never_came_about_leaves_nobody_in_what_they_have_no_part_in(
    service, small, monkeypatch
):
    child, parent = a_ticket(service, "fell", CROWD), a_ticket(service, "into")
    before = people(parent)
    with monkeypatch.context() as patched:
        killed(patched, tickets, "save_together")
        with pytest.raises(Killed):
            service.desk_act(child, "merge", HEAD, into=parent, sure=True)
    assert people(parent) > before  # half done
    swept(service)
    assert people(parent) == before
    assert len(people(child)) == CROWD + 1


def test_a_merge_is_whole_without_the_sweep_and_with_it(service, small):
    child, parent = a_ticket(service, "came", CROWD), a_ticket(service, "to")
    assert service.desk_act(child, "merge", HEAD, into=parent, sure=True).status == 200
    assert people(parent) >= people(child)
    service.later(minutes=6)
    assert crowds.list_left(service.now) == []
    crowds.note(crowds.Crowd(ticket_id=parent, other_id=child, at=service.now))
    swept(service)
    assert people(parent) >= people(child)


@pytest.mark.parametrize("after", [0, 1])
def test_a_split_that_fell_in_between_takes_everybody_along_in_the_end(service, small, monkeypatch, after):
    child, parent = a_ticket(service, f"gone {after}", CROWD), a_ticket(service, f"left {after}")
    before = people(parent)
    assert service.desk_act(child, "merge", HEAD, into=parent, sure=True).status == 200
    with monkeypatch.context() as patched:
        module, name = (tickets, "save_together") if after == 0 else (crowds, "move")
        killed(patched, module, name)
        with pytest.raises(Killed):
            service.desk_act(child, "split", HEAD, note="不是同一件事")
    swept(service)
    if after == 0:  # it never came about
        assert people(parent) >= people(child)
    else:
        assert people(parent) == before
        assert len(people(child)) == CROWD + 1


def test_who_is_in_two_that_were_merged_stays_when_one_of_them_goes(service):
    first, second, parent = (a_ticket(service, f"two {n}") for n in range(3))
    both = service.resident("two both")
    for ticket_id in (first, second):
        assert service.post(f"/api/tickets/{ticket_id}/join", {}, both).status == 200
        assert service.desk_act(ticket_id, "merge", HEAD, into=parent, sure=True).status == 200
    assert service.get(f"/api/tickets/{parent}", both).status == 200
    assert service.desk_act(first, "split", HEAD, note="不是同一件事").status == 200
    assert service.get(f"/api/tickets/{parent}", both).status == 200
    assert service.desk_act(second, "split", HEAD, note="也不是同一件事").status == 200
    assert service.get(f"/api/tickets/{parent}", both).status == 404


TURN = {"avoid": ["property"]}


@pytest.mark.parametrize("where", ["before", "between", "while they leave"])
def test_a_crowd_in_a_ticket_that_turns_is_in_its_own_and_in_no_other_in_the_end(
    service, small, monkeypatch, where
):
    name = f"turns {where}"
    ticket_id = a_ticket(service, name, CROWD)
    merged = [a_ticket(service, f"{name} merged {n}") for n in range(5)]
    for each in merged:
        assert service.desk_act(each, "merge", HEAD, into=ticket_id, sure=True).status == 200
    with monkeypatch.context() as patched:
        if where == "before":
            killed(patched, tickets, "save_together")
        elif where == "between":
            killed(patched, tickets, "part_the_rest")
        else:
            killed(patched, tickets, "save_together", after=2)
        with pytest.raises(Killed):
            service.post(f"/api/tickets/{ticket_id}/avoid", TURN, service.resident(f"{name} reporter"))
    swept(service)
    if where == "before":
        assert len(people(ticket_id)) == 1 + CROWD + len(merged)
        done = service.post(f"/api/tickets/{ticket_id}/avoid", TURN, service.resident(f"{name} reporter"))
        assert done.status == 200, done.raw
    assert len(people(ticket_id)) == 1
    assert tickets.get(ticket_id).joined == ()
    theirs = set()
    for n in range(CROWD):
        found = service.get("/api/tickets", service.resident(f"{name} {n}")).body["items"]
        theirs |= {each["id"] for each in found}
        assert len(found) == 1, found
    assert len(theirs) == 1
    assert ticket_id not in theirs
    for n, each in enumerate(merged):
        page = service.get(f"/api/tickets/{each}", service.resident(f"{name} merged {n} reporter"))
        assert page.body["stage"] == "received"


def test_one_crowd_that_cannot_be_moved_holds_up_no_other(service, small, monkeypatch):
    child, parent = a_ticket(service, "held", CROWD), a_ticket(service, "up")
    broken = crowds.Crowd(ticket_id="01JD0000000000000000000000", other_id="", at=service.now)
    for each in (broken, crowds.Crowd(ticket_id=parent, other_id=child, at=service.now)):
        crowds.note(each)
    members.add_many(parent, members.list_members(child)[1:], service.now)
    service.later(minutes=6)
    assert finishing.finish_left(now=service.now) == 2
    assert len(people(parent)) == 1 + CROWD  # joined by themselves, as far as the ticket knows
    assert crowds.list_left(service.now) == []
