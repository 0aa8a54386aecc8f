"""转告事由: a leader puts the matter of a ticket, in own words, to whom it is kept from, once whoever reported agreed (rule 101).

The concerned read these words and answer them; of the ticket they learn nothing, not even that it is one.
"""

from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from chalicelib.domain.acts.moves import Changed, changed, need_stage
from chalicelib.domain.clocks.rounds import exactly, new_round, promised, rule_for
from chalicelib.domain.errors import AlreadyDone, Invalid, NotFound, StillOpen, TooMuch, WrongStage
from chalicelib.domain.notices.staff_templates import STATEMENT_ASKED
from chalicelib.domain.parties.parties import answerers
from chalicelib.domain.parties.telling import due_of, named
from chalicelib.domain.tickets.actors import Actor, By
from chalicelib.domain.tickets.clock_model import Clock, ClockKind
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import ENDED, AskedHow, Confrontation, Event, Notice, Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import PlaceKind, Role, Staff
from chalicelib.domain.understanding.given_away import given_away

MOST_CONFRONTATIONS = 6  # of one ticket, without those that were worded anew before anybody answered
_OPEN = frozenset(Stage) - ENDED
_NARROW = frozenset({PlaceKind.GRID, PlaceKind.BUILDING, PlaceKind.POINT})


def confront(
    ticket: Ticket,
    *,
    to: str,
    matter: str,
    by: Staff,
    town: Town,
    now: datetime,
    said: tuple[str, ...] = (),
) -> Changed:
    """转告事由: whoever reported is asked whether these words may be put to `to`. Nothing goes out before the yes.

    Worded anew, it takes the place of a question that nobody has answered. `said`: every other text of the ticket. Raises
    WrongStage for a ticket that is kept from nobody or has ended, StillOpen while others' reports are merged into it, Invalid
    for anybody but whom it is kept from, and for words that give away who reported, with what to change; AlreadyDone, TooMuch.
    """
    need_stage(ticket, _OPEN, "转告事由")
    if not ticket.concerns:
        raise WrongStage("这张工单没有避开谁，不用转告；请直接办理")
    if ticket.merged_from:
        raise StillOpen("这张工单里有别人并进来的反映，要各人都同意；请先拆案，再分别转告")
    if to not in ticket.concerns:
        raise Invalid("只能转告被反映的一方，请从列出的里面选", fields=["to"])
    if not answerers(to, town):
        raise Invalid("这一方在系统里没有能答复的人，请打电话或当面了解", fields=["to"])
    kept = tuple(each for each in ticket.confrontations if not each.is_asked)
    if any(each.to == to and each.is_owed for each in kept):
        raise AlreadyDone("已经转告过，正等对方说明")
    if len(kept) >= MOST_CONFRONTATIONS:
        raise TooMuch(f"一张工单最多转告{MOST_CONFRONTATIONS}次；请当面了解，结果写在进展里")
    _need_own_words(ticket, matter, said, town)
    asked = Confrontation(id=_id(ticket, to), to=to, text=matter, by=by.code, asked_at=now)
    after = ticket.model_copy(update={"confrontations": (*kept, asked)})
    event = Event(kind=EventKind.CONFRONT_ASKED, at=now, by=by.code, note=matter, public=True)
    return changed(after, event, before=ticket, town=town)


def _need_own_words(ticket: Ticket, matter: str, said: tuple[str, ...], town: Town) -> None:
    """Raises Invalid, with everything that has to be changed."""
    path = [place for code in ticket.where.path if (place := town.find_place(code))]
    found = given_away(
        matter,
        said=(ticket.text, *said),
        places=[place.name for place in path if place.kind in _NARROW],
        numbers=[ticket.number, *(each.number for each in ticket.external_ids)],
        common=[
            *(unit.name for unit in town.units),
            *(category.name for category in town.categories),
            *(place.name for place in path if place.kind not in _NARROW),
        ],
    )
    if found:
        raise Invalid(f"这些话会让人猜到是谁反映的，请换个说法：{'；'.join(found)}", fields=["matter"])


def _id(ticket: Ticket, to: str) -> str:
    """By which alone the concerned know it: of the ticket's id nobody finds out anything from it."""
    return sha256(f"{ticket.id}|{ticket.version}|{to}".encode()).hexdigest()[:24]


def record_consent(
    ticket: Ticket, *, by: Staff, agreed: bool, asked_how: AskedHow, note: str, town: Town, now: datetime
) -> Changed:
    """记下居民的答复: what whoever reported said on the phone or in person. Raises NotFound where nothing is asked."""
    return _answered(ticket, _asked(ticket), _Consent(agreed, by.code, asked_how, note), town=town, now=now)


