"""Opening a ticket: what each may see of it, and the trace that it leaves."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, cast

from chalicelib.actions.notices import arriving
from chalicelib.actions.tickets import confronting, joining, own_tickets
from chalicelib.actions.tickets.lines import short_view
from chalicelib.actions.views import class_of_ticket, suggesting
from chalicelib.domain.clocks import clocks
from chalicelib.domain.identity.confidential import is_concerned
from chalicelib.domain.identity.traces import Look, is_look
from chalicelib.domain.model import View
from chalicelib.domain.offers import possible
from chalicelib.domain.parties.beginning import above_the_station
from chalicelib.domain.parties.telling import number_for_residents
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.readings import Grievance
from chalicelib.domain.tickets.ticket import ENDED, STAGE_NAMES, Audience, Event, Stage, Ticket
from chalicelib.domain.tickets.voices import voice_of
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.domain.views import access, danger, escalation, grievance, references, ticket_view, withheld
from chalicelib.domain.views.history import history_line
from chalicelib.domain.views.looks import viewer_view
from chalicelib.domain.views.standing import standing, where_it_went
from chalicelib.domain.views.ticket_view import iso, plain
from chalicelib.store.identity import audit
from chalicelib.store.tickets import lists, members, tickets, whole
from chalicelib.store.tickets.members import Member
from chalicelib.store.town import directory

if TYPE_CHECKING:
    from chalicelib.actions.views.schemas import (
        HistoryLine,
        HolderShown,
        JoinedTicket,
        ResidentTicket,
        StaffTicket,
        TimelineLine,
    )
    from chalicelib.domain.views.schemas import Viewer

_OF_THE_MACHINE = frozenset({"generation", "wake_at"})  # details by which the workflow is started
_INTERNAL = frozenset(
    {
        *(
            EventKind.REMINDED,
            EventKind.ESCALATED,
            EventKind.SUPERVISED,
            EventKind.CLASSIFIED,
            EventKind.EXTENSION_ASKED,
            EventKind.EXEMPTED,
            EventKind.PART_MOVED,
            EventKind.STATION_FOLLOWED,
            EventKind.EXPLANATION_PROPOSED,
            EventKind.EXPLANATION_REFUSED,
            EventKind.HANDED_OVER,
            EventKind.QUESTION_ARRIVED,
            EventKind.DANGER_NO_AGREED,
        ),
        *(EventKind.PUT_IN_CLASS, EventKind.TAKEN_OUT_OF_CLASS),
    }
)

# Between a leader and whoever reported: nobody who joined is to learn that somebody was spoken to, or is kept away.
_OF_THE_REPORTER = frozenset(
    {
        EventKind.CONFRONT_ASKED,
        EventKind.CONFRONT_AGREED,
        EventKind.CONFRONT_REFUSED,
        EventKind.STATED,
        EventKind.KEPT_APART,
        EventKind.AVOID_LIFTED,
        EventKind.SECRECY_LIFTED,
    }
)


def staff_ticket(ticket_id: str, *, by: Staff, now: datetime, is_kept: bool = False) -> "StaffTicket":
    """The ticket on a staff screen, with what the caller may do with it now; `beside.beside` says what stands beside it. Opening it
    is audited, once per viewer and ten minutes; what a phone keeps to be opened without a signal (`is_kept`) as that. Raises NotFound.
    """
    town = directory.town()
    ticket, events, told = whole.get(ticket_id)
    access.need_sight(ticket, by, town)
    if is_kept:
        audit.looked(ticket_id, by, now, Look.KEPT)
    else:
        audit.opened(ticket_id, by, now)
    shown = access.as_read_by(ticket, by)
    named = _named(ticket, events)
    hidden = _hidden(named, by, town)
    ticket, shown = references.without(ticket, hidden), references.without(shown, hidden)
    events = references.lines_without(events, ticket, hidden)
    lines = [_line(at, event, ticket, town) for at, event in access.lines_as_read_by(ticket, events, by)]
    offers = possible.possible_acts(ticket, by, town, now)
    handled = suggesting.handled_once()
    view: View = {
        **access.staff_view(ticket, by, town),
        **ticket_view.staff_parts(shown, town, now),
        **suggesting.suggestions(ticket, town, now, handled),
        "usual": suggesting.usual_words(ticket, town, now, handled),
        "matters": _matters(ticket, [event for _, event in events]),
        "danger": danger.card(shown),
        "recording": ticket_view.recording_view(ticket, now),
        "may_listen": access.may_listen(ticket, by, town),
        "emergency": danger.sheet(ticket, town),
        "escalation": escalation.card(ticket, [event for _, event in events], by, town, now),
        "acts": [offer.name for offer in offers if offer.now],
        "offers": [plain(offer.model_dump()) for offer in offers],
        "not_offered": [
            plain(each.model_dump()) for each in possible.not_offered(ticket, by, town, now, offers)
        ],
        "similar": [],  # what stands beside it; a console that was opened before it was asked for apart looks here
        "stage_name": STAGE_NAMES[ticket.stage],
        "confrontations": ticket_view.confrontations_of(ticket, town),
        "meetings": ticket_view.meetings_of(ticket, town, by.unit),
        "history": lines,
        "asks_whom_to_avoid": _asks_whom_to_avoid(ticket, [event for _, event in events]),
        "grievance": grievance.card(ticket, [event for _, event in events], by, town),
        "withheld": withheld.card(ticket, by, town),
        "merged": [_merged(access.as_read_by(each, by)) for each in _joined(ticket, named, by)],
        "members": told,
        "may_reveal": access.may_reveal(ticket, by, town),
        "viewer": {"code": by.code, "name": by.name},  # for the watermark
    }
    return cast("StaffTicket", view)  # the ticket's own dump, which no shape is written for


def _named(ticket: Ticket, events: list[tuple[int, Event]]) -> dict[str, Ticket]:
    """The tickets that it had to do with, by their ids: one request, none where there are none."""
    return {each.id: each for each in lists.get_many(sorted(references.named(ticket, events)))}


def _hidden(named: Mapping[str, Ticket], by: Staff, town: Town) -> frozenset[str]:
    """The confidential tickets it had to do with that this person may not know of."""
    return frozenset(
        id_ for id_, each in named.items() if each.confidential and not access.may_see(each, by, town)
    )


def _matters(ticket: Ticket, events: list[Event]) -> int:
    """How many things the report was read to speak of: more than one and the desk is offered to divide it 分拆; 1 once it did."""
    said = next(
        (event.reading.matters for event in events if event.kind is EventKind.RECEIVED and event.reading), 1
    )
    return 1 if ticket.parts or ticket.part_of else said


def _asks_whom_to_avoid(ticket: Ticket, events: list[Event]) -> bool:
    """要避开谁？: secrecy was asked for with a complaint, and nobody was recognised. The desk asks, and says it by 改分类."""
    if not ticket.confidential or ticket.concerns or ticket.stage in ENDED or ticket.corrected:
        return False
    complains = any(e.reading and e.reading.concerned.grievance is not Grievance.NONE for e in events)
    return complains or not ticket.sealed


def _joined(ticket: Ticket, read: Mapping[str, Ticket], by: Staff) -> list[Ticket]:
    """What was merged into it, which whoever has it reads along; not what is about the viewer (rule 21)."""
    found = [read[each.id] for each in ticket.joined if each.id in read]
    return [each for each in found if not is_concerned(by, each.concerns)]


def _merged(ticket: Ticket) -> "JoinedTicket":
    return {
        "id": ticket.id,
        "number": ticket.number,
        "text": ticket.text,
        "photos": list(ticket.photos),
        "received_at": iso(ticket.received_at),
    }


def resident_ticket(ticket_id: str, *, by: str, now: datetime) -> "ResidentTicket":
    """The ticket on its reporter's, or a member's, page: who has it and by when, in plain words, and who viewed it."""
    member = own_tickets.own(ticket_id, by)
    town, ticket = directory.town(), tickets.get(ticket_id)
    if member.owns:
        arriving.opened(ticket, by, now=now)
    elif member.report:
        members.note_opened(ticket_id, by, now)
    there = joining.standing(ticket)
    part = member if there.id == ticket.id else own_tickets.part_in(there, member)
    may = own_tickets.allowed_acts(ticket, member, there, part, now)
    return {
        **short_view(ticket, town),
        # a neighbour joined what was visible
        "text": ticket.text if member.owns else ticket.public_text,
        "photos": [{"id": photo} for photo in ticket.photos] if member.owns else [],
        "standing": _standing(ticket, there, part, town, now),
        "holder": _holder(there, town, now),
        "usual": suggesting.usual_words(ticket, town, now),
        "timeline": _timeline(ticket, town, member, now),
        "viewers": _viewers(ticket_id, town) if member.owns else [],
        "may": may,
        "acts": [name for name, allowed in may.items() if allowed],
        "is_reporter": member.owns,
        "number": number_for_residents(ticket),
        "title": ticket.title,
        "parts": ticket_view.parts_of(ticket) if member.owns else [],
        # whoever joined learns nothing of its turning so
        "confidential": ticket.confidential and member.has_reported,
        "secrecy": ticket_view.secrecy(ticket, town) if member.owns else None,
        "confront": confronting.asked(ticket, town) if _decides(member) else None,
        "proxy": _proxied(ticket, member),
        "danger": danger.asked(ticket, town) if member.owns else None,
        "recording": ticket_view.recording_view(ticket, now) if member.owns else None,
    }


def _standing(ticket: Ticket, there: Ticket, part: Member, town: Town, now: datetime) -> str:
    of = part.report if part.has_reported else None
    if there.id == ticket.id:
        return standing(ticket, town, now, of=of)
    return where_it_went(there, town, now, of=of)


def _decides(member: Member) -> bool:
    """Whether this is who reported it: whoever joined, or reports for another, is asked nothing."""
    return member.owns and not member.proxy


def visible(ticket_ids: list[str], *, by: Staff) -> frozenset[str]:
    """Those of the tickets that this person may see."""
    found = lists.get_many(list(dict.fromkeys(ticket_ids)))
    return frozenset(ticket.id for ticket in found if access.may_see(ticket, by, directory.town()))


def photos_shown(ticket_id: str, *, staff: Staff | None, resident: str | None) -> tuple[str, ...]:
    """The photos of a ticket that the caller may see. Raises NotFound for whom it does not exist."""
    if staff is not None:
        ticket = tickets.get(ticket_id)
        access.need_sight(ticket, staff, directory.town())
        lines = [e for _, e in access.lines_as_read_by(ticket, tickets.list_events(ticket_id), staff)]
        own = access.as_read_by(ticket, staff).photos + tuple(
            photo for event in lines for photo in ticket.shown(event.photos)
        )
        merged = {each.id: each for each in lists.get_many([each.id for each in ticket.joined])}
        joined = [access.as_read_by(each, staff) for each in _joined(ticket, merged, staff)]
        return own + tuple(photo for each in joined for photo in each.photos)
    member = own_tickets.own(ticket_id, resident or "")
    ticket = tickets.get(ticket_id)
    own = ticket.photos if member.owns else ()
    lines = [line for _, line in tickets.list_events(ticket_id)] + _own_words_elsewhere(ticket, member)
    public = [line for line in lines if _isshown(line, own=member.owns, voice=voice_of(member.reporter_id))]
    return own + tuple(photo for event in public for photo in ticket.shown(event.photos))


def _line(version: int, event: Event, ticket: Ticket, town: Town) -> "HistoryLine":
    return {
        "version": version,
        "kind": event.kind,
        "at": iso(event.at),
        "by": event.by,
        "what": history_line(event, town),
        "note": event.note,
        "public": event.public,
        "photos": [{"id": photo} for photo in ticket.shown(event.photos)],
        "details": {name: fact for name, fact in event.details.items() if name not in _OF_THE_MACHINE},
    }


def _timeline(ticket: Ticket, town: Town, member: Member, now: datetime) -> "list[TimelineLine]":
    own, voice = member.owns, voice_of(member.reporter_id)
    lines = [event for _, event in tickets.list_events(ticket.id)]
    told = [_up_to_date(_unnamed(event, member.reporter_id), ticket, now) for event in lines]
    there = {(event.at, event.voice) for event in told}  # what came back with it once it was parted
    elsewhere = [e for e in _own_words_elsewhere(ticket, member) if (e.at, e.voice) not in there]
    told = sorted([*told, *elsewhere], key=lambda event: event.at) if elsewhere else told
    events = [event for event in told if event.kind not in _INTERNAL]
    return [
        {
            "at": iso(event.at),
            "what": history_line(event, town),
            "note": event.note if _isshown(event, own=own, voice=voice) else "",
            "photos": [{"id": photo} for photo in ticket.shown(event.photos)]
            if _isshown(event, own=own, voice=voice)
            else [],
        }
        for event in events
        if (event.public or event.kind is not EventKind.COMMENTED or event.voice == voice)
        and (own or event.kind not in _OF_THE_REPORTER)
    ]


def _own_words_elsewhere(ticket: Ticket, member: Member) -> list[Event]:
    """What this person has said since on the ticket where a merged one goes on (rule 38)."""
    if ticket.stage is not Stage.MERGED:
        return []
    goes_on, voice = joining.standing(ticket), voice_of(member.reporter_id)
    return [event for _, event in tickets.list_events(goes_on.id) if event.voice == voice]


def _unnamed(event: Event, by: str) -> Event:
    """The line without the number of a confidential ticket that this resident has no part in."""
    other = event.details.get("into") or event.details.get("from", "")
    if not other or event.kind not in (
        EventKind.MERGED,
        EventKind.SPLIT,
        EventKind.ABSORBED,
        EventKind.PARTED,
    ):
        return event
    found = lists.get_many([other])
    if not any(each.confidential for each in found) or members.find_member(other, by):
        return event
    return event.model_copy(update={"details": {}})


def _up_to_date(event: Event, ticket: Ticket, now: datetime) -> Event:
    """An announcement with the days that were called off since: who was told of a market must not stand before none."""
    if event.kind is not EventKind.MEASURE_ANNOUNCED:
        return event
    off = class_of_ticket.days_off(ticket.id, event.details.get("measure", ""), today=now.date())
    return event.model_copy(update={"note": f"{event.note}。{off}"}) if off else event


def _isshown(event: Event, *, own: bool, voice: str) -> bool:
    """Whether a resident sees note and photos: their own words always; other residents' and what staff write to the reporter only
    on the reporter's page.
    """
    if event.voice == voice:
        return True
    if event.by == Actor.REPORTER:
        return own
    return event.public and (own or event.audience is Audience.ALL)


def _holder(ticket: Ticket, town: Town, now: datetime) -> "HolderShown | None":
    """Who has it now and by when it is due, as the resident sees it: a unit, and the role's name."""
    has_it = _who_has_it(ticket, town)
    if ticket.closed_at is not None or has_it is None:
        return None
    name, phone = has_it
    person = town.find_staff(ticket.handler_id or "")
    open_clocks = [
        c
        for kind in (ClockKind.FEEDBACK, ClockKind.RESPONSE, ClockKind.RESOLUTION)
        if (c := clocks.find_open(ticket, kind))
    ]
    due = min(open_clocks, key=lambda clock: clock.due_at, default=None)
    words = {
        ClockKind.FEEDBACK: "给您答复",
        ClockKind.RESPONSE: "先和您联系或到场",
        ClockKind.RESOLUTION: "办好",
    }
    return {
        "unit": name,
        "role": person.name if person else "",
        "phone": phone,
        "due_at": iso(due.due_at) if due else None,
        "due_what": words[due.kind] if due else "",
        "paused": ticket.stands_still,
        "stood_still_hours": ticket_view.stood_still_hours(ticket, now),
    }


