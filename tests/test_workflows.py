"""The two workflows: what their definitions name exists, and whole lives of tickets executed in town time."""

import json
import re
from datetime import timedelta
from functools import partial

import boto3
import pytest
import yaml

from chalicelib.actions import sweeping
from chalicelib.domain.acts import closing, dispatching, following_up, handling, joining, receiving
from chalicelib.domain.tickets.calls import CallOutcome
from chalicelib.domain.tickets.ticket import Outcome, Stage, Where
from chalicelib.domain.town.vocabulary import FollowUpRule, Source
from chalicelib.gateways import workflows
from chalicelib.store.tickets import tickets
from tests.domain.clock_town import PATH, a_town, at
from tests.workflow_cloud import DEFINITIONS, INFRA, Cloud, function_of, workflow_cloud

MONDAY = at("2026-11-23 10:00")
FOLLOW_UP = FollowUpRule(source="qr", unit_feedback="message", station="in_app_then_call")
TOWN = a_town(follow_up=(FOLLOW_UP,))
TICKET = "01JD0000000000000000000000"
STATES = [(name, state) for name in DEFINITIONS for state in DEFINITIONS[name]["States"]]


@pytest.fixture
def cloud(monkeypatch):
    with workflow_cloud(monkeypatch, TOWN, MONDAY) as running:
        yield running


# --- what the definitions name ---


@pytest.mark.parametrize("name", DEFINITIONS)
def test_every_state_that_a_workflow_names_exists_and_every_state_is_reached(name):
    states = DEFINITIONS[name]["States"]
    named = {DEFINITIONS[name]["StartAt"]} | set(
        re.findall(r'"(?:Next|Default)": "([^"]+)"', json.dumps(states))
    )
    assert named == set(states)


@pytest.mark.parametrize("name", DEFINITIONS)
def test_every_function_that_a_workflow_names_exists_and_the_template_fills_it_in(name):
    import app

    named = set(re.findall(r"\$\{\w+\}", json.dumps(DEFINITIONS[name])))
    assert {function_of(substitution) for substitution in named} <= set(app.app.handler_map)
    resources = yaml.safe_load((INFRA / "resources" / "workflows.yaml").read_text("utf-8"))["Resources"]
    machine = resources[{"escalation": "Escalation", "follow_up": "FollowUp"}[name]]
    assert {f"${{{key}}}" for key in machine["Properties"]["DefinitionSubstitutions"]} == named


@pytest.mark.parametrize(("name", "state"), STATES)
def test_every_task_is_tried_again_and_then_left_to_the_second_pair_of_eyes(name, state):
    body = DEFINITIONS[name]["States"][state]
    if body["Type"] == "Task":
        assert body["Retry"][0]["ErrorEquals"] == body["Catch"][0]["ErrorEquals"] == ["States.ALL"]
        assert body["Retry"][0]["BackoffRate"] > 1
        assert DEFINITIONS[name]["States"][body["Catch"][0]["Next"]]["Type"] == "Fail"


@pytest.mark.parametrize("name", DEFINITIONS)
def test_nothing_is_used_that_only_one_of_the_engines_knows(name):
    text = json.dumps(DEFINITIONS[name])
    assert not re.search(r"\$\$|TimeoutSecondsPath|waitForTaskToken|JSONata|\{%", text)


# --- lives ---


def report(cloud: Cloud, source: Source = Source.QR, **about: object) -> None:
    where = Where(place="SH", path=PATH, name="盛华景苑")
    given = receiving.Report(id=TICKET, number="MS261123-7K3QX9-4", source=source, reporter_id="r1",
                             reachable="in_app", where=where, text="隧道口喇叭声太吵", **about)  # fmt: skip
    tickets.save(*receiving.receive(given, town=cloud.town, now=cloud.now), before=None)
    cloud.heard[TICKET] = 0


def staff(code: str):
    return TOWN.staff_member(code)


def dispatch(cloud: Cloud) -> None:
    cloud.change(
        TICKET,
        dispatching.dispatch,
        unit_id="OFF",
        handler_id="handler-a",
        by=staff("desk-a"),
        track=None,
        note="",
    )


def take(cloud: Cloud) -> None:
    cloud.change(TICKET, dispatching.take, by=staff("handler-a"))


def feed_back(cloud: Cloud) -> None:
    cloud.change(TICKET, handling.unit_feedback, by=staff("handler-a"), text="明天去现场")


def resolve(cloud: Cloud) -> None:
    cloud.change(TICKET, closing.resolve, by=staff("handler-a"), note="已装声呐", photos=(), feedback="")


