"""A closed vocabulary is an enum: whatever a model holds as one is compared with its members, never with a word."""

import ast
import enum
import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

import chalicelib

ROOT = Path(__file__).resolve().parents[1]
RUNS = ("chalicelib", "infra", "benchmarks", "training")


@cache
def words() -> dict[str, frozenset[str]]:
    """The name of each field that holds a member of an enum, in whatever model, and the words it may hold."""
    found: dict[str, set[str]] = defaultdict(set)
    for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
        importlib.import_module(module.name)
    for model in _below(BaseModel):
        if model.__module__.startswith("chalicelib."):
            for name, field in model.model_fields.items():
                found[name].update(*(map(str, kind) for kind in _enums(field.annotation)))
    return {name: frozenset(each) for name, each in found.items() if each}


def _below(model: type) -> Iterator[type]:
    for each in model.__subclasses__():
        yield each
        yield from _below(each)


def _enums(annotation: Any) -> Iterator[type[enum.StrEnum]]:
    if isinstance(annotation, type) and issubclass(annotation, enum.StrEnum):
        yield annotation
    for part in get_args(annotation):
        yield from _enums(part)


def compared(source: str, held: dict[str, frozenset[str]]) -> list[tuple[int, str]]:
    """Every line that compares what bears such a field's name with a word of its vocabulary."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            literals = {word for side in sides for word in _literals(side)}
            found += [
                (node.lineno, ast.unparse(node))
                for side in sides
                if held.get(_name(side), frozenset()) & literals
            ]
        if isinstance(node, ast.Match):
            patterns = {
                word for case in node.cases for part in ast.walk(case.pattern) for word in _literals(part)
            }
            found += (
                [(node.lineno, ast.unparse(node.subject))]
                if held.get(_name(node.subject), frozenset()) & patterns
                else []
            )
    return found


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _literals(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, ast.MatchValue):
        yield from _literals(node.value)
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        for each in node.elts:
            yield from _literals(each)


@pytest.mark.parametrize("part", RUNS)
def test_no_word_of_a_closed_vocabulary_is_compared_outside_its_enum(part: str) -> None:
    found = {
        str(path.relative_to(ROOT)): lines
        for path in sorted((ROOT / part).rglob("*.py"))
        if (lines := compared(path.read_text(encoding="utf-8"), words()))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("source", "is_found"),
    [
        ("part.state == 'open'", True),
        ("state != 'open'", True),
        ("'open' == part.state", True),
        ("part.state in ('ended', 'open')", True),
        ("match part.state:\n    case 'open' | 'ended':\n        pass", True),
        ("part.state is State.OPEN", False),
        ("part.state == 'another word'", False),
        ("door == 'open'", False),
    ],
)
def test_a_comparison_with_a_word_is_seen(source: str, is_found: bool) -> None:
    assert bool(compared(source, {"state": frozenset({"open", "ended"})})) is is_found
