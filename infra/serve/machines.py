"""Runs an execution of a workflow from where it stands to its next Wait, or to its end; every task's end is kept first.

A kill between a task and the keeping of its answer costs a repetition of the task, as on AWS, and every task is safe to
run twice. What takes a process down with it is tried no oftener than what raises: a try counts when it begins.
"""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from infra import asl
from infra.asl import Data, Definition
from infra.serve.waiting import LEASE, Execution, Executions

_log = logging.getLogger("mslj")
Invoke = Callable[[str, Data], Any]  # a function by its name


def go_on(
    execution: Execution, kept: Executions, invoke: Invoke, now: Callable[[], float] = time.time
) -> None:
    """Take up one that is due."""
    definition = asl.definition(execution.workflow)
    if definition.kind(execution.state) == "Wait":
        # How often the Wait was left is how often what follows was begun.
        execution = replace(execution, state=definition.following(execution.state, execution.data))
    while execution.state:
        kind = definition.kind(execution.state)
        if kind == "Wait":
            at = definition.wakes_at(execution.state, execution.data).timestamp()
            kept.save(replace(execution, tries=0), at)
            return
        if kind in ("Succeed", "Fail"):
            how = "succeeded" if kind == "Succeed" else "failed"
            kept.stop(execution.workflow, execution.name, how, now())
            return
        following = _step(execution, definition, kept, invoke, now)
        if following is None:
            return
        execution = following


def _step(
    execution: Execution,
    definition: Definition,
    kept: Executions,
    invoke: Invoke,
    now: Callable[[], float],
) -> Execution | None:
    """Where it stands after a Task or a Choice; None where it waits for another try, or was stopped meanwhile."""
    if definition.kind(execution.state) == "Choice":
        return _at(execution, definition.following(execution.state, execution.data))
    retry = definition.retry(execution.state)
    if execution.tries > retry.most + 1:  # each of them took its process down
        return _at(execution, definition.caught(execution.state))
    task = asl.function_name(definition.task(execution.state))
    try:
        answer = json.loads(json.dumps(invoke(task, execution.data)))
    except Exception as fault:
        _log.warning("%s failed in a workflow: %s", task, type(fault).__name__)
        pause = retry.pause(execution.tries)
        if pause is None:
            return _at(execution, definition.caught(execution.state))
        kept.save(execution, now() + pause.total_seconds())
        return None
    done = _past_choices(
        replace(_at(execution, definition.following(execution.state, answer)), data=answer), definition
    )
    if definition.kind(done.state) != "Task":
        return done  # what keeps it comes next
    return done if kept.save(replace(done, tries=0), now(), held_until=now() + LEASE) else None


def _past_choices(execution: Execution, definition: Definition) -> Execution:
    while definition.kind(execution.state) == "Choice":
        execution = _at(execution, definition.following(execution.state, execution.data))
    return execution


def _at(execution: Execution, state: str) -> Execution:
    return replace(execution, state=state, tries=1)