def rate(cloud: Cloud, solved: bool) -> None:
    cloud.change(TICKET, following_up.rate, solved=solved, satisfied=solved, words="", is_reporter=True)


def call(cloud: Cloud, answered: bool, solved: bool | None = None) -> None:
    cloud.change(
        TICKET,
        following_up.record_call,
        by=staff("desk-b"),
        outcome=CallOutcome.ANSWERED if answered else CallOutcome.NOT_ANSWERED,
        solved=solved,
        satisfied=solved,
        words="",
    )


def handled(cloud: Cloud, *, resolved_at: str = "2026-11-23 11:30") -> None:
    """Dispatched in a minute, taken, fed back, resolved."""
    report(cloud)
    cloud.at(MONDAY + timedelta(minutes=1), lambda: dispatch(cloud))
    cloud.at(MONDAY + timedelta(minutes=20), lambda: take(cloud))
    cloud.at(MONDAY + timedelta(minutes=30), lambda: feed_back(cloud))
    cloud.at(at(resolved_at), lambda: resolve(cloud))


def kinds(*wanted: str) -> list[str]:
    return [event.kind for _, event in tickets.list_events(TICKET) if not wanted or event.kind in wanted]


def rungs() -> list[str]:
    lines = [event.details for _, event in tickets.list_events(TICKET)]
    return [
        f"{details['clock']} {details['rung']} {details['told']}" for details in lines if "rung" in details
    ]


def everything_ended_well(cloud: Cloud) -> bool:
    return {execution["status"] for execution in cloud.executions()} == {"SUCCEEDED"}


@pytest.mark.parametrize(
    ("resolved_at", "rated_at"),
    [("2026-11-23 11:30", "2026-11-23 12:00"), ("2026-11-24 11:30", "2026-11-24 20:00")],
)
def test_an_answered_life_rings_nothing_and_takes_at_most_8_transitions(cloud, resolved_at, rated_at):
    handled(cloud, resolved_at=resolved_at)
    cloud.at(at(rated_at), lambda: rate(cloud, True))
    cloud.run(at("2026-12-31 00:00"))
    assert tickets.get(TICKET).stage is Stage.CLOSED
    assert rungs() == []
    assert everything_ended_well(cloud)
    assert cloud.transitions() <= 8


def test_a_life_in_which_the_resident_never_answers_takes_at_most_16_transitions(cloud):
    handled(cloud)
    for moment in ("2026-11-24 14:00", "2026-11-25 10:00", "2026-11-25 16:00"):
        cloud.at(at(moment), lambda: call(cloud, answered=False))
    cloud.run(at("2026-12-31 00:00"))
    ticket = tickets.get(TICKET)
    assert (ticket.stage, ticket.outcome) == (Stage.CLOSED, "unreached")
    assert kinds("call_asked", "call_unanswered", "unreached") == [
        "call_asked",
        "call_unanswered",
        "call_unanswered",
        "unreached",
    ]
    assert everything_ended_well(cloud)
    assert cloud.transitions() <= 16


def test_a_feedback_that_climbs_the_whole_ladder_costs_four_transitions_a_rung(cloud):
    """Late by twelve minutes, then handled: not one of the budget's two lives, and counted all the same."""
    report(cloud)
    cloud.at(MONDAY + timedelta(minutes=12), lambda: dispatch(cloud))
    cloud.at(MONDAY + timedelta(minutes=20), lambda: take(cloud))
    cloud.at(MONDAY + timedelta(minutes=30), lambda: feed_back(cloud))
    cloud.at(MONDAY + timedelta(minutes=50), lambda: resolve(cloud))
    cloud.at(MONDAY + timedelta(hours=3), lambda: rate(cloud, True))
    cloud.run(at("2026-12-31 00:00"))
    assert rungs() == [
        "feedback-1 0 desk-a",
        "feedback-1 1 desk-a",
        "feedback-1 2 st-head",
        "feedback-1 3 area",
    ]
    assert everything_ended_well(cloud)
    assert cloud.transitions() <= 16 + 4 * len(rungs())


def test_when_nobody_does_anything_every_rung_rings_on_time_in_order_and_once(cloud):
    report(cloud)
    cloud.at(MONDAY + timedelta(minutes=1), lambda: dispatch(cloud))
    cloud.run(at("2026-12-04 12:00"))
    told = rungs()
    assert told[:8] == [
        "take-1 0 handler-b",
        "take-1 1 off-head",
        "unit_feedback-1 0 off-head",  # Tuesday 18:00
        "resolution-1 0 handler-a",
        "resolution-1 1 off-head",
        "resolution-1 2 area",
        "resolution-1 3 town",
        "supervision-1 0 area",
    ]
    assert len(told) == len(set(told))
    by_clock = {clock.id: clock for clock in tickets.get(TICKET).clocks}
    for _, event in tickets.list_events(TICKET):
        if "rung" in event.details:
            rung = by_clock[event.details["clock"]].rungs[int(event.details["rung"])]
            assert timedelta(seconds=-1) <= event.at - rung.at < timedelta(seconds=1)
    assert tickets.get(TICKET).supervision_orders


