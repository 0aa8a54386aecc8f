"""/staff: what keeps a screen current at little cost: marks of the queues, the directory, and a person's own preferences."""

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from chalice import Blueprint

from chalicelib.api import auth, http
from chalicelib.api.auth import ANYONE, DESK
from chalicelib.api.http import RequestBody, Tagged, read, unless_seen
from chalicelib.api.routes import responds
from chalicelib.domain.errors import NotAllowed, NotFound
from chalicelib.domain.offers import possible
from chalicelib.domain.tickets.queues import AskedQueue, heads_of, inbox_of
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Role, Staff
from chalicelib.domain.views import access, pick_lists, ticket_view
from chalicelib.domain.views.ticket_view import iso, plain
from chalicelib.store.tickets import consoles, lists, marks
from chalicelib.store.town import directory, preferences

if TYPE_CHECKING:
    from chalicelib.api.tickets.schemas import (
        Directory,
        Live,
        Preferences,
        Watched,
        WordsOfTheRelease,
    )
    from chalicelib.domain.views.schemas import QueueRow, WatchedRow

board = Blueprint(__name__)
MOST_PAGES = 6  # of a queue, as the console reads them


@cache
def _words_of_the_release() -> "tuple[str, WordsOfTheRelease]":
    """The names and acts that come with a deployment, and their tag."""
    acts = [plain(offer.model_dump()) for offer in possible.declared()]
    words: WordsOfTheRelease = {**pick_lists.OUR_WORDS, "acts": acts}
    return sha256(repr(words).encode()).hexdigest()[:8], words


class PreferencesBody(RequestBody):
    preferences: dict[str, Any]


def queue_of(name: str, who: Staff) -> str:
    """The `who` of a queue by its name on the screen. Raises NotAllowed, NotFound."""
    if name not in set(AskedQueue):
        raise NotFound("没有这个队列")
    asked = AskedQueue(name)
    if asked.is_the_desks and not DESK & set(who.roles):
        raise NotAllowed("只有工作站可以查看此队列")
    return asked.of(who.code, who.unit)


@board.route("/staff/live", methods=["GET"])
@responds(200, ANYONE)
def live() -> "Tagged[Live]":
    """One small request for all queues: what has changed since the last look, by mark. Of a desk it is the sign of life."""
    town, queues = directory.town(), _marks_of(auth.caller())
    tag = sha256(f"{town.version} {sorted(queues.items())}".encode()).hexdigest()[:20]
    return unless_seen(tag, lambda: {"queues": queues, "town": town.version, "now": iso(http.now())})


@board.route("/staff/watch", methods=["GET"])
@responds(200, auth.even_locked)
def watch() -> "Tagged[Watched]":
    """What rings on a locked screen (rule 103) and on whatever page of a phone is open; a sign of life, as `live` is."""
    who, town = auth.even_locked(), directory.town()
    queues = _marks_of(who)
    tag = sha256(f"watch {town.version} {sorted(queues.items())}".encode()).hexdigest()[:20]
    return unless_seen(tag, lambda: {"items": _watched(who, town), "now": iso(http.now())})


def _marks_of(who: Staff) -> dict[str, str]:
    """The marks of somebody's queues and inbox; whoever asks from a desk is heard of there."""
    if DESK & set(who.roles):
        consoles.note(who.unit, http.now())
    whose = {name: queue_of(name, who) for name in _names_of(who)} | {"inbox": inbox_of(who.code)}
    heads = [heads_of(who.unit)] if Role.UNIT_HEAD in who.roles else []
    found = marks.list_marks([*whose.values(), *heads])
    queues = {name: found.get(key, "") for name, key in whose.items()}
    queues[AskedQueue.UNIT] += "".join(found.get(key, "") for key in heads)
    return queues


def _names_of(who: Staff) -> list[AskedQueue]:
    return [asked for asked in AskedQueue if not asked.is_the_desks or DESK & set(who.roles)]


def _watched(who: Staff, town: Town) -> "list[WatchedRow]":
    """Each ticket of the queues that an open screen reads, once."""
    found = {
        row["ticket_id"]: ticket_view.watched_row(row)
        for name in _names_of(who)
        for row in rows_of(queue_of(name, who), who, town)
    }
    return list(found.values())


def rows_of(queue: str, who: Staff, town: Town) -> "Iterator[QueueRow]":
    """The rows of a queue that somebody may list, as many pages as a screen reads."""
    after: str | None = None
    for _ in range(MOST_PAGES):
        page = lists.list_queue(queue, after=after)
        yield from (ticket_view.queue_row(item, town) for item in page if access.may_list(item, who))
        after = page.next
        if after is None:
            return


@board.route("/staff/directory", methods=["GET"])
@responds(200, ANYONE)
def get_directory() -> "Tagged[Directory]":
    """The pick lists of the town in force, and every act as it is declared; a screen asks again when the version in `live`
    differs.
    """
    town, (tag, words) = directory.town(), _words_of_the_release()
    return unless_seen(f"{town.version}-{tag}", lambda: {**pick_lists.directory_view(town), **words})


@board.route("/staff/preferences", methods=["GET"])
@responds(200, ANYONE)
def get_preferences() -> "Preferences":
    """A person's own: filters, tour seen, large type."""
    return {"preferences": preferences.find(auth.caller().code)}


@board.route("/staff/preferences", methods=["PUT"])
@responds(200, ANYONE, reads=PreferencesBody)
def put_preferences() -> "Preferences":
    """Any JSON object up to 8 kB, kept as sent."""
    who, body = auth.caller(), read(PreferencesBody)
    preferences.save(who.code, body.preferences)
    return {"preferences": body.preferences}
