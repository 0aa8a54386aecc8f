"""The queue that wakes `run_job`. A message only wakes: the job item says what is left, and the sweep wakes it again."""

import json
import logging
from collections.abc import Sequence

from chalicelib.gateways.clients import client
from chalicelib.settings import settings

_log = logging.getLogger(__name__)
_MOST_IN_A_REQUEST = 10


def wake(job_id: str, chunks: Sequence[int]) -> int:
    """Ask for these chunks to be done; answers how many the queue took. A queue that fails refuses nobody."""
    bodies = [json.dumps([job_id, chunk]) for chunk in chunks]
    starts = range(0, len(bodies), _MOST_IN_A_REQUEST)
    return sum(_wake_batch(bodies[start : start + _MOST_IN_A_REQUEST]) for start in starts)


def read(body: str) -> tuple[str, int] | None:
    """The job and chunk in a message, None for one that is not ours."""
    try:
        job_id, chunk = json.loads(body)
    except (ValueError, TypeError):
        return None
    return (job_id, chunk) if isinstance(job_id, str) and type(chunk) is int else None


def _wake_batch(bodies: Sequence[str]) -> int:
    entries = [{"Id": str(i), "MessageBody": body} for i, body in enumerate(bodies)]
    try:
        answer = client("sqs").send_message_batch(QueueUrl=settings().jobs_queue_url, Entries=entries)
    except Exception as fault:  # whatever it is, the job stands in the index of open ones
        _log.warning("the jobs queue did not take %d messages: %s", len(bodies), type(fault).__name__)
        return 0
    return len(answer.get("Successful", []))
