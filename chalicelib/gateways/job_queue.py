"""What asks `run_job`: a queue, whose message only wakes, as the job item says what is left; and whoever waits for a file."""

import base64
import json
import logging
from collections.abc import Sequence

from chalicelib.domain.errors import Invalid, TryAgain
from chalicelib.gateways.clients import client
from chalicelib.settings import settings

_log = logging.getLogger(__name__)
_MOST_IN_A_REQUEST = 10


def wake(job_id: str, chunks: Sequence[int]) -> int:
    """Ask for these chunks to be done; answers how many the queue took. A queue that fails refuses nobody."""
    bodies = [json.dumps([job_id, chunk]) for chunk in chunks]
    starts = range(0, len(bodies), _MOST_IN_A_REQUEST)
    return sum(_wake_batch(bodies[start : start + _MOST_IN_A_REQUEST]) for start in starts)


def open_file(kind: str, content: bytes) -> bytes:
    """What `run_job` makes of a file, while whoever sent it waits. Raises what it refused; TryAgain for one that took too long."""
    from botocore.exceptions import BotoCoreError, ClientError

    asked = {"open": kind, "content": base64.b64encode(content).decode()}
    try:
        answer = client("lambda").invoke(
            FunctionName=settings().jobs_function, Payload=json.dumps(asked).encode()
        )
        told = json.loads(answer["Payload"].read() or b"{}")
    except (BotoCoreError, ClientError) as fault:
        raise TryAgain("文件没有打开，请再试一次；还不行就分成几个小文件") from fault
    if answer.get("FunctionError"):
        raise TryAgain("文件没有打开，请分成几个小文件，或另存为 CSV 再试")
    if "refusal" in told:
        raise Invalid(told["refusal"]["message"], **told["refusal"]["details"])
    return base64.b64decode(told["opened"])


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
