"""CSV as offices produce it: UTF-8 with and without its mark, GB18030, UTF-16; comma, tab, semicolon; any line ends; `sep=`."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator

from chalicelib.domain.patterns import regex
from chalicelib.domain.tables.grid import Grid, Line, Unreadable, line_of

SEPARATORS = (",", "\t", ";", "|")
SAVE_AS = "请在 Excel 或 WPS 里打开，另存为 XLSX 或 CSV UTF-8 后再试"
_NAMED = regex(r"sep=(.)\n", re.IGNORECASE)
_MARKED = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# What Excel puts around or before a cell so that it stays text, and what is invisible at its edges.
_AS_TEXT = regex(r'="(.*)"', re.DOTALL)
_NEW_LINE = regex("\r\n|[\r\v\f\x85\u2028\u2029]")  # what programs keep in a cell as the end of a line
EDGES = " \t\n\r\v\f\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff"
_END_OF_FILE = "\0\x1a"  # as DOS and full blocks of a disk leave it
_LONGEST_CELL = 131_072  # of Python's reader


def text_of(content: bytes) -> str:
    """The file's characters, its line ends as one kind. Raises Unreadable for what is no text."""
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding).rstrip(_END_OF_FILE)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise Unreadable(f"文件读不出来，不是表格或编码不认识；{SAVE_AS}")


def grids_of_text(text: str) -> Iterator[Grid]:
    """The file as each separator would part it; whoever knows the head knows which one it is.

    Raises Unreadable for quotes that do not close, when no separator reads the file.
    """
    named = _NAMED.match(text)
    separators = (named[1],) if named else _likely(text)
    body = text[named.end() :] if named else text
    wrong: Unreadable | None = None
    for separator in separators:
        try:
            yield Grid("", tuple(_lines(body, separator)))
        except Unreadable as unreadable:
            wrong = wrong or unreadable
    if wrong:
        raise wrong


_FORMULA = frozenset("=+-@")
_NOT_SEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Me", "Zs", "Zl", "Zp"})  # of Unicode's categories
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters that show nothing


def plain(cell: str) -> str:
    """A cell without blanks at its edges, and without Excel's marks of text: ="0012", '0012."""
    cell = cell.strip(EDGES)
    if not cell.isprintable():
        cell = _NEW_LINE.sub("\n", cell)
    if cell[:1] == "=" and (found := _AS_TEXT.fullmatch(cell)):
        return found[1].replace('""', '"').strip(EDGES)
    return cell[1:] if cell[:1] == "'" and is_marked(cell) else cell


def is_marked(cell: str) -> bool:
    """Whether it begins with the apostrophe by which Excel keeps a cell text."""
    if len(cell) < 2 or cell[0] != "'":
        return False
    return cell[1] == "'" or cell[1].isdigit() or begins_a_formula(cell[1:])


def begins_a_formula(cell: str) -> bool:
    """Whether a spreadsheet may run it: a Chinese one takes signs of any width too, and looks past what nobody sees."""
    first = next((sign for sign in cell if _is_seen(sign)), "")
    return unicodedata.normalize("NFKC", first) in _FORMULA


def _is_seen(sign: str) -> bool:
    return sign not in _FILLERS and unicodedata.category(sign) not in _NOT_SEEN


def _encodings(content: bytes) -> tuple[str, ...]:
    for mark, encoding in _MARKED:
        if content.startswith(mark):
            return (encoding,)
    start = content[:4000].rstrip(_END_OF_FILE.encode())
    if b"\0" in start:  # no text but UTF-16 without its mark has one
        return tuple(encoding for encoding in ("utf-16-le", "utf-16-be") if _has_lines(start, encoding))
    return ("utf-8", "gb18030")


def _has_lines(start: bytes, encoding: str) -> bool:
    text = start.decode(encoding, errors="ignore")
    return any(mark in text for mark in ("\n", "\r", *SEPARATORS))


def _likely(text: str) -> tuple[str, ...]:
    """The separators that occur at all, most often in the first lines first."""
    start = "\n".join(text.split("\n", 20)[:20])
    found = [separator for separator in SEPARATORS if separator in start]
    return tuple(sorted(found, key=start.count, reverse=True)) or (",",)


def _lines(text: str, separator: str) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number, widest = 0, 0
    while True:
        number += 1
        try:
            cells = next(reader, None)
        except csv.Error as wrong:
            too_long = "limit" in str(wrong)
            reason = f"有一格超过 {_LONGEST_CELL} 个字" if too_long else _UNPAIRED
            raise Unreadable(reason, number) from None
        if cells is None:
            return
        widest = max(widest, len(cells))
        if widest > 2 and any(_swallows(cell, separator, widest) for cell in cells if "\n" in cell):
            raise Unreadable(_UNPAIRED, number)
        if line := line_of(number, [plain(cell) for cell in cells]):
            yield line


_UNPAIRED = "引号不成对，后面的行被当成了同一格；请检查这一行的引号后重新保存"


def _swallows(cell: str, separator: str, widest: int) -> bool:
    """A line inside a cell that has as many cells as the table: a lonely quote has swallowed it."""
    return any(line.count(separator) + 1 >= widest for line in cell.split("\n"))
