"""The two engines, installed once: ministack in its own virtual environment (it pins botocore), dynoxide from npm.

`python -m infra.local.engines` installs what is missing and prints where it is.
"""

import base64
import hashlib
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from infra.local import fit
from infra.local.place import ENGINES, ROOT

# boto3 is what the Lambda runtime has; the SAM translator is what CloudFormation itself applies to a template.
MINISTACK = ("ministack==1.5.33", "boto3==1.43.106", "aws-sam-translator==1.115.0")
DYNOXIDE = "1.2.1"
# sha512 of the npm package, as the registry states it; only platforms whose package was checked are here.
DYNOXIDE_INTEGRITY = {
    "linux-x64": "sBHqlxJ9ANkLluFkYRfd5r8Y0ApFew4FhOrlhgRAgD4XzEoFOukEo1nuBTQ1+jTtofqwn4NWQ2k0Tn5mNTjgUg==",
}


class EngineMissing(Exception):
    """An engine is not there and could not be installed. Says what a person can do."""


def ministack() -> Path:
    """The Python of ministack's own environment; the Lambdas run in it too. Made at first use."""
    home = ENGINES / "ministack"
    python = home / "bin" / "python"
    mark = home / "installed"
    packages = MINISTACK if fit.is_native() else (*MINISTACK, "-r", str(ROOT / "requirements.txt"))
    wanted = " ".join((*packages, platform.python_version()))
    if not (python.exists() and mark.exists() and mark.read_text() == wanted):
        print("安装 ministack（只需一次）…", flush=True)
        shutil.rmtree(home, ignore_errors=True)
        _run([sys.executable, "-m", "venv", str(home)], "无法建立 ministack 的虚拟环境")
        _run([str(python), "-m", "pip", "install", "-q", *packages], "无法安装 ministack，请检查网络后重试")
        mark.write_text(wanted)
    return python


def dynoxide() -> Path:
    """The dynoxide binary: installed here, or one on PATH, or fetched from npm and checked against its pinned hash."""
    kept = ENGINES / f"dynoxide-{DYNOXIDE}"
    if kept.exists():
        return kept
    if found := shutil.which("dynoxide"):
        return Path(found)
    name = _platform()
    if name not in DYNOXIDE_INTEGRITY:
        raise EngineMissing(
            f"npm 上没有 {name} 的 dynoxide，请自行安装 dynoxide {DYNOXIDE} 并放到 PATH 中，再重新运行"
        )
    print("下载 dynoxide（只需一次）…", flush=True)
    ENGINES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=ENGINES) as folder:
        binary = unpack(_fetch(name, Path(folder)), DYNOXIDE_INTEGRITY[name], Path(folder))
        binary.chmod(0o755)
        binary.replace(kept)
    return kept


def are_installed() -> bool:
    """Whether both engines can start without downloading anything; tests that need them skip otherwise."""
    has_dynoxide = (ENGINES / f"dynoxide-{DYNOXIDE}").exists() or shutil.which("dynoxide")
    return bool(has_dynoxide) and (ENGINES / "ministack" / "installed").exists()


def unpack(package: Path, integrity: str, folder: Path) -> Path:
    """The binary inside an npm package, taken out into `folder`. Raises EngineMissing when the hash differs."""
    digest = base64.b64encode(hashlib.sha512(package.read_bytes()).digest()).decode()
    if digest != integrity:
        raise EngineMissing(f"{package.name} 的校验值不符，可能被篡改或下载不完整，未使用")
    with tarfile.open(package) as archive:
        archive.extract("package/dynoxide", folder, filter="data")
    return folder / "package" / "dynoxide"


def _platform() -> str:
    machine = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}.get(
        platform.machine().lower(), platform.machine()
    )
    return f"{platform.system().lower()}-{machine}"


def _fetch(name: str, folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise EngineMissing("没有找到 npm，请先安装 Node.js 20 或更新版本")
    _run(
        [npm, "pack", f"@dynoxide/{name}@{DYNOXIDE}", "--silent", "--pack-destination", str(folder)],
        "无法下载 dynoxide",
    )
    return next(folder.glob("*.tgz"))


def _run(command: list[str], trouble: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise EngineMissing(f"{trouble}：\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    print(ministack(), dynoxide(), sep="\n")
