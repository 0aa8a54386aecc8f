"""Opening a ticket: what each may see of it, and the trace that it leaves."""

from datetime import datetime
from typing import Any

from chalicelib.actions import residents
from chalicelib.domain import access, clocks
from chalicelib.domain.clock_model import ClockKind
from chalicelib.domain.codes import parse_ticket_number
from chalicelib.domain.directory import Town
from chalicelib.domain.errors import Invalid
from chalicelib.domain.history import history_line
from chalicelib.domain.moves import STAGE_NAMES
from chalicelib.domain.ticket import Event, Ticket
from chalicelib.domain.town import Staff
from chalicelib.store import audit, directory, lists, members, tickets

View = dict[str, Any]
_INTERNAL = frozenset(
    {"reminded", "escalated", "supervised", "classified", "extension_asked", "exempted", "handed_over"}
)


def staff_ticket(ticket_id: str, *, by: Staff, now: datetime) -> View:
    """The ticket on a staff screen. Opening it is audited, once per viewer and ten minutes. Raises NotFound."""
    town, ticket = directory.town(), tickets.get(ticket_id)
    access.need_sight(ticket, by, town)
    audit.opened(ticket_id, by.code, by.roles[0], by.unit, now)
    lines = [_line(version, event, town) for version, event in tickets.list_events(ticket_id)]
    return access.staff_view(ticket, town) | {
        "stage_name": STAGE_NAMES[ticket.stage],
        "history": lines,
        "members": len(members.list_members(ticket_id)),
        "may_reveal": access.may_reveal(ticket, by, town),
        "viewer": {"code": by.code, "name": by.name},  # for the watermark
    }


def resident_ticket(ticket_id: str, *, by: str, now: datetime) -> View:
    """The ticket on its reporter's, or a member's, page: who has it and by when, in plain words, and who viewed it."""
    member = residents.own(ticket_id, by)
    town, ticket = directory.town(), tickets.get(ticket_id)
    return short_view(ticket, town) | {
        # a neighbour joined what was visible
        "text": ticket.text if member.is_reporter else ticket.public_text,
        "photos": [{"id": photo} for photo in ticket.photos] if member.is_reporter else [],
        "holder": _holder(ticket, town),
        "timeline": _timeline(ticket, town, own=member.is_reporter),
        "viewers": _viewers(ticket_id, town) if member.is_reporter else [],
        "may": residents.allowed_acts(ticket, member, now),
        "is_reporter": member.is_reporter,
        "confidential": ticket.confidential,
    }


def short_view(ticket: Ticket, town: Town) -> View:
    """A line of "my tickets"."""
    category = town.find_category(ticket.category or "")
    return {
        "id": ticket.id,
        "number": ticket.number,
        "practice": ticket.practice,
        "stage": ticket.stage.value,
        "stage_name": STAGE_NAMES[ticket.stage],
        "place": ticket.where.name,
        "category": ticket.category,
        "category_name": category.name if category else "",
        "round": ticket.round,
        "received_at": _shown(ticket.received_at),
        "closed_at": _shown(ticket.closed_at) if ticket.closed_at else None,
    }


def search(
    *, by: Staff, number: str | None, external: str | None, place: str | None, since: str, until: str
) -> list[View]:
    """What staff find by number, a partner's number (partner:number), or place and date; only what they may see."""
    town = directory.town()
    ids = _ids_by(
        number, external, place, since, until
    )  # of an unknown number as little as of one not to be seen
    found = [ticket for ticket in lists.get_many(ids) if access.may_see(ticket, by, town)]
    return [short_view(ticket, town) for ticket in found]


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
        return ticket.photos + tuple(photo for event in lines for photo in event.photos)
    member = residents.own(ticket_id, resident or "")
    own = ticket.photos if member.is_reporter else ()
    public = [line for _, line in tickets.list_events(ticket_id) if _is_shown(line, own=member.is_reporter)]
    return own + tuple(photo for event in public for photo in event.photos)


def _ids_by(number: str | None, external: str | None, place: str | None, since: str, until: str) -> list[str]:
    if number:
        parsed = parse_ticket_number(number)
        if parsed is None:
            raise Invalid("工单号不对，请核对后再查", fields=["number"])
        known = lists.find_id_by_number(parsed)
        return [known] if known else []
    if external:
        partner, _, theirs = external.partition(":")
        found = lists.find_id_by_external(partner, theirs)
        return [found] if found else []
    if place:
        return lists.list_ids_at(place, since, until)
    raise Invalid("请填写工单号、外部编号或地点", fields=["number"])


def _line(version: int, event: Event, town: Town) -> View:
    return {
        "version": version,
        "kind": event.kind,
        "at": _shown(event.at),
        "by": event.by,
        "what": history_line(event, town),
        "note": event.note,
        "public": event.public,
        "photos": [{"id": photo} for photo in event.photos],
        "facts": event.facts,
    }


def _timeline(ticket: Ticket, town: Town, *, own: bool) -> list[View]:
    events = [event for _, event in tickets.list_events(ticket.id) if event.kind not in _INTERNAL]
    return [
        {
            "at": _shown(event.at),
            "what": history_line(event, town),
            "note": event.note if _is_shown(event, own=own) else "",
            "photos": [{"id": photo} for photo in event.photos] if _is_shown(event, own=own) else [],
        }
        for event in events
        if event.public or event.kind != "commented"
    ]


def _is_shown(event: Event, *, own: bool) -> bool:
    """Whether a resident sees note and photos: what staff made public; residents' words only on the reporter's page."""
    return own if event.by == "reporter" else event.public


def _holder(ticket: Ticket, town: Town) -> View | None:
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
        "due_at": _shown(due.due_at) if due else None,
        "due_what": words[due.kind] if due else "",
        "paused": ticket.pause is not None,
    }


def _viewers(ticket_id: str, town: Town) -> list[View]:
    """Who looked, by role and unit; the resident learns that it happened, not the person."""
    traces = [trace for trace in audit.list_traces(ticket_id) if trace.what in ("opened", "revealed")]
    shown = []
    for trace in traces:
        unit, person = town.find_unit(trace.unit), town.find_staff(trace.viewer)
        role = person.name if person else trace.role
        shown.append(
            {"role": role, "unit": unit.name if unit else "", "at": _shown(trace.at), "what": trace.what}
        )
    return shown


def _shown(instant: datetime) -> str:
    """ISO 8601 with +08:00, as every answer of the API."""
    return instant.isoformat(timespec="seconds")
