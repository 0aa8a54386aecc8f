"""小票: what whoever stood at the counter takes along, and how it becomes "mine" on the own phone (rule 95)."""

import hashlib
import hmac
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.acts.moves import Changed, changed
from chalicelib.domain.errors import AlreadyDone, Invalid, NotFound, TooLate, TooMany
from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.tables.phones import read_phones
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event, Ticket
from chalicelib.domain.town.danger_signs import DangerKind
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import ResidentChannel

MAY_BE_CLAIMED_FOR = timedelta(days=7)
MOST_TRIES = 5  # of the last four digits; then the paper is worth nothing, and the counter prints another
DIGITS = 4


class Holder(StrEnum):
    """Whose slip it is."""

    SELF = "self"  # the one whose matter it is
    PROXY = "proxy"  # whoever reported it for them


class Slip(Frozen):
    """What is kept of a slip: never its secret nor the digits, only their keyed hashes.

    `secret` is "" until one was printed, `digits` where no phone was left. The newest print alone is worth anything.
    """

    ticket_id: str
    holder: Holder = Holder.SELF
    secret: str = ""
    digits: str = ""
    until: Instant
    tries: int = 0
    claimed_by: str = ""


def hashed(key: bytes, what: str, ticket_id: str, value: str) -> str:
    """Keyed, and of this ticket alone; "" stays ""."""
    return (
        hmac.new(key, f"slip:{what}:{ticket_id}:{value}".encode(), hashlib.sha256).hexdigest()
        if value
        else ""
    )


def last_digits(phone: str) -> str:
    """The last four digits of the first number that was left, without an extension; "" where there is none."""
    first = next(iter(read_phones(phone)), "").partition("转")[0]
    return "".join(filter(str.isdigit, first))[-DIGITS:]


def may_be_claimed(ticket: Ticket) -> bool:
    """No paper opens a matter that whoever finds it at home must not read: of violence, and what is kept confidential."""
    return not ticket.confidential and DangerKind.VIOLENCE not in (
        ticket.danger.kinds if ticket.danger else ()
    )


def need_claimable(slip: Slip | None, *, secret: str, digits: str, person: str, now: datetime) -> Slip:
    """The slip that this person may claim now. The last instant still counts.

    Raises NotFound for a paper that is none of ours or not the newest, AlreadyDone once somebody else has claimed it,
    TooLate, TooMany after five wrong digits, Invalid where the digits are missing or wrong. `secret` and `digits` are
    keyed hashes, as those of the slip; `digits` is "" where none were given.
    """
    if slip is None or not slip.secret or not hmac.compare_digest(slip.secret, secret):
        raise NotFound("这张小票打不开：可能已重新打印过，请用最新的一张，或拨打小票上的电话")
    if slip.claimed_by:
        if slip.claimed_by == person:
            return slip
        raise AlreadyDone("这张小票已经在另一部手机上绑定过；不是您本人绑定的，请拨打小票上的电话")
    if now > slip.until:
        raise TooLate("小票上的码7天内有效，已经过期；报工单号可以到工作站或打电话查询")
    if slip.tries >= MOST_TRIES:
        raise TooMany("后四位输错太多次，这张小票不能再用；请到工作站重新打印")
    if slip.digits and not digits:
        raise Invalid("请输入登记时留的电话后四位", fields=["digits"])
    if slip.digits and not hmac.compare_digest(slip.digits, digits):
        raise Invalid("后四位不对，请输入登记时留的那个电话的后四位", fields=["digits"])
    return slip


def claim(ticket: Ticket, *, channel: ResidentChannel, town: Town, now: datetime) -> Changed:
    """认领: from now on the reporter is told on the own phone. `channel`: how the session there can be told.

    A browser cannot be told outside the page, so whoever left a phone goes on being called.
    """
    told_there = channel is ResidentChannel.IN_WECHAT or not ticket.phone_left
    after = ticket.model_copy(update={"reachable": channel if told_there else ticket.reachable})
    return changed(after, Event(kind=EventKind.CLAIMED, at=now, by=Actor.REPORTER), before=ticket, town=town)
