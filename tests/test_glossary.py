"""One Chinese term, one English word (docs/glossary.md), in every name of the code."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from chalicelib.domain.tickets.ticket import Stage
from chalicelib.domain.town.vocabulary import PlaceKind, Role, Track, UnitKind

ROOT = Path(__file__).resolve().parents[1]
Word = tuple[str, ...]  # in lower case, split where the name is


class Term(NamedTuple):
    chinese: str
    english: str
    never: tuple[str, ...]
    is_later: bool


@cache
def terms() -> tuple[Term, ...]:
    rows = re.findall(r"^\| ([^|`]+) \| `(\w+)`( †)? \|([^|]*)\|", glossary(), flags=re.MULTILINE)
    return tuple(
        Term(chinese.strip(), word, tuple(re.findall(r"`(\w+)`", never)), bool(later))
        for chinese, word, later, never in rows
    )


def glossary() -> str:
    return (ROOT / "docs/glossary.md").read_text(encoding="utf-8")


def split(name: str) -> Word:
    """The words of a name: `returnToDesk`, `return_to_desk`, `return-to-desk` and `ReturnToDesk` are the same."""
    return tuple(part.lower() for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", name))


@cache
def names() -> dict[Word, str]:
    """Every name that the code gives or uses, and every text that could be one (a field, an act, a template), with a file."""
    found: dict[Word, str] = {}
    for file in [ROOT / "app.py", *sorted((ROOT / "chalicelib").rglob("*.py"))]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            for name in _names_of(node):
                found.setdefault(split(name), f"{name} in {file.relative_to(ROOT)}")
    return found


def _names_of(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Constant):
        text = node.value if isinstance(node.value, str) else ""
        return [text] if re.fullmatch(r"[a-z0-9]+([_-][a-z0-9]+)*", text) else []
    return [
        name for field in ("id", "attr", "name", "arg") if isinstance(name := getattr(node, field, None), str)
    ]


def holds(name: Word, word: Word) -> bool:
    """Whether the words stand in the name, one after the other."""
    return any(name[at : at + len(word)] == word for at in range(len(name) - len(word) + 1))


def test_each_chinese_term_stands_once():
    chinese = [part for term in terms() for part in term.chinese.split("、")]
    assert len(chinese) > 80
    assert sorted(chinese) == sorted(set(chinese))


def test_each_english_word_means_one_thing():
    english = [term.english for term in terms()]
    assert sorted(english) == sorted(set(english))


def test_a_word_of_the_glossary_is_not_another_terms_synonym():
    english = {term.english for term in terms()}
    assert [word for term in terms() for word in term.never if word in english] == []


@pytest.mark.parametrize(
    "term", [term for term in terms() if not term.is_later], ids=lambda term: term.english
)
def test_the_code_speaks_the_glossary(term):
    assert any(holds(name, split(term.english)) for name in names())


@pytest.mark.parametrize("term", [term for term in terms() if term.never], ids=lambda term: term.english)
def test_no_second_word_for_a_term_is_in_the_code(term):
    allowed = [split(other.english) for other in terms()]
    found = [
        where
        for name, where in names().items()
        for word in term.never
        if holds(name, split(word))
        and not any(holds(name, other) and holds(other, split(word)) for other in allowed)
    ]
    assert found == []


@pytest.mark.parametrize("kinds", [Role, Track, PlaceKind, UnitKind], ids=lambda kinds: kinds.__name__)
def test_every_kind_that_the_towns_files_may_name_is_in_the_glossary(kinds):
    english = {term.english for term in terms()}
    assert {kind.value.removesuffix("s") for kind in kinds} <= {word.removesuffix("s") for word in english}


def test_every_stage_is_a_form_of_a_glossarys_word():
    verbs = {Stage.DISPATCHED: "dispatch", Stage.HANDLING: "handler", Stage.WITHDRAWN: "withdraw"}
    english = {term.english for term in terms()}
    regular = {stage: stage.value.removesuffix("ed") for stage in Stage}
    for stage in Stage:
        stem = verbs.get(stage, regular[stage])
        assert {stem, stem + "e"} & english, f"{stage} has no word in the glossary"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("SupervisionOrder", ("supervision", "order")),
        ("due_at", ("due", "at")),
        ("unit-feedback", ("unit", "feedback")),
    ],
)
def test_a_name_is_split_into_its_words(name, words):
    assert split(name) == words


@pytest.mark.parametrize(("name", "found"), [("complaint_id", True), ("workOrder", True), ("orders", False)])
def test_a_second_word_is_recognised_in_any_spelling(name, found):
    ticket = next(term for term in terms() if term.english == "ticket")
    assert any(holds(split(name), split(word)) for word in ticket.never) is found
