"""锁屏: a console's screen that locks and opens, the 工作电脑 at which a PIN will do, and 备用码 for a dead phone (rule 103)."""

import base64
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.actions.identity import confirming
from chalicelib.actions.notices import notifying
from chalicelib.domain.errors import NotAllowed, NotSignedIn, TooMuch, WrongPin
from chalicelib.domain.identity import locking as rules
from chalicelib.domain.identity.traces import Look, trace_of
from chalicelib.domain.town.vocabulary import Role, Staff
from chalicelib.domain.views import access
from chalicelib.gateways import queue, secrets
from chalicelib.store.identity import audit, computers, sessions, sign_in_codes, spare_codes
from chalicelib.store.identity.computers import Computer
from chalicelib.store.identity.sessions import Session
from chalicelib.store.requests.idempotency import Replay, find_done, id_of, note_done, was_done
from chalicelib.store.town import directory

if TYPE_CHECKING:
    from chalicelib.actions.identity.schemas import ScreenLock

_BLANK = dict.fromkeys(("number", "place", "category", "unit", "due", "phone", "note", "who"), "")
_BY_OWN_PHONE = "请用发到本人手机的登录码登录后再设置"


def computer_for(secret: str, staff: Staff) -> Computer | None:
    """The registered computer of this secret, where it is of the person's own unit: elsewhere a PIN does not hold."""
    found = computers.find(secret) if secret else None
    return found if found and found.unit == staff.unit else None


def lock_view(session: Session, now: datetime) -> "ScreenLock | None":
    """When the screen of a session locks and what opens it; None for a phone, which locks itself."""
    if session.locks_at is None:
        return None
    return {
        "idle_seconds": int(rules.IDLE.total_seconds()),
        "busy_seconds": int(rules.BUSY.total_seconds()),
        "is_registered": bool(session.computer),
        "has_pin": bool(session.computer) and computers.has_pin(session.computer, session.subject, now),
        "ends_at": session.expires_at.isoformat(timespec="seconds"),
        "draft_key": base64.b64encode(secrets.draft_key(_whose_drafts(session))).decode(),
    }


def _whose_drafts(session: Session) -> str:
    """A session by somebody else's code has drafts of its own: whoever handed it out must not keep the key to the person's."""
    return f"{session.subject}|{session.made_by}" if session.made_by else session.subject


def stay(token: str, *, since_key: timedelta, is_busy: bool, now: datetime) -> datetime:
    """There was a key: until when the screen stays open, its last instant included. Raises NotSignedIn."""
    locks_at = rules.locks_at(since_key, is_busy=is_busy, now=now)
    if not sessions.stay(token, locks_at):
        raise NotSignedIn("登录已失效，请重新登录")
    return locks_at


def unlock(token: str, *, secret: str, pin: str, leaving: str = "", now: datetime) -> tuple[str, str]:
    """The PIN opens the screen at its own computer: a fresh token, and whose. `leaving`: of whoever sat there, which is locked.

    Raises NotSignedIn where only a fresh sign-in will do: another computer, no PIN, five wrong ones. WrongPin.
    """
    session = sessions.find_even_locked(token, now)
    staff = directory.town().find_staff(session.subject) if session else None
    if session is None or staff is None:
        raise NotSignedIn("登录已失效，请重新登录")
    computer = computer_for(secret, staff)
    if computer is None or computer.id != session.computer:
        raise NotSignedIn("锁屏密码只在登记过的工作电脑上有效，请用登录码登录")
    left = computers.tries_left_after(secret, staff.code, pin, now)
    if left == 0:
        sessions.end(token)
        audit.write("sign-in", trace_of(_as_in(session, staff), Look.PIN_USED_UP, now, why=computer.name))
        raise NotSignedIn("锁屏密码没有设置，或已连续输错5次，请用登录码登录")
    if left is not None:
        raise WrongPin(f"锁屏密码不对，还可以试{left}次", tries_left=left)
    if leaving and leaving != token:
        sessions.lock(leaving)
    if (fresh := sessions.reopen(token, locks_at=now + rules.IDLE, now=now)) is None:
        raise NotSignedIn("登录已失效，请重新登录")
    return fresh, staff.code


