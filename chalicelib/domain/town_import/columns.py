"""The files of a town and their columns: one table. docs/town.md explains it to a clerk; a test keeps the two together."""

import re
import unicodedata
from typing import NamedTuple

from chalicelib.domain.clocks.ladder import parse_ladder, parse_reminders
from chalicelib.domain.patterns import regex
from chalicelib.domain.tickets.clock_model import ClockKind, Window
from chalicelib.domain.town.calendar import AmountUnit
from chalicelib.domain.town.concern_signs import ConcernRow
from chalicelib.domain.town.danger_signs import DangerKind
from chalicelib.domain.town.directory import ON_THE_SPOT
from chalicelib.domain.town.vocabulary import (
    PlaceKind,
    Role,
    Source,
    StaffChannel,
    StationFollowUp,
    Track,
    UnitFeedback,
    UnitKind,
)
from chalicelib.domain.town_import.cells import (
    CHINESE,
    LONGEST_CELL,
    OneOf,
    Parse,
    above_zero,
    any_of,
    code,
    codes,
    day,
    latitude,
    longitude,
    one_of,
    percent,
    several,
    text,
    time_of_day,
    weekdays,
    whole_above_zero,
    words,
    yes_or_no,
)


class Column(NamedTuple):
    """A column by its code and its Chinese name; either may stand in the header."""

    code: str
    chinese: str
    parse: Parse = text
    required: bool = False
    longest: int = LONGEST_CELL  # characters

    @property
    def choices(self) -> tuple[str, ...]:
        """The words to choose from where there are few; empty where anything may stand."""
        if self.parse is yes_or_no:
            return ("是", "否")
        return self.parse.shown if isinstance(self.parse, OneOf) else ()


_OPTIONAL = (
    ClockKind.REVIEW,
    ClockKind.UNDERTAKING,
    ClockKind.RULING,
    ClockKind.STATEMENT,
)  # their day is agreed; how they climb is known without a row
_BY_ANOTHER = ClockKind.LOOK  # runs by the row of the feedback
CLOCKS = (
    *(str(kind) for kind in ClockKind if kind not in (*_OPTIONAL, _BY_ANOTHER)),
    Window.RETURN.value,
)
SOURCES = (*(str(source) for source in Source), ON_THE_SPOT)
PHONE = regex(r"[0-9][0-9\-]{2,19}")
# 1.38E+10 and what it comes back as, 138****1111, a number without the 0 of its area that a spreadsheet took off
_BROKEN_PHONE = regex(
    r"\d(?:\.\d+)?E\+?\d|\d[*×]|[*×]\d|(?<!\d)1[3-9]\d{0,2}0{7,9}(?!\d)|\d{16}|(?<![\d-])(?:10|2\d)[2-8]\d{7}(?!\d)",
    re.IGNORECASE,
)
LONGEST_PATTERNS = 2000  # characters of a cell of phrases
PLACES = "places"
CALENDAR_HOURS = ("opens", "closes", "day_from", "day_until")


def ladder(cell: str) -> str:
    parse_ladder(cell)
    return cell


def reminders(cell: str) -> str:
    parse_reminders(cell)
    return cell


def source_or_on_the_spot(cell: str) -> str:
    return ON_THE_SPOT if cell in (ON_THE_SPOT, "当场办") else str(one_of(Source)(cell))


def lead(cell: str) -> str:
    """A unit's code, or a kind of unit (物业, 工作站, …) to be resolved by place."""
    chinese = dict(zip(CHINESE[UnitKind], UnitKind, strict=True))
    return str(chinese.get(cell, cell))


def phone_number(cell: str) -> str:
    """One number, in half width."""
    plain = unicodedata.normalize("NFKC", cell)
    if not PHONE.fullmatch(plain):
        raise ValueError(f"“{cell}”不是电话号码，只能用数字和 -，3 到 20 位")
    return plain


def phones(cell: str) -> str:
    """Numbers as people write them, with words beside them. Raises ValueError for what a spreadsheet or a mask has left of one."""
    plain = unicodedata.normalize("NFKC", cell)
    if not re.search(r"\d{3}", plain) or _BROKEN_PHONE.search(plain):
        raise ValueError(
            f"“{cell[:20]}”里没有完整的电话号码；请把这一列设为文本，如 021-62345678 或 13812345678"
        )
    return plain


_OPEN, _SHUT = frozenset({"上班", "working"}), frozenset({"休息", "off"})


def calendar_value(cell: str) -> bool | str:
    """上班 or 休息 for a date; HH:MM for the town's hours."""
    if cell in _OPEN:
        return True
    return False if cell in _SHUT else time_of_day(cell)


