"""`make serve FOLDER=…`: a town hall's own machine in this terminal, without AWS and without root, until Ctrl-C.

The same processes that systemd starts on the real machine (infra/serve/units.py), watched and started again here.
"""

import argparse
import os
import signal
import sys
import time
import urllib.error
import urllib.request
from functools import partial
from pathlib import Path

from infra.local.engines import EngineMissing
from infra.local.leash import Leash
from infra.local.place import ROOT
from infra.local.processes import Part, is_free, wait_until
from infra.serve import door, secrets, tables
from infra.serve.home import FOLDER, PORTS, Home, NotReady, open_home
from infra.serve.lock import only_one

WEB = ["-m", "gunicorn", "-c", "infra/serve/gunicorn.conf.py", "infra.serve.web:application()"]
SECONDS = 60
MOST_LOG = 20 * 2**20  # bytes; a larger one is set aside at the next start, and the one before it goes


class Machine:
    """All processes of one folder."""

    def __init__(self, home: Home) -> None:
        self.home = home
        python = sys.executable
        self.parts = {
            "tables": self._part("tables", [python, "-m", "infra.serve.tables"], str(home.tables)),
            "door": self._part("door", [python, "-m", "infra.serve.door"], "infra.serve.door"),
            "vault": self._part("vault", [python, "-m", "infra.serve.vault"], "infra.serve.vault"),
            "web": self._part("web", [python, *WEB], "infra.serve.web:application()"),
            "consumer": self._part(
                "consumer", [python, "-m", "infra.serve.consumer"], "infra.serve.consumer"
            ),
            "clock": self._part("clock", [python, "-m", "infra.serve.clock"], "infra.serve.clock"),
        }
        self._leash: Leash | None = None

    def _part(self, name: str, command: list[str], mark: str) -> Part:
        environment = {FOLDER: str(self.home.folder), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        return Part(name, command, self.home.folder / "logs" / f"{name}.log", environment, mark)

    def keep_only(self, names: set[str]) -> None:
        """Of what start would start."""
        self.parts = {name: part for name, part in self.parts.items() if name in names}

    def start(self) -> None:
        """Raises NotReady; nothing is left running."""
        secrets.check(self.home)
        _ = self.home.environment  # refuses settings that nobody can work with
        for port in (self.home.port, self.home.db_port):
            if not wait_until(partial(is_free, port), seconds=3):
                raise NotReady(f"端口 {port} 已被占用。请关闭占用它的程序，或在 town.env 里换一个")
        door.socket_file(self.home, "vault").unlink(missing_ok=True)  # there again means ready
        self._leash = Leash()
        try:
            for name in self.parts:
                self.start_part(name)
                if name == "tables":
                    tables.wait(self.home)
            if not wait_until(self.is_ready, seconds=SECONDS, step=0.1):
                raise NotReady(f"没有启动成功，请看 {self.home.folder / 'logs'} 里的日志")
        except BaseException:
            self.stop()
            raise

    def start_part(self, name: str) -> None:
        _set_aside(self.parts[name].log)
        self.parts[name].start()
        if self._leash:
            self._leash.hold(self.parts.values())

    def is_ready(self) -> bool:
        is_up = door.socket_file(self.home, "vault").exists() and (
            "web" not in self.parts or answers(self.home)
        )
        return is_up and all(part.is_alive() for part in self.parts.values())

    def revive(self) -> list[str]:
        """Start again what died. Answers what."""
        dead = [name for name, part in self.parts.items() if not part.is_alive()]
        for name in dead:
            self.parts[name].stop()
            self.start_part(name)
        return dead

    def stop(self) -> None:
        for name in reversed(self.parts):
            self.parts[name].stop()
        if self._leash:
            self._leash.let_go()
            self._leash = None


def answers(home: Home) -> bool:
    """Whether the web answers, if only with a refusal of its own."""
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{home.port}/api/tickets", timeout=5)
    except urllib.error.HTTPError as answer:
        return answer.code == 401
    except OSError:
        return False
    return False


def _set_aside(log: Path) -> None:
    if log.exists() and log.stat().st_size > MOST_LOG:
        log.replace(log.with_suffix(".log.1"))


def sample_town(home: Home) -> None:
    """The sample town, for a first look, unless some town is in force."""
    os.environ.update(home.environment)
    from chalicelib import clock
    from chalicelib.actions.town.importing import import_town
    from chalicelib.store.town import directory
    from infra.local.town import SAMPLE, files_of

    if directory.find_pointer() is None:
        import_town(files_of(SAMPLE), by="make serve", hand_over_to={}, now=clock.now())


def serve(home: Home, *, sample: bool) -> None:
    """Until Ctrl-C. Raises NotReady."""
    with only_one(home, "serve"):
        machine = Machine(home)
        (home.folder / "locks" / "serve.pid").write_text(str(os.getpid()))
        machine.start()
        try:
            if sample:
                sample_town(home)
                show_sign_ins()
            print(f"已启动：{home.url}（{home.folder}）。按 Ctrl-C 停止，资料都保留。", flush=True)
            while True:
                time.sleep(0.3)
                if dead := machine.revive():
                    print(f"{'、'.join(dead)} 停了，已重新启动，日志在 {home.folder / 'logs'}", flush=True)
        finally:
            machine.stop()


def slowed(milliseconds: int) -> list[str]:
    """A command under which the machine has a slow disk: every sync of every process takes so much longer."""
    syncs = "fsync,fdatasync"
    how = ["-f", "-qq", "--seccomp-bpf", "-o", "/dev/null", "-e", f"trace={syncs}"]
    return ["strace", *how, "-e", f"inject={syncs}:delay_exit={milliseconds * 1000}"]


def show_sign_ins() -> None:
    from infra.local import sign_ins

    people = sign_ins.mint()
    sign_ins.show(people)


def stop(folder: Path) -> int:
    """`make serve-stop`: ends the supervisor of a folder, and with it everything else."""
    try:
        pid = int((folder / "locks" / "serve.pid").read_text())
        home = open_home(folder)
        with only_one(home, "serve"):
            print("没有在运行")
            return 0
    except (OSError, ValueError):
        print("没有在运行")
        return 0
    except NotReady:
        os.kill(pid, signal.SIGTERM)
    gone = wait_until(lambda: not Path(f"/proc/{pid}").exists(), seconds=SECONDS)
    print("已停止" if gone else f"进程 {pid} 还没有结束，请稍后再看")
    return 0 if gone else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--new", action="store_true", help="make an empty folder into a town's, with fresh keys"
    )
    parser.add_argument(
        "--sample", action="store_true", help="with the sample town and its sign-ins, to look at"
    )
    parser.add_argument("--port", type=int, default=PORTS["PORT"])
    parser.add_argument("--db-port", type=int, default=PORTS["DB_PORT"])
    parser.add_argument(
        "--slow", type=int, default=0, help="ms that every sync takes longer, for measuring; needs strace"
    )
    parser.add_argument("--stop", action="store_true")
    parser.add_argument("--renew-keys", action="store_true", help="the machine's own signing keys anew")
    chosen = parser.parse_args()
    folder = chosen.folder.resolve()
    if chosen.slow and not os.environ.get("MSLJ_SLOW"):
        os.environ["MSLJ_SLOW"] = str(chosen.slow)
        os.execvp("strace", [*slowed(chosen.slow), sys.executable, "-m", "infra.serve.run", *sys.argv[1:]])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        if chosen.stop:
            return stop(folder)
        if chosen.renew_keys:
            secrets.renew_own(open_home(folder))
            print("机器自己的签名钥匙已更换，重新启动后生效")
            return 0
        made = (
            secrets.make(folder, port=chosen.port, db_port=chosen.db_port)
            if chosen.new
            else open_home(folder)
        )
        serve(made, sample=chosen.sample)
    except KeyboardInterrupt:
        print("\n已停止。资料都保留在文件夹里。")
    except (NotReady, EngineMissing) as trouble:
        print(f"没有启动：{trouble}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
