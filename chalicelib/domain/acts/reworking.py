"""核查、重办与重新打开: looked at by somebody else, or not solved after all. A new round with new clocks, and everything that a new ticket is owed."""

from datetime import datetime, timedelta

from chalicelib.domain.acts.closing import Said, closed_or_left, follow_up_of
from chalicelib.domain.acts.moves import Changed, changed, handler_of, moved, need_independent, need_stage
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import TooLate, WrongStage
from chalicelib.domain.parties.beginning import above_the_station, begun
from chalicelib.domain.parties.follow_up_policy import policy
from chalicelib.domain.parties.holding import find_given
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.bounds import MOST_DENIED
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event, Outcome, Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import FollowUpHow, Staff, Track

REOPEN_WITHIN = timedelta(days=30)  # rule 18, after closing
REOPENED_BY_THE_DESK = frozenset({Stage.CLOSED, Stage.DECLINED, Stage.FORWARDED})

_HARDER = {Track.SIMPLE: Track.JOINT, Track.JOINT: Track.DIFFICULT, Track.DIFFICULT: Track.DIFFICULT}


def rework(
    ticket: Ticket, *, by: str, reason: str, town: Town, now: datetime, kind: EventKind = EventKind.REWORKED
) -> Changed:
    """重办: not solved. A new round with new clocks; the unit head is warned, and from the second time the track rises.

    To whoever had it while he or she is still there, else to who is on duty in that unit, who takes it anew; to the desk
    where no unit had it, or the unit is no more.
    """
    need_stage(ticket, {Stage.RESOLVED, Stage.CLOSED}, "重办")
    track = _HARDER[ticket.track] if ticket.round >= 2 else ticket.track
    ended = clocks.end(ticket, [ClockKind.FOLLOW_UP], now=now)
    again = ended.model_copy(update=new_round(ticket) | {"track": track})
    after = begun(_back_with_its_holder(again, town, now), town=town, now=now)
    details = {"round": str(after.round), "track": track.value}
    event = Event(kind=kind, at=now, by=by, note=reason, details=details)
    return _began_again(ticket, after, event, town)


def verify(
    ticket: Ticket, *, by: Staff, ok: bool, note: str, photos: tuple[str, ...], town: Town, now: datetime
) -> Changed:
    """核查 of the last round's work, asked for or drawn by lot, also after closing (rule 19).

    What staff found closes by it (design §6); whatever fails it is reworked. Raises WrongStage, NotAllowed for whoever
    did the work.
    """
    need_stage(ticket, {Stage.RESOLVED, Stage.CLOSED} if ticket.verify_owed else {Stage.RESOLVED}, "核查")
    need_independent(ticket, by)
    found = follow_up_of(ticket, by.code, FollowUpHow.VERIFY, Said(ok, words=note), now)
    after = ticket.model_copy(update={"verified_round": ticket.round, "verify_owed": False})
    if not ok:
        after = after.model_copy(update={"follow_ups": (*ticket.follow_ups, found)})
        if policy(ticket, town).station.verifies:  # it was the station's follow-up, and is made
            after = clocks.meet(after, ClockKind.FOLLOW_UP, by=by.code, now=now)
        return rework(after, by=by.code, reason=note or "核查未通过", town=town, now=now)
    event = Event(kind=EventKind.VERIFIED, at=now, by=by.code, note=note, photos=photos)
    if ticket.stage is Stage.RESOLVED and policy(ticket, town).station.verifies:
        after = after.model_copy(update={"follow_ups": (*ticket.follow_ups, found)})
        return closed_or_left(after, Outcome.SOLVED, event, before=ticket, row=event.kind, town=town)
    return changed(after, event, before=ticket, town=town)


def may_reopen(ticket: Ticket, now: datetime) -> bool:
    """Whether the window of rule 18 is open; its last instant still counts. What was explained the desk alone opens again."""
    if ticket.stage not in (Stage.CLOSED, Stage.DECLINED) or ticket.outcome is Outcome.EXPLAINED:
        return False
    return ticket.closed_at is None or now - ticket.closed_at <= REOPEN_WITHIN


