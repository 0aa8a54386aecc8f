"""Run inside the copy that `benchmarks/mutation.py` made: writes the mutants of a wing and judges those asked for.

mutmut writes every mutant of a function beside the original; which of them is called is chosen while the program runs.
One pytest session collects the tests, runs them once to learn which of them call which function, and forks for each
mutant: the child runs the tests that call the mutated function, the quickest first, and ends at the first that fails.
A function called while our modules are imported has done its work by then (it has built the tables of the acts), so
its mutants are judged by a process that imports everything anew, with all the tests; so are those that survived, where
tests called the function while they were collected.
"""

import argparse
import importlib
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from difflib import unified_diff
from itertools import accumulate
from pathlib import Path
from typing import cast

import pytest
from hypothesis import Phase, settings
from mutmut.mutation.file_mutation import MutatedFile, mutate_file_contents
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state

CHANGES = Path("changes.json")  # what each mutant changes, by its name
REACHED = Path("reached.json")  # which tests call which function, and what they take
VERDICTS = Path("verdicts.txt")  # one line a mutant, written as soon as it is judged

# How a child ends: every test passed, one failed, it raised, no CPU was left (SIGXCPU)
ALIVE, NOTICED, UNKNOWN, TOO_LONG = 0, 1, 70, -24
BROKEN = {2, 3, 4}  # pytest's codes: collecting failed, pytest failed, conftest could not be imported
A_DAY = 24 * 3600.0
PATIENCE = 20.0  # seconds of CPU that a child has, on top of five times what its tests take without a mutant


def write_mutants(wing: str) -> None:
    """Put the mutants of a wing in the place of its files."""
    changes: dict[str, str] = {}
    for path in sorted((Path("chalicelib/domain") / wing).rglob("*.py")):
        made = mutate_file_contents(str(path), path.read_text(encoding="utf-8"))
        module = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        changes |= {f"{module}.{name}": _change(made, name) for name in made.mutant_names}
        path.write_text(made.code, encoding="utf-8")
    CHANGES.write_text(json.dumps(changes, ensure_ascii=False, indent=1), encoding="utf-8")


def _change(made: MutatedFile, mutant: str) -> str:
    lines = made.code.splitlines()

    def lines_of(name: str) -> list[str]:
        span = made.line_span_by_function_name[name]
        return [line.replace(name, function_of(mutant)) for line in lines[span.start - 1 : span.end]]

    before, after = lines_of(f"{function_of(mutant)}__mutmut_orig"), lines_of(mutant)
    return "\n".join(list(unified_diff(before, after, lineterm="", n=2))[3:])


def function_of(mutant: str) -> str:
    return mutant.partition("__mutmut_")[0]


