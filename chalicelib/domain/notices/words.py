"""Notices as a person reads them."""

from collections.abc import Mapping
from string import Formatter

from chalicelib.domain.model import Frozen
from chalicelib.domain.notices.resident_templates import TEMPLATES
from chalicelib.domain.notices.template import Template

LONGEST_THING = 20  # characters; WeChat refuses a longer `thing` with 47003 (subscribe messages)


class UnknownTemplate(Exception):
    """A notice names a template that nobody has written."""


class MissingParams(Exception):
    """A notice lacks what the first sentence of its template says."""


class Words(Frozen):
    """What the person sees; `text` is whole sentences."""

    title: str
    text: str


# What only the sending itself fills in, because it may be kept nowhere.
FILLED_AT_SENDING: Mapping[str, tuple[str, ...]] = {"sign_in_code": ("note", "due")}


def template_of(name: str) -> Template:
    """Raises UnknownTemplate."""
    try:
        return TEMPLATES[name]
    except KeyError:
        raise UnknownTemplate(name) from None


def words_of(name: str, params: Mapping[str, str]) -> Words:
    """The title and text of a notice. A sentence of which a parameter is empty is left out; the first may not be.

    `practice` among the parameters marks a drill 演练. Raises UnknownTemplate, MissingParams.
    """
    template = template_of(name)
    first, *others = template.sentences
    if missing := [field for field in fields_of(first) if not params.get(field)]:
        raise MissingParams(f"{name}: {', '.join(missing)}")
    told = [
        first,
        *(sentence for sentence in others if all(params.get(field) for field in fields_of(sentence))),
    ]
    title = f"【演练】{template.title}" if params.get("practice") else template.title
    return Words(title=title, text="".join(_fill(sentence, params) for sentence in told))


def check_words(name: str, params: Mapping[str, str]) -> None:
    """The same for a notice that is written down to be sent later. Raises UnknownTemplate, MissingParams."""
    words_of(name, {**params, **dict.fromkeys(FILLED_AT_SENDING.get(name, ()), "-")})


def fields_of(sentence: str) -> list[str]:
    """The names of the parameters that a sentence uses."""
    return [field for _, field, _, _ in Formatter().parse(sentence) if field]


def thing(text: str) -> str:
    """Text for a WeChat `thing` field: one line of at most 20 characters, cut with an ellipsis; never empty (47003)."""
    line = "".join(c if c.isprintable() else " " for c in text).strip()
    if not line:
        return "无"
    return line if len(line) <= LONGEST_THING else line[: LONGEST_THING - 1] + "…"


def _fill(sentence: str, params: Mapping[str, str]) -> str:
    """The sentence with its values, ended by exactly one mark even when the value brought its own."""
    filled = sentence.format_map({field: params[field].strip() for field in fields_of(sentence)})
    while len(filled) > 1 and filled[-1] == "。" and filled[-2] in "。！？!?；":
        filled = filled[:-1]
    return filled if filled[-1] in "。！？!?；”" else filled + "。"
