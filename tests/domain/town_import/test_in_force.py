"""The town's tables in force can be had, changed and sent again; what survives LibreOffice, WPS and Excel is the same town."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest

from chalicelib.domain.town_import import in_force
from chalicelib.domain.town_import.files import read_town
from chalicelib.domain.town_import.from_town import tables_of
from chalicelib.domain.town_import.options import EVERY_FILE
from chalicelib.domain.town_import.sources import EXPLAINS, title_of
from tests.towns import SMALL, TODAY, sample_files, small_files

SAVED = Path(__file__).parents[2] / "fixtures" / "town"


def read(files):
    found = read_town(files, version="v", today=TODAY)
    assert found.errors == ()
    return found


def easily_spoiled():
    """A town whose cells a spreadsheet would change: 0012, 1-2, 1-5, 24:00, 12E3, lists over two lines."""
    places = SMALL["places"].replace("P41,", "0012,").replace("P42,", "1-2,").replace("SP,", "12E3,")
    places = places.replace("关港\n", '"关港，蓝湾\n老关港"\n')
    duty = SMALL["duty"].replace("08:00,18:00,,,,gw2", "00:00,24:00,1-5,2026-10-01,,gw2")
    duty += "ST,grid_worker,gw1,00:00,24:00,6;7,,,gw2\n"
    return small_files(places=places, duty=duty)


@pytest.mark.parametrize("files", [easily_spoiled, sample_files], ids=["easily spoiled", "sample"])
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_tables_in_force_sent_again_are_the_same_town(files, form):
    town = read(files())
    sent = (
        in_force.csv_files_of(town.text) if form == "csv" else {"town.xlsx": in_force.workbook_of(town.text)}
    )
    again = read(sent)
    assert (again.town, again.points) == (town.town, town.points)


@pytest.mark.parametrize(
    "files", [small_files, easily_spoiled, sample_files], ids=["small", "spoiled", "sample"]
)
def test_a_town_whose_files_were_not_kept_is_written_as_they_could_have_been(files):
    town = read(files())
    again = read(in_force.csv_files_of(tables_of(town.town, town.points)))
    assert (again.town, again.points) == (town.town, town.points)


@pytest.mark.parametrize("file", ["libreoffice.xlsx", "libreoffice.ods"])
def test_what_libreoffice_saved_of_them_is_the_same_town(file):
    """`easily_spoiled` as downloaded on 2026-11-29, and its workbook opened and saved by LibreOffice 7.4."""
    with zipfile.ZipFile(SAVED / "as-downloaded.zip") as archive:
        before = read({name: archive.read(name) for name in archive.namelist()})
    saved = read({file: (SAVED / file).read_bytes()})
    assert (saved.town, saved.points) == (before.town, before.points)
    assert [point.code for point in saved.points] == ["0012", "1-2", "12E3"]


@pytest.mark.nightly
@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_a_workbook_that_libreoffice_saves_now_is_the_same_town(kind, tmp_path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("needs LibreOffice (Debian: libreoffice-calc-nogui)")
    town = read(sample_files())
    (tmp_path / "town.xlsx").write_bytes(in_force.workbook_of(town.text))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    to = tmp_path / "out"
    command = [
        office,
        profile,
        "--headless",
        "--convert-to",
        kind,
        "--outdir",
        str(to),
        str(tmp_path / "town.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    saved = read({f"town.{kind}": (to / f"town.{kind}").read_bytes()})
    assert (saved.town, saved.points) == (town.town, town.points)


def test_every_cell_is_text_and_what_may_be_chosen_can_be_chosen():
    book = openpyxl.load_workbook(io.BytesIO(in_force.workbook_of(read(easily_spoiled()).text)))
    assert book.sheetnames[:2] == [EXPLAINS, "地点"]
    assert set(book.sheetnames[1:]) - {"lists"} == {title_of(name) for name in EVERY_FILE}
    assert book["lists"].sheet_state == "hidden"
    for sheet in book:
        filled = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in filled} <= {"s"}
    units = book["单位"]
    assert [cell.value for cell in units[1]] == ["编码*", "名称*", "类型*", "负责地点*", "电话"]
    (chosen,) = units.data_validations.dataValidation
    assert (str(chosen.sqref).split(":")[0], chosen.type) == ("C2", "list")


def test_every_table_has_a_title_of_its_own_in_chinese():
    titles = [title_of(name) for name in EVERY_FILE]
    assert len(set(titles)) == len(titles)
    assert not [title for title in titles if title.isascii()]


def test_csv_files_have_the_mark_by_which_excel_knows_their_encoding():
    files = in_force.csv_files_of(read(easily_spoiled()).text)
    assert all(content.startswith(b"\xef\xbb\xbf") for content in files.values())
    assert in_force.packed(files) == in_force.packed(files)
