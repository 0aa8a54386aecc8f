"""Conflicts, throttling, and many writers at once: nothing is lost and everybody is told (rule 48)."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from chalicelib.domain.acts import answering
from chalicelib.domain.acts.moves import changed
from chalicelib.domain.errors import Stale, TryAgain
from chalicelib.domain.tickets.ticket import Event, Stage
from chalicelib.store import direct, table
from chalicelib.store.table import Table
from chalicelib.store.tickets import tickets
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


def everything():
    pages = table.client().whole.get_paginator("scan")
    return [
        sorted(map(str, item.items()))
        for which in Table
        for page in pages.paginate(TableName=which.full_name)
        for item in page["Items"]
    ]


@pytest.mark.parametrize("code", ["TransactionConflict", "ThrottlingError"])
def test_a_conflict_that_passes_is_tried_again_and_one_that_stays_is_told(town_table, monkeypatch, code):
    ticket, left = saved(), [2]
    real = table.client().transact_write_items

    def conflicting(**request):
        if left[0]:
            left[0] -= 1
            raise direct.Cancelled(["None", code])
        return real(**request)

    monkeypatch.setattr(table.client(), "transact_write_items", conflicting)
    monkeypatch.setattr(tickets.time, "sleep", lambda seconds: None)
    assert tickets.change(ticket.id, published).version == 2
    left[0], before = 1000, everything()
    with pytest.raises(TryAgain):
        tickets.change(ticket.id, published)
    assert everything() == before


def test_throttling_reaches_the_caller_and_changes_nothing(town_table, monkeypatch):
    ticket, before = saved(), everything()

    def throttled(**request):
        raise ClientError({"Error": {"Code": "ThrottlingException"}}, "TransactWriteItems")

    with monkeypatch.context() as patch:
        patch.setattr(table.client(), "transact_write_items", throttled)
        with pytest.raises(ClientError):
            tickets.change(ticket.id, published)
    assert everything() == before
    assert tickets.change(ticket.id, published).version == 2


def test_of_twenty_writers_at_once_no_update_is_lost_and_versions_have_no_gaps(real_table):
    ticket = saved()

    def write(n):
        return tickets.change(ticket.id, lambda t: note(t, f"n{n}", by="machine"), tickets.PATIENT)

    with ThreadPoolExecutor(20) as pool:
        done = [pool.submit(_until_done, write, n) for n in range(20)]
    assert sorted(job.result().version for job in done) == list(range(2, 22))
    lines = tickets.list_events(ticket.id)
    assert [version for version, _ in lines] == list(range(1, 22))
    assert {line.note for _, line in lines[1:]} == {f"n{n}" for n in range(20)}


def test_of_twenty_people_at_once_one_writes_and_the_others_are_told(real_table):
    ticket = saved()

    def write(n):
        try:
            return tickets.change(
                ticket.id, lambda t: note(t, f"n{n}"), tickets.Attempt(seen=ticket.version)
            ).version
        except Stale:
            return None

    with ThreadPoolExecutor(20) as pool:
        versions = list(pool.map(write, range(20)))
    assert [version for version in versions if version] == [2]
    assert tickets.get(ticket.id).stage is Stage.RECEIVED


def _until_done(write, n):
    """A caller that is told to try again does: the contract is about what is lost, not about patience."""
    while True:
        try:
            return write(n)
        except TryAgain:
            continue
