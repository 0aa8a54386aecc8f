"""/admin/api-keys: which programs may report through Open311."""

from typing import TYPE_CHECKING, Annotated

from chalice import Blueprint
from pydantic import Field, StringConstraints

from chalicelib.api import auth, http
from chalicelib.api.auth import ADMIN
from chalicelib.api.http import Key, RequestBody, read
from chalicelib.api.routes import idempotency, responds
from chalicelib.store.feed import api_keys as store
from chalicelib.store.feed.api_keys import ApiKey

if TYPE_CHECKING:
    from chalicelib.api.open311.schemas import KeyIssued, KeysWithdrawn
    from chalicelib.domain.schemas import Items

api_keys = Blueprint(__name__)


class ApiKeyBody(RequestBody):
    """`name`: of the program, for good: by it its reports are known as its own."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,39}$")]
    reports_per_hour: Annotated[int, Field(ge=1, le=100_000)] = 60


@api_keys.route("/admin/api-keys", methods=["GET"])
@responds(allowed=ADMIN)
def list_api_keys() -> "Items[ApiKey]":
    """The keys in force, without what opens anything."""
    return {"items": store.list_keys()}


@api_keys.route("/admin/api-keys", methods=["POST"])
@responds(201, allowed=ADMIN, reads=ApiKeyBody, key=Key.REQUIRED)
def issue_api_key() -> "KeyIssued":
    """The key is shown this once; asked for again with the same Idempotency-Key, another takes its place."""
    body, who = read(ApiKeyBody), auth.caller(ADMIN)
    once = idempotency(who.code, required=True)
    secret = store.issue_once(
        body.name, reports_per_hour=body.reports_per_hour, by=who.code, once=once, now=http.now()
    )
    return {"name": body.name, "api_key": secret}


@api_keys.route("/admin/api-keys/{code}", methods=["DELETE"])
@responds(allowed=ADMIN)
def withdraw_api_keys(code: str) -> "KeysWithdrawn":
    """All of a program's."""
    return {"name": code, "withdrawn": store.withdraw(code)}
