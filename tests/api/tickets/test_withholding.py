"""原话待转 over HTTP: every door of the unit is asked for words that wait for the desk (rule 104)."""

from datetime import timedelta

import pytest

from chalicelib.actions.tickets import escalating
from chalicelib.domain.tickets.queues import AskedQueue
from chalicelib.domain.tickets.readings import Grievance
from chalicelib.domain.tickets.ticket import Stage
from chalicelib.domain.views import access
from chalicelib.store.table import Table
from tests.access_table import rows
from tests.service import one_service
from tests.test_routes_by_role import IN_PATHS

service = one_service
CLERK, UNIT = "gglw-fc1", "PM-SHJY"
MANAGERS = ("pm-shjy-a", "pm-shjy-b", "pm-shjy-head")
FIRST, LATER = "青花瓷", "白鹭洲"  # words that nothing else of the service says
TEXT = f"楼道灯不亮，物业一直没人来修，{FIRST}"


def reported(service, text=TEXT, **more):
    answer = service.report(text, **more)
    assert answer.status == 201, answer.raw
    service.settle()
    return answer.body["id"]


def gone_out(service, text=TEXT, **more):
    """Reported, and nobody of the desk looked by the instant at which the feedback is due."""
    ticket_id = reported(service, text, **more)
    service.later(minutes=5)
    escalating.ring_late(ticket_id, now=service.now)
    service.settle()
    return ticket_id


def said(service, ticket_id, text=LATER):
    service.later(minutes=1)
    answer = service.post(f"/api/tickets/{ticket_id}/comments", {"text": text}, service.resident())
    assert answer.status == 201, answer.raw
    service.settle()


def page(service, ticket_id, who):
    return service.get(f"/staff/tickets/{ticket_id}", service.staff(who)).body


def every_door(service, ticket_id, who):
    """What every route that reads answers this person, of this ticket where it asks for one."""
    number = service.ticket(ticket_id).number
    known = IN_PATHS | {"ticket_id": ticket_id, "place": "SHJY-4-1"}
    paths = [row.path.format_map(known) for row in rows() if row.method == "GET"]
    paths += [f"/staff/search?number={number}", "/staff/search?place=SHJY-4-1"]
    paths += [f"/staff/queues/{queue}" for queue in AskedQueue]
    return {path: service.get(path, service.staff(who)).raw for path in paths}


def test_five_minutes_later_it_is_the_units_by_place_and_category(service):
    ticket_id = reported(service)
    before = service.ticket(ticket_id)
    assert (before.stage, before.complains) == (Stage.RECEIVED, Grievance.SERVICE)
    service.later(minutes=4, seconds=58)
    escalating.ring_late(ticket_id, now=service.now)
    assert service.ticket(ticket_id).stage is Stage.RECEIVED
    service.later(seconds=2)
    escalating.ring_late(ticket_id, now=service.now)
    after = service.ticket(ticket_id)
    assert (after.stage, after.lead_unit_id) == (Stage.DISPATCHED, UNIT)


def test_so_it_is_at_night(service):
    service.later(hours=13)
    assert service.ticket(gone_out(service)).lead_unit_id == UNIT


def test_no_door_of_the_unit_tells_a_word_and_the_desks_tell_all(service):
    ticket_id = gone_out(service)
    said(service, ticket_id)
    for who in MANAGERS:
        for path, raw in every_door(service, ticket_id, who).items():
            text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
            assert FIRST not in text, (who, path)
            assert LATER not in text, (who, path)
    desk = page(service, ticket_id, CLERK)
    assert FIRST in desk["text"]
    assert LATER in [line["note"] for line in desk["history"]]
    assert page(service, ticket_id, MANAGERS[0])["text"] == access.NOT_LOOKED_AT


def test_nothing_that_was_written_to_be_sent_to_the_unit_or_outside_holds_a_word(service):
    ticket_id = gone_out(service)
    said(service, ticket_id)
    sent = [item for item in service.items(Table.WORK) if "staff:pm-" in str(item) or "FEED" in str(item)]
    assert sent
    for item in sent:
        assert FIRST not in str(item)
        assert LATER not in str(item)


