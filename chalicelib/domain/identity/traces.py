"""A trace 留痕: who looked at what, when, by whose sign-in, why. What the person looked at reads of it is in `views.looks`.

A trace is kept for good and holds ids, kinds and a digest; its words lie in the vault with the digest's salt, and go when
the subject is erased: then nobody can find out any more what they were, and the trace still says that they were there.
"""

import hashlib
import hmac
from datetime import datetime
from typing import Annotated

from chalicelib.domain.model import Frozen, Instant, Worded
from chalicelib.domain.town.vocabulary import Staff


class Look(Worded):
    """What a trace says was done, and how others read it. What duty and power note beside these is named where it is noted."""

    OPENED = "opened", "打开了工单"
    KEPT = "kept", "存到了手机上，没有信号时也能办理"
    REVEALED = "revealed", "查看了联系方式"
    SEARCHED = "searched", "按电话查询到"
    PHOTO = "photo", "打开了照片"
    LISTENED = "listened", "听了录音"
    PRINTED = "printed", "打印、下载了反馈表"
    EXPORTED = "exported", "导出给合作方"
    COPIED = "copied", "为本人打印了副本"
    CONTACT_CORRECTED = "contact_corrected", "更正了联系方式"
    CODE_HANDED_OUT = "code_handed_out", "发了登录码"
    CODE_IN_EMERGENCY = "code_in_emergency", "紧急取得了登录码"
    COMPUTER_REGISTERED = "computer_registered", "登记了工作电脑"
    COMPUTER_REMOVED = "computer_removed", "移除了工作电脑"
    PIN_SET = "pin_set", "设置了锁屏密码"
    PIN_USED_UP = "pin_used_up", "锁屏密码连续输错，已退出"
    SPARE_CODE_MADE = "spare_code_made", "生成了备用登录码"
    SPARE_CODE_USED = "spare_code_used", "用备用登录码登录了"
    ERASED = "erased", "按本人要求删除了内容"
    FIGURES_EXPORTED = "figures_exported", "下载了数据表"
    MANY_PERSONS = "many_persons", "一小时内报来的电话偏多"
    REMOVED = "removed"  # the case itself, after its term


# Of these whoever was looked at reads too.
LOOKS_AT_SOMEBODY = frozenset(
    {
        Look.OPENED,
        Look.KEPT,
        Look.REVEALED,
        Look.SEARCHED,
        Look.PHOTO,
        Look.LISTENED,
        Look.PRINTED,
        Look.EXPORTED,
        Look.COPIED,
        Look.CONTACT_CORRECTED,
    }
)


def is_look(trace: "Trace") -> bool:
    """Whether it tells of a look at somebody, which that person reads of."""
    return trace.what in LOOKS_AT_SOMEBODY


class Trace(Frozen):
    """Who looked at what, when. `fields` only of a reveal; `reason` of domain.identity.reasons, `why` words beside it.

    `through`: whose code the viewer's session began with (由…代为登录), where not the viewer's own phone.
    `said`: the digest of the words, in the line as it is kept; `why` is never in it.
    """

    at: Instant
    viewer: str
    role: str
    unit: str
    what: Annotated[str, Look]  # or what duty and power note
    fields: tuple[str, ...] = ()
    why: str = ""
    reason: str = ""
    through: str = ""
    said: str = ""


def trace_of(
    by: Staff, what: str, now: datetime, *, fields: tuple[str, ...] = (), why: str = "", reason: str = ""
) -> Trace:
    """The trace of what somebody does now."""
    return Trace(
        at=now,
        viewer=by.code,
        role=by.roles[0],
        unit=by.unit,
        what=what,
        fields=fields,
        why=why,
        reason=reason,
        through=by.signed_in_by,
    )


class Words(Frozen):
    """What the viewer said, as it lies in the vault."""

    salt: str
    words: str


def digest_of(said: Words) -> str:
    """The salted digest that a trace holds of its words."""
    return hashlib.sha256(f"{said.salt}\0{said.words}".encode()).hexdigest()


def parted(trace: Trace, salt: str) -> tuple[Trace, Words | None]:
    """A trace as it is kept, and its words for the vault; None where nothing was said."""
    if not trace.why:
        return trace, None
    said = Words(salt=salt, words=trace.why)
    return trace.model_copy(update={"why": "", "said": digest_of(said)}), said


def with_words(trace: Trace, said: Words | None) -> Trace:
    """A trace with its words; without them where they were erased, or are not those that were said."""
    if said is None or not hmac.compare_digest(digest_of(said), trace.said):
        return trace
    return trace.model_copy(update={"why": said.words, "said": ""})
