"""The rows of a job, as one file in S3 that is gone when the job is through. They may hold names and phones."""

import json
from collections.abc import Sequence
from itertools import accumulate

from chalicelib.domain.jobs import Job, Row
from chalicelib.gateways.clients import client
from chalicelib.settings import settings


def put(job_id: str, chunks: Sequence[Sequence[Row]]) -> tuple[int, ...]:
    """Write the rows; answers where each chunk begins and ends, in bytes."""
    parts = [json.dumps(list(rows), ensure_ascii=False).encode() for rows in chunks]
    client("s3").put_object(
        Bucket=settings().photos_bucket,
        Key=_key(job_id),
        Body=b"".join(parts),
        ContentType="application/octet-stream",
    )
    return tuple(accumulate(map(len, parts), initial=0))


def get(job: Job, chunk: int) -> list[Row]:
    """The rows of one chunk."""
    start, end = job.cuts[chunk], job.cuts[chunk + 1] - 1
    answer = client("s3").get_object(
        Bucket=settings().photos_bucket, Key=_key(job.id), Range=f"bytes={start}-{end}"
    )
    rows: list[Row] = json.loads(answer["Body"].read())
    return rows


def discard(job_id: str) -> None:
    """Nothing there is fine."""
    client("s3").delete_object(Bucket=settings().photos_bucket, Key=_key(job_id))


def _key(job_id: str) -> str:
    return f"jobs/{job_id}"
