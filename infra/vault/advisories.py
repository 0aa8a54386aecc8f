"""`make audit`: known weaknesses of what the locks pin; where no registry answers advisories, how old the locks are.

Exit 1 for a known weakness, and for a lock that nobody renewed for ninety days.
"""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.txt", "requirements-dev.txt", "clients/package-lock.json")
OLDEST = timedelta(days=90)
SECONDS = 120
ASKED = {
    "requirements.txt": [sys.executable, "-m", "pip_audit", "-r", "requirements.txt"],
    "clients/package-lock.json": ["npm", "--prefix", "clients", "audit", "--omit=dev"],
}
FOUND_NONE = ("No known vulnerabilities found", "found 0 vulnerabilities")
FOUND_SOME = ("known vulnerabilit", "Severity:")


def answer_of(command: list[str]) -> str:
    """What a registry says; "" where none answers, or the tool is not there."""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    said = done.stdout + done.stderr
    return said if any(sign in said for sign in FOUND_NONE + FOUND_SOME) else ""


def judged(said: str, age: timedelta) -> tuple[bool, str]:
    """Whether a lock may stay as it is, and why."""
    if any(sign in said for sign in FOUND_NONE):
        return True, "没有已知漏洞"
    if said:
        return False, f"有已知漏洞，请升级：\n{said.strip()}"
    old = f"没有登记处回答漏洞公告；上次更新在 {age.days} 天前"
    return age <= OLDEST, old if age <= OLDEST else f"{old}，超过 {OLDEST.days} 天，请更新依赖"


def age_of(lock: str, now: datetime) -> timedelta:
    """Since the lock's last commit; of one that was never committed, since it was written."""
    asked = ["git", "log", "-1", "--format=%ct", "--", lock]
    said = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    at = float(said) if said else (ROOT / lock).stat().st_mtime
    return now - datetime.fromtimestamp(at, UTC)


def main() -> int:
    fine = True
    for lock in (lock for lock in LOCKS if (ROOT / lock).exists()):
        command = ASKED.get(lock)
        good, why = judged(answer_of(command) if command else "", age_of(lock, datetime.now(UTC)))
        print(f"{'✓' if good else '✗'} {lock}：{why}")
        fine = fine and good
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
