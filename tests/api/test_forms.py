"""反馈表 over the routes: printed, downloaded, filled in by hand, handed in once, wholly or not at all."""

import base64
import io
from datetime import timedelta
from itertools import count

import pytest
from docx import Document
from openpyxl import load_workbook

from chalicelib.actions.tickets import escalating
from chalicelib.store.identity import audit
from chalicelib.store.town import directory
from tests.api.unchanged import everything, is_clear
from tests.service import one_service

service = one_service
DESK, LEADER, HANDLER, POLICE, STRANGER = "gglw-fc1", "gglw-leader", "of-cj-a", "da-jj-a", "of-ys-a"
ELSEWHERE = "hjb-fc1"
LEAD, ASSISTING = "OF-CJ", "DA-JJ"
NAME, PHONE = "王阿姨", "13800001111"
_NEW = count(1)


def joint(service):
    """A joint ticket of somebody new: the works centre leads, the traffic police assist."""
    for code in (DESK, LEADER, HANDLER, POLICE, STRANGER, ELSEWHERE):
        service.staff(code)
    who, contact = service.resident(f"resident {next(_NEW)}"), {"name": NAME, "phone": PHONE}
    ticket_id = service.report("喇叭整夜响，睡不着", token=who, contact=contact).body["id"]
    assert service.desk_act(ticket_id, "dispatch", DESK, unit_id=LEAD, track="joint").status == 200
    handler = service.ticket(ticket_id).handler_id or HANDLER
    assert service.staff_act(ticket_id, "take", handler).status == 200
    added = service.staff_act(ticket_id, "add-assisting", handler, unit_id=ASSISTING, note="请协助设声呐")
    assert added.status == 200, added.raw
    return ticket_id


@pytest.fixture
def horn(service):
    return joint(service)


@pytest.fixture(scope="module")
def untouched(service):
    """One for all that is refused."""
    return joint(service)


def downloaded(service, ticket_id, by=DESK):
    answer = service.get(f"/staff/tickets/{ticket_id}/form", service.staff(by))
    assert answer.status == 200, answer.raw
    return answer.body["name"], base64.b64decode(answer.body["file"])


def filled(content, **cells):
    book = load_workbook(io.BytesIO(content))
    for cell, value in cells.items():
        book.active[cell] = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def handed_in(service, ticket_id, content, by=DESK):
    body = {"file": base64.b64encode(content).decode()}
    return service.post(f"/desk/tickets/{ticket_id}/form", body, service.staff(by))


def history(service, ticket_id):
    view = service.get(f"/staff/tickets/{ticket_id}", service.staff(DESK)).body
    return [(line["kind"], line["what"], line["note"]) for line in view["history"]]


def test_a_joint_ticket_is_printed_with_its_viewer_and_without_who_reported_it(service, horn):
    answer = service.get(f"/staff/tickets/{horn}/form/page", service.staff(DESK))
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    page = answer.raw.decode()
    assert service.ticket(horn).number in page
    assert directory.town().staff_member(DESK).name in page
    assert NAME not in page
    assert PHONE not in page


def test_looking_at_the_form_leaves_the_trace_of_looking_at_the_ticket(service, horn):
    for path in ("form", "form/page"):
        service.later(minutes=15)
        before = len(audit.list_traces(horn))
        assert service.get(f"/staff/tickets/{horn}/{path}", service.staff(POLICE)).status == 200
        assert len(audit.list_traces(horn)) == before + 1


def test_whoever_may_not_see_the_ticket_gets_no_form_and_hands_in_none(service, horn):
    _, content = downloaded(service, horn)
    for path in ("form", "form/page"):
        assert service.get(f"/staff/tickets/{horn}/{path}", service.staff(STRANGER)).status == 404
    before = everything(service)
    form = filled(content, B11="已到场")
    assert handed_in(service, horn, form, by=HANDLER).status == 403  # a unit's own person
    assert handed_in(service, horn, form, by=ELSEWHERE).status == 404  # another station's desk
    assert everything(service) == before


def test_opinions_become_the_units_progress_and_the_conclusion_a_proposal_for_the_lead(service, horn):
    name, content = downloaded(service, horn)
    assert name.startswith(f"反馈表-{service.ticket(horn).number}-v")
    before = service.ticket(horn)
    answer = handed_in(
        service,
        horn,
        filled(content, B11="已协调", B12="声呐已装好", B13="同意", B14="鸣笛明显减少，建议办结"),
    )
    assert answer.status == 200, answer.raw
    assert {name: answer.body[name] for name in ("how", "opinions", "proposed")} == {
        "how": "taken", "opinions": 3, "proposed": True,
    }  # fmt: skip
    after = service.ticket(horn)
    assert (after.stage, after.version, after.resolution) == (before.stage, before.version + 1, None)
    units = [directory.town().unit(code).name for code in (LEAD, ASSISTING, before.station_id)]
    told = history(service, horn)[-5:]
    assert told[0][0] == "form_handed_in"
    assert [(what, note) for _, what, note in told[1:4]] == [
        (f"{unit}更新进展", note) for unit, note in zip(units, ("已协调", "声呐已装好", "同意"), strict=True)
    ]
    assert told[4][1:] == (f"{units[0]}提出办理结论，等待核对办结", "鸣笛明显减少，建议办结")


def test_the_handler_is_told_of_the_conclusion(service, horn):
    _, content = downloaded(service, horn)
    handed_in(service, horn, filled(content, B14="鸣笛明显减少，建议办结"))
    service.settle()
    inbox = service.get("/staff/inbox", service.staff(service.ticket(horn).handler_id or HANDLER)).body
    assert any("来自：反馈表" in line["text"] for line in inbox["items"])


