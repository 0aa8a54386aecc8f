"""What an upward partner says of our reports, as it pushes it or as rows of its export (docs/forms.md)."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, time

from chalicelib.domain.acts.reporting_up import Answer
from chalicelib.domain.errors import Invalid
from chalicelib.domain.jobs import Trouble
from chalicelib.domain.partners.order_files import LONGEST_NUMBER, LONGEST_TEXT, LONGEST_WORD, instant_of
from chalicelib.domain.town.partner import Partner

MOST_ROWS = 500
NEEDED = ("number", "status")
_DAY_ENDS = time(23, 59, 59)


def read_answers(
    rows: Sequence[Sequence[str]], partner: Partner, *, now: datetime
) -> list[tuple[int, Answer]]:
    """Each answer with the line it stands in. Raises Invalid with every bad row; empty ones are passed over."""
    head = [cell.strip() for cell in rows[0]] if rows else []
    where = {field: head.index(name) for field, name in partner.columns.items() if name in head}
    missing = [partner.columns.get(field, field) for field in NEEDED if field not in where]
    if missing:
        raise Invalid(
            f"第一行里没有这些列：{'、'.join(missing)}；请核对文件和{partner.title}的列名", fields=["file"]
        )
    if len(rows) > MOST_ROWS + 1:
        raise Invalid(f"一次最多 {MOST_ROWS} 行，请分成几个文件", fields=["file"])
    read, troubles = [], []
    for line, row in enumerate(rows[1:], 2):
        values = {field: row[at].strip() for field, at in where.items() if at < len(row)}
        try:
            if any(values.values()):
                read.append((line, read_answer(values, partner, now=now)))
        except ValueError as wrong:
            troubles.append(Trouble(row=line, message=str(wrong)))
    refuse(troubles)
    return read


def refuse(troubles: list[Trouble]) -> None:
    """Raises Invalid when there are any: then nothing of the file holds."""
    if troubles:
        words = "；".join(f"第 {trouble.row} 行：{trouble.message}" for trouble in troubles[:5])
        fields = [trouble.model_dump() for trouble in troubles]
        raise Invalid(f"{words}。共 {len(troubles)} 行有错，没有导入任何一行", fields=fields)


def read_answer(values: dict[str, str], partner: Partner, *, now: datetime) -> Answer:
    """One answer from text. Raises ValueError with the reason in Chinese."""
    number, status, text = (values.get(name, "") for name in ("number", "status", "text"))
    if not 1 <= len(number) <= LONGEST_NUMBER or not number.isprintable():
        raise ValueError(f"缺少工单编号，或超过 {LONGEST_NUMBER} 个字符")
    if status not in partner.statuses:
        known = "、".join(partner.statuses)
        raise ValueError(f"状态“{status[:20]}”没有登记，应为：{known}")
    if len(text) > LONGEST_TEXT or len(values.get("id", "")) > LONGEST_WORD:
        raise ValueError(f"内容超过 {LONGEST_TEXT} 个字符，或流水号超过 {LONGEST_WORD} 个字符")
    at = instant_of(values.get("sent_at", ""), "时间", time(0)) or now
    due_at = instant_of(values.get("due_at", ""), "时限", _DAY_ENDS)
    said = "\n".join((number, status, text, values.get("sent_at", ""), values.get("due_at", "")))
    own = values.get("id") or hashlib.sha256(said.encode()).hexdigest()
    return Answer(
        id=own, number=number, status=status, means=partner.statuses[status], text=text, at=at, due_at=due_at
    )
