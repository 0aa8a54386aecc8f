"""The whole service in this process: the app's own routes on moto, the sample town imported, time in the test's hands.

Stream and reveal are played as the deployment would: `settle` gives every new line of history to the consumer, and the
`reveal` function answers the API's invocations through JSON.
"""

import io
import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import boto3
import pytest
from chalice.test import Client

from chalicelib import clock
from chalicelib.actions import consuming
from chalicelib.actions.town.importing import import_town
from chalicelib.api import routes
from chalicelib.domain.model import SHANGHAI
from chalicelib.gateways import clients, job_queue, reveal, secrets, workflows
from chalicelib.store import table
from chalicelib.store.identity import sessions
from chalicelib.store.identity.sessions import Kind
from chalicelib.store.requests import idempotency
from chalicelib.store.requests.idempotency import Replay, replay
from chalicelib.store.table import Table
from chalicelib.store.town import directory, points
from tests import responses
from tests.asked import unnoted
from tests.moto_cloud import ENVIRONMENT, as_stored, keep_secrets, moto_cloud, stand
from tests.towns import sample_files
from tests.weighed import as_function

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)  # everyone at work
_KEYS = count(1)


class Answer:
    """What a request answered."""

    def __init__(self, response: Any) -> None:
        self.status = response.status_code
        self.headers = response.headers
        self.raw = response.body

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    @property
    def code(self) -> str:
        return self.body.get("code", "")


class Service:
    def __init__(self) -> None:
        import app

        self.app = app.app
        self.client = Client(self.app)
        self.now = MONDAY
        self.executions: list[tuple[str, str]] = []
        self._consumed: set[tuple[str, str]] = set()
        self._tokens: dict[str, str] = {}
        self.named: list[Replay] = []  # the acts that the request being served was told to do once

    # who asks
    def resident(self, name: str = "resident") -> str:
        if name not in self._tokens:
            answer = self.post("/api/sessions", {})
            assert answer.status == 201, answer.raw
            self._tokens[name] = answer.body["token"]
        return self._tokens[name]

    def staff(self, code: str) -> str:
        if code not in self._tokens:
            self._tokens[code] = sessions.start(Kind.STAFF, code, channel="console", now=self.now)
        return self._tokens[code]

    # asking
    def get(self, path: str, token: str = "") -> Answer:
        return self._ask("GET", path, token, b"", {})

    def post(self, path: str, body: Any, token: str = "", key: str | None = "", **headers: str) -> Answer:
        """`key`: the Idempotency-Key; "" for a fresh one, None for none."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        if key is not None:
            headers["Idempotency-Key"] = key or f"test-key-{next(_KEYS)}"
        self.named.clear()
        answer = self._ask("POST", path, token, raw, headers)
        if answer.status < 300 and self.named and not self._is_marked(answer):
            before = self._lines()
            again = self._ask("POST", path, token, raw, headers)
            assert (again.status, self._lines()) == (answer.status, before), (
                f"{path} sent again is done again: what it does leaves no mark of its Idempotency-Key"
            )
        return answer

    def _is_marked(self, answer: Answer) -> bool:
        """Whether what was just done is known by its key, so that it cannot be done again; of many, each that was done."""
        acts = self.named
        if "results" in answer.body:
            acts = [act.part(one["id"]) for act in acts for one in answer.body["results"] if one["ok"]]
        with unnoted():
            return all(map(idempotency.was_done, acts))

    @staticmethod
    def _lines() -> int:
        """How many lines all histories have."""
        return sum(item["SK"]["S"].startswith("EVENT#") for item in as_stored(ENVIRONMENT["TICKETS_TABLE"]))

    def put(self, path: str, body: Any, token: str = "") -> Answer:
        return self._ask("PUT", path, token, json.dumps(body).encode(), {})

    def delete(self, path: str, token: str = "") -> Answer:
        return self._ask("DELETE", path, token, b"", {})

    def _ask(self, method: str, path: str, token: str, raw: bytes, headers: dict[str, str]) -> Answer:
        headers = {"Content-Type": "application/json", **headers}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        with as_function("api"):
            answer = Answer(self.client.http.request(method, path, headers=headers, body=raw))
        if answer.headers.get("Content-Type", "").startswith(responses.JSON) and answer.status != 500:
            found = responses.violations(self.app, method, path, answer.status, answer.body)
            assert not found, found
        return answer

    # time and consequences
    def later(self, **length: float) -> None:
        self.now += timedelta(**length)

    def settle(self) -> None:
        """Every new line of history reaches the consumer, in order."""
        found = as_stored(ENVIRONMENT["TICKETS_TABLE"])
        lines = [
            i
            for i in found
            if i["SK"]["S"].startswith("EVENT#") and (i["PK"]["S"], i["SK"]["S"]) not in self._consumed
        ]
        for item in sorted(lines, key=lambda i: (i["PK"]["S"], i["SK"]["S"])):
            key = (item["PK"]["S"], item["SK"]["S"])
            keys = {"PK": item["PK"], "SK": item["SK"]}
            change = {"Keys": keys, "NewImage": item, "SequenceNumber": str(len(self._consumed) + 1)}
            record = {"eventName": "INSERT", "eventID": "#".join(key), "dynamodb": change}
            assert consuming.consume([record], now=self.now) is None
            self._consumed.add(key)

    # common steps
    def point(self, place: str = "SHJY-4-1") -> str:
        return points.active_codes([place])[place]

    def report(self, text: str, *, token: str = "", place: str = "SHJY-4-1", **more: Any) -> Answer:
        body = {"point": self.point(place), "text": text, **more}
        return self.post("/api/tickets", body, token or self.resident())

    def staff_act(self, ticket_id: str, act: str, by: str, **body: Any) -> Answer:
        return self.post(f"/staff/tickets/{ticket_id}/{act}", body, self.staff(by))

    def desk_act(self, ticket_id: str, act: str, by: str, **body: Any) -> Answer:
        return self.post(f"/desk/tickets/{ticket_id}/{act}", body, self.staff(by))

    def ticket(self, ticket_id: str) -> Any:
        from chalicelib.store.tickets import tickets

        return tickets.get(ticket_id)

    def items(self, which: Table) -> list[dict[str, Any]]:
        """Every item of a table, for looking behind the scenes."""
        pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName=which.full_name)
        return [table.from_wire(item) for page in pages for item in page["Items"]]


class _RevealLambda:
    """The API's invocation of the `reveal` function, through JSON as in the cloud."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.fails = False

    def invoke(self, FunctionName: str, Payload: bytes, InvocationType: str = "") -> dict[str, Any]:
        from chalicelib.tasks.reveal import reveal as function

        if self.fails:
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(b'{"errorMessage": "x"}')}
        with as_function("reveal"):
            body = function(json.loads(Payload), None)
        return {"Payload": io.BytesIO(json.dumps(body).encode())}


