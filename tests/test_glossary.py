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


def rows() -> list[str]:
    """The lines of the tables of terms."""
    tables = glossary().partition("\n## One word, one thing")[0]
    return [row for row in re.findall(r"^\| .+$", tables, flags=re.MULTILINE) if "| 中文 |" not in row]


@cache
def same_as() -> dict[str, str]:
    """Chinese names that stand for another term's thing, as the glossary lists them."""
    said = glossary().partition("\n## One word, one thing")[2]
    return dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \| [^|]+ \|$", said, flags=re.MULTILINE))


@cache
def defined() -> dict[Word, dict[str, str]]:
    """What definitions are called in Chinese, where their docstring begins so: by name, each Chinese with a place."""
    found: dict[Word, dict[str, str]] = {}
    for file in sorted((ROOT / "chalicelib").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef | ast.ClassDef):
                continue
            if named := re.match(r"[一-鿿、]{2,}", ast.get_docstring(node) or ""):
                where = f"{node.name} in {file.relative_to(ROOT)}"
                found.setdefault(singular(split(node.name)), {})[named[0]] = where
    return found


def singular(name: Word) -> Word:
    return tuple(part.removesuffix("s") if len(part) > 3 else part for part in name)


def is_one_thing(one: str, other: str) -> bool:
    """Whether two Chinese names stand for one thing: one holds the other, or the glossary says so."""
    one, other = same_as().get(one, one), same_as().get(other, other)
    return one in other or other in one


def terms_of(name: Word) -> list[str]:
    """The Chinese of a word of the glossary; none for any other name."""
    return [
        part
        for term in terms()
        if singular(split(term.english)) == name
        for part in re.sub(r"（[^）]*）", "", term.chinese).split("、")
    ]


def test_every_row_of_the_glossary_is_read():
    assert len(terms()) == len(rows())


@pytest.mark.parametrize("name", defined(), ids="_".join)
def test_an_english_word_is_defined_for_one_chinese_term(name):
    """The other way round: 并案 and 拆分 must not both be a `merge`."""
    known = terms_of(name)
    other = {
        chinese: where
        for chinese, where in defined()[name].items()
        if known and not any(is_one_thing(chinese, term) for term in known)
    }
    assert other == {}
    first, *others = defined()[name]
    assert [chinese for chinese in others if not is_one_thing(first, chinese)] == []


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("并入", "并案", True),
        ("部门负责人", "单位负责人", False),
        ("点位", "点位码", True),
        ("指标", "措施", False),
    ],
)
def test_two_chinese_names_are_told_apart(one, other, is_one):
    assert is_one_thing(one, other) is is_one


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
