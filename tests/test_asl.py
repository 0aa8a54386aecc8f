"""The workflows' language: what our interpreter knows of it, and that it refuses the rest before anything runs."""

from datetime import timedelta

import pytest

from infra import asl

RETRY = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": 2, "MaxAttempts": 4, "BackoffRate": 2.0}
CATCH = {"ErrorEquals": ["States.ALL"], "Next": "End"}
TASK = {
    "Type": "Task",
    "Resource": "${XArn}",
    "TimeoutSeconds": 60,
    "Retry": [RETRY],
    "Catch": [CATCH],
    "Next": "End",
}
WAIT = {"Type": "Wait", "TimestampPath": "$.at", "Next": "End"}
CHOICE = {
    "Type": "Choice",
    "Choices": [{"Variable": "$.due", "StringEquals": "a", "Next": "End"}],
    "Default": "End",
}


def read(state):
    return asl.Definition({"StartAt": "It", "States": {"It": state, "End": {"Type": "Succeed"}}})


@pytest.mark.parametrize("state", [TASK, WAIT, CHOICE])
def test_what_our_workflows_say_is_known(state):
    read(state)


@pytest.mark.parametrize("name", asl.NAMES)
def test_both_workflows_are_known(name):
    assert asl.definition(name).start in asl.definition(name).states


@pytest.mark.parametrize(
    "state",
    [
        {"Type": "Parallel"},
        {"Type": "Map"},
        {**WAIT, "Seconds": 3},
        {**WAIT, "TimestampPath": "$.a.b"},
        {**WAIT, "TimestampPath": "$$.Execution.StartTime"},
        {**TASK, "ResultPath": "$.x"},
        {**TASK, "HeartbeatSeconds": 3},
        {**TASK, "Retry": [RETRY, RETRY]},
        {**TASK, "Retry": [{**RETRY, "ErrorEquals": ["States.Timeout"]}]},
        {**TASK, "Retry": [{**RETRY, "MaxDelaySeconds": 9}]},
        {**TASK, "Catch": [{**CATCH, "ResultPath": "$.error"}]},
        {**TASK, "Catch": []},
        {**CHOICE, "Choices": [{"Variable": "$.due", "NumericEquals": 3, "Next": "End"}]},
        {**CHOICE, "Choices": [{"Variable": "$.due[0]", "StringEquals": "a", "Next": "End"}]},
    ],
)
def test_what_it_cannot_do_is_refused_when_a_definition_is_read(state):
    with pytest.raises(asl.UnknownState):
        read(state)


def test_a_task_is_tried_four_times_again_after_two_seconds_and_twice_as_long_each_time():
    retry = asl.definition("escalation").retry("Look at the ticket")
    assert [retry.pause(n) for n in (1, 2, 3, 4)] == [timedelta(seconds=s) for s in (2, 4, 8, 16)]
    assert retry.pause(5) is None


def test_a_choice_takes_the_first_that_fits_and_else_its_default():
    made = asl.definition("escalation")
    assert made.following("What is due?", {"due": "later"}) == "Wait for the next alarm"
    assert made.following("What is due?", {"due": "?"}) == "Nothing left to watch"


def test_a_task_is_the_function_of_its_name():
    made = asl.definition("follow_up")
    assert asl.function_name(made.task("Put on the call list")) == "put_on_call_list"
