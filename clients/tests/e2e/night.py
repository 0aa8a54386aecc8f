"""A night at the desk, in town time: the whole service in this process, served to a browser on a loopback port.

Says in one line of JSON where it is, then answers lines: {"live": seconds} lets the town live on, {"token": staff} a
session, {"code": staff} a sign-in code, {"arrived": true} what phones received since it was asked last.
"""

import contextlib
import json
import sys
import tempfile
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from campaign import record
from campaign.faults import Faults, Rates
from campaign.record import Record
from campaign.stage import Stage, a_stage
from chalicelib.domain.model import SHANGHAI

BEGINS = datetime(2026, 11, 23, 22, 40, tzinfo=SHANGHAI)  # twenty minutes before the night clerk's shift
STEP = timedelta(minutes=1)
NEXT_TO_NOTHING = {"connection", "transfer-encoding", "content-length", "content-encoding", "host"}


class Night:
    """One at a time: the browser's requests, and the town that lives on."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.lock = stage, threading.Lock()
        self.arrived: list[dict[str, Any]] = []

    def live(self, length: timedelta) -> None:
        """A minute at a time, as the schedules run; a workflow wakes at its own second."""
        until = self.stage.now + length
        while self.stage.now < until:
            self.stage.later(min(STEP, until - self.stage.now), lambda: None)
            self.stage.step()

    def ask(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Any:
        version = self.stage.version()
        with self.lock, version.live():
            answer = version.http.request(method, path, headers=headers, body=body)
            if method != "GET":
                self.stage.settle()
            return answer

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        from chalicelib.store.identity import sessions, sign_in_codes

        with self.lock:
            now = self.stage.now
            if "token" in asked:
                kind = sessions.Kind.STAFF
                return {"token": sessions.start(kind, asked["token"], channel="console", now=now)}
            if "code" in asked:
                return {"code": sign_in_codes.issue(asked["code"], now)}
            if "live" in asked:
                self.live(timedelta(seconds=asked["live"]))
                return {"now": self.stage.now.isoformat()}
            told, self.arrived[:] = list(self.arrived), []
            return {"arrived": told}


@contextlib.contextmanager
def a_night() -> Iterator[Night]:
    faults = Faults(1, Rates.none())
    with tempfile.TemporaryDirectory(prefix="mslj-night-") as folder:
        kept = Record(Path(folder))
        with a_stage(faults, kept, 1) as stage:
            night = Night(stage)
            note = kept.note

            def heard(name: str, **said: Any) -> None:
                if name == record.ARRIVED and said.get("kind") in ("message", "failed"):
                    night.arrived.append(said)
                note(name, **said)

            stage.record.note = heard  # type: ignore[method-assign]
            stage.now = BEGINS
            stage.minute()
            yield night


def serve(night: Night) -> ThreadingHTTPServer:
    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle(self) -> None:
            with contextlib.suppress(ConnectionError):  # a page that goes waits for nothing
                super().handle()

        def do(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {k: v for k, v in self.headers.items() if k.lower() not in NEXT_TO_NOTHING}
            answer = night.ask(self.command, self.path, headers, self.rfile.read(length))
            self.send_response(answer.status_code)
            for name, value in answer.headers.items():
                if name.lower() not in NEXT_TO_NOTHING:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_POST = do_PUT = do_DELETE = do

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main() -> None:
    with a_night() as night:
        server = serve(night)
        say(
            {
                "url": f"http://127.0.0.1:{server.server_port}/",
                "now": night.stage.now.isoformat(),
                "points": points(),
            }
        )
        for line in sys.stdin:
            say(night.answer(json.loads(line)))
        server.shutdown()


def points() -> dict[str, str]:
    """The active code of every point of the sample town, by place."""
    from chalicelib.store.town import directory
    from chalicelib.store.town import points as store

    return store.active_codes(place.code for place in directory.list_points())


def say(what: dict[str, Any]) -> None:
    print(json.dumps(what, ensure_ascii=False, default=str), flush=True)


if __name__ == "__main__":
    main()
