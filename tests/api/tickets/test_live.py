"""A live board: one small request tells which queues have changed, and nothing else is read."""

from datetime import timedelta

from chalicelib.actions import consuming
from chalicelib.domain.clocks import clocks
from chalicelib.domain.tickets.ticket import Event
from chalicelib.store import table
from chalicelib.store.tickets import consoles, marks
from tests.api.tickets.test_screens import a_report, desk_of


def look(service, by, tag=""):
    return service._ask("GET", "/staff/live", service.staff(by), b"", {"If-None-Match": tag} if tag else {})


def changed(service, by, before):
    """The names whose marks differ from those of an earlier look."""
    now = look(service, by).body["queues"]
    return {name for name in now if now[name] != before[name]}


def test_a_board_that_has_seen_everything_is_answered_304(service):
    a_report(service)
    first = look(service, "gglw-fc1")
    assert first.status == 200
    assert set(first.body["queues"]) == {"mine", "unit", "escalated", "verify", "desk", "calls", "inbox"}
    again = look(service, "gglw-fc1", first.headers["ETag"])
    assert (again.status, again.raw) == (304, b"")
    weak = look(service, "gglw-fc1", f'W/{first.headers["ETag"]}, "other"')
    assert weak.status == 304


def test_whoever_is_not_at_a_desk_has_no_desks_queues(service):
    assert set(look(service, "gglw-gw1").body["queues"]) == {"mine", "unit", "escalated", "verify", "inbox"}


def test_a_new_report_changes_the_desks_mark_and_a_taken_one_its_handlers(service):
    desk = "gglw-fc1"
    before = look(service, desk).body["queues"]
    ticket_id = a_report(service, "小区门口乱糟糟，请来看看")
    assert desk_of(service, ticket_id) == desk
    assert service.ticket(ticket_id).stage == "received"
    assert "desk" in changed(service, desk, before)

    seen = look(service, desk).body["queues"]
    given = service.desk_act(ticket_id, "dispatch", desk, unit_id="PM-SHJY")
    assert given.status == 200, given.raw
    service.settle()
    handler = service.ticket(ticket_id).handler_id
    assert "desk" in changed(service, desk, seen)

    seen = look(service, handler).body["queues"]
    assert service.staff_act(ticket_id, "take", handler).status == 200
    service.settle()
    assert {"mine", "unit"} <= changed(service, handler, seen)


def test_what_changes_no_queue_of_mine_changes_no_mark_of_mine(service):
    ticket_id = a_report(service)
    handler = service.ticket(ticket_id).handler_id
    assert service.staff_act(ticket_id, "take", handler).status == 200
    service.settle()
    before = look(service, "gglw-fc1").body["queues"]
    assert service.staff_act(ticket_id, "progress", handler, text="灯泡已订货").status == 200
    service.settle()
    assert changed(service, "gglw-fc1", before) <= {"inbox"}


def test_a_message_in_the_inbox_changes_its_mark(service):
    before = look(service, "pm-shjy-a").body["queues"]
    handler = service.ticket(a_report(service)).handler_id
    assert handler == "pm-shjy-a"
    assert "inbox" in changed(service, handler, before)
    page = service.get("/staff/inbox", service.staff(handler)).body
    assert page["unread"] == len(page["items"]) > 0
    read = service.post("/staff/inbox/read", {"until": page["items"][0]["id"]}, service.staff(handler))
    assert read.status == 200
    assert service.get("/staff/inbox", service.staff(handler)).body["unread"] == 0


def test_a_line_that_comes_twice_makes_a_board_look_once_more_and_no_more(service):
    marks.touch(["desk:X"], after="T-000001", now=service.now)
    first = marks.list_marks(["desk:X", "desk:Y"])
    assert set(first) == {"desk:X"}
    service.later(seconds=1)
    marks.touch(["desk:X"], after="T-000001", now=service.now)
    assert marks.list_marks(["desk:X"]) != first


def test_a_fault_of_the_marks_does_not_hold_up_the_stream(service, monkeypatch):
    def fails(*_, **__):
        raise RuntimeError("no table")

    monkeypatch.setattr(consuming.marks, "touch", fails)
    line = Event(kind="due_recalculated", at=service.now, by="machine")
    image = {"PK": "TICKET#1", "SK": "EVENT#000002", "document": line.model_dump_json(), "queues": ["desk:X"]}
    change = {"Keys": {"SK": {"S": "EVENT#000002"}}, "NewImage": table._wire(image), "SequenceNumber": "1"}
    assert consuming.consume([{"eventName": "INSERT", "dynamodb": change}], now=service.now) is None
    assert marks.list_marks(["desk:X"]) == {}


def next_rung_in(service, text):
    ticket = service.ticket(a_report(service, text))
    return clocks.next_alarm(ticket).at - service.now


def test_a_look_of_a_desks_screen_is_its_sign_of_life_and_without_one_nobody_waits_for_it(service):
    text = "楼上冒浓烟，从门缝里钻出来"
    assert next_rung_in(service, text) == timedelta(0)  # never heard from
    look(service, "gglw-gw1")  # a grid worker's phone is no desk
    assert next_rung_in(service, text) == timedelta(0)
    look(service, "gglw-fc1")
    assert next_rung_in(service, text) == timedelta(minutes=1)
    service.later(seconds=61)
    assert next_rung_in(service, text) == timedelta(0)


def test_a_look_is_written_at_most_once_in_half_a_minute(service):
    written = []
    for _ in range(13):
        look(service, "gglw-fc1")
        written.append(consoles.find_heard_at("ST-GGLW"))
        service.later(seconds=5)
    assert written == sorted(written)
    assert len(set(written)) == 3
