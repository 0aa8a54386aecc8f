"""What someone may do with a ticket now, found by asking the very rules that decide: every declared act, tried and thrown away.

The rules are pure, so an act can be tried without doing it. Each is tried with the body that is refused for the least:
what is refused even then is not offered.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import product
from typing import Any, NamedTuple

from chalicelib.domain.acts.moves import Changed
from chalicelib.domain.errors import Invalid, Refusal, WrongStage
from chalicelib.domain.offers import desk, staff
from chalicelib.domain.offers.act import (
    Act,
    DeclaredField,
    FieldKind,
    Need,
    NotOffered,
    Offer,
    OfferedField,
    OfferedNeed,
)
from chalicelib.domain.parties.telling import only_tried
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import STAGE_NAMES, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff

Given = dict[str, Any]
Fields = tuple[OfferedField, ...]
ACTS: dict[str, Act] = {act.name: act for act in (*desk.ACTS, *staff.ACTS)}
# The service's own words, which a tap sends: nobody wrote them, so nothing is read from them.
SAID_BY_A_TAP = frozenset(
    str(value)
    for act in ACTS.values()
    for given in (act.sent, *(quick.filled for quick in act.quick))
    for value in given.values()
    if isinstance(value, str)
)
_WHOSE = {"desk": "工作站", "staff": "承办单位"}  # by the path of an act
_LOOK_AGAIN = "；请刷新"  # of a refusal to who acts on an older page: whoever reads this has the newest
_WORDS = "试"  # an act that is tried writes nothing
_TEXTS = frozenset({FieldKind.LINE, FieldKind.AREA})


class _Done(NamedTuple):
    """An act that is possible: its fields on the ticket, and the ticket as it stands once it has been done."""

    fields: Fields
    after: Ticket


def possible_acts(ticket: Ticket, by: Staff, town: Town, now: datetime) -> tuple[Offer, ...]:
    """Every act that this person may do on this ticket at this instant, in the order of the tables, each with all that a
    form needs; then what comes after: what waits only for a declared need, and what an act that is offered opens.
    """
    done = _all_done(ticket, by, town, now)
    found = {name: ACTS[name] for name in done}
    offers = {name: _offer(act, ticket, by, town, done=done[name]) for name, act in found.items()}
    for act in ACTS.values():
        if act.name not in found and _waits_for_needs(act, ticket, by, town, now):
            offers[act.name] = _offer(act, ticket, by, town, now=False)
    for act in found.values():
        if not act.next or act.leads_to in (None, ticket.stage):
            continue
        stands = done[act.name].after  # another act follows on it, and the stage is another
        then = _all_done(stands, by, town, now)
        offers[act.name] = offers[act.name].model_copy(update={"then": tuple(then)})
        later = {
            name: _offer(ACTS[name], stands, by, town, now=False, done=each) for name, each in then.items()
        }
        offers = later | offers
    order = list(ACTS)
    return tuple(sorted(offers.values(), key=lambda offer: (not offer.now, order.index(offer.name))))


def not_offered(
    ticket: Ticket, by: Staff, town: Town, now: datetime, offers: Iterable[Offer]
) -> tuple[NotOffered, ...]:
    """Of the acts that people look for those that are not offered, each with why: the very refusal of whoever guards or decides it.

    None of those that `offers` already shows as waiting for something.
    """
    shown = {offer.name for offer in offers if offer.now or (offer.step and offer.needs)}
    missing = (act for act in ACTS.values() if act.sought and act.name not in shown)
    return tuple(
        NotOffered(name=act.name, label=act.label, why=_why_not(act, ticket, by, town, now))
        for act in missing
    )


def _why_not(act: Act, ticket: Ticket, by: Staff, town: Town, now: datetime) -> str:
    if not act.allowed.intersection(by.roles):
        return f"{act.label}由{_WHOSE[act.path]}来办"
    refused = _refusals(act, ticket, by, town, now)
    refusal = next((each for each in refused if not isinstance(each, Invalid)), None) or refused[0]
    if not isinstance(refusal, WrongStage):
        return refusal.message
    return f"{refusal.message.partition(_LOOK_AGAIN)[0]}；{act.sought}"


def _refusals(act: Act, ticket: Ticket, by: Staff, town: Town, now: datetime) -> list[Refusal]:
    """Why each trial is refused; none of an act that is possible."""
    found: list[Refusal] = []
    try:
        act.guard(ticket, by, town)
    except Refusal as refusal:
        return [refusal]
    for given in bodies(act, ticket, by, town, now):
        try:
            _try(act, given, ticket, by, town, now)
        except Refusal as refusal:
            found.append(refusal)
    return found


def names(ticket: Ticket, by: Staff, town: Town, now: datetime) -> list[str]:
    """Only their names."""
    return [act.name for act in ACTS.values() if is_possible(act, ticket, by, town, now)]


def for_many(tickets: Iterable[Ticket], by: Staff, town: Town, now: datetime) -> dict[str, tuple[str, ...]]:
    """By act, in the order of the tables, the ids of those tickets on which this person may do it now, of the acts that
    their role may do for several tickets at once. No act that is possible on none.
    """
    chosen = list(tickets)
    acts = [act for act in ACTS.values() if act.bulk.intersection(by.roles)]
    found = {
        act.name: tuple(ticket.id for ticket in chosen if is_possible(act, ticket, by, town, now))
        for act in acts
    }
    return {name: ids for name, ids in found.items() if ids}


def declared() -> tuple[Offer, ...]:
    """All acts as they are declared, narrowed to no ticket: for pages without one, and for lists of keys."""
    return tuple(_shown(act, (field.shown for field in act.fields)) for act in ACTS.values())


def is_possible(act: Act, ticket: Ticket, by: Staff, town: Town, now: datetime) -> bool:
    return _done(act, ticket, by, town, now) is not None


def _fields(act: Act, ticket: Ticket, by: Staff, town: Town) -> Fields:
    return tuple(field.on(ticket, by, town) for field in act.fields)


def bodies(act: Act, ticket: Ticket, by: Staff, town: Town, now: datetime) -> Iterator[Given]:
    """The bodies with which an act is tried: everything filled in, one for each choice that depends on the ticket."""
    return _bodies(act, _fields(act, ticket, by, town), town, now)


def _bodies(act: Act, shown: Fields, town: Town, now: datetime) -> Iterator[Given]:
    tried = [_values(field, on, town, now) for field, on in zip(act.fields, shown, strict=True)]
    for values in product(*tried):
        yield dict(zip((field.shown.name for field in act.fields), values, strict=True))


def _try(act: Act, given: Given, ticket: Ticket, by: Staff, town: Town, now: datetime) -> Changed | None:
    with only_tried():
        return act.rule(ticket, by=by, town=town, now=now, **given, **act.fixed)


def _done(act: Act, ticket: Ticket, by: Staff, town: Town, now: datetime) -> _Done | None:
    """The first trial that is not refused; None where each is."""
    if not act.allowed.intersection(by.roles):
        return None
    try:
        act.guard(ticket, by, town)
    except Refusal:
        return None
    shown = _fields(act, ticket, by, town)
    for given in _bodies(act, shown, town, now):
        try:
            changed = _try(act, given, ticket, by, town, now)
        except Refusal:
            continue
        return _Done(shown, changed[0] if changed else ticket)
    return None


def _all_done(ticket: Ticket, by: Staff, town: Town, now: datetime) -> dict[str, _Done]:
    """By name, in the order of the tables, what may be done."""
    return {name: done for name, act in ACTS.items() if (done := _done(act, ticket, by, town, now))}


def _waits_for_needs(act: Act, ticket: Ticket, by: Staff, town: Town, now: datetime) -> bool:
    """Whether it would be done, were it not for what has to be done before."""
    lacking = [need for need in act.needs if need.met and need.lacks(ticket, town)]
    if not lacking:
        return False
    for need in lacking:
        ticket = _met(need, ticket)
    return is_possible(act, ticket, by, town, now)


def _met(need: Need, ticket: Ticket) -> Ticket:
    return need.met(ticket) if need.met else ticket


def _offer(
    act: Act, ticket: Ticket, by: Staff, town: Town, *, now: bool = True, done: _Done | None = None
) -> Offer:
    shown = _shown(act, done.fields if done else _fields(act, ticket, by, town))
    lacking = [(need, why) for need in act.needs if (why := need.lacks(ticket, town))]
    return shown.model_copy(
        update={
            "needs": tuple(
                OfferedNeed(code=need.code, words=why, field=need.field, met_by=need.met_by)
                for need, why in lacking
            ),
            "quick": (*(act.quick_of(ticket, town) if act.quick_of else ()), *act.quick),
            "hint": act.hint_of(ticket, town) if act.hint_of else act.hint,
            "step": act.step if act.is_due(ticket) else 0,
            "until": act.until(ticket) if act.until else None,
            "now": now,
            "meets": _met_by(ticket, done.after) if done else (),
        }
    )


def _met_by(before: Ticket, after: Ticket) -> tuple[ClockKind, ...]:
    open_after = {clock.kind for clock in after.clocks if clock.is_open}
    return tuple(clock.kind for clock in before.clocks if clock.is_open and clock.kind not in open_after)


def _shown(act: Act, fields: Iterable[OfferedField]) -> Offer:
    return Offer(
        name=act.name,
        label=act.label,
        path=act.path,
        sends=act.sends or act.name,
        sent=dict(act.sent),
        fields=tuple(fields),
        quick=act.quick,
        hint=act.hint,
        key=act.key,
        tone=act.tone,
        step=act.step,
        next=act.next,
        leads_to=act.leads_to,
        leads_to_name=STAGE_NAMES[act.leads_to] if act.leads_to else "",
        repeats=act.repeats,
        bulk=tuple(sorted(act.bulk)),
        card=act.card,
        in_list=act.in_list,
        once_more=act.once_more,
    )


def _values(field: DeclaredField, shown: OfferedField, town: Town, now: datetime) -> tuple[Any, ...]:
    """What a trial fills in: what the field itself says, else what its kind does."""
    if field.tried:
        return field.tried
    if shown.kind in _TEXTS:
        return (_WORDS,)
    if shown.kind is FieldKind.PHOTOS:
        return ((_WORDS,),)
    if shown.kind is FieldKind.NUMBER:
        return (shown.least,)
    if shown.kind is FieldKind.INSTANT:
        return (now + timedelta(days=1),)
    if shown.kind is FieldKind.CHOICE or shown.options:
        return tuple(option.code for option in shown.options)
    return tuple(_codes(shown, town))


def _codes(shown: OfferedField, town: Town) -> list[str]:
    """One that is not excluded."""
    rows: Iterable[Any] = {FieldKind.PLACE: town.places, FieldKind.UNIT: town.units}.get(
        shown.kind, town.categories
    )
    return [row.code for row in rows if row.code not in shown.excluded][:1]
