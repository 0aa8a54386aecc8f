"""A closed vocabulary is an enum: whatever a model holds as one is compared with its members, never with a word."""

import ast
import enum
import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

import chalicelib
from chalicelib.domain.town import vocabulary

ROOT = Path(__file__).resolve().parents[1]
RUNS = ("chalicelib", "infra", "benchmarks", "training", "campaign/mutants.py")


# What mypy lets be given as text, because some of it is: a staff code beside a member.
AS_TEXT = frozenset({"by", "met_by", "agreed_by"})


@cache
def words() -> dict[str, frozenset[str]]:
    """The name of each field that holds a member of an enum, in whatever model, and the words it may hold."""
    found: dict[str, set[str]] = defaultdict(set)
    for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
        importlib.import_module(module.name)
    for model in _below(BaseModel):
        if model.__module__.startswith("chalicelib."):
            for name, field in model.model_fields.items():
                held = (field.annotation, *field.metadata)  # By, To: text, of which some is a member's
                found[name].update(*(map(str, kind) for part in held for kind in _enums(part)))
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
        if isinstance(node, ast.Call):
            found += [
                (node.lineno, f"{given.arg}={ast.unparse(given.value)}")
                for given in node.keywords
                if given.arg in AS_TEXT and held.get(given.arg, frozenset()) & set(_literals(given.value))
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


def spelt(source: str) -> list[tuple[int, str]]:
    """Every line that compares anything with a word that is written there, or finds by it in a table written there."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare):
            asked = [word for pair in _pairs(node) for side in pair for word in _literals(side)]
        elif isinstance(node, ast.Match):
            patterns = [part for case in node.cases for part in ast.walk(case.pattern)]
            asked = [word for part in patterns for word in _literals(part)]
        else:
            asked = [word for key in _keys_asked(node) for word in _literals(key)]
        if any(_WORD.fullmatch(word) for word in asked):
            found.append((node.lineno, ast.unparse(node)[:120]))
    return found


_WORD = re.compile(r"[a-z][a-z0-9]+(?:[_.-][a-z0-9]+)*")


def _pairs(node: ast.Compare) -> Iterator[tuple[ast.expr, ...]]:
    """What is held against what; a word that is asked for in a text or among keys is none of a vocabulary."""
    sides = [node.left, *node.comparators]
    for left, how, right in zip(sides[:-1], node.ops, sides[1:], strict=True):
        if isinstance(how, ast.Eq | ast.NotEq | ast.Is | ast.IsNot):
            yield left, right
        elif isinstance(how, ast.In | ast.NotIn) and not isinstance(right, ast.Constant):
            yield (right,)


def _keys_asked(node: ast.AST) -> Iterator[ast.expr]:
    """The keys of a table that is written where it is asked."""
    table: ast.AST | None = None
    if isinstance(node, ast.Subscript):
        table = node.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        table = node.func.value
    if isinstance(table, ast.Dict):
        yield from (key for key in table.keys if key is not None)


# Files that speak a language which others made, each word as its own page has it: for these no enum of ours stands.
OF_OTHERS = {
    "actions/notices/callbacks.py": "WeCom's and WeChat's events",
    "api/auth.py": "HTTP's schemes",
    "api/http.py": "pydantic's errors",
    "api/openapi/components.py": "pydantic's core schema",
    "api/openapi/document.py": "OpenAPI",
    "domain/tables/markup.py": "HTML",
    "domain/tables/open_marks.py": "OpenDocument",
    "domain/tables/packed_marks.py": "OOXML",
    "domain/tables/workbook.py": "OOXML",
    "domain/town/addresses.py": "URLs",
    "domain/understanding/given_away.py": "difflib",
    "domain/understanding/model_file.py": "sys.byteorder",
    "gateways/clients.py": "boto3's services",
    "gateways/wechat.py": "WeChat",
    "settings.py": "regions of AWS",
    "store/connection.py": "URLs",
    "web/form_file.py": "openpyxl",
    "web/geo_report.py": "GeoReport's suffixes",
    "web/word_lists.py": "WordprocessingML",
    "web/word_paragraphs.py": "WordprocessingML",
}


@cache
def _spelt_in_chalicelib() -> dict[str, list[tuple[int, str]]]:
    top = ROOT / "chalicelib"
    files = {path.relative_to(top).as_posix(): path for path in sorted(top.rglob("*.py"))}
    return {name: lines for name, path in files.items() if (lines := spelt(path.read_text(encoding="utf-8")))}


def test_no_word_of_our_own_is_compared_as_it_is_spelt() -> None:
    assert {name: lines for name, lines in _spelt_in_chalicelib().items() if name not in OF_OTHERS} == {}


def test_each_file_that_may_spell_words_does() -> None:
    assert OF_OTHERS.keys() - _spelt_in_chalicelib().keys() == set()


@pytest.mark.parametrize(
    ("source", "is_found"),
    [
        ("event.by == 'machine'", True),
        ("event.details.get('approved') != 'no'", True),
        ("name in ('desk', 'calls')", True),
        ("name in {'desk'}", True),
        ("'desk' is name", True),
        ("{'unit': 1}.get(kind)", True),
        ("{'unit': 1, 'desk': 2}[kind]", True),
        ("match kind:\n    case 'unit' | 'desk':\n        pass", True),
        ("event.by == Actor.MACHINE", False),
        ("'rung' in event.details", False),
        ("sign in '小老大'", False),
        ("text[0] == '.'", False),
        ("TABLE[kind]", False),
    ],
)
def test_a_word_that_is_spelt_is_seen(source: str, is_found: bool) -> None:
    assert bool(spelt(source)) is is_found


@pytest.mark.parametrize("part", RUNS)
def test_no_word_of_a_closed_vocabulary_is_compared_outside_its_enum(part: str) -> None:
    found = {
        str(path.relative_to(ROOT)): lines
        for path in ([ROOT / part] if part.endswith(".py") else sorted((ROOT / part).rglob("*.py")))
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
        ("Line(by='machine')", True),
        ("Line(by='dy1', state='open')", False),
    ],
)
def test_a_comparison_with_a_word_is_seen(source: str, is_found: bool) -> None:
    assert (
        bool(compared(source, {"state": frozenset({"open", "ended"}), "by": frozenset({"machine"})}))
        is is_found
    )


TOGETHER = {
    name: frozenset(role.name for role in getattr(vocabulary, name))
    for name in ("DESK", "CONFIDENTIAL", "LEADERS", "HEADS", "HANDLERS")
}


def listed_again(source: str) -> list[str]:
    """The sets of roles that `domain.town.vocabulary` has a name for, each said once more by its roles."""
    named = {*TOGETHER.values(), TOGETHER["DESK"] | TOGETHER["LEADERS"]}
    sets = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Set))
    roles = (frozenset(ast.unparse(each).removeprefix("Role.") for each in node.elts) for node in sets)
    return [" ".join(sorted(each)) for each in roles if each in named and len(each) > 1]


def test_who_comes_in_together_is_named_once():
    own = Path(vocabulary.__file__)
    files = [file for file in (ROOT / "chalicelib").rglob("*.py") if file != own]
    found = {str(file): again for file in files if (again := listed_again(file.read_text("utf-8")))}
    assert found == {}


def test_a_set_of_roles_that_has_a_name_would_be_found():
    assert listed_again("SEE = frozenset({Role.TOWN_LEADER, Role.AREA_LEADER})") == [
        "AREA_LEADER TOWN_LEADER"
    ]
    assert listed_again("SEE = frozenset({Role.TOWN_LEADER, Role.ADMIN})") == []
