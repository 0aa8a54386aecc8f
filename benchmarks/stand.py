"""What benchmarks run on: dynoxide with the template's own tables and the sample town, in a folder of its own."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from unittest import mock

from infra import package
from infra.local import deploy, parts, stream_index
from infra.local.place import ROOT, Place
from infra.local.processes import Part, free_port, is_taken, wait_until

SECRETS: dict[str, str] = {"identity_key": "i" * 48, "slip_key": "s" * 48}  # as SSM would hold them
SAMPLE = ROOT / "town"


class NoEngine(Exception):
    """dynoxide did not come up."""


@dataclass
class Stand:
    """`engine` may be stopped and started: its file stays. `environment` is a Lambda's."""

    place: Place
    engine: Part
    environment: dict[str, str]

    @property
    def file(self) -> Path:
        return self.place.home / "tables.db"

    def start(self) -> None:
        self.engine.start()
        if not wait_until(lambda: is_taken(self.place.db_port), seconds=10, step=0.01):
            raise NoEngine(self.engine.log.read_text())


@contextmanager
def a_stand() -> Iterator[Stand]:
    """A fresh engine with empty tables; this process is set up as one of the deployment's Lambdas would be."""
    with tempfile.TemporaryDirectory(prefix="mslj-bench-") as folder:
        place = Place(home=Path(folder), port=free_port(), db_port=free_port())
        stand = Stand(place, parts.describe(place)["db"], environment(place))
        with mock.patch.dict(os.environ, stand.environment), _as_a_process():
            try:
                stand.start()
                deploy.make_tables(package.resources(), place)
                stream_index.add(stand.file)
                yield stand
            finally:
                stand.engine.stop()


def environment(place: Place) -> dict[str, str]:
    names = {
        f"{table.upper()}_TABLE": f"mslj-local-{table}"
        for table in ("tickets", "work", "identities", "traces")
    }
    return {
        **place.endpoints,
        **names,
        "TRACES_BUCKET": "mslj-test-traces",
        "PHOTOS_BUCKET": "mslj-local-photos",
        "RECORDINGS_BUCKET": "mslj-local-recordings",
        "SEND_QUEUE_URL": "https://sqs.invalid/send",
        "JOBS_QUEUE_URL": "https://sqs.invalid/jobs",
        "ESCALATION_ARN": "escalation",
        "FOLLOW_UP_ARN": "follow_up",
        "REVEAL_FUNCTION": "reveal",
        "JOBS_FUNCTION": "run_job",
        "SECRETS_PATH": "/mslj/local/secrets",
        "PUBLIC_URL": "https://msjl.example.cn",
        "STAGE": "local",
    }


class Reveal:
    """The `reveal` function in this process; what it is only woken for runs in another one, and is not measured."""

    def invoke(self, *, Payload: bytes, InvocationType: str = "", **_: str) -> dict[str, object]:
        from chalicelib.tasks.reveal import reveal

        answer = {} if InvocationType == "Event" else reveal(json.loads(Payload), None)
        return {"Payload": BytesIO(json.dumps(answer).encode())}


@contextmanager
def _as_a_process() -> Iterator[None]:
    """What a process remembers is forgotten before and after; its secrets are given, not asked of SSM."""
    from chalicelib.gateways import clients, reveal, secrets
    from chalicelib.settings import settings
    from chalicelib.store import table
    from chalicelib.store.town import directory

    def forget() -> None:
        for cached in (settings, table.client, clients.client, deploy.client):
            cached.cache_clear()
        directory.forget()

    forget()
    try:
        with (
            mock.patch.object(secrets, "_held", SECRETS.get),
            mock.patch.object(reveal, "client", return_value=Reveal()),
        ):
            yield
    finally:
        forget()


def import_sample_town(now: datetime) -> None:
    from chalicelib.actions.town.importing import import_town
    from chalicelib.domain.town_import.columns import FILES

    # beside them lie reports and examples, which are no town
    files = {f"{name}.csv": (SAMPLE / f"{name}.csv").read_bytes() for name in FILES}
    import_town(files, by="benchmark", hand_over_to={}, now=now)
