"""One item says how far a job is; a chunk counts once, whatever came twice (the rule on many rows)."""

from datetime import timedelta

import pytest

from chalicelib.domain.errors import NotFound
from chalicelib.domain.jobs import Job, Outcome, Trouble
from chalicelib.store import jobs
from tests.domain.clock_town import at

START = at("2026-11-23 10:00")
LATER = START + timedelta(minutes=1)
JOB = Job(id="J1", kind="orders", by="desk", unit="ST", at=START, total=5, cuts=(0, 10, 20, 30))


def took(made, *troubles):
    return Outcome(counts={"made": made, "refused": len(troubles)}, troubles=troubles)


def test_a_job_counts_chunk_by_chunk_and_ends_with_the_last(town_table):
    jobs.begin(JOB)
    assert jobs.find("J1").left == (0, 1, 2)
    assert jobs.done(JOB, 1, took(2), LATER).left == (0, 2)
    assert jobs.done(JOB, 0, took(1, Trouble(row=2, message="没有编号")), LATER).finished_at is None
    ended = jobs.done(JOB, 2, took(1), LATER)
    assert (ended.left, ended.finished_at) == ((), LATER)
    assert ended.counts == {"made": 4, "refused": 1}


def test_a_chunk_that_was_done_twice_is_counted_once_and_its_bad_rows_stand_once(town_table):
    jobs.begin(JOB)
    for _ in range(3):
        jobs.done(JOB, 0, took(1, Trouble(row=2, message="没有编号")), LATER)
    assert jobs.find("J1").counts == {"made": 1, "refused": 1}
    assert jobs.list_troubles("J1") == ([Trouble(row=2, message="没有编号")], None)


def test_a_job_is_begun_once(town_table):
    jobs.begin(JOB)
    jobs.done(JOB, 0, took(1), LATER)
    jobs.begin(JOB)
    assert jobs.find("J1").done == {0}


@pytest.mark.parametrize(("minutes", "is_late"), [(9.9, False), (10, True), (11, True)])
def test_a_job_is_late_when_nobody_looked_at_it_for_ten_minutes(town_table, minutes, is_late):
    jobs.begin(JOB)
    found = jobs.list_late(START + timedelta(minutes=minutes))
    assert [progress.job.id for progress in found] == (["J1"] if is_late else [])


def test_a_look_puts_off_the_next_and_an_ended_job_is_looked_at_no_more(town_table):
    jobs.begin(JOB)
    late = START + timedelta(minutes=10)
    jobs.look_later(JOB, late)
    assert jobs.list_late(late + timedelta(minutes=9)) == []
    for chunk in range(3):
        jobs.done(JOB, chunk, took(1), late)
    assert jobs.list_late(late + timedelta(days=1)) == []


def test_the_bad_rows_stand_in_the_order_of_the_file(town_table):
    jobs.begin(JOB)
    jobs.done(JOB, 1, took(0, Trouble(row=12, message="a"), Trouble(row=100, message="b")), LATER)
    jobs.done(JOB, 0, took(0, Trouble(row=2, message="c")), LATER)
    assert [trouble.row for trouble in jobs.list_troubles("J1")[0]] == [2, 12, 100]


def test_a_job_that_nobody_began_is_not_found(town_table):
    with pytest.raises(NotFound):
        jobs.find("J2")


def test_a_unit_lists_its_own_jobs_the_newest_first_page_by_page(town_table):
    names = [f"J{n:02d}" for n in range(25)]
    for name in names:
        jobs.begin(JOB.model_copy(update={"id": name}))
    jobs.begin(JOB.model_copy(update={"id": "J99", "unit": "other"}))
    jobs.done(JOB.model_copy(update={"id": "J24"}), 0, took(2), LATER)
    first, after = jobs.list_of_unit("ST")
    rest, end = jobs.list_of_unit("ST", after=after)
    assert ([p.job.id for p in first + rest], end) == (names[::-1], None)
    assert (first[0].counts, first[1].counts) == ({"made": 2}, {})


def test_a_unit_that_began_none_has_an_empty_list(town_table):
    assert jobs.list_of_unit("ST") == ([], None)
