"""Woken by the queue of jobs: one message, one chunk."""

import logging

from chalice import Blueprint

from chalicelib import clock
from chalicelib.actions import jobs
from chalicelib.actions.job_kinds import KINDS
from chalicelib.domain.errors import NotFound
from chalicelib.gateways import job_queue

tasks = Blueprint(__name__)
_log = logging.getLogger(__name__)


@tasks.lambda_function(name="run_job")
def run_job(event, _context):
    """Partial batch failures: only the chunks that failed come again."""
    failed = [record["messageId"] for record in event["Records"] if not _done(record["body"])]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _done(body):
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
