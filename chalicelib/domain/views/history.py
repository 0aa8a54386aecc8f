"""The words of each line of a ticket's history, for the resident's timeline and for staff."""

from collections import defaultdict

from chalicelib.domain.errors import Stale
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event
from chalicelib.domain.town.directory import Town
from chalicelib.domain.visits.volunteers import MARK

_LATEST = 3  # lines named in a refusal


def history_line(event: Event, town: Town) -> str:
    """What happened, in one clause: units and never persons, so that it may be shown to the resident.

    The note is not part of it.
    """
    line = event.kind.words + _at_once(event)
    unit = town.find_unit(event.details.get("unit", ""))
    return line.format_map(
        defaultdict(str, event.details)
        | {
            "who": unit.name if unit and event.kind is EventKind.PROGRESS else _who(event.by, town),
            "status": event.details.get("status", ""),
            "unit": unit.name if unit else "承办单位",
            "to": event.details.get("to", "") or "有权处理的部门",
            "number": event.details.get("number", "") or "另一张工单",
            "came_in": f"（{came}）" if (came := event.details.get("came", "")) else "",
        }
    )


def overtaken(events: list[Event], town: Town) -> Stale:
    """The refusal of an act that was decided on an older state: what has been done since, in words (rule 48)."""
    done = [
        {
            "kind": event.kind,
            "by": event.by,
            "by_name": _who(event.by, town),
            "at": event.at.isoformat(timespec="seconds"),
            "what": history_line(event, town),
        }
        for event in events
    ]
    latest = "；".join(f"{e.at:%-m月%-d日 %H:%M} {history_line(e, town)}" for e in events[-_LATEST:])
    return Stale(f"工单刚被他人处理过：{latest}。请刷新，看清现状后再操作", changes=done)


def _at_once(event: Event) -> str:
    """What triage did with a report in the moment of its receipt."""
    if event.kind is not EventKind.RECEIVED:
        return ""
    if event.details.get("unit"):
        return "，已派给{unit}办理"
    return "，已转送{to}" if event.details.get("to") else ""


def _who(by: str, town: Town) -> str:
    if by == Actor.REPORTER:
        return Actor.REPORTER.words
    person = town.find_staff(by)
    if person is None:
        return Actor.MACHINE.words if by == Actor.MACHINE else "志愿者" if by.startswith(MARK) else "工作人员"
    unit = town.find_unit(person.unit)
    return unit.name if unit else person.name
