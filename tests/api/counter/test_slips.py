"""From the counter to the own phone: a slip is printed, claimed once, and never opens what paper must not (rules 95, 96)."""

import pytest

from chalicelib.gateways import public
from chalicelib.store.tickets import members, tickets

DESK = "gglw-fc1"
PHONE, MOTHER = "13812345678", "13987654321"


@pytest.fixture(autouse=True)
def _address(monkeypatch):
    monkeypatch.setattr(public, "point_url", lambda code: f"https://t.example/s/{code}")


def entered(service, text="楼道灯坏了很多天", source="walk_in", **more):
    body = {"place": "SHJY-4-1", "text": text, "source": source, **more}
    answer = service.post("/staff/tickets", body, service.staff(DESK))
    assert answer.status == 201, answer.raw
    return answer.body["id"]


def printed(service, ticket_id, **body):
    answer = service.post(f"/desk/tickets/{ticket_id}/slip", body, service.staff(DESK))
    assert answer.status == 201, answer.raw
    return answer.body


def claimed(service, slip, digits="", by="phone"):
    code = slip["url"].partition("slip=")[2]
    return service.post("/api/slips", {"code": code, "digits": digits}, service.resident(by))


def with_phone(service, **more):
    return entered(service, contact={"name": "王阿姨", "phone": PHONE}, **more)


def mine(service, by="phone"):
    return {each["id"] for each in service.get("/api/tickets", service.resident(by)).body["items"]}


def test_a_slip_says_number_promise_and_phone_and_no_word_of_the_report(service):
    slip = printed(service, with_phone(service))
    assert slip["number"].startswith("MS")
    assert slip["promises"]
    assert slip["station"]["phone"]
    assert "楼道灯坏了很多天" not in str(slip)


def test_by_the_last_four_digits_it_is_mine_and_i_am_told(service):
    ticket_id = with_phone(service)
    slip = printed(service, ticket_id)
    asked = claimed(service, slip)
    assert (asked.status, asked.body["fields"]) == (422, ["digits"])
    assert claimed(service, slip, "0000").status == 422
    assert claimed(service, slip, PHONE[-4:]).body == {"id": ticket_id}
    assert ticket_id in mine(service)
    page = service.get(f"/api/tickets/{ticket_id}", service.resident("phone")).body
    assert (page["is_reporter"], page["text"]) == (True, "楼道灯坏了很多天")
    service.settle()
    inbox = service.get("/api/inbox", service.resident("phone"))
    assert inbox.status == 200


def test_only_once_and_only_the_newest_paper(service):
    ticket_id = with_phone(service)
    old, new = printed(service, ticket_id), printed(service, ticket_id)
    assert claimed(service, old, PHONE[-4:]).status == 404
    assert claimed(service, new, PHONE[-4:]).status == 200
    assert claimed(service, new, PHONE[-4:], by="other").status == 409
    assert claimed(service, new, "").status == 200  # the same phone opens it again
    assert printed(service, ticket_id)["qr"] is None


def test_after_five_wrong_tries_the_paper_is_worth_nothing(service):
    slip = printed(service, with_phone(service))
    for _ in range(5):
        assert claimed(service, slip, "0000").status == 422
    assert claimed(service, slip, PHONE[-4:]).status == 429


def test_tries_at_once_are_not_more_than_five(service, monkeypatch):
    """Each of them has read the slip before any other was counted."""
    from chalicelib.domain.counter.slips import Holder
    from chalicelib.store.counter import slips

    ticket_id = with_phone(service)
    slip = printed(service, ticket_id)
    read = {holder: slips.find(ticket_id, holder) for holder in Holder}
    monkeypatch.setattr(slips, "find", lambda _, holder: read[holder])
    tried = [claimed(service, slip, digits).status for digits in ("0000", "0001", "0002", "0003", "0004")]
    assert tried == [422] * 5
    assert claimed(service, slip, PHONE[-4:]).status == 429


def test_after_seven_days_it_is_too_late(service):
    slip = printed(service, with_phone(service))
    service.later(days=7, seconds=1)
    assert claimed(service, slip, PHONE[-4:]).code == "too_late"


def test_a_matter_that_paper_must_not_open_has_no_code(service):
    assert printed(service, with_phone(service, confidential=True))["qr"] is None
    assert printed(service, with_phone(service, text="隔壁男的正在打他老婆，孩子在哭喊救命"))["qr"] is None


def test_whoever_only_withdraws_is_one_person_still(service):
    ticket_id = with_phone(service)
    claimed(service, printed(service, ticket_id), PHONE[-4:])
    answer = service.post(f"/api/tickets/{ticket_id}/withdraw", {"reason": "好了"}, service.resident("phone"))
    assert answer.status == 200, answer.raw


def for_mother(service, **more):
    return with_phone(service, on_behalf={"name": "王妈妈", "phone": MOTHER}, **more)


def test_a_son_follows_for_his_mother_until_she_says_no(service):
    ticket_id = for_mother(service)
    son = printed(service, ticket_id)
    assert claimed(service, son, MOTHER[-4:], by="son").status == 422  # it is the son's own slip
    assert claimed(service, son, PHONE[-4:], by="son").status == 200
    assert service.get(f"/api/tickets/{ticket_id}", service.resident("son")).body["proxy"] == "own"
    mother = printed(service, ticket_id, holder="self")
    assert claimed(service, mother, MOTHER[-4:], by="mother").status == 200
    ended = service.post(f"/api/tickets/{ticket_id}/proxy/end", {}, service.resident("mother"))
    assert ended.status == 200, ended.raw
    assert service.get(f"/api/tickets/{ticket_id}", service.resident("son")).status == 404
    assert ticket_id not in mine(service, "son")
    assert service.get(f"/api/tickets/{ticket_id}", service.resident("mother")).status == 200
    lines = service.get("/api/inbox", service.resident("son")).body["items"]
    assert any("由本人联系" in str(line) for line in lines)