def in_child(work: Callable[[], int], most_seconds: float) -> int:
    """The exit code of `work` done in a fork of this process; TOO_LONG where it used so much CPU."""
    child = os.fork()
    if child == 0:
        limit = int(time.process_time() + most_seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
        try:
            os._exit(work())
        finally:  # what was raised is told by pytest; nothing of this process may go on twice
            os._exit(UNKNOWN)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def is_noticed(code: int) -> bool:
    """Raises ValueError for a code that says neither: a run that was stopped is no verdict."""
    if code in {NOTICED, TOO_LONG, *BROKEN}:
        return True
    if code == ALIVE:
        return False
    raise ValueError(f"测试以未知结果 {code} 结束，请重新运行这一部分")


class _Session:
    """What every session here does: no example is shrunk, and the first failure ends the process."""

    def pytest_collection(self) -> None:
        found = (Phase.explicit, Phase.generate)
        settings.register_profile("mutants", settings(), phases=found, derandomize=True, database=None)
        settings.load_profile("mutants")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            os._exit(NOTICED)


class Together(_Session):
    """Maps which tests call which function; judges each mutant by a fork that has imported and collected already."""

    def __init__(self, names: Sequence[str], most: float) -> None:
        self._names, self._most = names, most
        self._at_import: frozenset[str] = frozenset()

    def pytest_collection(self) -> None:
        self._at_import = frozenset(state()._stats)  # conftest has imported all of ours by now
        super().pytest_collection()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise SystemExit("没有变异时测试就不能导入")
        if not REACHED.exists() and in_child(lambda: self._map(session.items), A_DAY) != ALIVE:
            raise SystemExit("没有变异时测试就没有通过")
        reached = Reached(self._most)
        set_mutant_under_test("")
        for name in self._names:
            if reached.at_import(name):
                continue
            code = self._judged(name, reached.asked(name, session.items), reached)
            if code != ALIVE or not reached.at_collection(name):
                _tell(name, code)
        return True

    def _map(self, items: Sequence[pytest.Item]) -> int:
        at_collection = frozenset(state()._stats)
        tests: dict[str, list[str]] = {}
        seconds: dict[str, float] = {}
        for item in items:
            state()._stats.clear()
            begun = time.process_time()
            _run([item])
            seconds[item.nodeid] = time.process_time() - begun
            for function in state()._stats:
                tests.setdefault(function, []).append(item.nodeid)
        found = {
            "at_import": sorted(self._at_import),
            "at_collection": sorted(at_collection),
            "tests": tests,
            "seconds": seconds,
            "others": _not_ours(),
        }
        REACHED.write_text(json.dumps(found), encoding="utf-8")
        return ALIVE

    def _judged(self, name: str, tests: Sequence[pytest.Item], reached: "Reached") -> int:
        def run() -> int:
            _silent()
            set_mutant_under_test(name)
            return _run(tests)

        return in_child(run, reached.patience(tests)) if tests else ALIVE


class Afresh(_Session):
    """Judges one mutant, chosen before anything of ours is imported; the tests that call it go first."""

    def __init__(self, name: str, reached: "Reached") -> None:
        self._name, self._reached = name, reached

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            os._exit(NOTICED)
        _run(self._reached.asked(self._name, session.items, all_of_them=True))
        return True


class Reached:
    """What the session without a mutant found; a mutant is asked of tests that take `most` seconds of CPU together."""

    def __init__(self, most: float) -> None:
        found = json.loads(REACHED.read_text(encoding="utf-8"))
        self._at_import = frozenset(found["at_import"])
        self._at_collection = frozenset(found["at_collection"])
        self._tests = cast(dict[str, list[str]], found["tests"])
        self._seconds = cast(dict[str, float], found["seconds"])
        self._others = cast(list[str], found["others"])
        self._most = most

    def import_others(self) -> None:
        """What is not ours and slow to import: once, for all the forks to come."""
        for name in self._others:
            importlib.import_module(name)

    def at_import(self, mutant: str) -> bool:
        return function_of(mutant) in self._at_import

    def at_collection(self, mutant: str) -> bool:
        return function_of(mutant) in self._at_collection

    def asked(
        self, mutant: str, items: Iterable[pytest.Item], *, all_of_them: bool = False
    ) -> list[pytest.Item]:
        """Those that call the mutated function first, then if asked for all others; the quickest first."""
        calling = set(self._tests.get(function_of(mutant), ()))
        found = [item for item in items if all_of_them or item.nodeid in calling]
        found.sort(key=lambda item: (item.nodeid not in calling, self._took(item), item.nodeid))
        taken = accumulate(map(self._took, found))
        return [item for item, seconds in zip(found, taken, strict=True) if seconds <= self._most]

    def patience(self, items: Iterable[pytest.Item]) -> float:
        return PATIENCE + 5 * sum(map(self._took, items))

    def _took(self, item: pytest.Item) -> float:
        return self._seconds.get(item.nodeid, 0.0)


def _not_ours() -> list[str]:
    """The modules loaded now that were installed."""
    loaded = ((name, getattr(module, "__file__", None) or "") for name, module in sys.modules.items())
    return [name for name, path in loaded if "site-packages" in path and "__main__" not in name]


def _silent() -> None:
    """What the tests of a mutant print is nobody's to read."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)


def _run(items: Iterable[pytest.Item]) -> int:
    for item in items:
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
    return ALIVE


def _tell(name: str, code: int) -> None:
    with VERDICTS.open("a", encoding="utf-8") as verdicts:
        verdicts.write(f"{name} {'noticed' if is_noticed(code) else 'alive'}\n")


def verdicts(at: Path) -> dict[str, bool]:
    """Whether each judged mutant was noticed."""
    if not (at / VERDICTS).exists():
        return {}
    lines = (at / VERDICTS).read_text(encoding="utf-8").splitlines()
    return {name: verdict == "noticed" for name, verdict in (line.split() for line in lines)}


def judge(names: Sequence[str], tests: Sequence[str], most: float) -> None:
    """Raises SystemExit where the tests do not pass without a mutant."""
    without = [word for plugin in ("cacheprovider", "terminal", "xdist") for word in ("-p", f"no:{plugin}")]
    arguments = [*tests, "-o", "addopts=", "-m", "not nightly", *without]

    def together() -> int:
        set_mutant_under_test("stats")
        return int(pytest.main(arguments, plugins=[Together(names, most)]))

    if in_child(together, A_DAY) != ALIVE:
        raise SystemExit("没有变异时测试就没有通过，请先运行这一部分的测试")
    reached = Reached(most)
    reached.import_others()
    told = verdicts(Path())
    for name in (name for name in names if name not in told):

        def afresh(name: str = name) -> int:
            _silent()
            set_mutant_under_test(name)
            return int(pytest.main(arguments, plugins=[Afresh(name, reached)]))

        _tell(name, in_child(afresh, PATIENCE + 5 * most))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--write", metavar="WING", help="write its mutants into this copy")
    asked.add_argument("--judge", type=Path, metavar="FILE", help="judge the mutants named in it, one a line")
    asked.add_argument(
        "--most", type=float, default=A_DAY, help="seconds of CPU that a mutant's tests may take"
    )
    asked.add_argument("tests", nargs="*")
    given = asked.parse_args()
    if given.write:
        write_mutants(given.write)
    if given.judge:
        judge(given.judge.read_text(encoding="utf-8").splitlines(), given.tests, given.most)


if __name__ == "__main__":
    main()
