"""`make doctor FOLDER=…`: whether a town hall's own machine is well, line by line, and what to do about what is not. Changes nothing.

Exit 1 where anything is to be done; the timer of systemd asks every hour and leaves the lines in the journal.
"""

import argparse
import os
import shutil
import socket
import ssl
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from chalicelib import logs
from infra.production.doctor import CERTIFICATE_DAYS, Said
from infra.serve import keeping, secrets
from infra.serve.home import Home, NotReady, open_home
from infra.serve.lock import is_held
from infra.serve.run import answers
from infra.serve.waiting import Executions, Messages

PROCESSES = ("door", "vault", "consumer", "clock")
LEAST_FREE = 2 * 2**30  # bytes; a year of a town's photos is some ten times as much
LATE = timedelta(minutes=3)  # of the schedules, and of a workflow
LOOKED_BACK = timedelta(hours=2)
MOST_FAILED = 200  # sign-ins in ten minutes, as infra/resources/alarms.yaml
BACKUP_EVERY = timedelta(hours=26)
SECONDS = 10
Check = Callable[[Home, Path, datetime], Iterator[Said]]


def examine(home: Home, backups: Path, now: datetime) -> Iterator[Said]:
    """Every line; a check that fails by itself is a line too, and stops no other."""
    for name, check in CHECKS.items():
        try:
            yield from check(home, backups, now)
        except Exception as fault:
            yield Said(name, False, f"没查成：{type(fault).__name__} {str(fault)[:160]}")


def keys(home: Home, _: Path, __: datetime) -> Iterator[Said]:
    try:
        secrets.check(home)
    except NotReady as trouble:
        yield Said("密钥", False, str(trouble))
        return
    yield Said("密钥", True, "都在，别的用户读不到")


def processes(home: Home, _: Path, __: datetime) -> Iterator[Said]:
    gone = [name for name in PROCESSES if not is_held(home, name)]
    gone += [] if answers(home) else ["web"]
    told = (
        f"{'、'.join(gone)} 没有在运行，请看日志：journalctl --namespace mslj -n 50" if gone else "都在运行"
    )
    yield Said("进程", not gone, told)


def schedules(home: Home, _: Path, now: datetime) -> Iterator[Said]:
    """Whether the clock rings: what runs every minute has run, and nothing waits that is due."""
    ran = Messages(home.folder).last_minute("sweep")
    fine = ran is not None and now - ran <= LATE
    yield Said("每分钟的巡检", fine, "照常" if fine else f"上一次是 {_told(ran)}，请重新启动 mslj-clock")
    due = Executions(home.folder).next_at()
    late = due is not None and now - datetime.fromtimestamp(due, UTC) > LATE
    yield Said("时限的工作流", not late, "没有迟的" if not late else "有到时没响的，请重新启动 mslj-clock")


def waiting(home: Home, _: Path, __: datetime) -> Iterator[Said]:
    counted = Messages(home.folder).counts()
    for name, number in sorted(counted.items()):
        if name.endswith("-dead"):
            yield Said(f"队列 {name}", False, f"{number} 条二十次都没做成，请看 consumer 的日志")
    failed = Executions(home.folder).counts().get("failed", 0)
    yield Said("失败的工作流", not failed, f"{failed} 个，巡检已接着响" if failed else "没有")


def sign_ins(home: Home, _: Path, now: datetime) -> Iterator[Said]:
    """As the alarm `sign-ins-failing` of AWS; two hours back, since the timer asks every hour."""
    number, at = Messages(home.folder).most_counted(logs.SIGN_IN_FAILED, (now - LOOKED_BACK).timestamp())
    if number < MOST_FAILED:
        yield Said("登录", True, f"两小时里，十分钟最多失败 {number} 次")
        return
    told = f"{_told(at)}起十分钟里失败了 {number} 次，可能有人在试登录码。每个码只能试五次，试不出来；"
    yield Said("登录", False, f"{told}请看 nginx 的日志是哪些地址，在防火墙里挡住，并问各站有没有人登不上")


def disk(home: Home, _: Path, __: datetime) -> Iterator[Said]:
    free = shutil.disk_usage(home.folder).free
    told = f"还剩 {free / 2**30:.1f} GB"
    fine = free >= LEAST_FREE
    yield Said("磁盘", fine, told if fine else f"{told}，请清理或加一块盘：写满了就收不下上报")


def backup(_: Home, backups: Path, now: datetime) -> Iterator[Said]:
    whole = keeping.wholes(backups)
    if not whole:
        yield Said("备份", False, f"{backups} 里没有完整的备份，请启用 mslj-backup.timer，或手动做一次")
        return
    age = now - keeping.taken_at(whole[-1])
    fine = age <= BACKUP_EVERY
    told = f"最近一份是 {_told(keeping.taken_at(whole[-1]))}，共 {len(whole)} 份"
    yield Said("备份", fine, told if fine else f"{told}，太旧了，请看 mslj-backup 的日志")


def address(home: Home, _: Path, now: datetime) -> Iterator[Said]:
    if not home.given.get("PUBLIC_URL"):
        yield Said("网址", False, "town.env 里还没有 PUBLIC_URL：没有它不能印点位码，别的电脑也访问不到")
        return
    host = urlsplit(home.url).hostname or ""
    context = ssl.create_default_context()
    try:
        with (
            socket.create_connection((host, 443), SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=host) as secure,
        ):
            until = ssl.cert_time_to_seconds(str((secure.getpeercert() or {})["notAfter"]))
    except (OSError, ValueError) as fault:
        yield Said("网址", False, f"{host} 连不上（{type(fault).__name__}），请检查 nginx、域名解析和证书")
        return
    left = (datetime.fromtimestamp(until, UTC) - now).days
    fine = left >= CERTIFICATE_DAYS
    yield Said(
        "证书", fine, f"{host} 还有 {left} 天" + ("" if fine else "，请换新的证书，再执行 nginx -s reload")
    )


def _told(at: datetime | None) -> str:
    return f"{at.astimezone():%m月%d日 %H:%M}" if at else "从来没有"


CHECKS: dict[str, Check] = {
    "密钥": keys,
    "进程": processes,
    "时钟": schedules,
    "队列": waiting,
    "登录": sign_ins,
    "磁盘": disk,
    "备份": backup,
    "网址": address,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--backups", type=Path, help="where the nightly backups lie; else FOLDER-backups")
    chosen = parser.parse_args()
    folder = chosen.folder.resolve()
    try:
        home = open_home(folder)
    except NotReady as trouble:
        print(trouble, file=sys.stderr)
        return 1
    os.environ.update(home.environment)
    said = list(
        examine(home, chosen.backups or folder.with_name(f"{folder.name}-backups"), datetime.now(UTC))
    )
    for line in said:
        print(line)
    return 0 if all(line.ok for line in said) else 1


if __name__ == "__main__":
    sys.exit(main())
