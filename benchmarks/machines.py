"""Workflow executions in town time, counting what AWS bills: every state that is entered.

That the definitions run on real interpreters is tests/test_workflows.py's to show; here only their steps are counted.
"""

from collections.abc import Callable
from datetime import datetime

from infra import asl
from infra.asl import Data


class Execution:
    """One execution. `invoke` runs a Lambda by the name it has in the definition, such as LookAtTicket."""

    def __init__(self, workflow: str, data: Data, invoke: Callable[[str, Data], Data]) -> None:
        self.definition = asl.definition(workflow)
        self.invoke, self.data = invoke, data
        self.transitions = 0
        self.wakes_at: datetime | None = None
        self._enter(self.definition.start)

    def wake(self) -> None:
        """The Wait is over: go on to the next one, or to the end."""
        self._enter(self.definition.following(self.name, self.data))
        self.run()

    def stop(self) -> None:
        """It enters no state any more."""
        self.wakes_at = None

    def _enter(self, name: str) -> None:
        self.name = name
        self.transitions += 1
        waits = self.definition.kind(name) == "Wait"
        self.wakes_at = self.definition.wakes_at(name, self.data) if waits else None

    def run(self) -> None:
        """Up to the next Wait, or to the end."""
        while self.wakes_at is None and (following := self._step()):
            self._enter(following)

    def _step(self) -> str:
        """What follows the present state; "" at the end."""
        if self.definition.kind(self.name) == "Task":
            self.data = self.invoke(self.definition.task(self.name), self.data)
        return self.definition.following(self.name, self.data)
