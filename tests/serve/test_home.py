"""Whether the machine starts: never without its secrets, without signatures, or in clear where others may listen."""

import json
import os
import stat

import pytest

from infra.serve import secrets
from infra.serve.home import NotReady, open_home


def say(home, text):
    (home.folder / "town.env").write_text(text, encoding="utf-8")
    return open_home(home.folder)


@pytest.mark.parametrize("name", ["secrets.json", "keys.json"])
def test_the_vault_checks_what_is_its_own(home, name):
    secrets.check_vault(home)
    (home.folder / "vault" / name).unlink()
    with pytest.raises(NotReady, match="没有启动"):
        secrets.check_vault(home)


def test_keys_that_the_vault_does_not_know_are_refused(home):
    secrets.write(home.keys, secrets.read(home.keys) | {"vault_web": "x" * 40})
    with pytest.raises(NotReady, match="不一致"):
        secrets.check(home)


def test_no_process_starts_without_secrets(home, monkeypatch, capsys):
    from infra.serve import clock, consumer, vault, web

    monkeypatch.setenv("MSLJ_SERVED", str(home.folder))
    for file in (home.secrets, home.folder / "vault" / "secrets.json"):
        file.unlink()
    for process in (clock, consumer, vault):
        assert process.main() == 1
        assert "从备份恢复" in capsys.readouterr().out
    with pytest.raises(NotReady, match="从备份恢复"):
        web.application()


def test_a_new_folder_has_secrets_that_its_user_alone_may_read(home):
    secrets.check(home)
    for file in (home.secrets, home.keys):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.folder.stat().st_mode) == 0o750
    assert stat.S_IMODE((home.folder / "vault").stat().st_mode) == 0o700


def test_every_folder_has_keys_of_its_own(home, tmp_path):
    other = secrets.make(tmp_path / "other", port=18080, db_port=18010)
    assert not set(secrets.read(home.secrets).values()) & set(secrets.read(other.secrets).values())
    assert not set(secrets.read(home.keys).values()) & set(secrets.read(other.keys).values())


def test_a_folder_that_holds_anything_is_never_made_anew(home):
    with pytest.raises(NotReady, match="NEW=1"):
        secrets.make(home.folder, port=18080, db_port=18010)


def test_a_folder_without_a_town_says_how_to_begin(tmp_path):
    with pytest.raises(NotReady, match="NEW=1"):
        open_home(tmp_path)


@pytest.mark.parametrize("name", ["identity_key", "slip_key"])
@pytest.mark.parametrize("length", [None, 0, 31])
def test_a_start_without_the_towns_own_keys_is_refused_and_names_the_backup(home, name, length):
    file = home.secrets if name == "slip_key" else home.folder / "vault" / "secrets.json"
    file.unlink()
    if length is not None:
        secrets.write(file, {name: "x" * length})
    with pytest.raises(NotReady, match="从备份恢复"):
        secrets.check(home)


@pytest.mark.parametrize("held", [None, {}, {"files": "x" * 31}])
def test_a_start_that_could_not_sign_is_refused_and_says_what_to_do(home, held):
    home.keys.unlink()
    if held is not None:
        secrets.write(home.keys, held)
    with pytest.raises(NotReady, match="make serve-keys"):
        secrets.check(home)
    secrets.renew_own(home)
    secrets.check(home)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
@pytest.mark.parametrize("name", ["secrets.json", "keys.json"])
def test_a_secret_that_others_may_read_is_refused(home, name, mode):
    (home.folder / name).chmod(mode)
    with pytest.raises(NotReady, match="chmod 600"):
        secrets.check(home)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"slip_key": 3}'])
def test_a_broken_secret_is_refused(home, text):
    home.secrets.write_text(text)
    with pytest.raises(NotReady, match="损坏"):
        secrets.check(home)


def test_a_secret_is_never_readable_by_others_even_while_it_is_written(home, monkeypatch):
    seen = []
    monkeypatch.setattr(os, "fsync", lambda out: seen.append(stat.S_IMODE(os.fstat(out).st_mode)))
    os.umask(os.umask(0))  # whatever the umask is
    secrets.write(home.secrets, {"slip_key": "y" * 40})
    assert seen == [0o600]
    assert json.loads(home.secrets.read_text()) == {"slip_key": "y" * 40}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("PUBLIC_URL=http://mslj.example.cn/", "https"),
        ("PUBLIC_URL=https://mslj.example.cn", "斜线"),
        ("PUBLIC_URL=https://mslj.example.cn/v1/", "域名的根"),
        ("PUBLIC_URL=mslj.example.cn/", "斜线"),
        ("TICKETS_TABLE=other", "TICKETS_TABLE"),
        ("SHELVES=8", "SHELVES"),
        ("AWS_SECRET_ACCESS_KEY=x", "AWS_SECRET_ACCESS_KEY"),
        ("PUBLIC_URL='https://mslj.example.cn/'", "引号"),
        ("export PORT=8080", "看不懂"),
        ("PORT=80", "1024"),
        ("PORT=x", "1024"),
    ],
)
def test_a_setting_that_cannot_hold_is_refused_when_it_is_read(home, line, why):
    with pytest.raises(NotReady, match=why):
        say(home, line)


def test_a_setting_that_the_service_refuses_is_told_before_anything_starts(home):
    with pytest.raises(NotReady, match="TRUSTED_PROXIES"):
        _ = say(home, "TRUSTED_PROXIES=0.0.0.0/0").environment


def test_what_the_town_decides_reaches_the_functions(home):
    found = say(home, "# 注释\nPUBLIC_URL=https://mslj.example.cn/\nKEEP_CASE_DAYS=900\n").environment
    assert found["PUBLIC_URL"] == "https://mslj.example.cn/"
    assert found["S3_PUBLIC_ENDPOINT"] == "https://mslj.example.cn/files"
    assert found["KEEP_CASE_DAYS"] == "900"
    assert "PORT" not in found
