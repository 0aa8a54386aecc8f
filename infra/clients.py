"""Builds what people see: clients/ into chalicelib/web/clients/, which goes into the deployment's zip.

`python -m infra.clients` builds what changed since the last time. Nothing is committed of what it makes, and nothing
is built twice: the digest of the sources lies beside the result. Node is needed only where something has to be built.
"""

import fcntl
import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCES = {
    "browser": ("browser", "build", "miniprogram"),
    "desk": ("desk",),
}  # what each is made of, below clients/
TOOLS = ("package.json", "package-lock.json")
LEFT_OUT = {"node_modules", "dist", "private"}
STAMP = "sources.sha256"
OLDEST_NODE = (20, 19)


class NotBuilt(Exception):
    """The clients could not be built. Says what a person can do."""


def build(root: Path = ROOT) -> list[str]:
    """Build what is not up to date; the names of what was built. Raises NotBuilt; the last build then stays in place.

    Not safe against itself: the caller holds `one_build_at_a_time`.
    """
    wanted = [name for name in SOURCES if _is_there(root, name) and not is_up_to_date(root, name)]
    if wanted:
        _install(root)
    for name in wanted:
        _build(root, name)
    return wanted


@contextmanager
def one_build_at_a_time(root: Path = ROOT) -> Iterator[None]:
    """Also for the package, which reads what is built here."""
    (root / ".local").mkdir(exist_ok=True)
    with (root / ".local" / "build.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def is_up_to_date(root: Path, name: str) -> bool:
    stamp = folder(root, name) / STAMP
    return stamp.exists() and stamp.read_text(encoding="utf-8") == digest(root, name)


def folder(root: Path, name: str) -> Path:
    """Where the built files of a client lie."""
    return root / "chalicelib" / "web" / "clients" / name


def digest(root: Path, name: str) -> str:
    """One digest of everything a client is made of: names and contents."""
    whole = hashlib.sha256()
    for file in _files(root / "clients", (*SOURCES[name], *TOOLS)):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        whole.update(f"{file.relative_to(root).as_posix()} {content}\n".encode())
    return whole.hexdigest()


def is_installed(root: Path = ROOT) -> bool:
    """Whether node_modules holds what the lock file asks for, by npm's own note of what it installed."""
    try:
        locked = json.loads((root / "clients" / "package-lock.json").read_text())["packages"]
        there = json.loads((root / "clients" / "node_modules" / ".package-lock.json").read_text())["packages"]
    except OSError:
        return False
    return all(
        there.get(path, {}).get("version") == package["version"]
        for path, package in locked.items()
        if path and not package.get("optional") and not package.get("peer")
    )


def _is_there(root: Path, name: str) -> bool:
    return (root / "clients" / name / "index.html").exists()


def _files(home: Path, parts: tuple[str, ...]) -> Iterator[Path]:
    for part in parts:
        if (home / part).is_file():
            yield home / part
            continue
        for file in sorted((home / part).rglob("*")):
            if file.is_file() and not LEFT_OUT & set(file.relative_to(home).parts):
                yield file


def _install(root: Path) -> None:
    _check_node()
    if not is_installed(root):
        print("安装网页的构建工具（只在依赖变化后）…", flush=True)
        _npm(root, "ci", "--no-audit", "--no-fund", trouble="无法安装网页的构建工具，请检查网络后重试")


def _build(root: Path, name: str) -> None:
    print(f"构建网页 {name}…", flush=True)
    target = folder(root, name)
    fresh = target.with_name(f"{name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    of = digest(root, name)  # before: what changes while it is built is built again
    _npm(root, "run", f"build:{name}", "--", "--outDir", str(fresh), trouble=f"网页 {name} 构建失败")
    (fresh / STAMP).write_text(of, encoding="utf-8")
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def _check_node() -> None:
    node = shutil.which("node")
    said = (
        subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        if node
        else ""
    )
    found = tuple(int(part) for part in re.findall(r"\d+", said)[:2])
    if found < OLDEST_NODE or not shutil.which("npm"):
        has = f"现有 {said.strip()}" if found else "没有找到 Node.js"
        raise NotBuilt(f"构建网页需要 Node.js 20.19 或更新版本（{has}），请安装后重试")


def _npm(root: Path, *arguments: str, trouble: str) -> None:
    command = ["npm", "--prefix", str(root / "clients"), *arguments]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotBuilt(f"{trouble}：\n{done.stdout[-3000:]}{done.stderr[-3000:]}")


def main() -> int:
    try:
        with one_build_at_a_time():
            built = build()
    except NotBuilt as trouble:
        print(trouble)
        return 1
    print(f"已构建：{'、'.join(built)}" if built else "网页没有变化")
    return 0


if __name__ == "__main__":
    sys.exit(main())
