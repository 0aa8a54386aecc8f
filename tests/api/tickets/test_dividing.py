"""分拆 over HTTP (rule 92): the desk divides, the resident has one report, and who it is stays with the whole."""

from tests.service import one_service

service = one_service
CLERK = "gglw-fc1"
MATTERS = [
    {"title": "路面坑洼", "text": "门口路面坑坑洼洼"},
    {"title": "垃圾没清", "text": "门口垃圾没人清"},
]


def reported(service, who):
    body = {
        "place": "SHJY-4-1",
        "text": "门口路面坑坑洼洼，垃圾也没人清",
        "contact": {"name": "王芳", "phone": "13812345678"},
    }
    return service.post("/api/tickets", body, service.resident(who)).body["id"]


def divide(service, ticket_id, matters=MATTERS, **how):
    return service.desk_act(ticket_id, "divide", CLERK, matters=matters, **how)


def test_the_resident_sees_one_report_with_its_matters_and_the_desk_each_of_them(service, request):
    me, ticket_id = service.resident(request.node.name), reported(service, request.node.name)
    assert "divide" in service.get(f"/staff/tickets/{ticket_id}", service.staff(CLERK)).body["acts"]
    assert divide(service, ticket_id).status == 200
    service.settle()
    mine = service.get("/api/tickets", me).body["items"]
    assert [each["id"] for each in mine] == [ticket_id]
    page = service.get(f"/api/tickets/{ticket_id}", me).body
    (part,) = page["parts"]
    assert (part["title"], part["stage_name"], page["title"]) == ("垃圾没清", "已受理", "路面坑洼")
    own = service.get(f"/api/tickets/{part['id']}", me).body
    assert (own["number"], own["title"], own["text"]) == (page["number"], "垃圾没清", "门口垃圾没人清")
    card = service.get(f"/staff/tickets/{part['id']}", service.staff(CLERK)).body
    whole = {"id": ticket_id, "number": page["number"], "reported_at": service.now.isoformat()}
    assert card["part_of"] == whole


def test_the_whole_knows_how_far_its_parts_are_and_who_it_is_is_read_from_it(service, request):
    me, ticket_id = service.resident(request.node.name), reported(service, request.node.name)
    divide(service, ticket_id)
    part = service.ticket(ticket_id).parts[0]
    said = service.post(
        f"/staff/tickets/{part.id}/reveal",
        {"fields": ["phone"], "reason": "ask_details"},
        service.staff(CLERK),
    )
    assert said.body["phone"] == "13812345678"
    decline = {"reason": "untrue", "text": "现场没有垃圾", "instead": "拨打12345"}
    assert service.desk_act(part.id, "decline", CLERK, **decline).status == 200
    service.settle()
    assert service.get(f"/api/tickets/{ticket_id}", me).body["parts"][0]["stage"] == "declined"


def test_sent_again_it_is_divided_once(service, request):
    ticket_id = reported(service, request.node.name)
    token, path = service.staff(CLERK), f"/desk/tickets/{ticket_id}/divide"
    sent = [service.post(path, {"matters": MATTERS}, token, key=f"{ticket_id}-again").status for _ in "12"]
    assert sent == [200, 200]
    assert len(service.ticket(ticket_id).parts) == 1
    assert divide(service, ticket_id).status == 409


def test_what_cannot_be_divided_changes_nothing(service, request):
    ticket_id = reported(service, request.node.name)
    for wrong in (MATTERS[:1], [*MATTERS, {"title": "第三", "text": "x" * 3, "category": "NONE"}], [{}, {}]):
        assert divide(service, ticket_id, wrong).status == 422
    stranger = service.resident("stranger")
    assert service.post(f"/desk/tickets/{ticket_id}/divide", {"matters": MATTERS}, stranger).status == 403
    assert service.ticket(ticket_id).parts == ()


def test_a_matter_that_was_merged_elsewhere_holds_the_whole_until_that_has_ended(service, request):
    me, ticket_id = service.resident(request.node.name), reported(service, request.node.name)
    divide(service, ticket_id)
    part = service.ticket(ticket_id).parts[0]
    other = service.report("门口垃圾没人清", token=service.resident("neighbour")).body["id"]
    assert service.desk_act(part.id, "merge", CLERK, into=other).status == 200
    service.settle()
    shown = service.get(f"/api/tickets/{ticket_id}", me).body["parts"][0]
    assert (shown["title"], shown["stage_name"]) == ("垃圾没清", "已受理")
    assert service.desk_act(ticket_id, "forward", CLERK, to="区里", text="路面归区里修").status == 200
    service.settle()
    page = service.get(f"/api/tickets/{ticket_id}", me).body
    assert "另外1件还在办" in page["standing"]
    assert service.desk_act(other, "answer", CLERK, text="垃圾已清").status == 200
    service.settle()
    page = service.get(f"/api/tickets/{ticket_id}", me).body
    assert (page["parts"][0]["stage_name"], page["standing"]) == (
        "已结案",
        "这件事归区里管，已转过去，由他们答复您",
    )
