"""The marks of a packed workbook, XLSX, XLSB or ODS, by its sheets: every part that may be one is measured before it is opened."""

import io
import zipfile

from chalicelib.domain.patterns import regex
from chalicelib.domain.tables import binary_marks, open_marks, xml_marks
from chalicelib.domain.tables.marks import Marks

_SHEETS = regex(r"xl/(?:work|chart|dialog|macro)sheets/[^/]*\.(?:xml|bin)")


def marks_of(content: bytes) -> dict[str, Marks]:
    """By sheet; nothing where the parts of the file are named unusually.

    Raises Unreadable for a sheet that holds something too far away, and of BROKEN for what is no such file.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = {
            name.lower(): name for name in packed.namelist()
        }  # the library too finds them in any letters
        if "content.xml" in names:
            return open_marks.marks_of(packed.read(names["content.xml"]))
        kind = "bin" if "xl/workbook.bin" in names else "xml"
        make = binary_marks if kind == "bin" else xml_marks
        styles, book, relations = (
            packed.read(names[part]) if part in names else b""
            for part in (f"xl/styles.{kind}", f"xl/workbook.{kind}", f"xl/_rels/workbook.{kind}.rels")
        )
        targets = _targets(relations)
        bases = {target.rpartition("/")[2] for target in targets.values()}
        codes = make.codes_of(styles) if styles else {}
        seen = {
            part: make.look(packed.read(name), codes)
            for part, name in names.items()
            if part.endswith(f".{kind}")
            and (_SHEETS.fullmatch(part) or (part.rpartition("/")[2] in bases and _may_be_sheet(part)))
        }
    named = make.sheets_of(book) if book else []
    return {name: seen[part] for name, ident in named if (part := _part(targets.get(ident, ""))) in seen}


def _may_be_sheet(part: str) -> bool:
    """What a workbook names beside its sheets is no sheet, wherever it lies."""
    return not part.rpartition("/")[2].startswith(("sharedstrings.", "styles.", "workbook."))


def _targets(relations: bytes) -> dict[str, str]:
    """By their ids, the parts that the workbook names, in small letters."""
    from xml.etree import ElementTree

    if not relations:
        return {}
    return {each.get("Id", ""): each.get("Target", "").lower() for each in ElementTree.fromstring(relations)}


def _part(target: str) -> str:
    target = target.lstrip("/")
    return target if target.startswith("xl/") else f"xl/{target}"
