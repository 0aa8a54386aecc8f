"""处置: contact, arrival, the unit's own feedback, progress, extensions, waiting, 挂账."""

from bisect import bisect_left
from datetime import datetime

from chalicelib.domain.acts.moves import (
    WITH_A_UNIT,
    Changed,
    changed,
    need_lead,
    need_stage,
)
from chalicelib.domain.clocks import clocks
from chalicelib.domain.clocks.rounds import rule_for
from chalicelib.domain.errors import Invalid, NotAllowed, StillOpen, TooLate, WrongStage
from chalicelib.domain.model import YesNo
from chalicelib.domain.tickets.clock_model import ClockKind, Window
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Audience, Event, Extended, Extension, Stage, Ticket
from chalicelib.domain.town.calendar import Amount, AmountUnit
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff

# Rule 14 (Shandong 2020: 延期不超过10个工作日), where clocks.csv has no row "extension"; a petition's is 30 days.
MOST_EXTENSION = Amount(count=10, unit=AmountUnit.WORKING_DAYS)
_MOST_DAYS = 30  # that a form offers at once
_BEYOND_ANY = 1000  # working days that no town allows; more need not be recalculated


def arrive(
    ticket: Ticket, *, by: Staff, note: str, photos: tuple[str, ...], town: Town, now: datetime
) -> Changed:
    """到场: being at the place is the response (rule 3); the take is not."""
    need_stage(ticket, WITH_A_UNIT, "登记到场")
    need_lead(ticket, by)
    there = {"arrived": True, "arrived_at": ticket.arrived_at or now}
    after = clocks.meet(ticket, ClockKind.RESPONSE, by=by.code, now=now).model_copy(update=there)
    event = Event(kind=EventKind.ARRIVED, at=now, by=by.code, note=note, photos=photos)
    return changed(after, event, before=ticket, town=town)


def contact(ticket: Ticket, *, by: Staff, note: str, town: Town, now: datetime) -> Changed:
    """先行联系: spoke with the resident, which is the response too (rule 3)."""
    need_stage(ticket, WITH_A_UNIT, "登记联系")
    need_lead(ticket, by)
    after = clocks.meet(ticket, ClockKind.RESPONSE, by=by.code, now=now)
    event = Event(kind=EventKind.CONTACTED, at=now, by=by.code, note=note, public=True)
    return changed(after, event, before=ticket, town=town)


def with_unit_feedback(ticket: Ticket, *, by: Staff, now: datetime) -> Ticket:
    """初步反馈 given: the first of a round meets its clock."""
    after = clocks.meet(ticket, ClockKind.UNIT_FEEDBACK, by=by.code, now=now)
    return after.model_copy(update={"fed_back_by_unit": ticket.round})


def unit_feedback(
    ticket: Ticket,
    *,
    by: Staff,
    text: str,
    audience: Audience = Audience.REPORTER,
    town: Town,
    now: datetime,
) -> Changed:
    """初步反馈: the unit's own first message: what will be done, by when (rule 5). An act of its own."""
    need_stage(ticket, WITH_A_UNIT, "初步反馈")
    need_lead(ticket, by)
    after = with_unit_feedback(ticket, by=by, now=now)
    event = Event(kind=EventKind.UNIT_FEEDBACK, at=now, by=by.code, note=text, public=True, audience=audience)
    return changed(after, event, before=ticket, town=town)


def with_progress(ticket: Ticket, *, by: Staff, town: Town, now: datetime) -> Ticket:
    """进展 written: its clock is met, and where one ran the next is due a progress period from now."""
    after = clocks.meet(ticket, ClockKind.PROGRESS, by=by.code, now=now)
    if clocks.find_latest(ticket, ClockKind.PROGRESS) is None:
        return after
    after = clocks.start(after, ClockKind.PROGRESS, town=town, now=now)
    return clocks.pause(after, [ClockKind.PROGRESS], now=now) if after.stands_still else after


def progress(
    ticket: Ticket,
    *,
    by: Staff,
    text: str,
    photos: tuple[str, ...],
    public: bool,
    audience: Audience = Audience.REPORTER,
    town: Town,
    now: datetime,
) -> Changed:
    """进展: an entry by the lead or an assisting unit; the next one is due a progress period from now."""
    need_stage(ticket, {Stage.HANDLING}, "填写进展")
    if by.unit not in {a.unit_id for a in ticket.assisting if a.is_open}:
        need_lead(ticket, by)
    after = with_progress(ticket, by=by, town=town, now=now)
    event = Event(
        kind=EventKind.PROGRESS,
        at=now,
        by=by.code,
        note=text,
        public=public,
        audience=audience,
        photos=photos,
    )
    row = "progress/public" if public else "progress"
    return changed(after, event, before=ticket, town=town, row=row)


