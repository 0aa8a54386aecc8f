"""The local cloud: two engines, the stream pump and the deployment in them; started, watched, started again.

    with LocalCloud(Place(home=tmp_path, port=4611, db_port=8011)) as cloud:
        urllib.request.urlopen(cloud.url)

`make run`, the end-to-end tests, the demo and the chaos run all use this class.
"""

import fcntl
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import IO, Any, Literal

from infra import package
from infra.local import deploy, fit, parts, policies, pump, running, stream_index
from infra.local.leash import Leash
from infra.local.place import Place, from_environment
from infra.local.processes import Part, children, is_free, is_taken, kill_if, wait_until

PartName = Literal["db", "cloud", "pump", "phones"]
START_SECONDS = 60


class AlreadyRunning(Exception):
    """A local cloud already runs in this folder."""


class PortTaken(Exception):
    """Another program listens where an engine should."""


class EngineDown(Exception):
    """An engine did not come up; its log says why."""


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
        self._leash: Leash | None = None

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
        """Start everything, until the API answers.

        Raises AlreadyRunning, PortTaken, EngineMissing, EngineDown, BadTemplate, DeployFailed; nothing is left running.
        """
        self._lock()
        self.say("正在启动本地云（首次运行需要下载，约两三分钟）…")
        try:
            self._clear_up()
            self._leash = Leash()
            policies.written(self.place.rules, policies.rules())
            self._parts = parts.describe(self.place)
            self._start_engines()
            self.template = package.build(self.place.home / "build")
            self._deploy()
            self._start("pump")
            running.note(self.place, self._parts, ready=True)
        except BaseException:
            self.stop()
            raise
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()
        if not self.wait_ready():
            self.stop()
            raise EngineDown(f"{self.url}: {self.place.home / 'logs'}")
        return self

    def stop(self) -> None:
        """Stop every part, the pump first; tables, photos and secrets stay in the folder."""
        self._ending.set()
        if self._watcher:
            self._watcher.join()
            self._watcher = None
        for name in ("pump", "cloud", "phones", "db"):
            if name in self._parts:
                self._parts[name].stop()
        if self._leash:
            self._leash.let_go()
            self._leash = None
        if self._lock_file:
            running.forget(self.place)
            self._lock_file.close()
            self._lock_file = None

    def kill(self, part: PartName) -> None:
        """kill -9 one process, as a power cut would. The watcher starts it again."""
        if pid := self._parts[part].pid:
            os.kill(pid, signal.SIGKILL)
            # Until it is gone it would still count as up, and whoever waits for it would not wait.
            wait_until(lambda: self._parts[part].pid != pid or not self._parts[part].is_alive(), seconds=10)

    def pids(self) -> dict[str, int]:
        """The process id of each part that is up."""
        return {name: part.pid for name, part in self._parts.items() if part.pid}

    def workers(self) -> list[int]:
        """The process ids of the Lambdas that are warm now."""
        pid = self._parts["cloud"].pid
        return children(pid) if pid else []

    def wait_ready(self, seconds: float = 120) -> bool:
        """Whether every part is up, and the API answers, within `seconds`."""
        return wait_until(self._is_ready, seconds=seconds, step=0.2)

    def _is_ready(self) -> bool:
        noted = running.find(self.place.home)
        is_whole = (
            noted is not None and noted["ready"] and all(part.is_alive() for part in self._parts.values())
        )
        return is_whole and is_taken(self.place.db_port) and running.answers(self.url)

    # --- starting ---------------------------------------------------------------------------------------------------

    def _lock(self) -> None:
        """One supervisor per folder. The lock dies with its process, however that ends."""
        self.place.home.mkdir(parents=True, exist_ok=True)
        lock = (self.place.home / "run.lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise AlreadyRunning(
                (running.find(self.place.home) or {}).get("url", str(self.place.home))
            ) from None
        self._lock_file = lock

    def _clear_up(self) -> None:
        """End what a killed supervisor left behind, and remove its Lambdas' unpacked code."""
        left = running.find(self.place.home) or {"parts": {}}
        for part in left["parts"].values():
            kill_if(part["pid"], part["mark"])
        stream_index.trim(self.place.home / "tables.db", pump.places(self.place.home).values())
        shutil.rmtree(self.place.home / "tmp", ignore_errors=True)
        (self.place.home / "tmp").mkdir()
        for port, host, name in self._ports():
            if not wait_until(partial(is_free, port, host), seconds=3):
                raise PortTaken(f"{port}（{name}）")

    def _ports(self) -> tuple[tuple[int, str, str], ...]:
        place = self.place
        engines = (place.db_port, "127.0.0.1", "MSLJ_DB_PORT"), (place.port, place.host, "MSLJ_PORT")
        phones = (place.phones_port, "127.0.0.1", "MSLJ_PHONES_PORT")
        return (*engines, phones) if place.phones_port else engines

    def _start_engines(self) -> None:
        for name in ("db", "phones", "cloud"):
            if name in self._parts and not self._parts[name].is_alive():
                self._start(name)
        running.note(self.place, self._parts, ready=False)
        for port, host, name in self._ports():
            if not wait_until(partial(is_taken, port, host), seconds=START_SECONDS):
                raise EngineDown(f"{port}（{name}）：{self.place.home / 'logs'}")

    def _start(self, name: str) -> None:
        self._parts[name].start()
        if self._leash:
            self._leash.hold(self._parts.values())

    def _deploy(self) -> None:
        deploy.make_tables(self.template, self.place)
        stream_index.add(self.place.home / "tables.db")
        for name, key in deploy.put_secrets(self.place).items():
            self.say(f"合作方 {name.removeprefix('partner_')} 的签名密钥（只显示这一次）：{key}")
        code = self.place.home / "build" / "deployment.zip"
        deploy.make_stack(
            self.template, code if fit.is_native() else fit.without_dependencies(code), self.place
        )
        deploy.make_bucket(self.template, self.place)

    # --- watching ---------------------------------------------------------------------------------------------------

    def _watch(self) -> None:
        while not self._ending.wait(0.3):
            if dead := [name for name, part in self._parts.items() if not part.is_alive()]:
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
                self._start("pump")
            running.note(self.place, self._parts, ready=True)
            self.say("已恢复")
        except (
            Exception
        ) as trouble:  # killed once more meanwhile; whatever half a deployment there is goes with it
            self.say(f"尚未恢复，继续尝试：{trouble}")
            self._parts["cloud"].stop()
            time.sleep(0.5)
