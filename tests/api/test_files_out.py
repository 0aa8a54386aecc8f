"""What the product writes survives Excel: names of digits stay text, nothing is computed, and beside every CSV there is a workbook.

The routes are walked: one that answers a file and is not among those tried here is a failure.
"""

import ast
import base64
import csv
import inspect
import io
import zipfile
from datetime import date

import openpyxl
import pytest

from app import app
from chalicelib.domain.figures import exporting, figures
from chalicelib.domain.tables import writing
from chalicelib.domain.town.partner import read_partner
from chalicelib.domain.town_import import in_force
from chalicelib.store.partners import partners
from tests.towns import SAMPLE

HOSTILE = ("20261128000000000123", "0012345", "=1+1", "@SUM(1)", "+86138", "-1", "1-5", "24:00")
ADMIN, DESK = "town-admin", "gglw-fc1"
FILES = {
    ("/admin/town/files", "GET"),
    ("/desk/partners/{name}/answers", "GET"),
    ("/desk/figures/export", "GET"),
    ("/desk/figures/workbook", "GET"),
    ("/staff/tickets/{ticket_id}/form", "GET"),
    ("/staff/tickets/{ticket_id}/form/document", "GET"),
}
CSV_WITH_ITS_TWIN = {
    "/admin/town/files?form=csv": "/admin/town/files?form=xlsx",
    "/desk/partners/hotline/answers?form=csv": "/desk/partners/hotline/answers?form=xlsx",
    "/desk/figures/export": "/desk/figures/workbook",
}


def test_every_route_that_answers_a_file_is_tried_here():
    assert {(path, method) for path, method in routes() if answers_a_file(path, method)} == FILES


def routes():
    return [(path, method) for path, methods in app.routes.items() for method in methods]


def answers_a_file(path, method):
    view = inspect.unwrap(app.routes[path][method].view_function)
    source = inspect.getsource(view)
    called = {node.id for node in ast.walk(ast.parse(inspect.cleandoc(source))) if isinstance(node, ast.Name)}
    return "b64encode" in source or "csv_of" in called or "workbook_of" in called


@pytest.mark.parametrize(("table", "workbook"), CSV_WITH_ITS_TWIN.items())
def test_beside_every_csv_there_is_a_workbook_of_the_same_table(service, table, workbook):
    partners.save(read_partner("hotline", (SAMPLE / "partners" / "hotline.csv").read_bytes()))
    who = service.staff(ADMIN if "admin" in table else DESK)
    (text, *_), (book, *_) = tables_of(service.get(table, who)), tables_of(service.get(workbook, who))
    assert text[0] == book[0]
    assert len(text) == len(book)


def tables_of(answer):
    """The tables of an answered file, each as lines of text; the sheet that explains is none."""
    assert answer.status == 200, answer.raw
    if not answer.raw.startswith(b"{"):
        return [list(csv.reader(io.StringIO(answer.raw.decode("utf-8-sig"))))]
    content = base64.b64decode(answer.body["file"])
    if answer.body["name"].endswith(".csv"):
        return [list(csv.reader(io.StringIO(content.decode("gb18030"))))]
    if answer.body["name"].endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [
                list(csv.reader(io.StringIO(archive.read(n).decode("utf-8-sig")))) for n in archive.namelist()
            ]
    book = checked(content)
    names = [name for name in book.sheetnames if name not in ("说明", "lists")]
    return [
        [["" if cell is None else str(cell) for cell in row] for row in book[name].values] for name in names
    ]


def checked(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in book:
        assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        if sheet.sheet_state == "visible":
            assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("landscape", 1)
    return book


def test_what_looks_like_a_number_or_a_formula_is_text_in_every_workbook():
    measure = {"numerator": 1, "denominator": 3}
    row = figures._row(HOSTILE[0], HOSTILE[2], {"received": 3, "ended.closed": 1}, date(2026, 11, 23))
    fed_back = dict.fromkeys(("by_person", "by_machine", "by_typing"), 1)
    row["indicators"] = {"feedback": measure | fed_back, "satisfied": measure | {"asked": 3}}
    text = {"units": (("code", "name", "kind", "area"), *(("U", each, "物业", "A") for each in HOSTILE))}
    books = [
        writing.xlsx_of([writing.Sheet("t", [["头"], *([each] for each in HOSTILE)])]),
        exporting.workbook_of({"rows": [row], "total": row}),
        in_force.workbook_of(text),
    ]
    for content in books:
        cells = [cell for sheet in checked(content) for line in sheet.iter_rows() for cell in line]
        found = {cell.value: cell.data_type for cell in cells if cell.value in HOSTILE}
        assert HOSTILE[0] in found or HOSTILE[1] in found
        assert set(found.values()) == {"s"}
    sheet = openpyxl.load_workbook(io.BytesIO(books[1])).active
    named = exporting.NAMES["feedback"]
    assert [cell.value for cell in sheet[1]][4:7] == [f"{named}（{part}）" for part in ("分子", "分母", "%")]
    assert [cell.value for cell in sheet[2]][:7] == [HOSTILE[0], HOSTILE[2], 3, 1, 1, 3, 33.3]


@pytest.mark.parametrize(("n", "of", "share"), [(0, 0, None), (0, 3, 0.0), (1, 3, 33.3), (3, 3, 100.0)])
def test_a_percentage_stands_beside_what_it_is_made_of(n, of, share):
    assert exporting.with_share({"numerator": n, "denominator": of}) == (n, of, share)


def test_an_unknown_kind_of_file_is_refused(service):
    assert service.get("/admin/town/files?form=ods", service.staff(ADMIN)).status == 422
    assert service.get("/desk/partners/hotline/answers?form=ods", service.staff(DESK)).status == 422
