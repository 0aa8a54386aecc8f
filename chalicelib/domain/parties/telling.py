"""Notices of an act, read from the table act × party; and single notices, for what is no act on a ticket."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Required, TypedDict, Unpack

from chalicelib.domain.clocks import clocks
from chalicelib.domain.identity.confidential import is_concerned
from chalicelib.domain.model import SHANGHAI, one_of
from chalicelib.domain.notices.staff_templates import RECALLED
from chalicelib.domain.notices.words import fields_of, template_of
from chalicelib.domain.parties.parties import Parts, Party, losers, parties
from chalicelib.domain.parties.summaries import on_a_phone
from chalicelib.domain.parties.told_cells import Told
from chalicelib.domain.parties.told_table import TABLE
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.clock_model import Clock, ClockKind
from chalicelib.domain.tickets.ticket import STAGE_NAMES, Audience, Event, Level, Notice, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff

LAPSED = "explanation_proposed/lapsed"  # the row of a proposal that nobody can decide any more
ALERT = "urgent_alert"  # the row of what begins urgent, or turns urgent
_tried: ContextVar[bool] = ContextVar("tried", default=False)


@contextmanager
def only_tried() -> Iterator[None]:
    """Within it nobody is told: an act is tried, to see whether it is possible, and its line thrown away.

    Whom the table names costs a third of a trial, and no rule decides by it.
    """
    outer = _tried.set(True)
    try:
        yield
    finally:
        _tried.reset(outer)


def told(
    event: Event,
    *,
    before: Ticket | None,
    after: Ticket,
    town: Town,
    row: str = "",
    named: Iterable[Staff | None] = (),
    due: ClockKind | None = None,
    say: Mapping[str, str] | None = None,
) -> tuple[Notice, ...]:
    """Everyone who has a part in the ticket before or after the act, as the table's row says; each person once.

    `row` where the kind of the line is not the row's name; `named` whom the act itself names; `due` the clock of a cell
    that names none. Whoever did it is not told of it; of an act that is `only_tried`, nobody. A kind without a row is a fault
    of ours: KeyError.
    """
    if _tried.get():
        return ()
    people = _people(event, before, after, town, named)
    context, heard = _context(event, after, town, people) | dict(say or {}), {f"staff:{event.by}"}
    heard |= {
        each.to for each in event.notices if each.template == RECALLED
    }  # those it turned out to be about
    notices: list[Notice] = []
    for party, cell in TABLE[row or event.kind].items():
        if not isinstance(cell, Told):
            continue
        words = context if party is not Party.MEMBERS else context | _for_members(event)
        for to in people[party]:
            if to not in heard:
                heard.add(to)
                notices.append(_notice(to, cell, after, words, town, due))
    return tuple(notices)


class _How(TypedDict, total=False):
    """What `tell` takes by name."""

    town: Required[Town]
    note: str
    who: str
    due: ClockKind | None
    level: Level


def tell(
    to: str,
    template: str,
    ticket: Ticket,
    *,
    town: Town,
    note: str = "",
    who: str = "",
    due: ClockKind | None = None,
    level: Level = Level.PUSH,
) -> Notice:
    """A notice with the parameters that every template may use. `due` names the clock whose due time is meant."""
    unit = town.find_unit(ticket.lead_unit_id or "") or town.find_unit(ticket.station_id)
    category = town.find_category(ticket.category or "")
    params = {
        "number": ticket.number if to.startswith("staff:") else number_for_residents(ticket),
        "place": _place(to, ticket),
        "category": category.name if category else "未分类",
        "unit": unit.name if unit else "",
        "due": due_text(ticket, due),
        "note": note,
        "who": who,
        "summary": on_a_phone(ticket, town) if to.startswith("staff:") else "",
    }
    if ticket.urgent and level is Level.PUSH:
        level = Level.RING  # rule 22
    return Notice(to=to, template=template, params=params, level=level)


def number_for_residents(ticket: Ticket) -> str:
    """One report has one number, also when it was divided into several tickets."""
    return ticket.part_of.number if ticket.part_of else ticket.number


def _place(to: str, ticket: Ticket) -> str:
    """Where; to residents also which of the matters of one report it is."""
    is_resident = not to.startswith("staff:")
    return f"{ticket.where.name}（{ticket.title}）" if is_resident and ticket.title else ticket.where.name


def tell_staff(
    people: Iterable[Staff | None], template: str, ticket: Ticket, **how: Unpack[_How]
) -> tuple[Notice, ...]:
    """The same to several members of staff, each once, and none whom a confidential ticket concerns."""
    wanted = dict.fromkeys(p.code for p in people if p and not is_concerned(p, ticket.kept_from))
    return tuple(tell(f"staff:{code}", template, ticket, **how) for code in wanted)


def due_text(ticket: Ticket, kind: ClockKind | None) -> str:
    """When that clock is due, for people: 11月22日 18:00; empty when none runs."""
    clock = clocks.find_open(ticket, kind) if kind else None
    return due_of(clock) if clock else ""


def due_of(clock: Clock) -> str:
    """The same of one clock, where several of its kind may run."""
    return f"{clock.due_at.astimezone(SHANGHAI):%-m月%-d日 %H:%M}"


def named(staff: str | None, town: Town) -> str:
    """What people are called by: the role name, never a private one."""
    person = town.find_staff(staff or "")
    return person.name if person else ""


def speaker(by: str, town: Town) -> str:
    """Who did it or said it, as others read it: 居民, 附议居民, 系统, or the role's name."""
    actor = one_of(Actor, by)
    return actor.words if actor else named(by, town)


