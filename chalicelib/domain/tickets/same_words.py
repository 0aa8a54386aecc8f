"""Same words 千篇一律: what staff tell people word for word on many tickets is the machine's, whoever pressed the key (docs/indicators.md). Pure.

Of the words by which a promise to a resident was met a clock keeps a mark: a hash of what is left of them without what differs
by itself (numbers, the ticket's own names, how somebody is addressed) and without words that say nothing. Nobody reads a text
from it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from unicodedata import normalize

from chalicelib.domain.patterns import regex
from chalicelib.domain.tickets.clock_model import Clock, ClockKind
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event, Ticket
from chalicelib.domain.town.directory import Town

MANY = 5  # tickets: with the fifth all of them are the machine's
WITHIN = timedelta(days=30)  # in which they were said; exactly so long still counts
# The acts whose words somebody writes, and the promise that they keep. What a dispatch says is written by nobody.
KEEPS = {
    EventKind.ANSWERED: ClockKind.FEEDBACK,
    EventKind.DECLINED: ClockKind.FEEDBACK,
    EventKind.FORWARDED: ClockKind.FEEDBACK,
    EventKind.SUSPENDED: ClockKind.FEEDBACK,
    EventKind.UNIT_FEEDBACK: ClockKind.UNIT_FEEDBACK,
    EventKind.RESOLVED: ClockKind.UNIT_FEEDBACK,
    EventKind.PROGRESS: ClockKind.PROGRESS,
    EventKind.FORM_HANDED_IN: ClockKind.PROGRESS,
}
_LETTERS = 16  # of the hash
_CLAUSE = regex(r"[，。；！？、：,.;!?:\s]+")
_NUMBERED = regex(r"[A-Za-z-]*[0-9〇零一二三四五六七八九十百两][A-Za-z0-9-]*")
_ADDRESSED = regex(r"^.{0,3}(?:先生|女士|小姐|阿姨|叔叔|师傅|老师|同志|大哥|大姐|业主|居民)")
_SAYS_NOTHING = frozenset("的了已会将就也都还又再正在着过您你我们他她它啊呢吧吗呀哦嗯请好")


def mark_of(text: str, names: Iterable[str] = ()) -> str:
    """The same of texts that are the same but for numbers, `names`, address, order and marks, and characters that say nothing."""
    plain = normalize("NFKC", text)
    for name in sorted(filter(None, names), key=len, reverse=True):
        plain = plain.replace(normalize("NFKC", name), "")
    clauses = sorted(filter(None, map(_bare, _CLAUSE.split(plain))))
    return sha256("".join(clauses).encode()).hexdigest()[:_LETTERS]


def noted(after: Ticket, event: Event, town: Town, *, before: Ticket | None, words: str = "") -> Ticket:
    """The ticket as an act leaves it, with the mark of the act's words on the clock that a person met by them.

    `before`: as the act found it; what had been met by then was met by other words, also at the same instant. `words` where
    they do not stand in the line itself.
    """
    kind, words = KEEPS.get(event.kind), words or _words_of(event)
    if kind is None or not words:
        return after
    mark = mark_of(words, _names(after, town))
    over = {clock.id for clock in before.clocks if not clock.is_open} if before else set()
    clocks = (
        clock.model_copy(update={"words": mark})
        if clock.id not in over and _is_met(clock, kind, event)
        else clock
        for clock in after.clocks
    )
    return after.model_copy(update={"clocks": tuple(clocks)})


def are_many(said_at: Sequence[datetime]) -> bool:
    """Whether words that were said on tickets at these instants, each ticket once, were said on `MANY` within `WITHIN`."""
    ordered = sorted(said_at)
    return any(last - first <= WITHIN for first, last in zip(ordered, ordered[MANY - 1 :], strict=False))


def _words_of(event: Event) -> str:
    """The unit's feedback that a resolve brings along stands in its details."""
    return event.details.get("feedback", "") if event.kind is EventKind.RESOLVED else event.note


def _is_met(clock: Clock, kind: ClockKind, event: Event) -> bool:
    """By this line, and not by being typed in with the report; what is over stays as it was."""
    is_now = clock.met_at == event.at > clock.started_at and clock.met_by == event.by
    return clock.kind is kind and is_now and not clock.words


def _names(ticket: Ticket, town: Town) -> list[str]:
    """What differs from ticket to ticket by itself: where it is, what it is about and who has it."""
    places = (town.find_place(code) for code in ticket.where.path)
    found = [*places, town.find_category(ticket.category or ""), town.find_unit(ticket.lead_unit_id or "")]
    return [ticket.number, ticket.where.name, *(each.name for each in found if each)]


def _bare(clause: str) -> str:
    rest = _ADDRESSED.sub("", _NUMBERED.sub("", clause))
    return "".join(each for each in rest.lower() if each.isalnum() and each not in _SAYS_NOTHING)
