"""Leaders hear each morning of yesterday's exceptions among the looks, and of nothing else (rule 91)."""

from datetime import timedelta

import pytest

from chalicelib.actions.identity import unusual_looks
from chalicelib.domain.views import looks
from chalicelib.store.identity import audit
from chalicelib.store.notices import inbox
from chalicelib.store.town import directory
from tests.service import one_service

FC, LEADER = "gglw-fc1", "gglw-leader"
NIGHT = {"hours": 17}  # from ten in the morning to the next night

service = one_service


@pytest.fixture
def lamp(service, request):
    service.now = service.now.replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=30)
    return service.report("楼道灯不亮", token=service.resident(request.node.name)).body["id"]


def look(service, ticket_id, by=FC, what="revealed", times=1, at=timedelta(0), **more):
    person = directory.town().staff_member(by)
    for _ in range(times):
        audit.write(ticket_id, audit.trace_of(person, what, service.now + at, **more))


def told(service, person=LEADER):
    """What the leader reads next morning."""
    unusual_looks.tell(now=service.now + timedelta(**NIGHT))
    lines, _ = inbox.list_inbox(f"staff:{person}")
    key = f"unusual-looks-{service.now + timedelta(**NIGHT):%Y%m%d}"
    return [line.params["note"] for line, _ in lines if line.event_key == key]


def test_a_day_on_which_everyone_looked_at_their_own_is_told_to_nobody(service, lamp):
    look(service, lamp, times=9)
    assert told(service) == []


def test_a_look_at_what_is_on_no_list_of_one_s_own_is_told_with_how_often(service, lamp):
    look(service, lamp, by="hjb-fc1", times=2)
    assert told(service, "hjb-leader") == ["华泾北首问接待甲（hjb-fc1）2次不在本人清单"]
    assert told(service) == []  # another area's


def test_what_is_urgent_or_to_be_called_is_its_own_reason(service, lamp):
    for reason in ("urgent", "call_list"):
        look(service, lamp, by="hjb-fc1", reason=reason)
    assert told(service, "hjb-leader") == []


def test_what_was_handed_on_by_evening_was_on_the_list_by_day(service, lamp):
    ticket = service.ticket(lamp)
    if ticket.lead_unit_id != "PM-SHJY":
        assert service.desk_act(lamp, "dispatch", FC, unit_id="PM-SHJY").status == 200
    assert service.staff_act(lamp, "take", "pm-shjy-a").status == 200
    person = directory.town().staff_member("pm-shjy-a")
    gone = service.ticket(lamp).model_copy(update={"lead_unit_id": "OF-DZB", "handler_id": "of-dzb-head"})
    trace = audit.trace_of(person, "photo", service.now)
    assert looks.outside(trace, gone, directory.town()) == looks.OUTSIDE_LIST
    assert unusual_looks.why_outside(trace, gone, directory.town()) != looks.OUTSIDE_LIST
    stranger = audit.trace_of(directory.town().staff_member("hjb-fc1"), "photo", service.now)
    assert unusual_looks.why_outside(stranger, gone, directory.town()) == looks.OUTSIDE_LIST


@pytest.mark.parametrize(
    ("hour", "minute", "why"), [(7, 0, ""), (14, 59, ""), (15, 0, "不在本人班次"), (6, 59, "不在本人班次")]
)
def test_a_look_outside_the_own_shift_is_an_exception_to_the_minute(service, lamp, hour, minute, why):
    at = service.now.replace(hour=hour, minute=minute)
    trace = audit.trace_of(directory.town().staff_member(FC), "revealed", at)
    assert looks.outside(trace, service.ticket(lamp), directory.town()) == why


def test_whoever_is_in_no_roster_has_no_shift(service, lamp):
    head = directory.town().staff_member("gglw-head")
    assert not any(row.person == head.code for row in directory.town().duty)
    trace = audit.trace_of(head, "revealed", service.now.replace(hour=3))
    assert looks.outside(trace, service.ticket(lamp), directory.town()) == ""


@pytest.mark.parametrize(
    ("today", "before", "is_one"),
    [(9, [0] * 14, False), (10, [0] * 14, True), (20, [10] * 14, False), (21, [10] * 14, True), (28, [14] * 14, False), (29, [14] * 14, True)],
)  # fmt: skip
def test_more_than_twice_the_usual_and_ten_at_least_is_one(today, before, is_one):
    assert looks.is_twice_the_usual(today, before) is is_one


def test_twice_the_usual_is_told_with_both_figures(service, lamp):
    for back in range(1, 15):
        look(service, lamp, times=7, at=-timedelta(days=back))
    look(service, lamp, times=15)
    assert told(service) == ["关港蓝湾首问接待甲（gglw-fc1）查看15次，平时每天7次"]


def test_two_nights_of_the_same_day_tell_once(service, lamp):
    look(service, lamp, at=timedelta(hours=6))
    assert told(service) == told(service) == ["关港蓝湾首问接待甲（gglw-fc1）1次不在本人班次"]


def test_the_page_marks_each_exception(service, lamp):
    look(service, lamp, by="hjb-fc1")
    page = service.get("/desk/looks?unit=ST-HJB", service.staff("town-leader")).body
    assert [line["outside"] for line in page["items"] if line["ticket_id"] == lamp] == ["不在本人清单"]
