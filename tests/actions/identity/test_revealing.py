"""查看身份: field by field, for a reason, with a trace first; and what a resident may ask about himself or herself (rules 8, 42, 45)."""

import pytest

from chalicelib.store.identity import audit
from chalicelib.store.table import Table
from tests.service import one_service

PHONE, NAME = "13812345678", "王小明"
FC, HEAD, LEADER, PM = "gglw-fc1", "gglw-head", "gglw-leader", "pm-shjy-a"
REASON = "回访时要打电话"


service = one_service


@pytest.fixture(scope="module")
def lamp(service):
    contact = {"name": NAME, "phone": PHONE}
    return service.report("四号楼楼道灯不亮", token=service.resident("reporter"), contact=contact).body["id"]


def reveal(service, ticket_id, by=FC, fields=("phone",), reason=REASON):
    return service.staff_act(ticket_id, "reveal", by, fields=list(fields), reason=reason)


def traces(ticket_id, what="revealed"):
    return [trace for trace in audit.list_traces(ticket_id) if trace.what == what]


def find(service, phone=PHONE, by=FC, reason="居民来电查询"):
    return service.post("/staff/search/phone", {"phone": phone, "reason": reason}, service.staff(by))


@pytest.mark.parametrize(
    ("fields", "answered"),
    [
        (["phone"], {"phone": PHONE}),
        (["name", "text"], {"name": NAME, "text": "四号楼楼道灯不亮"}),
        (["name"], {"name": NAME}),
    ],
)
def test_only_the_fields_asked_for_are_answered_and_the_trace_names_them(service, lamp, fields, answered):
    before = len(traces(lamp))
    assert reveal(service, lamp, fields=fields).body == answered
    new = traces(lamp)[before:]
    assert [(trace.viewer, list(trace.fields), trace.reason, trace.why) for trace in new] == [
        (FC, fields, "other", REASON)
    ]


@pytest.mark.parametrize(("by", "status"), [(FC, 200), (HEAD, 200), (LEADER, 200), ("town-leader", 200), (PM, 403), ("pm-shjy-head", 403),
                                            ("gglw-gw2", 404), ("of-ys-a", 404), ("hjb-fc1", 404), ("town-admin", 404)])  # fmt: skip
def test_who_is_answered(service, lamp, by, status):
    before = len(audit.list_traces(lamp))
    answer = reveal(service, lamp, by)
    assert answer.status == status
    assert (PHONE.encode() in answer.raw) == (status == 200)
    assert len(audit.list_traces(lamp)) == before + (status == 200)


@pytest.mark.parametrize(
    "asked",
    [{"fields": []}, {"fields": ["openid"]}, {"fields": ["phone", "id_card"]}, {"reason": "看看"}, {"reason": "查  "}, {"reason": " "},
     {"fields": "phone"}, {"reason": "other"}, {"reason": "other", "words": "看一"}, {"reason": "urgent"}, {"reason": "call_list"}],
)  # fmt: skip
def test_without_fields_or_a_reason_nothing_is_answered_and_nothing_traced(service, lamp, asked):
    before = len(audit.list_traces(lamp))
    given = {"fields": ["phone"], "reason": REASON} | asked
    answer = service.post(f"/staff/tickets/{lamp}/reveal", given, service.staff(FC))
    assert (answer.status, answer.code) == (422, "invalid")
    assert len(audit.list_traces(lamp)) == before


@pytest.mark.parametrize(("reason", "allowed"), [("三个字", False), ("够四个字", True)])
def test_a_reason_has_four_characters(service, lamp, reason, allowed):
    assert (reveal(service, lamp, reason=reason).status == 200) is allowed


def test_a_reason_holds_no_number_itself(service, lamp):
    reveal(service, lamp, reason=f"要拨打{PHONE}回访")
    assert PHONE not in str(service.items(Table.WORK))


def test_the_reporter_is_shown_that_it_happened_by_unit_role_and_number_and_no_name(service, lamp):
    reveal(service, lamp)
    viewers = service.get(f"/api/tickets/{lamp}", service.resident("reporter")).body["viewers"]
    revealed = [viewer for viewer in viewers if viewer["what"] == "revealed"]
    assert ("首问接待", FC) in [(viewer["role"], viewer["code"]) for viewer in revealed]
    assert "首问接待甲" not in str(viewers)
    assert REASON not in str(viewers)


def test_what_staff_found_has_nobody_behind_it(service):
    found = service.post(
        "/staff/tickets",
        {"source": "patrol", "text": "楼道有纸板", "place": "SHJY-4-1"},
        service.staff("gglw-gw2"),
    )
    answer = reveal(service, found.body["id"])
    assert (answer.status, answer.code) == (404, "not_found")


def test_the_desk_finds_tickets_by_phone_however_it_is_written_and_leaves_a_trace(service, lamp):
    before = len(traces("search", "searched"))
    for written in (PHONE, "138 1234 5678", "+8613812345678"):
        answer = find(service, written)
        assert lamp in [item["id"] for item in answer.body["items"]]
        assert PHONE.encode() not in answer.raw
    assert len(traces("search", "searched")) == before + 3
    assert find(service, "13900000000").body["items"] == []


def test_a_search_by_phone_finds_nothing_that_one_may_not_see(service, lamp):
    assert find(service, by="hjb-fc1").body["items"] == []
    about = service.report(
        "工作站的人骂我神经病", token=service.resident("complainant"), contact={"phone": PHONE}
    ).body["id"]
    assert about not in [item["id"] for item in find(service).body["items"]]


@pytest.mark.parametrize("by", [PM, LEADER, "of-ys-a", "town-admin"])
def test_only_the_desk_searches_by_phone(service, lamp, by):
    before = len(traces("search", "searched"))
    assert find(service, by=by).status == 403
    assert len(traces("search", "searched")) == before


def test_a_resident_exports_what_is_known_of_the_own_tickets_and_of_nobody_elses(service, lamp):
    own = service.get("/api/me", service.resident("reporter")).body["tickets"]
    assert [(ticket["id"], ticket["contact"]["phone"]) for ticket in own] == [(lamp, PHONE)]
    neighbour = service.resident("neighbour")
    service.post(f"/api/tickets/{lamp}/join", {}, neighbour)
    joined = service.get("/api/me", neighbour)
    assert PHONE.encode() not in joined.raw
    assert joined.body["tickets"][0]["viewed"] == []


def test_nobody_is_forgotten_while_a_ticket_is_open_and_afterwards_wholly(service):
    token = service.resident("to be forgotten")
    ticket_id = service.report(
        "楼下太吵了", token=token, contact={"name": NAME, "phone": "13700001111"}
    ).body["id"]
    refused = service.post("/api/me/forget", {}, token)
    assert (refused.status, refused.code) == (422, "invalid")
    service.post(f"/api/tickets/{ticket_id}/withdraw", {"reason": "好了"}, token)
    assert service.post("/api/me/forget", {}, token).body == {"forgotten": 1}
    assert ticket_id not in str(service.items(Table.IDENTITIES))
    assert service.get("/api/tickets", token).status == 401  # every session has ended
    assert service.ticket(ticket_id).text == "楼下太吵了"  # the case stays
