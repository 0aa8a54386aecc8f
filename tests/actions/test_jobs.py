"""Many rows at once: nothing is lost and nothing is done twice, wherever the machine dies."""

import json
from datetime import timedelta

import boto3
import pytest

from chalicelib.actions import jobs
from chalicelib.domain.errors import Invalid
from chalicelib.domain.jobs import Job, Outcome, Trouble
from chalicelib.ids import new_id
from chalicelib.settings import settings
from chalicelib.store import jobs as store
from chalicelib.tasks import jobs as task
from tests.moto_cloud import moto_cloud
from tests.service import MONDAY, running_service


@pytest.fixture
def cloud(monkeypatch):
    with moto_cloud(monkeypatch):
        monkeypatch.setenv("JOBS_QUEUE_URL", boto3.client("sqs").create_queue(QueueName="jobs")["QueueUrl"])
        settings.cache_clear()
        yield


class Killed(BaseException):
    """As when the function is killed: nothing catches it."""


class Done:
    """A kind of job that notes every row, and dies or fails where it is told to."""

    def __init__(self, *, kill_at=None, fail_at=None):
        self.rows, self.kill_at, self.fail_at = [], kill_at, fail_at

    def __call__(self, job, rows, now):
        for row in rows:
            if row["n"] == self.kill_at:
                self.kill_at = None
                raise Killed
            if row["n"] == self.fail_at:
                raise RuntimeError("not now")
            if row["n"] not in self.rows:  # a handler is idempotent by its own keys
                self.rows.append(row["n"])
        bad = tuple(Trouble(row=row["n"], message="没有编号") for row in rows if row["n"] % 7 == 3)
        return Outcome(counts={"made": len(rows) - len(bad), "refused": len(bad)}, troubles=bad)


def numbers(count):
    return [{"n": n} for n in range(count)]


def woken():
    """The chunks that wait in the queue; they are taken out."""
    sqs, found = boto3.client("sqs"), []
    while messages := sqs.receive_message(QueueUrl=settings().jobs_queue_url, MaxNumberOfMessages=10).get(
        "Messages"
    ):
        for message in messages:
            found.append(json.loads(message["Body"]))
            sqs.delete_message(QueueUrl=settings().jobs_queue_url, ReceiptHandle=message["ReceiptHandle"])
    return sorted(found)


def started(count, **more):
    return jobs.start(Job(id=new_id(), kind="count", by="desk", at=MONDAY, **more), numbers(count))


def run(job, handler, chunks):
    for chunk in chunks:
        jobs.run_chunk(job.id, chunk, {"count": handler}, now=MONDAY)


def test_a_job_of_ten_thousand_rows_is_two_hundred_chunks_and_each_is_woken_once(cloud):
    job, handler = started(10_000), Done()
    assert woken() == sorted([job.id, chunk] for chunk in range(200))
    run(job, handler, range(200))
    progress = store.find(job.id)
    assert (sorted(handler.rows), progress.finished_at) == (list(range(10_000)), MONDAY)
    assert sum(progress.counts.values()) == 10_000


def test_a_kill_in_the_middle_of_a_chunk_is_resumed_by_the_sweep_and_no_row_is_done_twice(cloud):
    job, handler = started(120), Done(kill_at=70)
    woken()
    with pytest.raises(Killed):
        run(job, handler, range(3))
    assert jobs.wake_late(now=MONDAY + timedelta(minutes=9)) == 0
    assert jobs.wake_late(now=MONDAY + timedelta(minutes=10)) == 2
    again = woken()
    assert again == [[job.id, 1], [job.id, 2]]
    run(job, handler, [chunk for _, chunk in again])
    assert handler.rows == list(range(120))
    assert sum(store.find(job.id).counts.values()) == 120


def test_a_message_that_comes_twice_does_nothing_the_second_time(cloud):
    job, handler = started(60), Done()
    run(job, handler, [0, 0, 1, 1, 0])
    assert store.find(job.id).counts == {"made": 51, "refused": 9}
    assert len(handler.rows) == 60


def test_the_rows_are_gone_from_the_bucket_when_the_job_is_through(cloud):
    job = started(60)
    assert "Contents" in boto3.client("s3").list_objects_v2(Bucket=settings().photos_bucket)
    run(job, Done(), [0, 1])
    assert "Contents" not in boto3.client("s3").list_objects_v2(Bucket=settings().photos_bucket)


@pytest.mark.parametrize("count", [0, 50_001])
def test_no_rows_or_too_many_are_refused(cloud, count):
    with pytest.raises(Invalid):
        started(count)


def test_only_the_chunk_that_failed_comes_again(cloud, monkeypatch):
    handler = Done(fail_at=55)
    monkeypatch.setitem(task.KINDS, "count", handler)
    job = started(60)
    records = [
        {"messageId": "a", "body": json.dumps([job.id, 0])},
        {"messageId": "b", "body": json.dumps([job.id, 1])},
        {"messageId": "c", "body": "not ours"},
        {"messageId": "d", "body": json.dumps(["no such job", 0])},
    ]
    answer = task.run_job({"Records": records}, None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "b"}]}


def test_a_job_that_no_queue_took_is_found_by_the_sweep(cloud, monkeypatch):
    monkeypatch.setenv("JOBS_QUEUE_URL", "https://sqs.invalid/jobs")
    settings.cache_clear()
    job = started(60)
    assert store.find(job.id).left == (0, 1)
    assert [p.job.id for p in store.list_late(MONDAY + timedelta(minutes=10))] == [job.id]


def test_a_unit_sees_its_own_job_with_its_bad_rows_and_the_admin_sees_every_one(monkeypatch):
    with running_service(monkeypatch) as service:
        job = started(10, unit="ST-GGLW")
        run(job, Done(), [0])
        desk = {person.unit: person.code for person in _first_contacts()}
        own = service.get(f"/desk/jobs/{job.id}", service.staff(desk["ST-GGLW"]))
        assert (own.status, own.body["chunks_done"], own.body["counts"]) == (
            200,
            1,
            {"made": 9, "refused": 1},
        )
        assert own.body["troubles"] == [{"row": 3, "message": "没有编号"}]
        other = next(code for unit, code in desk.items() if unit != "ST-GGLW")
        assert service.get(f"/desk/jobs/{job.id}", service.staff(other)).status == 404


def _first_contacts():
    from chalicelib.domain.town.vocabulary import Role
    from chalicelib.store.town import directory

    return [person for person in directory.town().staff if Role.FIRST_CONTACT in person.roles]
