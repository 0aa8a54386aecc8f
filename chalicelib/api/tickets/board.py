"""/staff: what keeps a screen current at little cost: marks of the queues, the directory, and a person's own preferences."""

from hashlib import sha256
from typing import Any

from chalice import Blueprint

from chalicelib.api import auth, http
from chalicelib.api.auth import ANYONE, DESK
from chalicelib.api.http import RequestBody, read, unless_seen
from chalicelib.api.routes import responds
from chalicelib.domain.errors import NotAllowed, NotFound
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.domain.views import pick_lists
from chalicelib.domain.views.ticket_view import shown
from chalicelib.store.tickets import marks
from chalicelib.store.town import directory, preferences

board = Blueprint(__name__)
QUEUES = tuple(pick_lists.QUEUE_NAMES)
_OUR_WORDS_TAG = sha256(repr(pick_lists.OUR_WORDS).encode()).hexdigest()[
    :8
]  # new words come with a new deployment


class PreferencesBody(RequestBody):
    preferences: dict[str, Any]


def queue_of(name: str, who: Staff) -> str:
    """The `who` of a queue by its name on the screen. Raises NotAllowed, NotFound."""
    queues = {
        "mine": f"staff:{who.code}",
        "unit": f"unit:{who.unit}",
        "escalated": f"escalated:{who.code}",
        "verify": f"verify:{who.unit}",  # 核查; only a station has such a queue
    }
    if name in ("desk", "calls"):
        if not DESK & set(who.roles):
            raise NotAllowed("只有工作站可以查看此队列")
        return f"{name}:{who.unit}"
    if name not in queues:
        raise NotFound("没有这个队列")
    return queues[name]


@board.route("/staff/live", methods=["GET"])
@responds(200, ANYONE)
def live():
    """One small request for all queues: what has changed since the last look, by mark."""
    who, town = auth.caller(), directory.town()
    names = [name for name in QUEUES if name not in ("desk", "calls") or DESK & set(who.roles)]
    whose = {name: queue_of(name, who) for name in names} | {"inbox": f"inbox:{who.code}"}
    found = marks.list_marks(whose.values())
    queues = {name: found.get(key, "") for name, key in whose.items()}
    tag = sha256(f"{town.version} {sorted(queues.items())}".encode()).hexdigest()[:20]
    return unless_seen(tag, lambda: {"queues": queues, "town": town.version, "now": shown(http.now())})


@board.route("/staff/directory", methods=["GET"])
@responds(200, ANYONE)
def get_directory():
    """The pick lists of the town in force; a screen asks again when the version in `live` differs."""
    town = directory.town()
    return unless_seen(f"{town.version}-{_OUR_WORDS_TAG}", lambda: pick_lists.directory_view(town))


@board.route("/staff/preferences", methods=["GET"])
@responds(200, ANYONE)
def get_preferences():
    return {"preferences": preferences.find(auth.caller().code)}


@board.route("/staff/preferences", methods=["PUT"])
@responds(200, ANYONE)
def put_preferences():
    who, body = auth.caller(), read(PreferencesBody)
    preferences.save(who.code, body.preferences)
    return {"preferences": body.preferences}
