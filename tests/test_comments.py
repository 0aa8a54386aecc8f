"""A comment too long for its line stands above it: nothing is wrapped in brackets for the sake of its comment."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RUNS = ("app.py", "chalicelib", "infra", "benchmarks", "training", "campaign", "tests")
WRAPPED = re.compile(r"^([ \t]*)\S[^\n]* = \(\n[ \t]+[^\n#]*[^\s#,(]  # [^\n]*\n\1\)$", re.M)


def wrapped(source: str) -> list[int]:
    """The lines where brackets hold one value and its comment."""
    return [source[: found.start()].count("\n") + 1 for found in WRAPPED.finditer(source)]


def test_no_value_is_in_brackets_only_because_its_comment_is_long():
    files = [
        file
        for name in RUNS
        for file in ([ROOT / name] if name.endswith(".py") else (ROOT / name).rglob("*.py"))
    ]
    assert len(files) > 500
    found = {
        str(file.relative_to(ROOT)): lines for file in files if (lines := wrapped(file.read_text("utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    "source", ["MOST = (\n    5  # of them\n)\n", "    most: int = (\n        5  # of them\n    )\n"]
)
def test_one_that_is_would_be_found(source: str):
    assert wrapped(source) == [1]


@pytest.mark.parametrize("source", ["MOST = 5  # of them\n", "PAIR = (\n    5,  # of them\n)\n"])
def test_a_comment_at_the_end_of_a_line_or_within_a_tuple_may_stay(source: str):
    assert wrapped(source) == []
