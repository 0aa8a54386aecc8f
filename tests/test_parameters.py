"""A function asks for few things: what travels together is one named value (docs/architecture.md)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.domain.offers.possible import ACTS

ROOT = Path(__file__).parents[1]
RUNS = ("chalicelib", "infra", "benchmarks", "training", "campaign")
MOST = 7
# The rule of an act asks for the fields of its form, each by its own name, beside the ticket, who, the town and the instant.
RULES = {(act.rule.__module__, act.rule.__qualname__) for act in ACTS.values() if act.rule} | {
    ("chalicelib.domain.counter.meetings", "call"),
    ("chalicelib.domain.counter.meetings", "record"),
    ("chalicelib.domain.acts.following_up", "rate"),
}
# Whatever most callers leave out has a default here.
OTHERS = {
    ("chalicelib.domain.acts.moves", "changed"): "every act ends in it",
    ("chalicelib.domain.parties.telling", "told"): "the table of who is told, asked by every act",
    ("chalicelib.domain.parties.telling", "tell"): "one line of it",
    ("chalicelib.store.table", "query"): "DynamoDB's own query",
    ("chalicelib.actions.tickets.acting", "act"): "the one way into every act",
}


def parameters(source: str) -> Iterator[tuple[str, int]]:
    """Each function with how many things it asks for; `self` and `cls` are not asked for."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            asked = node.args
            names = [each.arg for each in (*asked.posonlyargs, *asked.args, *asked.kwonlyargs)]
            own = [name for name in names if name not in {"self", "cls"}]
            yield node.name, len(own) + bool(asked.vararg) + bool(asked.kwarg)


def too_many() -> set[tuple[str, str]]:
    found = set()
    for file in (file for part in RUNS for file in sorted((ROOT / part).rglob("*.py"))):
        module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for name, asked in parameters(file.read_text(encoding="utf-8")):
            if asked > MOST:
                found.add((module, name))
    return found


def test_no_function_asks_for_more_than_seven_things() -> None:
    assert too_many() - RULES - OTHERS.keys() == set()


def test_what_may_ask_for_more_does() -> None:
    assert OTHERS.keys() - too_many() == set()


@pytest.mark.parametrize(
    ("source", "asked"),
    [
        ("def f(self, a, /, b, *, c): ...", 3),
        ("def f(a, *b, **c): ...", 3),
        ("async def f(): ...", 0),
    ],
)
def test_parameters_are_counted(source: str, asked: int) -> None:
    assert list(parameters(source)) == [("f", asked)]
