"""确认: what one person wants to make of power, and another says yes or no to (rule 93). Pure; `now` is passed in."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import Field

from chalicelib.domain.errors import Invalid, NotAllowed, WrongStage
from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.town.vocabulary import HEADS, Staff

ASKED_FOR = timedelta(days=7)  # then it lapses
HOLDS = timedelta(hours=24)  # a yes, until what it allows is done
EMERGENCY_LASTS = timedelta(hours=12)  # what is granted without a yes, then it lapses
CONFIRMERS = HEADS


class Kind(StrEnum):
    TOWN = "town"  # an import
    PARTNERS = "partners"
    SIGN_IN = "sign_in"  # a code for somebody else


class Decision(StrEnum):
    ASKED = "asked"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    USED = "used"
    LAPSED = "lapsed"  # was in force in an emergency, and nobody said yes in time


class Confirmation(Frozen):
    """`digest` is of exactly what is wanted, and of what it changes: neither may move on under a yes.

    `gains`: the staff who would gain by it. `until`: in force already, in an emergency, and gone after it without a yes;
    `undo`, `undo_signatures`: then each partner's address, and the least signature that it may bear, are these again.
    """

    id: str
    kind: Kind
    digest: str
    lines: tuple[str, ...]
    gains: tuple[str, ...] = ()
    by: str
    at: Instant
    decision: Decision = Decision.ASKED
    decided_by: str = ""
    decided_at: Instant | None = None
    note: str = ""
    until: Instant | None = None
    undo: dict[str, str] = Field(default_factory=dict)
    undo_signatures: dict[str, str] = Field(default_factory=dict)


def may_confirm(asked: Confirmation, by: Staff) -> bool:
    """Somebody who answers for people, by the own phone, who neither asked nor gains."""
    is_other = by.code != asked.by and by.code not in asked.gains and not by.signed_in_by
    return is_other and not CONFIRMERS.isdisjoint(by.roles)


def decide(asked: Confirmation, *, yes: bool, note: str, by: Staff, now: datetime) -> Confirmation:
    """Yes or no. Raises NotAllowed for who may not, WrongStage for what is decided or lapsed, Invalid for a no without words."""
    if by.signed_in_by:
        raise NotAllowed("请用发到本人手机的登录码登录后再确认")
    if not may_confirm(asked, by):
        raise NotAllowed("提出的人和因此得到权限的人不能自己确认，请另一位站长、片区或镇领导确认")
    if asked.decision is not Decision.ASKED or now > asked.at + ASKED_FOR:
        raise WrongStage("这件事已经确认过或已过期，请刷新列表")
    if not yes and not note.strip():
        raise Invalid("不同意的，请写明原因", fields=["note"])
    decision = Decision.CONFIRMED if yes else Decision.REFUSED
    decided = {"decision": decision, "decided_by": by.code, "decided_at": now, "note": note.strip()}
    return asked.model_copy(update=decided)


def is_open(asked: Confirmation, now: datetime) -> bool:
    return asked.decision is Decision.ASKED and now <= asked.at + ASKED_FOR


def lapses(asked: Confirmation, now: datetime) -> bool:
    """Whether what is in force in an emergency is over: its last instant is still in force; a no ends it at once."""
    if asked.until is None:
        return False
    return asked.decision is Decision.REFUSED or (asked.decision is Decision.ASKED and now > asked.until)


def stands_in_emergency(asked: Confirmation) -> bool:
    """Whether it is in force without anybody's yes: what was there before it is what power is measured by."""
    return asked.until is not None and asked.decision in (Decision.ASKED, Decision.REFUSED)


def holds(asked: Confirmation, digest: str, now: datetime) -> bool:
    """Whether a yes to exactly this still stands; its last instant counts."""
    return (
        asked.decision is Decision.CONFIRMED
        and asked.digest == digest
        and asked.decided_at is not None
        and now <= asked.decided_at + HOLDS
    )
