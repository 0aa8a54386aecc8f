"""Executions on a town hall's own machine: kept over every kill, run once each, tried again as the definition says."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from infra.serve import machines
from infra.serve.services import Machines
from infra.serve.waiting import KEPT, LEASE, Executions

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC).timestamp()
HOUR = 3600.0


def stamp(at):
    return datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z")


class World:
    """One clock's life after another over the same file; `answers` by function, an exception is raised."""

    def __init__(self, home):
        self.kept, self.machines = Executions(home.folder), Machines(home)
        self.now, self.ran, self.answers = NINE, [], {}

    def start(self, name="T-1", wakes_at=NINE + HOUR, workflow="escalation"):
        given = f'{{"ticket_id": "T", "generation": 1, "wake_at": "{stamp(wakes_at)}", "round": 1}}'
        self.machines.start_execution(stateMachineArn=workflow, name=name, input=given)

    def invoke(self, function, data):
        self.ran.append(function)
        answer = self.answers.get(function, {"due": "nothing"})
        if isinstance(answer, BaseException):
            raise answer
        return data | answer

    def look(self):
        """Whatever is due now is taken up. Answers how much."""
        found = self.kept.claim(self.now, 10)
        for each in found:
            machines.go_on(each, self.kept, self.invoke, lambda: self.now)
        return len(found)


@pytest.fixture
def world(home):
    return World(home)


def test_an_execution_sleeps_until_it_is_due_and_then_runs_to_its_end(world):
    world.start()
    world.now += HOUR - 1
    assert world.look() == 0
    world.now += 1
    world.look()
    assert world.ran == ["look_at_ticket"]
    assert world.kept.counts() == {"succeeded": 1}
    assert world.look() == 0


def test_it_sleeps_again_where_the_function_says_so(world):
    world.start()
    later = stamp(NINE + 3 * HOUR)
    world.answers = {"look_at_ticket": {"due": "remind"}, "remind_handler": {"wake_at": later}}
    world.now += HOUR
    world.look()
    assert world.ran == ["look_at_ticket", "remind_handler"]
    assert world.kept.next_at() == NINE + 3 * HOUR


def test_a_name_begins_once_whatever_became_of_it(world):
    world.start()
    with pytest.raises(world.machines.exceptions.ExecutionAlreadyExists):
        world.start()
    world.now += HOUR
    world.look()
    with pytest.raises(world.machines.exceptions.ExecutionAlreadyExists):
        world.start()


def test_a_name_is_free_again_after_ninety_days_as_on_aws(world):
    world.start(wakes_at=NINE)
    world.look()
    world.kept.forget(NINE + KEPT)
    assert world.kept.counts() == {"succeeded": 1}
    world.kept.forget(NINE + KEPT + 1)
    assert world.kept.counts() == {}


def test_one_that_was_stopped_wakes_no_more_even_where_it_was_already_taken_up(world):
    world.start(wakes_at=NINE)
    world.start("T-2", wakes_at=NINE)
    first = next(each for each in world.kept.claim(NINE, 10) if each.name == "T-1")
    for name in ("T-1", "T-2"):
        world.machines.stop_execution(executionArn=f"escalation:{name}", error="Superseded", cause="")
    world.answers = {"look_at_ticket": {"due": "remind"}}
    machines.go_on(first, world.kept, world.invoke, lambda: NINE)
    assert world.ran == ["look_at_ticket"], "it stops before its next task"
    assert world.kept.counts() == {"Superseded": 2}


def test_a_task_that_fails_is_tried_again_after_two_four_eight_and_sixteen_seconds(world):
    world.start(wakes_at=NINE)
    world.answers = {"look_at_ticket": RuntimeError()}
    waits = []
    while "failed" not in world.kept.counts():
        world.look()
        if (at := world.kept.next_at()) is not None:
            waits.append(at - world.now)
            world.now = at
    assert waits == [2, 4, 8, 16]
    assert world.ran == ["look_at_ticket"] * 5


