"""The runner: what was killed leaves nothing that the next one could meet."""

import os
import subprocess
import sys

import pytest

from campaign import record
from campaign.__main__ import LEFT_AFTER, SCRATCH, clear, clear_left, scratch_of
from campaign.checker import evidence
from campaign.segment import end_if_alone


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="processes are found in /proc")
def test_what_a_killed_segment_left_is_ended_and_removed(tmp_path):
    folder = tmp_path / "1000-250"
    folder.mkdir()
    (folder / "history.jsonl").write_text("{}")
    waits = [sys.executable, "-c", "import time; print(1, flush=True); time.sleep(600)"]
    left, other = (
        subprocess.Popen([*waits, str(of)], start_new_session=True, stdout=subprocess.PIPE)
        for of in (folder / "tables.db", tmp_path / "1001-250")
    )
    try:
        assert left.stdout.read(1) == other.stdout.read(1) == b"1"
        clear(folder)
        assert left.wait(60) == -9
        assert other.poll() is None
        assert not folder.exists()
    finally:
        for each in (left, other):
            each.kill()
            each.communicate()


def test_two_segments_never_share_what_their_engines_write(tmp_path):
    assert scratch_of(tmp_path / "1000-250") != scratch_of(tmp_path / "1001-250")
    assert scratch_of(tmp_path / "1000-250") == scratch_of(tmp_path / "1000-250")


def test_a_segment_ends_when_its_runner_is_gone(monkeypatch):
    monkeypatch.setenv(record.RUNNER, str(os.getppid()))
    end_if_alone()
    monkeypatch.setenv(record.RUNNER, str(os.getpid()))  # not the parent any more
    with pytest.raises(SystemExit):
        end_if_alone()
    monkeypatch.delenv(record.RUNNER)
    end_if_alone()  # played by hand


def test_the_record_of_what_held_is_kept_packed_and_reads_as_before(tmp_path):
    kept = record.Record(tmp_path)
    kept.note(record.HISTORY, who="resident-1", sent=2, text="楼道灯不亮")
    kept.note(record.HISTORY, who="resident-1", sent=1, text="楼道灯不亮")
    kept.say(seed=1)
    kept.close()
    before = evidence.read(tmp_path)
    record.pack(tmp_path)
    record.pack(tmp_path)  # whoever judges it again packs nothing twice
    assert not list(tmp_path.glob("*.jsonl"))
    assert evidence.read(tmp_path) == before
    assert [each["sent"] for each in before.requests] == [1, 2]


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="processes are found in /proc")
def test_what_nobody_came_back_to_is_taken_out_of_memory_an_hour_later_unless_an_engine_still_runs_there(
    tmp_path,
):
    left, runs = tmp_path / f"{SCRATCH}left", tmp_path / f"{SCRATCH}runs"
    for each in (left, runs):
        each.mkdir()
    waits = [
        sys.executable,
        "-c",
        "import time; print(1, flush=True); time.sleep(600)",
        str(runs / "tables.db"),
    ]
    engine = subprocess.Popen(waits, stdout=subprocess.PIPE)
    try:
        assert engine.stdout.read(1) == b"1"
        begun = left.stat().st_mtime
        clear_left(tmp_path, at=begun + LEFT_AFTER - 1)
        assert left.exists()
        clear_left(tmp_path, at=runs.stat().st_mtime + LEFT_AFTER + 1)
        assert [each.name for each in tmp_path.iterdir()] == [runs.name]
    finally:
        engine.kill()
        engine.communicate()
