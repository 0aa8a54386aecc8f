"""Nobody reads a date as a machine keeps it: in a sentence in Chinese a day or an instant is said in words (12月1日).

The clients have the same test of their own (clients/tests/static/dates.test.js).
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CHINESE = re.compile("[\u4e00-\u9fff]")
DAY = re.compile(r"(^|_)(day|until|monday|since|today|from|on|gap|date)$|_at$")
# What stands in a sheet so, and is to be written there so.
IN_A_SHEET = {"chalicelib/domain/town_import/plan.py", "chalicelib/domain/forms/reading.py"}


def raw(source: str) -> list[str]:
    """What sentences show of a day without saying how, or in figures (%Y-%m-%d)."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.JoinedStr) or not CHINESE.search(ast.unparse(node)):
            continue
        for part, after in zip(node.values, [*node.values[1:], None], strict=True):
            if not isinstance(part, ast.FormattedValue) or _is_number_of_day(after):
                continue
            how = ast.unparse(part.format_spec) if part.format_spec else ""
            if "%Y-" in how or "%m-" in how or (not how and DAY.search(name(part.value))):
                found.append(ast.unparse(part.value))
    return found


def _is_number_of_day(after: ast.expr | None) -> bool:
    """{day.day}日: the last part of a day in words."""
    return isinstance(after, ast.Constant) and str(after.value).startswith("日")


def name(node: ast.expr) -> str:
    """The last name of what is shown; of a call the name of what made it a text."""
    if isinstance(node, ast.Call):
        called = name(node.func)
        return "day" if called in ("isoformat", "date") else ""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def test_no_sentence_shows_a_day_as_it_is_kept():
    files = (path for path in sorted((ROOT / "chalicelib").rglob("*.py")))
    names = {path.relative_to(ROOT).as_posix(): raw(path.read_text(encoding="utf-8")) for path in files}
    assert {each for each, found in names.items() if found} == IN_A_SHEET


@pytest.mark.parametrize(
    "source",
    ['f"到{recurs.until}为止"', 'f"{gap:%Y-%m-%d}起"', 'f"{day} 停"', 'f"{at.date().isoformat()}起"'],
)
def test_a_day_as_it_is_kept_would_be_found(source):
    assert raw(source)


@pytest.mark.parametrize(
    "source",
    ['f"到{until:%-m月%-d日}为止"', 'f"{day}#{area}"', 'f"{place}停水"', 'f"{day.month}月{day.day}日"'],
)
def test_a_day_in_words_and_a_key_are_let_be(source):
    assert not raw(source)