def test_its_row_at_the_unit_shows_no_words_that_wait_and_the_desks_does(service):
    ticket_id = gone_out(service)
    said(service, ticket_id)
    unit = service.get("/staff/queues/unit", service.staff(MANAGERS[0])).body["items"]
    desk = service.get("/staff/queues/desk", service.staff(CLERK)).body["items"]
    [theirs] = [row for row in unit if row["ticket_id"] == ticket_id]
    [ours] = [row for row in desk if row["ticket_id"] == ticket_id]
    assert (theirs["unread"], ours["unread"], ours["clock_name"]) == (False, True, "看原话")
    service.desk_act(ticket_id, "release-words", CLERK)
    unit = service.get("/staff/queues/unit", service.staff(MANAGERS[0])).body["items"]
    assert [row["unread"] for row in unit if row["ticket_id"] == ticket_id] == [True]


def test_a_reply_of_the_unit_answers_no_word_that_it_has_not_read(service):
    ticket_id = gone_out(service)
    said(service, ticket_id)
    service.staff_act(ticket_id, "comment", MANAGERS[0], text="这就去看", public=True)
    assert service.ticket(ticket_id).unread is not None


@pytest.mark.parametrize(
    ("act", "given", "reads", "note"),
    [
        ("release-words", {}, FIRST, LATER),
        ("release-words", {"summary": "楼道灯不亮", "only_summary": True}, "楼道灯不亮", ""),
        ("keep-words", {"note": "会看出是谁说的"}, "没有转来", ""),
    ],
)
def test_the_desk_decides_and_the_unit_is_told(service, act, given, reads, note):
    ticket_id = gone_out(service)
    said(service, ticket_id)
    assert {"release-words", "keep-words"} <= set(page(service, ticket_id, CLERK)["acts"])
    assert not {"release-words", "keep-words"} & set(page(service, ticket_id, MANAGERS[0])["acts"])
    assert service.desk_act(ticket_id, act, MANAGERS[0], **given).status == 403
    answer = service.desk_act(ticket_id, act, CLERK, **given)
    assert answer.status == 200, answer.raw
    service.settle()
    seen = page(service, ticket_id, MANAGERS[0])
    assert reads in seen["text"]
    notes = [line["note"] for line in seen["history"]]
    assert (LATER in notes) == bool(note)
    assert "会看出是谁说的" not in notes
    holder = service.staff(service.ticket(ticket_id).handler_id)
    inbox = service.get("/staff/inbox", holder).body["items"]
    assert any(line["ticket_id"] == ticket_id and line["title"] == "工单有变化" for line in inbox)


def test_whoever_reported_it_reads_what_became_of_the_words(service):
    ticket_id = gone_out(service)
    own = service.get(f"/api/tickets/{ticket_id}", service.resident()).body
    assert "您写的话他们还看不到" in own["standing"]
    assert FIRST in own["text"]
    service.desk_act(ticket_id, "keep-words", CLERK, note="会看出是谁说的")
    own = service.get(f"/api/tickets/{ticket_id}", service.resident()).body
    assert [line["note"] for line in own["timeline"] if "没有转给承办单位" in line["what"]] == [
        "会看出是谁说的"
    ]


def test_a_later_word_that_may_accuse_the_unit_waits_and_the_first_stay_read(service):
    ticket_id = reported(service, f"楼道灯不亮，{FIRST}")
    assert service.ticket(ticket_id).lead_unit_id == UNIT
    said(service, ticket_id, f"物业的人骂我，后来道歉了，我也不追究，{LATER}")
    assert service.ticket(ticket_id).withheld is not None
    seen = page(service, ticket_id, MANAGERS[0])
    assert FIRST in seen["text"]
    for who in MANAGERS:
        for path, raw in every_door(service, ticket_id, who).items():
            assert LATER not in str(raw), (who, path)
    assert LATER in str(page(service, ticket_id, CLERK)["history"])
    escalating.ring_late(ticket_id, now=service.now + timedelta(minutes=10))
    assert "gglw-head" in service.ticket(ticket_id).escalated_to
