"""Woken by the send queue."""

import logging
from typing import Any

from chalice import Blueprint

from chalicelib import clock
from chalicelib.actions.notices import sending
from chalicelib.gateways import queue

tasks = Blueprint(__name__)
_log = logging.getLogger(__name__)


@tasks.lambda_function(name="send")
def send(event: Any, _context: object) -> Any:
    """Partial batch failures: only the messages that failed come again."""
    failed = [record["messageId"] for record in event["Records"] if not _sent(record["body"])]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _sent(body: str) -> bool:
    key = queue.key_of(body)
    if key is None:
        return True  # not ours; coming again would not make it so
    try:
        sending.send(key, now=clock.now())
    except Exception as fault:  # the others of the batch must go out
        _log.warning("a delivery was not sent: %s", type(fault).__name__)
        return False
    return True