class _JobsLambda:
    """The API's invocation of `run_job`, to open a file."""

    def __init__(self) -> None:
        self.fails = False
        self.asked: list[str] = []  # what was opened
        self.is_running = False

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:
        from chalicelib.tasks.jobs import run_job

        event = json.loads(Payload)
        self.asked.append(event["open"])
        if self.fails:
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(b'{"errorMessage": "x"}')}
        self.is_running = True
        try:
            with as_function("run_job"):
                body = run_job(event, None)
        finally:
            self.is_running = False
        return {"Payload": io.BytesIO(json.dumps(body).encode())}


def _sample_town() -> None:
    import_town(sample_files(), by="test", hand_over_to={}, now=MONDAY)


@contextmanager
def running_service(patch: Any) -> Any:
    with moto_cloud(patch):
        keep_secrets(identity_key="i" * 40, slip_key="s" * 40)
        queues = clients.client("sqs")
        patch.setenv("SEND_QUEUE_URL", queues.create_queue(QueueName="send")["QueueUrl"])
        patch.setenv("JOBS_QUEUE_URL", queues.create_queue(QueueName="jobs")["QueueUrl"])
        from chalicelib.settings import settings

        settings.cache_clear()
        directory.forget()
        service = Service()
        service.reveal_lambda = _RevealLambda(service)
        patch.setattr(clock, "now", lambda: service.now)
        patch.setattr(
            routes, "replay", lambda *said: service.named.append(replay(*said)) or service.named[-1]
        )
        # A link to a photo bears its second: two answers of one instant of the town are the same, whatever the wall says.
        patch.setattr(
            "botocore.auth.get_current_datetime", lambda: service.now.astimezone(UTC).replace(tzinfo=None)
        )
        patch.setattr(reveal, "client", lambda _: service.reveal_lambda)
        service.jobs_lambda = _JobsLambda()
        patch.setattr(
            job_queue,
            "client",
            lambda name: service.jobs_lambda if name == "lambda" else clients.client(name),
        )
        patch.setattr(
            workflows,
            "start_escalation",
            lambda t, g, w: service.executions.append(("escalation", f"{t}-{g}")),
        )
        patch.setattr(
            workflows, "start_follow_up", lambda t, r: service.executions.append(("follow_up", f"{t}-{r}"))
        )
        patch.setattr(workflows, "stop_escalation", lambda *_: None)
        patch.setattr(workflows, "stop_follow_up", lambda *_: None)
        stand("sample town", _sample_town)
        directory.forget()
        yield service
        directory.forget()
        secrets._held.cache_clear()


@pytest.fixture(scope="module")
def one_service() -> Any:
    """One service for a whole module, where tests only look or refuse: `service = one_service` in that module."""
    with pytest.MonkeyPatch.context() as patch, running_service(patch) as running:
        yield running
