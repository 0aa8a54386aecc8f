"""The machine's secrets: files for the service's own user alone. A start without them is refused, never patched over.

A new identity key beside old tables would orphan every reporter: so keys are made for an empty folder only, on request.
"""

import json
import os
import secrets
import stat
from pathlib import Path

from infra.serve.functions import process
from infra.serve.home import SECRETS, Home, NotReady, open_home

SHORTEST = 32  # characters of a key, as chalicelib/gateways/secrets.py asks
# Of the town for good; a backup takes them along. By the first phones lead to people: only the vault has it.
OF_THE_VAULT, OF_THE_TOWN = ("identity_key",), ("slip_key",)
AT_THE_VAULT = ("web", "consumer", "clock", "keeper")  # who is known there, each by a key of its own
OWN_KEYS = ("files", *(f"vault_{name}" for name in AT_THE_VAULT))
_TOWN = """# 本镇的设置，一行一项，名称=值，不加引号。改过之后重新启动才生效。说明：docs/serving.zh.md
# PUBLIC_URL=https://mslj.example.cn/
PORT={port}
DB_PORT={db_port}
"""


def make(folder: Path, *, port: int, db_port: int) -> Home:
    """A new town's folder with fresh keys. Raises NotReady for one that holds anything already."""
    if folder.exists() and any(folder.iterdir()):
        raise NotReady(f"{folder} 里已有内容，没有新建。要继续用它，请去掉 NEW=1；要新建，请换一个空文件夹")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o750)  # the vault's user is of the group
    for shared in ("locks", "run", "files"):
        (folder / shared).mkdir()
        (folder / shared).chmod(0o770)
    (folder / "vault").mkdir(mode=0o700)
    write(folder / "vault" / "secrets.json", {name: secrets.token_urlsafe(48) for name in OF_THE_VAULT})
    write(folder / "secrets.json", {name: secrets.token_urlsafe(48) for name in OF_THE_TOWN})
    _make_own(folder)
    (folder / "town.env").write_text(_TOWN.format(port=port, db_port=db_port), encoding="utf-8")
    return open_home(folder)


def write(file: Path, held: dict[str, str]) -> None:
    """The file whole or as it was, and never readable by anybody else, not even for a moment."""
    fresh = file.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(held, out)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)


def check(home: Home) -> None:
    """Raises NotReady where a secret is missing, too short, or readable by others."""
    check_town(home)
    ours, at_the_vault = check_own(home), check_vault(home)
    if odd := [name for name in AT_THE_VAULT if at_the_vault[name] != ours[f"vault_{name}"]]:
        raise NotReady(f"{home.keys} 和保险箱的不一致（{'、'.join(odd)}），没有启动。{_anew(home)}")


def check_own(home: Home) -> dict[str, str]:
    """What every process but the vault signs with and is known by."""
    ours = read(home.keys)
    if missing := [name for name in OWN_KEYS if len(ours.get(name, "")) < SHORTEST]:
        raise NotReady(
            f"{home.keys} 里没有 {'、'.join(missing)}，没有启动：照片的链接没有签名，谁都能改，"
            f"保险箱也认不出谁是谁。{_anew(home)}"
        )
    return ours


def check_vault(home: Home) -> dict[str, str]:
    """What the vault knows others by, and the town's secret that it alone has."""
    _need(vault_secrets(home), OF_THE_VAULT)
    file = home.folder / "vault" / "keys.json"
    held = read(file)
    if missing := [name for name in AT_THE_VAULT if len(held.get(name, "")) < SHORTEST]:
        raise NotReady(f"{file} 里没有 {'、'.join(missing)}，没有启动：保险箱认不出谁是谁。{_anew(home)}")
    return held


def check_town(home: Home) -> None:
    """What every process but the vault reads of the town's."""
    _need(home.secrets, OF_THE_TOWN)


def _need(file: Path, names: tuple[str, ...]) -> None:
    held = read(file)
    if missing := [name for name in names if len(held.get(name, "")) < SHORTEST]:
        raise NotReady(
            f"{file} 里没有 {'、'.join(missing)}，没有启动。它丢了，以前的上报人和小票就都对不上了："
            "请从备份恢复（make serve-restore FOLDER=新文件夹 FROM=备份文件夹），不要新造一个"
        )


def _anew(home: Home) -> str:
    return f"请执行 make serve-keys FOLDER={home.folder}（只换机器自己的签名钥匙，资料不受影响）"


def renew_own(home: Home) -> None:
    """The machine's own keys anew: links that are out end, nothing else changes."""
    _make_own(home.folder)


def _make_own(folder: Path) -> None:
    """The vault holds a copy of those that it knows others by: first its own, so that a kill in between locks out, never in."""
    made = {name: secrets.token_urlsafe(48) for name in OWN_KEYS}
    write(folder / "vault" / "keys.json", {name: made[f"vault_{name}"] for name in AT_THE_VAULT})
    write(folder / "keys.json", made)


def read(file: Path) -> dict[str, str]:
    """{} for a file that is not there. Raises NotReady for one that others may read, or that is no JSON object of texts."""
    try:
        mode = file.stat().st_mode
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except PermissionError:
        raise NotReady(f"{file} 不归当前用户，读不了。请用服务自己的用户启动") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise NotReady(f"{file} 别的用户也能读，没有启动。请执行 chmod 600 {file}")
    try:
        held = json.loads(text)
    except ValueError:
        held = None
    if not isinstance(held, dict) or not all(isinstance(value, str) for value in held.values()):
        raise NotReady(f"{file} 已损坏，没有启动，请从备份恢复")
    return held


def parameter(home: Home, name: str) -> str:
    """What SSM would answer. Raises KeyError for what is not there, or not for this process."""
    path, _, one = name.rpartition("/")
    if path != SECRETS or (one in OF_THE_VAULT and process() not in ("vault", "keeper")):
        raise KeyError(name)
    return read(_file(home, one))[one]


def set_parameter(home: Home, name: str, value: str) -> None:
    """For `restore`, which brings the backup's. Raises KeyError for a name that is none of ours."""
    path, _, one = name.rpartition("/")
    if path != SECRETS:
        raise KeyError(name)
    write(_file(home, one), read(_file(home, one)) | {one: value})


def names(home: Home) -> list[str]:
    return sorted(f"{SECRETS}/{one}" for file in (home.secrets, vault_secrets(home)) for one in read(file))


def vault_secrets(home: Home) -> Path:
    return home.folder / "vault" / "secrets.json"


def _file(home: Home, one: str) -> Path:
    return vault_secrets(home) if one in OF_THE_VAULT else home.secrets
