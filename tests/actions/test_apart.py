"""A workbook that asks for more than there is ends the process that opens it, and is told of; nothing else ends."""

import gzip
import io
import struct
import zipfile

import pytest
import xlwt

from chalicelib.actions import apart
from chalicelib.domain.tables.grid import Unreadable
from chalicelib.domain.tables.packed_grids import MARK, unpack
from tests.domain.tables import zoo

ODS = """<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="a"><table:table-row table:number-rows-repeated="1000000">
<table:table-cell table:number-columns-repeated="1000" office:value-type="string"><text:p>x</text:p></table:table-cell>
</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""


def old_book(*cells):
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    for row, column in cells:
        sheet.write(row, column, "x")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def says_it_reaches_far():
    """DIMENSIONS 0x0200: the library makes room for what it says."""
    content = bytearray(old_book((0, 0)))
    struct.pack_into(
        "<IIHHH", content, content.find(struct.pack("<HH", 0x0200, 14)) + 4, 0, 0xFFFFFFFF, 0, 0xFFFF, 0
    )
    return bytes(content)


def repeats():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("content.xml", ODS.replace("\n", ""))
        made.writestr("META-INF/manifest.xml", '<?xml version="1.0"?><m/>')
    return out.getvalue()


def packed_as_ours():
    return MARK + gzip.compress(b"[" + b" " * 100_000_000)


@pytest.mark.parametrize(
    "make", [says_it_reaches_far, repeats, packed_as_ours], ids=lambda make: make.__name__
)
def test_what_says_much_in_little_is_told_as_too_large(make):
    content = make()
    assert len(content) < 120_000
    with pytest.raises(Unreadable) as told:
        unpack(apart.opened(content))
    assert any(words in told.value.reason for words in ("太大", "打不开", "很远的地方还有内容"))


def test_a_workbook_opens_there_as_here_and_sees_none_of_our_settings(monkeypatch):
    seen = {}
    import subprocess

    run = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda *args, **how: seen.update(how) or run(*args, **how))
    [grid] = unpack(apart.opened(zoo.xls([["编号", "内容"], ["1", "灯不亮"]])))
    assert [list(line.cells) for line in grid.lines] == [["编号", "内容"], ["1", "灯不亮"]]
    assert set(seen["env"]) == {"PYTHONPATH"}


def test_a_broken_workbook_is_told_as_it_is_here():
    with pytest.raises(Unreadable) as told:
        unpack(apart.opened(b"PK\x03\x04" + b"x" * 100))
    assert "打不开" in told.value.reason
