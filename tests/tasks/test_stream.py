"""The stream consumer under everything a stream may do to it."""

import json
import random
from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from chalicelib.actions import consuming, turns
from chalicelib.actions.consuming import MOST_ATTEMPTS
from chalicelib.actions.notices import sending
from chalicelib.domain.errors import NotFound, TryAgain
from chalicelib.domain.tickets.ticket import PartOf
from chalicelib.gateways import queue
from chalicelib.store import direct, documents, table
from chalicelib.store.figures import facts
from chalicelib.store.notices import dead_letters, deliveries, inbox
from chalicelib.store.table import Table
from chalicelib.store.tickets import marks, members, tickets
from chalicelib.store.tickets.members import Member
from chalicelib.tasks import stream
from tests.telling_cloud import everything, outward, save, telling_cloud, woken
from tests.telling_town import a_notice, an_event, at

NOW = at("10:00")
REFUSED = ClientError({"Error": {"Code": "ThrottlingException"}}, "StartExecution")


class Killed(BaseException):
    """kill -9: nothing catches it."""


@pytest.fixture(autouse=True)
def workflows(monkeypatch):
    with telling_cloud(monkeypatch) as started:
        monkeypatch.setattr(stream.clock, "now", lambda: NOW)
        yield started


def a_line(i, **changes):
    details = {"generation": "1", "wake_at": "2026-11-22T02:05:00.000Z"}
    notices = (
        a_notice("reporter", "dispatched"),
        a_notice("staff:head"),
        a_notice("staff:leader", "supervision"),
    )
    return save(an_event(*notices, arms=True, details=details), id=f"01KAT00000000000000000000{i}", **changes)


def consume(*records):
    return stream.on_ticket_event({"Records": list(records)}, None)["batchItemFailures"]


def resent():
    """How many of what was set aside the sweep got done."""
    return turns.whole(consuming.resend_steps(now=NOW))


def poisoned(i=9):
    record = a_line(i)
    record["dynamodb"]["NewImage"]["document"] = {"S": '{"kind": "dispatched", "secret": "13800000000"}'}
    return record


def failure(record):
    return [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]


def messages():
    """What people were told, without what may differ between two runs of the same."""
    return {key: item["document"] for key, item in everything().items() if "document" in item}


def test_a_batch_is_told_and_send_is_woken_for_all_of_it():
    assert consume(a_line(1), a_line(2)) == []
    assert len(outward()) == 4
    assert {queue.key_of(message["body"]) for message in woken()} == set(outward())


def test_a_batch_reads_its_tickets_in_one_request_and_writes_its_marks_once(monkeypatch):
    read, touched, ahead, touch = [], [], tickets.read_ahead, marks.touch
    monkeypatch.setattr(tickets, "get", lambda _: pytest.fail("read again"))
    monkeypatch.setattr(tickets, "read_ahead", lambda ids: read.append(set(ids)) or ahead(ids))
    monkeypatch.setattr(
        marks, "touch", lambda whose, **how: touched.append(set(whose)) or touch(whose, **how)
    )
    lines = [a_line(1), a_line(2)]
    assert consume(*lines) == []
    assert read == [{line["dynamodb"]["NewImage"]["PK"]["S"].removeprefix("TICKET#") for line in lines}]
    [whose] = touched
    assert {"inbox:head", "inbox:leader"} <= whose


def test_where_tickets_cannot_be_read_ahead_each_is_read_at_its_line(monkeypatch):
    def refuses(ids):
        raise REFUSED

    monkeypatch.setattr(tickets, "read_ahead", refuses)
    assert consume(a_line(1), a_line(2)) == []
    assert len(outward()) == 4


def test_a_batch_writes_its_inboxes_in_one_request_and_comes_again_whole_where_it_could_not(monkeypatch):
    wrote, write = [], inbox.write
    monkeypatch.setattr(inbox, "write", lambda lines, **how: wrote.append(len(lines)) or write(lines, **how))
    first, second = a_line(1), a_line(2)
    assert consume(first, second) == []
    assert wrote == [6]
    once = messages()

    def refuses(lines, **how):
        raise REFUSED

    monkeypatch.setattr(inbox, "write", refuses)
    assert consume(first, second) == failure(first)
    monkeypatch.setattr(inbox, "write", write)
    assert consume(first, second) == []
    assert messages() == once


