"""The Amazon States Language, as far as our two workflows speak it: what a state asks for, and which state follows.

Pure: who calls it keeps the data, the time and the tries. `benchmarks/machines.py` counts by it, `infra/serve/machines.py`
runs by it. What it does not know is refused when a definition is read, never passed over while one runs.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from chalicelib.domain.model import from_stamp
from infra.package import ROOT, WORKFLOWS

Data = dict[str, Any]
NAMES = tuple(file.split(".")[0] for file in WORKFLOWS.values())
_KNOWN = {
    "Wait": {"TimestampPath", "Next"},
    "Task": {"Resource", "TimeoutSeconds", "Retry", "Catch", "Next"},
    "Choice": {"Choices", "Default"},
    "Succeed": set(),
    "Fail": {"Error", "Cause"},
}
_ALL_ERRORS = ["States.ALL"]


class UnknownState(NotImplementedError):
    """A definition says something that this interpreter cannot do; teach it before using it."""


@dataclass(frozen=True)
class Retry:
    """How often a task is tried again, and after how long."""

    first: timedelta
    most: int
    backoff: float

    def pause(self, failures: int) -> timedelta | None:
        """How long to wait after the `failures`-th failure (from 1 on); None where it is not tried again."""
        return self.first * self.backoff ** (failures - 1) if failures <= self.most else None


class Definition:
    """One workflow. Raises UnknownState for what this file does not know."""

    def __init__(self, written: Mapping[str, Any]) -> None:
        self.start: str = written["StartAt"]
        self.states: dict[str, Data] = written["States"]
        for name, state in self.states.items():
            _check(name, state)

    def kind(self, name: str) -> str:
        return str(self.states[name]["Type"])

    def wakes_at(self, name: str, data: Data) -> datetime:
        """When a Wait is over."""
        return from_stamp(data[_field(self.states[name]["TimestampPath"])])

    def task(self, name: str) -> str:
        """The Lambda of a Task by the name it has in the definition, such as LookAtTicket."""
        return str(self.states[name]["Resource"].removeprefix("${").removesuffix("Arn}"))

    def limit(self, name: str) -> timedelta:
        return timedelta(seconds=self.states[name]["TimeoutSeconds"])

    def retry(self, name: str) -> Retry:
        said = self.states[name]["Retry"][0]
        return Retry(timedelta(seconds=said["IntervalSeconds"]), said["MaxAttempts"], said["BackoffRate"])

    def caught(self, name: str) -> str:
        """The state that follows when a task has failed every time."""
        return str(self.states[name]["Catch"][0]["Next"])

    def following(self, name: str, data: Data) -> str:
        """What follows a state that is done; "" at the end."""
        state = self.states[name]
        if state["Type"] != "Choice":
            return str(state.get("Next", ""))
        for choice in state["Choices"]:
            if data[_field(choice["Variable"])] == choice["StringEquals"]:
                return str(choice["Next"])
        return str(state["Default"])


@cache
def definition(workflow: str) -> Definition:
    """One of NAMES."""
    return Definition(json.loads((ROOT / "infra" / f"{workflow}.asl.json").read_text("utf-8")))


def function_name(task: str) -> str:
    """LookAtTicket -> look_at_ticket, as the function is called."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in task).removeprefix("_")


def _field(path: str) -> str:
    return path.removeprefix("$.")


def _check(name: str, state: Data) -> None:
    kind = state["Type"]
    if kind not in _KNOWN or (odd := set(state) - _KNOWN[kind] - {"Type", "Comment"}):
        raise UnknownState(f"{name}: {kind if kind not in _KNOWN else sorted(odd)}")
    if kind == "Task":
        rules = [*state["Retry"], *state["Catch"]]
        if len(rules) != 2 or any(rule["ErrorEquals"] != _ALL_ERRORS for rule in rules):
            raise UnknownState(f"{name}: one Retry and one Catch, of every error")
        if odd := set(state["Retry"][0]) - {"ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate"}:
            raise UnknownState(f"{name}: {sorted(odd)} of a Retry")
        if odd := set(state["Catch"][0]) - {"ErrorEquals", "Next"}:
            raise UnknownState(f"{name}: {sorted(odd)} of a Catch")
    for choice in state.get("Choices", ()):
        if set(choice) != {"Variable", "StringEquals", "Next"}:
            raise UnknownState(f"{name}: {sorted(choice)} of a Choice")
    paths = [state.get("TimestampPath", "$."), *(each["Variable"] for each in state.get("Choices", ()))]
    if any(not path.startswith("$.") or "." in _field(path) or "[" in path for path in paths):
        raise UnknownState(f"{name}: the path in {paths}")
