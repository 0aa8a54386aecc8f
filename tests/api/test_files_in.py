"""Every door by which a file comes in: a packed one is opened by `run_job` alone, and only whoever sent it waits."""

import base64
import zipfile

import pytest

from chalicelib.api.http import RequestBody
from chalicelib.domain.town.partner import read_partner
from chalicelib.store.partners import partners
from tests.domain.tables import zoo
from tests.service import one_service
from tests.towns import SAMPLE

service = one_service
DESK, ADMIN = "gglw-fc1", "town-admin"
BOOK = zoo.xlsx([["工单编号", "诉求内容"], ["SH-1", "路灯坏了三天"]])
FILE = {"file": base64.b64encode(BOOK).decode()}
FILES = {"files": {"units.xlsx": FILE["file"]}}
PARTNERS = {"files": {"hotline.csv": FILE["file"]}}
# Of each body that takes a file: which path reads it, as whom, and what is sent.
DOORS = {
    "TownBody": ("/admin/town/plan", ADMIN, FILES),
    "TownYesBody": ("/admin/town", ADMIN, FILES | {"plan": "P"}),
    "PartnersBody": ("/admin/partners/plan", ADMIN, PARTNERS),
    "PartnersYesBody": ("/admin/partners", ADMIN, PARTNERS | {"plan": "P"}),
    "OrderFileBody": ("/desk/partners/hotline/orders", DESK, FILE),
    "StatusFileBody": ("/desk/partners/huizhili/statuses", DESK, FILE),
    "FormBody": ("/desk/tickets/{ticket}/form", DESK, FILE),
}
every_door = pytest.mark.parametrize("door", DOORS)


@pytest.fixture(scope="module")
def ticket(service):
    for name in ("hotline", "huizhili"):
        partners.save(read_partner(name, (SAMPLE / "partners" / f"{name}.csv").read_bytes()))
    return service.report("楼道灯坏了").body["id"]


def send(service, ticket, door):
    path, who, body = DOORS[door]
    service.jobs_lambda.asked.clear()
    return service.post(path.format(ticket=ticket), body, service.staff(who))


def all_of(kind):
    return {kind, *(each for sub in kind.__subclasses__() for each in all_of(sub))}


def test_the_table_of_doors_is_whole(service):
    takes = {body.__name__ for body in all_of(RequestBody) if {"file", "files"} & set(body.model_fields)}
    assert takes == set(DOORS)


@every_door
def test_a_packed_file_is_opened_by_the_job_function_and_nowhere_else(service, ticket, door, monkeypatch):
    begin = zipfile.ZipFile.__init__

    def guarded(self, *given, **more):
        assert service.jobs_lambda.is_running, "the API function opens a packed file"
        begin(self, *given, **more)

    monkeypatch.setattr(zipfile.ZipFile, "__init__", guarded)
    answer = send(service, ticket, door)
    assert answer.status < 500, answer.raw
    assert service.jobs_lambda.asked == ["form" if door == "FormBody" else "table"]


@every_door
def test_a_file_that_took_too_long_is_said_so_and_may_come_again(service, ticket, door):
    service.jobs_lambda.fails = True
    try:
        answer = send(service, ticket, door)
    finally:
        service.jobs_lambda.fails = False
    assert (answer.status, answer.code) == (503, "try_again")
    assert "文件没有打开" in answer.body["message"]


def test_text_is_read_where_it_comes_in(service, ticket):
    service.jobs_lambda.asked.clear()
    body = {"file": base64.b64encode("工单编号,诉求内容\nSH-2,路灯坏了\n".encode()).decode()}
    assert service.post("/desk/partners/hotline/orders", body, service.staff(DESK)).status == 202
    assert service.jobs_lambda.asked == []


def test_nobody_without_the_right_has_a_file_opened(service, ticket):
    service.jobs_lambda.asked.clear()
    for door in DOORS:
        path, _, body = DOORS[door]
        for token in ("", service.resident(), service.staff("pm-shjy-a")):
            assert service.post(path.format(ticket=ticket), body, token).status in (401, 403)
    assert service.jobs_lambda.asked == []
