"""反馈表 《片区民情调研问题反馈表》: a joint or difficult ticket as the form that units fill in and hand back."""

from collections.abc import Iterable
from datetime import date, datetime

from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import WrongStage
from chalicelib.domain.model import SHANGHAI, Frozen
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.practice import MARK
from chalicelib.domain.tickets.ticket import AssistingState, Event, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import PlaceKind, Track
from chalicelib.domain.views.history import history_line
from chalicelib.domain.views.pick_lists import name_of
from chalicelib.domain.views.ticket_view import category_name, unit_name

TITLE = "片区民情调研问题反馈表"
LEAD, ASSISTING, AREA, RESULT = "主办", "协办", "片区意见", "办理结论"
MOST_TOLD = 8  # lines of history that the form repeats
_TOLD = frozenset(
    {
        EventKind.DISPATCHED,
        EventKind.TRANSFERRED,
        EventKind.TAKEN,
        EventKind.ARRIVED,
        EventKind.CONTACTED,
        EventKind.UNIT_FEEDBACK,
        EventKind.PROGRESS,
        EventKind.RESOLVED,
    }
)


class Line(Frozen):
    """One line to be filled in: whose it is, and what stands there already."""

    part: str  # LEAD, ASSISTING, AREA or RESULT
    unit_id: str
    unit_name: str
    text: str = ""
    on: date | None = None

    @property
    def label(self) -> str:
        return f"{self.unit_name}（{self.part}）"


class Form(Frozen):
    """`heads`: what stands above the lines, in order, each with its label. No identity: it holds what the ticket does."""

    ticket_id: str
    number: str
    version: int
    title: str
    heads: tuple[tuple[str, str], ...]
    text: str
    so_far: str
    lines: tuple[Line, ...]
    received_on: date


class Said(Frozen):
    """What a line of a form that came back says anew."""

    line: Line
    text: str
    on: date

    @property
    def is_result(self) -> bool:
        return self.line.part == RESULT

    @property
    def is_of_area(self) -> bool:
        return self.line.part == AREA


class Filled(Frozen):
    """A form as it came back. `digest`: the same for the same words, however often the file was saved."""

    digest: str
    version: int  # of the ticket that the form was made from
    said: tuple[Said, ...]


def form_of(ticket: Ticket, events: Iterable[Event], *, town: Town) -> Form:
    """The filled form. Raises WrongStage for a simple ticket, which needs none."""
    if ticket.track is Track.SIMPLE:
        raise WrongStage("简易工单不用反馈表；需要多个部门办理的，请先把工单改为复杂或疑难")
    known = list(events)
    return Form(
        ticket_id=ticket.id,
        number=ticket.number,
        version=ticket.version,
        title=f"{TITLE}（{MARK}）" if ticket.practice else TITLE,
        heads=_heads(ticket, town),
        text=ticket.text,
        so_far=_so_far(known, town),
        lines=_lines(ticket, known, town),
        received_on=ticket.received_at.date(),
    )


def printed_lines(
    ticket: Ticket, history: Iterable[tuple[int, Event]], *, version: int, town: Town
) -> tuple[Line, ...]:
    """The lines as the form of an older `version` showed them: the units of today with what each had said by then."""
    return _lines(ticket, [event for at, event in history if at <= version], town)


def _heads(ticket: Ticket, town: Town) -> tuple[tuple[str, str], ...]:
    clock = clocks.find_open(ticket, ClockKind.RESOLUTION)
    areas = [
        p.name for code in ticket.where.path if (p := town.find_place(code)) and p.kind is PlaceKind.AREA
    ]
    return (
        ("工单编号", ticket.number),
        ("工单版本", str(ticket.version)),
        ("所属片区", "".join(areas[:1])),
        ("工作站", unit_name(ticket.station_id, town)),
        ("问题来源", name_of(ticket.source)),
        ("反映时间", _minute(ticket.received_at)),
        ("问题类别", category_name(ticket.category, town) or "未分类"),
        ("处置方式", name_of(ticket.track)),
        ("发生地点", ticket.where.name),
        ("办结时限", _minute(clock.due_at) if clock else ""),
    )


def _so_far(events: list[Event], town: Town) -> str:
    told = [event for event in events if event.kind in _TOLD][-MOST_TOLD:]
    lines = [f"{_minute(event.at)} {history_line(event, town)}" for event in told]
    notes = [f"：{event.note}" if event.note else "" for event in told]
    return "\n".join(line + note for line, note in zip(lines, notes, strict=True))


def _lines(ticket: Ticket, events: list[Event], town: Town) -> tuple[Line, ...]:
    """The lead first, then who assists or has assisted, the area, and last the lead's conclusion."""
    parts = [(LEAD, ticket.lead_unit_id)] if ticket.lead_unit_id else []
    parts += [
        (ASSISTING, part.unit_id) for part in ticket.assisting if part.state is not AssistingState.WAIVED
    ]
    parts += [(AREA, ticket.station_id)]
    lines = [_line(part, unit or "", _latest(events, unit or "", part, town), town) for part, unit in parts]
    if ticket.lead_unit_id:
        proposed = [
            e
            for e in events
            if e.kind is EventKind.RESULT_PROPOSED and e.details.get("unit") == ticket.lead_unit_id
        ]
        lines.append(_line(RESULT, ticket.lead_unit_id, proposed[-1] if proposed else None, town))
    return tuple(lines)


def _line(part: str, unit_id: str, latest: Event | None, town: Town) -> Line:
    line = Line(part=part, unit_id=unit_id, unit_name=unit_name(unit_id, town))
    if latest is None:
        return line
    on = latest.details.get("on")
    return line.model_copy(
        update={"text": latest.note, "on": date.fromisoformat(on) if on else latest.at.date()}
    )


def _latest(events: list[Event], unit_id: str, part: str, town: Town) -> Event | None:
    """The last opinion or progress that the unit gave, on a form or by its own people."""
    found = [
        e for e in events if e.kind is EventKind.PROGRESS and _said_by(e, town) == (unit_id, part == AREA)
    ]
    return found[-1] if found else None


def _said_by(event: Event, town: Town) -> tuple[str, bool]:
    """The unit whose progress it is, and whether it speaks for the area 片区."""
    if "unit" in event.details:
        return event.details["unit"], event.details.get("part") == AREA
    person = town.find_staff(event.by)
    return (person.unit if person else ""), False


def _minute(instant: datetime) -> str:
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
