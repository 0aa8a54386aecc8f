"""The engine is told who called by the connection, never by the caller (rule 49's limits by address)."""

import asyncio
import importlib.util
import sys
from types import ModuleType

import pytest

from infra.local.parts import RUNTIME


@pytest.fixture
def front(monkeypatch):
    """The front of an engine that keeps what it is asked."""
    engine, asked = ModuleType("ministack.app"), []

    async def app(scope, receive, send):
        asked.append(scope)

    engine.app = app
    monkeypatch.setitem(sys.modules, "ministack", ModuleType("ministack"))
    monkeypatch.setitem(sys.modules, "ministack.app", engine)
    spec = importlib.util.spec_from_file_location("front", RUNTIME / "front.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def ask(scope):
        asyncio.run(module.app(scope, None, None))
        return asked[-1]

    return ask


@pytest.mark.parametrize(
    "claimed", [[], [(b"X-Forwarded-For", b"10.0.0.1")], [(b"x-forwarded-for", b"a, b")] * 2]
)
def test_the_address_is_the_connections_whatever_the_caller_claims(front, claimed):
    scope = {"type": "http", "client": ("127.0.0.7", 5), "headers": [(b"host", b"x"), *claimed]}
    assert front(scope)["headers"] == [(b"host", b"x"), (b"x-forwarded-for", b"127.0.0.7")]


@pytest.mark.parametrize("scope", [{"type": "lifespan"}, {"type": "http", "client": None, "headers": []}])
def test_what_has_no_caller_passes_as_it_is(front, scope):
    assert front(scope) == scope
