"""The one function that reads identities for people. Invoked by the API function, with the caller's own session token."""

from typing import Any

from chalice import Blueprint

from chalicelib import clock
from chalicelib.actions.identity import revealing
from chalicelib.domain.errors import Refusal

tasks = Blueprint(__name__)


@tasks.lambda_function(name="reveal")
def reveal(event, _context):
    """`{"ok": …}`, or `{"refusal": …}` with what the API is to answer; a refusal is no fault of the function."""
    try:
        return {"ok": _asked(event)}
    except Refusal as refusal:
        details = {"code": refusal.code, "message": refusal.message, "status": refusal.http_status}
        return {"refusal": details | {"details": refusal.details}}


def _asked(event: dict[str, Any]) -> Any:
    now, token = clock.now(), event["token"]
    if event["what"] == "reveal":
        asked = event["ticket_id"], tuple(event["fields"]), event["reason"], now, event.get("words", "")
        return revealing.reveal(token, *asked)
    if event["what"] == "find_by_phone":
        return revealing.find_by_phone(token, event["phone"], event["reason"], now)
    if event["what"] == "volunteer":
        return revealing.volunteer(token, event["volunteer_id"], event["reason"], now)
    if event["what"] == "own_sign_up":
        return revealing.own_sign_up(token, now)
    if event["what"] == "export":
        return revealing.export(token, now)
    return revealing.forget(token, now)