def test_a_batch_marks_its_days_once_and_comes_again_whole_where_they_were_not_marked(monkeypatch):
    marked, mark_items = [], facts.mark_items
    monkeypatch.setattr(facts, "mark_items", lambda days: marked.append(set(days)) or mark_items(days))
    first, second = a_line(1), a_line(2)
    assert consume(first, second) == []
    [days] = marked
    assert {(mark.day, mark.area) for mark in facts.list_marks(limit=9)} == {
        (each.day, each.area) for each in days
    }

    def refuses(days):
        raise REFUSED

    monkeypatch.setattr(facts, "mark_items", refuses)
    for _ in range(MOST_ATTEMPTS - 1):
        assert consume(first, second) == failure(first)
    assert consume(first, second) == []  # it holds up nobody for ever
    assert len(dead_letters.list_open()[0]) == 2
    monkeypatch.setattr(facts, "mark_items", mark_items)
    assert resent() == 2


def test_what_was_told_before_a_line_failed_is_marked(monkeypatch):
    touched = []
    monkeypatch.setattr(marks, "touch", lambda whose, **_: touched.append(set(whose)))
    broken = a_line(2)
    follow = consuming.notifying.follow

    def fails_once(line, **how):
        if line.ticket_id.endswith("2"):
            raise REFUSED
        return follow(line, **how)

    monkeypatch.setattr(consuming.notifying, "follow", fails_once)
    assert consume(a_line(1), broken) == failure(broken)
    assert {"inbox:head", "inbox:leader"} <= touched[0]


def test_a_batch_that_comes_twice_has_effects_once(workflows):
    batch = [a_line(i) for i in range(3)]
    consume(*batch)
    once = messages()
    consume(*batch)
    assert messages() == once
    assert len(workflows.started) == 3


def test_a_delivery_that_was_sent_is_not_sent_again_when_its_line_comes_again():
    record = a_line(1)
    for _ in range(2):
        consume(record)
        for message in woken():
            sending.send(queue.key_of(message["body"]), now=NOW)
    assert {deliveries.find(key).attempts for key in outward()} == {1}


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_a_batch_does_not_matter(seed):
    batch = [a_line(i) for i in range(4)]
    shuffled = random.Random(seed).sample(batch * 2, 8)
    consume(*shuffled)
    assert len(outward()) == 8
    assert len([key for key in everything() if key[1].startswith("inbox#")]) == 4 * 2 + 4


def test_only_new_lines_of_history_count():
    record = a_line(1)
    changed = record | {"eventName": "MODIFY"}
    ticket = record | {
        "dynamodb": record["dynamodb"] | {"Keys": {"PK": {"S": "TICKET#x"}, "SK": {"S": "TICKET"}}}
    }
    assert consume(changed, ticket, {"eventName": "REMOVE"}) == []
    assert everything() == {}


# --- poison --------------------------------------------------------------------------------------------------------


def test_a_poisoned_record_is_set_aside_and_the_rest_is_told():
    assert consume(a_line(1), poisoned(), a_line(2)) == []
    assert len(outward()) == 4
    [letter], _ = dead_letters.list_open()
    assert letter.ticket_id == "01KAT000000000000000000009"
    assert not letter.passes


def test_a_poisoned_record_that_comes_again_is_one_dead_letter():
    record = poisoned()
    consume(record)
    consume(record, record)
    assert len(dead_letters.list_open()[0]) == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda change: change.pop("NewImage"),
        lambda change: change["NewImage"].pop("document"),
        lambda change: change["NewImage"].update(document={"S": "not json"}),
        lambda change: change["NewImage"].update(document={"N": "7"}),
        lambda change: change["NewImage"].pop("PK"),
    ],
)
def test_whatever_is_wrong_with_a_record_it_holds_up_nobody(spoil):
    record = a_line(1)
    spoil(record["dynamodb"])
    assert consume(record, a_line(2)) == []
    assert len(outward()) == 2
    assert len(dead_letters.list_open()[0]) == 1


def test_the_reason_of_a_dead_letter_quotes_nothing_of_what_was_written():
    consume(poisoned())
    [letter], _ = dead_letters.list_open()
    assert "13800000000" not in letter.reason
    assert "secret" in letter.reason


def test_a_notice_without_words_becomes_a_dead_letter():
    consume(save(an_event(a_notice(template="nonsense"))), a_line(2))
    [letter], _ = dead_letters.list_open()
    assert (letter.reason, letter.passes) == (
        "UnknownTemplate: nonsense",
        True,
    )  # a newer version may have the words
    assert len(outward()) == 2


# --- passing faults ------------------------------------------------------------------------------------------------


