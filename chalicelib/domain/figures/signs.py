"""How often each sign of danger was right 说法准头: what the town's lexicon is mended by, month by month (rule 80). Pure."""

from typing import TYPE_CHECKING

from chalicelib.domain.figures.counts import Counts
from chalicelib.domain.tickets.dangers import DANGER_NAMES, HEARD
from chalicelib.domain.town.directory import Town

if TYPE_CHECKING:
    from chalicelib.domain.figures.schemas import SignLine

_MODEL = "没有一条说法，模型听着像"


def lines(counted: Counts, town: Town) -> "list[SignLine]":
    """A line for each sign that heard anything, the one that was wrong most often first; what nobody decided is apart."""
    rows = [_line(code, tally, town) for code, tally in counted.get("sign", {}).items()]
    return sorted(rows, key=lambda row: (-row["wrong"], -row["said"], row["code"]))


def _line(code: str, tally: dict[str, int], town: Town) -> "SignLine":
    sign = next((each for each in town.danger if each.code == code), None)
    kind = DANGER_NAMES[sign.kind] if sign and sign.kind else ""
    name = sign.name if sign else _MODEL if code == HEARD else _keyword(code, town)
    return {
        "code": code,
        "name": name,
        "kind": kind,
        "sure": bool(sign and sign.sure),
        "said": tally.get("said", 0),
        "right": tally.get("right", 0),
        "wrong": tally.get("wrong", 0),
        "open": tally.get("open", 0),
    }


def _keyword(code: str, town: Town) -> str:
    """A keyword of an urgent category (`understanding.lexicon`), or a row that the town has no more."""
    parts = code.split("-")
    category = town.find_category(parts[1]) if len(parts) > 1 else None
    return f"类别关键词：{category.name}" if category else "已不在表里的说法"
