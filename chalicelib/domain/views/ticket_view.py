"""What a screen shows of a ticket beside its own fields: codes with their names, and the clocks that still run."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.domain.clocks import clocks
from chalicelib.domain.model import View, from_stamp
from chalicelib.domain.tickets.clock_model import CLOCK_NAMES, ClockKind
from chalicelib.domain.tickets.ticket import ENDED, STAGE_NAMES, Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import ResidentChannel, Staff, Unit
from chalicelib.domain.understanding.text_model import Guess

if TYPE_CHECKING:
    from chalicelib.domain.schemas import Named
    from chalicelib.domain.views.schemas import (
        GuessShown,
        QueueRow,
        RecordingShown,
        Running,
        Secrecy,
        ShownConfrontation,
        ShownMeeting,
        ShownPart,
        ShownSuggestion,
        StaffParts,
        UnitShown,
        WatchedRow,
    )


def staff_parts(ticket: Ticket, town: Town, now: datetime) -> "StaffParts":
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
            plain(part.model_dump()) | {"unit_name": unit_name(part.unit_id, town)}
            for part in ticket.assisting
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
        "part_of": plain(ticket.part_of.model_dump()) if ticket.part_of else None,
        "parts": parts_of(ticket),
    }


def recording_view(ticket: Ticket, now: datetime) -> "RecordingShown | None":
    """录音 as a screen shows it: how long, whether its words are written down, and whether it may still be played."""
    recording = ticket.recording
    if recording is None:
        return None
    return {
        "seconds": recording.seconds,
        "is_unheard": recording.is_unheard,
        "heard_at": iso(recording.heard_at) if recording.heard_at else None,
        "is_kept": recording.is_kept(now),
    }


def parts_of(ticket: Ticket) -> "list[ShownPart]":
    """The other matters of a divided report, each with how far it is."""
    return [plain(part.model_dump()) | {"stage_name": STAGE_NAMES[part.stage]} for part in ticket.parts]


_GIVES_AWAY = "事情本身也可能让人猜到是谁反映的：补充时尽量不写门牌、时间和只有您知道的细节。"
_SEALED = "承办单位看不到是谁反映的，只看到工作站转述的一句话。"
_ASKED_FIRST = "要找对方核实，会先问您。"


def secrecy(ticket: Ticket, town: Town) -> "Secrecy | None":
    """保密 as its reporter reads it, in the app alone: who cannot see it, and what may give them away all the same (rule 21)."""
    if not ticket.confidential:
        return None
    names = [unit_name(code, town) or _title(code, town) for code in ticket.concerns]
    return {
        "kept_from": [name for name in names if name],
        "by_area": ticket.station_id in ticket.concerns,
        "sealed": ticket.sealed,
        "notes": [*([_SEALED] if ticket.sealed else []), _GIVES_AWAY, _ASKED_FIRST],
        "may_lift": bool(ticket.concerns) and ticket.stage not in ENDED,
    }


def _title(code: str, town: Town) -> str:
    person = town.find_staff(code)
    return person.name if person else ""


_FIRST_TO_LAST = (Stage.RECEIVED, Stage.DISPATCHED, Stage.HANDLING, Stage.SUSPENDED, Stage.RESOLVED)


def stage_of_whole(ticket: Ticket) -> Stage:
    """How far a report is as a whole: as far as the matter of it that is furthest behind."""
    stages = [ticket.stage, *(part.stage for part in ticket.parts if not part.done)]
    return next((stage for stage in _FIRST_TO_LAST if stage in stages), ticket.stage)


def reached_by(ticket: Ticket) -> str:
    """How the reporter can be reached, for people; one without phone or WeChat sees news only on the page."""
    if ticket.reporter_id is None:
        return ""
    if ticket.reachable is ResidentChannel.IN_WECHAT:
        return "微信" + ("、电话" if ticket.phone_left else "")
    return "电话" if ticket.phone_left else "只能扫码查看"


def stood_still_hours(ticket: Ticket, now: datetime) -> float:
    """For how long the ticket waited or was suspended in all, to a tenth of an hour; what stands still now counts."""
    passed = [pause.until - pause.since for pause in ticket.pauses]
    if ticket.pause is not None and ticket.stands_still:
        passed.append(now - (ticket.pause.arrived_at or ticket.pause.since))
    return round(sum(each.total_seconds() for each in passed) / 3600, 1)


def running(ticket: Ticket, now: datetime) -> "list[Running]":
    """The clocks neither met nor ended, the soonest due first; a paused one stands still and may be late already."""
    still_open = sorted((c for c in ticket.clocks if c.is_open), key=lambda clock: clock.due_at)
    return [
        {
            "kind": clock.kind.value,
            "name": CLOCK_NAMES[clock.kind],
            "round": clock.round,
            "started_at": iso(clock.started_at),
            "due_at": iso(clock.due_at),
            "rings_at": [iso(rung.at) for rung in clock.rungs],
            "overdue": clocks.is_overdue(clock, now),
            "paused": clock.paused_at is not None,
            "extended": clock.extended,
            "provisional": clock.provisional,
        }
        for clock in still_open
    ]


def queue_row(entry: View, town: Town) -> "QueueRow":
    """A row of a queue with the names of its codes, in Shanghai time; whose queue it is and whom it concerns stay inside."""
    hidden = {"who", "concerns"}
    row: Any = {name: value for name, value in entry.items() if name not in hidden}
    clock, handler = row.get("clock", ""), town.find_staff(row.get("handler_id") or "")
    shown: QueueRow = row | {
        "due_at": iso(from_stamp(row["due_at"])),
        "rings_at": [iso(from_stamp(each)) for each in row.get("rings_at", ())],
        "received_at": iso(from_stamp(row["received_at"])),
        "stage_name": STAGE_NAMES[Stage(row["stage"])],
        "category": row.get("category") or "",
        "category_name": category_name(row.get("category"), town),
        "unit_id": row.get("unit_id") or "",
        "unit_name": unit_name(row.get("unit_id"), town),
        "handler_id": row.get("handler_id") or "",
        "handler_name": handler.name if handler else "",
        "clock_name": CLOCK_NAMES[ClockKind(clock)] if clock else "",
    }
    return shown


def watched_row(row: "QueueRow") -> "WatchedRow":
    """A row on a locked screen: of what is pressing number, place and kind, where it is not confidential; else nothing."""
    is_pressing = row["urgent"] or row["clock"] == ClockKind.DANGER
    is_told = is_pressing and not row["confidential"]
    return {
        "ticket_id": row["ticket_id"],
        "urgent": row["urgent"],
        "paused": row["paused"],
        "clock": row["clock"],
        "due_at": row["due_at"],
        "rings_at": row["rings_at"],
        "confidential": row["confidential"],
        "number": row["number"] if is_pressing else "",
        "place": row["place"] if is_told else "",
        "category_name": row["category_name"] if is_told else "",
    }


def guessed(guess: Guess | None, town: Town) -> "GuessShown | None":
    """The model's guess beside the rules' suggestion. None for a category that the town does not have, or no longer."""
    category = town.find_category(guess.label) if guess else None
    if guess is None or category is None:
        return None
    return {
        "category": category.code,
        "category_name": category.name,
        "proposed": guess.is_proposed,
        "words": list(guess.words),
        "choices": [
            {
                "category": each.label,
                "category_name": category_name(each.label, town),
                "share": each.share,
                "error": each.error,
            }
            for each in guess.choices
            if town.find_category(each.label)
        ],
    }


def meetings_of(ticket: Ticket, town: Town, own_unit: str) -> "list[ShownMeeting]":
    """会商 with the names of units, and what was undertaken at each; `is_own` says that the viewer's unit undertook it."""
    return [
        plain(meeting.model_dump())
        | {
            "units": [unit_name(code, town) for code in meeting.unit_ids],
            "undertakings": [
                plain(each.model_dump())
                | {"unit_name": unit_name(each.unit_id, town), "is_own": each.unit_id == own_unit}
                for each in ticket.undertakings
                if each.id.startswith(f"{meeting.id}-")
            ],
        }
        for meeting in ticket.meetings
    ]


