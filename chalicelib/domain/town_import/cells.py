"""Cells of the town's spreadsheets: text in, value out, or ValueError with the reason in Chinese for the clerk."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from chalicelib.domain.patterns import regex
from chalicelib.domain.tables.cells import check_no_date, read_list, read_weekdays, read_yes_no
from chalicelib.domain.tables.instants import read_clock_time, read_day
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.town.concern_signs import ConcernRow
from chalicelib.domain.town.danger_signs import DangerKind
from chalicelib.domain.town.vocabulary import PlaceKind, Role, Source, StaffChannel, Track, UnitKind
from chalicelib.domain.town.walk_lists import TRADE_NAMES, Trade

Parse = Callable[[str], Any]


class OneOf:
    """Reads one of some words; `shown` are those to choose from."""

    def __init__(self, names: Mapping[str, Any], shown: Sequence[str]) -> None:
        self.names, self.shown = names, tuple(shown)

    def __call__(self, cell: str) -> Any:
        if cell not in self.names:
            raise ValueError(f"“{cell}”不认识，可以填：{'、'.join(self.shown)}")
        return self.names[cell]


CODE = regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
LONGEST_CELL = 500
RESERVED = frozenset({Actor.REPORTER, Actor.MACHINE, "admin"}) | {
    str(kind) for kind in UnitKind
}  # these words mean something else
WORKING_DAYS = "working_days"
_LATITUDES = (3.0, 54.0)  # of China; no number is both, so swapped columns are told from wrong ones
_LONGITUDES = (73.0, 136.0)

CHINESE: dict[type[StrEnum], tuple[str, ...]] = {
    PlaceKind: ("镇", "片区", "街区", "居民区", "网格", "楼栋", "点位"),
    UnitKind: ("工作站", "物业", "镇部门", "区部门", "志愿者队伍", "居委会"),
    Role: (
        *("首问接待", "站长", "网格员", "物业经理", "志愿者", "经办人"),
        *("部门负责人", "片区党委", "镇领导", "城运中心", "管理员", "保密受理"),
    ),
    Track: ("简易", "复杂", "疑难"),
    StaffChannel: ("企业微信", "微信", "工作站电话"),
    ConcernRow: ("词组", "称呼", "外人", "好评", "失德", "不满"),
    DangerKind: (
        *("被困", "着火", "燃气", "触电", "坠物", "坑洞", "落水", "倒地或失联"),
        *("孩子", "轻生", "伤人", "交通", "毒气", "其他危险"),
    ),
    Trade: tuple(TRADE_NAMES.values()),
    Source: (
        *("扫码", "小程序", "浏览器", "来访", "来电", "12345热线"),
        *("信访", "走访", "巡查", "志愿者", "传感器", "开放接口"),
    ),
}  # in the order of the members


def text(cell: str) -> str:
    return cell


def code(cell: str) -> str:
    check_no_date(cell, "编码")
    if not CODE.fullmatch(cell):
        raise ValueError(f"编码“{cell}”只能用英文字母、数字、- 和 _，最长 40 个字符")
    if cell in RESERVED:
        raise ValueError(f"编码“{cell}”是系统保留字，请换一个")
    return cell


def codes(cell: str) -> tuple[str, ...]:
    return tuple(code(part) for part in words(cell))


words = read_list
yes_or_no = read_yes_no
time_of_day = read_clock_time
day = read_day


def one_of(kind: type[StrEnum]) -> Parse:
    """A member of an enumeration, by its code or its Chinese name."""
    names: dict[str, StrEnum] = {str(member): member for member in kind} | _chinese_names(kind)
    return OneOf(names, tuple(_chinese_names(kind) or names))


def any_of(*allowed: str) -> Parse:
    return OneOf({word: word for word in allowed}, allowed)


def several(parse_one: Parse) -> Parse:
    def parse(cell: str) -> tuple[Any, ...]:
        return tuple(parse_one(part) for part in words(cell))

    return parse


def number(cell: str) -> float:
    """A plain decimal number. Refuses nan, inf and 1e9, which spreadsheets produce by accident."""
    plain = unicodedata.normalize("NFKC", cell).strip()
    if not re.fullmatch(r"[+-]?\d{1,9}(\.\d{1,15})?", plain, re.ASCII):
        raise ValueError(f"“{cell}”不是数字")
    return float(plain)


def above_zero(cell: str) -> float:
    value = number(cell)
    if value <= 0:
        raise ValueError(f"必须大于 0，现在是 {cell}")
    return value


def percent(cell: str) -> int:
    """A whole number from 0 to 100, both included, with or without %: 10, 10%, 10.00%. 0.1 is refused."""
    plain = unicodedata.normalize("NFKC", cell).strip().removesuffix("%").strip()
    if not re.fullmatch(r"\d{1,3}(?:\.0+)?", plain) or float(plain) > 100:
        raise ValueError(f"“{cell}”应为0到100的整数，如 10 或 10%")
    return int(float(plain))


def whole_above_zero(cell: str) -> int:
    value = above_zero(cell)
    if value != int(value):
        raise ValueError(f"“{cell}”不是整数")
    return int(value)


def latitude(cell: str) -> float:
    """Degrees north, WGS84, within China; 31.1190°N too."""
    return _coordinate(re.sub("[°NnＮ度北纬 ]", "", cell), _LATITUDES, _LONGITUDES)


def longitude(cell: str) -> float:
    """Degrees east, WGS84, within China; 121.45°E too."""
    return _coordinate(re.sub("[°EeＥ度东经 ]", "", cell), _LONGITUDES, _LATITUDES)


def _coordinate(cell: str, own: tuple[float, float], other: tuple[float, float]) -> float:
    value = number(cell)
    if own[0] <= value <= own[1]:
        return value
    if other[0] <= value <= other[1]:
        raise ValueError(f"{cell} 填反了：纬度（lat）约 31，经度（lon）约 121")
    raise ValueError(f"坐标 {cell} 超出范围，应在 {own[0]:g} 到 {own[1]:g} 之间（WGS84，单位度）")


def weekdays(cell: str) -> tuple[int, ...] | str:
    """1 is Monday, 7 Sunday: `1-5`, `6;7`; or working days (工作日), with 调休."""
    if cell in (WORKING_DAYS, "工作日"):
        return WORKING_DAYS
    return read_weekdays(cell)


def _chinese_names(kind: type[StrEnum]) -> dict[str, StrEnum]:
    return dict(zip(CHINESE.get(kind, ()), kind, strict=False))
