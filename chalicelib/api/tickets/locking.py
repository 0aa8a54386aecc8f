"""/staff: a console's screen that locks (锁屏), the unit's computers, and sealed codes for a dead phone (rule 103)."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from chalice import Blueprint
from pydantic import Field, StringConstraints

from chalicelib.actions.identity import locking
from chalicelib.api import auth, bodies, http
from chalicelib.api.auth import ANYONE
from chalicelib.api.http import Key, RequestBody, read
from chalicelib.api.routes import idempotency, responds
from chalicelib.domain.errors import NotAllowed
from chalicelib.domain.identity.locking import BUSY, SPARE_CODE_LASTS
from chalicelib.domain.town.vocabulary import Role
from chalicelib.store.identity import computers, sessions

if TYPE_CHECKING:
    from chalicelib.api.tickets.schemas import (
        ComputerRegistered,
        ComputerShown,
        Opened,
        SpareCode,
        StaysOpen,
    )
    from chalicelib.domain.schemas import Id, Message, Page

lock_routes = Blueprint(__name__)
Secret = Annotated[str, StringConstraints(max_length=120)]
_NOT_A_CONSOLE = "手机请用手机自己的锁屏"


class StayBody(RequestBody):
    idle_seconds: Annotated[int, Field(ge=0, le=int(BUSY.total_seconds()))]
    is_busy: bool = False


class UnlockBody(RequestBody):
    pin: Annotated[str, StringConstraints(max_length=20)]
    computer: Secret
    leaving: Secret = ""


class PinBody(RequestBody):
    pin: Annotated[str, StringConstraints(max_length=20)]
    computer: Secret


class ComputerBody(RequestBody):
    name: Annotated[bodies.Words, StringConstraints(max_length=40)]


@lock_routes.route("/staff/sessions/stay", methods=["POST"])
@responds(200, ANYONE, reads=StayBody)
def stay() -> "StaysOpen":
    """There was a key so many seconds ago; `is_busy`: a call runs, or words are unsent."""
    body = read(StayBody)
    if auth.session().locks_at is None:
        raise NotAllowed(_NOT_A_CONSOLE)
    since_key, now = timedelta(seconds=body.idle_seconds), http.now()
    until = locking.stay(auth.token(), since_key=since_key, is_busy=body.is_busy, now=now)
    return {"locks_at": until.isoformat(timespec="seconds")}


@lock_routes.route("/staff/sessions/lock", methods=["POST"])
@responds(200, auth.even_locked)
def lock() -> "Message":
    """锁屏: the token answers `locked` until the PIN, or a fresh sign-in."""
    if auth.session_even_locked().locks_at is None:
        raise NotAllowed(_NOT_A_CONSOLE)
    sessions.lock(auth.token())
    return {"message": "屏幕已锁定"}


@lock_routes.route("/staff/sessions/unlock", methods=["POST"])
@responds(200, auth.even_locked, reads=UnlockBody)
def unlock() -> "Opened":
    """The PIN opens the screen with a fresh token; whoever sat there before is locked. After five wrong ones only a code does."""
    body = read(UnlockBody)
    token, code = locking.unlock(
        auth.token(), secret=body.computer, pin=body.pin, leaving=body.leaving, now=http.now()
    )
    return {"code": code, "token": token}


@lock_routes.route("/staff/pin", methods=["PUT"])
@responds(200, ANYONE, reads=PinBody)
def set_pin() -> "Message":
    """锁屏密码 of the caller at this registered computer: 4 to 6 digits."""
    body, who = read(PinBody), auth.caller()
    locking.set_pin(auth.session(), secret=body.computer, pin=body.pin, by=who, now=http.now())
    return {"message": "锁屏密码已设置，只在这台电脑上有效"}


@lock_routes.route("/staff/computers", methods=["GET"])
@responds(200, ANYONE)
def list_computers() -> "Page[ComputerShown]":
    """工作电脑 of the caller's unit, at which a PIN opens the screen."""
    found = computers.list_computers(auth.caller().unit)
    return {"items": [_view(each) for each in found], "next": None}


@lock_routes.route("/staff/computers", methods=["POST"])
@responds(201, ANYONE, reads=ComputerBody, key=Key.REQUIRED)
def register() -> "ComputerRegistered":
    """This computer is the unit's own; its secret is answered once, and told to nobody."""
    body, who = read(ComputerBody), auth.caller()
    once = idempotency(who.code, required=True)
    return {"computer": locking.register(auth.token(), body.name, by=who, once=once, now=http.now())}


@lock_routes.route("/staff/computers/{computer_id}", methods=["DELETE"])
@responds(200, ANYONE)
def remove(computer_id: str) -> "Id":
    """The computer is the unit's no more: no PIN opens a screen there."""
    locking.remove(computer_id, by=auth.caller(), now=http.now())
    return {"id": computer_id}


@lock_routes.route("/desk/staff/{code}/spare-code", methods=["POST"])
@responds(201, frozenset({Role.STATION_HEAD}), key=Key.REQUIRED)
def make_spare_code(code: str) -> "SpareCode":
    """备用码: a one-time code to print, seal and keep for the day this person's phone is dead."""
    who, now = auth.caller(), http.now()
    made = locking.make_spare_code(code, by=who, once=idempotency(who.code, required=True), now=now)
    return {"code": made, "valid_until": (now + SPARE_CODE_LASTS).date().isoformat()}


def _view(computer: computers.Computer) -> "ComputerShown":
    return {
        "id": computer.id,
        "name": computer.name,
        "by": computer.by,
        "at": computer.at.isoformat(timespec="seconds"),
    }
