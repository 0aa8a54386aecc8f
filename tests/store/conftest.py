"""The three tables of a town, empty, on each engine that can hold them: moto in this process, dynoxide beside it."""

import shutil
import socket
import subprocess
import time
from functools import cache
from itertools import count

import boto3
import pytest
from botocore.serialize import create_serializer

from infra.local import engines
from tests.moto_cloud import ENVIRONMENT, INDEX, KEYS, moto_cloud

_TOWNS = count(1)


@pytest.fixture(scope="session")
def dynoxide(tmp_path_factory):
    """The address of a database of this test run. Never fetched here: `make engines` does."""
    kept = engines.ENGINES / f"dynoxide-{engines.DYNOXIDE}"
    binary = str(kept) if kept.exists() else shutil.which("dynoxide")
    if binary is None:
        pytest.skip("dynoxide is not installed (make engines)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    database = tmp_path_factory.mktemp("dynoxide") / "town.db"
    command = [binary, "--host", "127.0.0.1", "--port", str(port), "--db-path", str(database)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _wait_for(port)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(5)


@pytest.fixture(params=["moto", "dynoxide"])
def town_table(request, monkeypatch):
    """One contract, two engines. The name of the engine, for what one of them cannot do."""
    if request.param == "moto":
        with moto_cloud(monkeypatch):
            _asked_and_validated_by_botocore(monkeypatch)
            yield "moto"
    else:
        yield from _on_dynoxide(request.getfixturevalue("dynoxide"), monkeypatch)


@pytest.fixture
def real_table(dynoxide, monkeypatch):
    """Only the engine that keeps what it acknowledges while many write: moto's transactions lose updates."""
    yield from _on_dynoxide(dynoxide, monkeypatch)


def _on_dynoxide(address, monkeypatch):
    from chalicelib.gateways import clients
    from chalicelib.settings import settings
    from chalicelib.store import table

    caches = (settings, table.client, clients.client)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    town = next(_TOWNS)
    for name in ("TICKETS", "WORK", "IDENTITIES", "TRACES"):
        monkeypatch.setenv(f"{name}_TABLE", f"mslj-test-{town}-{name.lower()}")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", address)
    for cached in caches:
        cached.cache_clear()
    for which in table.Table:
        _make(_maker(address), which.full_name)
    yield "dynoxide"
    for cached in caches:
        cached.cache_clear()


def _asked_and_validated_by_botocore(patch):
    """The contract the other way: nothing directly, and with botocore's own look at every parameter."""
    from chalicelib.store import direct, table

    patch.setattr(direct, "find_access", lambda _: None)
    table.client.cache_clear()
    whole = table.client().whole
    whole._serializer = create_serializer(whole.meta.service_model.resolved_protocol, True)


@cache
def _maker(address):
    """One for all tests: to make a client costs more than to make the tables."""
    return boto3.client("dynamodb", endpoint_url=address)


def _make(maker, name):
    maker.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key, _ in KEYS + INDEX],
        KeySchema=_schema(KEYS),
        GlobalSecondaryIndexes=[
            {"IndexName": "GSI1", "KeySchema": _schema(INDEX), "Projection": {"ProjectionType": "ALL"}}
        ],
    )


def _schema(keys):
    return [{"AttributeName": key, "KeyType": kind} for key, kind in keys]


def _wait_for(port):
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("dynoxide does not answer")
