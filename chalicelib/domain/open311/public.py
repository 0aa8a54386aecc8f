"""What of a ticket anyone may see through Open311: what a neighbour may (docs/access.md), and nothing else."""

from datetime import datetime, time
from typing import Any

from chalicelib.domain.clocks import clocks
from chalicelib.domain.model import SHANGHAI, Frozen, Instant
from chalicelib.domain.open311.nearest import position
from chalicelib.domain.open311.words import Word, is_closed, word_of
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.views.ticket_view import category_name, iso, unit_name

PARTNER = "open311-"  # begins the `partner` of an external id; the key's name follows

NOTES = {
    Word.OPEN: "已受理",
    Word.INVESTIGATING: "已派单",
    Word.IN_PROGRESS: "处置中",
    Word.ACTION_SCHEDULED: "已排定，按新的时限办理",
    Word.FIXED: "已结案",
    Word.NO_FURTHER_ACTION: "暂无进一步安排",
    Word.NOT_OURS: "不属本镇职责",
    Word.REFERRED: "已转送有权处理的部门",
    Word.DUPLICATE: "已与同一问题并案",
    Word.CANCELLED: "已撤回",
    Word.REOPEN: "重新办理",
    Word.FOR_TRIAGE: "重新派单",
}


class Entry(Frozen):
    """What the public list keeps of a ticket. `owner`: the key that reported it, "" for none. `changed_at`: of the rest."""

    ticket_id: str
    number: str
    received_at: Instant
    changed_at: Instant
    closed: bool
    word: Word
    category: str | None
    path: tuple[str, ...]
    placed: bool
    unit_id: str | None
    due_at: Instant | None
    text: str  # approved by the desk
    owner: str = ""


def owner_of(ticket: Ticket) -> str:
    """The name of the api key that the report came by, or ""."""
    partners = [each.partner for each in ticket.external_ids if each.partner.startswith(PARTNER)]
    return partners[0].removeprefix(PARTNER) if partners else ""


def entry_of(ticket: Ticket, changed_at: datetime) -> Entry | None:
    """None for a ticket that no neighbour may see: a confidential one, a practice one."""
    if ticket.confidential or ticket.practice:
        return None
    due = clocks.find_open(ticket, ClockKind.RESOLUTION)
    return Entry(
        ticket_id=ticket.id,
        number=ticket.number,
        received_at=ticket.received_at,
        changed_at=changed_at,
        closed=is_closed(ticket),
        word=word_of(ticket),
        category=ticket.category,
        path=ticket.where.path,
        placed=ticket.where.place is not None,
        unit_id=ticket.lead_unit_id,
        due_at=due.due_at if due else None,
        text=ticket.public_text,
        owner=owner_of(ticket),
    )


def is_public(entry: Entry, town: Town) -> bool:
    """Not of a category that the town has made sensitive since."""
    category = town.find_category(entry.category or "")
    return not (category and category.sensitive)


def request(entry: Entry, town: Town, *, key: str = "", text: str = "") -> dict[str, Any]:
    """A service request of the answer. `key`: who asks, "" for anyone; `text`: the report's own, for whose it is.

    Anyone else sees the day it came in, not the minute in which somebody stood there.
    """
    where = position(town, entry.path)
    place = next((found for code in reversed(entry.path) if (found := town.find_place(code))), None)
    requested = requested_at(entry, key)
    return {
        "service_request_id": entry.number,
        "status": "closed" if entry.closed else "open",
        "status_notes": _notes(entry, town),
        "service_name": category_name(entry.category, town),
        "service_code": entry.category or "",
        "description": text or entry.text,
        "agency_responsible": unit_name(entry.unit_id, town),
        "service_notice": "",
        "requested_datetime": iso(requested),
        "updated_datetime": iso(entry.changed_at if entry.changed_at > entry.received_at else requested),
        "expected_datetime": iso(entry.due_at) if entry.due_at else "",
        "address": (place.full_name or place.name) if place and entry.placed else "",
        "address_id": place.code if place and entry.placed else "",
        "zipcode": "",
        "lat": where[0] if where else None,
        "long": where[1] if where else None,
        "media_url": "",
    }


def requested_at(entry: Entry, key: str) -> datetime:
    local = entry.received_at.astimezone(SHANGHAI)
    return local if key else datetime.combine(local.date(), time(0), SHANGHAI)


def _notes(entry: Entry, town: Town) -> str:
    unit = unit_name(entry.unit_id, town)
    words = NOTES.get(entry.word, "有更新")
    return f"{words}：{unit}" if unit and not entry.closed else words
