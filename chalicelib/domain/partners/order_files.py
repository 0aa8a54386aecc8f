"""The rows of a partner's export as orders: by the partner's own columns, every bad row with its reason."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import NamedTuple

from chalicelib.domain.errors import Invalid
from chalicelib.domain.jobs import Trouble
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.partners.orders import Order
from chalicelib.domain.town.partner import REQUIRED, Partner

LONGEST_NUMBER, LONGEST_TEXT, LONGEST_WORD = 40, 2000, 200
_DAY_ENDS = time(23, 59, 59)
_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M")
_YES = {"是", "yes", "true", "1", "y"}


class OrderFile(NamedTuple):
    orders: list[tuple[int, Order]]  # each with the line it stands in
    troubles: list[Trouble]


def read_orders(rows: Sequence[Sequence[str]], partner: Partner) -> OrderFile:
    """Raises Invalid when the head of a column that every order needs is not there."""
    head = [cell.strip() for cell in rows[0]] if rows else []
    where = {field: head.index(name) for field, name in partner.columns.items() if name in head}
    missing = [partner.columns[field] for field in REQUIRED if field not in where]
    if missing:
        raise Invalid(
            f"第一行里没有这些列：{'、'.join(missing)}；请核对文件和{partner.title}的列名", fields=["file"]
        )
    read, seen = OrderFile([], []), dict[str, int]()
    for line, row in enumerate(rows[1:], 2):
        values = {field: row[at].strip() for field, at in where.items() if at < len(row)}
        if not any(values.values()):
            continue
        try:
            order = read_order(values)
            if order.number in seen:
                raise ValueError(f"编号 {order.number} 与第 {seen[order.number]} 行重复")
        except ValueError as wrong:
            read.troubles.append(Trouble(row=line, message=str(wrong)))
        else:
            seen[order.number] = line
            read.orders.append((line, order))
    return read


def read_order(values: dict[str, str]) -> Order:
    """One order from text, as a file or a push has it. Raises ValueError with the reason in Chinese."""
    number, text = values.get("number", ""), values.get("text", "")
    if not 1 <= len(number) <= LONGEST_NUMBER or not number.isprintable():
        raise ValueError(f"缺少工单编号，或超过 {LONGEST_NUMBER} 个字符")
    if not text or len(text) > LONGEST_TEXT:
        raise ValueError(f"缺少诉求内容，或超过 {LONGEST_TEXT} 个字符")
    long = [
        name for name in ("place", "category", "name", "phone") if len(values.get(name, "")) > LONGEST_WORD
    ]
    if long:
        raise ValueError(f"{'、'.join(long)} 超过 {LONGEST_WORD} 个字符")
    plain = {name: values.get(name, "") for name in ("number", "text", "place", "category", "name", "phone")}
    return Order(
        **plain,
        due_at=instant_of(values.get("due_at", ""), "时限", _DAY_ENDS),
        sent_at=instant_of(values.get("sent_at", ""), "发出时间", time(0)),
        confidential=values.get("confidential", "").lower() in _YES,
    )


def instant_of(text: str, what: str, by_default: time) -> datetime | None:
    """A day alone means its end for a deadline; without a zone it is our time."""
    if not text:
        return None
    plain = text.replace("/", "-").replace("年", "-").replace("月", "-").replace("日", "")
    for form in _FORMATS:
        try:
            return datetime.strptime(plain, form).replace(tzinfo=SHANGHAI)
        except ValueError:
            continue
    try:
        if len(plain) <= 10:
            day = datetime.strptime(plain, "%Y-%m-%d").replace(tzinfo=SHANGHAI)
            return datetime.combine(day, by_default, SHANGHAI)
        return datetime.fromisoformat(text).astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        raise ValueError(f"{what}“{text[:30]}”看不懂，应如 2026-11-22 18:00") from None
