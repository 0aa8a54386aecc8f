"""The one function that reads identities for people. Invoked by the API function, with the caller's own session token."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalice import Blueprint

from chalicelib import clock
from chalicelib.actions.identity import persons, revealing
from chalicelib.domain.errors import Refusal

tasks = Blueprint(__name__)
_PERSONS: dict[str, Callable[[dict[str, Any], datetime], Any]] = {
    "people_by_phone": lambda event, now: persons.by_phone_at_the_desk(event["token"], event["phones"], now),
    "person_of_order": lambda event, now: persons.by_phone_of_order(event["partner"], event["phone"], now),
    "person_of_client": lambda event, now: persons.of_client(
        event["key"], event["phone"], event["known_as"], now
    ),
    "person_by_openid": lambda event, now: persons.by_openid(event["openid"], now),
    "find_by_openid": lambda event, _: persons.find_by_openid(event["openid"]),
    "bind_staff": lambda event, now: persons.bind_staff(event["token"], event["openid"], now),
    "make_ways": lambda _, now: persons.make_ways(now),
}


@tasks.lambda_function(name="reveal")
def reveal(event: Any, _context: object) -> Any:
    """`{"ok": …}`, or `{"refusal": …}` with what the API is to answer; a refusal is no fault of the function."""
    try:
        return {"ok": _asked(event)}
    except Refusal as refusal:
        details = {"code": refusal.code, "message": refusal.message, "status": refusal.http_status}
        return {"refusal": details | {"details": refusal.details}}


def _asked(event: dict[str, Any]) -> Any:
    now, token = clock.now(), event["token"]
    if event["what"] in _PERSONS:
        return _PERSONS[event["what"]](event, now)
    if event["what"] == "reveal":
        asked = (
            event["ticket_id"],
            tuple(event["fields"]),
            event["reason"],
            now,
            event.get("words", ""),
            event.get("of", ""),
        )
        return revealing.reveal(token, *asked)
    if event["what"] == "find_by_phone":
        return revealing.find_by_phone(token, event["phone"], event["reason"], now)
    if event["what"] == "erase":
        return revealing.erase(token, event["ticket_id"], event["text"], event["checked"], now)
    if event["what"] == "correct_contact":
        said = (event["name"], event["phone"], event["learned"])
        return revealing.correct_contact(token, event["ticket_id"], *said, now)
    if event["what"] == "copy":
        return revealing.copy(token, event["ticket_id"], event["checked"], now)
    if event["what"] == "listen":
        return revealing.listen(token, event["ticket_id"], now)
    if event["what"] == "volunteer":
        return revealing.volunteer(token, event["volunteer_id"], event["reason"], now)
    if event["what"] == "own_sign_up":
        return revealing.own_sign_up(token, now)
    if event["what"] == "export":
        return revealing.export(token, now)
    return revealing.forget(token, now)
