"""A partner 合作方: how it names things, as data (town/partners/<name>.csv). Its contract is docs/partners.md."""

from enum import StrEnum
from typing import NamedTuple, Self

from pydantic import Field

from chalicelib.domain.errors import Invalid
from chalicelib.domain.model import Frozen, YesNo
from chalicelib.domain.tables.grid import Unreadable
from chalicelib.domain.tables.reading import SHIFTED, Row, read_table
from chalicelib.domain.town.addresses import fault_of
from chalicelib.domain.town.vocabulary import Source

FIELDS = (
    *("number", "text", "place", "category", "due_at", "sent_at", "name", "phone", "confidential"),
    *("status", "id"),  # of what an upward partner says of our reports
)
REQUIRED = ("number", "text")
ANSWERED = (
    *("number", "ticket", "act", "at", "unit", "note", "reason", "due_at"),
    *("text", "place", "category", "track", "units"),  # of a report upward
)


class SignatureVersion(StrEnum):
    """Of what is signed (domain.partners.signatures); the later is the stricter."""

    V1 = "v1"
    V2 = "v2"


SIGNATURES = tuple(SignatureVersion)


class Means(StrEnum):
    """What a partner's word for how our report stands means to us."""

    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    HANDLING = "handling"
    DONE = "done"
    RETURNED = "returned"
    INSTRUCTION = "instruction"  # an order to us, which leaves how the report stands


class Setting(StrEnum):
    """An attribute that the file of a partner sets."""

    TITLE = "title"
    SOURCE = "source"
    ADDRESS = "address"
    ENCODING = "encoding"
    UPWARD = "upward"
    SIGNATURE = "signature"


class Kind(StrEnum):
    """The kind of a line of a partner's file, with the attribute that holds what such lines say; settings are their own."""

    attribute: str

    def __new__(cls, kind: str, attribute: str = "") -> Self:
        member = str.__new__(cls, kind)
        member._value_, member.attribute = kind, attribute
        return member

    SETTING = "setting"
    COLUMN = "column", "columns"
    CATEGORY = "category", "categories"
    PLACE = "place", "places"
    ACT = "act", "acts"
    REASON = "reason", "reasons"
    ANSWER = "answer", "answers"
    STATUS = "status", "statuses"


_KEYS: dict[Kind, tuple[str, ...]] = {Kind.SETTING: tuple(Setting), Kind.COLUMN: FIELDS}
_VALUES: dict[Kind, tuple[str, ...]] = {Kind.ANSWER: ANSWERED, Kind.STATUS: tuple(Means)}
_SETTINGS: dict[Setting, tuple[str, ...]] = {
    Setting.UPWARD: tuple(YesNo),
    Setting.SOURCE: (Source.HOTLINE_12345, Source.PETITION),
    Setting.ENCODING: ("utf-8-sig", "gb18030"),
    Setting.SIGNATURE: ("", *SIGNATURES),
}


class Partner(Frozen):
    """`columns`: our field → the head of its column. The rest: its word → ours, or ours → its code."""

    name: str
    title: str
    source: Source | None = None  # None: no orders come from it
    upward: bool = False  # 上级平台: joint and difficult tickets are reported to it (docs/forms.md)
    address: str = ""  # where answers are sent; "" where it has no interface
    encoding: str = "utf-8-sig"  # of the answer file
    signature: str = ""  # the least version that is accepted of it; "": v1 (rule 63)
    columns: dict[str, str] = Field(default_factory=dict)
    categories: dict[str, str] = Field(default_factory=dict)  # its word → our category
    places: dict[str, str] = Field(default_factory=dict)  # its word → our place
    acts: dict[str, str] = Field(
        default_factory=dict
    )  # kind of our line of history → its code; only these go back
    statuses: dict[str, Means] = Field(default_factory=dict)  # by its word
    reasons: dict[str, str] = Field(default_factory=dict)  # our reason → its code; "" for every other
    answers: dict[str, str] = Field(
        default_factory=dict
    )  # the head of a column of the answer file → which of ANSWERED


