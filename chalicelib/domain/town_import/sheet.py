"""Reading one spreadsheet of the town: bytes to rows of values, every fault with its line, column and reason."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from chalicelib.domain.model import Frozen
from chalicelib.domain.tables.cells import check_sound
from chalicelib.domain.tables.grid import Grid, Unreadable
from chalicelib.domain.tables.reading import SHIFTED, Table, table_in
from chalicelib.domain.tables.reading import Row as TableRow
from chalicelib.domain.town_import.columns import Column
from chalicelib.domain.town_import.options import EVERY_FILE

MOST_ROWS = 30_000
_MOST_NAMED = 10  # lines, in a note

Rows = tuple[tuple[str, ...], ...]


class RowError(Frozen):
    """One fault, for the clerk. `line` counts as the spreadsheet does: the header is line 1; 0 is the whole file."""

    file: str
    line: int
    column: str
    reason: str


class Row(NamedTuple):
    """A line's values by column code. Empty cells and cells that could not be read are absent."""

    line: int
    values: dict[str, Any]


class Sheet:
    """One file being read: its rows, and what is wrong with it."""

    def __init__(self, name: str, file: str = "") -> None:
        self.file = file or f"{name}.csv"
        self.columns = EVERY_FILE[name]
        self.rows: list[Row] = []
        self.text: Rows = ()  # as it was written, the codes of its columns first
        self.errors: list[RowError] = []
        self.notes: list[str] = []  # lines that were passed over, and those that nobody sees in the file
        self._refused: set[tuple[int, str]] = set()

    def refuse(self, line: int, column: str, reason: str) -> None:
        self.errors.append(RowError(file=self.file, line=line, column=column, reason=reason))
        self._refused.add((line, column))

    def is_refused(self, row: Row, column: str) -> bool:
        return (row.line, column) in self._refused

    @property
    def is_unreadable(self) -> bool:
        """Not even the header could be trusted: what else this file and those that point to it lack is not known."""
        return not self.rows and bool(self.errors)

    def values(self, column: str) -> set[Any]:
        return {row.values[column] for row in self.rows if column in row.values}


def read_sheet(name: str, grids: Iterator[Grid], file: str = "") -> Sheet:
    """The rows of a file. Faults of single cells leave the row standing, so that one fault does not cause ten others."""
    sheet = Sheet(name, file)
    names = {column.code: (column.chinese,) for column in sheet.columns}
    required = [column.code for column in sheet.columns if column.required]
    try:
        table = table_in(grids, names, required, most_rows=MOST_ROWS)
    except Unreadable as wrong:
        sheet.refuse(wrong.line, "", wrong.reason)
        return sheet
    if _is_head_sound(sheet, table):
        sheet.rows = [_row(sheet, row, table.columns) for row in table.rows]
        written = (tuple(row.cells.get(code, "") for code in table.columns) for row in table.rows)
        sheet.text = (table.columns, *written)
        sheet.notes = _notes(sheet.file, table)
    return sheet


def _notes(file: str, table: Table) -> list[str]:
    """What whoever sent the file would not expect of it, in sentences. Titles above the head are nothing to be told."""
    passed: dict[str, list[int]] = {}
    for each in table.passed:
        if each.line > table.head_line:
            passed.setdefault(each.why, []).append(each.line)
    told = [f"{file} {_lines(lines)}没有读：{why}" for why, lines in passed.items()]
    hidden = [row.line for row in table.rows if row.is_hidden]
    return told + ([f"{file} {_lines(hidden)}在表里是隐藏的（筛选或手工隐藏），也照读了"] if hidden else [])


def _lines(numbers: Sequence[int]) -> str:
    named = "、".join(map(str, numbers[:_MOST_NAMED]))
    return f"第 {named} 行" if len(numbers) <= _MOST_NAMED else f"第 {named} 等 {len(numbers)} 行"


def _is_head_sound(sheet: Sheet, table: Table) -> bool:
    """Without a sound head no cell can be trusted."""
    before, line = len(sheet.errors), max(table.head_line, 1)
    if not table.columns:
        sheet.refuse(1, "", "没有找到列名；列名要在前十五行之内，可以用：" + _allowed(sheet))
        return False
    for position, name in table.unknown:
        sheet.refuse(line, name or f"第 {position + 1} 列", f"没有这一列，可以用：{_allowed(sheet)}")
    for code in table.twice:
        sheet.refuse(line, code, "这一列出现了两次，请删去一列")
    for column in sheet.columns:
        if column.code in table.missing:
            sheet.refuse(line, column.code, f"缺少必需的列 {column.code}（{column.chinese}）")
    for other in table.beside:
        sheet.refuse(0, "", f"工作表“{other}”也是这张表，请只留一张")
    return len(sheet.errors) == before


def _allowed(sheet: Sheet) -> str:
    return "、".join(f"{column.chinese}（{column.code}）" for column in sheet.columns)


def _row(sheet: Sheet, row: TableRow, present: Sequence[str]) -> Row:
    if row.beyond:
        sheet.refuse(row.line, "", SHIFTED)
    values: dict[str, Any] = {}
    for column in sheet.columns:
        if column.code not in present:
            continue
        try:
            values.update(_value(column, row.cells.get(column.code, "")))
        except ValueError as fault:
            sheet.refuse(row.line, column.code, str(fault))
    return Row(row.line, values)


def _value(column: Column, cell: str) -> dict[str, Any]:
    if not cell:
        if column.required:
            raise ValueError(f"“{column.chinese}”不能为空")
        return {}
    if len(cell) > column.longest:
        raise ValueError(f"内容超过 {column.longest} 个字，请缩短")
    if any(ord(character) < 32 and character not in "\n\r\t" for character in cell):
        raise ValueError("有看不见的控制字符，请删掉重新输入")
    return {column.code: column.parse(check_sound(cell))}
