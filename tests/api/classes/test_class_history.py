"""Who comes to a class after its measure is told it once, and every member's history says what became of it (rule 67).

One class serves the module; every test has people, tickets and a spot of its own.
"""

import pytest

from chalicelib.store.classes import announced as class_told
from tests.api.classes.test_classes import HEAD, MEASURE, TEXTS, act, confirmed, listed, run_jobs, told
from tests.api.classes.test_similar import DESK, reported
from tests.api.tickets.test_screens import seen
from tests.service import one_service

service = one_service
OTHER = "垃圾房早上没人开门，很臭"


@pytest.fixture(scope="module")
def measured(service):
    """A class that the machine proposed, with its measure announced and everyone told; and its first tickets."""
    tickets = [reported(service, text, place="SHJY-GATE", by=f"r{n}") for n, text in enumerate(TEXTS)]
    (row,) = listed(service)
    confirmed(service, row["id"])
    announced(service, row["id"])
    service.later(hours=1)
    return row["id"], tickets


def announced(service, class_id):
    assert act(service, class_id, "announce", **MEASURE).status == 200
    run_jobs(service)
    service.settle()


def begun(service, ticket_id):
    """A class of its own that a person begins with one ticket."""
    body = {"name": "垃圾房", "ticket_ids": [ticket_id]}
    answer = service.post("/desk/classes", body, service.staff(HEAD))
    assert answer.status == 201, answer.raw
    return answer.body["id"]


def late(service, who, text=TEXTS[0]):
    """A report like the others, after the announcement, with all that follows."""
    ticket_id = reported(service, text, place="SHJY-GATE", by=who)
    service.settle()
    return ticket_id


def joined(service, ticket_id, who):
    answer = service.post(f"/api/tickets/{ticket_id}/join", {}, service.resident(who))
    assert answer.status in (200, 201), answer.raw
    service.settle()


def all_comes_again(service):
    """The stream brings every line a second time."""
    service._consumed.clear()
    service.settle()
    service.settle()


def lines(service, ticket_id, by=HEAD):
    of_classes = ("put_in_class", "taken_out_of_class", "measure_announced")
    return [line for line in seen(service, ticket_id, by)["history"] if line["kind"] in of_classes]


def kinds(service, ticket_id):
    return [line["kind"] for line in lines(service, ticket_id)]


def test_who_comes_later_by_a_report_or_by_joining_one_is_told_once_also_when_the_stream_comes_twice(
    service, measured
):
    ticket_id = late(service, "late")
    joined(service, measured[1][0], "me-too")
    joined(service, measured[1][0], "late")  # in the class already, by the own report
    all_comes_again(service)
    (line,) = told(service, "late")
    assert line["unread"]
    assert MEASURE["what"] in line["text"]
    assert len(told(service, "me-too")) == 1
    assert [len(told(service, n)) for n in range(5)] == [1] * 5
    assert kinds(service, ticket_id) == ["put_in_class", "measure_announced"]


def test_a_second_report_of_the_same_person_is_not_told_again(service, measured):
    for who in ("r0", "twice", "twice"):
        late(service, who, TEXTS[1])
    assert [len(told(service, who)) for who in (0, "twice")] == [1, 1]


def test_who_comes_between_the_announcement_and_its_job_is_told_once(service):
    ticket_id = reported(service, OTHER, place="SHJY-5-1", by="first")
    class_id = begun(service, ticket_id)
    act(service, class_id, "announce", **MEASURE)
    joined(service, ticket_id, "between")
    run_jobs(service)
    assert [len(told(service, who)) for who in ("first", "between")] == [1, 1]


def test_what_a_person_adds_to_the_class_is_told_it_too(service, measured):
    ticket_id = reported(service, OTHER, place="SHJY-1-1", by="added")
    assert told(service, "added") == []
    assert act(service, measured[0], "members", ticket_ids=[ticket_id]).status == 200
    service.settle()
    assert len(told(service, "added")) == 1


def test_who_says_the_same_at_the_spot_of_a_class_that_a_person_began_comes_into_it(service):
    class_id = begun(service, reported(service, OTHER, place="LWY-1-1", by="one"))
    reported(service, OTHER, place="LWY-1-2", by="two")  # another door of the building
    assert service.get(f"/desk/classes/{class_id}", service.staff(HEAD)).body["reporters"] == 2


def test_the_people_of_a_class_that_is_merged_into_one_with_a_measure_are_told_it_once(service, measured):
    class_id = begun(service, reported(service, OTHER, place="SHJY-2-1", by="merged"))
    for _ in range(2):  # asked twice
        assert act(service, class_id, "merge", into=measured[0]).status == 200
        run_jobs(service)
    assert [len(told(service, who)) for who in ("merged", 0, 1, 2, 3, 4)] == [1] * 6


def test_a_class_without_a_measure_or_at_its_end_tells_nobody(service):
    ticket_id = reported(service, OTHER, place="SHJY-3-1", by="ended")
    class_id = begun(service, ticket_id)
    joined(service, ticket_id, "before")
    assert told(service, "before") == []
    announced(service, class_id)
    act(service, class_id, "end", reason="已解决")
    joined(service, ticket_id, "after")
    assert [len(told(service, who)) for who in ("before", "after")] == [1, 0]


def test_killed_after_the_claim_the_person_is_told_when_the_line_comes_again(service, measured, monkeypatch):
    ticket_id = reported(service, OTHER, place="SHJY-5-1", by="killed")
    act(service, measured[0], "members", ticket_ids=[ticket_id])
    with monkeypatch.context() as broken:
        broken.setattr(class_told, "write_line", lambda *_: (_ for _ in ()).throw(RuntimeError))
        with pytest.raises(AssertionError):
            service.settle()
    assert told(service, "killed") == []
    service.later(minutes=5)
    all_comes_again(service)
    assert len(told(service, "killed")) == 1


def test_the_history_of_every_member_says_that_it_is_in_a_class_and_what_was_announced(service, measured):
    all_comes_again(service)
    run_jobs(service)
    for ticket_id in measured[1]:
        put_in, announced = lines(service, ticket_id)
        assert (put_in["kind"], put_in["what"]) == ("put_in_class", "系统归入一类事")
        assert (announced["kind"], MEASURE["what"] in announced["note"]) == ("measure_announced", True)


def test_one_that_is_split_off_or_becomes_confidential_has_a_line_of_it(service, measured):
    split, hidden = late(service, "split"), late(service, "hidden")
    assert act(service, measured[0], "split", ticket_ids=[split], name="另一件").status == 201
    assert kinds(service, split) == ["put_in_class", "measure_announced", "put_in_class"]
    assert lines(service, split)[-1]["note"] == "另一件"
    service.desk_act(hidden, "classify", DESK, category="B01", confidential=True)
    service.settle()
    all_comes_again(service)
    assert kinds(service, hidden) == ["put_in_class", "measure_announced", "taken_out_of_class"]


def test_the_resident_sees_the_measure_and_not_the_class(service, measured):
    page = service.get(f"/api/tickets/{measured[1][0]}", service.resident("r0")).body
    shown = [line["what"] for line in page["timeline"] if "一类事" in line["what"]]
    assert shown == ["关港蓝湾片区民情快办工作站公布了一类事的措施"]


def test_a_line_of_a_class_changes_no_version_so_nobodys_act_becomes_stale(service):
    ticket_id = reported(service, OTHER, place="SHJY-6-1", by="unmoved")
    before = service.ticket(ticket_id)
    announced(service, begun(service, ticket_id))
    assert service.ticket(ticket_id) == before
    assert kinds(service, ticket_id) == ["put_in_class", "measure_announced"]
