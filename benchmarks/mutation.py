"""`make mutate [WING=clocks] [SAMPLE=150] [SEED=1]`: how many small faults in `chalicelib/domain` the pure tests notice.

mutmut writes every mutant of a wing into a copy of the project (.local/mutation/WING) and runs those of the wing's own
tests that reach it: what only a test elsewhere would notice counts as survived, so a share is a lower bound. SAMPLE of
them are drawn by SEED; an ended run is read again, an interrupted one goes on. A mutant that no test reaches survived. What survived stands in `survivors.diff` beside the copy, to be read: each is
a missing test, or means the same as the original. `benchmarks/mutation.md` says what was read when.
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Iterable
from math import sqrt
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOMAIN = ROOT / "chalicelib" / "domain"
WORK = ROOT / ".local" / "mutation"
KILLED = {1, 3}  # pytest's codes: a test failed; collecting or importing failed
SLOW = {-24, 24, 36, 152, 255}  # its codes for a mutant that ran out of time: noticed, as a hanging test is
BESIDE = {"clocks": ("acts",), "parties": ("acts",)}  # whose meaning lies in what the acts make of them
NO_SUCH = "no.such.mutant"  # mutmut writes all mutants down before it looks for the named ones
Z = 1.96  # the 95 % interval

CONFIG = """

[tool.mutmut]
source_paths = ["chalicelib"]
only_mutate = ["chalicelib/domain/{wing}/*"]
also_copy = {copied}
pytest_add_cli_args = ["-p", "no:cacheprovider"]
process_isolation = "forkserver"
pytest_add_cli_args_test_selection = {tests}
"""


def wings() -> list[str]:
    return sorted(each.name for each in DOMAIN.iterdir() if (each / "__init__.py").exists())


def tests_of(wing: str) -> list[str]:
    return [f"tests/domain/{name}" for name in (wing, *BESIDE.get(wing, ()))]


def copied(wing: str) -> Path:
    """A copy of what git knows of the project, with the clients that were built, set up for one wing."""
    to = WORK / wing
    known = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    for name in filter(None, known.split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)
    shutil.copytree(ROOT / "chalicelib/web/clients", to / "chalicelib/web/clients", dirs_exist_ok=True)
    others = sorted(
        {name.split("/")[0] for name in known.split("\0") if name} - {"chalicelib", "tests", "pyproject.toml"}
    )
    with (to / "pyproject.toml").open("a", encoding="utf-8") as config:
        config.write(CONFIG.format(wing=wing, copied=json.dumps(others), tests=json.dumps(tests_of(wing))))
    return to


def mutmut(at: Path, *words: str, heard: bool = True) -> str:
    out = None if heard else subprocess.PIPE
    ran = subprocess.run(
        [sys.executable, "-m", "mutmut", *words],
        cwd=at,
        stdout=out,
        stderr=None if heard else out,
        text=True,
        check=False,
    )
    return ran.stdout or ""


def outcomes(at: Path) -> dict[str, int | None]:
    """The exit code of every mutant by its name; None: not run."""
    found: dict[str, int | None] = {}
    for meta in sorted((at / "mutants").rglob("*.py.meta")):
        found |= json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def drawn(names: Iterable[str], size: int, seed: int) -> list[str]:
    ordered = sorted(names)
    return sorted(random.Random(seed).sample(ordered, min(size, len(ordered))))


def is_noticed(code: int | None) -> bool:
    """Raises ValueError for a code that says neither: a run that was stopped is no verdict."""
    if code in KILLED or code in SLOW:
        return True
    if code in (0, 5, 33):  # tests passed; no tests were collected; none reaches it
        return False
    raise ValueError(f"mutmut 返回了未知结果 {code}，请重新运行这一部分")


def interval(noticed: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share, from 0 to 1."""
    share, n = noticed / of, of
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def measured(wing: str, size: int, seed: int) -> str:
    """One line of the table; raises SystemExit where mutmut wrote no mutants."""
    at = WORK / wing
    if not (at / "mutants").exists():
        mutmut(copied(wing), "run", NO_SUCH, heard=False)
    names = drawn(outcomes(at), size, seed)
    if not names:
        raise SystemExit(f"{wing}：没有得到变异体，请在 {at} 运行 {sys.executable} -m mutmut run 查看原因")
    if any(outcomes(at)[name] is None for name in names):
        mutmut(at, "run", *names)
    codes = outcomes(at)
    if all(codes[name] is None for name in names):
        raise SystemExit(
            f"{wing}：没有变异时测试就没有通过，请先看 {at}/mutants 里的测试，再加 AFRESH=1 重来"
        )
    alive = [name for name in names if not is_noticed(codes[name])]
    (at / "survivors.diff").write_text(
        "\n".join(f"# {name}\n{mutmut(at, 'show', name, heard=False)}" for name in alive), encoding="utf-8"
    )
    noticed = len(names) - len(alive)
    low, high = interval(noticed, len(names))
    share = noticed / len(names)
    return f"| {wing} | {len(codes)} | {len(names)} | {noticed} | {share:.0%} | {low:.0%}–{high:.0%} |"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("wings", nargs="*")
    asked.add_argument("--sample", type=int, default=150)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--afresh", action="store_true", help="forget earlier runs")
    given = asked.parse_args()
    if unknown := set(given.wings) - set(wings()):
        raise SystemExit(f"没有这个部分：{'、'.join(sorted(unknown))}。可选：{'、'.join(wings())}")
    lines = []
    for wing in given.wings or wings():
        if given.afresh:
            shutil.rmtree(WORK / wing, ignore_errors=True)
        lines.append(measured(wing, given.sample, given.seed))
        print(lines[-1])
    print(
        "\n| wing | mutants | drawn | noticed | share | 95 % interval |\n|---|---|---|---|---|---|",
        *lines,
        sep="\n",
    )


if __name__ == "__main__":
    main()