COLUMNS: dict[str, tuple[Column, ...]] = {
    PLACES: (
        Column("code", "编码", code, required=True),
        Column("parent", "上级编码", code),
        Column("kind", "类型", one_of(PlaceKind), required=True),
        Column("name", "名称", required=True),
        Column("inside_wall", "围墙内", yes_or_no),
        Column("lat", "纬度", latitude),
        Column("lon", "经度", longitude),
        Column("aliases", "别名", words),
    ),
    "units": (
        Column("code", "编码", code, required=True),
        Column("name", "名称", required=True),
        Column("kind", "类型", one_of(UnitKind), required=True),
        Column("area", "负责地点", code, required=True),
        Column("phone", "电话", phones),
    ),
    "staff": (
        Column("code", "编码", code, required=True),
        Column("name", "称呼", required=True),
        Column("unit", "单位", code, required=True),
        Column("roles", "角色", several(one_of(Role)), required=True),
        Column("places", "负责地点", codes),
        Column("channel", "联系方式", one_of(StaffChannel)),
        Column("wecom_id", "企业微信账号"),
    ),
    "duty": (
        Column("unit", "单位", code, required=True),
        Column("role", "角色", one_of(Role), required=True),
        Column("person", "值班人", code, required=True),
        Column("start", "开始", time_of_day, required=True),
        Column("until", "结束", time_of_day, required=True),
        Column("weekdays", "星期", weekdays),
        Column("from_date", "起始日期", day),
        Column("to_date", "截止日期", day),
        Column("backup", "替补", code),
    ),
    "categories": (
        Column("code", "编码", code, required=True),
        Column("parent", "上级编码", code),
        Column("name", "名称", required=True),
        Column("track", "办理方式", one_of(Track)),
        Column("urgent", "紧急", yes_or_no),
        Column("facility", "公共设施", yes_or_no),
        Column("night", "夜间计时", yes_or_no),
        Column("sensitive", "敏感", yes_or_no),
        Column("lead", "主办单位", lead),
        Column("lead_role", "承办角色", one_of(Role)),
        Column("keywords", "关键词", words),
        Column("class_reporters", "成类人数", whole_above_zero),
        Column("class_days", "成类天数", whole_above_zero),
    ),
    "triage": (
        Column("order", "顺序", whole_above_zero, required=True),
        Column("keywords", "关键词", words),
        Column("unless", "除非", words),
        Column("inside_wall", "围墙内", yes_or_no),
        Column("within", "地点范围", code),
        Column("category", "类别", code),
        Column("urgent", "紧急", yes_or_no),
        Column("confidential", "保密", yes_or_no),
        Column("forward_to", "转送", text),
        Column("sure", "直接派单", yes_or_no),
    ),
    "clocks": (
        Column(
            "clock",
            "时限",
            any_of(
                *CLOCKS,
                Window.EXTENSION.value,
                *(kind.value for kind in _OPTIONAL if kind is not ClockKind.REVIEW),
            ),
            required=True,
        ),
        Column("channel", "来源", one_of(Source)),
        Column("category", "类别", code),
        Column("track", "办理方式", one_of(Track)),
        Column("urgent", "紧急", yes_or_no),
        Column("facility", "公共设施", yes_or_no),
        Column("amount", "数量", above_zero, required=True),
        Column("unit", "单位", one_of(AmountUnit), required=True),
        Column("reminders", "提醒", reminders),
        Column("ladder", "升级", ladder),
    ),
    "follow_up": (
        Column("source", "来源", source_or_on_the_spot, required=True),
        Column("unit_feedback", "部门反馈", one_of(UnitFeedback), required=True),
        Column("station", "工作站回访", one_of(StationFollowUp), required=True),
        Column("attempts", "次数", whole_above_zero),
        Column("days", "天数", whole_above_zero),
        Column("wait_hours", "等待小时", above_zero),
        Column("recheck_percent", "抽查百分比", percent),
    ),
    "roles": (
        Column("role", "角色", one_of(Role), required=True),
        Column("quiet_from", "免打扰开始", time_of_day),
        Column("quiet_until", "免打扰结束", time_of_day),
        Column("storm_after", "合并阈值", whole_above_zero),
    ),
    "emergency": (
        Column("code", "编码", code, required=True),
        Column("name", "名称", required=True),
        Column("number", "电话", phone_number, required=True),
    ),
    "danger": (
        Column("code", "编码", code, required=True),
        Column("kind", "危险", one_of(DangerKind)),
        Column("name", "词组名"),
        Column("category", "类别", code),
        Column("sure", "确定", yes_or_no),
        Column("words", "说法", required=True, longest=LONGEST_PATTERNS),
        Column("unless", "除非", longest=LONGEST_PATTERNS),
    ),
    "concerns": (
        Column("code", "编码", code, required=True),
        Column("kind", "种类", one_of(ConcernRow), required=True),
        Column("name", "名称"),
        Column("party", "指谁"),
        Column("words", "说法", required=True, longest=LONGEST_PATTERNS),
        Column("unless", "除非", longest=LONGEST_PATTERNS),
    ),
    "calendar": (
        Column("day", "日期", required=True),
        Column("value", "安排", calendar_value, required=True),
        Column("note", "说明"),
    ),
}
FILES = tuple(COLUMNS)
