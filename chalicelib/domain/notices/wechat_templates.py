"""Subscribe messages 订阅消息: which of the town's WeChat templates a notice uses, and what WeChat accepts in each field.

Pure. The prefix of a field's key decides its rule (reference: 订阅消息参数值内容限制); what breaks it is refused with 47003.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from pydantic import TypeAdapter, ValidationError, field_validator

from chalicelib.domain.model import SHANGHAI, Frozen
from chalicelib.domain.notices.resident_templates import TEMPLATES
from chalicelib.domain.notices.words import template_of, thing, words_of
from chalicelib.domain.patterns import regex

ANY_OTHER = "*"
INBOX = "pages/inbox/index"
NEARBY = "nearby_published"  # of no ticket, and its words stand on a page
FROM_PARAMS = frozenset({"number", "place", "category", "unit", "due", "note", "who", "phone", "count"})
SOURCES = FROM_PARAMS | {"title", "text", "stage", "at"}
_KEY = regex(r"([a-z_]+?)\d{1,3}")
_TIME = regex(r"(?:([0-9]{4})年)?([0-9]{1,2})月([0-9]{1,2})日(?: ?([0-9]{1,2}:[0-9]{2}))?")

# What `phrase` says of a ticket after each notice: at most five Han characters.
STAGES = {
    "received": "已受理",
    "answered": "已答复",
    "dispatched": "已派单",
    "sent_without_words": "已派单",
    "words_looked_at": "处理中",
    "taken": "处理中",
    "backup_asked": "处理中",
    "arrived": "处理中",
    "contacted": "处理中",
    "unit_feedback": "处理中",
    "progress": "处理中",
    "transferred": "已改派",
    "returned": "重新派单",
    "extension_granted": "已延期",
    "wrong_number_left": "待您确认",
    "photo_missed": "照片重传",
    "contact_corrected": "联系更正",
    "relocated": "地点更正",
    "due_moved": "时限调整",
    "waiting_for_you": "待您补充",
    "suspended": "暂时挂账",
    "resumed": "恢复办理",
    "call_made": "已代拨打",
    "danger_denied": "一般事项",
    "declined": "不予受理",
    "forwarded": "已转送",
    "merged": "已并案",
    "merged_suspended": "已并案",
    "split": "已分开办",
    "set_apart": "单独立单",
    "divided": "分几件办",
    "explained": "依法解释",
    "resolved_ask": "待您确认",
    "reworked": "重新办理",
    "closed": "已结案",
    "reopened": "已重开",
    "comment_reply": "有新回复",
    "secrecy_lifted": "有进展",
    "confront_asked": "有进展",
    "meeting_called": "正在会商",
    "meeting_recorded": "会商有结果",
    "proxy_agreed": "代办可查看",
    "proxy_ended": "代办已停看",
    "proxy_over": "转本人联系",
    "published": "已公开",
    "nearby_published": "附近公示",
    "measure_announced": "已有措施",
}


class BadTemplates(ValueError):
    """WECHAT_TEMPLATES is not what it must be; says where."""


class Unfit(ValueError):
    """What a notice says cannot stand in a field of the template. Carries the field's key, never the text."""


class Kind(StrEnum):
    ONE_TIME = "one_time"  # 一次性: each message needs a consent of its own
    LONG_TERM = "long_term"  # 长期: 政务民生 accounts only


