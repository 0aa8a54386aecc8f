"""What a ticket and its history say of other tickets: merged, divided. Of one that a viewer may not know of it says nothing (rule 21)."""

from collections.abc import Iterable, Set

from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event, Ticket

_OF_A_MERGE = frozenset({EventKind.MERGED, EventKind.ABSORBED, EventKind.SPLIT, EventKind.PARTED})
_NAMES = ("into", "from", "part")  # details that hold another ticket's id
_Line = tuple[int, Event]


def named(ticket: Ticket, lines: Iterable[_Line]) -> frozenset[str]:
    """The ids of the other tickets that these name."""
    told = {event.details.get(name, "") for _, event in lines for name in _NAMES}
    joined = {*ticket.merged_from, *(each.id for each in ticket.joined), *(each.id for each in ticket.parts)}
    others = {ticket.merged_into or "", ticket.part_of.id if ticket.part_of else ""}
    return frozenset((told | joined | others) - {"", ticket.id})


def without(ticket: Ticket, hidden: Set[str]) -> Ticket:
    """The ticket as if the hidden ones had never had to do with it."""
    if not hidden:
        return ticket
    clocks = tuple(
        clock.model_copy(
            update={
                "carried_to": "" if clock.carried_to in hidden else clock.carried_to,
                "carried_from": "" if clock.carried_from in hidden else clock.carried_from,
            }
        )
        for clock in ticket.clocks
    )
    return ticket.model_copy(
        update={
            "merged_into": None if ticket.merged_into in hidden else ticket.merged_into,
            "merged_from": tuple(id_ for id_ in ticket.merged_from if id_ not in hidden),
            "joined": tuple(each for each in ticket.joined if not {each.id, each.via} & hidden),
            "part_of": None if ticket.part_of and ticket.part_of.id in hidden else ticket.part_of,
            "parts": tuple(part for part in ticket.parts if part.id not in hidden),
            "supervision_orders": tuple(
                order for order in ticket.supervision_orders if order.of not in hidden
            ),
            "follow_ups": tuple(said for said in ticket.follow_ups if said.of not in hidden),
            "clocks": clocks,
        }
    )


def lines_without(lines: Iterable[_Line], ticket: Ticket, hidden: Set[str]) -> list[_Line]:
    """The history without what was done with the hidden ones. `ticket` as the viewer sees it, with the parts it may know."""
    if not hidden:
        return list(lines)
    shown: list[_Line] = []
    went_into = ""
    for version, event in lines:
        other = next((event.details[name] for name in _NAMES if event.details.get(name)), "")
        if event.kind is EventKind.MERGED:
            went_into = other
        if event.kind is EventKind.SPLIT:  # by the machine without saying from where
            other, went_into = other or went_into, ""
        if other in hidden and event.kind in (*_OF_A_MERGE, EventKind.PART_MOVED):
            continue
        shown.append((version, _without(event, ticket, hidden)))
    return shown


def _without(event: Event, ticket: Ticket, hidden: Set[str]) -> Event:
    if event.kind is EventKind.DIVIDED_OFF and event.details.get("from") in hidden:
        return event.model_copy(update={"details": {}})
    parts = event.details.get("parts", "").split()
    if event.kind is not EventKind.DIVIDED or hidden.isdisjoint(parts):
        return event
    left = [id_ for id_ in parts if id_ not in hidden]
    titles = [ticket.title, *(part.title for part in ticket.parts)]
    words = "；".join(f"{n}. {title}" for n, title in enumerate(titles, start=1))
    details = {"parts": " ".join(left), "count": str(len(left) + 1)}
    return event.model_copy(update={"note": words, "details": details})
