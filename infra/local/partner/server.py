"""A partner that plays the 12345 hotline's side over HTTP: takes in answers, checks their signature, fails as it is told.

with StandIn(key) as partner:
    partner.url                # where answers go
    partner.mode = "garbage"   # ok, down, error, garbage, refuse, silent
    partner.taken              # what it has acknowledged, in order, each once

In the local cloud the same side is played by the stand-in of the platforms, at /partner/<name>/answers.
"""

import socket
from collections.abc import Callable
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from infra.local.partner.receiver import Receiver
from infra.local.processes import end_serving, serve_beside


class StandIn(Receiver):
    def __init__(self, key: bytes, port: int = 0, now: Callable[[], datetime] | None = None) -> None:
        super().__init__(key, now)
        handler = type("Handler", (_Handler,), {"partner": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/answers"

    def __enter__(self) -> "StandIn":
        serve_beside(self.server)
        return self

    def __exit__(self, *_: object) -> None:
        end_serving(self.server)


class _Handler(BaseHTTPRequestHandler):
    partner: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.partner.mode == "down":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        status, answer = self.partner.answer(self.headers, body, self.path)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        """Silent."""
