"""受理: how a report becomes a ticket, and the acts of the first contact that end it at once."""

from datetime import datetime

from chalicelib.domain.acts.dispatching import given_to
from chalicelib.domain.acts.moves import Changed, changed, moved
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import Invalid
from chalicelib.domain.model import Frozen
from chalicelib.domain.parties.asking import asked, case_of
from chalicelib.domain.parties.beginning import above_the_station, begun
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.readings import NOBODY, Grievance, Reading
from chalicelib.domain.tickets.ticket import Event, ExternalId, Stage, Suggestion, Ticket, Where
from chalicelib.domain.town.danger_signs import Danger, DangerKind
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import FOUND, Source, Staff
from chalicelib.domain.understanding.concerned import codes_of, named
from chalicelib.domain.understanding.reading import said_to_be, understand
from chalicelib.domain.understanding.triage import suggest


class Report(Frozen):
    """What came in, already scrubbed, with its place resolved."""

    id: str
    number: str
    source: Source
    reporter_id: str | None = None
    entered_by: str | None = None  # staff code: walk-in, phone, or 主动发现
    reachable: str = "none"
    phone_left: bool = False
    where: Where
    text: str
    room: str = ""
    may_enter: bool = False
    photos: tuple[str, ...] = ()
    category: str | None = None  # chosen by the reporter
    confidential: bool = False
    avoid: tuple[str, ...] = ()  # 避开: the reporter picks whom it must not reach
    external_ids: tuple[ExternalId, ...] = ()
    practice: bool = False
    urgent: bool = False  # whatever its words say: the checklist of hazards does
    danger: DangerKind | None = None  # 有人有危险: the reporter's own word
    reading: Reading | None = (
        None  # of its words, with the trained model; None: read here, by the town's signs alone
    )


def receive(report: Report, *, town: Town, now: datetime) -> Changed:
    """受理: make the ticket, start its clocks, and where triage is sure and someone is on duty dispatch at once (rule 9).

    The receipt is no feedback (rule 1). A report that a person enters has been spoken with, which is feedback by that
    person. A confidential ticket is never dispatched by the machine (rule 21). Raises Invalid for an unknown category.
    """
    report = read(report, town)
    suggestion = suggested(report, town)
    ticket = begun(new_ticket(report, suggestion, town, now), town=town, now=now)
    if report.entered_by and report.reporter_id:
        ticket = clocks.meet(ticket, ClockKind.FEEDBACK, by=report.entered_by, now=now)
    if ticket.danger and ticket.danger.is_open:
        return _left_to_the_desk(ticket, report, town, now)
    if (
        suggestion.forward_to
        and suggestion.sure
        and not ticket.confidential
        and not _a_person_looks_first(report)
    ):
        return _forwarded_by_machine(ticket, suggestion, report, town, now)
    handler = None if _a_person_looks_first(report) else _sure_handler(ticket, suggestion, town, now)
    if handler is not None:
        return _dispatched_by_machine(ticket, suggestion, handler, report, town, now)
    return _left_to_the_desk(ticket, report, town, now)


def _a_person_looks_first(report: Report) -> bool:
    """Somebody is complained about: never dispatched by the machine, but where somebody is surely in danger (rule 21)."""
    reading = report.reading
    if reading is None or reading.concerned.grievance is Grievance.NONE:
        return False
    return reading.danger is not Danger.SURE


def read(report: Report, town: Town) -> Report:
    """The report with what its words say. Nothing is decided of a report that was not read; its reporter's tap is sure."""
    reading = report.reading or understand(report.text, town=town, place=report.where, model=None)
    if report.danger is not None:
        reading = said_to_be(reading, report.danger, town)
    return report.model_copy(update={"reading": reading})


def suggested(report: Report, town: Town) -> Suggestion:
    """What triage says of it. Raises Invalid for an unknown category."""
    if report.category is not None and town.find_category(report.category) is None:
        raise Invalid("没有这个类别，请重新选择", fields=["category"])
    return suggest(report.text, report.where, report.category, town=town, reading=report.reading)


