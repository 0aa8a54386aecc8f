"""改分类: a person corrects triage, and a ticket that turns confidential leaves whom it concerns."""

from datetime import datetime

from chalicelib.domain.acts.moves import WITH_A_UNIT, Changed, changed, need_stage, tell_staff
from chalicelib.domain.acts.receiving import above_the_station, alerts
from chalicelib.domain.acts.returning import back_at_the_desk
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import Invalid
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import Event, Notice, Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff, Track
from chalicelib.domain.understanding.triage import concerned


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
    that turns confidential is taken back from the party it concerns (rule 21). Raises Invalid, WrongStage.
    """
    need_stage(ticket, {Stage.RECEIVED, Stage.DISPATCHED, Stage.HANDLING}, "改分类")
    chosen = town.find_category(category)
    if chosen is None:
        raise Invalid("没有这个类别，请重新选择", fields=["category"])
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
    after, notices = _kept_apart(after, confidential, concerns, town, now)
    if is_urgent and not ticket.urgent:
        notices = (*notices, *alerts(after, town, now))
    details = {"category": category, "was": ticket.category or "", "track": after.track.value}
    event = Event(kind="classified", at=now, by=by.code, details=details, notices=notices)
    return changed(after, event, town=town)


def _kept_apart(
    ticket: Ticket, confidential: bool, concerns: tuple[str, ...] | None, town: Town, now: datetime
) -> tuple[Ticket, tuple[Notice, ...]]:
    """The ticket out of the hands of whom it concerns: the ones named, else as known or read from the text."""
    if not (confidential or concerns):
        return ticket.model_copy(update={"confidential": False, "concerns": ()}), ()
    if concerns is None:
        concerns = ticket.concerns or concerned(ticket.text, ticket.where, town=town)
    unknown = [code for code in concerns if town.find_unit(code) is None and town.find_staff(code) is None]
    if unknown:
        raise Invalid("没有这个单位或人员，请重新选择", fields=["concerns"])
    after = ticket.model_copy(update={"confidential": True, "concerns": concerns})
    parts = [part for part in after.assisting if part.unit_id not in concerns]
    after = after.model_copy(update={"assisting": tuple(parts)})
    if after.stage in WITH_A_UNIT and {after.lead_unit_id, after.handler_id} & set(concerns):
        after = back_at_the_desk(after, town=town, now=now)
    after, leaders = above_the_station(after, town)
    newly = [leader for leader in leaders if leader.code not in ticket.escalated_to]
    return after, tell_staff(newly, "new_for_desk", after, town=town)
