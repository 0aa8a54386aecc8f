"""The engines end with their supervisor, however it ends; nothing else does."""

import signal
import subprocess
import sys

import pytest

from infra.local.place import ROOT
from infra.local.processes import Part, wait_until
from infra.local.running import is_alive

SUPERVISOR = """
import sys, time
from pathlib import Path
from infra.local.leash import Leash
from infra.local.processes import Part
leash, home = Leash(), Path(sys.argv[1])
sleeper = [sys.executable, "-c", "import time; time.sleep(60)", "a-mark-of-its-own"]
parts = [Part(name, sleeper, home / name, {}, mark="a-mark-of-its-own") for name in ("kept", "stopped")]
for part in parts:
    part.start()
    leash.hold(parts)
print(parts[0].pid, parts[1].pid, flush=True)
sys.stdin.readline()
parts[1].stop()
leash.hold(parts[:1])
print("ready", flush=True)
sys.stdin.readline()
parts[0].stop()
leash.let_go()
"""


@pytest.fixture
def supervisor(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.kill()
    process.wait()


def test_what_a_killed_supervisor_leaves_ends_by_itself(supervisor):
    kept, stopped = map(int, supervisor.stdout.readline().split())
    supervisor.stdin.write("\n")
    supervisor.stdin.flush()
    assert supervisor.stdout.readline() == "ready\n"
    assert (is_alive(kept), is_alive(stopped)) == (True, False)
    supervisor.send_signal(signal.SIGKILL)
    assert wait_until(lambda: not is_alive(kept), seconds=10)


def test_a_supervisor_that_ends_well_waits_for_nobody(supervisor):
    supervisor.stdout.readline()
    supervisor.communicate("\n\n", timeout=20)
    assert supervisor.returncode == 0


def test_a_part_that_never_ran_is_not_held(tmp_path):
    from infra.local.leash import Leash

    leash = Leash()
    leash.hold([Part("db", ["true"], tmp_path / "log", {}, mark="true")])
    leash.let_go()
