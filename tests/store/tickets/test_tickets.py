"""One contract for tickets, on every engine: together or not at all, and the second writer is told (rules 8, 39, 47, 48)."""

from datetime import timedelta

import pytest

from chalicelib.domain.acts import answering, pausing
from chalicelib.domain.acts.escalating import escalate
from chalicelib.domain.acts.moves import changed
from chalicelib.domain.clocks.clocks import due_alarms
from chalicelib.domain.errors import AlreadyDone, Invalid, NotFound, Stale
from chalicelib.domain.tickets.queues import waits_for
from chalicelib.domain.tickets.ticket import Event
from chalicelib.store import keys, table
from chalicelib.store.requests.idempotency import replay
from chalicelib.store.table import ConditionFailed, Table, query_all
from chalicelib.store.tickets import alarms, members, tickets
from chalicelib.store.tickets.members import Member
from tests.domain.life import NOW, TOWN, person, received_with

DESK = person("desk-a")


def saved(text="小区门口乱糟糟", *, number=0, **report):
    """A ticket as the table keeps it."""
    ticket, event = received_with(text, id=f"01JD00000000000000000000{number:02}", **report)
    return tickets.save(ticket, event, before=None)


def note(ticket, text="x", by="desk-a"):
    return changed(ticket, Event(kind="classified", at=NOW, by=by, note=text), before=ticket, town=TOWN)


def published(ticket):
    return answering.publish(ticket, by=DESK, text="正在维修", town=TOWN, now=NOW)


def rung(ticket):
    """The machine rings the next rung."""
    now = NOW + timedelta(minutes=2)
    return escalate(ticket, due_alarms(ticket, now)[0], town=TOWN, now=now)


def rows(ticket_id, prefix=""):
    return list(query_all(Table.TICKETS, keys.ticket_pk(ticket_id), begins=prefix, consistent=True))


def everything():
    pages = table.client().whole.get_paginator("scan")
    return [
        sorted(map(str, item.items()))
        for which in Table
        for page in pages.paginate(TableName=which.full_name)
        for item in page["Items"]
    ]


def test_a_ticket_is_read_as_it_was_saved(town_table):
    ticket = saved()
    assert tickets.get(ticket.id) == ticket
    assert (ticket.version, ticket.generation) == (1, 1)
    assert [(version, event.kind) for version, event in tickets.list_events(ticket.id)] == [(1, "received")]
    with pytest.raises(NotFound):
        tickets.get("01JD0000000000000000009999")


def test_state_history_queues_and_alarm_are_written_together(town_table):
    ticket = saved()
    kinds = sorted(row["SK"].partition("#")[0] for row in rows(ticket.id))
    assert kinds == ["ALARM", "EVENT", "MINE", "OPEN311", "PLACE", "QUEUE", "TICKET"]
    assert [row["SK"] for row in rows(ticket.id, "QUEUE#")] == [f"QUEUE#{w.who}" for w in waits_for(ticket)]


def test_a_ticket_that_ended_waits_nowhere_and_rings_no_more(town_table):
    ticket = saved()
    tickets.change(ticket.id, lambda t: answering.answer(t, by=DESK, text="八点", town=TOWN, now=NOW))
    assert rows(ticket.id, "QUEUE#") == []
    assert list(alarms.list_watched()) == []


def test_what_a_saved_act_refuses_leaves_nothing_behind(town_table):
    ticket = saved()
    before = everything()
    with pytest.raises(ConditionFailed):
        tickets.save(*note(ticket.model_copy(update={"version": 5})), before=ticket)
    with pytest.raises(ConditionFailed):
        tickets.save(*received_with("又一次", id=ticket.id), before=None)
    with pytest.raises(Invalid):
        tickets.change(
            ticket.id, lambda t: pausing.suspend(t, by=DESK, reason="x", review_at=NOW, town=TOWN, now=NOW)
        )
    assert everything() == before


def test_nothing_to_do_writes_nothing(town_table):
    ticket = saved()
    before = everything()
    assert tickets.change(ticket.id, lambda t: None) == ticket
    assert everything() == before


def test_the_second_of_two_writers_is_told_what_changed(town_table):
    ticket = saved()
    tickets.change(ticket.id, published)
    with pytest.raises(Stale) as refused:
        tickets.change(ticket.id, note, tickets.Attempt(seen=ticket.version))
    assert [(line["kind"], line["by"]) for line in refused.value.details["changes"]] == [
        ("published", "desk-a")
    ]