def test_a_proxy_follows_what_was_merged_until_the_no_and_hears_nothing_after_it(service):
    """Also of the ticket that it was merged into: there the son came along by her report."""
    theirs = for_mother(service)
    assert claimed(service, printed(service, theirs), PHONE[-4:], by="son").status == 200
    joint = service.report("四号楼楼道灯坏了", token=service.resident("neighbour")).body["id"]
    assert service.desk_act(theirs, "merge", DESK, into=joint, sure=True).status == 200
    service.settle()
    son = service.resident("son")
    (told,) = [i for i in service.get("/api/inbox", son).body["items"] if i["template"] == "merged"]
    assert service.get(f"/api/tickets/{told['ticket_id']}", son).status == 200
    opened = service.get(f"/api/tickets/{joint}", son)  # what the messages to come will open
    assert (opened.status, opened.body["text"], opened.body["may"]["withdraw"]) == (200, "", False)
    assert service.staff_act(theirs, "proxy", DESK, agreed=False).status == 200
    assert [service.get(f"/api/tickets/{each}", son).status for each in (theirs, joint)] == [404, 404]
    assert not any(each.proxy for each in members.list_members(joint))
    before = len(service.get("/api/inbox", son).body["items"])
    assert service.desk_act(joint, "forward", DESK, to="区里", text="归区里修").status == 200
    service.settle()
    assert len(service.get("/api/inbox", son).body["items"]) == before


def test_a_slip_of_what_was_merged_brings_the_messages_of_where_it_goes_on(service):
    ticket_id = for_mother(service)
    slip = printed(service, ticket_id, holder="self")
    joint = service.report("四号楼楼道灯坏了", token=service.resident("neighbour")).body["id"]
    assert service.desk_act(ticket_id, "merge", DESK, into=joint, sure=True).status == 200
    assert claimed(service, slip, MOTHER[-4:], by="mother late").status == 200
    assert service.desk_act(joint, "forward", DESK, to="区里", text="归区里修").status == 200
    service.settle()
    mother = service.resident("mother late")
    (told,) = [i for i in service.get("/api/inbox", mother).body["items"] if i["template"] == "forwarded"]
    assert told["ticket_id"] == joint
    assert service.get(f"/api/tickets/{joint}", mother).body["text"] == ""  # somebody else's words
    split = service.post(f"/api/tickets/{ticket_id}/split", {"reason": "不是一处"}, mother)
    assert split.status == 200, split.raw
    assert service.get(f"/api/tickets/{joint}", mother).status == 404


def test_at_the_first_contact_the_handler_asks_her_and_a_no_is_for_good(service):
    ticket_id = for_mother(service)
    assert service.staff_act(ticket_id, "proxy", DESK, agreed=True).status == 200
    assert service.staff_act(ticket_id, "proxy", DESK, agreed=False).status == 200
    assert service.staff_act(ticket_id, "proxy", DESK, agreed=True).status == 409
    assert tickets.get(ticket_id).proxy.agreed is False
    assert not any(each.proxy for each in members.list_members(ticket_id))
    assert (
        service.post(f"/desk/tickets/{ticket_id}/slip", {"holder": "proxy"}, service.staff(DESK)).status
        == 422
    )


def test_the_son_cannot_decide_for_her(service):
    ticket_id = for_mother(service)
    claimed(service, printed(service, ticket_id), PHONE[-4:], by="son")
    assert service.post(f"/api/tickets/{ticket_id}/proxy/end", {}, service.resident("son")).status == 403


@pytest.mark.parametrize("text", ["我妈跟我爸离婚的事想问问", "她儿子经常骂她不给吃饭"])
def test_nobody_reports_for_another_what_is_the_familys(service, text):
    body = {
        "place": "SHJY-4-1",
        "text": text,
        "source": "walk_in",
        "contact": {"phone": PHONE},
        "on_behalf": {},
    }
    answer = service.post("/staff/tickets", body, service.staff(DESK))
    assert (answer.status, answer.body["fields"]) == (422, ["on_behalf"])


def test_where_somebody_is_being_harmed_it_goes_on_in_the_own_name(service):
    ticket_id = for_mother(service, text="隔壁男的正在打他老婆，孩子在哭喊救命")
    assert tickets.get(ticket_id).proxy is None


def test_both_contacts_are_kept_apart_and_read_for_a_reason(service):
    ticket_id = for_mother(service)
    asked = {"fields": ["phone"], "reason": "other", "words": "打电话问问情况"}
    own = service.post(f"/staff/tickets/{ticket_id}/reveal", asked, service.staff(DESK))
    proxy = service.post(f"/staff/tickets/{ticket_id}/reveal", asked | {"of": "proxy"}, service.staff(DESK))
    assert (own.body["phone"], proxy.body["phone"]) == (MOTHER, PHONE)


def test_a_resident_reports_for_somebody_else_too(service):
    answer = service.report(
        "楼道灯不亮", token=service.resident("son"), on_behalf={"name": "妈妈", "phone": MOTHER}
    )
    assert answer.status == 201, answer.raw
    ticket = tickets.get(answer.body["id"])
    assert ticket.proxy is not None
    assert ticket.reachable == "call"
    assert ticket.id in mine(service, "son")
