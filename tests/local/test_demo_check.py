"""The check after a day sees what it promises to see: each claim holds for a sound ticket, and not for a damaged one."""

from datetime import timedelta

import pytest

from chalicelib.actions.notices import sending
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.model import stamp
from chalicelib.store import table
from chalicelib.store.table import Table
from chalicelib.store.town import directory
from infra.local.play import check, tables
from infra.local.play.reporting import Sent

TEXT = "四号楼一单元楼道灯不亮，老人看不清台阶，请来修。"
PHONE = "13812345678"


@pytest.fixture
def lived(service):
    """A ticket dispatched by the machine, overdue by one rung, taken; everyone concerned told."""
    from chalicelib.actions.tickets import escalating

    answer = service.report(f"{TEXT}我的电话{PHONE}", contact={"phone": PHONE})
    ticket_id = answer.body["id"]
    service.settle()
    service.later(minutes=8)
    assert escalating.ring_late(ticket_id, now=service.now) == 1
    service.settle()
    handler = service.ticket(ticket_id).handler_id
    assert service.staff_act(ticket_id, "take", handler).status == 200
    service.acted = {(ticket_id, handler, "take"): 1}
    service.settle()
    push_all(service)
    service.sent = {ticket_id: Sent("token", scrub(f"{TEXT}我的电话{PHONE}"), PHONE)}
    service.ticket_id = ticket_id
    return service


def push_all(service) -> None:
    for item in items(service, Table.WORK, PK="TO#", SK="out#"):
        sending.send((item["PK"], item["SK"]), now=service.now + timedelta(minutes=15))


def contradicted(service) -> set[str]:
    """The names of the claims that do not hold."""
    day = check.Evidence(
        tables.read(), check.Known(service.sent, service.acted), directory.town(), service.now
    )
    return {claim.__name__ for claim in check.CLAIMS if list(claim(day))}


def items(service, which: Table, **where: str) -> list[dict]:
    found = service.items(which)
    return [item for item in found if all(item[name].startswith(value) for name, value in where.items())]


def remove(which: Table, item: dict) -> None:
    table.delete(which, item["PK"], item["SK"])


def test_a_sound_ticket_contradicts_nothing(lived):
    assert contradicted(lived) == set()


def test_who_joined_is_owed_lines_of_their_own_and_an_inbox_line_no_push(lived):
    lived.later(minutes=1)
    joined = lived.post(f"/api/tickets/{lived.ticket_id}/join", {}, lived.resident("a neighbour"))
    assert joined.status == 200, joined.raw
    lived.settle()
    handler = lived.ticket(lived.ticket_id).handler_id
    for act, body in (("arrived", {}), ("ask-extension", {"working_days": 1, "reason": "配件明天才到"})):
        assert lived.staff_act(lived.ticket_id, act, handler, **body).status == 200
        lived.acted[lived.ticket_id, handler, act] = 1
    lived.settle()
    push_all(lived)
    assert contradicted(lived) == set()


def test_a_lost_report_is_seen(lived):
    lived.sent["01LOST"] = Sent("token", "不见了", "13800000000")
    assert contradicted(lived) == {"every_report_is_there_once"}


def test_a_report_that_became_two_tickets_is_seen(lived):
    lived.report(TEXT)
    lived.settle()
    assert contradicted(lived) == {"every_report_is_there_once"}


def test_a_text_that_changed_is_seen(lived):
    sent = lived.sent[lived.ticket_id]
    lived.sent[lived.ticket_id] = sent._replace(text=sent.text + "!")
    assert contradicted(lived) == {"every_report_is_there_once"}


def test_a_gap_in_the_history_is_seen(lived):
    lines = items(lived, Table.TICKETS, SK="EVENT#000002")
    remove(Table.TICKETS, lines[0])
    assert "history_has_no_gaps" in contradicted(lived)


def test_an_act_that_left_no_line_is_seen(lived):
    lived.acted[lived.ticket_id, "pm-shjy-a", "arrived"] = 1
    assert contradicted(lived) == {"every_act_happened_once"}


def test_an_act_that_happened_twice_is_seen(lived):
    (act,) = lived.acted
    lived.acted[act] = 2
    assert contradicted(lived) == {"every_act_happened_once"}
    lived.acted[act] = 0
    assert contradicted(lived) == {"every_act_happened_once"}


def test_a_rung_that_rang_twice_is_seen(lived):
    rang = next(i for i in items(lived, Table.TICKETS, SK="EVENT#") if i["kind"] in check.RINGS)
    table.put(Table.TICKETS, rang | {"SK": "EVENT#000004"})
    assert "every_rung_rang_once" in contradicted(lived)