def reopen(ticket: Ticket, *, reason: str, by: str = Actor.REPORTER, town: Town, now: datetime) -> Changed:
    """重新打开 by the reporter or anyone who joined: the same as a rework, once for all of them; a declined one is looked at anew."""
    need_stage(ticket, {Stage.CLOSED, Stage.DECLINED}, "重新打开")
    if ticket.outcome is Outcome.EXPLAINED and ticket.explanation:
        raise WrongStage(
            f"这件事已依法解释结案；不同意可以到：{ticket.explanation.elsewhere}。有新的情况请留言"
        )
    if not may_reopen(ticket, now):
        raise TooLate(f"结案已超过{REOPEN_WITHIN.days}天，请重新反映")
    return _reopened(ticket, by, reason, town, now)


def reopen_at_desk(ticket: Ticket, *, by: Staff, note: str, town: Town, now: datetime) -> Changed:
    """重新打开 by the desk: a later word asks for it, or the other side sent back what was forwarded. At any time."""
    need_stage(ticket, REOPENED_BY_THE_DESK, "重新打开")
    return _reopened(ticket, by.code, note, town, now)


def _reopened(ticket: Ticket, by: str, reason: str, town: Town, now: datetime) -> Changed:
    if ticket.stage is Stage.CLOSED and ticket.lead_unit_id:
        return rework(ticket, by=by, reason=reason, town=town, now=now, kind=EventKind.REOPENED)
    nobodys = {"lead_unit_id": None, "handler_id": None, "taken": False, "return_until": None}
    after = moved(ticket.model_copy(update=new_round(ticket)), Stage.RECEIVED, **nobodys)
    after = begun(after, town=town, now=now)
    return _began_again(ticket, after, Event(kind=EventKind.REOPENED, at=now, by=by, note=reason), town)


def new_round(ticket: Ticket) -> dict[str, object]:
    """What the last round leaves behind: the round to come owes its own feedback, arrival, check and follow-up."""
    return {
        "round": ticket.round + 1,
        "closed_at": None,
        "outcome": Outcome.NONE,
        "arrived": False,
        "arrived_at": None,
        "exemption": "",
        "explanation": None,
        "verify_owed": False,
        "answered_on_the_spot": False,
        "on_call_list": False,
        "call_at": None,
        "extension": None,
        "unread": None,
        "denied": (*ticket.denied, *_answered_by(ticket))[-MOST_DENIED:],
    }


def _answered_by(ticket: Ticket) -> tuple[str, ...]:
    """Whose answer of this round it was; nobody's where there was none (declined, withdrawn)."""
    if ticket.answered_on_the_spot:
        return (ticket.station_id,)
    is_answered = ticket.resolution is not None and ticket.stage in {Stage.RESOLVED, Stage.CLOSED}
    return (ticket.resolution.unit_id,) if ticket.resolution and is_answered else ()


def _back_with_its_holder(ticket: Ticket, town: Town, now: datetime) -> Ticket:
    if town.find_unit(ticket.lead_unit_id or "") is None:
        return moved(ticket, Stage.RECEIVED, lead_unit_id=None, handler_id=None, taken=False)
    if find_given(ticket, town) is not None:
        return moved(ticket, Stage.HANDLING, taken=True)
    on_duty = handler_of(ticket, town, now)
    return moved(ticket, Stage.DISPATCHED, handler_id=on_duty.code if on_duty else None, taken=False)


def _began_again(before: Ticket, after: Ticket, event: Event, town: Town) -> Changed:
    after, leaders = above_the_station(after, town)
    row = event.kind if after.lead_unit_id else f"{event.kind}/at_the_desk"
    return changed(after, event, before=before, town=town, row=row, named=leaders, alert=True)
