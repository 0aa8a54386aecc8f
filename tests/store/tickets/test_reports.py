"""What a report asks before it is taken: one read, and two counts."""

from datetime import timedelta

import pytest

from chalicelib.domain.errors import Invalid, TooMany
from chalicelib.store import photos, table
from chalicelib.store.requests import limits
from chalicelib.store.requests.idempotency import done_op, replay
from chalicelib.store.tickets import report_reads
from chalicelib.store.town import directory
from tests.asked import operations_asked
from tests.service import MONDAY


@pytest.fixture
def asked(service, monkeypatch):
    """The requests that the store makes from now on."""
    return operations_asked(monkeypatch)


def an_act(content=b"x"):
    return replay("resident-a", "key-12345", content, MONDAY)


def test_all_that_a_report_must_know_is_one_request(service, asked):
    code = service.point()
    mine = [photos.grant("resident-a", "image/jpeg", MONDAY).id for _ in range(9)]
    table.transact([done_op(an_act(), "ticket-1")])
    asked.clear()
    known = report_reads.look_up(an_act(), point=code, place="SHJY-4-1", photo_ids=mine)
    assert asked == ["BatchGetItem"]
    assert known.done == "ticket-1"
    assert (known.point.code, known.place.code, set(known.photos)) == (code, "SHJY-4-1", set(mine))


def test_what_does_not_exist_is_absent(service):
    known = report_reads.look_up(an_act(), point="nowhere", place="nowhere", photo_ids=["none"])
    assert known == (None, None, None, {})


def test_a_report_that_names_nothing_asks_only_whether_it_was_sent_before(service):
    assert report_reads.look_up(an_act()) == (None, None, None, {})


def test_a_key_that_was_used_for_other_content_is_refused(service):
    table.transact([done_op(an_act(b"one"), "ticket-1")])
    with pytest.raises(Invalid, match="另一项内容"):
        report_reads.look_up(an_act(b"two"))


def test_a_report_of_a_resident_is_four_requests_and_one_transaction(service, asked):
    token, code = service.resident(), service.point()
    directory.town()  # a process reads it once in five seconds
    asked.clear()
    answer = service.post("/api/tickets", {"point": code, "text": "楼道灯不亮了"}, token)
    assert answer.status == 201, answer.raw
    assert sorted(asked) == ["BatchGetItem", "GetItem", "TransactWriteItems", "UpdateItem", "UpdateItem"]


def test_a_mistyped_code_is_refused_before_anything_is_asked(service, asked):
    token, code = service.resident(), service.point()
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    asked.clear()
    answer = service.post("/api/tickets", {"point": wrong, "text": "楼道灯不亮了"}, token)
    assert (answer.status, answer.body["fields"]) == (422, ["point"])
    assert asked == ["GetItem"]  # the session


def test_a_person_may_report_ten_times_an_hour(service):
    for _ in range(limits.REPORTS_BY_PERSON.most):
        limits.count_report("resident-a", "", "", MONDAY)
    with pytest.raises(TooMany):
        limits.count_report("resident-a", "", "", MONDAY)
    limits.count_report("resident-a", "", "", MONDAY + timedelta(hours=1))


@pytest.mark.parametrize(("crowd", "most"), [("address", 300), ("point", 200)])
def test_many_people_of_one_address_or_at_one_point_are_stopped_about_where_the_limit_is(
    service, crowd, most
):
    """Each report is counted for its address or its point by lot, so the limit is approximate: never below, not far above."""

    def report(n):
        where = {"address": f"address-{n}", "point": f"point-{n}", crowd: "the same"}
        limits.count_report(f"person-{n}", where["address"], where["point"], MONDAY)

    with pytest.raises(TooMany):  # noqa: PT012
        for n in range(2 * most):
            stopped_at = n
            report(n)
    assert most * 0.8 < stopped_at < most * 1.9
