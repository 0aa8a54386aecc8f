"""What is learned from closed tickets: who handled those like this one, and what the trained model takes it for (rule 60)."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from chalicelib.domain.figures import similar_closed
from chalicelib.domain.figures.facts import Fact, area_of, place_in_area
from chalicelib.domain.figures.similar_closed import Closed, Group, Handled
from chalicelib.domain.figures.usual import usual
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import ENDED, Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.understanding.text_model import Guess
from chalicelib.domain.views import ticket_view
from chalicelib.gateways import triage_model
from chalicelib.store.figures import similar_closed as store
from chalicelib.store.town import directory

if TYPE_CHECKING:
    from chalicelib.actions.views.schemas import HandledByUnit, HandledGroup, HandledShown, Suggestions

Handling = Callable[[str, str], Iterable[Closed]]  # of an area and category
_OPENED_AGAIN = frozenset({EventKind.REOPENED, EventKind.REWORKED})


def note(fact: Fact | None, kind: str) -> None:
    """What a line of history means for the next ticket like this; `fact` as it stands. May come twice, late, in any order."""
    if fact is None or not (fact.area and fact.category):
        return
    closed = similar_closed.closed_of(fact, directory.town().calendar)
    if closed is not None:
        store.keep(closed, fact.area, fact.category)
    elif kind in _OPENED_AGAIN:
        store.forget(fact.ticket_id, fact.area, fact.category)


def handled_once() -> Handling:
    """`list_handled`, which asks for each area and category once: for what one screen says of a ticket."""
    return cache(lambda area, category: list(store.list_handled(area, category)))


def suggestions(ticket: Ticket, town: Town, now: datetime, handled: Handling) -> "Suggestions":
    """What stands beside the rules' suggestion: the model's choices, and what became of its like.

    While a ticket is received; and where a sure rule sent it on its way and the model takes it for something else, until a
    person has put it right or the unit has taken it.
    """
    went_by_itself = _went_by_itself(ticket)
    if ticket.stage is not Stage.RECEIVED and not went_by_itself:
        return {"guess": None, "handled": None}
    model = triage_model.current()
    guess = model.guess("", ticket.text) if model else None
    if went_by_itself:
        is_other = guess is not None and ticket.category not in (guess.label, *town.lineage(guess.label))
        return {"guess": ticket_view.guessed(guess, town) if is_other else None, "handled": None}
    return {"guess": ticket_view.guessed(guess, town), "handled": _handled(ticket, guess, town, now, handled)}


def _went_by_itself(ticket: Ticket) -> bool:
    """Whether a sure rule alone decided where it is: nobody has looked yet."""
    sure = ticket.suggestion is not None and ticket.suggestion.sure
    return sure and ticket.stage is Stage.DISPATCHED and not ticket.corrected and not ticket.returns


def usual_words(ticket: Ticket, town: Town, now: datetime, handled: Handling = store.list_handled) -> str:
    """How long tickets of its kind usually took, for residents and staff; "" where too few are known, and once it is resolved.

    Of a confidential ticket nothing is said: its kind alone may tell who it is about.
    """
    category, area = town.find_category(ticket.category or ""), area_of(ticket.where.path)
    is_over = ticket.stage in ENDED or ticket.stage is Stage.RESOLVED
    if category is None or not area or ticket.confidential or is_over:
        return ""
    found = usual(handled(area, category.code), ticket.lead_unit_id or "", now)
    return found.words(category.name) if found else ""


def _handled(
    ticket: Ticket, guess: Guess | None, town: Town, now: datetime, handled: Handling
) -> "HandledShown | None":
    """By the category it has, else by the guessed one. Of a confidential ticket nothing is said."""
    category = town.find_category(ticket.category or (guess.label if guess else ""))
    area = area_of(ticket.where.path)
    if category is None or not area or ticket.confidential:
        return None
    known = handled(area, category.code)
    found = similar_closed.summed(known, place_in_area(ticket.where.path), now)
    return _view(found, category.code, area, town) if found else None


def _view(found: Handled, category: str, area: str, town: Town) -> "HandledShown":
    place = town.find_place(found.place or area)
    view: HandledShown = {
        "category": category,
        "category_name": ticket_view.category_name(category, town),
        "place": found.place,
        "place_name": place.name if place else "",
        "tickets": found.tickets,
        "units": [
            {**_counts(each), "unit_id": each.key, "unit_name": ticket_view.unit_name(each.key, town)}
            for each in sorted(found.units, key=lambda each: ticket_view.unit_name(each.key, town))
        ],
        "tracks": [{**_counts(each), "track": each.key} for each in found.tracks],
        "text": "",
    }
    return {**view, "text": _sentence(view)}


def _counts(group: Group) -> "HandledGroup":
    return {"tickets": group.tickets, "share": group.share, "hours": group.hours}


def _sentence(view: "HandledShown") -> str:
    """盛华景苑一年内“楼道照明”办结 12 件：盛华物业办理 10 件（一般用时 3 小时），镇平安办办理 2 件. By name: no unit is ranked."""
    known = f"{view['place_name']}一年内“{view['category_name']}”办结 {view['tickets']} 件"
    return f"{known}：" + "，".join(_had(each) for each in view["units"])


def _had(unit: "HandledByUnit") -> str:
    took = f"（一般用时 {unit['hours']:g} 小时）" if unit["hours"] is not None else ""
    return f"{unit['unit_name'] or '原单位'}办理 {unit['tickets']} 件{took}"
