"""What someone may do with a ticket now, found by asking the very rules that decide: the tables of acts, tried and thrown away.

The rules are pure, so an act can be tried without doing it. Each is tried with the body that is refused for the least:
what is refused even then is not offered.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from chalicelib.api.auth import CONFIDENTIAL, DESK, HANDLERS, LEADERS
from chalicelib.api.tickets.acts import DESK_ACTS, STAFF_ACTS, Entry
from chalicelib.domain.acts import joining
from chalicelib.domain.acts.answering import DeclineReason
from chalicelib.domain.acts.emergency_calls import Called
from chalicelib.domain.acts.endangered import WhyNot
from chalicelib.domain.acts.returning import ReturnReason
from chalicelib.domain.errors import Refusal
from chalicelib.domain.tickets.calls import CallOutcome
from chalicelib.domain.tickets.ticket import Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.domain.views import access

Given = dict[str, Any]
_WORDS = "试"  # an act that is tried writes nothing


def _unit(ticket: Ticket, by: Staff, town: Town) -> Iterator[Given]:
    """A unit that has no part in it yet, and the caller's own: a unit head may choose no other."""
    parts = {ticket.lead_unit_id, *(part.unit_id for part in ticket.assisting if part.state == "open")}
    taken = parts | set(ticket.concerns)
    free = next((unit.code for unit in town.units if unit.code not in taken), by.unit)
    for unit in dict.fromkeys((free, by.unit)):
        yield {"unit_id": unit, "note": _WORDS}


def _assigned(ticket: Ticket, by: Staff, town: Town) -> Iterator[Given]:
    for unit in _unit(ticket, by, town):
        yield unit | {"handler_id": None}


def _dispatched(ticket: Ticket, by: Staff, town: Town) -> Iterator[Given]:
    for unit in _assigned(ticket, by, town):
        yield unit | {"track": None}


def _open_part(ticket: Ticket, _by: Staff, _town: Town) -> Iterator[Given]:
    for part in ticket.assisting:
        yield {"unit_id": part.unit_id, "note": _WORDS}


def _open_order(ticket: Ticket, _by: Staff, _town: Town) -> Iterator[Given]:
    for order in ticket.supervision_orders:
        yield {"order_id": order.id, "text": _WORDS}


def _category(_ticket: Ticket, _by: Staff, town: Town) -> Iterator[Given]:
    for category in town.categories[:1]:
        yield {
            "category": category.code,
            "track": None,
            "urgent": None,
            "confidential": None,
            "concerns": None,
        }


def _place(ticket: Ticket, _by: Staff, town: Town) -> Iterator[Given]:
    for place in [each for each in town.places if each.code != ticket.where.place][:1]:
        yield {"place": place.code, "note": ""}


_TEXT: Given = {"text": _WORDS}
_NOTE: Given = {"note": _WORDS}
_DONE: Given = {"note": _WORDS, "photos": (_WORDS,), "feedback": _WORDS}
_DECLINED: Given = {"reason": DeclineReason.UNTRUE, "text": _WORDS, "instead": _WORDS}
_SAID: Given = {
    "outcome": CallOutcome.ANSWERED,
    "solved": False,
    "satisfied": None,
    "words": _WORDS,
}

Probe = Given | Callable[[Ticket, Staff, Town], Iterator[Given]]
PROBES: dict[str, Probe] = {
    "take": {},
    "arrived": {"note": "", "photos": ()},
    "contact": _NOTE,
    "unit-feedback": _TEXT,
    "progress": {"text": _WORDS, "photos": (), "public": True},
    "return": {"reason": ReturnReason.WRONG_PLACE, "note": ""},
    "transfer": _assigned,
    "ask-extension": {"working_days": 1, "reason": _WORDS},
    "wait": {"question": _WORDS},
    "suspend": {"reason": _WORDS, "review_in": timedelta(days=1)},
    "resume": _NOTE,
    "add-assisting": _unit,
    "finish-assisting": _open_part,
    "waive-assisting": _open_part,
    "resolve": _DONE,
    "verify": {"ok": False, "note": _WORDS, "photos": ()},
    "propose-explanation": {"ground": _WORDS, "text": _WORDS, "elsewhere": _WORDS},
    "answer-supervision": _open_order,
    "call-made": {"called": Called.FIRE, "note": ""},
    "spoken": {"note": ""},
    "confirm-danger": {"reached": True},
    "deny-danger": {"why": WhyNot.PAST, "note": ""},
    "classify": _category,
    "answer": _TEXT,
    "decline": _DECLINED,
    "forward": {"to": _WORDS, "number": "", "text": _WORDS},
    "dispatch": _dispatched,
    "assign-finally": _assigned,
    "relocate": _place,
    "split": _NOTE,
    "divide": {"matters": ()},
    "publish": {"text": ""},
    "decide-extension": {"approved": False, "note": _WORDS},
    "supervise": _TEXT,
    "follow-up": _SAID,
    "rework": {"reason": _WORDS},
    "reopen": _NOTE,
    "read-words": _NOTE,
    "decide-explanation": {"approved": False, "note": _WORDS},
    "exempt": {"rule": _WORDS},
    "close": {"note": ""},
}


def acts(ticket: Ticket, by: Staff, town: Town, now: datetime) -> list[str]:
    """The names of the acts that this person may do on this ticket at this instant, in the order of the tables."""
    named = (STAFF_ACTS | DESK_ACTS).items()
    found = [name for name, entry in named if _is_possible(name, entry, ticket, by, town, now)]
    if (HANDLERS | LEADERS | CONFIDENTIAL) & set(by.roles) and access.may_see(ticket, by, town):
        found.append("comment")
    return found + (["merge"] if _may_merge(ticket, by, town, now) else [])


def _is_possible(name: str, entry: Entry, ticket: Ticket, by: Staff, town: Town, now: datetime) -> bool:
    if not entry.allowed.intersection(by.roles):
        return False
    return any(_is_done(entry, given, ticket, by, town, now) for given in bodies(name, ticket, by, town, now))


def bodies(name: str, ticket: Ticket, by: Staff, town: Town, now: datetime) -> Iterator[Given]:
    """The bodies with which an act is tried."""
    probe = PROBES[name]
    for given in probe(ticket, by, town) if callable(probe) else [probe]:
        yield _timed(given, now)


def _timed(given: Given, now: datetime) -> Given:
    return (
        {"reason": given["reason"], "review_at": now + given["review_in"]} if "review_in" in given else given
    )


def _is_done(entry: Entry, given: Given, ticket: Ticket, by: Staff, town: Town, now: datetime) -> bool:
    try:
        entry.guard(ticket, by, town)
        entry.rule(ticket, by=by, town=town, now=now, **given, **entry.fixed)
    except Refusal:
        return False
    return True


def _may_merge(ticket: Ticket, by: Staff, town: Town, now: datetime) -> bool:
    if not (DESK | LEADERS).intersection(by.roles):
        return False
    other = ticket.model_copy(update={"id": "", "stage": Stage.RECEIVED})
    try:
        access.need_desk(ticket, by, town)
        joining.merge(ticket, into=other, by=by, sure=True, town=town, now=now)
    except Refusal:
        return False
    return True