def test_who_decides_while_another_person_writes_is_told_what_changed(town_table):
    ticket = saved()

    def interrupted(fresh):
        tickets.change(ticket.id, published)
        return note(fresh)

    with pytest.raises(Stale):
        tickets.change(ticket.id, interrupted)
    assert tickets.get(ticket.id).version == 2


def test_the_machines_own_lines_joins_and_comments_disturb_nobody(town_table):
    ticket = saved()
    tickets.change(ticket.id, rung)
    members.join(ticket, Member(reporter_id="r2"), Event(kind="joined", at=NOW, by="reporter"))
    members.add_line(ticket, Event(kind="commented", at=NOW, by="reporter", note="几点来？"))
    after = tickets.change(ticket.id, published, tickets.Attempt(seen=ticket.version))
    assert (after.version, after.public_text) == (3, "正在维修")


def test_who_decides_while_the_machine_writes_decides_again_by_itself(town_table):
    ticket, seen = saved(), []

    def interrupted(fresh):
        seen.append(fresh.version)
        if len(seen) == 1:
            tickets.change(ticket.id, rung)
        return published(fresh)

    assert tickets.change(ticket.id, interrupted).version == 3
    assert seen == [1, 2]


def test_the_machine_is_patient_with_what_people_did_in_between(town_table):
    ticket = saved()
    tickets.change(ticket.id, published)
    assert tickets.change(ticket.id, rung, tickets.Attempt(seen=1, patient=True)).version == 3


def test_an_act_sent_twice_happens_once_and_with_other_content_is_refused(town_table):
    ticket = saved()
    act = replay("desk-a", "key-00001", b"content", NOW)
    first = tickets.change(ticket.id, published, tickets.Attempt(replay=act))
    assert (
        tickets.change(ticket.id, lambda t: pytest.fail("decided again"), tickets.Attempt(replay=act))
        == first
    )
    before = everything()
    with pytest.raises(Invalid):
        tickets.change(
            ticket.id, published, tickets.Attempt(replay=replay("desk-a", "key-00001", b"other", NOW))
        )
    assert everything() == before
    other = replay("desk-b", "key-00001", b"other", NOW)  # the same key of somebody else is another act
    assert tickets.change(ticket.id, published, tickets.Attempt(replay=other)).version == 3


def test_an_act_whose_answer_was_lost_is_found_done_when_it_collides_with_itself(town_table):
    ticket = saved()
    act = replay("desk-a", "key-00001", b"content", NOW)

    def meanwhile(fresh):
        tickets.save(*published(fresh), before=fresh, replay=act)
        return published(fresh)

    assert tickets.change(ticket.id, meanwhile, tickets.Attempt(replay=act)).version == 2


def test_an_act_that_its_own_first_sending_refuses_is_answered_as_done(town_table):
    """Sent again while the first sending was still being served: it finds the ticket as that one left it."""
    ticket, act = saved(), replay("reporter", "key-00001", b"content", NOW)

    def refused(_):
        if not meanwhile:
            meanwhile.append(tickets.change(ticket.id, published, tickets.Attempt(replay=act)))
        raise AlreadyDone("您已经评价过了")

    meanwhile = []
    assert tickets.change(ticket.id, refused, tickets.Attempt(replay=act)) == meanwhile[0]
    with pytest.raises(AlreadyDone):
        tickets.change(
            ticket.id, refused, tickets.Attempt(replay=replay("reporter", "key-00002", b"content", NOW))
        )


def test_two_tickets_are_changed_together_or_not_at_all(town_table):
    one, other = saved(number=1), saved(number=2)
    stale = other.model_copy(update={"version": 7})
    before = everything()
    with pytest.raises(ConditionFailed):
        tickets.save_together([(one, *published(one)), (other, *note(stale))])
    assert everything() == before
    tickets.save_together([(one, *published(one)), (other, *note(other))])
    assert [tickets.get(t.id).version for t in (one, other)] == [2, 2]


def test_another_alarm_raises_the_generation_and_owes_a_fresh_execution(town_table):
    ticket = saved()
    same = tickets.change(ticket.id, published)
    assert (same.generation, tickets.list_events(ticket.id)[1][1].arms) == (1, False)
    urgent = saved("有人困在电梯里", number=3)
    line = tickets.list_events(urgent.id)[0][1]
    assert (line.arms, line.details["generation"]) == (True, "1")


def test_nobody_joins_twice(town_table):
    ticket = saved()
    joined = Event(kind="joined", at=NOW, by="reporter")
    members.join(ticket, Member(reporter_id="r2"), joined)
    before = everything()
    with pytest.raises(AlreadyDone):
        members.join(ticket, Member(reporter_id="r2"), joined)
    assert everything() == before
