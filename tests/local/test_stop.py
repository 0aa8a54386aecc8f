"""`make stop` ends a cloud however it was started, and what is left of one whose supervisor died."""

import json
import subprocess
import sys
import threading

import pytest

from infra.local.place import Place
from tests.local.commands import stop

SLEEPER = "import signal, sys, time; signal.signal(signal.SIGINT, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


@pytest.fixture
def sleeper():
    """A process that a shell put in the background: Ctrl-C's signal does not reach it."""
    process = subprocess.Popen(
        [sys.executable, "-c", SLEEPER, "a-mark-of-its-own"], stdout=subprocess.PIPE, start_new_session=True
    )
    process.stdout.readline()
    threading.Thread(target=process.wait, daemon=True).start()  # as its parent would, or it stays a zombie
    yield process
    process.kill()
    process.wait()


def noted(home, *, pid, parts):
    (home / "run.json").write_text(json.dumps({"pid": pid, "parts": parts}))
    return Place(home=home)


def test_a_cloud_that_a_script_started_in_the_background_is_ended(sleeper, tmp_path):
    done = stop(noted(tmp_path, pid=sleeper.pid, parts={}))
    assert (done.returncode, sleeper.wait(5)) == (0, -15)


def test_what_a_dead_supervisor_left_is_ended_and_named(sleeper, tmp_path):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    parts = {"db": {"pid": sleeper.pid, "mark": "a-mark-of-its-own"}}
    done = stop(noted(tmp_path, pid=gone.pid, parts=parts))
    assert (done.returncode, sleeper.wait(5)) == (0, -9)
    assert "db" in done.stdout
    assert not (tmp_path / "run.json").exists()


def test_a_process_that_took_over_a_number_is_left_alone(sleeper, tmp_path):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    stop(noted(tmp_path, pid=gone.pid, parts={"db": {"pid": sleeper.pid, "mark": "dynoxide"}}))
    assert sleeper.poll() is None


def test_where_nothing_runs_it_says_so(tmp_path):
    done = stop(Place(home=tmp_path))
    assert (done.returncode, "没有运行" in done.stdout) == (0, True)
