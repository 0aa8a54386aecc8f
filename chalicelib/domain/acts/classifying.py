"""改分类: a person corrects triage, or a later word is heard; and a ticket that turns confidential leaves whom it concerns (rule 21)."""

from datetime import datetime

from chalicelib.domain.acts.moves import (
    WITH_A_UNIT,
    Changed,
    changed,
    need_stage,
    tell,
    withheld_after_a_look,
)
from chalicelib.domain.acts.returning import back_at_the_desk, is_theirs
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import AlreadyDone, Invalid, NotAllowed, WrongStage
from chalicelib.domain.identity.confidential import is_concerned
from chalicelib.domain.parties.beginning import above_the_station
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.readings import Grievance, Reading
from chalicelib.domain.tickets.ticket import ENDED, Event, Notice, Released, Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import LEADERS, Source, Staff, Track
from chalicelib.domain.understanding.concerned import codes_of, named

LEAST_REASON = 4  # characters of why a leader lifts secrecy


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
    reason: str = "",
) -> Changed:
    """A person corrects triage; the suggestion stays beside it for later comparison (rule 10).

    Turning urgent, or a facility, starts a response clock from now. Naming whom it concerns makes it confidential; one
    that turns confidential is taken back from the party it concerns (rule 21). A leader who lifts it says why, which its
    reporter reads. Raises Invalid, WrongStage, NotAllowed.
    """
    need_stage(ticket, {Stage.RECEIVED, Stage.DISPATCHED, Stage.HANDLING}, "改分类")
    chosen = town.find_category(category)
    if chosen is None:
        raise Invalid("没有这个类别，请重新选择", fields=["category"])
    is_lifted = _is_lifted(ticket, confidential, concerns)
    if is_lifted:
        _need_power_to_lift(by, reason)
    is_urgent = chosen.urgent if urgent is None else urgent
    after = ticket.model_copy(
        update={
            "category": category,
            "track": track or chosen.track,
            "urgent": is_urgent,
            "facility": chosen.facility,
            "night": chosen.night,
            "corrected": True,
            "may_concern": (),
            "first_contact_id": ticket.first_contact_id or by.code,
        }
    )
    wants_response = (is_urgent or chosen.facility) and not (ticket.urgent or ticket.facility)
    if wants_response and clocks.find_latest(ticket, ClockKind.RESPONSE) is None:
        after = clocks.start(after, ClockKind.RESPONSE, town=town, now=now)
    if confidential is None:
        confidential = ticket.confidential or chosen.sensitive
    after, leaders, recalled = _kept_apart(after, confidential, concerns, town, now)
    if after.stage is Stage.RECEIVED:  # at the desk, which has looked
        after = after.model_copy(update={"withheld": withheld_after_a_look(after)})
    details = {"category": category, "was": ticket.category or "", "track": after.track.value}
    event = Event(kind=EventKind.CLASSIFIED, at=now, by=by.code, details=details, notices=recalled)
    if is_lifted:
        after = after.model_copy(update={"released": _released(ticket, after, by)})
        said = {"kind": EventKind.SECRECY_LIFTED, "note": reason.strip(), "public": True}
        event = event.model_copy(update=said)
    is_new = is_urgent and not ticket.urgent
    row = "classified/urgent" if is_new and not is_lifted else event.kind
    return changed(after, event, before=ticket, town=town, row=row, named=leaders, alert=is_new)


def _is_lifted(ticket: Ticket, confidential: bool | None, concerns: tuple[str, ...] | None) -> bool:
    """Whether less secrecy is asked for than there is."""
    is_narrowed = concerns is not None and not set(ticket.concerns) <= set(concerns)
    return is_narrowed or (confidential is False and ticket.confidential)


def _need_power_to_lift(by: Staff, reason: str) -> None:
    """Raises NotAllowed for anybody but a leader (rule 21): the desk only raises secrecy; Invalid without a reason."""
    if LEADERS.isdisjoint(by.roles):
        raise NotAllowed("解除保密、减少避开的单位或人员，须由片区或镇领导决定；请联系片区负责人")
    if len(reason.strip()) < LEAST_REASON:
        raise Invalid("请写明为什么解除，居民会看到", fields=["reason"])


def _released(before: Ticket, after: Ticket, by: Staff) -> tuple[Released, ...]:
    """Whoever is kept away no longer, each with the leader who decided last."""
    gone = [code for code in before.concerns if code not in after.concerns]
    kept = [each for each in before.released if each.code not in gone]
    return (*kept, *(Released(code=code, by=by.code) for code in gone))


def chosen_by_reporter(ticket: Ticket, *, avoid: tuple[str, ...], town: Town, now: datetime) -> Changed:
    """避开某方 by the reporter after the report; nobody 〔不用避开〕: whoever is kept away, by whom ever, is so no longer.

    The first only raises, as every word does; the second is the reporter's alone to say (rule 21), and what the matter
    itself demands stays. Raises WrongStage for an ended ticket, AlreadyDone where nobody is kept away.
    """
    if ticket.stage is Stage.MERGED:
        raise WrongStage("您反映的已和另一件合在一起办；要避开谁，请先点“分开办”", stage=ticket.stage.value)
    if ticket.stage in ENDED:
        raise WrongStage("这件事已经办完；如又出现，请重新反映", stage=ticket.stage.value)
    if avoid:
        parties = tuple(code for party in avoid for code in codes_of(party, ticket.where.path, town))
        return avoided(ticket, parties, by=Actor.REPORTER, town=town, now=now)
    if not ticket.concerns:
        raise AlreadyDone("这张工单没有避开谁")
    category = town.find_category(ticket.category or "")
    stays = ticket.sealed or ticket.source is Source.PETITION or bool(category and category.sensitive)
    after = ticket.model_copy(update={"concerns": (), "confidential": stays})
    event = Event(kind=EventKind.AVOID_LIFTED, at=now, by=Actor.REPORTER, public=True)
    return changed(after, event, before=ticket, town=town)


def _kept_apart(
    ticket: Ticket, confidential: bool, concerns: tuple[str, ...] | None, town: Town, now: datetime
) -> tuple[Ticket, list[Staff], tuple[Notice, ...]]:
    """The ticket out of the hands of whom it concerns: the ones named, else as known or read from the text."""
    if not (confidential or concerns):
        return ticket.model_copy(update={"confidential": False, "sealed": False, "concerns": ()}), [], ()
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
    event = Event(kind=EventKind.KEPT_APART, at=now, by=by, reading=reading, notices=recalled)
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
    if after.stage in WITH_A_UNIT and is_theirs(after, town):
        after = back_at_the_desk(after, town=town, now=now)
    if ticket.stage in ENDED:
        holders = ()
    return after, tuple(tell(f"staff:{code}", "recalled", ticket, town=town) for code in holders)


def _holders(ticket: Ticket, concerns: tuple[str, ...], town: Town) -> tuple[str, ...]:
    """Who of the concerned has it in hand: the handler, else the heads of the unit, and of those that assist."""
    units = [ticket.lead_unit_id or "", *(part.unit_id for part in ticket.assisting if part.is_open)]
    people = [ticket.handler_id or "", *(head.code for unit in units for head in town.unit_heads(unit))]
    return tuple(dict.fromkeys(code for code in people if _is_of(code, concerns, town)))


def _is_of(code: str, concerns: tuple[str, ...], town: Town) -> bool:
    person = town.find_staff(code)
    return person is not None and is_concerned(person, concerns)
