"""Questions that no entry answers, and drafts of entries: work for whoever looks after the knowledge (rule 82)."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from chalicelib.domain.knowledge.finding import Found
from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.readings import Grievance, Reading
from chalicelib.domain.tickets.ticket import Event, Ticket
from chalicelib.domain.town.danger_signs import Danger
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.knowledge_entry import KnowledgeEntry
from chalicelib.domain.understanding.phrases import flat

LONGEST_QUESTION = 300  # characters that are kept
NEARLY_OVER = timedelta(days=30)  # before an entry's last day its keeper is reminded


class Draft(Frozen):
    """A question, and the answer that somebody gave by hand where there is one. Once `done` it waits for nobody.

    `keeper` is the unit that is to make an entry of it, `times` how often it was asked.
    """

    id: str
    question: str
    answer: str = ""
    title: str = ""
    steps: str = ""
    source_title: str = ""
    source_url: str = ""
    source_date: date | None = None
    keeper: str
    station: str
    by: str
    at: Instant
    times: int = 1


def draft_id(question: str) -> str:
    """The same question, in whatever width, case and blanks, is one piece of work. `question` is scrubbed."""
    return hashlib.sha256(flat(_kept(question)).encode()).hexdigest()[:16]


def _kept(question: str) -> str:
    return question.strip()[:LONGEST_QUESTION]


def unanswered(
    question: str,
    found: Sequence[Found],
    *,
    answer: str = "",
    station: str,
    by: str,
    town: Town,
    now: datetime,
) -> Draft:
    """The question as work for the keeper of what comes nearest; where nothing does, for the station itself."""
    nearest = keeper_of(found[0].entry, town) if found and found[0].terms else ""
    kept = _kept(question)
    return Draft(
        id=draft_id(kept),
        question=kept,
        answer=answer,
        keeper=nearest or station,
        station=station,
        by=by,
        at=now,
    )


def is_missing(ticket: Ticket, event: Event, found: Sequence[Found], reading: Reading) -> bool:
    """Whether this answer on the spot shows that an entry is missing: none was cited, and none would be sure enough.

    Never for what is confidential, shows danger or complains of somebody: its words are read by its own people alone.
    """
    if (
        event.kind is not EventKind.ANSWERED
        or event.details.get("knowledge")
        or ticket.confidential
        or ticket.practice
    ):
        return False
    if reading.danger is not Danger.NONE or reading.concerned.grievance is not Grievance.NONE:
        return False
    return not (found and found[0].is_sure)


def keeper_of(entry: KnowledgeEntry, town: Town) -> str:
    """The unit that looks after an entry: its owner where that is one of the town's, else its keeper."""
    return entry.owner if town.find_unit(entry.owner) else entry.keeper


def ending(entries: Iterable[KnowledgeEntry], today: date) -> list[KnowledgeEntry]:
    """Entries that are over, or will be within thirty days: to be renewed, or taken out."""
    return [each for each in entries if each.valid_until and each.valid_until <= today + NEARLY_OVER]


def unsourced(entries: Iterable[KnowledgeEntry]) -> list[KnowledgeEntry]:
    return [each for each in entries if not each.source_title]


def as_entries(drafts: Iterable[Draft], known: Iterable[KnowledgeEntry]) -> list[dict[str, str]]:
    """Rows for knowledge.csv of the drafts that have an answer, with free codes; nobody has verified them yet."""
    taken = {entry.code for entry in known}
    free = (code for number in range(1, 100_000) if (code := f"D{number:03d}") not in taken)
    return [
        {
            "code": next(free),
            "title": each.title or each.question[:60],
            "answer": each.answer,
            "steps": each.steps,
            "source_title": each.source_title,
            "source_url": each.source_url,
            "source_date": each.source_date.isoformat() if each.source_date else "",
            "owner": each.keeper,
            "keeper": each.keeper,
            "aliases": each.question.replace("；", "，").replace(";", "，"),
            "verified": "no",
        }
        for each in drafts
        if each.answer
    ]
