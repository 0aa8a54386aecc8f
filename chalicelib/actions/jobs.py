"""A job: its rows into S3, its chunks into the queue, each done once; what a kill left is woken again by the sweep."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from chalicelib import logs
from chalicelib.domain.errors import Invalid, NotFound
from chalicelib.domain.jobs import Job, Outcome, Progress, Row
from chalicelib.gateways import job_files, job_queue
from chalicelib.store import jobs

ROWS_IN_A_CHUNK = 50
MOST_CHUNKS = 1000
Handler = Callable[[Job, list[Row], datetime], Outcome]


def start(job: Job, rows: Sequence[Row], *, rows_in_a_chunk: int = ROWS_IN_A_CHUNK) -> Job:
    """Begin a job of a kind of `job_kinds.KINDS` with these rows. Raises Invalid for none, or too many.

    One of that id that has begun goes on as it is.
    Killed before the job is written, nothing has begun and the file in S3 expires; after that, the sweep goes on.
    """
    if not 1 <= len(rows) <= ROWS_IN_A_CHUNK * MOST_CHUNKS:
        raise Invalid(
            f"一次最多 {ROWS_IN_A_CHUNK * MOST_CHUNKS} 行，且不能为空，请分几次提交", fields=["rows"]
        )
    with suppress(NotFound):
        return jobs.find(job.id).job
    chunks = [rows[first : first + rows_in_a_chunk] for first in range(0, len(rows), rows_in_a_chunk)]
    job = job.model_copy(update={"total": len(rows), "cuts": job_files.put(job.id, chunks)})
    jobs.begin(job)
    job_queue.wake(job.id, range(job.chunks))
    return job


def run_chunk(job_id: str, chunk: int, handlers: Mapping[str, Handler], *, now: datetime) -> Progress:
    """Do one chunk and write down what it came to. One that is done already is left alone.

    Killed in between, it comes again from the queue or the sweep: a handler must do a row that was done as if not asked.
    """
    progress = jobs.find(job_id)
    job = progress.job
    if chunk not in progress.left:
        return progress
    with logs.following(progress.correlation_id):
        outcome = handlers[job.kind](job, job_files.get(job, chunk), now)
    progress = jobs.done(job, chunk, outcome, now)
    if progress.finished_at is not None:
        job_files.discard(job.id)
    return progress


def wake_late(*, now: datetime) -> int:
    """The sweep's part: wake what is left of jobs that nobody looked at for ten minutes. Answers how many chunks."""
    woken = 0
    for progress in jobs.list_late(now):
        jobs.look_later(progress.job, now)
        woken += job_queue.wake(progress.job.id, progress.left)
    return woken