def new_ticket(report: Report, suggestion: Suggestion, town: Town, now: datetime) -> Ticket:
    """The ticket as it is received, before any clock runs."""
    report = read(report, town)
    category = town.find_category(suggestion.category or "")
    said = report.reading.concerned if report.reading else NOBODY
    is_confidential = (
        report.confidential
        or suggestion.confidential
        or report.source is Source.PETITION
        or (said.grievance is Grievance.MISCONDUCT and bool(said.parties))
        or bool(report.avoid)
    )
    return Ticket(
        id=report.id,
        number=report.number,
        stage=Stage.RECEIVED,
        source=report.source,
        external_ids=report.external_ids,
        reporter_id=report.reporter_id,
        found_by=report.entered_by if report.source in FOUND else None,
        first_contact_id=report.entered_by if report.source not in FOUND else None,
        reachable=report.reachable,
        phone_left=report.phone_left,
        where=report.where,
        text=report.text,
        room=report.room,
        may_enter=report.may_enter,
        photos=report.photos,
        practice=report.practice,
        category=suggestion.category,
        track=suggestion.track,
        urgent=suggestion.urgent or report.urgent,
        facility=bool(category and category.facility),
        night=category.night if category else True,
        confidential=is_confidential,
        concerns=_concerns(report, town) if is_confidential else (),
        suggestion=suggestion,
        danger=case_of(report.reading, now),
        station_id=town.station_for(report.where.path).code,
        received_at=now,
    )


def _concerns(report: Report, town: Town) -> tuple[str, ...]:
    """Whom a confidential ticket is kept from: whom the reporter picked, whose misconduct its words tell, else whoever they name."""
    said = report.reading.concerned if report.reading else NOBODY
    picked = [code for party in report.avoid for code in codes_of(party, report.where.path, town)]
    is_told = said.grievance is Grievance.MISCONDUCT and said.parties
    read_ = said.parties if is_told else named(report.text, report.where, town=town)
    return tuple(dict.fromkeys((*picked, *read_)))


def _sure_handler(ticket: Ticket, suggestion: Suggestion, town: Town, now: datetime) -> Staff | None:
    """Who gets it without the desk: someone on duty, of what is not confidential. Urgent ones never wait to be sure."""
    unit = town.find_unit(suggestion.unit_id or "")
    if unit is None or ticket.confidential or not (suggestion.sure or ticket.urgent):
        return None
    handler = town.handler_for(unit.code, town.find_category(ticket.category or ""), ticket.where.path, now)
    return handler if handler and town.is_on_duty(handler.code, now) else None


def _dispatched_by_machine(
    ticket: Ticket, suggestion: Suggestion, handler: Staff, report: Report, town: Town, now: datetime
) -> Changed:
    ticket = given_to(ticket, handler.unit, handler, by="machine", town=town, now=now)
    details = {"unit": handler.unit, "handler": handler.code, "why": suggestion.reason}
    event = Event(kind="received", at=now, by="machine", details=details, reading=report.reading)
    return changed(ticket, event, before=None, town=town, row="received/dispatched", alert=True)


def _forwarded_by_machine(
    ticket: Ticket, suggestion: Suggestion, report: Report, town: Town, now: datetime
) -> Changed:
    ticket = clocks.meet(ticket, ClockKind.FEEDBACK, by="machine", now=now)
    ticket = moved(ticket, Stage.FORWARDED, forwarded_to=suggestion.forward_to, closed_at=now)
    details = {"to": suggestion.forward_to, "why": suggestion.reason}
    event = Event(kind="received", at=now, by="machine", details=details, reading=report.reading)
    return changed(ticket, event, before=None, town=town, row="received/forwarded")


def _left_to_the_desk(ticket: Ticket, report: Report, town: Town, now: datetime) -> Changed:
    ticket, leaders = above_the_station(ticket, town)
    by = ticket.first_contact_id or ticket.found_by or ("reporter" if ticket.reporter_id else "machine")
    event = Event(kind="received", at=now, by=by, reading=report.reading, notices=asked(ticket, town, now))
    return changed(ticket, event, before=None, town=town, named=leaders, alert=True)