class SubscribeTemplate(Frozen):
    """One template of the town's account: for which notices, and which of what they say goes into which field."""

    id: str
    kind: Kind = Kind.ONE_TIME
    notices: tuple[str, ...] = (ANY_OTHER,)
    fields: dict[str, str]
    # Of the mini-program, without a leading slash, where the town wants another than `page_of`
    page: str = ""

    @field_validator("notices")
    @classmethod
    def _known_notices(cls, notices: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := set(notices) - set(TEMPLATES) - {ANY_OTHER}:
            raise ValueError(f"unknown notices {sorted(unknown)}")
        return notices

    @field_validator("fields")
    @classmethod
    def _known_fields(cls, fields: dict[str, str]) -> dict[str, str]:
        for key, source in fields.items():
            if _prefix(key) not in FITTERS or source not in SOURCES:
                raise ValueError(f"{key}: {source}")
        if not fields:
            raise ValueError("no fields")
        return fields


def read_templates(text: str) -> tuple[SubscribeTemplate, ...]:
    """The templates of a deployment, from JSON; none for an empty text. Raises BadTemplates."""
    if not text.strip():
        return ()
    try:
        return TypeAdapter(tuple[SubscribeTemplate, ...]).validate_python(json.loads(text))
    except ValidationError as wrong:
        where = "; ".join(
            f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in wrong.errors(include_input=False)
        )
        raise BadTemplates(f"WECHAT_TEMPLATES: {where}") from None
    except ValueError as wrong:
        raise BadTemplates(f"WECHAT_TEMPLATES: {wrong}") from None


def template_for(templates: Iterable[SubscribeTemplate], notice: str) -> SubscribeTemplate | None:
    """The template that names this notice, else the first for any other; None when this notice is for the inbox alone."""
    given = tuple(templates)
    named = (each for each in given if notice in each.notices)
    others = (each for each in given if ANY_OTHER in each.notices)
    return next(named, None) or next(others, None)


def page_of(template: SubscribeTemplate, notice: str, *, to_staff: bool, ticket_id: str) -> str:
    """The page of the mini-program that a tap on the message opens, with its query."""
    if ticket_id:
        page = template.page or ("staff/ticket/index" if to_staff else "pages/ticket/index")
        return f"{page}?id={ticket_id}"
    if notice == NEARBY:
        return "pages/nearby/index"
    return f"{INBOX}?who=staff" if to_staff else INBOX


def data_of(
    template: SubscribeTemplate, notice: str, params: Mapping[str, str], at: datetime
) -> dict[str, str]:
    """The value of each field, as WeChat accepts it. `at` is the event's instant. Raises Unfit."""
    said = _values(notice, params, at)
    return {key: fit(key, said[source], at) for key, source in template.fields.items()}


def fit(key: str, value: str, at: datetime) -> str:
    """A value cut and cleaned for the field `key`. Raises Unfit where nothing acceptable is left."""
    fitted = FITTERS[_prefix(key)](_one_line(value), at)
    if not fitted:
        raise Unfit(key)
    return fitted


def _values(notice: str, params: Mapping[str, str], at: datetime) -> dict[str, str]:
    words = words_of(notice, params)
    said = {source: params.get(source, "") for source in FROM_PARAMS}
    stage = STAGES.get(notice) or template_of(notice).title
    when = f"{at.astimezone(SHANGHAI):%Y年%-m月%-d日 %H:%M}"
    return said | {"title": words.title, "text": words.text, "stage": stage, "at": when}


def _prefix(key: str) -> str:
    found = _KEY.fullmatch(key)
    return found[1] if found else ""


def _one_line(value: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())


def _only(allowed: str, most: int) -> Callable[[str, datetime], str]:
    """Keeps the characters that match `allowed`, at most so many."""
    pattern = re.compile(allowed)
    return lambda value, _: "".join(pattern.findall(value))[:most]


def _time(value: str, at: datetime) -> str:
    """Ours read 11月24日 18:00; WeChat wants the year. A month before the event's is next year's."""
    found = _TIME.search(value)
    if found is None:
        return value if re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", value) else ""
    year, month, day, clock = found.groups()
    local = at.astimezone(SHANGHAI)
    year = year or str(local.year + (int(month) < local.month))
    return f"{year}年{month}月{day}日" + (f" {clock}" if clock else "")


def _number(value: str, _: datetime) -> str:
    found = re.search(r"[0-9]{1,29}(\.[0-9]{1,2})?", value)
    return found[0] if found else ""


def _name(value: str, _: datetime) -> str:
    return value[:20] if value.isascii() else value[:10]


FITTERS: dict[str, Callable[[str, datetime], str]] = {
    "thing": lambda value, _: thing(value),
    "short_thing": lambda value, _: value[:5],
    "number": _number,
    "letter": _only(r"[A-Za-z]", 32),
    "character_string": _only(r"[!-~]", 32),
    "time": _time,
    "date": _time,
    "phone_number": _only(r"[0-9+\- ]", 17),
    "name": _name,
    "phrase": _only("[\u4e00-\u9fff]", 5),
}
