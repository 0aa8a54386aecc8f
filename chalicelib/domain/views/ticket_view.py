"""What a screen shows of a ticket beside its own fields: codes with their names, and the clocks that still run."""

from datetime import datetime
from typing import Any

from chalicelib.domain.clocks import clocks
from chalicelib.domain.model import from_stamp
from chalicelib.domain.tickets.clock_model import CLOCK_NAMES, ClockKind
from chalicelib.domain.tickets.ticket import STAGE_NAMES, Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff, Unit
from chalicelib.domain.understanding.text_model import Guess

View = dict[str, Any]


def staff_parts(ticket: Ticket, town: Town, now: datetime) -> View:
    """What the desk's and the phones' ticket page needs beyond `access.staff_view`. Shapes: docs/architecture.md."""
    return {
        "suggestion": _suggestion(ticket, town),
        "place_path": [
            {"code": place.code, "name": place.name, "kind": place.kind.value}
            for code in ticket.where.path
            if (place := town.find_place(code))
        ],
        "station": _unit(town.find_unit(ticket.station_id)),
        "lead_unit": _unit(town.find_unit(ticket.lead_unit_id or "")),
        "handler": _person(town.find_staff(ticket.handler_id or "")),
        "assisting": [
            part.model_dump() | {"unit_name": unit_name(part.unit_id, town)} for part in ticket.assisting
        ],
        "running": running(ticket, now),
        "reached_by": reached_by(ticket),
        "place_candidates": [
            {"code": place.code, "name": place.full_name or place.name}
            for code in ticket.where.candidates
            if (place := town.find_place(code))
        ],
        "stood_still_hours": stood_still_hours(ticket, now),
        "title": ticket.title,
        "part_of": ticket.part_of.model_dump() if ticket.part_of else None,
        "parts": parts_of(ticket),
    }


def parts_of(ticket: Ticket) -> list[View]:
    """The other matters of a divided report, each with how far it is."""
    return [part.model_dump(mode="json") | {"stage_name": STAGE_NAMES[part.stage]} for part in ticket.parts]


_FIRST_TO_LAST = (Stage.RECEIVED, Stage.DISPATCHED, Stage.HANDLING, Stage.SUSPENDED, Stage.RESOLVED)


def stage_of_whole(ticket: Ticket) -> Stage:
    """How far a report is as a whole: as far as the matter of it that is furthest behind."""
    stages = [ticket.stage, *(part.stage for part in ticket.parts)]
    return next((stage for stage in _FIRST_TO_LAST if stage in stages), ticket.stage)


def reached_by(ticket: Ticket) -> str:
    """How the reporter can be reached, for people; one without phone or WeChat sees news only on the page."""
    if ticket.reporter_id is None:
        return ""
    if ticket.reachable == "in_wechat":
        return "微信" + ("、电话" if ticket.phone_left else "")
    return "电话" if ticket.phone_left else "只能扫码查看"


def stood_still_hours(ticket: Ticket, now: datetime) -> float:
    """For how long the ticket waited or was suspended in all, to a tenth of an hour; what stands still now counts."""
    passed = [pause.until - pause.since for pause in ticket.pauses]
    if ticket.pause is not None and ticket.stands_still:
        passed.append(now - (ticket.pause.arrived_at or ticket.pause.since))
    return round(sum(each.total_seconds() for each in passed) / 3600, 1)


def running(ticket: Ticket, now: datetime) -> list[View]:
    """The clocks neither met nor ended, the soonest due first; a paused one stands still and may be late already."""
    still_open = sorted((c for c in ticket.clocks if c.is_open), key=lambda clock: clock.due_at)
    return [
        {
            "kind": clock.kind.value,
            "name": CLOCK_NAMES[clock.kind],
            "round": clock.round,
            "started_at": shown(clock.started_at),
            "due_at": shown(clock.due_at),
            "overdue": clocks.is_overdue(clock, now),
            "paused": clock.paused_at is not None,
            "extended": clock.extended,
            "provisional": clock.provisional,
        }
        for clock in still_open
    ]


def queue_row(entry: View, town: Town) -> View:
    """A row of a queue with the names of its codes, in Shanghai time; whose queue it is and whom it concerns stay inside."""
    hidden = {"who", "concerns"}
    row = {name: value for name, value in entry.items() if name not in hidden}
    clock, handler = row.get("clock", ""), town.find_staff(row.get("handler_id") or "")
    return row | {
        "due_at": shown(from_stamp(row["due_at"])),
        "received_at": shown(from_stamp(row["received_at"])),
        "stage_name": STAGE_NAMES[Stage(row["stage"])],
        "category": row.get("category") or "",
        "category_name": category_name(row.get("category"), town),
        "unit_id": row.get("unit_id") or "",
        "unit_name": unit_name(row.get("unit_id"), town),
        "handler_id": row.get("handler_id") or "",
        "handler_name": handler.name if handler else "",
        "clock_name": CLOCK_NAMES[ClockKind(clock)] if clock else "",
    }


def guessed(guess: Guess | None, town: Town) -> View | None:
    """The model's guess beside the rules' suggestion. None for a category that the town does not have, or no longer."""
    category = town.find_category(guess.label) if guess else None
    if guess is None or category is None:
        return None
    return {
        "category": category.code,
        "category_name": category.name,
        "confidence": guess.confidence,
        "words": list(guess.words),
    }


def category_name(code: str | None, town: Town) -> str:
    category = town.find_category(code or "")
    return category.name if category else ""


def unit_name(code: str | None, town: Town) -> str:
    unit = town.find_unit(code or "")
    return unit.name if unit else ""


def shown(instant: datetime) -> str:
    """ISO 8601 with +08:00, as every answer of the API."""
    return instant.isoformat(timespec="seconds")


def plain(value: Any) -> Any:
    """A dumped model as an answer holds it: every instant as `shown`, at any depth."""
    if isinstance(value, datetime):
        return shown(value)
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _suggestion(ticket: Ticket, town: Town) -> View | None:
    if ticket.suggestion is None:
        return None
    names = {
        "category_name": category_name(ticket.suggestion.category, town),
        "unit_name": unit_name(ticket.suggestion.unit_id, town),
    }
    return ticket.suggestion.model_dump(mode="json") | names


def _unit(unit: Unit | None) -> View | None:
    return {"code": unit.code, "name": unit.name, "phone": unit.phone} if unit else None


def _person(person: Staff | None) -> View | None:
    return {"code": person.code, "name": person.name} if person else None
