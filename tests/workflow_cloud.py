"""The workflow definitions executed for real by moto's interpreter, in town time: a Wait jumps instead of sleeping.

Time moves only when every execution waits: to the next Wait's end, or to the next thing that a person does.
"""

import io
import json
import re
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from chalicelib import clock
from chalicelib.actions.notices import notifying
from chalicelib.domain.model import from_stamp
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.gateways import clients, workflows
from chalicelib.settings import settings
from chalicelib.store.tickets import tickets
from chalicelib.store.tickets.stream import Line
from chalicelib.store.town import directory
from tests.moto_cloud import moto_cloud

INFRA = Path(__file__).parents[1] / "infra"
DEFINITIONS = {
    name: json.loads((INFRA / f"{name}.asl.json").read_text("utf-8")) for name in ("escalation", "follow_up")
}
PATIENCE = 60.0  # seconds of real time until a test that hangs fails


def function_of(substitution: str) -> str:
    """`${LookAtTicketArn}` is the function `look_at_ticket`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", substitution.removeprefix("${").removesuffix("Arn}")).lower()


class Cloud:
    def __init__(self, town: Town, start: datetime, handlers: dict[str, Callable[..., Any]]) -> None:
        self.town, self.now, self.handlers = town, start, handlers
        self.calls: list[str] = []
        self.faults: dict[
            str, list[str]
        ] = {}  # function -> "before" or "after" the work, one for each coming call
        self.arns: dict[str, str] = {}
        self.heard: dict[str, int] = {}
        self.stopped: dict[str, int] = {}  # execution -> the states that it had entered by then
        self.is_over = False
        self.raised: list[str] = []  # by moto itself, in the thread of an execution
        self.is_deaf = False  # Step Functions refuses: no execution begins
        self._parked: list[tuple[datetime, threading.Event]] = []
        self._acts: list[tuple[datetime, Callable[[], object]]] = []

    # --- what people do, and when ---

    def at(self, instant: datetime, act: Callable[[], object]) -> None:
        self._acts.append((instant, act))

    def change(self, ticket_id: str, rule: Callable[..., Any], **given: Any) -> Ticket:
        return tickets.change(ticket_id, lambda ticket: rule(ticket, town=self.town, now=self.now, **given))

    def run(self, until: datetime) -> None:
        """Let the town live until then; at the same instant people come before workflows."""
        self._settle()
        while (following := self._next()) is not None and following <= until:
            self.now = max(self.now, following)
            self._one()
            self._settle()
        self.now = max(self.now, until)

    def _next(self) -> datetime | None:
        return min([at for at, _ in self._acts] + [at for at, _ in self._parked], default=None)

    def _one(self) -> None:
        due = sorted((at for at, _ in self._acts if at <= self.now))
        if due:
            act = next(entry for entry in self._acts if entry[0] == due[0])
            self._acts.remove(act)
            act[1]()
            return
        parked = min(self._parked, key=lambda entry: entry[0])
        self._parked.remove(parked)
        parked[1].set()

    def _settle(self) -> None:
        """Until every execution waits or has ended, and the stream has been heard."""
        deadline = time.monotonic() + PATIENCE
        while True:
            self._hear()
            if len(self.executions("RUNNING")) == len(self._parked):
                return
            assert time.monotonic() < deadline, f"an execution neither waits nor ends: {self._where()}"
            time.sleep(0.002)

    def _where(self) -> list[list[str]]:
        """The last states of what still runs, and what its threads raised: for whoever looks at a test that hangs."""
        return [self.states(execution)[-3:] for execution in self.executions("RUNNING")] + [self.raised]

    def _hear(self) -> None:
        """The stream: each new line of history once, as the consumer would."""
        for ticket_id, version in self.heard.items():
            if self.is_deaf or tickets.get(ticket_id).version == version:
                continue
            for new, event in tickets.list_events(ticket_id):
                if new <= version:
                    continue
                self.heard[ticket_id] = new
                line = Line(ticket_id=ticket_id, name=f"{new:06d}", event=event)
                notifying._start_workflows(line, tickets.get(ticket_id))

    # --- what the workflows did ---

    def executions(self, status: str | None = None) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for arn in self.arns.values():
            found += clients.client("stepfunctions").list_executions(stateMachineArn=arn, maxResults=1000)[
                "executions"
            ]
        return [execution for execution in found if status is None or execution["status"] == status]

    def states(self, execution: dict[str, Any]) -> list[str]:
        history = clients.client("stepfunctions").get_execution_history(
            executionArn=execution["executionArn"], maxResults=1000
        )
        details = (event.get("stateEnteredEventDetails") for event in history["events"])
        return [entered["name"] for entered in details if entered]

    def transitions(self) -> int:
        """As AWS bills them: each state entered, in every execution, until it was stopped."""
        entered = {e["executionArn"]: len(self.states(e)) for e in self.executions()}
        return sum(min(n, self.stopped.get(arn, n)) for arn, n in entered.items())

    # --- put in the place of moto's own ---

    def _stop(self, arn: str, name: str) -> None:
        """Only noted: what is stale must end well by itself too, should AWS not have stopped it."""
        for execution in self.executions("RUNNING"):
            if execution["name"] == name and execution["stateMachineArn"] == arn:
                self.stopped.setdefault(execution["executionArn"], len(self.states(execution)))

    def _wait(self, wait: Any, env: Any) -> None:
        wait.string.eval(env=env)
        released = threading.Event()
        self._parked.append((from_stamp(env.stack.pop()), released))
        released.wait(2 * PATIENCE)
        if self.is_over:  # else its next states would be played in the cloud of the test that follows
            raise RuntimeError("the test is over")

    def _invoke(self, function: Any, body: str, request_headers: Any, response_headers: Any) -> bytes:
        name = function.function_name
        self.calls.append(name)
        fault = next(iter(self.faults.get(name, [])), None)
        if fault:
            self.faults[name].pop(0)
        if fault != "before":
            answer = self.handlers[name](json.loads(body), None)
        if fault:
            response_headers["x-amz-function-error"] = "Unhandled"
            return json.dumps({"errorType": "Sandbox.Timedout", "errorMessage": "killed"}).encode()
        return json.dumps(answer).encode()


@contextmanager
def workflow_cloud(patch: pytest.MonkeyPatch, town: Town, start: datetime) -> Iterator[Cloud]:
    """Tables, functions and both state machines; `cloud.heard[ticket_id] = 0` makes the stream carry that ticket."""
    from moto.awslambda.models import LambdaFunction
    from moto.core.config import default_user_config
    from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
    from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction

    import app

    cloud = Cloud(town, start, app.app.handler_map)
    patch.setitem(default_user_config["stepfunctions"], "execute_state_machine", True)
    patch.setattr(WaitFunction, "_eval_body", lambda wait, env: cloud._wait(wait, env))
    patch.setattr(retrier_decl, "time", SimpleNamespace(sleep=lambda _seconds: None))
    patch.setattr(LambdaFunction, "invoke", lambda *a: cloud._invoke(*a))
    _parse_in_turn(patch, cloud)
    patch.setattr(clock, "now", lambda: cloud.now)
    patch.setattr(directory, "town", lambda: town)
    patch.setattr(workflows, "_stop", cloud._stop)
    with moto_cloud(patch):
        cloud.arns = _deploy()
        for name, arn in cloud.arns.items():
            patch.setenv(f"{name.upper()}_ARN", arn)
        settings.cache_clear()
        clients.client.cache_clear()
        try:
            yield cloud
        finally:
            cloud.is_over = True
            for _, released in cloud._parked:
                released.set()


def _parse_in_turn(patch: pytest.MonkeyPatch, cloud: Cloud) -> None:
    """One definition is read at a time: the tables of moto's parser are shared, and a thread that dies there leaves its
    execution running for ever.
    """
    from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker

    parse, logic, one = (
        ExecutionWorker._get_evaluation_entrypoint,
        ExecutionWorker._execution_logic,
        threading.Lock(),
    )

    def in_turn(worker: Any) -> Any:
        with one:
            return parse(worker)

    def told(worker: Any) -> None:
        try:
            logic(worker)
        except Exception as fault:
            cloud.raised.append(repr(fault))
            raise

    patch.setattr(ExecutionWorker, "_get_evaluation_entrypoint", in_turn)
    patch.setattr(ExecutionWorker, "_execution_logic", told)


def _deploy() -> dict[str, str]:
    assume = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}  # fmt: skip
    role = boto3.client("iam").create_role(RoleName="tasks", AssumeRolePolicyDocument=json.dumps(assume))[
        "Role"
    ]["Arn"]
    states, arns = boto3.client("stepfunctions"), {}
    for name, definition in DEFINITIONS.items():
        text = json.dumps(definition)
        for substitution in set(re.findall(r"\$\{\w+\}", text)):
            text = text.replace(substitution, _function(function_of(substitution), role))
        made = states.create_state_machine(name=f"mslj-test-{name}", definition=text, roleArn=role)
        arns[name] = made["stateMachineArn"]
    return arns


def _function(name: str, role: str) -> str:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.py", "")
    made = boto3.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.11",
        Role=role,
        Handler="app.x",
        Code={"ZipFile": packed.getvalue()},
    )
    return str(made["FunctionArn"])
