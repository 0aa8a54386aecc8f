"""What `make mutate` counts: which mutants are drawn, what was noticed, and how sure a share is."""

import json
import os
import subprocess
import sys

import pytest

from benchmarks import mutants, mutation


def test_the_same_seed_draws_the_same_mutants_in_whatever_order_they_were_found():
    names = [f"m{number}" for number in range(500)]
    assert mutation.drawn(names, 150, 1) == mutation.drawn(reversed(names), 150, 1)
    assert mutation.drawn(names, 150, 1) != mutation.drawn(names, 150, 2)
    assert mutation.drawn(names[:20], 150, 1) == sorted(names[:20])


@pytest.mark.parametrize(
    ("code", "noticed"), [(0, False), (1, True), (2, True), (3, True), (4, True), (-24, True)]
)
def test_what_fails_hangs_or_cannot_be_imported_notices(code, noticed):
    assert mutants.is_noticed(code) is noticed


@pytest.mark.parametrize("code", [5, 70, -9, -15])
def test_a_run_that_was_cut_is_no_verdict(code):
    with pytest.raises(ValueError, match="请重新运行"):
        mutants.is_noticed(code)


def test_the_interval_is_wilsons():
    """Worked out by hand for 120 of 150: Newcombe 1998, method 3."""
    low, high = mutation.interval(120, 150)
    assert (round(low, 3), round(high, 3)) == (0.729, 0.856)
    assert mutation.interval(10, 10)[1] == 1.0
    assert mutation.interval(0, 10)[0] == 0.0


def test_every_wing_of_the_domain_has_tests_to_run():
    for wing in mutation.wings():
        for folder in mutation.tests_of(wing):
            assert (mutation.ROOT / folder).is_dir(), folder


RULE = """
def least():
    return 3


def most():
    return 9


LEAST, MOST = least(), most()


def is_enough(count):
    return count >= LEAST


def unused():
    return 1
"""
TEST = """
from chalicelib.domain.toy import rule


def test_enough():
    assert rule.is_enough(3)
    assert not rule.is_enough(2)
"""


@pytest.mark.nightly
def test_a_mutant_is_judged_by_the_tests_that_call_it_also_where_it_ran_at_import(tmp_path):
    """`least` and `most` have run before a test begins; nobody asks for what `most` said, and nobody calls `unused`."""
    for path, text in {
        "chalicelib/__init__.py": "",
        "chalicelib/domain/__init__.py": "",
        "chalicelib/domain/toy/__init__.py": "",
        "chalicelib/domain/toy/rule.py": RULE,
        "tests/domain/toy/test_rule.py": TEST,
        "pyproject.toml": mutation.CONFIG,
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")

    def run(*words):
        here = os.environ | {"PYTHONPATH": str(mutation.ROOT)}
        subprocess.run(
            [sys.executable, "-m", "benchmarks.mutants", *words], cwd=tmp_path, env=here, check=True
        )

    run("--write", "toy")
    changes = json.loads((tmp_path / mutants.CHANGES).read_text(encoding="utf-8"))
    (tmp_path / "asked").write_text("\n".join(changes), encoding="utf-8")
    run("--judge", "asked", "tests/domain/toy")
    found = {changes[name].splitlines()[-1]: noticed for name, noticed in mutants.verdicts(tmp_path).items()}
    assert found == {
        "+    return 4": True,
        "+    return 10": False,
        "+    return count > LEAST": True,
        "+    return 2": False,
    }