def agree(ticket: Ticket, *, confrontation_id: str, agreed: bool, town: Town, now: datetime) -> Changed:
    """The reporter's own yes or no, to the very words that were read. Raises AlreadyDone for words that were changed since."""
    asked = _asked(ticket)
    if asked.id != confrontation_id:
        raise AlreadyDone("要转告的话刚刚改过，请看清新的再答复")
    given = _Consent(agreed, Actor.REPORTER, AskedHow.IN_APP)
    return _answered(ticket, asked, given, town=town, now=now)


def asked_of_reporter(ticket: Ticket) -> Confrontation | None:
    """What waits for the reporter's yes or no."""
    waits = next((each for each in ticket.confrontations if each.is_asked), None)
    return waits if ticket.stage not in ENDED else None


def _asked(ticket: Ticket) -> Confrontation:
    need_stage(ticket, _OPEN, "答复能否转告")
    asked = asked_of_reporter(ticket)
    if asked is None:
        raise NotFound("没有等着居民答复的转告")
    return asked


class _Consent(NamedTuple):
    agreed: bool
    by: By
    how: AskedHow
    note: str = ""


def _answered(ticket: Ticket, asked: Confrontation, given: _Consent, *, town: Town, now: datetime) -> Changed:
    said = asked.model_copy(
        update={
            "agreed": given.agreed,
            "agreed_by": given.by,
            "agreed_how": given.how,
            "agreed_at": exactly(now),
        }
    )
    after, notices = _put(ticket, said, town, now) if given.agreed else (_with(ticket, said), ())
    event = Event(
        kind=EventKind.CONFRONT_AGREED if given.agreed else EventKind.CONFRONT_REFUSED,
        at=now,
        by=given.by,
        note=given.note,
        details={"how": given.how.value},
        notices=notices,
    )
    return changed(after, event, before=ticket, town=town, named=_who_asked(asked, ticket, town))


def _put(ticket: Ticket, said: Confrontation, town: Town, now: datetime) -> tuple[Ticket, tuple[Notice, ...]]:
    """The words go out, and the clock of the statement begins."""
    rule = rule_for(ticket, ClockKind.STATEMENT, town)
    assert rule is not None  # it has a rule of its own
    due = promised(ticket, ClockKind.STATEMENT, rule, town=town, now=now)
    clock = new_round(ticket, ClockKind.STATEMENT, rule, due, town=town, now=now)
    put = said.model_copy(update={"due_at": clock.due_at})
    clocks = (*ticket.clocks, clock.model_copy(update={"of": put.id}))
    after = _with(ticket, put).model_copy(update={"clocks": clocks})
    words = {"who": named(put.by, town) or "片区负责人", "due": due_of(clock), "of": put.id}
    return after, tuple(
        Notice(to=f"staff:{person.code}", template=STATEMENT_ASKED, params=words)
        for person in answerers(put.to, town)
    )


def state(
    ticket: Ticket, *, confrontation_id: str, text: str, by: Staff, town: Town, now: datetime
) -> Changed:
    """说明: by whom it was put to. It comes back on the ticket, to who put it.

    Raises NotFound for what was not put to this person, AlreadyDone, WrongStage after the end of the ticket.
    """
    one = next((each for each in ticket.confrontations if each.id == confrontation_id and each.agreed), None)
    if one is None or by.code not in {person.code for person in answerers(one.to, town)}:
        raise NotFound("没有这件要您说明的事")
    if one.stated_at is not None:
        raise AlreadyDone("这件事已经说明过了")
    need_stage(ticket, _OPEN, "说明")
    said = one.model_copy(update={"statement": text, "stated_by": by.code, "stated_at": exactly(now)})
    after = _with(ticket, said)
    met = {"met_at": exactly(now), "met_by": by.code}
    after = after.model_copy(update={"clocks": tuple(_met(clock, one.id, met) for clock in after.clocks)})
    event = Event(kind=EventKind.STATED, at=now, by=by.code, note=text)
    return changed(after, event, before=ticket, town=town, named=_who_asked(one, ticket, town))


def _met(clock: Clock, confrontation_id: str, met: dict[str, object]) -> Clock:
    is_its = clock.kind is ClockKind.STATEMENT and clock.of == confrontation_id and clock.is_open
    return clock.model_copy(update=met | {"rungs": clock.rungs[: clock.rang]}) if is_its else clock


def _with(ticket: Ticket, one: Confrontation) -> Ticket:
    confrontations = tuple(one if each.id == one.id else each for each in ticket.confrontations)
    return ticket.model_copy(update={"confrontations": confrontations})


def _who_asked(one: Confrontation, ticket: Ticket, town: Town) -> tuple[Staff, ...]:
    """Who put it; for one who has left, the area's leader."""
    person = town.find_staff(one.by)
    return (person,) if person else town.leader(Role.AREA_LEADER, ticket.where.path)