def register(token: str, name: str, *, by: Staff, once: Replay, now: datetime) -> str:
    """This computer is a unit's own from now on: its secret. Told to whoever answers for the person. Raises TooMuch.

    Sent again it has another secret in the place of the one that nobody was shown. Raises NotFound where it was removed since.
    """
    if by.signed_in_by:
        raise NotAllowed(_BY_OWN_PHONE)
    if (known := find_done(once)) is not None:
        return computers.register(computers.get_computer(known))
    computer = Computer(id=id_of(once), unit=by.unit, name=name, by=by.code, at=now)
    others = [each for each in computers.list_computers(by.unit) if each.id != computer.id]
    if len(others) >= rules.MOST_COMPUTERS:
        raise TooMuch(f"本单位已登记{rules.MOST_COMPUTERS}台工作电脑，请先移除不用的")
    audit.write("sign-in", trace_of(by, Look.COMPUTER_REGISTERED, now, why=name))
    secret = computers.register(computer)
    sessions.bind(token, computer.id, now)
    for head in access.who_answers_for(by, directory.town()):
        _tell(head, "computer_registered", who=_called(by), note=name, key=computer.id, now=now)
    note_done(once, computer.id)
    return secret


def remove(computer_id: str, *, by: Staff, now: datetime) -> None:
    """A computer is the unit's no more: who is signed in there is no longer, no PIN opens a screen. Raises NotFound, NotAllowed."""
    computer = computers.get_computer(computer_id)
    if not rules.may_remove(computer.unit, computer.by, by):
        raise NotAllowed("请登记的人、本单位负责人或管理员移除这台工作电脑")
    audit.write("sign-in", trace_of(by, Look.COMPUTER_REMOVED, now, why=computer.name))
    computers.remove(computer_id)
    sessions.end_at(computer_id)


def set_pin(session: Session, *, secret: str, pin: str, by: Staff, now: datetime) -> None:
    """A PIN for the own person at this computer. Raises Invalid for one that is easily guessed, NotAllowed elsewhere.

    Never in a session that began with somebody else's code: it would open the person's own.
    """
    rules.need_good_pin(pin)
    if by.signed_in_by:
        raise NotAllowed(_BY_OWN_PHONE)
    computer = computer_for(secret, by)
    if computer is None or computer.id != session.computer:
        raise NotAllowed("这台电脑还没有登记为本单位的工作电脑，请先登记")
    audit.write("sign-in", trace_of(by, Look.PIN_SET, now, why=computer.name))
    computers.set_pin(secret, by.code, pin, now)


def make_spare_code(staff_code: str, *, by: Staff, once: Replay, now: datetime) -> str:
    """A 备用码 to print and seal, in the place of the one before. Raises NotFound, NotAllowed.

    Sent again it has other digits, as long as it was not opened. Raises AlreadyDone then.
    """
    town = directory.town()
    staff = town.staff_member(staff_code)
    may = Role.STATION_HEAD in by.roles and staff.unit == by.unit and access.may_sign_in(staff, by, town)
    if not may or by.signed_in_by:
        raise NotAllowed("备用登录码由站长本人登录后为本站人员生成")
    confirming.need_agreed(by, now)
    made = id_of(once)
    if was_done(once):
        return sign_in_codes.need_out(spare_codes.with_other_digits(staff.code, made, now))
    audit.write("sign-in", trace_of(by, Look.SPARE_CODE_MADE, now, why=staff.code))
    code = spare_codes.issue(staff.code, now, made_by=by.code, act=made)
    _tell(staff, "spare_code_made", who=_called(staff), note=_called(by), key=made, now=now)
    note_done(once, made)
    return code


def spare_code_used(staff: Staff, made_by: str, now: datetime) -> None:
    """The envelope was opened: a trace, and the person and the heads hear of it."""
    signed_in = staff.model_copy(update={"signed_in_by": made_by})
    audit.write("sign-in", trace_of(signed_in, Look.SPARE_CODE_USED, now))
    for person in (staff, *access.who_answers_for(staff, directory.town())):
        _tell(person, "spare_code_used", who=_called(staff), note="", key=str(now.timestamp()), now=now)


def _as_in(session: Session, staff: Staff) -> Staff:
    return staff.model_copy(update={"signed_in_by": session.made_by})


def _called(staff: Staff) -> str:
    return f"{staff.name}（{staff.code}）"


def _tell(person: Staff, template: str, *, who: str, note: str, key: str, now: datetime) -> None:
    params = _BLANK | {"who": who, "note": note}
    told = notifying.tell_staff(person.code, template, params, key=f"{template}-{key}", now=now)
    queue.wake(told)
