"""受理: how a report becomes a ticket, and the acts of the first contact that end it at once."""

from datetime import datetime

from chalicelib.domain.acts.dispatching import given_to
from chalicelib.domain.acts.endangered import made_urgent
from chalicelib.domain.acts.moves import Changed, changed, moved
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import AlreadyDone, Invalid, WrongStage
from chalicelib.domain.model import Frozen
from chalicelib.domain.parties.asking import asked, case_of, raised, unheard
from chalicelib.domain.parties.beginning import above_the_station, begun
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.dangers import old_order_of
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.readings import NOBODY, Concerned, DangerCase, Grievance, Reading
from chalicelib.domain.tickets.recording import Recording
from chalicelib.domain.tickets.ticket import Event, ExternalId, Proxy, Stage, Suggestion, Ticket, Where
from chalicelib.domain.town.danger_signs import Danger, DangerKind
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import FOUND, ResidentChannel, Role, Source, Staff
from chalicelib.domain.understanding.concerned import codes_of, named
from chalicelib.domain.understanding.reading import said_to_be, understand
from chalicelib.domain.understanding.triage import suggest


class Report(Frozen):
    """What came in, already scrubbed, with its place resolved."""

    id: str
    number: str
    source: Source
    reporter_id: str | None = None
    proxy: Proxy | None = None  # 代反映: who reports it for the reporter
    entered_by: str | None = None  # staff code: walk-in, phone, or 主动发现
    reachable: ResidentChannel = ResidentChannel.NONE
    phone_left: bool = False
    where: Where
    text: str
    room: str = ""
    may_enter: bool = False
    photos: tuple[str, ...] = ()
    recording: Recording | None = None  # 说: what was spoken instead of written, or beside it
    category: str | None = None  # chosen by the reporter
    confidential: bool = False  # 身份保密: who reports is sealed, the matter goes on as usual
    avoid: tuple[str, ...] = ()  # 避开: the reporter picks whom it must not reach
    external_ids: tuple[ExternalId, ...] = ()
    practice: bool = False
    urgent: bool = False  # whatever its words say: the checklist of hazards does
    danger: DangerKind | None = None  # 有人有危险: the reporter's own word
    answered_at_entry: bool = False  # 当场答复: the clerk who enters it answers it the next moment
    desk_hears: bool = True  # False: no console of the desk was heard from, and nobody waits for its minute
    # Of its words, with the trained model; None: read here, by the town's signs alone
    reading: Reading | None = None


def receive(report: Report, *, town: Town, now: datetime) -> Changed:
    """受理: make the ticket, start its clocks, and where triage is sure and someone is on duty dispatch at once (rule 9).

    The receipt is no feedback (rule 1). A report that a person enters has been spoken with, which is feedback by that
    person. A confidential ticket is never dispatched by the machine (rule 21). Raises Invalid for an unknown category.
    """
    report = _asked_where_old(read(report, town), now)
    suggestion = suggested(report, town)
    ticket = begun(new_ticket(report, suggestion, town, now), town=town, now=now)
    if report.entered_by and report.reporter_id:
        ticket = clocks.meet(ticket, ClockKind.FEEDBACK, by=report.entered_by, now=now)
    if ticket.danger and ticket.danger.is_open:
        if not report.desk_hears:
            ticket = clocks.hasten(ticket, ClockKind.DANGER, now=now)
        return _left_to_the_desk(ticket, report, town, now)
    if (
        suggestion.forward_to
        and suggestion.sure
        and not ticket.confidential
        and not _a_person_looks_first(report)
    ):
        return _forwarded_by_machine(ticket, suggestion, report, town, now)
    handler = None if _a_person_looks_first(report) else sure_handler(ticket, suggestion, town, now)
    if handler is not None:
        return _dispatched_by_machine(ticket, suggestion, handler, report, town, now)
    return _left_to_the_desk(ticket, report, town, now)


def _a_person_looks_first(report: Report) -> bool:
    """Somebody is complained about: never dispatched by the machine, but where somebody is surely in danger (rule 21).

    Nor is what a clerk answers at the counter: nobody is sent out for a question (rule 2).
    """
    reading = report.reading
    if report.answered_at_entry and (reading is None or reading.danger is not Danger.SURE):
        return True
    if reading is None or reading.concerned.grievance is Grievance.NONE:
        return False
    return reading.danger is not Danger.SURE


