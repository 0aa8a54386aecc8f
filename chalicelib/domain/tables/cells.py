"""One reader for each kind of cell: text in, value out, or ValueError with what was read and what would be understood."""

import re
import unicodedata

from chalicelib.domain.patterns import regex
from chalicelib.domain.tables.instants import read_day
from chalicelib.domain.tables.marks import NO_RESULT
from chalicelib.domain.tables.workbook import MOST_DIGITS

_YES_WORDS = "是 是的 有 对 需 需要 要 勾 打勾 √ ✓ ✔ ☑ ✅ v yes y true t 1 1.0 on"
YES = frozenset(_YES_WORDS.split())
_NO_WORDS = "否 不 不是 非 无 没有 不需 不需要 不要 叉 × ✗ ✘ ☒ ❌ no n false f 0 0.0 off"
NO = frozenset(_NO_WORDS.split())
_SEPARATORS = regex(r"[;；、,，|｜\n]")
_POWER = regex(r"[+-]?\d+(?:\.\d+)?E\+?\d+", re.IGNORECASE)
_HALF_WIDTH = {ord(wide): ord(wide) - 0xFEE0 for wide in "０１２３４５６７８９"} | {
    start + at: ord(letter) + at for start, letter in ((0xFF21, "A"), (0xFF41, "a")) for at in range(26)
}  # digits and letters, which a person types in either width; a bracket may be the number's own
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
_NOTHING_WORDS = "无 没有 空 暂无 待定 不详 未知 na n/a null none nil nan / - -- — —— ／ \\"
_NOTHING = frozenset(_NOTHING_WORDS.split())
_AS_DATE = regex(
    r"\d{4}[-/年]\d{1,2}[-/月]\d{1,2}日?(?: 0?0:00(?::00)?)?|\d{1,2}月\d{1,2}日|\d{1,2}-[a-z]{3}|[a-z]{3}-\d\d",
    re.IGNORECASE,
)
_LONGEST_DATE = 25  # characters
_MONTHS = {name: at for at, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul"), 1)}
_AS_DAYS = (
    regex(r"(?P<first>\d{1,2})月(?P<last>\d{1,2})日"),
    regex(r"(?:\d{4}[-/年])(?P<first>\d{1,2})[-/月](?P<last>\d{1,2})日?(?: ?0?0:00(?::00)?)?"),
    regex(r"(?P<last>\d{1,2})-(?P<month>[a-z]{3})"),
    regex(r"(?P<month>[a-z]{3})-0?(?P<last>\d{1,2})"),
)
_WEEKDAY_WORDS = {
    "周末": "6-7",
    "双休日": "6-7",
    "周六日": "6-7",
    "每天": "1-7",
    "每日": "1-7",
    "全周": "1-7",
    "天天": "1-7",
}
_CHINESE_DAYS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "日": 7, "天": 7}


def read_yes_no(text: str) -> bool:
    """是/否, 有/无, √/×, Y/N, 1/0. Raises ValueError for every other word: an unknown one is never a no."""
    word = unicodedata.normalize("NFKC", text).strip().casefold()
    if word in YES or text.strip() in YES:
        return True
    if word in NO or text.strip() in NO:
        return False
    raise ValueError(f"“{text[:20]}”不是“是”或“否”")


def read_list(text: str) -> tuple[str, ...]:
    """Several entries in one cell, each once: parted by ； 、 ， | or a new line, whichever people type."""
    return tuple(dict.fromkeys(part.strip() for part in _SEPARATORS.split(text) if part.strip()))


