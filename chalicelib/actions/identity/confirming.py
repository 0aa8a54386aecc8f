"""两人确认: what makes power waits for a second person's yes; each step leaves a trace and is told to who has to act."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.actions.notices import notifying
from chalicelib.domain.errors import NeedsConfirmation, NotAllowed
from chalicelib.domain.identity import confirmations as rules
from chalicelib.domain.identity.confirmations import Confirmation, Decision, Kind
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.identity.traces import trace_of
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Role, Staff
from chalicelib.domain.views import access
from chalicelib.gateways import queue
from chalicelib.ids import new_id
from chalicelib.store.identity import audit, confirmations
from chalicelib.store.requests import limits
from chalicelib.store.town import directory

if TYPE_CHECKING:
    from chalicelib.actions.identity.schemas import ConfirmationShown

_BLANK = dict.fromkeys(("number", "place", "category", "unit", "due", "phone", "note", "who"), "")
LOOKED_BACK = timedelta(days=30)  # as long as nobody swept, at the most
KIND_NAMES = {Kind.TOWN: "导入镇的资料", Kind.PARTNERS: "登记合作方", Kind.SIGN_IN: "代发登录码"}


def digest_of(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class Power(NamedTuple):
    """What would be given: of which kind, by exactly which content, in sentences, and the codes of who gains."""

    kind: Kind
    digest: str
    lines: Sequence[str]
    gains: Sequence[str] = ()


class Undo(NamedTuple):
    """What an emergency's change of partners goes back to, by their names."""

    addresses: Mapping[str, str]
    signatures: Mapping[str, str]


NOTHING = Undo({}, {})


def need(given: Power, *, by: Staff, now: datetime) -> None:
    """Raises NeedsConfirmation, asked now where it was not yet, unless a yes to exactly this stands or nobody gains."""
    if not given.lines:
        return
    of = (given.kind, given.digest)
    known = [each for each in confirmations.list_latest() if (each.kind, each.digest) == of]
    if any(rules.holds(each, given.digest, now) and each.by == by.code for each in known):
        return
    open_ones = [each for each in known if rules.is_open(each, now) and each.by == by.code and not each.until]
    asked = open_ones[0] if open_ones else _ask(given, by, now)
    shown = view(asked, by=by, town=directory.town(), now=now)
    raise NeedsConfirmation(
        "这会给人增加权限、把数据发到新的地址或放宽签名要求，要另一位站长、片区或镇领导确认；已经请他们确认，同意后请再操作一次",
        confirmation=shown,
    )


def in_emergency(given: Power, *, why: str, undo: Undo = NOTHING, by: Staff, now: datetime) -> Confirmation:
    """What cannot wait for a yes may be done now and holds twelve hours: a trace, and everybody who could say yes hears of it.

    The yes is asked for all the same. Raises TooMany for a second one within the day.
    """
    need_agreed(by, now)
    limits.count(limits.EMERGENCY_GRANTS, by.code, now)
    until = now + rules.EMERGENCY_LASTS
    audit.write("power", trace_of(by, f"{given.kind}_in_emergency", now, why=scrub(why)))
    asked = _ask(given, by, now, until=until, undo=undo)
    town = directory.town()
    leaders = [each for each in town.staff if Role.AREA_LEADER in each.roles]
    params = {
        "who": f"{by.name}（{by.code}）",
        "note": KIND_NAMES[given.kind],
        "due": f"{until:%-m月%-d日 %H:%M}",
    }
    for person in dict.fromkeys((*access.who_answers_for(by, town), *leaders)):
        if person.code == by.code:
            continue
        key = f"{asked.id}-emergency"
        told = notifying.tell_staff(person.code, "power_in_emergency", _BLANK | params, key=key, now=now)
        queue.wake(told)
    return asked


def emergencies(now: datetime) -> list[Confirmation]:
    """What is in force without anybody's yes, newest first; no number of other questions hides one."""
    return [each for each in confirmations.list_since(now - LOOKED_BACK) if rules.stands_in_emergency(each)]


def need_agreed(by: Staff, now: datetime) -> None:
    """Who makes power by a word of the own must hold it by two: what lapses must leave nothing behind that does not.

    Raises NotAllowed for a session by somebody else's code, and for who gained in an emergency that nobody agreed to yet.
    """
    if by.signed_in_by:
        raise NotAllowed("用别人代领的登录码登录时不能办这件事，请用发到本人手机的登录码登录")
    if any(by.code in each.gains for each in emergencies(now)):
        raise NotAllowed("您的职责是紧急加上的，还没有人确认；确认后再办这件事")


