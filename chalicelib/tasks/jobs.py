"""Woken by the queue of jobs, one message, one chunk; and asked by the API function to open what somebody sent."""

import base64
import logging
from typing import Any

from chalice import Blueprint

from chalicelib import clock
from chalicelib.actions import jobs, opening
from chalicelib.actions.job_kinds import KINDS
from chalicelib.domain.errors import Invalid, NotFound
from chalicelib.gateways import job_queue

tasks = Blueprint(__name__)
_log = logging.getLogger(__name__)


@tasks.lambda_function(name="run_job")
def run_job(event: Any, _context: object) -> Any:
    """Partial batch failures: only the chunks that failed come again. With `open`: a file is opened for whoever waits."""
    if "open" in event:
        return _opened(event)
    failed = [record["messageId"] for record in event["Records"] if not _done(record["body"])]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _opened(event: Any) -> Any:
    try:
        opened = opening.open_file(event["open"], base64.b64decode(event["content"]))
    except Invalid as refusal:
        return {"refusal": {"message": refusal.message, "details": refusal.details}}
    return {"opened": base64.b64encode(opened).decode()}


def _done(body: str) -> bool:
    asked = job_queue.read(body)
    if asked is None:
        return True  # not ours; coming again would not make it so
    try:
        jobs.run_chunk(*asked, KINDS, now=clock.now())
    except NotFound:
        return True
    except Exception as fault:
        _log.warning("a chunk of job %s was not done: %s", asked[0], type(fault).__name__)
        return False
    return True