def ask_extension(
    ticket: Ticket, *, by: Staff, working_days: int, reason: str, town: Town, now: datetime
) -> Changed:
    """延期: asked before the due time, whose last instant still counts; decided by another person (rule 14).

    Raises TooLate after it, StillOpen while another request waits, Invalid for none, or more than the town allows for all
    extensions of the round together.
    """
    need_stage(ticket, WITH_A_UNIT, "申请延期")
    need_lead(ticket, by)
    if why := extension_waits(ticket):
        raise StillOpen(why)
    clock = clocks.find_open(ticket, ClockKind.RESOLUTION)
    if clock is None or clocks.is_overdue(clock, now):
        raise TooLate("办结时限已过，不能再申请延期；请尽快办结，或请片区协调")
    _need_allowed(ticket, clock.due_at, working_days, town)
    asked = Extension(asked_by=by.code, asked_at=now, working_days=working_days, reason=reason)
    after = ticket.model_copy(update={"extension": asked})
    details = {"working_days": str(working_days)}
    event = Event(kind=EventKind.EXTENSION_ASKED, at=now, by=by.code, note=reason, details=details)
    return changed(after, event, before=ticket, town=town, named=town.station_heads(ticket.station_id))


def extension_waits(ticket: Ticket) -> str:
    """What is said while a request waits for its decision, or ""."""
    return "已有延期申请在等待审批" if ticket.extension is not None else ""


def extension_until(ticket: Ticket) -> datetime | None:
    """The last instant at which an extension may be asked for; None while no due time of the resolution runs."""
    clock = clocks.find_open(ticket, ClockKind.RESOLUTION)
    return clock.due_at if clock else None


def days_left(ticket: Ticket, town: Town) -> int:
    """How many working days may still be asked for in this round."""
    until = extension_until(ticket)
    if until is None:
        return 0
    # whoever may ask for so many days may ask for fewer
    return bisect_left(range(1, _MOST_DAYS + 1), True, key=lambda n: not _is_allowed(ticket, until, n, town))


def _is_allowed(ticket: Ticket, due_at: datetime, working_days: int, town: Town) -> bool:
    try:
        _need_allowed(ticket, due_at, working_days, town)
    except Invalid:
        return False
    return True


def _need_allowed(ticket: Ticket, due_at: datetime, working_days: int, town: Town) -> None:
    rule = rule_for(ticket, Window.EXTENSION, town)
    most = rule.amount if rule else MOST_EXTENSION
    had = sum(each.working_days for each in ticket.extensions if each.round == ticket.round)
    together = Amount(count=had + max(1, min(working_days, _BEYOND_ANY)), unit=AmountUnit.WORKING_DAYS)
    if working_days < 1 or town.calendar.add(due_at, together)[0] > town.calendar.add(due_at, most)[0]:
        length = f"{most.count:g}{'个工作日' if most.is_working else '天'}"
        already = f"，此前已延{had}个工作日" if had else ""
        raise Invalid(f"延期至少1个工作日，累计最长{length}{already}", fields=["working_days"])


def decide_extension(
    ticket: Ticket, *, by: Staff, approved: bool, note: str, town: Town, now: datetime
) -> Changed:
    """An approved extension is a new due time, not overdue; the resident is told. Raises NotAllowed for the one who asked."""
    asked = ticket.extension
    need_stage(ticket, WITH_A_UNIT | {Stage.SUSPENDED}, "审批延期")
    if asked is None:
        raise WrongStage("没有等待审批的延期申请")
    if asked.asked_by == by.code:
        raise NotAllowed("延期须由他人审批")
    after = ticket.model_copy(update={"extension": None})
    if approved:
        granted = Extended(round=ticket.round, working_days=asked.working_days, by=by.code, at=now)
        after = after.model_copy(update={"extensions": (*ticket.extensions, granted)})
        after = clocks.extend(
            after, ClockKind.RESOLUTION, working_days=asked.working_days, town=town, now=now
        )
    details = {"approved": YesNo.of(approved), "working_days": str(asked.working_days)}
    event = Event(
        kind=EventKind.EXTENSION_DECIDED,
        at=now,
        by=by.code,
        note=note,
        details=details | {"reason": asked.reason},
    )
    row = "extension_decided/approved" if approved else "extension_decided"
    return changed(after, event, before=ticket, town=town, row=row, named=[town.find_staff(asked.asked_by)])
