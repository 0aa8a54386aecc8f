"""The fact 事实 of a ticket: the little that figures need of it, without identity and without text (docs/indicators.md).

Made from the ticket as it stands, by nothing else, so that any order and any repetition of its events leaves the same fact.
"""

from collections.abc import Set
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal

from chalicelib.domain.clocks.carrying import OF_A_UNIT
from chalicelib.domain.model import SHANGHAI, Frozen, Instant
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.clock_model import Clock, ClockKind, RungAct
from chalicelib.domain.tickets.dangers import was_right
from chalicelib.domain.tickets.haste import is_quick_arrival, is_quick_resolve
from chalicelib.domain.tickets.practice import is_counted
from chalicelib.domain.tickets.ticket import ENDED, FollowUp, FollowUpResult, Outcome, Stage, Ticket
from chalicelib.domain.town.vocabulary import FOUND, FollowUpHow, Source, Track

ONE_HAND = timedelta(minutes=30)  # from finding to resolving
# Where a claim stands: from any other stage its round is over.
_CLAIMED = frozenset({Stage.RESOLVED, Stage.CLOSED})
_BY_MOUTH = frozenset({Source.WALK_IN, Source.PHONE})


class PromiseState(StrEnum):
    """What became of a promise."""

    KEPT = "kept"
    LATE = "late"
    DISPROVED = "disproved"  # claimed in time, and it was not so: a kept promise is one that held
    OPEN = "open"
    VOID = "void"
    CARRIED = "carried"  # by a merge to another clock, which decides it


class MetBy(StrEnum):
    """By what a promise was met."""

    PERSON = "person"
    MACHINE = "machine"
    TYPED = "typed"  # by being typed in: who stood before the desk, or called, was spoken with


class ClockFact(Frozen):
    """What became of one round of a clock. Seconds count from the receipt of the ticket.

    `late` from the first rung at or after the due time, or when it was met, paused or ended after it; `void` when it ended
    unmet before it: the promise no longer applied, or an extension took its place; `disproved` a resolution claimed in time after
    which another round of it began, or the resident's last word was: not solved.
    """

    kind: str
    round: int = 1
    state: PromiseState
    by: MetBy | Literal[""] = ""
    extended: bool = False
    words: str = ""  # the mark of what was said to meet it (`tickets.same_words`)
    promise: str = ""  # the amount that was promised: 5 minutes
    started: int = 0
    due: int
    met: int | None = None
    reminded: int = 0
    climbed: tuple[str, ...] = ()  # the roles it was escalated to, in order
    late_at: str = ""  # an open, running clock that is late: the role of its highest rung


class Fact(Frozen):
    """`round`, `last_word` and `satisfied` are of the last round of work; what came of earlier ones counts as rework."""

    ticket_id: str
    version: int
    received_at: Instant
    closed_at: Instant | None = None  # of every end, not of 已结案 alone
    stage: Stage
    area: str = ""  # 片区; "" where nobody could tell
    place: str = ""  # 居民区 or 街区 in it; "" for the area as a whole
    source: str
    category: str = ""
    unit: str = ""  # who has it now, or had it last
    track: Track = Track.SIMPLE
    urgent: bool = False
    danger_signs: tuple[str, ...] = ()  # the rows of danger.csv that heard a danger in it
    danger_right: bool | None = None
    confidential: bool = False
    concerns: tuple[str, ...] = ()  # the units and people that a confidential one keeps out
    clocks: tuple[ClockFact, ...] = ()
    returns: int = 0
    returned_by: tuple[str, ...] = ()  # the units that did, in order
    round: int = 1
    claimed: bool = False  # the handler says it is resolved
    # The resident's: solved, not_solved; unreached; "" for silence
    last_word: FollowUpResult | Literal[""] = ""
    satisfied: bool | None = None
    attempts: int = 0
    fed_back: bool = False  # 初步反馈 given in this round
    on_the_spot: bool = False
    settled: bool = False  # found and put right on the spot (rule 73)
    explained: bool = False  # 依法解释结案: closed and not solved
    exempted_by: str = ""  # staff code of who approved closing without follow-up
    checks_passed: int = 0
    checks_failed: int = 0
    # From the day of the report to that of the solution which its reporter confirmed
    solved_days: int | None = None
    pauses: int = 0
    paused_days: int = 0  # begun ones count whole; of pauses that are over
    extensions: int = 0
    paused_since: date | None = None  # the day on which the pause that stands began, if time stands still
    paused_by: tuple[
        str, ...
    ] = ()  # the roles that approved its pauses, also the one that stands, where known
    first_unit: str = ""  # whom it was first dispatched to
    redirected: tuple[str, ...] = ()  # in what ways that dispatch did not hold
    denied: tuple[str, ...] = ()  # the units whose answers came back, in order
    quick_arrival: bool = False
    quick_resolve: bool = False
    arrived: bool = False
    one_hand: bool = False  # found and resolved by one person within `ONE_HAND`
    typed: bool = False  # a consultation that the desk typed in and answered itself
    parted: bool = False  # divided into matters
    others_reported: bool = False  # somebody whose report was merged into it

    @property
    def day(self) -> date:
        """The day it was received."""
        return day_of(self.received_at)

    @property
    def closing_day(self) -> date | None:
        """The day it came to its end; None while it is open."""
        return day_of(self.closed_at) if self.closed_at and self.stage in ENDED else None

    @property
    def is_open(self) -> bool:
        return self.stage not in ENDED

    @property
    def is_found(self) -> bool:
        """主动发现"""
        return self.source in FOUND

    @property
    def is_asked(self) -> bool:
        """Whether there is anybody to ask: who reported it, or what was merged into it."""
        return not self.is_found or self.others_reported


