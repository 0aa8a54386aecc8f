"""Of whom the words of a ticket complain, as its desk reads it: what decided, and who does not see it (rule 21)."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from chalicelib.domain.tickets.readings import Concerned, Grievance
from chalicelib.domain.tickets.ticket import ENDED, Event, Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import LEADERS, Staff
from chalicelib.domain.views import access
from chalicelib.domain.views.ticket_view import unit_name

if TYPE_CHECKING:
    from chalicelib.domain.views.schemas import GrievanceCard

_MOST_NAMED = 4
_WHAT = {
    Grievance.SERVICE: "可能是对服务的不满",
    Grievance.POSSIBLE: "可能有人被投诉，请先看",
    Grievance.MISCONDUCT: "有人被投诉",
}


def card(ticket: Ticket, events: Iterable[Event], by: Staff, town: Town) -> "GrievanceCard | None":
    """The gravest that any of its words say of anybody, for the desk and its leaders while it goes on; None for all others."""
    is_theirs = access.is_desk(ticket, by) or not LEADERS.isdisjoint(by.roles)
    said = [event.reading.concerned for event in events if event.reading]
    gravest = max(said, key=lambda each: [*Grievance].index(each.grievance), default=None)
    if gravest is None or gravest.grievance is Grievance.NONE or ticket.stage in ENDED or not is_theirs:
        return None
    return {
        "level": gravest.grievance.value,
        "title": _WHAT[gravest.grievance],
        "text": "".join(_sentences(ticket, gravest, town)),
    }


def _sentences(ticket: Ticket, said: Concerned, town: Town) -> Iterable[str]:
    yield f"原话：“{'”“'.join(said.words)}”。"
    if meant := _named(said.parties, town):
        yield f"可能说的是：{meant}。"
    waits = set(ticket.kept_from) - set(ticket.concerns)
    if ticket.concerns:
        yield f"已避开：{_named(ticket.concerns, town)}，看不到这张工单。"
    elif waits:
        yield f"在派单、答复或改分类以前，{_named([c for c in said.parties if c in waits], town)}看不到这张工单。"
    if ticket.stage is Stage.RECEIVED and said.grievance is Grievance.SERVICE and not ticket.confidential:
        yield "到了反馈时限还没有人处理、又能确定派给谁的，系统先按地点和类别派出，不带原话。"


def _named(codes: Collection[str], town: Town) -> str:
    """Names of units and people, each once; of many the first and that there are more."""
    people = {code: person.name for code in codes if (person := town.find_staff(code))}
    names = [
        name
        for name in dict.fromkeys(unit_name(code, town) or people.get(code, "") for code in codes)
        if name
    ]
    more = "等" if len(names) > _MOST_NAMED else ""
    return "、".join(names[:_MOST_NAMED]) + more
