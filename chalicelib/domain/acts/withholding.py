"""原话待转: what complains of the unit it would go to goes there by place and category alone when nobody of the desk has looked in time (rule 104).

The words wait for the desk, which passes them on, sums them up or keeps them back. A later word that may accuse whoever
has the ticket waits in the same way. Who reads what meanwhile says `views.access.reads_words` alone.
"""

from datetime import datetime

from chalicelib.domain.acts.dispatching import given_to
from chalicelib.domain.acts.moves import Changed, changed
from chalicelib.domain.acts.receiving import kept_from_whom_it_may_mean, sure_handler
from chalicelib.domain.clocks.rounds import exactly
from chalicelib.domain.errors import Invalid, NotYours, WrongStage
from chalicelib.domain.identity.confidential import is_concerned
from chalicelib.domain.parties.summaries import confirmed
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.bounds import next_round
from chalicelib.domain.tickets.clock_model import Clock, ClockKind, Rung
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.readings import Grievance, Reading
from chalicelib.domain.tickets.ticket import ENDED, Event, Stage, Ticket, Withheld
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff


def sent_without_words(
    ticket: Ticket, clock: Clock, rung: Rung, *, town: Town, now: datetime
) -> Changed | None:
    """The promise's instant has come and nobody has looked: to the unit that the machine would have given it to, without its words.

    The feedback is met, by the machine; what is left of its ladder goes on as the look that is still owed. None where
    somebody has looked, or it is nothing that the machine would have dispatched.
    """
    if clock.kind is not ClockKind.FEEDBACK or rung.at < clock.due_at:
        return None
    handler = _goes_to(ticket, town, now)
    if handler is None or ticket.suggestion is None:
        return None
    withheld = Withheld(since=ticket.received_at, parties=ticket.may_concern)
    waiting = ticket.model_copy(
        update={"withheld": withheld, "clocks": (*ticket.clocks, look(ticket, clock))}
    )
    after = given_to(waiting, handler.unit, handler, by=Actor.MACHINE, town=town, now=now)
    details = {"unit": handler.unit, "handler": handler.code, "why": ticket.suggestion.reason}
    event = Event(kind=EventKind.SENT_WITHOUT_WORDS, at=now, by=Actor.MACHINE, details=details)
    return changed(after, event, before=ticket, town=town)


def _goes_to(ticket: Ticket, town: Town, now: datetime) -> Staff | None:
    """Who would have got it at once, had it complained of nobody; None for all that a person must see first (rule 21)."""
    is_plain = (
        ticket.complains is Grievance.SERVICE
        and ticket.stage is Stage.RECEIVED
        and ticket.danger is None
        and ticket.recording is None
    )
    was_seen = ticket.corrected or bool(ticket.joined) or ticket.part_of is not None
    suggestion = ticket.suggestion
    if not is_plain or was_seen or ticket.first_unit_id or suggestion is None or suggestion.forward_to:
        return None
    return sure_handler(ticket, suggestion, town, now)


def look(ticket: Ticket, feedback: Clock) -> Clock:
    """What is left of the ladder of the feedback, for the look that was owed by the same instant."""
    left = {"rungs": feedback.rungs[feedback.rang :], "rang": 0, "promise": ""}
    number = next_round(ticket, ClockKind.LOOK)
    return feedback.model_copy(update={"kind": ClockKind.LOOK, "round": number, **left})


def held_back(ticket: Ticket, reading: Reading, *, by: str, town: Town, now: datetime) -> Changed | None:
    """A later word may tell of misconduct of whoever has the ticket: from now on what residents say waits for the desk.

    What is still at the desk the machine sends nowhere. None where the word accuses nobody who has it.
    """
    said, known = reading.concerned, ticket.withheld
    is_told = town.find_staff(by) is not None  # somebody of the town wrote it, and has read it
    if said.grievance is not Grievance.POSSIBLE or ticket.stage in ENDED or is_told:
        return None
    parties = kept_from_whom_it_may_mean(said, ticket.where, by, town, now)
    held: Withheld | None = known
    if known and not (known.waits and set(parties) <= set(known.parties)):
        held = Withheld(since=known.since, parties=tuple(dict.fromkeys((*known.parties, *parties))))
    elif known is None and _is_with(ticket, parties, town):
        held = Withheld(since=exactly(now), parties=parties)
    elif known or ticket.stage is not Stage.RECEIVED or ticket.complains is not Grievance.SERVICE:
        return None
    after = ticket.model_copy(update={"complains": said.grievance, "withheld": held})
    event = Event(kind=EventKind.WORDS_HELD, at=now, by=by, reading=reading)
    return changed(after, event, before=ticket, town=town)


def _is_with(ticket: Ticket, parties: tuple[str, ...], town: Town) -> bool:
    """Whether one of them leads, handles or assists."""
    handler = town.find_staff(ticket.handler_id or "")
    units = {ticket.lead_unit_id, *(part.unit_id for part in ticket.assisting if part.is_open)}
    return not units.isdisjoint(parties) or (handler is not None and is_concerned(handler, parties))


def release_words(
    ticket: Ticket, *, by: Staff, summary: str, only_summary: bool, town: Town, now: datetime
) -> Changed:
    """原话转给承办单位: somebody of the desk has looked, and who has the ticket reads the words; or `summary` alone, in their place.

    Raises WrongStage where nothing is withheld, NotYours for whom the words may be about, Invalid for a summary that is
    missing, too long, or names somebody.
    """
    withheld = _looked_at(ticket, by)
    given = confirmed(ticket, summary)
    if not only_summary:
        after = ticket.model_copy(update={"withheld": None, "summary": given})
        kind = EventKind.WORDS_RELEASED
    else:
        if not given:
            raise Invalid("只转派单摘要的，请写上派单摘要", fields=["summary"])
        looked = withheld.model_copy(update={"looked_at": now, "by": by.code, "reason": ""})
        after = ticket.model_copy(update={"withheld": looked, "summary": given, "unread": None})
        kind = EventKind.WORDS_SUMMED_UP
    return changed(after, Event(kind=kind, at=now, by=by.code), before=ticket, town=town)


def keep_words(ticket: Ticket, *, by: Staff, note: str, town: Town, now: datetime) -> Changed:
    """原话不转: somebody of the desk has looked, and keeps the words back for good, for a reason that whoever reported reads.

    Raises WrongStage where nothing is withheld, NotYours for whom the words may be about.
    """
    looked = _looked_at(ticket, by).model_copy(update={"looked_at": now, "by": by.code, "reason": note})
    after = ticket.model_copy(update={"withheld": looked, "unread": None})
    event = Event(kind=EventKind.WORDS_KEPT, at=now, by=by.code, note=note, public=True)
    return changed(after, event, before=ticket, town=town)


def _looked_at(ticket: Ticket, by: Staff) -> Withheld:
    if ticket.withheld is None or ticket.stage is Stage.MERGED:
        raise WrongStage("这张工单没有等工作站看过再转的原话；请刷新")
    if is_concerned(by, ticket.withheld.parties):
        raise NotYours("这些话可能说的就是您或您的单位，请换一位同事来看")
    return ticket.withheld
