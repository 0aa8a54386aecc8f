"""Reading one spreadsheet of the town: bytes to rows of values, every fault with its line, column and reason."""

import csv
import io
from collections.abc import Iterator
from typing import Any, NamedTuple

from chalicelib.domain.model import Frozen
from chalicelib.domain.town_import.columns import Column
from chalicelib.domain.town_import.options import EVERY_FILE

MOST_BYTES = 4 * 1024 * 1024  # of one file; a request through API Gateway may carry 10 MB, in base64
MOST_ROWS = 30_000
_SAVE_AS = "请在 Excel 或 WPS 里选“另存为”，类型选“CSV UTF-8（逗号分隔）”，再导入一次"


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

    def __init__(self, name: str) -> None:
        self.file = f"{name}.csv"
        self.columns = EVERY_FILE[name]
        self.rows: list[Row] = []
        self.errors: list[RowError] = []
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


def read_sheet(name: str, content: bytes) -> Sheet:
    """The rows of a file. Faults of single cells leave the row standing, so that one fault does not cause ten others."""
    sheet = Sheet(name)
    decoded = _decode(sheet, content)
    if decoded is None:
        return sheet
    lines = _lines(sheet, decoded)
    header = next(lines, None)
    if header is None:
        sheet.refuse(1, "", "文件是空的，第一行要有列名")
        return sheet
    columns = _columns(sheet, header[1])
    if columns is not None:
        sheet.rows = [_row(sheet, line, cells, columns) for line, cells in lines if any(cells)]
    return sheet


def _decode(sheet: Sheet, content: bytes) -> str | None:
    reason = ""
    if len(content) > MOST_BYTES:
        reason = f"文件超过 {MOST_BYTES // 1024 // 1024} MB，请删去不用的行，或联系技术人员分批整理"
    elif content.startswith(b"PK\x03\x04"):
        reason = f"这是 Excel 工作簿，不是 CSV。{_SAVE_AS}"
    else:
        try:
            decoded = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            reason = f"文件不是 UTF-8 编码（多半是 GBK）。{_SAVE_AS}"
        else:
            if "\0" not in decoded:
                return decoded
            reason = f"文件里有不可识别的字符。{_SAVE_AS}"
    sheet.refuse(0, "", reason)
    return None


def _lines(sheet: Sheet, decoded: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(decoded, newline=""), strict=True)
    line = 1
    try:
        for count, cells in enumerate(reader):
            if count > MOST_ROWS:
                sheet.refuse(line, "", f"超过 {MOST_ROWS} 行，请分成更小的镇表")
                return
            yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error:
        sheet.refuse(line, "", "这一行的引号不成对，请检查后重新保存")


def _columns(sheet: Sheet, header: list[str]) -> list[Column] | None:
    """The header's columns, or None: without a sound header no cell can be trusted."""
    known = {name: column for column in sheet.columns for name in (column.code, column.chinese)}
    while header and not header[-1]:
        header = header[:-1]  # spreadsheets append empty columns
    before = len(sheet.errors)
    for position, name in enumerate(header):
        if name not in known:
            allowed = "、".join(column.code for column in sheet.columns)
            sheet.refuse(1, name or f"第 {position + 1} 列", f"没有这一列，可以用：{allowed}")
    columns = [known[name] for name in header if name in known]
    for column in sheet.columns:
        if columns.count(column) > 1:
            sheet.refuse(1, column.code, "这一列出现了两次，请删去一列")
        if column.required and column not in columns:
            sheet.refuse(1, column.code, f"缺少必需的列 {column.code}（{column.chinese}）")
    return columns if len(sheet.errors) == before else None


def _row(sheet: Sheet, line: int, cells: list[str], columns: list[Column]) -> Row:
    if any(cells[len(columns) :]):
        sheet.refuse(line, "", "这一行的单元格比列名多；内容里有逗号时，要用英文双引号括起来")
    values: dict[str, Any] = {}
    for column, cell in zip(columns, cells + [""] * len(columns), strict=False):
        try:
            values.update(_value(column, cell))
        except ValueError as fault:
            sheet.refuse(line, column.code, str(fault))
    return Row(line, values)


def _value(column: Column, cell: str) -> dict[str, Any]:
    if not cell:
        if column.required:
            raise ValueError(f"“{column.chinese}”不能为空")
        return {}
    if len(cell) > column.longest:
        raise ValueError(f"内容超过 {column.longest} 个字，请缩短")
    if any(ord(character) < 32 and character not in "\n\r\t" for character in cell):
        raise ValueError("有看不见的控制字符，请删掉重新输入")
    return {column.code: column.parse(cell)}