def read(report: Report, town: Town) -> Report:
    """The report with what its words say. Nothing is decided of a report that was not read; its reporter's tap is sure."""
    reading = report.reading or understand(report.text, town=town, place=report.where, model=None)
    if report.danger is not None:
        reading = said_to_be(reading, report.danger, town)
    return report.model_copy(update={"reading": reading})


def _asked_where_old(report: Report, now: datetime) -> Report:
    """What an order of hours ago is sure of may be over: a person asks first (rule 81)."""
    reading = report.reading
    if reading is None or reading.danger is Danger.NONE or not old_order_of(report.external_ids, now):
        return report
    return report.model_copy(update={"reading": reading.model_copy(update={"danger": Danger.POSSIBLE})})


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
        proxy=report.proxy,
        found_by=report.entered_by if report.source in FOUND else None,
        first_contact_id=report.entered_by if report.source not in FOUND else None,
        reachable=report.reachable,
        phone_left=report.phone_left,
        where=report.where,
        text=report.text,
        room=report.room,
        may_enter=report.may_enter,
        photos=report.photos,
        recording=report.recording,
        practice=report.practice,
        category=suggestion.category,
        track=suggestion.track,
        urgent=suggestion.urgent or report.urgent,
        facility=bool(category and category.facility),
        night=category.night if category else True,
        confidential=is_confidential,
        sealed=report.confidential,
        concerns=_concerns(report, town) if is_confidential else (),
        may_concern=_may_concern(report, town, now),
        complains=said.grievance,
        suggestion=suggestion,
        danger=_danger(report, now),
        station_id=town.station_for(report.where.path).code,
        received_at=now,
    )


def _danger(report: Report, now: datetime) -> DangerCase | None:
    """By its words; a recording that nobody has heard may speak of any (rule 100)."""
    case = case_of(report.reading, old_order_of(report.external_ids, now) or now)
    return case or (unheard(now) if report.recording else None)


def transcribe(ticket: Ticket, *, by: Staff, words: str, town: Town, now: datetime) -> Changed:
    """听写: somebody has listened, and `words` are what was said. They are read like those of any report (rules 80 and 100).

    What was typed beside it stays before them. Raises WrongStage where nothing was spoken, AlreadyDone for the second who
    writes it down.
    """
    recording = ticket.recording
    if recording is None:
        raise WrongStage("这张工单没有录音")
    if not recording.is_unheard:
        raise AlreadyDone("这段录音已经有人听过，文字在“反映的内容”里")
    heard = recording.model_copy(update={"heard_at": now, "heard_by": by.code})
    reading = understand(words, town=town, place=ticket.where, model=None)
    said = raised(None if ticket.danger is None or ticket.danger.unheard else ticket.danger, reading, now)
    text = f"{ticket.text}\n{words}" if ticket.text else words
    after = _filed(
        ticket.model_copy(update={"text": text, "recording": heard, "danger": said}), reading, town, now
    )
    event = Event(kind=EventKind.TRANSCRIBED, at=now, by=by.code, note=words, reading=reading)
    if said is not None and said.level is Danger.SURE and not said.decided:
        after = made_urgent(after, reading.category, town=town, now=now)
    elif said is None or not said.is_open:
        after = clocks.meet(after, ClockKind.DANGER, by=by.code, now=now)
    return changed(after, event, before=ticket, town=town, alert=not ticket.urgent)


def _filed(ticket: Ticket, reading: Reading, town: Town, now: datetime) -> Ticket:
    """Under what its words are about, while the desk has it and nobody has filed it."""
    if ticket.stage is not Stage.RECEIVED or ticket.corrected:
        return ticket
    suggestion = suggest(ticket.text, ticket.where, ticket.category, town=town, reading=reading)
    category = town.find_category(suggestion.category or "")
    filed = ticket.model_copy(
        update={
            "suggestion": suggestion,
            "category": suggestion.category,
            "track": suggestion.track,
            "urgent": ticket.urgent or suggestion.urgent,
            "facility": bool(category and category.facility),
            "night": category.night if category else True,
            "confidential": ticket.confidential or suggestion.confidential,
        }
    )
    is_owed = (filed.urgent or filed.facility) and clocks.find_latest(filed, ClockKind.RESPONSE) is None
    return clocks.start(filed, ClockKind.RESPONSE, town=town, now=now) if is_owed else filed


