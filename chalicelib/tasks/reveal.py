"""The one function that reads identities for people. Invoked by the API function, with the caller's own session token."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalice import Blueprint

from chalicelib import clock
from chalicelib.actions.identity import persons, revealing
from chalicelib.domain.errors import Refusal
from chalicelib.domain.identity.asked import Asked
from chalicelib.store.requests.idempotency import Replay

tasks = Blueprint(__name__)


def _replay(event: dict[str, Any]) -> Replay | None:
    """The act as its sender named it to the API."""
    given = event.get("replay")
    return Replay.model_validate(given) if given else None


_DONE: dict[Asked, Callable[[dict[str, Any], datetime], Any]] = {
    Asked.REVEAL: lambda event, now: revealing.reveal(
        event["token"],
        event["ticket_id"],
        tuple(event["fields"]),
        event["reason"],
        now,
        event.get("words", ""),
        event.get("of", ""),
    ),
    Asked.FIND_BY_PHONE: lambda event, now: revealing.find_by_phone(
        event["token"], event["phone"], event["reason"], now
    ),
    Asked.ERASE: lambda event, now: revealing.erase(
        event["token"], event["ticket_id"], event["text"], event["checked"], now, _replay(event)
    ),
    Asked.CORRECT_CONTACT: lambda event, now: revealing.correct_contact(
        event["token"],
        event["ticket_id"],
        event["name"],
        event["phone"],
        event["learned"],
        now,
        _replay(event),
    ),
    Asked.COPY: lambda event, now: revealing.copy(event["token"], event["ticket_id"], event["checked"], now),
    Asked.LISTEN: lambda event, now: revealing.listen(event["token"], event["ticket_id"], now),
    Asked.VOLUNTEER: lambda event, now: revealing.volunteer(
        event["token"], event["volunteer_id"], event["reason"], now
    ),
    Asked.OWN_SIGN_UP: lambda event, now: revealing.own_sign_up(event["token"], now),
    Asked.EXPORT: lambda event, now: revealing.export(event["token"], now),
    Asked.FORGET: lambda event, now: revealing.forget(event["token"], now),
    Asked.PEOPLE_BY_PHONE: lambda event, now: persons.by_phone_at_the_desk(
        event["token"], event["phones"], now
    ),
    Asked.PERSON_OF_ORDER: lambda event, now: persons.by_phone_of_order(
        event["partner"], event["phone"], now
    ),
    Asked.PERSON_OF_CLIENT: lambda event, now: persons.of_client(
        event["key"], event["phone"], event["known_as"], now
    ),
    Asked.PERSON_BY_OPENID: lambda event, now: persons.by_openid(event["openid"], now),
    Asked.FIND_BY_OPENID: lambda event, _: persons.find_by_openid(event["openid"]),
    Asked.BIND_STAFF: lambda event, now: persons.bind_staff(event["token"], event["openid"], now),
    Asked.MAKE_WAYS: lambda _, now: persons.make_ways(now),
}


@tasks.lambda_function(name="reveal")
def reveal(event: Any, _context: object) -> Any:
    """`{"ok": …}`, or `{"refusal": …}` with what the API is to answer; a refusal is no fault of the function."""
    try:
        return {"ok": _DONE[Asked(event["what"])](event, clock.now())}
    except Refusal as refusal:
        details = {"code": refusal.code, "message": refusal.message, "status": refusal.http_status}
        return {"refusal": details | {"details": refusal.details}}
