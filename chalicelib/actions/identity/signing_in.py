"""登录: residents without an account, staff by a one-time code that the desk hands out or that is pushed to the phone."""

import logging
import secrets as random
from datetime import datetime

from chalicelib import logs
from chalicelib.actions.identity import confirming, locking
from chalicelib.actions.notices import notifying
from chalicelib.domain.errors import NotAllowed, NotSignedIn, TooMany
from chalicelib.domain.identity import confirmations
from chalicelib.domain.identity.locking import IDLE, SHIFT
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.identity.traces import Look, trace_of
from chalicelib.domain.town.vocabulary import Role, Staff
from chalicelib.domain.views import access
from chalicelib.gateways import queue
from chalicelib.store.identity import audit, computers, sessions, sign_in_codes, spare_codes
from chalicelib.store.identity.sessions import Kind
from chalicelib.store.identity.sign_in_codes import Redeemed
from chalicelib.store.requests import limits
from chalicelib.store.requests.idempotency import Replay, id_of, note_done, was_done
from chalicelib.store.town import directory

log = logging.getLogger("mslj")
_BLANK = dict.fromkeys(("number", "place", "category", "unit", "due", "phone", "note"), "")


def start_resident(*, channel: str, address: str, now: datetime) -> tuple[str, str]:
    """A session for someone without WeChat: (token, reporter_id). Raises TooMany."""
    limits.count(limits.SESSIONS_FROM_ADDRESS, address, now)
    reporter_id = random.token_hex(16)
    return sessions.start(Kind.RESIDENT, reporter_id, channel=channel, now=now), reporter_id


def hand_out_code(staff_code: str, *, by: Staff, emergency: str = "", once: Replay, now: datetime) -> str:
    """A one-time code for a member of staff, to be given in person; a trace is written first. Raises NotFound, NotAllowed.

    Sent again it has other digits, as long as nobody used it: nothing is asked, counted or told a second time. Raises
    AlreadyDone once it is out no more.

    The administrator could make anybody of himself so: each needs a second person's yes. Raises NeedsConfirmation.
    `emergency`: why it cannot wait for that; then what the code begins holds twelve hours and lapses, and the heads and
    area leaders are told. Raises TooMany for a second one within the day.
    """
    town = directory.town()
    staff = town.staff_member(staff_code)
    may = access.may_sign_in(staff, by, town)
    if not may and Role.ADMIN not in by.roles:
        raise NotAllowed(
            "只能给本站人员和辖区内的物业、志愿者发登录码；其他人请在登录页填工号，登录码会发到本人手机"
        )
    confirming.need_agreed(by, now)
    made = id_of(once)
    if was_done(once):
        return sign_in_codes.need_out(sign_in_codes.with_other_digits(staff.code, made, now))
    code = _handed_out(staff, made, by=by, emergency="" if may else emergency, is_own=may, now=now)
    note_done(once, made)
    return code


def _handed_out(staff: Staff, act: str, *, by: Staff, emergency: str, is_own: bool, now: datetime) -> str:
    """`is_own`: of those to whom `by` may hand one out alone. `act`: names the code and what is told of it."""
    town = directory.town()
    if not is_own:
        if emergency:
            return _at_once(staff, emergency, act, by, now)
        digest = confirming.digest_of(confirmations.Kind.SIGN_IN, staff.code)
        line = f"{by.name}（{by.code}）要领取{staff.name}（{staff.code}）的登录码，可以用其身份登录"
        given = confirming.Power(confirmations.Kind.SIGN_IN, digest, (line,), gains=(staff.code,))
        confirming.need(given, by=by, now=now)
        confirming.use(confirmations.Kind.SIGN_IN, digest, by=by, now=now)
    audit.write("sign-in", trace_of(by, Look.CODE_HANDED_OUT, now, why=staff.code))
    code = sign_in_codes.issue(staff.code, now, made_by=by.code, act=act)
    for person in (staff, *access.heads_of(staff, by, town)):
        _tell_of_code(person, staff, act, by, now)
    return code