def test_not_solved_comes_back_for_rework_and_the_second_round_is_followed_up_anew(cloud):
    handled(cloud)
    cloud.at(at("2026-11-23 12:00"), lambda: rate(cloud, False))
    cloud.at(at("2026-11-24 15:00"), lambda: call(cloud, answered=True, solved=False))
    cloud.at(at("2026-11-24 16:00"), lambda: feed_back(cloud))
    cloud.at(at("2026-11-24 17:00"), lambda: resolve(cloud))
    cloud.at(at("2026-11-24 17:30"), lambda: rate(cloud, True))
    cloud.run(at("2026-12-31 00:00"))
    assert tickets.get(TICKET).stage is Stage.CLOSED
    names = [e["name"] for e in cloud.executions() if e["stateMachineArn"] == cloud.arns["follow_up"]]
    assert sorted(names) == [f"{TICKET}-1", f"{TICKET}-2"]
    assert everything_ended_well(cloud)


def test_a_call_that_is_never_made_is_left_to_the_ladder_once_it_is_due(cloud):
    handled(cloud)
    cloud.run(at("2026-11-26 00:00"))
    assert tickets.get(TICKET).on_call_list
    assert "follow_up-1 0 st-head" in rungs()
    follow_up = next(e for e in cloud.executions() if e["stateMachineArn"] == cloud.arns["follow_up"])
    assert cloud.states(follow_up)[-1] == "Done"


def test_whoever_was_not_asked_in_the_app_is_not_waited_for(cloud):
    report(cloud, source=Source.PHONE, entered_by="desk-a")
    cloud.at(MONDAY + timedelta(minutes=1), lambda: dispatch(cloud))
    cloud.at(MONDAY + timedelta(minutes=20), lambda: take(cloud))
    cloud.at(MONDAY + timedelta(minutes=30), lambda: feed_back(cloud))
    cloud.at(MONDAY + timedelta(minutes=40), lambda: resolve(cloud))
    cloud.run(MONDAY + timedelta(minutes=41))
    assert tickets.get(TICKET).on_call_list


def merged_in(ticket, *, town, now):
    """`ticket` with a neighbour's report of the same matter in it."""
    called = {"id": "01JD0000000000000000000009", "number": "MS261123-7K3QX8-5", "reporter_id": "r9"}
    other = ticket.model_copy(update=called | {"source": Source.QR, "clocks": ()})
    return joining.merge(other, into=ticket, by=staff("desk-a"), town=town, now=now)[1]


@pytest.mark.parametrize("source", [Source.QR, Source.PHONE])
def test_whoever_is_asked_in_the_app_has_time_to_answer_and_then_it_closes_by_itself(cloud, source):
    entered = {"entered_by": "desk-a"} if source is Source.PHONE else {}
    report(cloud, source=source, **entered)
    cloud.at(MONDAY + timedelta(minutes=1), lambda: dispatch(cloud))
    cloud.at(MONDAY + timedelta(minutes=20), lambda: take(cloud))
    cloud.at(MONDAY + timedelta(minutes=30), lambda: feed_back(cloud))
    cloud.at(MONDAY + timedelta(minutes=35), lambda: cloud.change(TICKET, merged_in))
    cloud.at(MONDAY + timedelta(minutes=40), lambda: resolve(cloud))
    said = rate if source is Source.QR else partial(call, answered=True)
    cloud.at(MONDAY + timedelta(hours=2), lambda: said(cloud, solved=True))
    cloud.run(MONDAY + timedelta(hours=24))
    assert tickets.get(TICKET).stage is Stage.RESOLVED
    cloud.run(MONDAY + timedelta(hours=25))
    assert (tickets.get(TICKET).stage, tickets.get(TICKET).outcome) == (Stage.CLOSED, Outcome.SOLVED)
    cloud.run(at("2026-12-31 00:00"))
    assert everything_ended_well(cloud)


def test_a_stale_execution_ends_by_itself(cloud):
    report(cloud)
    workflows.start_escalation(TICKET, 0, MONDAY)
    cloud.run(MONDAY)
    stale = next(e for e in cloud.executions() if e["name"] == f"{TICKET}-0")
    assert cloud.states(stale)[-1] == "Nothing left to watch"
    assert rungs() == []


