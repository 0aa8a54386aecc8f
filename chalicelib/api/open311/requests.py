"""/open311/v2: GeoReport v2 with mySociety's service request updates. What each field means: docs/open311.md."""

from typing import Any

from chalice import Blueprint

from chalicelib.actions.open311 import requests as actions
from chalicelib.actions.open311 import updates
from chalicelib.api import http, multipart
from chalicelib.api.open311.http import Content, responds
from chalicelib.domain.errors import BadRequest, NotFound
from chalicelib.domain.open311 import posted, services
from chalicelib.domain.open311.window import page, requests_window, updates_window
from chalicelib.gateways import deployment
from chalicelib.store.town import directory

open311 = Blueprint(__name__)
MOST_IDS = 100
STATUSES = frozenset({"open", "closed"})
MADE = "2026-11-23T00:00:00+08:00"  # when this interface last changed


@open311.route("/open311/v2/{document}", methods=["GET"], content_types=multipart.ACCEPTED)
@responds
def get_document(document: str) -> tuple[str, Any]:
    """Discovery, services, requests, servicerequestupdates."""
    found = _DOCUMENTS.get(document)
    if found is None:
        raise NotFound("没有这个地址；有 discovery、services、requests、servicerequestupdates")
    return found()


@open311.route("/open311/v2/services/{document}", methods=["GET"], content_types=multipart.ACCEPTED)
@responds
def get_definition(document: str) -> tuple[str, Any]:
    """What a service asks for."""
    _jurisdiction(http.parameter("jurisdiction_id"))
    return "service_definition", services.definition(services.service(directory.town(), document))


@open311.route("/open311/v2/requests/{document}", methods=["GET"], content_types=multipart.ACCEPTED)
@responds
def get_request(document: str) -> tuple[str, Any]:
    """One request."""
    _jurisdiction(http.parameter("jurisdiction_id"))
    found = actions.get_requests([document], key=actions.key_of(http.parameter("api_key") or ""))
    if not found:
        raise NotFound("没有这个 service_request_id")
    return "service_requests", found


@open311.route("/open311/v2/tokens/{document}", methods=["GET"], content_types=multipart.ACCEPTED)
@responds
def get_token(document: str) -> tuple[str, Any]:
    """Reports get their id at once, so a request's id is its own token."""
    _jurisdiction(http.parameter("jurisdiction_id"))
    entry = actions.find_entries([document]).get(document)
    if entry is None:
        raise NotFound("没有这个 token；提交时已直接给出 service_request_id")
    return "service_requests", [{"service_request_id": entry.number, "token": document}]


@open311.route("/open311/v2/{document}", methods=["POST"], content_types=multipart.ACCEPTED)
@responds
def post_document(document: str) -> tuple[str, Any]:
    """Requests and servicerequestupdates: a form with an api_key."""
    take = _POSTED.get(document)
    if take is None:
        raise NotFound("没有这个地址；可以提交到 requests、servicerequestupdates")
    known = _key_beside_the_body()
    form = multipart.read()
    key = known or actions.key_of(form.one("api_key"), required=True)
    _jurisdiction(form.one("jurisdiction_id"))
    return take(form, key)


def _secret(form: multipart.Form) -> str:
    return http.parameter("api_key") or http.header("X-Api-Key") or form.one("api_key")


def _key_beside_the_body() -> Any:
    """The key in the query or in X-Api-Key is checked before anything is read; GeoReport's own place is a field of the form."""
    given = http.parameter("api_key") or http.header("X-Api-Key")
    return actions.key_of(given, required=True) if given else None


def _post_request(form: multipart.Form, key: Any) -> Content:
    report = posted.report(form.one, form.values)
    body = http.request().raw_body or b""
    ticket = actions.post(report, form.files, key=key, secret=_secret(form), body=body, now=http.now())
    answered = {
        "service_request_id": ticket.number,
        "service_notice": "",
        "account_id": form.one("account_id"),
    }
    return "service_requests", [answered]


def _post_update(form: multipart.Form, key: Any) -> Content:
    update = posted.update(form.one, form.values)
    updates.post(update, key=key, now=http.now())
    return "service_request_updates", [{"update_id": update.update_id}]


def _services() -> Content:
    _jurisdiction(http.parameter("jurisdiction_id"))
    town = directory.town()
    return "services", [services.view_of(each, town) for each in services.services(town)]


def _requests() -> Content:
    _jurisdiction(http.parameter("jurisdiction_id"))
    key = actions.key_of(http.parameter("api_key") or "")
    ids = _several("service_request_id", longest=30 * MOST_IDS)
    if ids:  # overrides all other arguments
        if len(ids) > MOST_IDS:
            raise BadRequest(f"一次最多查询 {MOST_IDS} 个 service_request_id")
        return "service_requests", actions.get_requests(ids, key=key)
    statuses = frozenset(_several("status"))
    if statuses - STATUSES:
        raise BadRequest("status 只能是 open、closed")
    window = requests_window(_text("start_date"), _text("end_date"), http.now())
    wanted = frozenset(_several("service_code"))
    span = page(_text("page"), _text("page_size"))
    return "service_requests", actions.list_requests(
        window, span, services=wanted, statuses=statuses, key=key
    )


def _updates() -> Content:
    _jurisdiction(http.parameter("jurisdiction_id"))
    key = actions.key_of(http.parameter("api_key") or "", required=True)
    window = updates_window(_text("start_date"), _text("end_date"), http.now())
    assert key is not None
    return "service_request_updates", updates.list_updates(window, key=key)


def _discovery() -> Content:
    base = f"{deployment.public_url() or _own_address()}/open311/v2"
    endpoint = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": base,
        "changeset": MADE,
        "type": "production",
        "formats": ["text/xml", "application/json"],
    }
    station = directory.town().station_for(())
    told = f"{station.name} {station.phone}"
    return "discovery", {"changeset": MADE, "contact": told, "key_service": told, "endpoints": [endpoint]}


def _own_address() -> str:
    """Where this very request came to, for a deployment that has no domain of its own yet."""
    before, _, _ = str(http.request().context.get("path", "")).partition("/open311/")
    return f"https://{http.header('Host')}{before}"


def _jurisdiction(given: str | None) -> None:
    """One town, one jurisdiction: its place code, or nothing. Raises NotFound."""
    if given and given != directory.root().code:
        raise NotFound("没有这个 jurisdiction_id；可以不填")


def _text(name: str) -> str:
    return http.parameter(name) or ""


def _several(name: str, *, longest: int = http.LONGEST) -> list[str]:
    given = str((http.request().query_params or {}).get(name) or "")
    if len(given) > longest:
        raise BadRequest(f"参数 {name} 太长")
    return [part.strip() for part in given.split(",") if part.strip()]


# by the names that GeoReport v2 gives them
_DOCUMENTS = {
    "discovery": _discovery,
    "services": _services,
    "requests": _requests,
    "servicerequestupdates": _updates,
}
_POSTED = {"requests": _post_request, "servicerequestupdates": _post_update}
