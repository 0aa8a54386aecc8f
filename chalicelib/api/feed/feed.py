"""The feed: what subscribers fetch, the published schema, and the desk's page of subscribers (docs/feed.md)."""

from functools import cache
from typing import TYPE_CHECKING, Any

from chalice import Blueprint

from chalicelib.actions.feed import feeding
from chalicelib.actions.feed.feeding import Overview
from chalicelib.api import http, signed
from chalicelib.api.auth import ADMIN, DESK, LEADERS
from chalicelib.api.bodies import Code
from chalicelib.api.http import RequestBody, read
from chalicelib.api.routes import responds
from chalicelib.domain.errors import NotFound
from chalicelib.domain.feed.feed import FORMAT, FeedEvent
from chalicelib.domain.feed.webhooks import Standing
from chalicelib.domain.views.ticket_view import iso
from chalicelib.store.feed.subscribers import Contacted

if TYPE_CHECKING:
    from chalicelib.api.feed.schemas import (
        Acknowledged,
        FailingFeed,
        FeedPage,
        FeedResent,
        FeedShown,
        GivenUp,
    )
    from chalicelib.domain.schemas import Page

feed = Blueprint(__name__)
_LOOK_AFTER = DESK | LEADERS | ADMIN


class ResendBody(RequestBody):
    """`ticket_id` left out: everything that was given up."""

    ticket_id: Code | None = None


@feed.route("/partners/{name}/events", methods=["GET"])
@responds(200, asks=("after",), own_cursor=True)
def fetch_events(name: str) -> "FeedPage":
    """A page of the feed, oldest first, and the cursor of the next."""
    found, following = feeding.fetch(signed.partner(name), after=http.parameter("after"), now=http.now())
    items: Any = [event.model_dump(mode="json", exclude={"identity"}) for event in found]
    return {"items": items, "next": following}


@feed.route("/partners/schema/{document}", methods=["GET"])
@responds(200)
def get_schema(document: str) -> dict[str, Any]:
    """The JSON Schema of an event, by its format."""
    if document != f"event-{FORMAT}.json":
        raise NotFound(f"没有这个格式；现行格式是 event-{FORMAT}.json")
    return _schema()


@feed.route("/desk/feeds", methods=["GET"])
@responds(200, _LOOK_AFTER)
def list_feeds() -> "Page[FeedShown]":
    """数据订阅: each subscriber, how far it is, and what was given up."""
    return {"items": [_view(each) for each in feeding.overview()], "next": None}


@feed.route("/desk/feeds/{name}/dead-letters", methods=["GET"])
@responds(200, _LOOK_AFTER, asks=("after",))
def list_dead_letters_of_feed(name: str) -> "Page[GivenUp]":
    """What was given up for a subscriber, and why."""
    found, following = feeding.dead_letters(name, after=http.cursor())
    return {"items": [_dead(each) for each in found], "next": following}


@feed.route("/desk/feeds/{name}/resend", methods=["POST"])
@responds(200, _LOOK_AFTER, reads=ResendBody)
def resend_feed(name: str) -> "FeedResent":
    """再发: one ticket or all, with the next run."""
    resent, more = feeding.resend(name, read(ResendBody).ticket_id, now=http.now())
    return {"resent": resent, "more": more}


def _view(one: Overview) -> "FeedShown":
    since = min((each.since for each in one.waiting + one.dead if each.since), default=None)
    return {
        "name": one.subscriber.name,
        "title": one.subscriber.title,
        "sends": bool(one.subscriber.address),
        "identity": list(one.subscriber.identity),
        "acknowledged": _acknowledged(one.contacted),
        "fetched_at": iso(one.contacted.fetched_at) if one.contacted.fetched_at else None,
        "waiting": len(one.waiting),
        "waiting_more": one.waiting_more,
        "waiting_since": iso(since) if since else None,
        "lag_seconds": max(0, int((http.now() - since).total_seconds())) if since else 0,
        "failing": _failing([each for each in one.waiting if each.detail]),
        "dead": len(one.dead),
        "dead_more": one.dead_more,
    }


def _acknowledged(contacted: Contacted) -> "Acknowledged | None":
    if contacted.acknowledged_at is None:
        return None
    return {"event": contacted.event, "at": iso(contacted.acknowledged_at)}


def _failing(found: list[Standing]) -> "FailingFeed | None":
    """The one that has failed most often."""
    if not found:
        return None
    worst = max(found, key=lambda each: each.attempts)
    return {
        "detail": worst.detail,
        "since": iso(worst.failing_since) if worst.failing_since else None,
        "attempts": worst.attempts,
        "retry_at": iso(worst.retry_at) if worst.retry_at else None,
    }


def _dead(one: Standing) -> "GivenUp":
    return {
        "ticket_id": one.ticket_id,
        "number": one.number,
        "version": one.sent + 1,
        "latest": one.latest,
        "attempts": one.attempts,
        "detail": one.detail,
        "since": iso(one.failing_since) if one.failing_since else None,
        "tried_at": iso(one.tried_at) if one.tried_at else None,
    }


@cache
def _schema() -> dict[str, Any]:
    described = FeedEvent.model_json_schema(mode="serialization")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"event-{FORMAT}.json",
    } | described
