"""Processes of the local cloud: started in their own session, logged to a file, found again after a crash."""

import errno
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from socketserver import BaseServer

PATIENCE = 8.0  # seconds that a process has to end by itself before it is killed


class Part:
    """One process of the local cloud. `mark` is text of its command line by which it is known again."""

    def __init__(
        self, name: str, command: list[str], log: Path, environment: dict[str, str], mark: str
    ) -> None:
        self.name, self.command, self.log, self.environment, self.mark = name, command, log, environment, mark
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches the supervisor only, which then stops the parts in order
            )

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """SIGTERM, then SIGKILL to its whole session: no Lambda outlives its engine."""
        if self.process is None:
            return
        if self.is_alive():
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
        end_session(self.process.pid)
        self.process.wait()
        self.process = None


def end_session(pid: int) -> None:
    """Kill what is left of the session that `pid` led."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def command_line(pid: int) -> str:
    """The command line of a process, or "" when there is none."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return _ps("-o", "command=", "-p", str(pid)).strip()


def children(pid: int) -> list[int]:
    """The direct children of a process: of ministack, its Lambda workers."""
    listed = Path(f"/proc/{pid}/task").glob("*/children")
    try:
        found = [int(child) for file in listed for child in file.read_text().split()]
    except OSError:
        found = []
    if found or Path("/proc/self/task").exists():
        return found
    pairs = (line.split() for line in _ps("-A", "-o", "pid=,ppid=").splitlines())
    return [int(pair[0]) for pair in pairs if pair[1] == str(pid)]


def kill_if(pid: int, mark: str) -> bool:
    """kill -9 a process left behind by a crash, only when its command line still carries `mark`."""
    if mark not in command_line(pid):
        return False
    end_session(pid)
    return True


def is_taken(port: int, host: str = "127.0.0.1") -> bool:
    """Whether somebody listens there. Raises OSError for a host that is not this machine's."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            return True
    return False


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve_beside(server: BaseServer) -> None:
    """The server serves in a thread of its own until `end_serving`."""
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()


def end_serving(server: BaseServer) -> None:
    server.shutdown()
    server.server_close()


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether nobody listens there. Raises OSError for a host that is not this machine's."""
    return not is_taken(port, host)


def wait_until(condition: Callable[[], bool], *, seconds: float, step: float = 0.05) -> bool:
    """Whether `condition` came true within `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(step)
    return condition()


def _ps(*arguments: str) -> str:
    try:
        return subprocess.run(["ps", *arguments], capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""
