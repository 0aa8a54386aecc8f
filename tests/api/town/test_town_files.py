"""下载现行资料: what an administrator gets is the town in force, and sent again it changes nothing."""

import base64
import io
import zipfile

import pytest

from chalicelib.store import keys, table
from chalicelib.store.table import Table
from chalicelib.store.town import directory
from infra.local import town_files
from tests.towns import sample_files

ADMIN, DESK = "town-admin", "gglw-fc1"
FILES = sorted(name for name, content in sample_files().items() if len(content.splitlines()) > 1)


def encoded(files):
    return {name: base64.b64encode(content).decode() for name, content in files.items()}


def content_of(answer):
    assert answer.status == 200, answer.raw
    return base64.b64decode(answer.body["file"])


def test_the_workbook_sent_again_changes_nothing_and_a_changed_one_is_in_force(service):
    admin = service.staff(ADMIN)
    book = content_of(service.get("/admin/town/files", admin))
    before = directory.town().version
    same = service.post("/admin/town/plan", {"files": encoded({"town.xlsx": book})}, admin)
    assert same.body == {"unchanged": True}
    again = service.post("/admin/town", {"files": encoded({"town.xlsx": book}), "plan": "x"}, admin)
    assert (again.body["unchanged"], directory.town().version) == (True, before)


def test_a_town_that_was_imported_before_its_files_were_kept_can_be_had_all_the_same(service):
    admin, version = service.staff(ADMIN), directory.town().version
    kept = list(table.query_all(Table.WORK, keys.town_pk(version), begins=keys.TOWN_TEXT))
    assert kept
    table.batch_write(Table.WORK, deletes=[(item["PK"], item["SK"]) for item in kept])
    book = content_of(service.get("/admin/town/files", admin))
    same = service.post("/admin/town/plan", {"files": encoded({"town.xlsx": book})}, admin)
    assert same.body == {"unchanged": True}


def test_the_csv_files_come_as_one_archive_of_those_in_force(service):
    answer = service.get("/admin/town/files?form=csv", service.staff(ADMIN))
    assert answer.body["name"].endswith(".zip")
    with zipfile.ZipFile(io.BytesIO(content_of(answer))) as archive:
        assert sorted(archive.namelist()) == FILES
        assert "华泾镇" in archive.read("places.csv").decode("utf-8-sig")


def test_another_form_is_refused_and_others_may_not_have_them(service):
    assert service.get("/admin/town/files?form=pdf", service.staff(ADMIN)).status == 422
    assert service.get("/admin/town/files", service.staff(DESK)).status == 403


def test_which_tables_there_are_is_told_with_the_town(service):
    tables = service.get("/admin/town", service.staff(ADMIN)).body["tables"]
    assert {"name": "duty", "title": "值班", "needed": True} in tables
    assert {"name": "topics", "title": "话题", "needed": False} in tables


@pytest.mark.parametrize(("form", "files"), [("xlsx", ["town.xlsx"]), ("csv", FILES)])
def test_the_command_writes_them_into_an_empty_folder_only(service, tmp_path, form, files):
    to = tmp_path / "town"
    town_files.write(to, form)
    assert sorted(file.name for file in to.iterdir()) == files
    with pytest.raises(FileExistsError):
        town_files.write(to, form)
