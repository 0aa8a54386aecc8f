"""What is learned from closed tickets: who handled those like this one, and what the trained model takes it for (rule 60)."""

from datetime import datetime
from typing import Any

from chalicelib.domain.figures import similar_closed
from chalicelib.domain.figures.facts import Fact, area_of, place_in_area
from chalicelib.domain.figures.similar_closed import Group, Handled
from chalicelib.domain.tickets.ticket import Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.understanding.text_model import Guess
from chalicelib.domain.views import ticket_view
from chalicelib.gateways import triage_model
from chalicelib.store.figures import similar_closed as handled
from chalicelib.store.town import directory

View = dict[str, Any]
_OPENED_AGAIN = frozenset({"reopened", "reworked"})


def note(fact: Fact | None, kind: str) -> None:
    """What a line of history means for the next ticket like this; `fact` as it stands. May come twice, late, in any order."""
    if fact is None or not (fact.area and fact.category):
        return
    closed = similar_closed.closed_of(fact, directory.town().calendar)
    if closed is not None:
        handled.keep(closed, fact.area, fact.category)
    elif kind in _OPENED_AGAIN:
        handled.forget(fact.ticket_id, fact.area, fact.category)


def suggestions(ticket: Ticket, town: Town, now: datetime) -> View:
    """What stands beside the rules' suggestion while a ticket is received: the model's guess, and what became of its like."""
    if ticket.stage is not Stage.RECEIVED:
        return {"guess": None, "handled": None}
    model = triage_model.current()
    guess = model.guess("", ticket.text) if model else None
    return {"guess": ticket_view.guessed(guess, town), "handled": _handled(ticket, guess, town, now)}


def _handled(ticket: Ticket, guess: Guess | None, town: Town, now: datetime) -> View | None:
    """By the category it has, else by the guessed one. Of a confidential ticket nothing is said."""
    category = town.find_category(ticket.category or (guess.label if guess else ""))
    area = area_of(ticket.where.path)
    if category is None or not area or ticket.confidential:
        return None
    known = handled.list_handled(area, category.code)
    found = similar_closed.summed(known, place_in_area(ticket.where.path), now)
    return _shown(found, category.code, area, town) if found else None


def _shown(found: Handled, category: str, area: str, town: Town) -> View:
    place = town.find_place(found.place or area)
    view = {
        "category": category,
        "category_name": ticket_view.category_name(category, town),
        "place": found.place,
        "place_name": place.name if place else "",
        "tickets": found.tickets,
        "units": [
            {"unit_id": each.key, "unit_name": ticket_view.unit_name(each.key, town)} | _counts(each)
            for each in found.units
        ],
        "tracks": [{"track": each.key} | _counts(each) for each in found.tracks],
    }
    return view | {"text": _sentence(view)}


def _counts(group: Group) -> View:
    return {"tickets": group.tickets, "share": group.share, "hours": group.hours}


def _sentence(view: View) -> str:
    """盛华景苑一年内“楼道照明”办结 12 件：10 件由盛华物业办理，一般用时 3 小时"""
    first = view["units"][0]
    took = f"，一般用时 {first['hours']:g} 小时" if first["hours"] is not None else ""
    known = f"{view['place_name']}一年内“{view['category_name']}”办结 {view['tickets']} 件"
    return f"{known}：{first['tickets']} 件由{first['unit_name'] or '原单位'}办理{took}"