def _people(
    event: Event, before: Ticket | None, after: Ticket, town: Town, also: Iterable[Staff | None]
) -> Parts:
    people = parties(after, town=town, now=event.at)
    given = [person for person in also if person and not is_concerned(person, after.kept_from)]
    people[Party.NAMED] = tuple(dict.fromkeys(f"staff:{person.code}" for person in given))
    people[Party.LOSES] = losers(before, after, town=town, now=event.at) if before else ()
    if before is None:
        return people
    # Who waited or watched hears of the end too, by the part they had in it until now.
    had = parties(before, town=town, now=event.at)
    for party in (Party.ORDER_GIVER, Party.ESCALATED):
        people[party] = tuple(dict.fromkeys((*people[party], *had[party])))
    return people


def _context(event: Event, after: Ticket, town: Town, people: Parts) -> dict[str, str]:
    called = (town.find_staff(to.removeprefix("staff:")) for to in people[Party.NAMED])
    return {
        **event.details,
        "note": event.note,
        "by": event.details.get("said_by") or speaker(event.by, town),
        "handler": named(after.handler_id, town),
        "named": next((person.name for person in called if person), ""),
        "ended": STAGE_NAMES[after.stage],
    }


def _for_members(event: Event) -> dict[str, str]:
    """What staff wrote for the reporter is not for everyone who joined."""
    return {} if event.audience is Audience.ALL else {"note": ""}


def _notice(
    to: str, cell: Told, ticket: Ticket, words: dict[str, str], town: Town, due: ClockKind | None
) -> Notice:
    is_staff = to.startswith("staff:")
    fill = _Filled(words | {"note": ""} if is_staff else words)
    notice = tell(
        to,
        cell.template,
        ticket,
        town=town,
        note=cell.note.format_map(fill) if _reads_note(cell.template) else "",
        who=cell.who.format_map(fill),
        due=cell.due or due,
        level=cell.level,
    )
    more = {"due": words.get("due", ""), "unit": words.get("unit_name", "")}
    params = notice.params | {name: value for name, value in more.items() if value}
    notice = notice.model_copy(update={"params": params})
    return notice.model_copy(update={"digest": True}) if cell.digest and not ticket.urgent else notice


@cache
def _reads_note(template: str) -> bool:
    """Whether the template says the note. Else the message does not carry it: a field of the town's own WeChat template
    may be filled from whatever a message carries."""
    return any("note" in fields_of(sentence) for sentence in template_of(template).sentences)


class _Filled(dict[str, str]):
    """What an act did not say is empty."""

    def __missing__(self, key: str) -> str:
        return ""