def _at_once(staff: Staff, why: str, act: str, by: Staff, now: datetime) -> str:
    """In an emergency: nobody said yes, so it is told to whoever could have, and ends by itself."""
    limits.count(limits.EMERGENCY_GRANTS, by.code, now)
    town, until = directory.town(), now + confirmations.EMERGENCY_LASTS
    audit.write("sign-in", trace_of(by, Look.CODE_IN_EMERGENCY, now, why=f"{staff.code}：{scrub(why)}"))
    code = sign_in_codes.issue(staff.code, now, made_by=by.code, until=until, act=act)
    leaders = tuple(each for each in town.staff if Role.AREA_LEADER in each.roles and each.code != by.code)
    told = dict.fromkeys((staff, *access.heads_of(staff, by, town), *leaders))
    params = _BLANK | {
        "who": f"{staff.name}（{staff.code}）",
        "note": f"{by.name}（{by.code}）",
        "due": f"{until:%-m月%-d日 %H:%M}",
    }
    for person in told:
        key = f"emergency-{staff.code}-{act}"
        queue.wake(notifying.tell_staff(person.code, "code_in_emergency", params, key=key, now=now))
    return code


def _tell_of_code(told: Staff, staff: Staff, act: str, by: Staff, now: datetime) -> None:
    """Whoever a code was made for hears of it on the own phone, and so do the heads: none is made unseen."""
    params = _BLANK | {"who": f"{staff.name}（{staff.code}）", "note": f"{by.name}（{by.code}）"}
    key = f"handed-out-{staff.code}-{act}"
    queue.wake(notifying.tell_staff(told.code, "code_handed_out", params, key=key, now=now))


def push_code(staff_code: str, *, address: str, now: datetime) -> None:
    """Send a one-time code to the person's phone: one a minute, five an hour. The code itself is made when it is sent.

    An unknown person, and one who has had enough of them, is not told apart from any other.
    """
    limits.count(limits.CODES_FROM_ADDRESS, address, now)
    staff = directory.town().find_staff(staff_code)
    if staff is None or not _may_have_another(staff_code, now):
        return
    params = _BLANK | {"who": staff.name}
    told = notifying.tell_staff(staff.code, "sign_in_code", params, key=f"code-{now.timestamp()}", now=now)
    queue.wake(told)


def _may_have_another(staff_code: str, now: datetime) -> bool:
    try:
        limits.count(limits.CODES_TO_PERSON, staff_code, now)
        limits.count(limits.CODES_TO_PERSON_IN_AN_HOUR, staff_code, now)
    except TooMany:
        return False
    return True


def sign_in_staff(code: str, *, channel: str, address: str, now: datetime) -> tuple[str, Staff]:
    """A session for whoever the code belongs to. Raises NotSignedIn for a wrong, used or expired one; TooMany."""
    used, staff = _whose(code, address, now)
    token = sessions.start(
        Kind.STAFF, staff.code, channel=channel, now=now, made_by=used.made_by, until=used.until
    )
    return token, staff


def sign_in_at_console(
    code: str, *, secret: str, leaving: str, address: str, now: datetime
) -> tuple[str, Staff]:
    """The same where the screen locks: for a shift, at a registered computer by its secret, "" at any other.

    `leaving`: the token of whoever sat there, which is locked. Raises NotSignedIn, TooMany.
    """
    used, staff = _whose(code, address, now)
    if leaving:
        sessions.lock(leaving)
    computer, shift_ends = locking.computer_for(secret, staff), now + SHIFT
    token = sessions.start(
        Kind.STAFF,
        staff.code,
        channel="console",
        now=now,
        made_by=used.made_by,
        until=min(used.until or shift_ends, shift_ends),
        seat=sessions.Seat(now + IDLE, computer.id if computer else ""),
    )
    if computer:
        computers.allow_tries(computer.id, staff.code, now)
    return token, staff


def _whose(code: str, address: str, now: datetime) -> tuple[Redeemed, Staff]:
    is_spare = spare_codes.is_one(code)
    used = spare_codes.use(code, now) if is_spare else sign_in_codes.use(code, now)
    staff = directory.town().find_staff(used.subject if used else "")
    if used is None or staff is None:
        log.warning(logs.SIGN_IN_FAILED)
        _count_failed(address, now)
        raise NotSignedIn("登录码不对或已过期，请向工作站索取新的登录码")
    if is_spare:
        locking.spare_code_used(staff, used.made_by, now)
    return used, staff


def _count_failed(address: str, now: datetime) -> None:
    """One more of this address. Over the limit the log names it, so that whoever hears the alarm knows whom to block."""
    try:
        limits.count(limits.FAILED_SIGN_INS_FROM_ADDRESS, address, now)
    except TooMany:
        log.warning("too many sign-ins failed from one address", extra=logs.about(address=address))
        raise
