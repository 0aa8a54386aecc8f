"""The local cloud: two engines, the stream pump and the deployment in them; started, watched, started again.

    with LocalCloud(Place(home=tmp_path, port=4611, db_port=8011)) as cloud:
        urllib.request.urlopen(cloud.url)

`make run`, the end-to-end tests, the demo and the chaos run all use this class. What runs where is in `<home>/run.json`.
"""

import fcntl
import json
import os
import shutil
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal

from infra import package
from infra.local import deploy, engines
from infra.local.place import ROOT, Place, from_environment
from infra.local.processes import Part, children, is_taken, kill_if, wait_until

PartName = Literal["db", "cloud", "pump"]
START_SECONDS = 30
BUILD_LOCK = ROOT / ".local" / "build.lock"  # chalice keeps one cache per project


class AlreadyRunning(Exception):
    """A local cloud already runs in this folder."""


class PortTaken(Exception):
    """Another program listens where an engine should."""


class EngineDown(Exception):
    """An engine did not answer; its log says why."""


class LocalCloud:
    """One local cloud in one place. `say` hears what happens, in words for a person."""

    def __init__(self, place: Place | None = None, *, say: Callable[[str], None] = lambda _: None) -> None:
        self.place = place or from_environment()
        self.say = say
        self.template: dict[str, Any] = {}
        self._lock_file: IO[str] | None = None
        self._ending = threading.Event()
        self._watcher: threading.Thread | None = None
        self._parts: dict[str, Part] = {}

    @property
    def url(self) -> str:
        """The API's address, ending in a slash; the same at every start."""
        return self.place.url

    def __enter__(self) -> "LocalCloud":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> "LocalCloud":
        """Start everything and wait until the API answers. Raises AlreadyRunning, PortTaken, EngineDown, DeployFailed."""
        self._lock()
        try:
            self._clear_up()
            self._parts = self._describe_parts()
            self._start_engines()
            self._build()
            self._deploy()
            self._parts["pump"].start()
            self._note()
        except BaseException:
            self.stop()
            raise
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()
        return self

    def stop(self) -> None:
        """Stop every part, the pump first; tables, photos and secrets stay in the folder."""
        self._ending.set()
        if self._watcher:
            self._watcher.join()
            self._watcher = None
        for name in ("pump", "cloud", "db"):
            if name in self._parts:
                self._parts[name].stop()
        (self.place.home / "run.json").unlink(missing_ok=True)
        if self._lock_file:
            self._lock_file.close()
            self._lock_file = None

    def kill(self, part: PartName) -> None:
        """kill -9 one process, as a power cut would. The watcher starts it again."""
        pid = self._parts[part].pid
        if pid:
            os.kill(pid, signal.SIGKILL)

    def workers(self) -> list[int]:
        """The process ids of the Lambdas that are warm now."""
        pid = self._parts["cloud"].pid
        return children(pid) if pid else []

    def wait_ready(self, seconds: float = 60) -> bool:
        """Whether every part is up, and the API answers, within `seconds`."""
        return wait_until(self._is_ready, seconds=seconds, step=0.2)

    def _is_ready(self) -> bool:
        running = running_at(self.place.home)
        return (
            bool(running and running["ready"])
            and all(part.is_alive() for part in self._parts.values())
            and self._answers()
        )

    def _answers(self) -> bool:
        """An API that is deployed answers every path, if only with its own refusal."""
        try:
            urllib.request.urlopen(self.url, timeout=5)
        except urllib.error.HTTPError as answer:
            return answer.code in (403, 404) and "application/json" in answer.headers.get("Content-Type", "")
        except OSError:
            return False
        return True

    # --- starting ---------------------------------------------------------------------------------------------------

    def _lock(self) -> None:
        """One supervisor per folder. The lock dies with its process, however that ends."""
        self.place.home.mkdir(parents=True, exist_ok=True)
        self._lock_file = (self.place.home / "run.lock").open("a")
        try:
            fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock_file = None
            running = running_at(self.place.home) or {}
            raise AlreadyRunning(str(running.get("url", self.place.home))) from None

    def _clear_up(self) -> None:
        """End what a killed supervisor left behind, and its Lambdas' unpacked code."""
        left = running_at(self.place.home) or {"parts": {}}
        for part in left["parts"].values():
            kill_if(part["pid"], part["mark"])
        shutil.rmtree(self.place.home / "tmp", ignore_errors=True)
        (self.place.home / "tmp").mkdir()
        for port, name in ((self.place.db_port, "MSLJ_DB_PORT"), (self.place.port, "MSLJ_PORT")):
            if not wait_until(lambda port=port: not is_taken(port), seconds=3):  # type: ignore[misc]
                raise PortTaken(f"{port} ({name})")

    def _describe_parts(self) -> dict[str, Part]:
        place, logs = self.place, self.place.home / "logs"
        table_file = place.home / "tables.db"
        db = [
            str(engines.dynoxide()),
            "--host",
            "127.0.0.1",
            "--port",
            str(place.db_port),
            "--db-path",
            str(table_file),
        ]
        cloud_environment = {
            **place.endpoints,  # the Lambdas inherit it
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(place.port),
            "MINISTACK_HOST": "127.0.0.1",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(place.home / "s3"),
            "TMPDIR": str(place.home / "tmp"),
            "PYTHONUNBUFFERED": "1",
        }
        own = {"MSLJ_HOME": str(place.home), "MSLJ_PORT": str(place.port), "MSLJ_DB_PORT": str(place.db_port)}
        pump = [sys.executable, "-m", "infra.local.pump"]
        return {
            "db": Part("db", db, logs / "db.log", {}, str(table_file)),
            "cloud": Part(
                "cloud",
                [str(engines.ministack()), "-m", "ministack"],
                logs / "cloud.log",
                cloud_environment,
                "ministack",
            ),
            "pump": Part(
                "pump", pump, logs / "pump.log", {**own, "PYTHONPATH": str(ROOT)}, "infra.local.pump"
            ),
        }

    def _start_engines(self) -> None:
        for name in ("db", "cloud"):
            if not self._parts[name].is_alive():
                self._parts[name].start()
        self._note(ready=False)
        for name, port in (("db", self.place.db_port), ("cloud", self.place.port)):
            if not wait_until(lambda port=port: is_taken(port), seconds=START_SECONDS):  # type: ignore[misc]
                raise EngineDown(f"{name}: {self._parts[name].log}")

    def _build(self) -> None:
        BUILD_LOCK.parent.mkdir(parents=True, exist_ok=True)
        with BUILD_LOCK.open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.template = package.build(self.place.home / "build")

    def _deploy(self) -> None:
        deploy.make_tables(self.template, self.place)
        deploy.put_secrets(self.place)
        deploy.make_stack(self.template, self.place.home / "build" / "deployment.zip", self.place)
        deploy.make_bucket(self.template, self.place)

    # --- watching ---------------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        while not self._ending.wait(0.3):
            dead = [name for name, part in self._parts.items() if not part.is_alive()]
            if dead:
                self._revive(dead)

    def _revive(self, dead: list[str]) -> None:
        """Start again what died. ministack has forgotten the deployment, so it is deployed afresh."""
        self.say(f"{'、'.join(dead)} 已停止，正在重新启动")
        try:
            for name in dead:
                self._parts[name].stop()
            self._start_engines()
            if "cloud" in dead:
                self._deploy()
            if not self._parts["pump"].is_alive():
                self._parts["pump"].start()
            self._note()
            self.say("已恢复")
        except Exception as trouble:  # an engine killed once more meanwhile: the next round sees it
            self.say(f"尚未恢复，继续尝试：{trouble}")
            self._parts["cloud"].stop()
            time.sleep(0.5)

    def _note(self, *, ready: bool = True) -> None:
        """Write run.json: whoever wants to speak to this cloud, or to hurt it, reads it there."""
        parts = {name: {"pid": part.pid, "mark": part.mark} for name, part in self._parts.items() if part.pid}
        note = {
            "pid": os.getpid(),
            "url": self.url,
            "aws": self.place.aws,
            "db": self.place.db,
            "home": str(self.place.home),
            "ready": ready,
            "parts": parts,
        }
        fresh = self.place.home / "run.json.new"
        fresh.write_text(json.dumps(note, indent=1))
        fresh.replace(self.place.home / "run.json")


def running_at(home: Path | None = None) -> dict[str, Any] | None:
    """What run.json of a folder says (pid, url, aws, db, ready, parts), or None when nothing was left there."""
    file = (home or from_environment().home) / "run.json"
    try:
        found: dict[str, Any] = json.loads(file.read_text())
    except (OSError, ValueError):
        return None
    return found
