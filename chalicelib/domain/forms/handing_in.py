"""交回反馈表: what units wrote on a form becomes their progress, and the lead's conclusion a proposal, all at once."""

from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.acts import handling
from chalicelib.domain.acts.moves import WITH_A_UNIT, changed, need_stage
from chalicelib.domain.forms.form import Filled, Said
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.parties.recipients import people_for
from chalicelib.domain.tickets.clock_model import LadderRole
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.same_words import noted
from chalicelib.domain.tickets.ticket import Event, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff


class HandedIn(NamedTuple):
    ticket: Ticket
    event: Event
    lines: tuple[Event, ...]  # beside the event's version, in the order of the form


def hand_in(ticket: Ticket, filled: Filled, *, by: Staff, town: Town, now: datetime) -> HandedIn:
    """The ticket does not move: whether it is done is for the lead unit to say, by 办结.

    Raises WrongStage unless a unit has it.
    """
    need_stage(ticket, WITH_A_UNIT, "交回反馈表")
    after, done = ticket, [said.text for said in filled.said if not (said.is_result or said.is_of_area)]
    if done:
        after = handling.with_progress(ticket, by=by, town=town, now=now)
    details = {"form": filled.digest, "of": str(filled.version)}
    heads = people_for(LadderRole.UNIT_HEAD, ticket, town=town, now=now)
    after, event = changed(
        after,
        Event(kind=EventKind.FORM_HANDED_IN, at=now, by=by.code, details=details),
        before=ticket,
        town=town,
        named=heads,
        row=f"{EventKind.FORM_HANDED_IN}/conclusion" if any(said.is_result for said in filled.said) else "",
    )
    after = noted(after, event, town, before=ticket, words="。".join(done))
    return HandedIn(after, event, tuple(_line(said, by, now) for said in filled.said))


def was_handed_in(events: list[Event], digest: str) -> bool:
    """The same words were taken from a form of the same version before."""
    return any(e.kind is EventKind.FORM_HANDED_IN and e.details.get("form") == digest for e in events)


def _line(said: Said, by: Staff, now: datetime) -> Event:
    details = {"unit": said.line.unit_id, "part": said.line.part, "on": said.on.isoformat()}
    kind = EventKind.RESULT_PROPOSED if said.is_result else EventKind.PROGRESS
    return Event(kind=kind, at=now, by=by.code, note=scrub(said.text), details=details)
