"""The send queue. A message only wakes `send`; the delivery item is the truth, and the sweep wakes it again."""

import json
import logging
from collections.abc import Sequence

from chalicelib.gateways.clients import client
from chalicelib.settings import settings

_log = logging.getLogger(__name__)
MOST_IN_A_REQUEST = 10

Key = tuple[str, str]


def wake(keys: Sequence[Key]) -> int:
    """Ask `send` to look at these deliveries; answers how many the queue took. A queue that fails refuses nobody."""
    keys = list(dict.fromkeys(keys))
    taken = 0
    for start in range(0, len(keys), MOST_IN_A_REQUEST):
        taken += _wake_batch(keys[start : start + MOST_IN_A_REQUEST])
    return taken


def key_of(body: str) -> Key | None:
    """The key in a message, None for one that is not ours."""
    try:
        pk, sk = json.loads(body)
    except (ValueError, TypeError):
        return None
    return (pk, sk) if isinstance(pk, str) and isinstance(sk, str) else None


def _wake_batch(keys: Sequence[Key]) -> int:
    entries = [{"Id": str(i), "MessageBody": json.dumps(key)} for i, key in enumerate(keys)]
    try:
        answer = client("sqs").send_message_batch(QueueUrl=settings().send_queue_url, Entries=entries)
    except Exception as fault:  # whatever it is, the deliveries stand in the due index
        _log.warning("the send queue did not take %d messages: %s", len(keys), type(fault).__name__)
        return 0
    return len(answer.get("Successful", []))
