"""What one cell of the table act × party says: which words at which level, or why nobody is told."""

from dataclasses import dataclass

from chalicelib.domain.parties.parties import Party
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import Level


@dataclass(frozen=True)
class Told:
    """`note` and `who` are filled from the act: {note} what it says, {by} who did it, {handler}, and its details.

    Staff read no {note}: phones carry nobody's free words, which are in the ticket, under today's sight (design §12). Members read of {note} only what was meant for all of them. `due` names the clock whose due time is meant.
    """

    template: str
    level: Level
    due: ClockKind | None = None
    note: str = "{note}"
    who: str = "{by}"
    digest: bool = False  # several to one person within a quarter of an hour are one message


@dataclass(frozen=True)
class NotTold:
    """不告知, and why."""

    why: str


Cell = Told | NotTold
Row = dict[Party, Cell]

# Whom public complaints found forgotten: no row may leave one of them to its `others`.
NEVER_BY_THE_WAY = frozenset({Party.REPORTER, Party.MEMBERS, Party.HANDLER, Party.ASSISTING, Party.LOSES})


def push(template: str, due: ClockKind | None = None, note: str = "{note}", who: str = "{by}") -> Told:
    """推送: this person has to act, or was promised to hear it. Of an urgent ticket it rings (rule 22)."""
    return Told(template, Level.PUSH, due, note, who)


def climb(template: str, who: str = "{by}") -> Told:
    """推送 of a rung: of the clock that rang; several to one person are gathered."""
    return Told(template, Level.PUSH, None, "{rung}", who, digest=True)


def ring(template: str, due: ClockKind | None = None, note: str = "{note}", who: str = "{by}") -> Told:
    """响: at once, whatever the hour."""
    return Told(template, Level.RING, due, note, who)


def inbox(template: str, due: ClockKind | None = None, note: str = "{note}", who: str = "{by}") -> Told:
    """收件箱: good to know, nothing to do."""
    return Told(template, Level.INBOX, due, note, who)


def daily(template: str, due: ClockKind | None = None, note: str = "{note}", who: str = "{by}") -> Told:
    """日汇总: in the inbox, and one message at the end of the day."""
    return Told(template, Level.DAILY, due, note, who)


def row(cells: dict[Party, Cell], *, others: str) -> Row:
    """A whole row. `others` says why nobody else is told; those most often forgotten have to be named."""
    if missing := NEVER_BY_THE_WAY - cells.keys():
        raise ValueError(f"a row forgets {sorted(missing)}")
    return {party: cells.get(party, NotTold(others)) for party in Party}