def test_a_task_that_succeeds_at_last_goes_on_with_its_tries_anew(world):
    world.start(wakes_at=NINE)
    world.answers = {"look_at_ticket": RuntimeError()}
    world.look()
    world.answers = {"look_at_ticket": {"due": "remind"}, "remind_handler": RuntimeError()}
    world.now += 2
    world.look()
    assert world.kept.next_at() == world.now + 2
    assert world.ran == ["look_at_ticket"] * 2 + ["remind_handler"]
    world.answers = {"remind_handler": {"wake_at": stamp(NINE + HOUR)}}
    world.now += 2
    world.look()
    assert world.ran[3:] == ["remind_handler"], "what was done before is not done again"


class Killed(BaseException):
    """The process is gone."""


def test_what_a_dead_clock_held_is_taken_up_by_the_next_at_once(world):
    world.start(wakes_at=NINE)
    assert world.kept.claim(NINE, 10)
    assert world.look() == 0, "somebody holds it"
    world.kept.let_go()
    world.look()
    assert world.kept.counts() == {"succeeded": 1}


def test_and_by_anybody_when_its_hold_has_run_out(world):
    world.start(wakes_at=NINE)
    world.kept.claim(NINE, 10)
    world.now += LEASE
    assert world.look() == 1


@pytest.mark.parametrize("dies_in", ["look_at_ticket", "remind_handler"])
def test_a_kill_in_the_middle_of_a_task_repeats_that_task_and_no_other(world, dies_in):
    world.start(wakes_at=NINE)
    world.answers = {"look_at_ticket": {"due": "remind"}, "remind_handler": {"wake_at": stamp(NINE + HOUR)}}
    alive = dict(world.answers)
    world.answers[dies_in] = Killed()
    with pytest.raises(Killed):
        world.look()
    world.answers = alive
    world.kept.let_go()
    world.look()
    once = ["look_at_ticket", "remind_handler"]
    once.insert(once.index(dies_in), dies_in)
    assert world.ran == once


def test_a_task_that_takes_its_process_down_is_tried_no_oftener_than_one_that_raises(world):
    world.start(wakes_at=NINE)
    world.answers = {"look_at_ticket": Killed()}
    for _ in range(9):
        world.kept.let_go()
        try:
            world.look()
        except Killed:
            continue
    assert world.ran == ["look_at_ticket"] * 5
    assert world.kept.counts() == {"failed": 1}


def test_the_follow_up_begins_with_its_first_task_at_once(world):
    world.start("T-1", workflow="follow_up")
    world.answers = {
        "ask_resident": {"answer_by": stamp(NINE + HOUR)},
        "look_for_answer": {"answer": "call_needed"},
        "put_on_call_list": {"look_at": stamp(NINE + 2 * HOUR)},
        "look_at_calls": {"calls": "done"},
    }
    world.now = datetime.now(UTC).timestamp() + 1
    world.look()
    for _ in range(3):
        world.now = (world.kept.next_at() or world.now) + HOUR
        world.look()
    assert world.ran == ["ask_resident", "look_for_answer", "put_on_call_list", "look_at_calls"]
    assert world.kept.counts() == {"succeeded": 1}


def test_the_gateways_start_and_stop_them_by_the_names_that_they_give(home, monkeypatch):
    from chalicelib.gateways import workflows

    named = SimpleNamespace(escalation_arn="escalation", follow_up_arn="follow_up")
    monkeypatch.setattr(workflows, "settings", lambda: named)
    monkeypatch.setattr(workflows, "client", lambda _: Machines(home))
    for _ in range(2):
        workflows.start_escalation("T", 1, datetime(2026, 11, 23, 9, tzinfo=UTC))
    workflows.start_follow_up("T", 1)
    assert Executions(home.folder).counts() == {"waiting": 2}
    workflows.stop_escalation("T", 1)
    assert Executions(home.folder).counts() == {"waiting": 1, "Superseded": 1}
