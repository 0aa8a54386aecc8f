"""告知书、意见书 of a petition: filled from the ticket, marked 草稿: a station prepares, the petition office issues (rule 99).

The terms are data, so that a change of the regulation changes a line here and no template: 信访工作条例 (2022) was read as
excerpts only, and each letter says that its terms are to be checked.
"""

from datetime import datetime
from enum import StrEnum

from chalicelib.domain.errors import WrongStage
from chalicelib.domain.model import SHANGHAI, Frozen
from chalicelib.domain.tickets.ticket import ENDED, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Source


class LetterKind(StrEnum):
    RECEIVED = "received"  # 受理告知书
    REPLIED = "replied"  # 答复意见书


class Term(Frozen):
    """A legal term as a letter quotes it: how long, from when, and by which article."""

    what: str
    days: int
    ground: str


TERMS = {
    LetterKind.RECEIVED: (
        Term(what="决定是否受理并书面告知", days=15, ground="信访工作条例第二十三条"),
        Term(what="自受理之日起办结", days=60, ground="信访工作条例第三十四条"),
        Term(what="情况复杂的，经批准可以延长", days=30, ground="信访工作条例第三十四条"),
    ),
    LetterKind.REPLIED: (
        Term(what="不服答复的，自收到之日起可以请求复查", days=30, ground="信访工作条例第三十五条"),
    ),
}
TITLES = {LetterKind.RECEIVED: "信访事项受理告知书", LetterKind.REPLIED: "信访事项处理答复意见书"}
DRAFT = "草稿：由工作站准备，经信访工作机构核对期限和条文后出具，不盖章不生效"


class Letter(Frozen):
    """What is printed: a title, paragraphs, and the terms. Name and address are written in by hand: no ticket holds them."""

    title: str
    mark: str = DRAFT
    paragraphs: tuple[str, ...]
    terms: tuple[Term, ...]


def letter(ticket: Ticket, kind: LetterKind, *, said: str, town: Town, now: datetime) -> Letter:
    """The draft. `said` is what the unit claims to have done, or the desk answered. Raises WrongStage.

    For petitions alone, and a reply only where there is something to reply with.
    """
    if ticket.source is not Source.PETITION:
        raise WrongStage("只有信访件需要告知书和意见书", stage=ticket.stage.value)
    if kind is LetterKind.REPLIED and not said:
        raise WrongStage("还没有办结或答复，不能出答复意见书；请先办结", stage=ticket.stage.value)
    unit = town.find_unit(ticket.lead_unit_id or "") or town.find_unit(ticket.station_id)
    name = unit.name if unit else ""
    came = f"{ticket.received_at.astimezone(SHANGHAI):%Y年%-m月%-d日}"
    begin = f"您（你们）{came}反映的{ticket.where.name}的信访事项（编号{ticket.number}）收悉。"
    state = "已办结" if ticket.stage in ENDED else "已有处理意见"
    body = {
        LetterKind.RECEIVED: (begin, f"经审查，决定予以受理，由{name}办理。"),
        LetterKind.REPLIED: (begin, f"经{name}调查核实，{state}，现答复如下：", said),
    }
    dated = f"{now.astimezone(SHANGHAI):%Y年%-m月%-d日}"
    return Letter(title=TITLES[kind], paragraphs=(*body[kind], dated), terms=TERMS[kind])
