"""A partner 合作方: how it names things, as data (town/partners/<name>.csv). Its contract is docs/partners.md."""

from typing import NamedTuple

from pydantic import Field

from chalicelib.domain.errors import Invalid
from chalicelib.domain.model import Frozen
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
STATUSES = (
    "accepted",
    "assigned",
    "handling",
    "done",
    "returned",
    "instruction",
)  # what its words mean to us
_SOURCES = {Source.HOTLINE_12345, Source.PETITION}
SETTINGS = {"title", "source", "address", "encoding", "upward", "signature"}
SIGNATURES = ("v1", "v2")  # domain.partners.signatures


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
    statuses: dict[str, str] = Field(default_factory=dict)  # its word → one of STATUSES
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
    given: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    for row in _rows(name, content):
        kind, key, value = (row.cells.get(column, "") for column in ("kind", "key", "value"))
        reason = SHIFTED if row.beyond else _wrong(kind, key, value, given)
        if reason:
            faults.append(Fault(row.line, reason))
        else:
            given[kind][key] = value
    faults += [Fault(0, f"缺少 {what}") for what in _missing(given)]
    if faults:
        fields = [{"file": f"{name}.csv", "line": fault.line, "reason": fault.reason} for fault in faults]
        raise Invalid(f"{name}.csv 有 {len(faults)} 处错误，没有生效；请按列表修改", fields=fields)
    named = {attribute: given[kind] for kind, attribute in KINDS.items() if attribute}
    return Partner.model_validate({"name": name} | given["setting"] | named)


# By the kind of a line, the attribute that holds what such lines say; settings are attributes of their own.
KINDS = {
    "setting": "", "column": "columns", "category": "categories", "place": "places",
    "act": "acts", "reason": "reasons", "answer": "answers", "status": "statuses",
}  # fmt: skip


def _wrong(kind: str, key: str, value: str, given: dict[str, dict[str, str]]) -> str:
    if kind not in KINDS:
        return f"第一列应为 {'、'.join(KINDS)} 之一"
    allowed = {"setting": SETTINGS, "column": set(FIELDS)}.get(kind)
    if allowed and key not in allowed:
        return f"{key} 不认识，应为 {'、'.join(sorted(allowed))} 之一"
    if kind == "answer" and value not in ANSWERED:
        return f"{value} 不认识，应为 {'、'.join(ANSWERED)} 之一"
    if kind == "status" and value not in STATUSES:
        return f"{value} 不认识，应为 {'、'.join(STATUSES)} 之一"
    if (kind, key) == ("setting", "upward") and value not in ("yes", "no"):
        return "upward 应为 yes 或 no"
    if (kind, key) == ("setting", "source") and value not in _SOURCES:
        return "source 应为 hotline_12345 或 petition"
    if (kind, key) == ("setting", "encoding") and value not in ("utf-8-sig", "gb18030"):
        return "encoding 应为 utf-8-sig 或 gb18030"
    if (kind, key) == ("setting", "signature") and value not in ("", *SIGNATURES):
        return "signature 应为 v1 或 v2"
    if (kind, key) == ("setting", "address") and value and (fault := fault_of(value)):
        return f"address {fault}"
    return f"{key or '空'} 重复" if key in given[kind] else ""


def _missing(given: dict[str, dict[str, str]]) -> list[str]:
    if given["setting"].get("upward") == "yes":
        wanted = {
            "setting title": given["setting"].get("title"),
            "act reported_up": given["act"].get("reported_up"),
        }
        return [what for what, known in wanted.items() if not known]
    settings = [f"setting {key}" for key in ("title", "source") if not given["setting"].get(key)]
    return settings + [f"column {field}" for field in REQUIRED if not given["column"].get(field)]


def _rows(name: str, content: bytes) -> tuple[Row, ...]:
    """Raises Invalid that names the file."""
    columns = {"kind": ("种类",), "key": ("名称",), "value": ("值",)}
    try:
        return read_table(content, columns, ("kind", "key", "value")).rows
    except Unreadable as wrong:
        fields = [{"file": f"{name}.csv", "line": wrong.line, "reason": wrong.reason}]
        raise Invalid(f"{name}.csv：{wrong.message}", fields=fields) from wrong
