"""Files of every make that a Chinese office produces, of the same rows: what a person sees in each is those rows."""

import csv
import io
import re
import zipfile
from html import escape

import openpyxl
import xlwt


def text(rows, *, encoding="utf-8", separator=",", ends="\r\n", before=""):
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows(rows)
    return (before + out.getvalue()).replace("\n", ends).encode(encoding)


def xlsx(rows, *, title="Sheet1", hidden=()):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in hidden:
        book.create_sheet(name).sheet_state = "hidden"
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)
    book.active = len(hidden)
    return saved(book)


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(rows):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(at, column, value)
    return saved(book)


def html(rows):
    lines = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<html><meta charset=gbk><table>{lines}</table></html>".encode("gb18030")


def with_part(content, name, change):
    """The workbook with one of its parts changed: what other programs write and openpyxl does not."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            data = old.read(part)
            new.writestr(part, change(data) if part == name else data)
    return out.getvalue()


def with_dimension(content, extent):
    """As 腾讯文档 and Apache POI write it: an extent that is not that of the rows."""
    return with_part(
        content,
        "xl/worksheets/sheet1.xml",
        lambda sheet: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="%s"' % extent.encode(), sheet),
    )


MAKES = {
    "UTF-8": text,
    "UTF-8 with its mark": lambda rows: text(rows, encoding="utf-8-sig"),
    "GB18030": lambda rows: text(rows, encoding="gb18030"),
    "UTF-16, tabs": lambda rows: text(rows, encoding="utf-16", separator="\t"),
    "UTF-16 without its mark": lambda rows: text(rows, encoding="utf-16-le", separator="\t"),
    "tabs": lambda rows: text(rows, separator="\t"),
    "semicolons": lambda rows: text(rows, separator=";"),
    "sep=": lambda rows: text(rows, separator="|", before="sep=|\n"),
    "bars": lambda rows: text(rows, separator="|"),
    "CR alone": lambda rows: text(rows, ends="\r"),
    "LF": lambda rows: text(rows, ends="\n"),
    "blank lines between": lambda rows: b"\r\n\r\n" + text(rows) + b",,,\r\n" * 60_000,
    "xlsx": xlsx,
    "xlsx, extent A1": lambda rows: with_dimension(xlsx(rows), "A1"),
    "xlsx, extent too small": lambda rows: with_dimension(xlsx(rows), "A1:B2"),
    "xlsx, a hidden sheet in front": lambda rows: xlsx(rows, hidden=["参数"]),
    "xlsx, 60,000 formatted rows": lambda rows: formatted(rows, 60_000),
    "xls": xls,
    "html saved as xls": html,
}


def formatted(rows, last):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for at in range(len(rows) + 1, last):
        book.active.cell(at, 1).number_format = "@"
    return saved(book)
