"""Opening a ticket: what each may see of it, and the trace that it leaves."""

from collections.abc import Callable
from datetime import datetime

from chalicelib.actions.notices import arriving
from chalicelib.actions.tickets import own_tickets
from chalicelib.actions.tickets.lines import View, short_view
from chalicelib.actions.views import class_of_ticket, repeats, suggesting
from chalicelib.domain.clocks import clocks
from chalicelib.domain.identity.confidential import is_concerned
from chalicelib.domain.parties.telling import number_for_residents
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import ENDED, STAGE_NAMES, Audience, Event, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.domain.views import access, danger, ticket_view
from chalicelib.domain.views.history import history_line
from chalicelib.domain.views.looks import LOOKS, viewer_view
from chalicelib.domain.views.ticket_view import shown
from chalicelib.store.classes import similar
from chalicelib.store.identity import audit
from chalicelib.store.tickets import lists, members, tickets
from chalicelib.store.town import directory

Acts = Callable[[Ticket, Staff, Town, datetime], list[str]]
MOST_SIMILAR = 10
_OF_THE_MACHINE = frozenset({"generation", "wake_at"})  # details by which the workflow is started
_INTERNAL = frozenset(
    {
        *(
            "reminded",
            "escalated",
            "supervised",
            "classified",
            "extension_asked",
            "exempted",
            "part_moved",
            "explanation_proposed",
            "explanation_refused",
            "handed_over",
            "question_arrived",
        ),
        *("put_in_class", "taken_out_of_class"),
    }
)


def staff_ticket(ticket_id: str, *, by: Staff, acts: Acts, now: datetime) -> View:
    """The ticket on a staff screen. Opening it is audited, once per viewer and ten minutes. Raises NotFound.

    `acts` tells what the caller may do with it now.
    """
    town, ticket = directory.town(), tickets.get(ticket_id)
    access.need_sight(ticket, by, town)
    audit.opened(ticket_id, by, now)
    lines = [_line(version, event, town) for version, event in tickets.list_events(ticket_id)]
    view = access.staff_view(ticket, by, town) | ticket_view.staff_parts(ticket, town, now)
    view |= suggesting.suggestions(ticket, town, now)
    return view | {
        "danger": danger.card(ticket),
        "emergency": danger.sheet(ticket, town),
        "acts": acts(ticket, by, town, now),
        "similar": _similar(ticket, by, town, now),
        "issue_class": class_of_ticket.class_of(ticket, by=by),
        "stage_name": STAGE_NAMES[ticket.stage],
        "history": lines,
        "merged": [_merged(each) for each in _joined(ticket, by)],
        "members": len(members.list_members(ticket_id)),
        "may_reveal": access.may_reveal(ticket, by, town),
        "viewer": {"code": by.code, "name": by.name},  # for the watermark
    }


def _joined(ticket: Ticket, by: Staff) -> list[Ticket]:
    """What was merged into it, which whoever has it reads along; not what is about the viewer (rule 21)."""
    found = lists.get_many([each.id for each in ticket.joined])
    return [each for each in found if not is_concerned(by, each.concerns)]


def _merged(ticket: Ticket) -> View:
    return {
        "id": ticket.id,
        "number": ticket.number,
        "text": ticket.text,
        "photos": list(ticket.photos),
        "received_at": shown(ticket.received_at),
    }


def _similar(ticket: Ticket, by: Staff, town: Town, now: datetime) -> list[View]:
    """Others that this person may see and that may be the same matter (rule 66), then those at the same place; each with why."""
    said = similar.list_judged(ticket.id)
    alike = repeats.besides(ticket, said, by=by, now=now)
    known = {ticket.id, *(each.ticket.id for each in alike)} | {id_ for id_ in said if not said[id_].same}
    at_place = [other for other in _at_place(ticket, by, town) if other.id not in known]
    views = [short_view(each.ticket, town) | {"reason": each.likeness.reason} for each in alike]
    return (views + [short_view(other, town) | {"reason": "同一地点"} for other in at_place])[:MOST_SIMILAR]


def _at_place(ticket: Ticket, by: Staff, town: Town) -> list[Ticket]:
    """Open ones first, then the newest."""
    if ticket.where.place is None:
        return []
    ids = lists.list_ids_at(ticket.where.place, "", "9", limit=2 * MOST_SIMILAR)
    seen = [other for other in lists.get_many(ids) if access.may_see(other, by, town)]
    return sorted(seen, key=lambda other: (other.stage in ENDED, -other.received_at.timestamp()))


