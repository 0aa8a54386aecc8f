"""What the keepers of the knowledge owe: questions without an entry, drafts to be checked, entries that end (rule 82)."""

import base64
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.actions.knowledge.asking import library_of
from chalicelib.actions.notices import mornings
from chalicelib.domain.errors import Invalid, NotFound, NotYours
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.knowledge import drafts as rules
from chalicelib.domain.knowledge.drafts import Draft, as_entries, ending, keeper_of, unanswered, unsourced
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.knowledge_entry import KnowledgeEntry
from chalicelib.domain.town.vocabulary import Role, Staff
from chalicelib.domain.town_import.in_force import csv_files_of
from chalicelib.domain.views import access
from chalicelib.store.knowledge import drafts
from chalicelib.store.requests.idempotency import Replay, make_once
from chalicelib.store.tickets import tickets
from chalicelib.store.town import directory

if TYPE_CHECKING:
    from chalicelib.actions.knowledge.schemas import DraftShown, EntryToMend, KnowledgeFile, Owed

_SEE_ALL = frozenset({Role.AREA_LEADER, Role.TOWN_LEADER, Role.ADMIN})
_MONDAY = 0


def ask(question: str, *, by: Staff, once: Replay, now: datetime) -> str:
    """都没答上: a clerk says that no entry answers what was asked. Answers the draft's id."""
    make_once(once, lambda asking: _add(question, "", station=by.unit, by=by, of=asking, now=now))
    return rules.draft_id(scrub(question))


def draft_of_answer(ticket_id: str, *, by: Staff, now: datetime) -> str:
    """记成知识: the ticket's question with the answer that was given by hand. Raises NotFound before it was answered."""
    town, ticket = directory.town(), tickets.get(ticket_id)
    access.need_desk(ticket, by, town)
    if ticket.confidential:
        raise Invalid("保密工单的内容不能记进知识库", fields=["ticket_id"])
    answers = [event for _, event in tickets.list_events(ticket_id) if event.kind is EventKind.ANSWERED]
    if not answers:
        raise NotFound("这张工单还没有当场答复过，请先答复再记")
    return _add(ticket.text, answers[-1].note, station=ticket.station_id, by=by, of=ticket.id, now=now)


def change(draft_id: str, given: dict[str, Any], *, by: Staff) -> None:
    """The keeper, or the desk where it was asked, completes the draft. Raises NotFound, NotYours."""
    draft = _own(draft_id, by)
    drafts.replace(draft.model_copy(update=given | {"by": by.code}))


def drop(draft_id: str, *, by: Staff) -> None:
    """Nothing more is to be done: an entry was made of it, or none is needed."""
    _own(draft_id, by)
    drafts.remove(draft_id)


def owed(*, by: Staff, now: datetime) -> "Owed":
    """What the caller's unit owes, and the desk of the station sees: drafts, the most asked first, and entries that end."""
    town = directory.town()
    entries = [each for each in town.knowledge if _sees(by, keeper_of(each, town))]
    over = {each.code for each in ending(entries, now.date())}
    return {
        "drafts": [
            _draft_view(each, town) for each in drafts.list_drafts() if _sees(by, each.keeper, each.station)
        ],
        "ending": [_entry_view(each, now) for each in entries if each.code in over],
        "unsourced": [_entry_view(each, now) for each in unsourced(entries)],
        "unverified": [_entry_view(each, now) for each in entries if not each.verified and each.source_title],
    }


def as_file() -> "KnowledgeFile":
    """knowledge.csv in force with every draft that has an answer below it, to be checked and imported."""
    table = directory.get_text().get("knowledge", ((),))
    head = table[0] or ("code",)
    named = as_entries(drafts.list_drafts(), directory.town().knowledge)
    rows = [tuple(row.get(column, "") for column in head) for row in named]
    content = csv_files_of({"knowledge": (head, *table[1:], *rows)})["knowledge.csv"]
    return {"name": "knowledge.csv", "file": base64.b64encode(content).decode(), "drafts": len(rows)}


def remind(*, now: datetime) -> int:
    """On Mondays the heads of each keeper hear what they owe. Answers how many were told."""
    if now.weekday() != _MONDAY:
        return 0
    town = directory.town()
    open_drafts, told = drafts.list_drafts(), 0
    over = [*ending(town.knowledge, now.date()), *unsourced(town.knowledge)]
    keepers = {each.keeper for each in open_drafts} | {keeper_of(each, town) for each in over}
    for keeper in sorted(keepers):
        count = sum(each.keeper == keeper for each in open_drafts)
        late = len({each.code for each in over if keeper_of(each, town) == keeper})
        for person in (*town.unit_heads(keeper), *town.station_heads(keeper)):
            note = f"{count}个问题还没有条目，{late}条就要过期或没有依据"
            mornings.tell_today(person, "knowledge_owed", note, about="knowledge", now=now)
            told += 1
    return told


def _add(question: str, answer: str, *, station: str, by: Staff, of: str, now: datetime) -> str:
    town, words = directory.town(), scrub(question)
    found = library_of(town).find(words, today=now.date())
    draft = unanswered(words, found, answer=scrub(answer), station=station, by=by.code, town=town, now=now)
    drafts.add(draft, of=of)
    known = drafts.get_draft(draft.id)
    if answer and known.answer != draft.answer:
        drafts.replace(known.model_copy(update={"answer": draft.answer, "by": by.code}))
    return draft.id


def _own(draft_id: str, by: Staff) -> Draft:
    draft = drafts.get_draft(draft_id)
    if not _sees(by, draft.keeper, draft.station):
        raise NotYours("这条由别的单位看管，请联系看管单位")
    return draft


def _sees(by: Staff, *units: str) -> bool:
    return by.unit in units or bool(_SEE_ALL.intersection(by.roles))


def _draft_view(draft: Draft, town: Town) -> "DraftShown":
    unit = town.find_unit(draft.keeper)
    return {
        "id": draft.id,
        "question": draft.question,
        "answer": draft.answer,
        "title": draft.title,
        "steps": draft.steps,
        "source_title": draft.source_title,
        "source_url": draft.source_url,
        "source_date": draft.source_date.isoformat() if draft.source_date else None,
        "keeper": draft.keeper,
        "keeper_name": unit.name if unit else draft.keeper,
        "station": draft.station,
        "at": draft.at.isoformat(timespec="seconds"),
        "times": draft.times,
    }


def _entry_view(entry: KnowledgeEntry, now: datetime) -> "EntryToMend":
    return {
        "code": entry.code,
        "title": entry.title,
        "valid_until": entry.valid_until.isoformat() if entry.valid_until else None,
        "is_over": not entry.is_in_force(now.date()),
    }
