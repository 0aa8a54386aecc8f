"""The parameters of a query that are more than text: days, flags, and words of a closed list.

A route declares each with its type (`routes.responds`), from which the description and the clients' types are made; a value
of another kind is refused, never taken for another.
"""

from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from chalicelib.api import http
from chalicelib.domain.errors import Invalid

Word = TypeVar("Word", bound=StrEnum)


class FileForm(StrEnum):
    """As what a table is handed out."""

    XLSX = "xlsx"
    CSV = "csv"


def day(name: str) -> date | None:
    """A day as 2026-11-23; None where none is asked for. Raises Invalid for what is none, or is of another age than ours."""
    given = http.parameter(name, date)
    try:
        asked = date.fromisoformat(given) if given else None
        if asked is None or 2000 <= asked.year < 3000:
            return asked
    except ValueError:
        pass
    raise Invalid("日期应写成 2026-11-23 这样", fields=[name])


def word(name: str, words: type[Word]) -> Word | None:
    """One of the words that there are; None where none is asked for. Raises Invalid for any other."""
    given = http.parameter(name, words)
    if given is None or given in set(words):
        return words(given) if given else None
    raise Invalid(f"参数 {name} 可以是 {'、'.join(words)}", fields=[name])


_FALSE = frozenset({"0", "false"})


def flag(name: str) -> bool:
    """Whether it is asked for: by any value but 0 and false."""
    return (http.parameter(name, bool) or "0") not in _FALSE


def schema_of(kind: type) -> dict[str, Any]:
    """What the description says of a parameter of this kind."""
    if issubclass(kind, StrEnum):
        return {"type": "string", "enum": [each.value for each in kind]}
    return _SCHEMAS[kind]


_SCHEMAS: dict[type, dict[str, Any]] = {
    str: {"type": "string"},
    date: {"type": "string", "format": "date"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
}