def day_of(instant: datetime) -> date:
    return instant.astimezone(SHANGHAI).date()


def area_of(path: tuple[str, ...]) -> str:
    """The 片区 of a place: what lies right under the town, whichever version of the town is in force."""
    return path[1] if len(path) > 1 else ""


def place_in_area(path: tuple[str, ...]) -> str:
    """The 居民区 or 街区 of a place: what lies right under its area."""
    return path[2] if len(path) > 2 else ""


def fact_of(ticket: Ticket) -> Fact | None:
    """None for a practice ticket, which no figure counts (rule 55)."""
    if not is_counted(ticket):
        return None
    said = _answers(ticket)
    checks = [answer for answer in ticket.follow_ups if answer.how is FollowUpHow.VERIFY]
    failed = sum(check.result is FollowUpResult.NOT_SOLVED for check in checks)
    return Fact(
        ticket_id=ticket.id,
        version=ticket.version,
        received_at=ticket.received_at,
        closed_at=ticket.closed_at,
        stage=ticket.stage,
        area=area_of(ticket.where.path),
        place=place_in_area(ticket.where.path),
        source=ticket.source,
        category=ticket.category or "",
        unit=ticket.lead_unit_id or (ticket.station_id if ticket.answered_on_the_spot else ""),
        track=ticket.track,
        urgent=ticket.urgent,
        danger_signs=ticket.danger.signs if ticket.danger else (),
        danger_right=was_right(ticket.danger, ended=ticket.stage in ENDED) if ticket.danger else None,
        confidential=ticket.confidential,
        concerns=tuple(sorted(ticket.concerns)) if ticket.confidential else (),
        clocks=tuple(
            _clock_fact(
                clock,
                ticket.received_at,
                is_false=_is_false(clock, ticket, _last_word(said)),
                goes_on=_goes_on(clock, ticket),
                is_typed=ticket.source in _BY_MOUTH,
            )
            for clock in ticket.clocks
        ),
        returns=ticket.returns,
        returned_by=ticket.returned_by,
        round=ticket.round,
        claimed=ticket.resolution is not None,
        last_word=_last_word(said),
        satisfied=_satisfied(said),
        attempts=len(ticket.attempts),
        fed_back=ticket.fed_back_by_unit >= ticket.round,
        on_the_spot=ticket.answered_on_the_spot,
        settled=ticket.outcome is Outcome.SETTLED,
        explained=ticket.outcome is Outcome.EXPLAINED,
        exempted_by=ticket.exemption.partition("：")[0],
        checks_passed=_passed(ticket, checks),
        checks_failed=failed,
        solved_days=_solved_days(ticket, _last_word(said)),
        pauses=len(ticket.pauses) + (ticket.pause is not None),
        paused_days=_whole_days(sum((each.until - each.since for each in ticket.pauses), timedelta())),
        extensions=len(ticket.extensions),
        paused_since=_paused_since(ticket),
        paused_by=_paused_by(ticket),
        # what its finder put right was dispatched to nobody
        first_unit="" if ticket.outcome is Outcome.SETTLED else ticket.first_unit_id or "",
        redirected=ticket.redirected,
        denied=ticket.denied,
        arrived=ticket.arrived,
        quick_arrival=is_quick_arrival(ticket),
        quick_resolve=bool(ticket.resolution and is_quick_resolve(ticket, ticket.resolution.at)),
        one_hand=_is_of_one_hand(ticket),
        typed=ticket.source in _BY_MOUTH and ticket.answered_on_the_spot,
        parted=bool(ticket.parts),
        others_reported=any(each.source not in FOUND for each in ticket.joined),
    )


