"""会商: departments are called together over a ticket; what they decide are undertakings, each with its own clock (rule 97)."""

from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.acts.moves import WITH_A_UNIT, Changed, changed, need_no_conflict, need_stage
from chalicelib.domain.clocks.rounds import exactly, new_round, rule_for
from chalicelib.domain.errors import AlreadyDone, Invalid, NotFound, NotYours, TooMuch, WrongStage
from chalicelib.domain.model import SHANGHAI, Frozen, Instant
from chalicelib.domain.parties.holding import who_helps
from chalicelib.domain.tickets.clock_model import Clock, ClockKind
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import (
    ENDED,
    Assisting,
    AssistingState,
    Event,
    Meeting,
    Stage,
    Ticket,
    Undertaking,
)
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff, Track

MOST_MEETINGS = 6  # of one ticket
MOST_UNDERTAKINGS = 20


class Decided(Frozen):
    """One decision as it is recorded: which unit does what by when. `outside`: who does it where that is none of the town's
    units; the unit then sees to it that it is done."""

    unit_id: str
    what: str
    due_at: Instant
    outside: str = ""


class Convened(NamedTuple):
    """When and where a meeting is, over what, and who comes: units, and others by name."""

    at: datetime
    place: str
    question: str
    unit_ids: tuple[str, ...]
    outside: tuple[str, ...]


def call(
    ticket: Ticket,
    *,
    at: datetime,
    place: str,
    question: str,
    unit_ids: tuple[str, ...],
    outside: tuple[str, ...],
    invite: bool,
    public: str,
    by: Staff,
    town: Town,
    now: datetime,
) -> Changed:
    """召集会商 over a joint or difficult ticket. `public` is the one line that the resident reads; who comes and over what, not.

    Invitations are optional: people phone. Raises WrongStage for a simple or an ended ticket, Invalid for a time that has
    passed or nobody called, ConflictOfInterest.
    """
    if at <= now:
        raise Invalid("会商时间须在现在之后；已经开过的，请直接记录", fields=["at"])
    after = convened(ticket, Convened(at, place, question, unit_ids, outside), by=by, town=town)
    meeting = after.meetings[-1]
    event = Event(
        kind=EventKind.MEETING_CALLED,
        at=now,
        by=by.code,
        note=public,
        public=True,
        details={
            "meeting": meeting.id,
            "when": f"{at.astimezone(SHANGHAI):%-m月%-d日 %H:%M}",
            "where": place,
        },
    )
    people = [p for unit in unit_ids for p in who_helps(unit, ticket, town, now)] if invite else []
    return changed(after, event, before=ticket, town=town, named=people)


def record(
    ticket: Ticket,
    *,
    meeting_id: str,
    present: str,
    minutes: str,
    decided: tuple[Decided, ...],
    public: str,
    by: Staff,
    town: Town,
    now: datetime,
) -> Changed:
    """记录会商: minutes and decisions. Each decision begins its own clock, and its unit becomes a part of the ticket.

    Recorded once. Raises NotFound, AlreadyDone, WrongStage while no unit leads and something was decided, Invalid for a unit
    that does not exist or a day that has passed, TooMuch, ConflictOfInterest.
    """
    _need_open(ticket)
    meeting = next((each for each in ticket.meetings if each.id == meeting_id), None)
    if meeting is None:
        raise NotFound("没有这次会商")
    if meeting.recorded_at is not None:
        raise AlreadyDone("这次会商已经记录过；补充的事请再开一次")
    if decided:
        need_stage(ticket, WITH_A_UNIT, "记下会商任务（请先派给主办单位）")
    held = meeting.model_copy(
        update={"present": present, "minutes": minutes, "recorded_at": now, "recorded_by": by.code}
    )
    after = ticket.model_copy(
        update={"meetings": tuple(held if each is meeting else each for each in ticket.meetings)}
    )
    for n, one in enumerate(decided, 1):
        after = _undertaken(after, one, f"{meeting.id}-{n}", by=by, town=town, now=now)
    event = Event(
        kind=EventKind.MEETING_RECORDED,
        at=now,
        by=by.code,
        note=public,
        public=True,
        details={"meeting": meeting.id},
    )
    units = dict.fromkeys(one.unit_id for one in decided)
    people = [person for unit in units for person in who_helps(unit, after, town, now)]
    return changed(after, event, before=ticket, town=town, named=people)


def convened(ticket: Ticket, meant: Convened, *, by: Staff, town: Town) -> Ticket:
    """The ticket with one more meeting: one that is being called, or was held without, to be recorded at once."""
    _need_open(ticket)
    meeting = _meeting(ticket, meant, by, town)
    return ticket.model_copy(update={"meetings": (*ticket.meetings, meeting)})