def confrontations_of(ticket: Ticket, town: Town) -> "list[ShownConfrontation]":
    """转告事由, the latest last, with who put it and to whom."""
    return [
        plain(each.model_dump())
        | {
            "to_name": unit_name(each.to, town) or _title(each.to, town),
            "by_name": _title(each.by, town),
        }
        for each in ticket.confrontations
    ]


def category_name(code: str | None, town: Town) -> str:
    category = town.find_category(code or "")
    return category.name if category else ""


def unit_name(code: str | None, town: Town) -> str:
    unit = town.find_unit(code or "")
    return unit.name if unit else ""


def iso(instant: datetime) -> str:
    """ISO 8601 with +08:00, as every answer of the API."""
    return instant.isoformat(timespec="seconds")


def plain(value: Any) -> Any:
    """A dumped model as an answer holds it: every instant as `iso`, at any depth."""
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _suggestion(ticket: Ticket, town: Town) -> "ShownSuggestion | None":
    if ticket.suggestion is None:
        return None
    shown: ShownSuggestion = plain(ticket.suggestion.model_dump()) | {
        "category_name": category_name(ticket.suggestion.category, town),
        "unit_name": unit_name(ticket.suggestion.unit_id, town),
    }
    return shown


def _unit(unit: Unit | None) -> "UnitShown | None":
    return {"code": unit.code, "name": unit.name, "phone": unit.phone} if unit else None


def _person(person: Staff | None) -> "Named | None":
    return {"code": person.code, "name": person.name} if person else None
