"""原话待转 as screens show it: what the unit does not read, why, and when it comes; the desk, what to do about it (rule 104)."""

from typing import TYPE_CHECKING

from chalicelib.domain.tickets.ticket import ENDED, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.domain.views import access
from chalicelib.domain.views.ticket_view import unit_name

if TYPE_CHECKING:
    from chalicelib.domain.views.schemas import WithheldCard

_TITLE = "居民原话还没有转给承办单位"
_HOW = "请看原话，选“原话转给承办单位”或“原话不转”；要避开，就“改分类”写上涉及的单位、人员。"


def card(ticket: Ticket, by: Staff, town: Town) -> "WithheldCard | None":
    """None where nothing is withheld. Who reads the words is told what to decide, whoever does not why they are missing."""
    withheld = ticket.withheld
    if withheld is None:
        return None
    waits = withheld.waits and ticket.stage not in ENDED
    if not access.reads_words(ticket, by):
        return {
            "waits": waits,
            "title": "暂时看不到居民原话" if waits else "看不到居民原话",
            "text": _to_the_unit(ticket),
        }
    return {
        "waits": waits,
        "title": _TITLE if waits else "居民原话没有转给承办单位",
        "text": _to_the_desk(ticket, town),
    }


def _to_the_unit(ticket: Ticket) -> str:
    if ticket.withholds_text:
        return access.instead_of_words(ticket)
    return access.LATER_NOT_LOOKED_AT if ticket.withheld and ticket.withheld.waits else access.LATER_KEPT_BACK


def _to_the_desk(ticket: Ticket, town: Town) -> str:
    withheld, unit = ticket.withheld, unit_name(ticket.lead_unit_id, town) or "承办单位"
    if withheld is None or not withheld.waits:
        reason = withheld.reason if withheld else ""
        why = f"原因：{reason}" if reason else f"转给的是这句话：{ticket.summary}"
        return f"{unit}看不到居民原话和后来的留言。{why}。还可以选“原话转给承办单位”。"
    if not ticket.withholds_text:
        return f"后来的留言可能说到{unit}，先没有给他们看。{_HOW}"
    if ticket.lead_unit_id is None:
        return "退回以前，承办单位没有看到原话；重新派单，原话随单转去。"
    return f"到了答复的时限还没有人看，系统只按地点和类别派给了{unit}，没有给原话。{_HOW}"
