"""The numbers of lists in a Word document, which stand in no text: 1. 2. 3., 一、二、, (1), as a reader sees them.

Source: ECMA-376 part 1, 17.9. What cannot be told (a style of numbers that is not known here) is numbered plainly.
"""

from typing import Any, NamedTuple

Element = Any  # of lxml, which has no types

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_CHINESE = {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCountingThousand"}
_LEVELS = 9


class Level(NamedTuple):
    format: str = "decimal"
    text: str = "%1."
    start: int = 1


class Lists:
    """How the lists of a document are numbered, and how far each has come. Without any, nothing is."""

    def __init__(
        self, levels: dict[str, dict[int, Level]] | None = None, styles: dict[str, Element] | None = None
    ) -> None:
        self._levels, self._styles = levels or {}, styles or {}
        self._reached: dict[str, dict[int, int]] = {}

    def number_of(self, paragraph: Element) -> str:
        """What stands before it, with a blank after; empty for a paragraph of no list. Each call counts one further."""
        number, level = self._place(paragraph)
        levels = self._levels.get(number, {})
        if level not in levels:
            return ""
        reached = self._reached.setdefault(number, {})
        reached[level] = reached.get(level, levels[level].start - 1) + 1
        for deeper in [each for each in reached if each > level]:
            del reached[deeper]
        return _written(levels, level, reached)

    def _place(self, paragraph: Element) -> tuple[str, int]:
        """The list and the level, by the paragraph's own word or that of its style."""
        found = paragraph.find(f"{_W}pPr/{_W}numPr")
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        if found is None and style is not None:
            found = self._styles.get(style.get(f"{_W}val", ""))
        number = "" if found is None else _value(found, "numId")
        level = "0" if found is None else _value(found, "ilvl") or "0"
        return number, int(level) if level.isdecimal() else 0


def lists_of(numbering: Element | None, styles: Element | None) -> Lists:
    """Of the document's own parts; None where it has none."""
    if numbering is None:
        return Lists()
    kinds = {each.get(f"{_W}abstractNumId", ""): _levels(each) for each in numbering.iter(f"{_W}abstractNum")}
    levels = {
        each.get(f"{_W}numId", ""): kinds.get(_value(each, "abstractNumId"), {})
        for each in numbering.iter(f"{_W}num")
    }
    named = {} if styles is None else {
        style.get(f"{_W}styleId", ""): found
        for style in styles.iter(f"{_W}style")
        if (found := style.find(f"{_W}pPr/{_W}numPr")) is not None
    }  # fmt: skip
    return Lists(levels, named)


def _levels(kind: Element) -> dict[int, Level]:
    found = {}
    for each in kind.iter(f"{_W}lvl"):
        at, start = each.get(f"{_W}ilvl", "0"), _value(each, "start")
        if at.isdecimal() and int(at) < _LEVELS:
            level = Level(
                _value(each, "numFmt"), _value(each, "lvlText"), int(start) if start.isdecimal() else 1
            )
            found[int(at)] = level
    return found


def _written(levels: dict[int, Level], level: int, reached: dict[int, int]) -> str:
    if levels[level].format == "none":
        return ""
    if levels[level].format == "bullet":
        return "· "
    text = levels[level].text
    for at in range(level + 1):
        shown = levels.get(at, Level())
        text = text.replace(f"%{at + 1}", _counted(reached.get(at, shown.start), shown.format))
    return f"{text} " if text else ""


def _counted(number: int, form: str) -> str:
    if form in _CHINESE and 0 < number < 100:
        tens, ones = divmod(number, 10)
        return (("" if tens == 1 else _DIGITS[tens]) + "十" if tens else "") + (_DIGITS[ones] if ones else "")
    if form in ("lowerLetter", "upperLetter") and 0 < number <= 26:
        return chr(ord("a" if form == "lowerLetter" else "A") + number - 1)
    if form.startswith("decimalEnclosedCircle") and 0 < number <= 20:
        return chr(ord("①") + number - 1)
    return str(number)


def _value(element: Element, name: str) -> str:
    found = element.find(f"{_W}{name}")
    return "" if found is None else found.get(f"{_W}val", "")
