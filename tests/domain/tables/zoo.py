"""Files of every make that a Chinese office produces, of the same rows: what a person sees in each is those rows."""

import csv
import io
import re
import struct
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


def xlsb(rows, *, places=None, hidden=(), formats=()):
    """A binary workbook, which no library writes: [MS-XLSB]. `places`: (line, column, value) instead of rows, from 0.

    A value is text, a number, (a number, which of `formats`), or an error as bytes of its code. `hidden`: lines from 0.
    """
    cells = [(at, column, value) for at, row in enumerate(rows) for column, value in enumerate(row)]
    sheet, last = _record(129) + _record(148, bytes(16)) + _record(145), -1  # its extent is said to be A1
    for line, column, value in sorted(places or cells, key=lambda cell: cell[:2]):
        if line != last:
            shut = 0x10 if line in hidden else 0
            sheet += _record(0, struct.pack("<IIHBBB", line, 0, 300, 0, shut, 0) + struct.pack("<I", 0))
            last = line
        style = 0
        if isinstance(value, tuple):
            value, style = value[0], value[1] + 1
        start = struct.pack("<II", column, style)
        if isinstance(value, bytes):
            sheet += _record(11, start + value + struct.pack("<HI", 0, 0) + bytes(4))
        elif isinstance(value, str):
            sheet += _record(6, start + _wide(value))
        else:
            sheet += _record(5, start + struct.pack("<d", value))
    sheet += _record(146) + _record(130)
    book = (
        _record(131) + _record(143) + _record(156, struct.pack("<II", 0, 1) + _wide("rId1") + _wide("Sheet1"))
    )
    book += _record(144) + _record(132)
    styles = _record(615, struct.pack("<I", len(formats)))
    styles += b"".join(
        _record(44, struct.pack("<H", 170 + n) + _wide(code)) for n, code in enumerate(formats)
    )
    styles += _record(616) + _record(617, struct.pack("<I", len(formats) + 1)) + _record(47, bytes(16))
    styles += b"".join(_record(47, struct.pack("<HH", 0, 170 + n) + bytes(12)) for n in range(len(formats)))
    styles += _record(618)
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    of = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return zipped({
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{rels}"><Relationship Id="r" Type="{of}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
        "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{rels}"><Relationship Id="rId1" Type="{of}/worksheet" Target="worksheets/sheet1.bin"/></Relationships>',
        "xl/workbook.bin": book, "xl/worksheets/sheet1.bin": sheet, "xl/styles.bin": styles,
    })  # fmt: skip


def _record(kind, body=b""):
    size, written = len(body), b""
    while True:
        more = size >> 7
        written += bytes([size & 0x7F | (0x80 if more else 0)])
        size = more
        if not more:
            break
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + written + body


def _wide(text):
    written = text.encode("utf-16-le")
    return struct.pack("<I", len(written) // 2) + written


def ods(rows):
    """`rows` of texts, or of raw XML of a cell."""
    cells = "".join(
        "<table:table-row>" + "".join(
            value if value.startswith("<table:") else f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
            for value in row
        ) + "</table:table-row>" if not isinstance(row, str) else row
        for row in rows
    )  # fmt: skip
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"<office:document-content {names}><office:body><office:spreadsheet>"
        f'<table:table table:name="Sheet1">{cells}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    return zipped({
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content,
        "META-INF/manifest.xml": "<manifest:manifest xmlns:manifest='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'/>",
    })  # fmt: skip


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def zipped(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    return out.getvalue()


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
    "xlsb": xlsb,
    "ods": ods,
    "html saved as xls": html,
}


def formatted(rows, last):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for at in range(len(rows) + 1, last):
        book.active.cell(at, 1).number_format = "@"
    return saved(book)
