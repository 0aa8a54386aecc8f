"""The machine's doctor: what is not well is a line that says what to do."""

import logging
import os
import re
import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
import yaml

from chalicelib import logs
from chalicelib.actions.identity import signing_in
from chalicelib.logs import SIGN_IN_FAILED
from infra.local.place import ROOT
from infra.serve import beginning, doctor, functions, secrets, waiting
from infra.serve.beginning import Counting
from infra.serve.home import open_home
from infra.serve.lock import only_one
from infra.serve.services import Machines
from infra.serve.waiting import MOST_RECEIVED, VISIBLE_AGAIN, Messages

ALARMS = ROOT / "infra" / "resources" / "alarms.yaml"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def lines(home, backups=None, now=NOW):
    return {said.what: said for said in doctor.examine(home, backups or home.folder / "none", now)}


def begin(home, at):
    Messages(home.folder).begin_minute("sweep", int(at.timestamp() // 60))


def test_what_does_not_run_is_named(home):
    said = lines(home)["进程"]
    assert not said.ok
    assert all(name in said.text for name in ("vault", "consumer", "clock", "web"))


def test_and_what_runs_is_not(home, monkeypatch):
    monkeypatch.setattr(doctor, "answers", lambda _: True)
    monkeypatch.setattr(doctor, "is_held", lambda _, name: name != "clock")
    assert lines(home)["进程"].text.startswith("clock 没有")


def test_a_lock_is_held_as_long_as_its_process_lives(home):
    with only_one(home, "clock"):
        assert doctor.is_held(home, "clock")
    assert not doctor.is_held(home, "clock")


@pytest.mark.parametrize(("ago", "ok"), [(timedelta(minutes=3), True), (timedelta(minutes=4), False)])
def test_a_sweep_that_does_not_come_is_told(home, ago, ok):
    begin(home, NOW - ago)
    assert lines(home)["每分钟的巡检"].ok is ok


def test_a_sweep_that_never_came_is_told(home):
    assert "从来没有" in lines(home)["每分钟的巡检"].text


@pytest.mark.parametrize(("ago", "ok"), [(timedelta(minutes=3), True), (timedelta(minutes=4), False)])
def test_a_workflow_that_should_have_rung_is_told(home, ago, ok):
    at = (NOW - ago).isoformat()
    Machines(home).start_execution(stateMachineArn="escalation", name="x", input=f'{{"wake_at": "{at}"}}')
    assert lines(home)["时限的工作流"].ok is ok


def test_messages_that_were_set_aside_are_told(home):
    messages = Messages(home.folder)
    messages.put("send", ["poison"], at=0)
    for turn in range(MOST_RECEIVED + 1):
        messages.claim("send", 1, turn * VISIBLE_AGAIN)
    assert not lines(home)["队列 send-dead"].ok


def test_a_secret_that_others_may_read_is_told(home):
    assert lines(home)["密钥"].ok
    home.secrets.chmod(0o644)
    assert "chmod 600" in lines(home)["密钥"].text


@pytest.mark.parametrize(("hours", "ok"), [(26, True), (27, False)])
def test_a_backup_that_is_too_old_is_told(home, tmp_path, hours, ok):
    made = tmp_path / "backups" / (NOW - timedelta(hours=hours)).strftime("%Y%m%dT%H%M%SZ")
    made.mkdir(parents=True)
    assert not lines(home, tmp_path / "backups")["备份"].ok, "a backup without its manifest is none"
    (made / "manifest.json").write_text("{}")
    assert lines(home, tmp_path / "backups")["备份"].ok is ok


def test_a_full_disk_is_told_before_it_is_full(home, monkeypatch):
    usage = doctor.shutil.disk_usage(home.folder)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: usage._replace(free=doctor.LEAST_FREE - 1))
    assert "清理" in lines(home)["磁盘"].text


def test_an_address_that_nobody_reaches_is_told(home):
    assert "PUBLIC_URL" in lines(home)["网址"].text
    (home.folder / "town.env").write_text("PUBLIC_URL=https://mslj.invalid/\n")
    assert "连不上" in lines(open_home(home.folder))["网址"].text


def test_a_check_that_fails_by_itself_stops_no_other(home, monkeypatch):
    monkeypatch.setitem(doctor.CHECKS, "磁盘", lambda *_: 1 / 0)
    said = lines(home)
    assert "ZeroDivisionError" in said["磁盘"].text
    assert "备份" in said


def fail(home, times, ago):
    """Through the log, as the service says it."""
    handler, line = Counting(Messages(home.folder)), logging.getLogger("chalicelib").makeRecord
    for _ in range(times):
        record = line("chalicelib.x", logging.WARNING, "x.py", 1, SIGN_IN_FAILED, (), None)
        record.created = (NOW - ago).timestamp()
        handler.handle(record)


@pytest.mark.parametrize(("times", "ok"), [(199, True), (200, False)])
def test_sign_ins_that_fail_are_told_as_aws_tells_them(home, times, ok):
    fail(home, 60, timedelta(minutes=20))
    fail(home, times, timedelta(minutes=5))
    said = lines(home)["登录"]
    assert (said.ok, str(times) in said.text) == (ok, True)
    assert lines(home, now=NOW + timedelta(hours=3))["登录"].ok, "it was yesterday's"


def test_the_most_that_may_fail_and_how_it_is_counted_are_those_of_the_alarm():
    found = yaml.safe_load(re.sub(r"!\w+", "", ALARMS.read_text(encoding="utf-8")))["Resources"]
    alarm = found["SignInsFailing"]["Properties"]
    assert (alarm["Threshold"], alarm["Period"]) == (doctor.MOST_FAILED, waiting.SPAN)
    assert found["SignInsFailed"]["Properties"]["FilterPattern"] == f'"{SIGN_IN_FAILED}"'


def test_another_line_counts_nothing_and_a_count_that_fails_fails_nobody(home, monkeypatch):
    handler, line = Counting(Messages(home.folder)), logging.getLogger("chalicelib").makeRecord
    handler.handle(line("chalicelib.x", logging.WARNING, "x.py", 1, "another line", (), None))
    assert "最多失败 0 次" in lines(home)["登录"].text
    monkeypatch.setattr(Messages, "count", lambda *_: (_ for _ in ()).throw(sqlite3.OperationalError("full")))
    monkeypatch.setattr(logging, "raiseExceptions", False)
    handler.handle(line("chalicelib.x", logging.WARNING, "x.py", 1, SIGN_IN_FAILED, (), None))


def test_every_process_that_runs_functions_counts_from_its_beginning(home, monkeypatch):
    for what in ("check_town", "check_own"):
        monkeypatch.setattr(secrets, what, lambda _: None)
    monkeypatch.setattr(functions, "prepare", lambda *_, **__: None)
    monkeypatch.setattr(os, "environ", {**os.environ})
    ours = [logging.getLogger(name) for name in logs.OURS]
    before = [list(each.handlers) for each in ours]
    beginning.begin("web", home)
    try:
        signing_in.log.warning(SIGN_IN_FAILED)
    finally:
        for each, handlers in zip(ours, before, strict=True):
            each.handlers = handlers
    assert "最多失败 1 次" in lines(home, now=datetime.now(UTC))["登录"].text
