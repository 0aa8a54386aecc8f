"""`make mutate [WING=clocks] [SAMPLE=150] [SEED=1]`: how many small faults in `chalicelib/domain` the pure tests notice.

The mutants of a wing are written into a copy of the project (.local/mutation/WING) and judged there, one at a time, by
the tests in TESTS_OF (`benchmarks/mutants.py`): what only a test elsewhere would notice counts as survived, so a share
is a lower bound. SAMPLE of them are drawn by SEED. An interrupted run goes on; where tests have changed since, what
survived is asked again; where the wing has changed, everything. What survived stands in `survivors.diff` beside the
copy, to be read: each is a missing test, or means the same as the original. `benchmarks/mutation.md` says what was
read when.
"""

import argparse
import hashlib
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Iterable
from math import sqrt
from pathlib import Path

from benchmarks import mutants

ROOT = Path(__file__).parents[1]
DOMAIN = ROOT / "chalicelib" / "domain"
WORK = ROOT / ".local" / "mutation"
BESIDE = {"clocks": ("acts",), "parties": ("acts",)}  # whose meaning lies in what the acts make of them
MARKS = "marks.json"  # of which wing and which tests the verdicts are
Z = 1.96  # the 95 % interval

CONFIG = """

[tool.mutmut]
source_paths = ["chalicelib"]
"""


def wings() -> list[str]:
    return sorted(each.name for each in DOMAIN.iterdir() if (each / "__init__.py").exists())


def tests_of(wing: str) -> list[str]:
    return [f"tests/domain/{name}" for name in (wing, *BESIDE.get(wing, ()))]


def marked(folders: Iterable[str]) -> str:
    """The same for the same files with the same content."""
    every = hashlib.sha256()
    for path in sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        every.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return every.hexdigest()


def copied(wing: str) -> Path:
    """A copy of what git knows of the project, with the clients that were built and the mutants of one wing.

    The verdicts of an earlier run are kept where they still hold.
    """
    to = WORK / wing
    marks = {"wing": marked([f"chalicelib/domain/{wing}"]), "tests": marked(tests_of(wing))}
    before = json.loads((to / MARKS).read_text(encoding="utf-8")) if (to / MARKS).exists() else {}
    if marks == before:
        return to
    found = mutants.verdicts(to) if marks["wing"] == before.get("wing") else {}
    shutil.rmtree(to, ignore_errors=True)
    known = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, known.split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)
    shutil.copytree(ROOT / "chalicelib/web/clients", to / "chalicelib/web/clients", dirs_exist_ok=True)
    with (to / "pyproject.toml").open("a", encoding="utf-8") as config:
        config.write(CONFIG)
    ran(to, "--write", wing)
    noticed = [f"{name} noticed\n" for name, is_noticed in found.items() if is_noticed]
    (to / mutants.VERDICTS).write_text("".join(noticed), encoding="utf-8")
    (to / MARKS).write_text(json.dumps(marks), encoding="utf-8")
    return to


def ran(at: Path, *words: str) -> None:
    """Raises SystemExit where `benchmarks/mutants.py` ended without having done its work."""
    done = subprocess.run([sys.executable, "-m", "benchmarks.mutants", *words], cwd=at, check=False)
    if done.returncode:
        raise SystemExit(f"{at.name}：没有完成，原因见上")


def drawn(names: Iterable[str], size: int, seed: int) -> list[str]:
    ordered = sorted(names)
    return sorted(random.Random(seed).sample(ordered, min(size, len(ordered))))


def interval(noticed: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share, from 0 to 1."""
    share, n = noticed / of, of
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def measured(wing: str, size: int, seed: int, most: float) -> str:
    """One line of the table."""
    at = copied(wing)
    changes = json.loads((at / mutants.CHANGES).read_text(encoding="utf-8"))
    names = drawn(changes, size, seed)
    if asked := [name for name in names if name not in mutants.verdicts(at)]:
        (at / "asked.txt").write_text("\n".join(asked), encoding="utf-8")
        ran(at, "--judge", "asked.txt", "--most", str(most), *tests_of(wing))
    found = mutants.verdicts(at)
    alive = [name for name in names if not found[name]]
    (at / "survivors.diff").write_text(
        "\n".join(f"# {name}\n{changes[name]}\n" for name in alive), encoding="utf-8"
    )
    noticed = len(names) - len(alive)
    low, high = interval(noticed, len(names))
    share = noticed / len(names)
    return f"| {wing} | {len(changes)} | {len(names)} | {noticed} | {share:.0%} | {low:.0%}–{high:.0%} |"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("wings", nargs="*")
    asked.add_argument("--sample", type=int, default=150)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument(
        "--most", type=float, default=mutants.A_DAY, help="seconds of CPU a mutant's tests may take"
    )
    asked.add_argument("--afresh", action="store_true", help="forget earlier runs")
    given = asked.parse_args()
    if unknown := set(given.wings) - set(wings()):
        raise SystemExit(f"没有这个部分：{'、'.join(sorted(unknown))}。可选：{'、'.join(wings())}")
    lines = []
    for wing in given.wings or wings():
        if given.afresh:
            shutil.rmtree(WORK / wing, ignore_errors=True)
        lines.append(measured(wing, given.sample, given.seed, given.most))
        print(lines[-1])
    print(
        "\n| wing | mutants | drawn | noticed | share | 95 % interval |\n|---|---|---|---|---|---|",
        *lines,
        sep="\n",
    )


if __name__ == "__main__":
    main()
