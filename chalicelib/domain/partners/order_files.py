"""The rows of a partner's export as orders, by the partner's own columns: every row is an order or a trouble with its reason.

A deadline is running: an odd cell keeps no order out. It is taken with its stricter reading and is 待核, to be checked by
the desk; only a row without number or text is refused.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from functools import partial
from typing import NamedTuple

from chalicelib.domain.jobs import Trouble
from chalicelib.domain.partners.orders import Order
from chalicelib.domain.patterns import regex
from chalicelib.domain.tables import cells
from chalicelib.domain.tables.instants import DAY_ENDS, read_instant
from chalicelib.domain.tables.phones import read_phones
from chalicelib.domain.tables.reading import Passed, Row, read_table
from chalicelib.domain.tables.workbook import MOST_DIGITS
from chalicelib.domain.town.partner import FIELDS, REQUIRED, Partner

LONGEST_NUMBER, LONGEST_TEXT, LONGEST_WORD = 40, 20_000, 200
_ROUNDED_PHONE = regex(r"1[3-9]\d{0,2}0{7,9}")  # as 1.38E+10 comes back: it would make one person of many
_WORDS = {"place": "诉求地点", "category": "类别", "name": "姓名", "phone": "电话"}


class OrderFile(NamedTuple):
    """`rows` is what the reader saw: each of them is in `orders` or in `troubles`. `passed`: titles, heads, totals."""

    orders: list[tuple[int, Order]]  # each with the line it stands in
    troubles: list[Trouble]
    rows: int = 0
    passed: tuple[Passed, ...] = ()
    beside: tuple[str, ...] = ()  # sheets like it that were not read

    @property
    def to_check(self) -> list[Trouble]:
        """What the desk should look at, of the orders that are taken."""
        return [Trouble(row=line, message=said) for line, order in self.orders for said in order.to_check]


def read_orders(content: bytes, partner: Partner) -> OrderFile:
    """Raises Invalid for what is no table, and for one without a column that every order needs.

    A number that stands twice is two versions of one order, taken in the order of the file.
    """
    names = {field: (partner.columns[field],) for field in FIELDS if field in partner.columns}
    table = read_table(content, names, REQUIRED)
    read = OrderFile([], [], len(table.rows), table.passed, table.beside)
    rounded, rows = _rounded(table.rows), list(reversed(table.rows))
    del table
    while rows:  # a row goes as its order comes: a large file must not lie in memory twice
        _take(rows.pop(), read, rounded)
    if len(read.orders) + len(read.troubles) != read.rows:  # what was read is told whole, or not at all
        raise AssertionError("rows and what became of them differ")
    return read


def _rounded(rows: Sequence[Row]) -> frozenset[str]:
    """Numbers that a spreadsheet has rounded: where every long one of a file ends in zeros, none of them is what it was."""
    numbers = {row.cells.get("number", "") for row in rows}
    long = {number for number in numbers if number.isdecimal() and len(number) > MOST_DIGITS}
    rounded = frozenset(number for number in long if cells.is_rounded(number))
    return rounded if len(rounded) > 1 and len(rounded) == len(long) else frozenset()


def _take(row: Row, read: OrderFile, rounded: frozenset[str]) -> None:
    try:
        if row.cells.get("number") in rounded:
            raise ValueError("编号末尾都是 0，已被表格四舍五入；请把编号这一列设为文本后重新导出")
        if "number" in row.merged:
            raise ValueError("编号是和上一行合并的单元格；请取消合并，一件工单一行")
        read.orders.append((row.line, _with_oddities(read_order(row.cells), row)))
    except ValueError as wrong:
        read.troubles.append(Trouble(row=row.line, message=str(wrong)))


def _with_oddities(order: Order, row: Row) -> Order:
    """A row with more cells than the head has columns may have slipped to the right: the stricter reading, and 待核.

    A hidden one may have been left out on purpose: whether it was is for the desk to say, for its deadline runs.
    """
    odd = list(order.to_check)
    if row.beyond:
        odd.append("这一行的单元格比列名多，各格可能错位；先按保密办，请对照原件")
    if row.is_hidden:
        odd.append("这一行在表里是隐藏的（筛选或手工隐藏），也导入了；请核对是不是该由本镇办")
    if len(odd) == len(order.to_check):
        return order
    return order.model_copy(update={"confidential": order.confidential or row.beyond, "to_check": tuple(odd)})


def read_order(values: Mapping[str, str], *, pushed: bool = False) -> Order:
    """One order from text. Raises ValueError, with the reason in Chinese, for no number or no text.

    `pushed`: by a program, which hears at once that an instant is none and sends the order again; a file's row is taken.
    """
    odd: list[str] = []
    read_at = instant_of if pushed else partial(_instant, odd=odd)
    text = cells.check_sound(values.get("text", ""))
    if not text:
        raise ValueError("缺少诉求内容")
    if len(text) > LONGEST_TEXT:
        raise ValueError(f"诉求内容超过 {LONGEST_TEXT} 个字，请分成几段后再试")
    phone = values.get("phone", "")
    if not pushed and _ROUNDED_PHONE.fullmatch(phone):
        odd.append(f"电话“{phone}”末尾都是 0，像是被表格改成了科学计数，没有采用；请和原件核对")
        values = {**values, "phone": ""}
    elif _is_broken(phone):
        odd.append(f"电话“{phone[:20]}”里没有打得通的号码")
    number = cells.read_number_of_order(values.get("number", ""), LONGEST_NUMBER)
    if cells.is_rounded(number) and number.endswith("000"):
        odd.append(f"编号“{number}”末尾都是 0，可能被表格四舍五入，请和原件核对")
    return Order(
        number=number,
        text=text,
        due_at=read_at(values.get("due_at", ""), "时限", DAY_ENDS),
        sent_at=read_at(values.get("sent_at", ""), "发出时间", time(0)),
        confidential=_confidential(values.get("confidential", ""), odd),
        **{name: _word(values.get(name, ""), said, odd) for name, said in _WORDS.items()},
        to_check=tuple(odd),
    )


def _is_broken(phone: str) -> bool:
    """A number that somebody lost, as 1.38E+10; one that was masked on purpose is none to be looked after."""
    return bool(phone) and cells.is_something(phone) and not read_phones(phone) and "*" not in phone


def _confidential(text: str, odd: list[str]) -> bool:
    """An unknown word is a yes: an identity that was shown cannot be hidden again."""
    try:
        return bool(text) and cells.read_yes_no(text)
    except ValueError:
        odd.append(f"是否保密写的是“{text[:20]}”，先按保密办")
        return True


def _instant(text: str, what: str, alone: time, *, odd: list[str]) -> datetime | None:
    try:
        return instant_of(text, what, alone)
    except ValueError as wrong:
        odd.append(str(wrong))
        return None


def _word(text: str, what: str, odd: list[str]) -> str:
    try:
        cells.check_no_date(cells.check_sound(text), what)
    except ValueError as wrong:
        odd.append(f"{what}：{wrong}")
        return ""
    if len(text) > LONGEST_WORD:
        odd.append(f"{what}超过 {LONGEST_WORD} 个字，只取了前面的")
    return text[:LONGEST_WORD]


def instant_of(text: str, what: str, alone: time) -> datetime | None:
    """A day alone is its `alone`; nothing is nothing. Raises ValueError saying which cell was meant."""
    try:
        return read_instant(text, alone) if text else None
    except ValueError as wrong:
        raise ValueError(f"{what}{wrong}") from None
