"""A form 反馈表 that came back, read as what is said anew: every bad cell by its name, and then nothing of it holds."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from chalicelib.domain.errors import Invalid
from chalicelib.domain.forms.cells import (
    FIRST_HEAD,
    FIRST_LINE,
    SO_FAR_ROW,
    fixed_cells,
    joined_cells,
    rows_of,
)
from chalicelib.domain.forms.form import Filled, Form, Line, Said
from chalicelib.domain.patterns import regex
from chalicelib.domain.tables.dialect import EDGES
from chalicelib.domain.tables.instants import read_day

NUMBER_CELL, VERSION_CELL = "B3", "D3"
SHORTEST, LONGEST = 2, 2000  # characters of what is said, as of every other note
_CONTROL = regex(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ufffe\uffff]")
_MOVING = ("办结时限",)  # the machine may compute it anew without a new version of the ticket
Value = str | int | float | date | datetime | None
Sheet = Mapping[str, Value]  # by the cell's name; empty ones are left out


class Fault(NamedTuple):
    cell: str
    message: str


class Returned(NamedTuple):
    """A form that came back. `joined`: cells made one, as B8:D8; `faults`: cells that hold no plain value.

    `name_of`: a cell's name as whoever has the file sees it; a table of Word shows no letters and numbers.
    """

    cells: Sheet
    joined: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    name_of: Callable[[str], str] = str

    @property
    def digest(self) -> str:
        told = "\n".join(f"{cell}={_text(value)}" for cell, value in sorted(self.cells.items()))
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def made_from(returned: Returned, *, number: str, latest: int) -> int:
    """The version of the ticket that the form was made from. Raises Invalid for another ticket's, or no form of ours."""
    said, version = _text(returned.cells.get(NUMBER_CELL)), _text(returned.cells.get(VERSION_CELL))
    faults = []
    if said != number:
        faults.append(Fault(NUMBER_CELL, f"工单编号应为 {number}，现在是“{said[:30] or '空'}”"))
    if not (version.isascii() and version.isdigit() and 1 <= int(version[:9]) <= latest):
        faults.append(Fault(VERSION_CELL, "工单版本被改动"))
    if faults:
        advice = "请核对是不是这张工单的反馈表，或重新下载填写；现在没有作任何改动"
        raise refused(faults, advice, name=returned.name_of)
    return int(version)


def read_form(
    returned: Returned, form: Form, *, version: int, today: date, printed: Sequence[Line] | None = None
) -> Filled:
    """What is new on a form that came back, beside what its lines showed when it was made (`printed`; those of today).

    Raises Invalid with every bad cell, and when nothing is new.
    """
    sheet, known = returned.cells, joined_cells(form)
    name = returned.name_of
    faults = [*returned.faults, *_touched(sheet, form, {fault.cell for fault in returned.faults}, version)]
    faults += [
        Fault(cells.partition(":")[0], f"合并了单元格 {cells}，请取消合并")
        for cells in returned.joined
        if cells not in known
    ]
    said = []
    for (row, line), shown in zip(rows_of(form), printed or form.lines, strict=True):
        try:
            new = _opinion_of(sheet, row, line, shown, form.received_on, today)
        except _BadCell as bad:
            faults.append(bad.fault)
        else:
            said += [new] if new else []
    if faults:
        raise refused(faults, name=name)
    if not said:
        raise Invalid("表里没有新填的意见或结论，没有可交回的内容", fields=["file"])
    return Filled(digest=returned.digest, version=version, said=tuple(said))


def refused(
    faults: Iterable[Fault],
    advice: str = "请改好后再交回，现在没有作任何改动",
    name: Callable[[str], str] = str,
) -> Invalid:
    """「C7：…」, each bad cell by the name that its file gives it."""
    listed = sorted({fault.cell: fault for fault in reversed(list(faults))}.values())
    named = [Fault(name(fault.cell), fault.message) for fault in listed]
    words = "；".join(f"{fault.cell}：{fault.message}" for fault in named[:10])
    more = f"等 {len(listed)} 处" if len(listed) > 10 else ""
    return Invalid(f"{words}{more}。{advice}", fields=[fault._asdict() for fault in named[:200]])


class _BadCell(Exception):
    def __init__(self, cell: str, message: str) -> None:
        super().__init__(message)
        self.fault = Fault(cell, message)


def _opinion_of(
    sheet: Sheet, row: int, line: Line, shown: Line, received_on: date, today: date
) -> Said | None:
    text = _opinion(f"B{row}", sheet.get(f"B{row}"))
    on = _day(f"D{row}", sheet.get(f"D{row}"), received_on, today)
    if text in (_same(shown.text), _same(line.text)):
        if on not in (None, shown.on, line.on):
            raise _BadCell(f"B{row}", "只填了日期，没有新的内容")
        return None
    if not text:
        raise _BadCell(f"B{row}", "原有内容被删掉了；请补上，或重新下载")
    return Said(line=line, text=text, on=on if on and on != shown.on else today)


def _opinion(cell: str, value: Value) -> str:
    text = _text(value)
    if isinstance(value, date | datetime):
        raise _BadCell(cell, "这里应填文字，不是日期")
    if text and not SHORTEST <= len(text) <= LONGEST:
        raise _BadCell(cell, f"应为 {SHORTEST} 到 {LONGEST} 个字，现在是 {len(text)} 个字")
    if _CONTROL.search(str(value or "")):
        raise _BadCell(cell, "含有不能显示的字符，请删掉后重填")
    return text


def _day(cell: str, value: Value, received_on: date, today: date) -> date | None:
    """The first and the last day still count."""
    if value is None or value == "":
        return None
    try:
        on = value.date() if isinstance(value, datetime) else value
        on = on if isinstance(on, date) else read_day(_text(value))
    except (ValueError, OverflowError):
        raise _BadCell(cell, "日期看不懂，应如 2026-11-23") from None
    if not received_on <= on <= today:
        raise _BadCell(cell, f"日期应在 {received_on} 到 {today} 之间")
    return on


def _touched(sheet: Sheet, form: Form, broken: set[str], version: int) -> list[Fault]:
    """Printed cells that were changed, and words where no field is: they would be lost without a word."""
    message = (
        "这一格不能改动，请恢复原样或重新下载"
        if version == form.version
        else "与工单现在的内容不一致：这一格被改过，或工单在下载之后有变化，请重新下载填写"
    )
    printed = fixed_cells(form)
    filled = {f"{column}{row}" for row, _ in rows_of(form) for column in "BD"}
    signed = {f"{column}{FIRST_LINE + len(form.lines)}" for column in "ABCD"}  # for ink, not for us
    moving = {f"B{SO_FAR_ROW}", VERSION_CELL} | signed | _cells_of(form, _MOVING)
    changed = [
        Fault(cell, message)
        for cell, value in printed.items()
        if cell not in moving | broken and _text(sheet.get(cell)) != _same(value)
    ]
    beside = [
        Fault(cell, "这里不是填写的地方，请移到黄色格内")
        for cell, value in sheet.items()
        if cell not in printed and cell not in filled and cell not in moving and _text(value)
    ]
    return changed + beside


def _cells_of(form: Form, labels: tuple[str, ...]) -> set[str]:
    return {
        f"{'BD'[at % 2]}{FIRST_HEAD + at // 2}" for at, (label, _) in enumerate(form.heads) if label in labels
    }


def _text(value: Value) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else _same(str(value))


def _same(text: str) -> str:
    """Spreadsheets end lines in their own way, and hold no control characters."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("_x000D_", "").replace("\r", "\n")).strip(
        EDGES
    )
