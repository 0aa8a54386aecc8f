"""派单目录 over the routes: shown at dispatch and at return, ruled, and shown the next time (rule 98)."""

from chalicelib.store.tickets import tickets

DESK, LEADER = "gglw-fc1", "gglw-leader"


def horns(service, text="隧道出口整天按喇叭"):
    ticket_id = service.report(text, token=service.resident("asks"), category="D01").body["id"]
    service.settle()
    if tickets.get(ticket_id).stage == "received":
        assert service.desk_act(ticket_id, "dispatch", DESK, unit_id="DA-JJ").status == 200
    return ticket_id


def shown(service, ticket_id, by):
    answer = service.get(f"/staff/tickets/{ticket_id}/mandate", service.staff(by))
    assert answer.status == 200, answer.raw
    return answer.body


def test_who_must_do_it_stands_beside_the_dispatch_and_nobody_else_may_be_given_it(service):
    ticket_id = service.report(
        "隧道口喇叭声太吵", token=service.resident("a"), category="D01", confidential=True
    ).body["id"]
    service.settle()
    mandate = shown(service, ticket_id, DESK)["mandate"]
    assert mandate["lead_name"] == "区交警支队"
    assert mandate["ground"]
    refused = service.desk_act(ticket_id, "dispatch", DESK, unit_id="PM-SHJY")
    assert (refused.status, refused.code) == (403, "not_allowed")
    page = service.get(f"/staff/tickets/{ticket_id}", service.staff(DESK)).body
    (dispatch,) = [each for each in page["offers"] if each["name"] == "dispatch"]
    (unit,) = [each for each in dispatch["fields"] if each["name"] == "unit_id"]
    assert "PM-SHJY" in unit["excluded"]


def test_both_sides_speak_the_leader_rules_and_the_ruling_is_shown_the_next_time(service):
    ticket_id = horns(service)
    given = {"reason": "权属不清", "note": "出口车道是隧道公司管的"}
    assert service.staff_act(ticket_id, "return", "da-jj-a", **given).status == 200
    service.settle()
    assert tickets.get(ticket_id).lead_unit_id == "DA-JJ"  # 先办后议
    assert "请裁定权属" in str(service.get("/staff/inbox", service.staff(LEADER)).body)
    said = service.staff_act(ticket_id, "dispute", DESK, text="鸣笛处罚只有交警有权")
    assert said.status == 200, said.raw
    dispute = shown(service, ticket_id, LEADER)["dispute"]
    assert (dispute["words"], dispute["answer"], dispute["may_rule"]) == (
        "出口车道是隧道公司管的",
        "鸣笛处罚只有交警有权",
        True,
    )
    ground = "道路交通安全法实施条例第六十二条"
    assert service.desk_act(ticket_id, "ruling", DESK, unit_id="DA-JJ", ground=ground).status == 403
    assert service.desk_act(ticket_id, "ruling", LEADER, unit_id="DA-JJ", ground=ground).status == 200
    assert service.desk_act(ticket_id, "ruling", LEADER, unit_id="DA-JJ", ground=ground).status == 404
    again = service.staff_act(ticket_id, "return", "da-jj-a", **given)
    assert again.code == "no_more_returns"
    (precedent,) = shown(service, horns(service, "桥洞下又在乱按喇叭"), DESK)["precedents"]
    assert (precedent["unit_name"], precedent["ground"]) == ("区交警支队", ground)


def test_a_precedent_whose_ticket_turns_confidential_is_shown_to_nobody(service):
    ticket_id = horns(service)
    service.staff_act(ticket_id, "return", "da-jj-a", reason="权属不清", note="出口车道是隧道公司管的")
    assert (
        service.desk_act(ticket_id, "ruling", LEADER, unit_id="DA-JJ", ground="条例第六十二条").status == 200
    )
    again = horns(service, "桥洞下又在乱按喇叭")
    assert len(shown(service, again, DESK)["precedents"]) == 1
    assert service.desk_act(ticket_id, "classify", DESK, category="B01", confidential=True).status == 200
    assert shown(service, again, DESK)["precedents"] == []


def test_whoever_may_not_see_the_ticket_reads_nothing_of_it(service):
    ticket_id = horns(service)
    assert service.get(f"/staff/tickets/{ticket_id}/mandate", service.staff("of-ys-a")).status == 404
