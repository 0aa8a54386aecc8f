"""Workflow executions in town time, counting what AWS bills: every state that is entered.

That the definitions run on real interpreters is tests/test_workflows.py's to show; here only their steps are counted.
"""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib.domain.model import from_stamp
from infra.package import ROOT, WORKFLOWS

Data = dict[str, Any]
DEFINITIONS = {
    file.split(".")[0]: json.loads((ROOT / "infra" / file).read_text("utf-8")) for file in WORKFLOWS.values()
}


class Execution:
    """One execution. `invoke` runs a Lambda by the name it has in the definition, such as LookAtTicket."""

    def __init__(self, workflow: str, data: Data, invoke: Callable[[str, Data], Data]) -> None:
        self.states = DEFINITIONS[workflow]["States"]
        self.invoke, self.data = invoke, data
        self.transitions = 0
        self.wakes_at: datetime | None = None
        self._enter(DEFINITIONS[workflow]["StartAt"])

    def wake(self) -> None:
        """The Wait is over: go on to the next one, or to the end."""
        self._enter(self.states[self.name]["Next"])
        self.run()

    def stop(self) -> None:
        """It enters no state any more."""
        self.wakes_at = None

    def _enter(self, name: str) -> None:
        self.name = name
        self.transitions += 1
        state = self.states[name]
        waits = state["Type"] == "Wait"
        self.wakes_at = from_stamp(self.data[state["TimestampPath"].removeprefix("$.")]) if waits else None

    def run(self) -> None:
        """Up to the next Wait, or to the end."""
        while self.wakes_at is None and (following := self._step()):
            self._enter(following)

    def _step(self) -> str:
        """What follows the present state; "" at the end."""
        state = self.states[self.name]
        if state["Type"] == "Task":
            self.data = self.invoke(state["Resource"].removeprefix("${").removesuffix("Arn}"), self.data)
            return str(state["Next"])
        if state["Type"] == "Choice":
            return self._choose(state)
        if state["Type"] == "Succeed":
            return ""
        raise NotImplementedError(f"{self.name}: {state['Type']}")

    def _choose(self, state: Data) -> str:
        for choice in state["Choices"]:
            if self.data[choice["Variable"].removeprefix("$.")] == choice["StringEquals"]:
                return str(choice["Next"])
        return str(state["Default"])