def as_said(fact: Fact, many: Set[str]) -> Fact:
    """The fact with what was met by words that were said on many tickets met by the machine. `many`: their marks."""
    if not any(clock.words in many for clock in fact.clocks):
        return fact
    return fact.model_copy(update={"clocks": tuple(_as_said(clock, many) for clock in fact.clocks)})


def _as_said(clock: ClockFact, many: Set[str]) -> ClockFact:
    is_copied = clock.by == MetBy.PERSON and clock.words in many
    return clock.model_copy(update={"by": MetBy.MACHINE}) if is_copied else clock


def _is_of_one_hand(ticket: Ticket) -> bool:
    """Exactly half an hour is no longer."""
    if ticket.found_by is None:
        return False
    if ticket.outcome is Outcome.SETTLED:
        return True
    resolved = ticket.resolution
    return (
        resolved is not None
        and resolved.by == ticket.found_by
        and resolved.at - ticket.received_at < ONE_HAND
    )


def _solved_days(ticket: Ticket, last_word: FollowUpResult | Literal[""]) -> int | None:
    """Nothing is taken off: no pause, no night, no extension, no merge into a younger one, no division.

    None unless its reporter says that it is solved.
    """
    is_claimed = ticket.resolution is not None and not ticket.answered_on_the_spot
    solved_at = ticket.resolution.at if ticket.resolution and is_claimed else ticket.closed_at
    reported_at = ticket.reported_at
    is_solved = ticket.stage is Stage.CLOSED and last_word is FollowUpResult.SOLVED
    return (day_of(solved_at) - day_of(reported_at)).days if is_solved and solved_at and reported_at else None


def _paused_by(ticket: Ticket) -> tuple[str, ...]:
    stands = (ticket.pause,) if ticket.pause else ()
    return tuple(pause.approved_as for pause in (*ticket.pauses, *stands) if pause.approved_as)


def _paused_since(ticket: Ticket) -> date | None:
    pause = ticket.pause
    return day_of(pause.arrived_at or pause.since) if pause and ticket.stands_still else None