def _concerns(report: Report, town: Town) -> tuple[str, ...]:
    """Whom a confidential ticket is kept from: whom the reporter picked, whose misconduct its words tell.

    Where secrecy is wished for or the category is a complaint's, whoever they name; beside a danger alone a name keeps nobody
    away who could help.
    """
    said = report.reading.concerned if report.reading else NOBODY
    picked = [code for party in report.avoid for code in codes_of(party, report.where.path, town)]
    if said.grievance is Grievance.MISCONDUCT and said.parties:
        return tuple(dict.fromkeys((*picked, *said.parties)))
    is_danger = report.reading is not None and report.reading.danger is not Danger.NONE
    is_wished = report.confidential or report.source is Source.PETITION
    read_ = named(report.text, report.where, town=town) if is_wished or not is_danger else ()
    return tuple(dict.fromkeys((*picked, *read_)))


def _may_concern(report: Report, town: Town, now: datetime) -> tuple[str, ...]:
    """Who may be meant by words that accuse nobody surely: they see nothing of it before somebody has looked (rule 21)."""
    said = report.reading.concerned if report.reading else NOBODY
    return kept_from_whom_it_may_mean(said, report.where, report.entered_by or "", town, now)


def kept_from_whom_it_may_mean(
    said: Concerned, where: Where, wrote: str, town: Town, now: datetime
) -> tuple[str, ...]:
    """Of the parties of what is not sure those who do not look themselves; nobody where it is sure, or of nobody.

    The desk looks, by whoever sits there now, even where that clerk stands in for a grid worker; at what may be misconduct of
    the station, 保密受理. Who wrote it down knows it.
    """
    if said.grievance not in (Grievance.SERVICE, Grievance.POSSIBLE):
        return ()
    station = town.station_for(where.path).code
    clerk = town.on_duty(station, Role.FIRST_CONTACT, now, where.path)
    writer = town.find_staff(wrote)
    looks = {station} if said.grievance is Grievance.SERVICE else set()
    if clerk:
        looks.add(clerk.code)
    if writer:
        looks |= {writer.code, writer.unit}
    return tuple(code for code in said.parties if code not in looks)


def sure_handler(ticket: Ticket, suggestion: Suggestion, town: Town, now: datetime) -> Staff | None:
    """Who gets it without the desk: someone on duty, of what is not confidential. Urgent ones never wait to be sure."""
    unit = town.find_unit(suggestion.unit_id or "")
    if unit is None or ticket.confidential or not (suggestion.sure or ticket.urgent):
        return None
    mandate = town.mandate_for(ticket.category, ticket.where.path)
    if mandate and mandate.forbids(unit):
        return None
    handler = town.handler_for(unit.code, town.find_category(ticket.category or ""), ticket.where.path, now)
    return handler if handler and town.is_on_duty(handler.code, now) else None


def _dispatched_by_machine(
    ticket: Ticket, suggestion: Suggestion, handler: Staff, report: Report, town: Town, now: datetime
) -> Changed:
    ticket = given_to(ticket, handler.unit, handler, by=Actor.MACHINE, town=town, now=now)
    details = {"unit": handler.unit, "handler": handler.code, "why": suggestion.reason}
    event = Event(kind=EventKind.RECEIVED, at=now, by=Actor.MACHINE, details=details, reading=report.reading)
    return changed(ticket, event, before=None, town=town, row="received/dispatched", alert=True)


def _forwarded_by_machine(
    ticket: Ticket, suggestion: Suggestion, report: Report, town: Town, now: datetime
) -> Changed:
    ticket = clocks.meet(ticket, ClockKind.FEEDBACK, by=Actor.MACHINE, now=now)
    ticket = moved(ticket, Stage.FORWARDED, forwarded_to=suggestion.forward_to, closed_at=now)
    details = {"to": suggestion.forward_to, "why": suggestion.reason}
    event = Event(kind=EventKind.RECEIVED, at=now, by=Actor.MACHINE, details=details, reading=report.reading)
    return changed(ticket, event, before=None, town=town, row="received/forwarded")


def _left_to_the_desk(ticket: Ticket, report: Report, town: Town, now: datetime) -> Changed:
    if ticket.complains is Grievance.SERVICE:  # what nobody has looked at by then goes out without its words
        ticket = clocks.rung_when_due(ticket, ClockKind.FEEDBACK)
    ticket, leaders = above_the_station(ticket, town)
    by = (
        ticket.first_contact_id
        or ticket.found_by
        or (Actor.REPORTER if ticket.reporter_id else Actor.MACHINE)
    )
    event = Event(
        kind=EventKind.RECEIVED, at=now, by=by, reading=report.reading, notices=asked(ticket, town, now)
    )
    return changed(ticket, event, before=None, town=town, named=leaders, alert=True)