def test_the_same_form_twice_changes_nothing(service, horn):
    _, content = downloaded(service, horn)
    form = filled(content, B11="已协调")
    assert handed_in(service, horn, form).body["how"] == "taken"
    before = everything(service)
    for again in (form, filled(form, B11="已协调")):  # the very file, and the same saved anew
        answer = handed_in(service, horn, again)
        assert (answer.status, answer.body["how"], answer.body["opinions"]) == (200, "same", 0)
    assert everything(service) == before


def test_what_the_machine_did_meanwhile_makes_no_form_old(service, horn):
    _, content = downloaded(service, horn)
    version = service.ticket(horn).version
    escalating.ring_late(horn, now=service.now + timedelta(days=5))
    assert service.ticket(horn).version > version
    assert handed_in(service, horn, filled(content, B11="已协调")).body["how"] == "taken"


def test_a_form_of_an_older_version_is_refused_with_what_was_done_since(service, horn):
    _, content = downloaded(service, horn)
    handler = service.ticket(horn).handler_id or HANDLER
    assert service.staff_act(horn, "progress", handler, text="材料已定").status == 200
    before = everything(service)
    answer = handed_in(service, horn, filled(content, B11="已协调"))
    assert (answer.status, answer.code) == (409, "stale")
    assert [change["kind"] for change in answer.body["changes"]] == ["progress"]
    assert "（主办）这一行" in answer.body["message"]
    assert everything(service) == before


def test_forms_of_one_version_that_two_units_filled_are_both_taken(service, horn):
    _, content = downloaded(service, horn)
    assert handed_in(service, horn, filled(content, B11="已协调")).body["opinions"] == 1
    assert handed_in(service, horn, filled(content, B12="声呐已装好")).body["opinions"] == 1
    notes = [note for kind, _, note in history(service, horn) if kind == "progress"]
    assert notes == ["已协调", "声呐已装好"]


def test_a_line_that_another_form_filled_first_is_refused_and_named(service, horn):
    _, content = downloaded(service, horn)
    assert handed_in(service, horn, filled(content, B12="声呐已装好")).status == 200
    before = everything(service)
    answer = handed_in(service, horn, filled(content, B11="已协调", B12="声呐装在隧道口"))
    assert (answer.status, answer.code) == (409, "stale")
    assert "（协办）这一行在您下载之后已有新内容" in answer.body["message"]
    assert everything(service) == before


def test_a_form_of_before_a_unit_joined_says_that_the_ticket_has_changed(service, horn):
    _, content = downloaded(service, horn)
    handler = service.ticket(horn).handler_id or HANDLER
    assert service.staff_act(horn, "add-assisting", handler, unit_id="OF-YS", note="请协助").status == 200
    answer = handed_in(service, horn, filled(content, B11="已协调"))
    assert answer.status == 422
    assert "重新下载" in answer.body["message"]


def test_a_word_document_is_taken_like_a_workbook(service, horn):
    answer = service.get(f"/staff/tickets/{horn}/form/document", service.staff(DESK))
    assert answer.body["name"].endswith(".docx")
    paper = Document(io.BytesIO(base64.b64decode(answer.body["file"])))
    paper.tables[0].cell(8, 1).text = "已协调，周五前装好"
    out = io.BytesIO()
    paper.save(out)
    assert handed_in(service, horn, out.getvalue()).body["opinions"] == 1
    assert ("progress", "已协调，周五前装好") in [(kind, note) for kind, _, note in history(service, horn)]


@pytest.mark.parametrize(
    ("cells", "named"),
    [
        ({"B11": "=1+1"}, "B11：这里是公式"),
        ({"B11": "好", "B12": "声呐已装好"}, "B11：应为"),
        ({"D12": "2020-01-01", "B12": "声呐已装好"}, "D12：日期"),
        ({"B3": "MS000000-AAAAAA-1", "B11": "已协调"}, "B3：工单编号应为"),
        ({"D3": "999", "B11": "已协调"}, "D3：工单版本"),
        ({"A11": "别的单位（主办）", "B11": "已协调"}, "A11：这一格不能改动"),
        ({}, "表里没有新填的"),
    ],
)
def test_a_bad_form_is_refused_by_its_cells_and_nothing_of_it_holds(service, untouched, cells, named):
    _, content = downloaded(service, untouched)
    before = everything(service)
    answer = handed_in(service, untouched, filled(content, **cells))
    assert answer.status == 422
    assert is_clear(answer)
    assert answer.body["message"].startswith(named)
    assert everything(service) == before


@pytest.mark.parametrize(
    "body", [{}, {"file": 5}, {"file": "~"}, {"file": "UEsDBA=="}, {"file": "", "force": True}]
)
def test_what_is_no_form_is_refused(service, untouched, body):
    before = everything(service)
    answer = service.post(f"/desk/tickets/{untouched}/form", body, service.staff(LEADER))
    assert (answer.status, answer.code) == (422, "invalid")
    assert is_clear(answer)
    assert everything(service) == before


def test_a_simple_ticket_has_no_form(service):
    ticket_id = service.report("楼道灯不亮", place="SHJY-4-2").body["id"]
    for path in ("form", "form/page"):
        answer = service.get(f"/staff/tickets/{ticket_id}/{path}", service.staff(DESK))
        assert (answer.status, answer.code) == (409, "wrong_stage")