def test_an_open_ticket_without_an_alarm_is_seen(lived):
    remove(Table.TICKETS, items(lived, Table.TICKETS, SK="ALARM")[0])
    assert contradicted(lived) == {"every_open_ticket_is_watched"}


def test_an_alarm_that_nobody_rings_is_seen(lived):
    lived.later(hours=30)
    assert contradicted(lived) == {"every_open_ticket_is_watched"}


def test_an_alarm_may_be_late_by_two_sweeps(lived):
    alarm = items(lived, Table.TICKETS, SK="ALARM")[0]
    at = check.from_stamp(alarm["at"])
    lived.now = at + check.LATE
    assert contradicted(lived) == set()
    lived.now += timedelta(seconds=1)
    assert contradicted(lived) == {"every_open_ticket_is_watched"}


def test_a_queue_that_lost_an_entry_is_seen(lived):
    remove(Table.TICKETS, items(lived, Table.TICKETS, SK="QUEUE#")[0])
    assert contradicted(lived) == {"queues_say_what_tickets_say"}


def test_a_message_that_never_came_is_seen(lived):
    lines = [i for i in items(lived, Table.WORK, PK="TO#", SK="inbox#") if not i["SK"].startswith("inbox#~")]
    remove(Table.WORK, lines[0])
    assert contradicted(lived) == {"everyone_was_told_once"}


def test_a_message_that_came_twice_is_seen(lived):
    line = items(lived, Table.WORK, PK="TO#", SK="inbox#")[0]
    table.put(Table.WORK, line | {"SK": line["SK"] + "1"})
    assert contradicted(lived) == {"everyone_was_told_once"}


def test_a_push_that_is_missing_is_seen(lived):
    remove(Table.WORK, items(lived, Table.WORK, PK="TO#staff:", SK="out#")[0])
    assert contradicted(lived) == {"nobody_heard_twice"}


def test_a_push_that_was_also_gathered_is_seen(lived):
    push = items(lived, Table.WORK, PK="TO#staff:", SK="out#")[0]
    event = push["SK"].split("#")[2]
    table.put(Table.WORK, push | {"SK": "out#9#digest", "members": {f"{event}|MS"}})
    assert contradicted(lived) == {"nobody_heard_twice"}


def test_a_push_that_stands_still_is_seen(lived):
    push = items(lived, Table.WORK, PK="TO#staff:", SK="out#")[0]
    long_ago = stamp(lived.now - check.LATE - timedelta(seconds=1))
    pending = {"state": "sending", "GSI1PK": "DUE#1", "GSI1SK": long_ago}
    table.put(Table.WORK, push | pending | {"next_at": long_ago})
    assert contradicted(lived) == {"nobody_heard_twice", "every_push_ended_as_what_it_is"}
    table.put(Table.WORK, push | pending | {"next_at": stamp(lived.now - check.LATE)})
    assert contradicted(lived) == set()


def test_a_ticket_closed_without_follow_up_is_seen(lived):
    kept = lived.ticket(lived.ticket_id)
    forced = kept.model_copy(update={"stage": check.Stage.CLOSED})
    item = table.get(Table.TICKETS, f"TICKET#{kept.id}", "TICKET")
    table.put(Table.TICKETS, item | {"document": forced.model_dump_json(exclude_defaults=True)})
    assert "nothing_closed_against_the_policy" in contradicted(lived)


def test_a_phone_in_the_tickets_table_is_seen(lived):
    item = items(lived, Table.TICKETS, SK="PLACE")[0]
    table.put(Table.TICKETS, item | {"public_text": f"请打{PHONE}"})
    assert contradicted(lived) == {"identities_are_elsewhere"}


def test_a_dead_letter_is_seen(lived):
    table.put(Table.WORK, {"PK": "DEADLETTERS", "SK": "1", "document": "{}"})
    assert contradicted(lived) == {"no_dead_letters"}


def test_a_message_to_the_unit_that_a_complaint_is_about_is_seen(lived):
    answer = lived.report("投诉物业经理态度差，爱修不修，我不想让物业知道是我说的。")
    lived.settle()
    push_all(lived)
    lived.sent[answer.body["id"]] = Sent(
        "token", scrub("投诉物业经理态度差，爱修不修，我不想让物业知道是我说的。"), "13900000000"
    )
    assert contradicted(lived) == set()
    concerned = lived.ticket(answer.body["id"]).concerns
    person = next(p for p in directory.town().staff if p.unit in concerned)
    push = items(lived, Table.WORK, PK="TO#staff:", SK="out#")[0]
    wrong = {"PK": f"TO#staff:{person.code}", "SK": f"out#1#{answer.body['id']}-000001"}
    table.put(Table.WORK, push | wrong)
    assert contradicted(lived) == {"nobody_heard_of_a_complaint_about_himself"}
