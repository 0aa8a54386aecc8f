"""会商 (rule 97): the article's two cases from end to end, and what a meeting refuses."""

from datetime import timedelta

import pytest

from chalicelib.actions.tickets import escalating
from chalicelib.store.tickets import tickets

LEADER, DESK, HEAD = "gglw-leader", "gglw-fc1", "gglw-head"
PUBLIC = "已约有关单位，周五一起商量"
RESULT = "会商定了下一步，办好一项告诉您一项"


def dispatched(service, text, unit, track, place="SHJY-4-1"):
    ticket_id = service.report(text, token=service.resident("asks"), place=place).body["id"]
    service.settle()
    if tickets.get(ticket_id).stage == "received":
        given = service.desk_act(ticket_id, "dispatch", DESK, unit_id=unit, track=track)
        assert given.status == 200, given.raw
    elif tickets.get(ticket_id).track != track:
        pytest.fail("the sample town dispatches it otherwise")
    return ticket_id


def called(service, ticket_id, by=LEADER, **more):
    at = (service.now + timedelta(days=3)).isoformat()
    body = {"at": at, "place": "工作站二楼", "question": "怎么解决", "public": PUBLIC, **more}
    return service.post(f"/desk/tickets/{ticket_id}/meetings", body, service.staff(by))


def recorded(service, ticket_id, decided, by=LEADER, **more):
    body = {"minutes": "各方说明了情况，定了分工", "public": RESULT, "decided": decided, **more}
    return service.post(f"/desk/tickets/{ticket_id}/meetings/record", body, service.staff(by))


def due(service, days):
    return (service.now + timedelta(days=days)).isoformat()


def done(service, ticket_id, undertaking, by, note="已办好，附上情况"):
    path = f"/staff/tickets/{ticket_id}/undertakings/{undertaking}"
    return service.post(path, {"note": note}, service.staff(by))


def timeline(service, ticket_id):
    page = service.get(f"/api/tickets/{ticket_id}", service.resident("asks"))
    assert page.status == 200, page.raw
    return [(line["what"], line["note"]) for line in page.body["timeline"]]


def inbox(service, code):
    return str(service.get("/staff/inbox", service.staff(code)).body["items"])


def test_the_horns_at_the_tunnel_with_the_traffic_police(service):
    """The area's leader calls 城建 and 交警; 电子声呐 is decided, each unit has its own day, and the resident reads two lines."""
    ticket_id = dispatched(service, "隧道出口整天按喇叭，吵得睡不着", "DA-JJ", "joint", place="SHJY-4-1")
    assert called(service, ticket_id, unit_ids=["DA-JJ", "OF-CJ"], outside=["隧道公司"]).status == 201
    service.settle()
    assert "请来会商" in inbox(service, "da-jj-head") + inbox(service, "da-jj-a") + inbox(service, "da-jj-b")
    service.later(days=4)
    lead = tickets.get(ticket_id).lead_unit_id
    sonar = {
        "unit_id": "OF-CJ",
        "what": "第五车道出口装电子声呐",
        "due_at": due(service, 20),
        "outside": "隧道公司",
    }
    signs = {"unit_id": lead, "what": "调整车道指示灯和标线", "due_at": due(service, 10)}
    assert recorded(service, ticket_id, [sonar, signs], meeting_id="H1").status == 200
    service.settle()
    assert ("约有关单位会商", PUBLIC) in [(what[-7:], note) for what, note in timeline(service, ticket_id)]
    assert ("会商定了下一步", RESULT) in timeline(service, ticket_id)
    assert "第五车道" not in str(timeline(service, ticket_id))

    ticket = tickets.get(ticket_id)
    running = [clock for clock in ticket.clocks if clock.kind == "undertaking" and clock.is_open]
    assert sorted(clock.of for clock in running) == ["H1-1", "H1-2"]
    assert [part.unit_id for part in ticket.assisting if part.state == "open"] == ["OF-CJ"]
    service.later(days=21)  # both days have passed: each rings at its own unit
    escalating.ring_late(ticket_id, now=service.now)
    service.settle()
    assert "会商任务" in inbox(service, "of-cj-head")

    handler = next(p.code for p in _people("OF-CJ"))
    assert done(service, ticket_id, "H1-1", LEADER).status in (403, 409)
    assert done(service, ticket_id, "H1-1", handler).status == 200
    assert done(service, ticket_id, "H1-1", handler).status == 409
    ticket = tickets.get(ticket_id)
    assert [part.state for part in ticket.assisting if part.unit_id == "OF-CJ"] == ["finished"]
    assert [clock.of for clock in ticket.clocks if clock.kind == "undertaking" and clock.is_open] == ["H1-2"]
    page = service.get(f"/staff/tickets/{ticket_id}", service.staff(LEADER)).body
    (meeting,) = page["meetings"]
    assert meeting["outside"] == ["隧道公司"]
    assert [each["done_at"] is not None for each in meeting["undertakings"]] == [True, False]