def test_at_a_passing_fault_the_stream_starts_again_at_that_record(workflows):
    first, second, third = (a_line(i) for i in range(3))
    consume(first)
    workflows.refuses = REFUSED
    assert consume(second, third) == failure(second)
    assert dead_letters.list_open()[0] == []
    workflows.refuses = None
    assert consume(second, third) == []
    assert len(workflows.started) == 3
    assert len(outward()) == 6


def test_what_was_written_before_the_fault_is_sent_without_waiting_for_it(workflows):
    consume(a_line(1))
    woken()
    workflows.refuses = REFUSED
    consume(first := a_line(2), a_line(3))
    keys = {key for key in outward() if first["dynamodb"]["SequenceNumber"][:26] in key[1]}
    workflows.refuses = None
    assert len(keys) == 2


def test_a_record_that_keeps_failing_steps_aside_and_the_rest_is_told(workflows):
    record, other = a_line(1), save(an_event(a_notice()), id="01KAT000000000000000000002")
    workflows.refuses = REFUSED
    for _ in range(MOST_ATTEMPTS - 1):
        assert consume(record, other) == failure(record)
    assert consume(record, other) == []
    [letter], _ = dead_letters.list_open()
    assert letter.passes
    assert "01KAT000000000000000000002-000001" in " ".join(sk for _, sk in everything())


def test_the_sweep_finishes_what_stepped_aside_for_a_passing_fault(workflows):
    workflows.refuses = REFUSED
    record = a_line(1)
    for _ in range(MOST_ATTEMPTS):
        consume(record)
    assert resent() == 0
    workflows.refuses = None
    assert resent() == 1
    assert resent() == 0
    assert len(workflows.started) == 1
    assert len(outward()) == 2


def test_a_line_that_only_a_newer_version_can_read_waits_for_it(monkeypatch):
    record, read = a_line(1), documents.read
    written = json.loads(record["dynamodb"]["NewImage"]["document"]["S"])
    record["dynamodb"]["NewImage"]["document"] = {"S": json.dumps(written | {"of_tomorrow": 1})}
    for _ in range(MOST_ATTEMPTS - 1):
        assert consume(record) == failure(record)
    assert consume(record) == []
    assert resent() == 0
    assert not outward()
    monkeypatch.setattr(
        documents, "read", lambda model, text: read(model, text.replace(', "of_tomorrow": 1', ""))
    )
    assert resent() == 1
    assert len(outward()) == 2


def test_the_sweep_leaves_poison_to_a_person():
    consume(poisoned())
    assert resent() == 0
    assert len(dead_letters.list_open()[0]) == 1


def test_a_dead_letter_is_resent_by_the_same_code_once_its_cause_is_gone(monkeypatch):
    consume(save(an_event(a_notice(template="nonsense"))))
    [letter], _ = dead_letters.list_open()
    with pytest.raises(TryAgain):
        consuming.resend(letter.id, now=NOW)
    monkeypatch.setitem(consuming.notifying.words_of.__globals__["TEMPLATES"], "nonsense", _a_template())
    consuming.resend(letter.id, now=NOW)
    assert len(outward()) == 1
    assert len(woken()) == 1
    with pytest.raises(NotFound):
        consuming.resend(letter.id, now=NOW)


def _a_template():
    from chalicelib.domain.notices.template import of

    return of("试", "{number}。")


def test_when_the_tables_do_not_answer_the_line_comes_again_uncounted(monkeypatch):
    record = a_line(1)

    def throttled(*_args, **_how):
        raise ClientError({"Error": {"Code": "ProvisionedThroughputExceededException"}}, "PutItem")

    with monkeypatch.context() as broken:
        broken.setattr(inbox, "batch_write", throttled)
        broken.setattr(dead_letters, "update", throttled)
        for _ in range(2 * consuming.MOST_ATTEMPTS):  # nothing is set aside for what was not even counted
            assert consume(record) == [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]
    assert not dead_letters.list_open()[0]
    assert consume(record) == []
    assert len(outward()) == 2


# --- killed in the middle ------------------------------------------------------------------------------------------


class _DiesAfter:
    """Lets so many writes through, then the process is gone."""

    def __init__(self, patch, writes):
        self.left = writes
        for module, name in (
            (inbox, "batch_write"),
            (table, "put"),
            (table, "transact"),
            (deliveries, "update"),
            (queue, "client"),
        ):
            patch.setattr(module, name, self._counted(getattr(module, name)))

    def _counted(self, write):
        def counted(*args, **how):
            if self.left == 0:
                raise Killed
            self.left -= 1
            return write(*args, **how)

        return counted


