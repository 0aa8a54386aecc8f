"""The log channel: stands where WeCom and WeChat will be. Says which notice of which ticket went out, never text or identity."""

import json
import logging

from chalicelib.domain.notices.deliveries import Delivery, Outcome, State

_log = logging.getLogger(__name__)
_log.setLevel(logging.INFO)


def send(delivery: Delivery) -> Outcome:
    """One line to the log. The recipient is named only where it is staff."""
    staff = delivery.recipient if delivery.recipient.startswith("staff:") else "resident"
    line = {
        "message": "told",
        "to": staff,
        "way": delivery.way.value,
        "template": delivery.template,
        "number": delivery.params.get("number", ""),
        "attempt": delivery.attempts,
        "event": delivery.event_key,
    }
    _log.info(json.dumps(line, ensure_ascii=False))
    return Outcome(state=State.DELIVERED)
