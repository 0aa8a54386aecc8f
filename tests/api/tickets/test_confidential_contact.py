"""保密受理: whoever takes a complaint that the station must not see may also work on it, and on nothing else (rule 21)."""

import pytest

from chalicelib.domain.tickets.ticket import Stage
from chalicelib.store.town import directory

CONTACT, CLERK, HEAD = "gglw-bm1", "gglw-fc1", "gglw-head"
ABOUT_THE_STATION = "你们工作站接电话的人骂我神经病，还把我的电话给了别人"


def reported(service, text=ABOUT_THE_STATION):
    answer = service.report(text, contact={"name": "王阿姨", "phone": "13800001111"})
    assert answer.status == 201, answer.raw
    service.settle()
    return answer.body["id"]


def test_a_complaint_about_the_station_is_worked_on_without_it(service):
    ticket_id = reported(service)
    for who in (CLERK, HEAD):
        assert service.get(f"/staff/tickets/{ticket_id}", service.staff(who)).status == 404
    page = service.get(f"/staff/tickets/{ticket_id}", service.staff(CONTACT))
    assert page.status == 200, page.raw
    assert {"dispatch", "answer", "comment"} <= set(page.body["acts"])
    queue = service.get("/staff/queues/escalated", service.staff(CONTACT)).body["items"]
    assert [row["ticket_id"] for row in queue] == [ticket_id]
    seen = service.post(
        f"/staff/tickets/{ticket_id}/reveal",
        {"fields": ["phone"], "reason": "follow_up_call", "note": "电话核实"},
        service.staff(CONTACT),
    )
    assert seen.status != 403, seen.raw
    sent = service.desk_act(ticket_id, "dispatch", CONTACT, unit_id="OF-DZB")
    assert sent.status == 200, sent.raw
    assert service.ticket(ticket_id).stage is Stage.DISPATCHED


def test_it_is_never_given_to_the_station_nor_is_secrecy_lifted(service):
    ticket_id = reported(service)
    assert service.desk_act(ticket_id, "dispatch", CONTACT, unit_id="ST-GGLW").status == 403
    lifted = service.desk_act(ticket_id, "classify", CONTACT, category="H03", confidential=False, concerns=[])
    assert lifted.status == 403
    assert "ST-GGLW" in service.ticket(ticket_id).concerns


@pytest.mark.parametrize("text", ["楼道灯坏了", "物业保安打人，门口那个"])
def test_of_what_is_not_about_the_station_it_learns_nothing(service, text):
    ticket_id = reported(service, text)
    assert service.get(f"/staff/tickets/{ticket_id}", service.staff(CONTACT)).status == 404
    assert service.desk_act(ticket_id, "dispatch", CONTACT, unit_id="OF-DZB").status == 404


def test_that_of_another_area_learns_nothing(service):
    ticket_id = reported(service)
    assert service.get(f"/staff/tickets/{ticket_id}", service.staff("hjb-bm1")).status == 404


def test_the_reporter_reads_who_cannot_see_it_and_takes_that_back(service):
    token = service.resident("who avoids")
    ticket_id = service.report("楼道灯不亮", token=token, avoid=["property"]).body["id"]
    page = service.get(f"/api/tickets/{ticket_id}", token).body["secrecy"]
    assert page["may_lift"]
    assert page["kept_from"]
    assert not page["by_area"]
    stranger = service.post(
        f"/api/tickets/{ticket_id}/avoid", {"avoid": []}, service.resident("somebody else")
    )
    assert stranger.status == 404
    assert service.post(f"/api/tickets/{ticket_id}/avoid", {"avoid": ["nobody"]}, token).status == 422
    assert service.ticket(ticket_id).concerns
    assert service.post(f"/api/tickets/{ticket_id}/avoid", {"avoid": []}, token).status == 200
    assert service.ticket(ticket_id).concerns == ()
    assert service.get(f"/api/tickets/{ticket_id}", token).body["secrecy"] is None
    assert service.post(f"/api/tickets/{ticket_id}/avoid", {"avoid": ["station"]}, token).status == 200
    assert service.get(f"/api/tickets/{ticket_id}", token).body["secrecy"]["by_area"]


def test_the_desk_reads_of_whom_it_may_complain_and_who_does_not_see_it(service):
    ticket_id = reported(service, "网格员骂我，后来道歉了，我也不追究")
    card = service.get(f"/staff/tickets/{ticket_id}", service.staff(CLERK)).body["grievance"]
    assert card["level"] == "possible"
    assert "骂我" in card["text"]
    assert "看不到这张工单" in card["text"]
    assert service.get(f"/staff/tickets/{ticket_id}", service.staff("gglw-gw2")).status == 404
    ordinary = reported(service, "楼道灯坏了")
    assert service.get(f"/staff/tickets/{ordinary}", service.staff(CLERK)).body["grievance"] is None


def test_what_may_be_about_the_station_is_looked_at_first_by_whoever_stands_in_for_it(service):
    ticket_id = reported(service, "工作站的人骂我，后来道歉了，我也不追究")
    assert service.get(f"/staff/tickets/{ticket_id}", service.staff(CLERK)).status == 404
    page = service.get(f"/staff/tickets/{ticket_id}", service.staff(CONTACT))
    assert page.body["grievance"]["level"] == "possible"
    sent = service.desk_act(ticket_id, "classify", CONTACT, category="H03")
    assert sent.status == 200, sent.raw
    assert service.get(f"/staff/tickets/{ticket_id}", service.staff(CLERK)).status == 200


def test_the_six_things_that_whoever_asked_to_avoid_somebody_reads(service):
    token = service.resident("reads six")
    ticket_id = service.report("楼道灯不亮", token=token, avoid=["property"]).body["id"]
    service.settle()
    page = service.get(f"/api/tickets/{ticket_id}", token).body
    secrecy = page["secrecy"]
    assert "物业" in "".join(secrecy["kept_from"])  # who cannot see it
    assert page["holder"]["unit"]  # who handles it
    assert page["holder"]["due_at"]  # and by when
    notes = "".join(secrecy["notes"])
    assert "也可能让人猜到" in notes  # that the matter itself may give them away
    assert all(what in notes for what in ("门牌", "时间"))  # which details not to mention
    assert "会先问您" in notes  # before anybody is confronted
    assert secrecy["may_lift"]  # 不用避开


@pytest.mark.parametrize(
    ("text", "avoid", "name"),
    [
        ("楼道灯不亮", ["station"], "片区负责人"),
        ("工作站的人骂我，后来道歉了，我也不追究", [], "片区保密受理"),
        ("楼道灯不亮", ["property"], "民情快办工作站"),
    ],
)
def test_nobody_reads_that_whom_it_is_kept_from_has_it_nor_the_number_to_call_there(
    service, text, avoid, name
):
    token = service.resident("avoids the station")
    ticket_id = service.report(text, token=token, avoid=avoid).body["id"]
    holder = service.get(f"/api/tickets/{ticket_id}", token).body["holder"]
    assert holder["unit"].endswith(name)
    assert holder["due_at"]
    station = directory.town().unit("ST-GGLW")
    assert (holder["phone"] == station.phone) is (name == station.name[-7:])
