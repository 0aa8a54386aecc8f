"""What an upward partner says of our reports, as it pushes it or as rows of its export (docs/forms.md)."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, time
from typing import NamedTuple

from chalicelib.domain.acts.reporting_up import Answer
from chalicelib.domain.errors import Invalid
from chalicelib.domain.jobs import Trouble
from chalicelib.domain.partners.order_files import LONGEST_NUMBER, LONGEST_WORD, instant_of
from chalicelib.domain.tables import cells
from chalicelib.domain.tables.instants import DAY_ENDS
from chalicelib.domain.tables.reading import SHIFTED, Passed, read_table
from chalicelib.domain.town.partner import FIELDS, Partner

MOST_ROWS, LONGEST_TEXT = 500, 2000
NEEDED = ("number", "status")


class AnswerFile(NamedTuple):
    """`answers`: each with the line it stands in, one for every row that was read. `passed`: titles, heads, totals."""

    answers: list[tuple[int, Answer]]
    passed: tuple[Passed, ...] = ()
    beside: tuple[str, ...] = ()  # sheets like it that were not read


def read_answers(content: bytes, partner: Partner, *, now: datetime) -> AnswerFile:
    """Raises Invalid for what is no table or has no row, and with every bad row."""
    names = {field: (partner.columns.get(field, field),) for field in FIELDS}
    table = read_table(content, names, NEEDED, most_rows=MOST_ROWS)
    read, troubles = [], []
    for row in table.rows:
        try:
            if row.beyond:
                raise ValueError(SHIFTED)
            if "number" in row.merged:
                raise ValueError("工单编号是和上一行合并的单元格；请取消合并，一张工单一行")
            if row.is_hidden:
                raise ValueError("这一行在表里是隐藏的（筛选或手工隐藏）；要导入的请取消隐藏，不要的请删去")
            read.append((row.line, read_answer(row.cells, partner, now=now)))
        except ValueError as wrong:
            troubles.append(Trouble(row=row.line, message=str(wrong)))
    refuse(troubles)
    if not read:
        raise Invalid("列名下面没有内容，没有导入任何一行；请核对文件后再试", fields=["file"])
    if len(read) != len(table.rows):  # what was read is told whole, or not at all
        raise AssertionError("rows and what became of them differ")
    return AnswerFile(read, table.passed, table.beside)


def refuse(troubles: list[Trouble]) -> None:
    """Raises Invalid when there are any: then nothing of the file holds."""
    if troubles:
        words = "；".join(f"第 {trouble.row} 行：{trouble.message}" for trouble in troubles[:5])
        fields = [trouble.model_dump() for trouble in troubles]
        raise Invalid(f"{words}。共 {len(troubles)} 行有错，没有导入任何一行", fields=fields)


def read_answer(values: Mapping[str, str], partner: Partner, *, now: datetime) -> Answer:
    """One answer from text. Raises ValueError with the reason in Chinese."""
    number, status, text = (values.get(name, "") for name in ("number", "status", "text"))
    number = cells.read_number_of_order(number, LONGEST_NUMBER)
    if status not in partner.statuses:
        known = "、".join(partner.statuses)
        raise ValueError(f"状态“{status[:20]}”没有登记，应为：{known}")
    if len(text) > LONGEST_TEXT or len(values.get("id", "")) > LONGEST_WORD:
        raise ValueError(f"内容超过 {LONGEST_TEXT} 个字符，或流水号超过 {LONGEST_WORD} 个字符")
    at = instant_of(values.get("sent_at", ""), "时间", time(0)) or now
    due_at = instant_of(values.get("due_at", ""), "时限", DAY_ENDS)
    said = "\n".join((number, status, text, values.get("sent_at", ""), values.get("due_at", "")))
    own = values.get("id") or hashlib.sha256(said.encode()).hexdigest()
    return Answer(
        id=own, number=number, status=status, means=partner.statuses[status], text=text, at=at, due_at=due_at
    )