def resident_ticket(ticket_id: str, *, by: str, now: datetime) -> View:
    """The ticket on its reporter's, or a member's, page: who has it and by when, in plain words, and who viewed it."""
    member = own_tickets.own(ticket_id, by)
    town, ticket = directory.town(), tickets.get(ticket_id)
    if member.is_reporter:
        arriving.opened(ticket, by, now=now)
    may = own_tickets.allowed_acts(ticket, member, now)
    return short_view(ticket, town) | {
        # a neighbour joined what was visible
        "text": ticket.text if member.is_reporter else ticket.public_text,
        "photos": [{"id": photo} for photo in ticket.photos] if member.is_reporter else [],
        "holder": _holder(ticket, town, now),
        "timeline": _timeline(ticket, town, own=member.is_reporter),
        "viewers": _viewers(ticket_id, town) if member.is_reporter else [],
        "may": may,
        "acts": [name for name, allowed in may.items() if allowed],
        "is_reporter": member.is_reporter,
        "number": number_for_residents(ticket),
        "title": ticket.title,
        "parts": ticket_view.parts_of(ticket) if member.is_reporter else [],
        "confidential": ticket.confidential,
        "danger": danger.asked(ticket, town) if member.is_reporter else None,
    }


def visible(ticket_ids: list[str], *, by: Staff) -> frozenset[str]:
    """Those of the tickets that this person may see."""
    found = lists.get_many(list(dict.fromkeys(ticket_ids)))
    return frozenset(ticket.id for ticket in found if access.may_see(ticket, by, directory.town()))


def photos_shown(ticket_id: str, *, staff: Staff | None, resident: str | None) -> tuple[str, ...]:
    """The photos of a ticket that the caller may see. Raises NotFound for whom it does not exist."""
    ticket = tickets.get(ticket_id)
    if staff is not None:
        access.need_sight(ticket, staff, directory.town())
        lines = [event for _, event in tickets.list_events(ticket_id)]
        own = ticket.photos + tuple(photo for event in lines for photo in event.photos)
        return own + tuple(photo for each in _joined(ticket, staff) for photo in each.photos)
    member = own_tickets.own(ticket_id, resident or "")
    own = ticket.photos if member.is_reporter else ()
    public = [line for _, line in tickets.list_events(ticket_id) if _isshown(line, own=member.is_reporter)]
    return own + tuple(photo for event in public for photo in event.photos)


def _line(version: int, event: Event, town: Town) -> View:
    return {
        "version": version,
        "kind": event.kind,
        "at": shown(event.at),
        "by": event.by,
        "what": history_line(event, town),
        "note": event.note,
        "public": event.public,
        "photos": [{"id": photo} for photo in event.photos],
        "details": {name: fact for name, fact in event.details.items() if name not in _OF_THE_MACHINE},
    }


def _timeline(ticket: Ticket, town: Town, *, own: bool) -> list[View]:
    events = [event for _, event in tickets.list_events(ticket.id) if event.kind not in _INTERNAL]
    return [
        {
            "at": shown(event.at),
            "what": history_line(event, town),
            "note": event.note if _isshown(event, own=own) else "",
            "photos": [{"id": photo} for photo in event.photos] if _isshown(event, own=own) else [],
        }
        for event in events
        if event.public or event.kind != "commented"
    ]


def _isshown(event: Event, *, own: bool) -> bool:
    """Whether a resident sees note and photos: residents' words and what staff write to the reporter only on the reporter's page."""
    if event.by == "reporter":
        return own
    return event.public and (own or event.audience is Audience.ALL)


def _holder(ticket: Ticket, town: Town, now: datetime) -> View | None:
    """Who has it now and by when it is due, as the resident sees it: a unit, and the role's name."""
    unit = town.find_unit(ticket.lead_unit_id or "") or town.find_unit(ticket.station_id)
    if ticket.closed_at is not None or unit is None:
        return None
    person = town.find_staff(ticket.handler_id or "")
    open_clocks = [
        c
        for kind in (ClockKind.FEEDBACK, ClockKind.RESPONSE, ClockKind.RESOLUTION)
        if (c := clocks.find_open(ticket, kind))
    ]
    due = min(open_clocks, key=lambda clock: clock.due_at, default=None)
    words = {ClockKind.FEEDBACK: "反馈", ClockKind.RESPONSE: "响应", ClockKind.RESOLUTION: "办结"}
    return {
        "unit": unit.name,
        "role": person.name if person else "",
        "phone": unit.phone,
        "due_at": shown(due.due_at) if due else None,
        "due_what": words[due.kind] if due else "",
        "paused": ticket.stands_still,
        "stood_still_hours": ticket_view.stood_still_hours(ticket, now),
    }


def _viewers(ticket_id: str, town: Town) -> list[View]:
    """Who looked: unit, role and number 工号; the resident learns no name, and no title that somebody chose."""
    return [viewer_view(trace, town) for trace in audit.list_traces(ticket_id) if trace.what in LOOKS]
