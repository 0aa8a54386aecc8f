"""The `photos` function: SQS brings what S3 says was uploaded."""

import json
import logging
from typing import Any
from urllib.parse import unquote_plus

from chalice import Blueprint

from chalicelib.actions import photos

log = logging.getLogger("mslj")
PREFIX = "incoming/"
tasks = Blueprint(__name__)


@tasks.lambda_function(name="photos")
def take_in_photos(event: Any, _context: object) -> Any:
    """Partial batch failures: only the uploads that are answered come again."""
    return handle(event)


def handle(event: dict[str, Any]) -> dict[str, Any]:
    """Take in every upload of the batch; those that could not be are named, and only they come again."""
    failed = [record["messageId"] for record in event.get("Records", []) if not _is_done(record)]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def _is_done(record: dict[str, Any]) -> bool:
    try:
        for photo_id in _uploads(record["body"]):
            photos.take_in(photo_id)
    except Exception as fault:
        log.warning("photo not taken in: %s", type(fault).__name__)
        return False
    return True


def _uploads(body: str) -> list[str]:
    """The photos that an S3 notification names; none for S3's own test event or another prefix."""
    records = json.loads(body).get("Records", [])
    keys = [unquote_plus(record["s3"]["object"]["key"]) for record in records]
    return [key.removeprefix(PREFIX) for key in keys if key.startswith(PREFIX)]