class AtOnce(direct.GoBetween):
    """As on a town hall's own machine."""

    at_once = True


@pytest.mark.parametrize(
    ("between", "writes"), [*(([], n) for n in range(6)), *(([AtOnce()], n) for n in range(3))]
)
def test_a_consumer_killed_at_any_write_has_effects_once_when_it_comes_again(
    monkeypatch, workflows, between, writes
):
    batch = [a_line(1), a_line(2)]
    monkeypatch.setattr(direct, "GO_BETWEENS", [*direct.GO_BETWEENS, *between])
    with monkeypatch.context() as dying:
        _DiesAfter(dying, writes)
        with pytest.raises(Killed):
            consume(*batch)
    consume(*batch)
    sent = outward()
    assert len(sent) == 4
    assert len([key for key in everything() if key[1].startswith("inbox#")]) == 6
    assert len(workflows.started) == 2
    for key in sent:
        sending.send(key, now=NOW)
        sending.send(key, now=NOW)
    assert {deliveries.find(key).attempts for key in sent} == {1}


# --- the queue -----------------------------------------------------------------------------------------------------


def test_a_queue_that_fails_delays_a_message_and_loses_none(monkeypatch):
    def down(_service):
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(queue, "client", down)
        assert consume(a_line(1)) == []
    assert woken() == []
    assert sending.sweep(now=NOW + timedelta(seconds=31)) == 2
    assert len(woken()) == 2


def test_a_message_that_the_queue_lost_is_found_by_the_sweep():
    consume(a_line(1))
    woken()  # lost
    assert sending.sweep(now=NOW + timedelta(seconds=29)) == 0
    assert sending.sweep(now=NOW + timedelta(seconds=30)) == 2
    for message in woken():
        sending.send(queue.key_of(message["body"]), now=NOW + timedelta(seconds=31))
    assert sending.sweep(now=NOW + timedelta(hours=1)) == 0


def test_a_busy_batch_asks_the_queue_ten_at_a_time():
    keys = [(f"TO#staff:{i}", "out#x") for i in range(23)]
    assert queue.wake(keys + keys) == 23
    assert sorted(queue.key_of(message["body"]) for message in woken()) == sorted(keys)


# --- whose reports they are


def a_report(i, **changes):
    event = an_event(a_notice("reporter", "received"), kind="received")
    return save(event, id=f"01KAT00000000000000000000{i}", **changes)


def reporters_told():
    return sorted(key[0] for key in everything() if key[0].startswith("TO#reporter:"))


def test_whose_the_reports_of_a_batch_are_is_asked_for_at_once(monkeypatch):
    asked, list_reporters = [], members.list_reporters

    def noted(of):
        asked.append(list(of))
        return list_reporters(asked[-1])

    monkeypatch.setattr(members, "list_members", lambda _: pytest.fail("asked one by one"))
    monkeypatch.setattr(members, "list_reporters", noted)
    lines = [
        a_report(1),
        a_report(2),
        a_report(3, reporter_id=None, people=()),
    ]
    assert consume(*lines) == []
    assert [len(each) for each in asked] == [3]
    assert reporters_told() == ["TO#reporter:r1", "TO#reporter:r1"]


def test_a_report_whose_case_is_gone_holds_up_no_other(monkeypatch):
    gone, other = a_report(1), a_report(2)
    table.delete(Table.TICKETS, gone["dynamodb"]["Keys"]["PK"]["S"], "TICKET")
    for _ in range(MOST_ATTEMPTS):
        consume(gone, other)
    assert reporters_told() == ["TO#reporter:r1"]


def test_who_joined_what_was_divided_is_told_of_its_parts_as_well():
    """It begins with the whole's people; a plain report begins with its own."""
    part = PartOf(id="01KAT000000000000000000009", number="MS261122-AAAAAA-4")
    came = Member(reporter_id="r2", report="01KAT000000000000000000008")
    for line, whole in ((a_report(1), None), (a_report(2, part_of=part), part)):
        ticket = tickets.get(line["dynamodb"]["NewImage"]["PK"]["S"].removeprefix("TICKET#"))
        assert ticket.part_of == whole
        table.transact([members.member_op(ticket.id, came, NOW)])
        consume(line)
    told = [key for key in everything() if key[0] == "TO#reporter:r2"]
    assert len(told) == 1