def test_the_shops_and_landlords_of_a_street(service):
    """Held without having been called here: landlords are none of the town's units, 营商办 sees to what they promised."""
    ticket_id = dispatched(service, "望月路房租太高，药房准备退租关门", "OF-YS", "difficult")
    convened = {
        "at": (service.now - timedelta(hours=3)).isoformat(),
        "place": "望月路便利店",
        "question": "房东愿不愿意降租，商户能不能留下来",
        "unit_ids": ["OF-YS"],
        "outside": ["房东代表", "商户代表"],
    }
    rent = {
        "unit_id": "OF-YS",
        "what": "和房东签降租补充协议",
        "due_at": due(service, 15),
        "outside": "房东代表",
    }
    answer = recorded(service, ticket_id, [rent], convened=convened, by=HEAD)
    assert answer.status == 200, answer.raw
    ticket = tickets.get(ticket_id)
    assert ticket.assisting == ()  # the lead unit undertook it itself
    assert ticket.meetings[0].outside == ("房东代表", "商户代表")
    handler = ticket.handler_id or _people("OF-YS")[0].code
    service.staff_act(ticket_id, "take", handler)
    service.staff_act(ticket_id, "unit-feedback", handler, text="正在和房东谈")
    early = service.staff_act(ticket_id, "resolve", handler, note="都谈好了")
    assert early.code == "still_open"
    assert done(service, ticket_id, "H1-1", handler, "房东签了，降租两成").status == 200
    assert service.staff_act(ticket_id, "resolve", handler, note="都谈好了").status == 200


def _people(unit):
    from chalicelib.store.town import directory

    return [p for p in directory.town().staff if p.unit == unit and "handler" in p.roles]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"unit_ids": [], "outside": []}, 422),
        ({"unit_ids": ["NOBODY"]}, 422),
        ({"unit_ids": ["DA-JJ"], "at": "2020-01-01T10:00:00+08:00"}, 422),
        ({"unit_ids": ["DA-JJ"], "public": "好"}, 422),
    ],
)
def test_a_meeting_needs_somebody_a_time_to_come_and_a_line_for_the_resident(service, changes, status):
    ticket_id = dispatched(service, "望月路房租太高，商户要退租", "OF-YS", "difficult")
    assert called(service, ticket_id, **changes).status == status


def test_a_clerk_calls_no_meeting_and_a_simple_ticket_needs_none(service):
    ticket_id = dispatched(service, "望月路房租太高，店要关门", "OF-YS", "difficult")
    assert called(service, ticket_id, by=DESK, unit_ids=["OF-YS"]).status == 403
    simple = service.report("楼道灯不亮", token=service.resident("other")).body["id"]
    service.settle()
    assert called(service, simple, unit_ids=["OF-YS"]).code == "wrong_stage"


def test_a_meeting_is_recorded_once_and_by_one_name(service):
    ticket_id = dispatched(service, "望月路房租太高，三家要走", "OF-YS", "difficult")
    called(service, ticket_id, unit_ids=["OF-YS"])
    assert recorded(service, ticket_id, [], meeting_id="H9").status == 404
    assert recorded(service, ticket_id, []).status == 422
    assert recorded(service, ticket_id, [], meeting_id="H1").status == 200
    assert recorded(service, ticket_id, [], meeting_id="H1").status == 409
