"""The stand-in's HTTP server on loopback: /wechat/… and /wecom/… are the platforms, /partner/… the partners.

/_stand_in/… moves it; /phones and /partners show what arrived.
"""

import json
import socket
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from infra.local.platform import page, pushes, wechat, wecom
from infra.local.platform.memory import MODES, PLATFORMS, Memory
from infra.local.processes import end_serving, serve_beside

SLOW_SECONDS = 8.0
HTML = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
_PLATFORMS = {"wechat": wechat.answer, "wecom": wecom.answer}


class StandIn:
    """A running stand-in.

    with StandIn() as platform:
        platform.base        # http://127.0.0.1:…
    """

    def __init__(self, port: int = 0, file: Path | None = None) -> None:
        self.memory = Memory(file)
        handler = type("Handler", (_Handler,), {"memory": self.memory})
        self.server = _Server(("127.0.0.1", port), handler)
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> "StandIn":
        serve_beside(self.server)
        return self

    def __exit__(self, *_: object) -> None:
        end_serving(self.server)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a slow answer must not hold up the end


class _Handler(BaseHTTPRequestHandler):
    memory: Memory
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._serve({})

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path.startswith("/partner/"):
            self._as_partner(raw)
            return
        try:
            body = json.loads(raw or b"{}")
        except ValueError:
            body = None
        self._serve(body)

    def log_message(self, *_: Any) -> None:
        """Silent: tokens stand in the paths."""

    def _serve(self, body: Any) -> None:
        asked = urlsplit(self.path)
        query = dict(parse_qsl(asked.query))
        platform, _, rest = asked.path.lstrip("/").partition("/")
        if platform in _PLATFORMS:
            self._as_platform(platform, f"/{rest}", query, body)
        elif asked.path == "/phones":
            self._send(page.draw(self.memory).encode(), "text/html; charset=utf-8")
        elif asked.path == "/phones.json":
            self._json({"phones": self.memory.phones, "dropped": self.memory.dropped})
        elif asked.path == "/partners":
            self._send(self.memory.partners.draw().encode(), "text/html; charset=utf-8")
        elif asked.path == "/partners.json":
            self._json(self.memory.partners.said())
        elif platform == "_stand_in":
            self._moved(rest, body)
        else:
            self._json({"errcode": 404, "errmsg": "unknown path"}, 404)

    def _as_platform(self, platform: str, path: str, query: dict[str, str], body: Any) -> None:
        """`down` does nothing; `slow` and `garbage` do what was asked, and say so too late or not to be understood."""
        self.memory.calls[f"{platform}{path}"] += 1
        mood = self.memory.mood(platform)
        mode = mood["mode"]
        if mode == "down":
            self._hang_up()
        elif mode == "html":
            self._send(HTML, "text/html")
        elif mode == "errcode" and path not in ("/cgi-bin/stable_token", "/cgi-bin/gettoken"):
            self._json(wechat.refused(mood["errcode"], "as the stand-in was told"))
        elif not isinstance(body, dict):
            self._json(wechat.refused(47001, "data format error"))
        else:
            answer = _PLATFORMS[platform](self.memory, path, query, body)
            if mode == "slow":
                time.sleep(mood.get("seconds", SLOW_SECONDS))
            raw = b'{"errcode": 0, "errm' if mode == "garbage" else json.dumps(answer).encode()
            self._send(raw, "text/plain")  # as WeChat labels its JSON

    def _as_partner(self, raw: bytes) -> None:
        """/partner/<name>/answers: the bytes as they came, which are signed."""
        partner = self.memory.partners.find(self.path.split("/")[2])
        if partner is None:
            self._json({"message": "no such partner"}, 404)
        elif partner.mode == "down":
            self._hang_up()
        else:
            status, answer = partner.answer(self.headers, raw, self.path)
            self._send(answer, "application/json", status)

    def _moved(self, what: str, body: Any) -> None:
        move = _MOVES.get(what)
        if move is None or not isinstance(body, dict):
            self._json({"message": f"one of {', '.join(_MOVES)}, with a JSON object"}, 404)
            return
        try:
            self._json(move(self.memory, **body))
        except (TypeError, ValueError) as wrong:
            self._json({"message": str(wrong)}, 422)

    def _json(self, answer: Any, status: int = 200) -> None:
        self._send(json.dumps(answer, ensure_ascii=False).encode(), "application/json", status)

    def _send(self, raw: bytes, kind: str, status: int = 200) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)
        except OSError:  # whoever asked did not wait
            self.close_connection = True

    def _hang_up(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


def _mode(memory: Memory, platform: str = "all", mode: str = "ok", **more: Any) -> dict[str, Any]:
    """`errcode`, `seconds` (of slow) and `times` may be given; without `times` it stays until changed."""
    if (
        platform not in (*PLATFORMS, "all")
        or mode not in MODES
        or set(more) - {"errcode", "seconds", "times"}
    ):
        raise ValueError(f"platform one of {(*PLATFORMS, 'all')}, mode one of {MODES}")
    if mode == "errcode" and not isinstance(more.get("errcode"), int):
        raise ValueError("errcode must be given")
    memory.set_mood(platform, {"mode": mode, **more})
    return memory.moods


def _callbacks(memory: Memory, **urls: str) -> dict[str, str]:
    memory.callbacks.update(urls)
    return memory.callbacks


def _kill_tokens(memory: Memory) -> dict[str, str]:
    memory.tokens.clear()
    return {}


_MOVES: dict[str, Callable[..., Any]] = {
    "mode": _mode,
    "callbacks": _callbacks,
    "kill_tokens": _kill_tokens,
    "consent": pushes.consent,
    "tap": pushes.tap,
    "undelivered": pushes.undelivered,
    "partner": lambda memory, name, mode: memory.partners.set_mode(name, mode),
    "calls": lambda memory: dict(memory.calls),
}
