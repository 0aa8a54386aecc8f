"""The machine itself, as `make serve` starts it: the walk of the smoke test, and kills of every process while people report."""

import os
import signal
import subprocess
import sys
import time

import pytest

from infra.local import engines
from infra.local.place import ROOT
from infra.local.processes import free_port, wait_until
from infra.production import lines
from infra.serve.home import open_home
from infra.serve.run import answers
from infra.serve.trial import processes


def command(*words):
    return [sys.executable, "-m", *map(str, words)]


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    """A running machine with the sample town, and its supervisor's process."""
    if not engines.are_installed():
        pytest.skip("the engines are not installed: `make test` installs them (needs Node 20)")
    folder = tmp_path_factory.mktemp("served") / "town"
    ports = ("--port", free_port(), "--db-port", free_port())
    log = folder.with_suffix(".log")
    with log.open("w") as out:
        started = subprocess.Popen(
            command("infra.serve.run", folder, "--new", "--sample", *ports), cwd=ROOT, stdout=out, stderr=out
        )
    try:
        wait_until(lambda: "已启动" in log.read_text() or started.poll() is not None, seconds=90, step=0.2)
        assert "已启动" in log.read_text(), log.read_text()
        yield open_home(folder), started
    finally:
        started.terminate()
        started.wait(60)
    assert processes(open_home(folder)) == {}, "nothing outlives its supervisor"


def trial(home, *words):
    done = subprocess.run(
        command("infra.serve.trial", home.folder, *words),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    return done.stdout


def test_a_ticket_goes_from_scan_to_close_and_every_refusal_is_as_on_aws(machine):
    assert "没有遗漏，没有重复" in trial(machine[0], "--walk", "--reports", "0")


def test_after_a_kill_of_every_process_at_once_all_goes_on(machine):
    home, _ = machine
    trial(home, "--reports", "2")
    killed = processes(home)
    assert set(killed.values()) >= {"tables", "door", "vault", "web", "consumer", "clock"}
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    time.sleep(0.5)
    trial(home, "--reports", "2", "--seed", "2")
    assert not set(processes(home)) & set(killed)


@pytest.mark.nightly
def test_the_checker_of_the_campaign_finds_nothing_wrong_with_what_it_did(machine, tmp_path):
    """The same claims, of real processes that are killed."""
    words = (machine[0].folder, tmp_path / "record", "--reports", "60", "--kill", "5", "--first", "7000")
    done = subprocess.run(
        command("campaign.served", *words), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]


@pytest.mark.nightly
def test_alarms_that_are_due_at_one_instant_all_ring(machine):
    words = (machine[0].folder, "--tickets", "20", "--lead", "60")
    done = subprocess.run(
        command("infra.serve.alarms_trial", *words), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "响了 20 个" in done.stdout, done.stdout + done.stderr[-2000:]


@pytest.mark.nightly
def test_kills_while_people_report_lose_nothing_and_repeat_nothing(machine):
    told = trial(machine[0], "--reports", "150", "--kill", "5", "--seed", "3")
    assert "强行杀掉" in told


@pytest.mark.nightly
def test_a_backup_comes_back_whole_in_another_folder(machine, tmp_path):
    home, _ = machine
    trial(home, "--reports", "4", "--seed", "4")
    kept, again = tmp_path / "kept", tmp_path / "again"
    keeping("backup", home.folder, kept)
    [made] = kept.iterdir()
    keeping("restore", tmp_path / "new", made, "--port", free_port(), "--db-port", free_port())
    new = open_home(tmp_path / "new")
    started = subprocess.Popen(command("infra.serve.run", new.folder), cwd=ROOT)
    try:
        assert wait_until(lambda: answers(new), seconds=60, step=0.2)
        trial(new, "--reports", "1", "--seed", "5")
        keeping("backup", new.folder, again)
    finally:
        started.terminate()
        started.wait(60)
    before, after = (next(folder.iterdir()) for folder in (kept, again))
    for name in ("tickets", "identities"):
        assert keys_of(before, name) <= keys_of(after, name)
    for photo in (before / "photos").iterdir():
        assert (after / "photos" / photo.name).read_bytes() == photo.read_bytes()


def keeping(*words):
    done = subprocess.run(
        command("infra.serve.keeping", *words), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def keys_of(folder, name):
    items = map(lines.item_of, lines.read(folder / f"{name}.jsonl.gz"))
    return {(item["PK"]["S"], item["SK"]["S"]) for item in items}


def test_everything_listens_on_this_machine_alone(machine):
    home, _ = machine
    listening = subprocess.run(["cat", "/proc/net/tcp"], capture_output=True, text=True, check=True).stdout
    ours = {f"{port:04X}" for port in (home.port, home.db_port)}
    rows = [line.split() for line in listening.splitlines()[1:]]
    addresses = [row[1].split(":") for row in rows if row[3] == "0A" and row[1].split(":")[1] in ours]
    assert {port for _, port in addresses} == ours
    assert {address for address, _ in addresses} == {"0100007F"}


def test_a_second_start_of_the_same_folder_is_refused(machine):
    home, _ = machine
    done = subprocess.run(
        command("infra.serve.run", home.folder), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "已经在运行" in done.stderr
