"""The partners that the stand-in plays: each with its own key, and what it acknowledged outlives kill -9."""

import json
import urllib.error
import urllib.request
from datetime import datetime

import pytest

from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.partners import signatures
from infra.local.partner.board import Board
from infra.local.platform.server import StandIn

KEY = b"k" * 40
NONCES = iter(range(10**6))


@pytest.fixture
def home(tmp_path):
    (tmp_path / "secrets.json").write_text(json.dumps({"partner_hotline": KEY.decode()}))
    return tmp_path


@pytest.fixture
def platform(home):
    with StandIn() as running:
        running.memory.partners = Board(home)
        yield running


def tell(platform, said, *, name="hotline", key=KEY):
    body = json.dumps(said).encode()
    signed = signatures.sign(key, body, nonce=f"{next(NONCES):016d}", now=datetime.now(SHANGHAI))
    request = urllib.request.Request(
        f"{platform.base}/partner/{name}/answers", body, signatures.headers(signed)
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def shown(platform):
    with urllib.request.urlopen(f"{platform.base}/partners.json", timeout=5) as answer:
        return json.load(answer)


def test_what_is_told_twice_is_acknowledged_twice_and_done_once(platform):
    said = {"id": "a.1", "number": "SH-1", "act": "签收"}
    assert [tell(platform, said) for _ in range(2)] == [(200, {"received": "a.1"})] * 2
    assert shown(platform)["hotline"] == {"mode": "ok", "asked": 2, "taken": [said]}


@pytest.mark.parametrize(("name", "key", "status"), [("hotline", b"x" * 40, 401), ("nobody", KEY, 404)])
def test_another_key_and_an_unknown_partner_are_refused(platform, name, key, status):
    assert tell(platform, {"id": "a.1"}, name=name, key=key)[0] == status
    assert shown(platform)["hotline"]["taken"] == []


@pytest.mark.parametrize(("name", "mode"), [("hotline", "sleepy"), ("nobody", "ok")])
def test_a_mode_that_is_none_is_refused(home, name, mode):
    with pytest.raises(ValueError, match="mode"):
        Board(home).set_mode(name, mode)


def test_what_was_acknowledged_outlives_a_kill_that_tears_the_last_line(home, platform):
    tell(platform, {"id": "a.1", "act": "签收"})
    with (home / "partner-hotline.jsonl").open("a") as file:
        file.write('{"id": "a.2", "ac')
    assert list(Board(home).find("hotline").taken) == ["a.1"]


def test_the_page_shows_what_arrived_as_text(platform):
    tell(platform, {"id": "a.1", "number": "<b>SH-1</b>", "act": "签收"})
    with urllib.request.urlopen(f"{platform.base}/partners", timeout=5) as answer:
        page = answer.read().decode()
    assert "&lt;b&gt;SH-1&lt;/b&gt;" in page