def read_number_of_order(text: str, longest: int = 40) -> str:
    """A number that names something; digits and letters of full width are those of half width.

    Raises ValueError for one that a spreadsheet has rounded: it names another thing now.
    """
    text = text.translate(_HALF_WIDTH)
    if "E" in text.upper() and _POWER.fullmatch(text):
        raise ValueError(
            f"编号“{text[:30]}”被表格改成了科学计数（超过 {MOST_DIGITS} 位），后面的数字已经丢失；"
            "请把这一列设为文本后重新导出"
        )
    try:
        check_sound(text)
    except ValueError as wrong:
        raise ValueError(f"编号：{wrong}") from None
    check_no_date(text, "编号")
    if not text or not is_something(text):
        raise ValueError("缺少工单编号")
    if len(text) > longest or not text.isprintable():
        raise ValueError(f"编号“{text[:20]}”超过 {longest} 个字符，或有换行和看不见的字符")
    if not (text.isascii() and text.isalnum()) and not re.search(
        r"[^\W_]", unicodedata.normalize("NFKC", text), re.ASCII
    ):
        raise ValueError(f"“{text[:20]}”不像工单编号，里面没有数字和字母")
    return text


def is_something(text: str) -> bool:
    """Whether a cell says anything: 无, / and #N/A do not."""
    return text.casefold() not in _NOTHING and text.upper() not in _ERRORS


def is_rounded(text: str) -> bool:
    """Whether a number may be what is left of a longer one: every digit beyond those that a spreadsheet keeps is 0."""
    return text.isdecimal() and len(text) > MOST_DIGITS and not text[MOST_DIGITS:].strip("0")


def check_no_date(text: str, what: str) -> str:
    """Raises ValueError for a name of numbers, like 1-2, that a spreadsheet has turned into a day."""
    may_be = len(text) < _LONGEST_DATE and ("-" in text or "月" in text or "/" in text)
    if may_be and _AS_DATE.fullmatch(text):
        raise ValueError(
            f"{what}“{text[:20]}”像是被表格改成了日期（如 1-2 变成 1月2日）；请把这一列设为文本后重新填写"
        )
    return text


def check_sound(text: str) -> str:
    """Raises ValueError for what a spreadsheet shows where a formula went wrong: it is no content."""
    if "#" not in text:
        return text
    if text.strip() == NO_RESULT:
        raise ValueError("这里是没有算过的公式；请在 Excel 或 WPS 里打开、保存一次再试")
    if text.strip().upper() in _ERRORS or re.fullmatch(r"#{3,}", text.strip()):
        raise ValueError(f"这里是出错的值（{text.strip()[:10]}），请改成文字后再试")
    return text


def read_weekdays(text: str) -> tuple[int, ...]:
    """1 is Monday, 7 Sunday: `1-5`, `6;7`, 周一至周五, 周末, 每天; also the day of the year that Excel makes of 1-5.

    Raises ValueError for anything else.
    """
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    plain = _WEEKDAY_WORDS.get(plain, plain)
    span = re.fullmatch(r"([1-7])\s*[-~～至到—–]\s*([1-7])", _digits(plain)) or _made_a_day(plain)
    if span:
        first, last = (int(span[1]), int(span[2])) if isinstance(span, re.Match) else span
        if 1 <= first <= last <= 7:
            return tuple(range(first, last + 1))
    days = read_list(_digits(plain))
    if not days or not all(re.fullmatch("[1-7]", part) for part in days):
        raise ValueError(f"“{text[:20]}”应写成 1-5、6;7 或 工作日（1 是星期一，7 是星期日）")
    return tuple(sorted({int(part) for part in days}))


def _digits(plain: str) -> str:
    return re.sub(
        r"(?<![一二三四五六日天])(?:星期|周|礼拜)?([一二三四五六日天1-7])(?![一二三四五六日天])", _day, plain
    )


def _day(found: re.Match[str]) -> str:
    return str(_CHINESE_DAYS.get(found[1], found[1]))


def _made_a_day(plain: str) -> tuple[int, int] | None:
    if re.fullmatch(r"[2-7]\d{4}", plain):  # the day itself as Excel keeps it
        day = read_day(plain)
        return day.month, day.day
    for pattern in _AS_DAYS:
        if found := pattern.fullmatch(plain):
            named = found.groupdict()
            first = _MONTHS.get(named["month"], 0) if "month" in named else int(named["first"])
            return first, int(named["last"])
    return None