def _who_has_it(ticket: Ticket, town: Town) -> tuple[str, str] | None:
    """The name and number of who has it: the lead unit, else the station; where it is kept from that, who stands above.

    None where the town has no such unit any more. Nobody is shown the number of whom the own ticket is kept from.
    """
    unit = town.find_unit(ticket.lead_unit_id or "")
    if unit is None and ticket.station_id in ticket.kept_from:
        above = above_the_station(ticket, town)[1]
        numbers = [town.unit(person.unit).phone for person in above if person.unit not in ticket.kept_from]
        is_sure = ticket.station_id in ticket.concerns
        return "片区负责人" if is_sure else "片区保密受理", next(filter(None, numbers), "")
    unit = unit or town.find_unit(ticket.station_id)
    return (unit.name, unit.phone) if unit else None


def _proxied(ticket: Ticket, member: Member) -> str:
    """代反映 as its parties see it: "own" to the proxy, "other" to the one it is about while somebody else looks along."""
    if member.proxy:
        return "own"
    return "other" if member.owns and ticket.proxy and ticket.proxy.agreed is not False else ""


def _viewers(ticket_id: str, town: Town) -> "list[Viewer]":
    """Who looked: unit, role and number 工号; the resident learns no name, and no title that somebody chose."""
    return [viewer_view(trace, town) for trace in audit.list_traces(ticket_id) if is_look(trace)]
