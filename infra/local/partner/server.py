"""A partner that plays the 12345 hotline's side: takes in answers, checks their signature, and fails as it is told.

with StandIn(key) as partner:
    partner.url                # where answers go
    partner.mode = "garbage"   # ok, down, error, garbage, refuse, silent
    partner.taken              # what it has acknowledged, in order, each once
"""

import json
import socket
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from chalicelib.domain import signatures
from chalicelib.domain.errors import NotSignedIn
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.signatures import Signed

MODES = ("ok", "down", "error", "garbage", "refuse", "silent")


class StandIn:
    """`skew` seconds its clock is ahead. `asked` holds every try that was signed rightly, `taken` what it did."""

    def __init__(self, key: bytes, port: int = 0, now: Callable[[], datetime] | None = None) -> None:
        self.key, self.mode, self.skew = key, "ok", 0
        self.now = now or (lambda: datetime.now(SHANGHAI))
        self.asked: list[dict[str, Any]] = []
        self.taken: dict[str, dict[str, Any]] = {}
        self.nonces: set[str] = set()
        self.refused = 0
        handler = type("Handler", (_Handler,), {"partner": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/answers"

    def __enter__(self) -> "StandIn":
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, given: Signed, body: bytes, now: datetime) -> tuple[int, bytes]:
        """What it answers. `silent` does what was asked and says nothing that can be understood: the lost answer."""
        try:
            signatures.check(given, self.key, body, now=now)
        except NotSignedIn:
            self.refused += 1
            return 401, b'{"message": "signature"}'
        if given.nonce in self.nonces:
            self.refused += 1
            return 409, b'{"message": "nonce"}'
        self.nonces.add(given.nonce)
        said = json.loads(body)
        self.asked.append(said)
        if self.mode in ("error", "garbage"):
            return (500, b'{"message": "down"}') if self.mode == "error" else (200, b"<html>ok")
        if self.mode == "refuse":
            return 422, json.dumps({"message": "办理结果不能为空"}, ensure_ascii=False).encode()
        self.taken.setdefault(said["id"], said)
        return 200, b"{}" if self.mode == "silent" else json.dumps({"received": said["id"]}).encode()


class _Handler(BaseHTTPRequestHandler):
    partner: StandIn

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.partner.mode == "down":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        given = Signed(
            timestamp=self.headers.get(signatures.TIMESTAMP, ""),
            nonce=self.headers.get(signatures.NONCE, ""),
            signature=self.headers.get(signatures.SIGNATURE, ""),
        )
        status, answer = self.partner.answer(
            given, body, self.partner.now() + timedelta(seconds=self.partner.skew)
        )
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Silent."""