def source_of(partner: Partner) -> Source:
    """The channel by which its orders come. Raises Invalid for one that sends none."""
    if partner.source is None:
        raise Invalid(f"{partner.title}不派单，只接收上报；请核对名称", fields=["name"])
    return partner.source


class Fault(NamedTuple):
    line: int
    reason: str


MOST_NAME = 40


def read_partner(name: str, content: bytes) -> Partner:
    """The partner in a CSV file of `kind,key,value`. Raises Invalid with every bad line, and for a name that is no plain word.

    The name stands in addresses, in names of files, of a secret and of keys: it leads nowhere else.
    """
    if not (name.replace("_", "").replace("-", "").isalnum() and len(name) <= MOST_NAME):
        fields = [{"file": f"{name}.csv", "line": 0, "reason": "文件名就是合作方的编号"}]
        raise Invalid(
            f"合作方的文件名只能用文字、数字、_ 和 -，最多{MOST_NAME}个字；请改名后再交", fields=fields
        )
    faults: list[Fault] = []
    given: dict[Kind, dict[str, str]] = {kind: {} for kind in Kind}
    for row in _rows(name, content):
        kind, key, value = (row.cells.get(column, "") for column in ("kind", "key", "value"))
        reason = SHIFTED if row.beyond else _wrong(kind, key, value, given)
        if reason:
            faults.append(Fault(row.line, reason))
        else:
            given[Kind(kind)][key] = value
    faults += [Fault(0, f"缺少 {what}") for what in _missing(given)]
    if faults:
        fields = [{"file": f"{name}.csv", "line": fault.line, "reason": fault.reason} for fault in faults]
        raise Invalid(f"{name}.csv 有 {len(faults)} 处错误，没有生效；请按列表修改", fields=fields)
    named = {kind.attribute: given[kind] for kind in Kind if kind.attribute}
    return Partner.model_validate({"name": name} | given[Kind.SETTING] | named)


def _wrong(kind: str, key: str, value: str, given: dict[Kind, dict[str, str]]) -> str:
    if kind not in set(Kind):
        return f"第一列应为 {'、'.join(Kind)} 之一"
    of = Kind(kind)
    keys, values = _KEYS.get(of), _VALUES.get(of)
    if keys and key not in keys:
        return f"{key} 不认识，应为 {'、'.join(sorted(keys))} 之一"
    if values and value not in values:
        return f"{value} 不认识，应为 {'、'.join(values)} 之一"
    if of is Kind.SETTING and (fault := _wrong_setting(Setting(key), value)):
        return f"{key} {fault}"
    return f"{key or '空'} 重复" if key in given[of] else ""


def _wrong_setting(setting: Setting, value: str) -> str | None:
    values = _SETTINGS.get(setting)
    if values and value not in values:
        return f"应为 {' 或 '.join(filter(None, values))}"
    return fault_of(value) if setting is Setting.ADDRESS and value else None


def _missing(given: dict[Kind, dict[str, str]]) -> list[str]:
    settings = given[Kind.SETTING]
    if settings.get(Setting.UPWARD) == YesNo.YES:
        wanted = {
            "setting title": settings.get(Setting.TITLE),
            "act reported_up": given[Kind.ACT].get("reported_up"),
        }
        return [what for what, known in wanted.items() if not known]
    lacking = [f"setting {key}" for key in (Setting.TITLE, Setting.SOURCE) if not settings.get(key)]
    return lacking + [f"column {field}" for field in REQUIRED if not given[Kind.COLUMN].get(field)]


def _rows(name: str, content: bytes) -> tuple[Row, ...]:
    """Raises Invalid that names the file."""
    columns = {"kind": ("种类",), "key": ("名称",), "value": ("值",)}
    try:
        return read_table(content, columns, ("kind", "key", "value")).rows
    except Unreadable as wrong:
        fields = [{"file": f"{name}.csv", "line": wrong.line, "reason": wrong.reason}]
        raise Invalid(f"{name}.csv：{wrong.message}", fields=fields) from wrong
