"""The local cloud behind every play at once: a whole walk over HTTP, as `make run PLAY=…` shows it."""

import os
import subprocess
import sys

import pytest

PLAY = "throttle=0.05 conflict=0.05 lag=2 twice=0.2 limits=1 lambdas=10"


@pytest.mark.local_cloud
@pytest.mark.nightly
@pytest.mark.timeout(600)
def test_a_whole_walk_behind_every_play_meets_no_surprise(place, tmp_path):
    environment = {
        **os.environ,
        "PLAY": PLAY,
        "MSLJ_HOME": str(tmp_path),
    }  # no cloud runs there: it starts its own
    command = [sys.executable, "-m", "infra.local.smoke"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✓ 居民撤回" in done.stdout


def test_a_play_that_nobody_knows_is_refused_before_anything_starts(place, tmp_path):
    environment = {**os.environ, "PLAY": "throttel=0.05", "MSLJ_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "infra.local.run"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "throttel" in done.stdout) == (1, True), done.stdout + done.stderr