def test_starting_twice_is_starting_once(cloud):
    report(cloud)
    cloud.run(MONDAY)
    workflows.start_escalation(TICKET, 1, MONDAY + timedelta(minutes=2))
    assert len(cloud.executions()) == 1


# --- faults ---


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("function", ["look_at_ticket", "remind_handler", "escalate_one_rung"])
def test_a_task_killed_before_or_after_its_work_runs_again_and_rings_once(cloud, function, moment):
    cloud.faults = {function: [moment, moment]}
    report(cloud)
    cloud.run(MONDAY + timedelta(minutes=11))
    assert [rung.split()[1] for rung in rungs()] == ["0", "1", "2", "3"]
    assert cloud.faults == {function: []}


@pytest.mark.parametrize("function", ["ask_resident", "look_for_answer", "put_on_call_list", "look_at_calls"])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_follow_up_task_killed_runs_again(cloud, function, moment):
    cloud.faults = {function: [moment]}
    handled(cloud)
    cloud.run(at("2026-12-01 00:00"))
    assert kinds("call_asked") == ["call_asked"]
    assert cloud.faults == {function: []}


def test_a_task_that_fails_for_good_leaves_its_ticket_to_the_sweep_and_a_fresh_execution_goes_on(cloud):
    cloud.faults = {"look_at_ticket": ["before"] * 5}
    report(cloud)
    cloud.run(MONDAY + timedelta(minutes=2))
    failed = cloud.executions("FAILED")
    assert [cloud.states(execution)[-1] for execution in failed] == ["The sweep takes over"]
    cloud.at(MONDAY + timedelta(minutes=2, seconds=40), lambda: sweeping.ring_late(now=cloud.now))
    cloud.run(MONDAY + timedelta(minutes=11))
    assert [rung.split()[1] for rung in rungs()] == ["0", "1", "2", "3"]
    assert tickets.get(TICKET).generation == 2
    assert len(cloud.executions("FAILED")) == 1


def test_while_step_functions_refuses_the_sweep_rings_alone(cloud):
    cloud.is_deaf = True
    report(cloud)
    for minute in range(1, 13):
        cloud.at(MONDAY + timedelta(minutes=minute, seconds=5), lambda: sweeping.ring_late(now=cloud.now))
    cloud.run(MONDAY + timedelta(minutes=13))
    assert cloud.executions() == []
    assert [rung.split()[1] for rung in rungs()] == ["0", "1", "2", "3"]


def test_a_follow_up_whose_workflow_failed_is_called_for_by_the_ladder(cloud):
    cloud.faults = {"ask_resident": ["before"] * 5}
    handled(cloud)
    cloud.run(at("2026-11-25 18:00"))
    assert tickets.get(TICKET).on_call_list


def test_what_refuses_to_start_is_told_to_the_caller_for_another_try(cloud, monkeypatch):
    monkeypatch.setitem(cloud.arns, "escalation", "")
    states = boto3.client("stepfunctions")
    for machine in states.list_state_machines()["stateMachines"]:
        states.delete_state_machine(stateMachineArn=machine["stateMachineArn"])
    with pytest.raises(Exception, match="StateMachineDoesNotExist"):
        workflows.start_escalation(TICKET, 1, MONDAY)


def test_between_them_these_lives_enter_every_state(monkeypatch):
    """So that no field that a state reads can be missing from what the state before it answers."""
    entered: set[tuple[str, str]] = set()
    for faults in ({}, {"look_at_ticket": ["before"] * 5, "ask_resident": ["before"] * 5}):
        with monkeypatch.context() as patch, workflow_cloud(patch, TOWN, MONDAY) as cloud:
            cloud.faults = faults
            report(cloud)
            cloud.at(MONDAY + timedelta(minutes=12), lambda c=cloud: dispatch(c))
            if faults:
                cloud.at(MONDAY + timedelta(minutes=13), lambda c=cloud: (take(c), feed_back(c), resolve(c)))
            else:
                cloud.at(at("2026-12-10 09:00"), lambda c=cloud: (take(c), feed_back(c), resolve(c)))
                cloud.at(at("2026-12-11 15:00"), lambda c=cloud: call(c, answered=True, solved=True))
            cloud.run(at("2026-12-24 00:00"))
            for execution in cloud.executions():
                name = next(name for name, arn in cloud.arns.items() if arn == execution["stateMachineArn"])
                entered |= {(name, state) for state in cloud.states(execution)}
    assert entered == set(STATES)
