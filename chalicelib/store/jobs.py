"""Jobs: one item says how far each is. A chunk that was done twice is counted once."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from chalicelib import logs
from chalicelib.domain.errors import NotFound
from chalicelib.domain.jobs import Job, Outcome, Progress, Trouble
from chalicelib.domain.model import from_stamp, stamp
from chalicelib.store import documents, keys
from chalicelib.store.table import (
    ConditionFailed,
    Item,
    Page,
    Table,
    batch_get,
    batch_write,
    get,
    put_op,
    query,
    transact,
    update,
)

KEPT = timedelta(days=90)
LOOK_AGAIN = timedelta(minutes=10)  # longer than a chunk may take with all its tries
_COUNT = "count_"


def begin(job: Job) -> None:
    """Write a job that nothing of is done yet; the sweep looks after it from now on. Again, it changes nothing."""
    expires = {"expires": _expires(job)}
    item = keys.attributes(keys.job(job.id), keys.job_open(job.at + LOOK_AGAIN, job.id))
    item |= {"document": job.model_dump_json(), "correlation_id": logs.correlation_id() or None} | expires
    of_unit = keys.attributes(keys.job_of(job.unit, job.id)) | expires
    try:
        transact([put_op(Table.WORK, item, if_absent=True), put_op(Table.WORK, of_unit)])
    except ConditionFailed:
        return


def find(job_id: str) -> Progress:
    """How far a job is. Raises NotFound."""
    item = get(Table.WORK, *keys.job(job_id), consistent=True)
    if item is None:
        raise NotFound("没有这个作业，或已超过保存期限")
    return _progress(item)


def list_of_unit(unit: str, *, after: str | None = None) -> tuple[list[Progress], str | None]:
    """The jobs that a unit began, newest first, as far as they are kept."""
    page = query(Table.WORK, keys.jobs_pk(unit), newest_first=True, limit=20, after=after)
    wanted = [keys.job(each["SK"]) for each in page]
    found = {item["PK"]: item for item in batch_get(Table.WORK, wanted)}
    return [_progress(found[key.pk]) for key in wanted if key.pk in found], page.next


def done(job: Job, chunk: int, outcome: Outcome, now: datetime) -> Progress:
    """A chunk is through. Again the same chunk changes nothing; the last one ends the job."""
    _write_troubles(job, outcome.troubles)
    counts = {f"{_COUNT}{name}": number for name, number in outcome.counts.items() if number}
    added = "".join(f", #{name} :{name}" for name in counts)
    try:
        pk, sk = keys.job(job.id)
        item = update(
            Table.WORK,
            pk,
            sk,
            f"ADD #done :chunk{added}",
            condition="attribute_exists(PK) AND NOT contains(#done, :name)",
            chunk={str(chunk)},
            name=str(chunk),
            **counts,
        )
    except ConditionFailed:
        return find(job.id)
    progress = _progress(item)
    return progress if progress.left else _finish(job, now)


def list_late(now: datetime, *, limit: int = 20) -> list[Progress]:
    """Jobs that nobody has looked at for ten minutes and that are not through, the longest waiting first."""
    page = query(Table.WORK, keys.JOBS_OPEN_PK, until=f"{stamp(now)}~", index="GSI1", limit=limit)
    return [_progress(item) for item in page]


def look_later(job: Job, now: datetime) -> None:
    """Somebody has just woken what is left of it."""
    update(
        Table.WORK,
        *keys.job(job.id),
        "SET #GSI1SK = :later",
        condition="attribute_exists(#GSI1PK)",
        later=keys.job_open(now + LOOK_AGAIN, job.id).sk,
    )


def list_troubles(job_id: str, *, after: str | None = None) -> tuple[list[Trouble], str | None]:
    """The rows that were not taken in, in the order of the file."""
    page: Page = query(Table.WORK, keys.job_pk(job_id), begins=keys.JOB_ROWS, limit=100, after=after)
    return [Trouble(row=item["row"], message=item["message"]) for item in page], page.next


def _finish(job: Job, now: datetime) -> Progress:
    item = update(
        Table.WORK,
        *keys.job(job.id),
        "SET #finished_at = if_not_exists(#finished_at, :now) REMOVE #GSI1PK, #GSI1SK",
        now=stamp(now),
    )
    return _progress(item)


def _write_troubles(job: Job, troubles: Iterable[Trouble]) -> None:
    batch_write(
        Table.WORK,
        [
            keys.attributes(keys.job_row(job.id, each.row)) | {"expires": _expires(job)} | each.model_dump()
            for each in troubles
        ],
    )


def _progress(item: Item) -> Progress:
    counts = {name.removeprefix(_COUNT): number for name, number in item.items() if name.startswith(_COUNT)}
    return Progress(
        job=documents.read(Job, item["document"]),
        done=frozenset(map(int, item.get("done", ()))),
        counts=counts,
        finished_at=from_stamp(item["finished_at"]) if "finished_at" in item else None,
        correlation_id=str(item.get("correlation_id", "")),
    )


def _expires(job: Job) -> int:
    return int((job.at + KEPT).timestamp())
