"""改分类: a person corrects triage, or a later word is heard; and a ticket that turns confidential leaves whom it concerns (rule 21)."""

from datetime import datetime

from chalicelib.domain.acts.moves import WITH_A_UNIT, Changed, changed, need_stage, tell
from chalicelib.domain.acts.receiving import above_the_station
from chalicelib.domain.acts.returning import back_at_the_desk
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import Invalid, NotAllowed
from chalicelib.domain.identity.confidential import is_concerned
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.readings import Grievance, Reading
from chalicelib.domain.tickets.ticket import ENDED, Event, Notice, Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Role, Staff, Track
from chalicelib.domain.understanding.concerned import named

_LEADERS = frozenset({Role.AREA_LEADER, Role.TOWN_LEADER})


def classify(
    ticket: Ticket,
    *,
    by: Staff,
    category: str,
    track: Track | None,
    urgent: bool | None,
    confidential: bool | None,
    concerns: tuple[str, ...] | None,
    town: Town,
    now: datetime,
) -> Changed:
    """A person corrects triage; the suggestion stays beside it for later comparison (rule 10).

    Turning urgent, or a facility, starts a response clock from now. Naming whom it concerns makes it confidential; one
    that turns confidential is taken back from the party it concerns (rule 21). Raises Invalid, WrongStage, NotAllowed.
    """
    need_stage(ticket, {Stage.RECEIVED, Stage.DISPATCHED, Stage.HANDLING}, "改分类")
    chosen = town.find_category(category)
    if chosen is None:
        raise Invalid("没有这个类别，请重新选择", fields=["category"])
    _need_power_to_lift(ticket, by, confidential, concerns)
    is_urgent = chosen.urgent if urgent is None else urgent
    after = ticket.model_copy(
        update={
            "category": category,
            "track": track or chosen.track,
            "urgent": is_urgent,
            "facility": chosen.facility,
            "night": chosen.night,
            "corrected": True,
            "first_contact_id": ticket.first_contact_id or by.code,
        }
    )
    wants_response = (is_urgent or chosen.facility) and not (ticket.urgent or ticket.facility)
    if wants_response and clocks.find_latest(ticket, ClockKind.RESPONSE) is None:
        after = clocks.start(after, ClockKind.RESPONSE, town=town, now=now)
    if confidential is None:
        confidential = ticket.confidential or chosen.sensitive
    after, leaders, recalled = _kept_apart(after, confidential, concerns, town, now)
    details = {"category": category, "was": ticket.category or "", "track": after.track.value}
    event = Event(kind="classified", at=now, by=by.code, details=details, notices=recalled)
    is_new = is_urgent and not ticket.urgent
    row = "classified/urgent" if is_new else "classified"
    return changed(after, event, before=ticket, town=town, row=row, named=leaders, alert=is_new)


def _need_power_to_lift(
    ticket: Ticket, by: Staff, confidential: bool | None, concerns: tuple[str, ...] | None
) -> None:
    """Raises NotAllowed where less secrecy is asked for by anybody but a leader (rule 21): the desk only raises it."""
    is_lifted = confidential is False and ticket.confidential
    is_narrowed = concerns is not None and not set(ticket.concerns) <= set(concerns)
    if (is_lifted or is_narrowed) and _LEADERS.isdisjoint(by.roles):
        raise NotAllowed("解除保密、减少避开的单位或人员，须由片区或镇领导决定；请联系片区负责人")


def _kept_apart(
    ticket: Ticket, confidential: bool, concerns: tuple[str, ...] | None, town: Town, now: datetime
) -> tuple[Ticket, list[Staff], tuple[Notice, ...]]:
    """The ticket out of the hands of whom it concerns: the ones named, else as known or read from the text."""
    if not (confidential or concerns):
        return ticket.model_copy(update={"confidential": False, "concerns": ()}), [], ()
    if concerns is None:
        concerns = ticket.concerns or named(ticket.text, ticket.where, town=town)
    unknown = [code for code in concerns if town.find_unit(code) is None and town.find_staff(code) is None]
    if unknown:
        raise Invalid("没有这个单位或人员，请重新选择", fields=["concerns"])
    after, recalled = taken_from(ticket, concerns, town=town, now=now)
    after, leaders = above_the_station(after, town)
    newly = [leader for leader in leaders if leader.code not in ticket.escalated_to]
    return after, newly, recalled


def kept_apart(ticket: Ticket, reading: Reading, *, by: str, town: Town, now: datetime) -> Changed | None:
    """A later word tells of misconduct: the ticket is kept from them from now on. None when the word says nothing new.

    Whoever held it reads the neutral words of every recall, no more. Only ever raises: nobody is taken out of `concerns`.
    """
    said = reading.concerned
    if said.grievance is not Grievance.MISCONDUCT or set(said.parties) <= set(ticket.concerns):
        return None
    return avoided(ticket, said.parties, by=by, reading=reading, town=town, now=now)


def avoided(
    ticket: Ticket,
    parties: tuple[str, ...],
    *,
    by: str,
    town: Town,
    now: datetime,
    reading: Reading | None = None,
) -> Changed:
    """The ticket out of the hands of these units and people, back at the desk where one of them had it."""
    concerns = tuple(dict.fromkeys((*ticket.concerns, *parties)))
    after, recalled = taken_from(ticket, concerns, town=town, now=now)
    after, leaders = above_the_station(after, town)
    newly = [leader for leader in leaders if leader.code not in ticket.escalated_to]
    event = Event(kind="kept_apart", at=now, by=by, reading=reading, notices=recalled)
    return changed(after, event, before=ticket, town=town, named=newly)


def taken_from(
    ticket: Ticket, concerns: tuple[str, ...], *, town: Town, now: datetime
) -> tuple[Ticket, tuple[Notice, ...]]:
    """The ticket as it is kept from `concerns`, and the neutral words to whoever of them had it in hand."""
    holders = _holders(ticket, concerns, town)
    parts = [part for part in ticket.assisting if part.unit_id not in concerns]
    stays = [code for code in ticket.escalated_to if not _is_of(code, concerns, town)]
    after = ticket.model_copy(
        update={
            "confidential": True,
            "concerns": concerns,
            "assisting": tuple(parts),
            "escalated_to": tuple(stays),
        }
    )
    is_theirs = {after.lead_unit_id, after.handler_id} & set(concerns) or _is_of(
        after.handler_id or "", concerns, town
    )
    if after.stage in WITH_A_UNIT and is_theirs:
        after = back_at_the_desk(after, town=town, now=now)
    if ticket.stage in ENDED:
        holders = ()
    return after, tuple(tell(f"staff:{code}", "recalled", ticket, town=town) for code in holders)


def _holders(ticket: Ticket, concerns: tuple[str, ...], town: Town) -> tuple[str, ...]:
    """Who of the concerned has it in hand: the handler, else the heads of the unit, and of those that assist."""
    units = [ticket.lead_unit_id or "", *(part.unit_id for part in ticket.assisting if part.state == "open")]
    people = [ticket.handler_id or "", *(head.code for unit in units for head in town.unit_heads(unit))]
    return tuple(dict.fromkeys(code for code in people if _is_of(code, concerns, town)))


def _is_of(code: str, concerns: tuple[str, ...], town: Town) -> bool:
    person = town.find_staff(code)
    return person is not None and is_concerned(person, concerns)
