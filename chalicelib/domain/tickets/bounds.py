"""What a ticket may hold (rule 94): every list is bounded, so that the item stays far below the 400 KB that a table takes.

History holds every word for ever; the ticket holds what decisions need. So what is over gives way, the oldest first and
only what is over, and older words stand shortened; what lives is refused to grow. The machine's own acts are never refused.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from chalicelib.domain.errors import TooMuch
from chalicelib.domain.model import Frozen
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.clock_model import Clock, ClockKind
from chalicelib.domain.tickets.ticket import Ticket

IN_FULL = 3  # the last entries of a list keep all their words
SHORT = 200  # characters of the words before them
MARK = "……（全文见办理经过）"
MOST_BYTES = 360_000  # of the document; a table takes 400 KB an item with its keys
Entry = TypeVar("Entry", bound=Frozen)


class Over(NamedTuple):
    """A list of things that happened: how many are kept, which of them are over, and which fields are words."""

    most: int
    is_over: Callable[[Any, Ticket], bool]
    words: tuple[str, ...] = ()


OVER: dict[str, Over] = {
    "attempts": Over(40, lambda _each, _ticket: True, ("note",)),
    "follow_ups": Over(
        40, lambda each, ticket: each.by == Actor.MEMBER or each.round < ticket.round, ("words",)
    ),
    "supervision_orders": Over(20, lambda each, _ticket: each.answered_at is not None, ("text", "answer")),
    "pauses": Over(60, lambda _each, _ticket: True),
    "extensions": Over(40, lambda each, ticket: each.round < ticket.round),
}
LIVING = {
    "assisting": (12, "协办单位最多12家"),
    "joined": (60, "最多并入60张工单；请另选一张作为主单"),
    "merged_from": (60, "最多并入60张工单；请另选一张作为主单"),
    "external_ids": (60, "最多对应60个外部编号"),
    "photos": (60, "照片最多60张"),
    "concerns": (60, "涉及的单位和人员最多60个"),
}
ELSEWHERE = {
    "meetings": "domain.counter.meetings refuses more than six",
    "confrontations": "domain.acts.confronting refuses more than six",
    "undertakings": "domain.counter.meetings refuses more than twenty",
    "parts": "the matters of one report (rule 92)",
    "returned_by": "two returns (rule 12)",
    "released": "those who were in `concerns`, each once",
    "redirected": "the ways of `parties.first_dispatch`, each once",
    "denied": "MOST_DENIED answers that came back",
    "missed_photos": "MOST_MISSED that never came",
    "public_photos": "of `photos` and those of 办结",
    "may_concern": "units and staff that serve one place, each once",
    "escalated_to": "codes of staff, each once",
    "clocks": "MOST_CLOCKS of a kind",
}
MOST_CLOCKS = 12
MOST_DENIED = 60
MOST_MISSED = 60
MOST_LATE = 60  # of a kind, rounds that were late: no promise that was broken is forgotten before that
# Their rounds are begun by whoever writes; of those that were in time figures know the last.
REPEATED_CLOCKS = frozenset(
    {ClockKind.PROGRESS, ClockKind.REVIEW, ClockKind.FOLLOW_UP, ClockKind.DANGER, ClockKind.LOOK}
)


def bounded(ticket: Ticket, before: Ticket | None) -> Ticket:
    """The ticket within its bounds. Raises TooMuch where a list of what lives would grow past its own."""
    for name, (most, said) in LIVING.items():
        now, was = len(getattr(ticket, name)), len(getattr(before, name)) if before else 0
        if now > most and now > was:
            raise TooMuch(f"{said}，没有保存")
    changes: dict[str, object] = {}
    for name, bound in OVER.items():
        entries = getattr(ticket, name)
        if len(entries) > IN_FULL:
            changes[name] = _shortened(_latest(entries, bound, ticket), bound.words)
    if len(ticket.clocks) > MOST_CLOCKS:
        changes["clocks"] = _clocks(ticket)
    return ticket.model_copy(update=changes) if changes else ticket


def next_order(ticket: Ticket) -> int:
    """The number of the next supervision order: after the last, for answered ones may have given way."""
    numbers = (
        order.id.removeprefix("D") for order in ticket.supervision_orders
    )  # the machine's have a clock's
    return max((int(number) for number in numbers if number.isdecimal()), default=0) + 1


def next_round(ticket: Ticket, kind: ClockKind) -> int:
    """The round that begins now: after the last, for ended ones may have given way. Alarms and rungs are known by it."""
    return max((clock.round for clock in ticket.clocks if clock.kind is kind), default=0) + 1


def _latest(entries: Sequence[Entry], bound: Over, ticket: Ticket) -> tuple[Entry, ...]:
    """Without the oldest of those that are over, as many as are too many."""
    spare = len(entries) - bound.most
    kept = []
    for each in entries:
        if spare > 0 and bound.is_over(each, ticket):
            spare -= 1
        else:
            kept.append(each)
    return tuple(kept)


def _shortened(entries: Sequence[Entry], words: Iterable[str]) -> tuple[Entry, ...]:
    return (*(_short(each, words) for each in entries[:-IN_FULL]), *entries[-IN_FULL:])


def _short(entry: Entry, words: Iterable[str]) -> Entry:
    long = {name: said for name in words if len(said := getattr(entry, name)) > SHORT + len(MARK)}
    return (
        entry.model_copy(update={name: said[:SHORT] + MARK for name, said in long.items()}) if long else entry
    )


def was_late(clock: Clock) -> bool:
    """Of a clock that ended: whether it stood, was met or ended after its due time."""
    stopped = clock.paused_at or clock.met_at or clock.ended_at
    return stopped is not None and stopped > clock.due_at


def _clocks(ticket: Ticket) -> tuple[object, ...]:
    """Of a kind that begins again and again, the last of those that ended in time, and of those that were late; all others."""
    ended: dict[tuple[ClockKind, bool], int] = {}
    kept = []
    for clock in reversed(ticket.clocks):
        if clock.kind in REPEATED_CLOCKS and not clock.is_open:
            late = was_late(clock)
            ended[clock.kind, late] = ended.get((clock.kind, late), 0) + 1
            if ended[clock.kind, late] > (MOST_LATE if late else MOST_CLOCKS):
                continue
        kept.append(clock)
    return tuple(reversed(kept))