def lapsed(asked: Confirmation, now: datetime) -> None:
    """What was done in an emergency has been undone: nobody said yes in time."""
    confirmations.decided(asked, asked.model_copy(update={"decision": Decision.LAPSED}))
    _tell(
        asked.by,
        "confirmation_decided",
        f"“{KIND_NAMES[asked.kind]}”没有人确认，已经失效",
        f"{asked.id}-lapsed",
        now,
    )


def _ask(
    given: Power,
    by: Staff,
    now: datetime,
    *,
    until: datetime | None = None,
    undo: Undo = NOTHING,
) -> Confirmation:
    asked = Confirmation(
        id=new_id(),
        kind=given.kind,
        digest=given.digest,
        lines=tuple(given.lines),
        gains=tuple(given.gains),
        by=by.code,
        at=now,
        until=until,
        undo=dict(undo.addresses),
        undo_signatures=dict(undo.signatures),
    )
    audit.write("power", trace_of(by, f"{given.kind}_asked", now, why=asked.id))
    confirmations.ask(asked)
    for person in _who_confirm(asked, directory.town()):
        _tell(person.code, "confirmation_asked", KIND_NAMES[given.kind], f"{asked.id}-asked", now)
    return asked


def use(kind: Kind, digest: str, *, by: Staff, now: datetime) -> None:
    """What was said yes to is done now, and that yes is good for nothing more. Raises WrongStage when it was used."""
    for each in confirmations.list_latest():
        if each.kind is kind and each.by == by.code and rules.holds(each, digest, now):
            confirmations.decided(each, each.model_copy(update={"decision": Decision.USED}))
            return


def decide(confirmation_id: str, *, yes: bool, note: str, by: Staff, now: datetime) -> Confirmation:
    """同意 or 不同意, one tap. Raises NotFound, NotAllowed, WrongStage, Invalid."""
    asked = confirmations.get_confirmation(confirmation_id)
    if not by.signed_in_by:  # which the rule refuses in its own words
        need_agreed(by, now)
    after = rules.decide(asked, yes=yes, note=note, by=by, now=now)
    audit.write("power", trace_of(by, f"{asked.kind}_{after.decision}", now, why=asked.id))
    confirmations.decided(asked, after)
    if asked.kind is Kind.TOWN and after.decision is Decision.CONFIRMED:
        directory.keep(asked.id)
    _tell(asked.by, "confirmation_decided", _outcome(after), f"{asked.id}-decided", now)
    return after


def waiting(*, by: Staff, now: datetime) -> "list[ConfirmationShown]":
    """What waits for somebody's yes, and what the reader asked for: newest first."""
    town = directory.town()
    shown = [
        each
        for each in confirmations.list_latest()
        if each.by == by.code or (rules.is_open(each, now) and not rules.CONFIRMERS.isdisjoint(by.roles))
    ]
    return [view(each, by=by, town=town, now=now) for each in shown]


def view(asked: Confirmation, *, by: Staff, town: Town, now: datetime) -> "ConfirmationShown":
    asker, decider = town.find_staff(asked.by), town.find_staff(asked.decided_by)
    return {
        "id": asked.id,
        "kind": asked.kind.value,
        "kind_name": KIND_NAMES[asked.kind],
        "lines": list(asked.lines),
        "by": asked.by,
        "by_name": asker.name if asker else "",
        "at": asked.at.isoformat(timespec="seconds"),
        "decision": asked.decision.value,
        "decided_by": asked.decided_by,
        "decided_by_name": decider.name if decider else "",
        "note": asked.note,
        "waits_for": [each.name for each in _who_confirm(asked, town)] if rules.is_open(asked, now) else [],
        "in_force_until": asked.until.isoformat(timespec="seconds") if asked.until else None,
        "may_decide": rules.is_open(asked, now) and rules.may_confirm(asked, by),
    }


def _who_confirm(asked: Confirmation, town: Town) -> list[Staff]:
    """Whom to tell: the area leaders, where none can the station heads, else the town leaders."""
    for role in (Role.AREA_LEADER, Role.STATION_HEAD, Role.TOWN_LEADER):
        found = [each for each in town.staff if role in each.roles and rules.may_confirm(asked, each)]
        if found:
            return found
    return []


def _outcome(after: Confirmation) -> str:
    what = KIND_NAMES[after.kind]
    if after.decision is Decision.CONFIRMED and after.until:
        return f"“{what}”已经同意，继续有效"
    if after.decision is Decision.CONFIRMED:
        return f"“{what}”已经同意，请在24小时内再操作一次"
    return f"“{what}”没有同意：{after.note}"


def _tell(code: str, template: str, note: str, key: str, now: datetime) -> None:
    if directory.town().find_staff(code) is None:
        return
    queue.wake(notifying.tell_staff(code, template, _BLANK | {"note": note}, key=key, now=now))