def _whole_days(length: timedelta) -> int:
    return -(-length // timedelta(days=1))


def _is_false(clock: Clock, ticket: Ticket, last_word: FollowUpResult | Literal[""]) -> bool:
    """Whether what was claimed by this round of the resolution turned out not to be so."""
    if clock.kind is not ClockKind.RESOLUTION or clock.met_at is None:
        return False
    rounds = [each for each in ticket.clocks if each.kind is clock.kind and not each.carried_from]
    again = any(each.started_at >= clock.met_at for each in rounds if each.id != clock.id)
    again = again or ticket.stage not in _CLAIMED or ticket.answered_on_the_spot
    last = max((each.round for each in ticket.clocks if each.kind is clock.kind), default=0)
    return again or (clock.round == last and last_word is FollowUpResult.NOT_SOLVED)


def _answers(ticket: Ticket) -> list[FollowUp]:
    """What the station's follow-up of the last round brought: neighbours' ratings and checks by staff are no answers."""
    return [
        answer
        for answer in ticket.follow_ups
        if answer.round == ticket.round and answer.by != Actor.MEMBER and answer.how is not FollowUpHow.VERIFY
    ]


def _last_word(said: list[FollowUp]) -> FollowUpResult | Literal[""]:
    """What residents said last outweighs any call that reached nobody; of those whose reports were merged, who denies counts.

    `of`: whose report it was. One who says "not solved" is not outvoted by another who says otherwise.
    """
    heard = {answer.of: answer.result for answer in said if answer.result is not FollowUpResult.UNREACHED}
    if FollowUpResult.NOT_SOLVED in heard.values():
        return FollowUpResult.NOT_SOLVED
    return FollowUpResult.SOLVED if heard else said[-1].result if said else ""


def _satisfied(said: list[FollowUp]) -> bool | None:
    """What each who reported it said last of being satisfied; who is not is not outvoted. None where nobody said."""
    heard = {answer.of: answer.satisfied for answer in said if answer.satisfied is not None}
    return all(heard.values()) if heard else None


def _passed(ticket: Ticket, checks: list[FollowUp]) -> int:
    """A check drawn by lot that passes leaves only its round on the ticket; one that closes it leaves an answer too."""
    answered = {check.round for check in checks}
    passed = sum(check.result is FollowUpResult.SOLVED for check in checks)
    return passed + (ticket.verified_round > 0 and ticket.verified_round not in answered)


def _met_by(clock: Clock, received_at: datetime, *, is_typed: bool) -> MetBy | Literal[""]:
    if clock.met_at is None:
        return ""
    if clock.met_by == Actor.MACHINE:
        return MetBy.MACHINE
    is_at_once = is_typed and clock.kind is ClockKind.FEEDBACK and clock.met_at == received_at
    return MetBy.TYPED if is_at_once else MetBy.PERSON


def _clock_fact(
    clock: Clock, received_at: datetime, *, is_false: bool, goes_on: bool, is_typed: bool
) -> ClockFact:
    rung = clock.rungs[: clock.rang]
    late_rungs = [each for each in rung if each.at >= clock.due_at]
    stopped = clock.paused_at or clock.met_at or clock.ended_at
    is_late = stopped > clock.due_at if stopped else bool(late_rungs)
    shows_late = is_late and clock.is_running and bool(late_rungs)
    return ClockFact(
        kind=clock.kind,
        round=clock.round,
        state=PromiseState.CARRIED if goes_on else _state(clock, is_late, is_false),
        by=_met_by(clock, received_at, is_typed=is_typed),
        words=clock.words,
        extended=clock.extended,
        promise=clock.promise,
        started=_seconds(clock.started_at, received_at),
        due=_seconds(clock.due_at, received_at),
        met=_seconds(clock.met_at, received_at) if clock.met_at else None,
        reminded=sum(each.act is RungAct.REMIND for each in rung),
        climbed=tuple(each.to for each in rung if each.act is not RungAct.REMIND),
        late_at=late_rungs[-1].to if shows_late else "",
    )


def _goes_on(clock: Clock, ticket: Ticket) -> bool:
    """Whether a promise that a merge or a split ended here is counted where it went on: it is one promise, and late once.

    It holds again on this ticket, or went back with the report that had brought it, when it ended here or whenever that report was
    split off later. What is owed by a unit alone (take, progress) does not go back with a report.
    """
    if clock.met_at or clock.ended_at is None:
        return False
    same = (clock.kind, clock.started_at, clock.due_at)
    again = any(
        each.round > clock.round and (each.kind, each.started_at, each.due_at) == same
        for each in ticket.clocks
    )
    came = next((each.at for each in ticket.joined if each.id == clock.carried_from), None)
    has_left = bool(clock.carried_from) and (came is None or came > clock.ended_at)
    return (bool(clock.carried_to) and again) or (has_left and clock.kind not in OF_A_UNIT)


def _state(clock: Clock, is_late: bool, is_false: bool) -> PromiseState:
    if is_late:
        return PromiseState.LATE
    if clock.met_at:
        return PromiseState.DISPROVED if is_false else PromiseState.KEPT
    if clock.carried_to:
        return PromiseState.CARRIED
    return PromiseState.OPEN if clock.is_open else PromiseState.VOID


def _seconds(instant: datetime, since: datetime) -> int:
    return int((instant - since).total_seconds())