def finish(
    ticket: Ticket,
    *,
    undertaking_id: str,
    note: str,
    photos: tuple[str, ...],
    by: Staff,
    town: Town,
    now: datetime,
) -> Changed:
    """会商任务办好: by the unit that undertook it. The last one of an assisting unit ends its part.

    Raises NotFound, AlreadyDone, NotYours, WrongStage after the end.
    """
    _need_open(ticket)
    one = next((each for each in ticket.undertakings if each.id == undertaking_id), None)
    if one is None:
        raise NotFound("没有这项会商任务")
    if one.done_at is not None:
        raise AlreadyDone("这项会商任务已经办好")
    if by.unit != one.unit_id:
        raise NotYours("会商任务由认领的单位自己填写办好")
    done = one.model_copy(update={"done_at": now, "done_by": by.code, "note": note})
    after = ticket.model_copy(
        update={"undertakings": tuple(done if each is one else each for each in ticket.undertakings)}
    )
    after = _with_clock(after, one.id, {"met_at": exactly(now), "met_by": by.code})
    if one.opened_part and not any(
        each.unit_id == one.unit_id and each.is_open for each in after.undertakings
    ):
        after = after.model_copy(
            update={"assisting": tuple(_finished(part, one, by) for part in after.assisting)}
        )
    event = Event(
        kind=EventKind.UNDERTAKING_DONE,
        at=now,
        by=by.code,
        note=note,
        photos=photos,
        details={"unit": one.unit_id, "what": one.what},
    )
    return changed(after, event, before=ticket, town=town)


def _need_open(ticket: Ticket) -> None:
    if ticket.stage in ENDED or ticket.stage is Stage.RESOLVED:
        raise WrongStage("工单已经办结，不能再会商；确有必要请先重新打开", stage=ticket.stage.value)
    if ticket.track is Track.SIMPLE:
        raise WrongStage("简易工单不用会商；确需几家一起商量的，请先把工单改为复杂或疑难")


def _meeting(ticket: Ticket, meant: Convened, by: Staff, town: Town) -> Meeting:
    units = tuple(dict.fromkeys(meant.unit_ids))
    if not units and not meant.outside:
        raise Invalid("请写明请哪些单位或人来会商", fields=["unit_ids"])
    for unit_id in units:
        _need_unit(ticket, unit_id, town)
    if len(ticket.meetings) >= MOST_MEETINGS:
        raise TooMuch(f"一张工单最多会商{MOST_MEETINGS}次")
    number = len(ticket.meetings) + 1
    return Meeting(
        id=f"H{number}",
        at=meant.at,
        place=meant.place,
        question=meant.question,
        unit_ids=units,
        outside=meant.outside,
        called_by=by.code,
    )


def _need_unit(ticket: Ticket, unit_id: str, town: Town) -> None:
    if town.find_unit(unit_id) is None:
        raise Invalid("没有这个单位，请重新选择", fields=["unit_id"])
    need_no_conflict(ticket, unit_id=unit_id)


def _undertaken(
    ticket: Ticket, one: Decided, undertaking_id: str, *, by: Staff, town: Town, now: datetime
) -> Ticket:
    _need_unit(ticket, one.unit_id, town)
    if one.due_at <= now:
        raise Invalid("会商任务的期限须在现在之后", fields=["due_at"])
    if len(ticket.undertakings) >= MOST_UNDERTAKINGS:
        raise TooMuch(f"一张工单最多{MOST_UNDERTAKINGS}项会商任务")
    has_part = one.unit_id == ticket.lead_unit_id or any(
        part.unit_id == one.unit_id and part.is_open for part in ticket.assisting
    )
    opened = not has_part or any(
        each.unit_id == one.unit_id and each.opened_part and each.is_open for each in ticket.undertakings
    )
    new = Undertaking(
        id=undertaking_id,
        unit_id=one.unit_id,
        what=one.what,
        outside=one.outside,
        due_at=one.due_at,
        opened_part=opened,
    )
    kept = tuple(part for part in ticket.assisting if has_part or part.unit_id != one.unit_id)
    part = () if has_part else (Assisting(unit_id=one.unit_id, note=one.what, by=by.code),)
    after = ticket.model_copy(
        update={"undertakings": (*ticket.undertakings, new), "assisting": (*kept, *part)}
    )
    return _with_new_clock(after, new, town, now)


def _with_new_clock(ticket: Ticket, one: Undertaking, town: Town, now: datetime) -> Ticket:
    """Beside those of other undertakings: each climbs its own ladder."""
    rule = rule_for(ticket, ClockKind.UNDERTAKING, town)
    clock = new_round(ticket, ClockKind.UNDERTAKING, rule, (one.due_at, False), town=town, now=now)
    return ticket.model_copy(update={"clocks": (*ticket.clocks, clock.model_copy(update={"of": one.id}))})


def _with_clock(ticket: Ticket, undertaking_id: str, changes: dict[str, object]) -> Ticket:
    def met(clock: Clock) -> Clock:
        is_its = clock.kind is ClockKind.UNDERTAKING and clock.of == undertaking_id and clock.is_open
        rest = {"rungs": clock.rungs[: clock.rang]}
        return clock.model_copy(update=changes | rest) if is_its else clock

    return ticket.model_copy(update={"clocks": tuple(map(met, ticket.clocks))})


def _finished(part: Assisting, one: Undertaking, by: Staff) -> Assisting:
    if part.unit_id != one.unit_id or not part.is_open:
        return part
    return part.model_copy(update={"state": AssistingState.FINISHED, "by": by.code})
