"""Lines under a head that are no rows: totals, and what stands at the foot of a print."""

import re

from chalicelib.domain.patterns import regex
from chalicelib.domain.tables.grid import Line

_TOTAL = regex(
    r"(?:(?:本|全|以上|当)[页月年日区镇表部]?)?(?:合计|总计|小计|共计|累计|汇总|总数|共(?=\d))[(（\[]?[条件行个项张户人次元]*[)）\]]?[:：]?\d*[条件行个项张户人次元]*"
)
_FOOT = regex(
    r"(?:制表|填表|填报|审核|复核|打印|导出|统计)(?:人|员|单位|部门|时间|日期)?[:：].*|[-—=*]*以下(?:空白|无正文)[-—=*]*|第\d+页[,，/]?(?:共\d+页)?",
    re.DOTALL,
)
_BEGIN = frozenset("本全以上当合总小共累汇制填审复打导统第-—=*")  # of all of these; nearly no row begins so


def aside(line: Line) -> str:
    """Why a line is no row: a total, what stands at the foot of a print. Empty for a row."""
    first = next((cell for cell in line.cells if cell), "")
    if first[:1] not in _BEGIN:
        return ""
    whole = "".join(first.split())
    if _TOTAL.fullmatch(whole):
        return "合计"
    return "表末的说明" if _FOOT.fullmatch(first) or _FOOT.fullmatch(whole) else ""
