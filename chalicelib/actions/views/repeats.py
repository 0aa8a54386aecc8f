"""Repeats join: what may be the same matter is found and shown, and a person says whether it is (rule 66)."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.actions.tickets import joining
from chalicelib.actions.tickets.reporting import at_point
from chalicelib.actions.town.points import folded
from chalicelib.domain.classes import similarity
from chalicelib.domain.classes.similarity import Likeness, Look, Shared
from chalicelib.domain.errors import Invalid, NotFound
from chalicelib.domain.model import stamp
from chalicelib.domain.tickets.ticket import ENDED, STAGE_NAMES, Ticket
from chalicelib.domain.town.codes import normalise
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.point import PointState
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.domain.understanding.triage import suggest
from chalicelib.domain.views import access
from chalicelib.domain.views.standing import promised_to_neighbours, to_neighbours
from chalicelib.domain.views.ticket_view import category_name, iso
from chalicelib.store.classes import similar
from chalicelib.store.classes.similar import Judged
from chalicelib.store.requests.idempotency import Replay
from chalicelib.store.tickets import lists, tickets
from chalicelib.store.town import directory, points

if TYPE_CHECKING:
    from chalicelib.actions.views.schemas import BesideShown, Neighbouring

MOST_SHOWN = 10
MOST_FOR_RESIDENTS = 3


class Candidate(NamedTuple):
    look: Look
    likeness: Likeness


class Beside(NamedTuple):
    """A ticket that may be the same matter as another, and why."""

    ticket: Ticket
    likeness: Likeness


def for_resident(typed: str, text: str, *, now: datetime) -> "list[Neighbouring]":
    """What neighbours near the point have open of this kind: category, stage, day, approved text, who has it and by when, nothing else; what reads the same is one row.

    What is found hangs on what may be shown alone, never on words that nobody approved: to ask often tells no more. Nothing of what is asked is kept. Raises NotFound for a code that opens no place.
    """
    town = directory.town()
    point = points.find(normalise(typed))
    if point is None or point.state is PointState.RETIRED:
        raise NotFound("这个码已停用，请直接写明地点", fields=["point"])
    where = at_point(point)
    category = suggest(text, where, None, town=town).category
    asked = similarity.look("", point.path, category, text, town, now, point.position)
    known = [
        Candidate(look, similarity.compare(asked, look, town))
        for look in similar.find(similarity.open_shelves(asked), now)
    ]
    by_id = {ticket.id: ticket for ticket in _read(known)}
    seen = [(by_id[each.look.ticket_id], each) for each in known if each.look.ticket_id in by_id]
    shown = [
        (ticket, each.likeness)
        for ticket, each in seen
        if _is_public(ticket)
        and similarity.is_open_match(asked, each.look, ticket.public_text, each.likeness)
    ]
    shown.sort(key=lambda each: (each[1].shared is not Shared.HERE, each[0].received_at))
    return folded([_to_neighbour(ticket, of, town, now) for ticket, of in shown])[:MOST_FOR_RESIDENTS]


def for_desk(ticket_id: str, *, by: Staff, now: datetime) -> "list[BesideShown]":
    """The tickets that may be the same matter, each with its reason, and what was said of it. Raises NotFound."""
    town, ticket = directory.town(), tickets.get(ticket_id)
    access.need_sight(ticket, by, town)
    said = similar.list_judged(ticket_id)
    found = alike(ticket, said, now=now)
    seen = [other for other in _read(found) if access.may_see(other, by, town)]
    return [_to_staff(beside.ticket, beside.likeness, said, town) for beside in besides(found, seen)]


def alike(ticket: Ticket, said: dict[str, Judged], *, now: datetime) -> list[Candidate]:
    """What may be the same as a ticket; `said` is what people judged, and what they judged not the same is left out."""
    asked = asked_of(ticket, directory.town())
    if asked is None:
        return []
    found = ranked(asked.look, similar.find(asked.shelves, now), directory.town())
    return not_unlike(found, said)


class Asked(NamedTuple):
    """A ticket as it is looked for, and under which keys."""

    look: Look
    shelves: list[str]


def asked_of(ticket: Ticket, town: Town) -> Asked | None:
    """None for a confidential one, which is like nothing."""
    if ticket.confidential:
        return None
    text = similarity.words(ticket.where, ticket.text)
    look = look_of(ticket, text, town)
    return Asked(look, similarity.shelves(look, text))


def not_unlike(found: list[Candidate], said: Mapping[str, Judged]) -> list[Candidate]:
    """Without those that people judged not the same."""
    unlike = {other for other, judged in said.items() if not judged.same}
    return [each for each in found if each.look.ticket_id not in unlike]


def besides(found: list[Candidate], seen: list[Ticket]) -> list[Beside]:
    """Those of `found` whose tickets are among `seen`, those that the viewer may see; nothing confidential."""
    by_id = {ticket.id: ticket for ticket in seen if not ticket.confidential}
    return [Beside(by_id[id_], each.likeness) for each in found if (id_ := each.look.ticket_id) in by_id]


def judge(
    ticket_id: str, other_id: str, *, same: bool, merge: bool, by: Staff, replay: Replay | None, now: datetime
) -> Ticket:
    """A person says whether two tickets are one matter; it is kept. With `merge` the first goes into the other 并案.

    Raises NotFound for what the caller may not see, Invalid for a ticket and itself, and what merging raises.
    """
    if ticket_id == other_id or (merge and not same):
        raise Invalid("请选择另一张工单；不是同一件事就不能并案", fields=["other"])
    town, ticket, other = directory.town(), tickets.get(ticket_id), tickets.get(other_id)
    access.need_desk(ticket, by, town)
    access.need_sight(other, by, town)
    if merge:
        ticket = joining.merge(ticket_id, other_id, by=by, replay=replay, now=now)
        replay = replay and replay.part("judged")
    similar.judge(ticket_id, Judged(other=other_id, same=same, by=by.code, at=now), replay)
    return ticket


def look_of(ticket: Ticket, text: str, town: Town) -> Look:
    """A ticket as it is looked for; `text` as `similarity.words` answers it."""
    where = ticket.where
    return similarity.look(
        ticket.id, where.path, ticket.category, text, town, ticket.received_at, where.position
    )


def ranked(asked: Look, known: list[Look], town: Town) -> list[Candidate]:
    """Those of the known that look like a repeat, the likeliest first."""
    others = [look for look in known if look.ticket_id != asked.ticket_id]
    compared = [Candidate(look, similarity.compare(asked, look, town)) for look in others]
    repeats = [each for each in compared if each.likeness.is_repeat]
    return sorted(repeats, key=lambda each: (-each.likeness.weight, stamp(each.look.at)))[:MOST_SHOWN]


def _read(found: list[Candidate]) -> list[Ticket]:
    return lists.get_many([each.look.ticket_id for each in found])


def _is_public(ticket: Ticket) -> bool:
    return not (ticket.confidential or ticket.practice or ticket.stage in ENDED)


def _to_neighbour(ticket: Ticket, likeness: Likeness, town: Town, now: datetime) -> "Neighbouring":
    return {
        "ticket_id": ticket.id,
        "category": category_name(ticket.category, town),
        "stage": ticket.stage.value,
        "stage_name": STAGE_NAMES[ticket.stage],
        "received_on": ticket.received_at.date().isoformat(),
        "public_text": ticket.public_text,
        "standing": to_neighbours(
            ticket.stage,
            ticket.lead_unit_id or ticket.station_id,
            promised_to_neighbours(ticket),
            town,
            now,
        ),
        "reports": 1,
        "reason": similarity.open_reason(likeness),
    }


def _to_staff(ticket: Ticket, likeness: Likeness, said: dict[str, Judged], town: Town) -> "BesideShown":
    judged = said.get(ticket.id)
    return {
        "id": ticket.id,
        "number": ticket.number,
        "stage": ticket.stage.value,
        "stage_name": STAGE_NAMES[ticket.stage],
        "category": ticket.category,
        "category_name": category_name(ticket.category, town),
        "place": ticket.where.name,
        "received_at": iso(ticket.received_at),
        "text": round(likeness.text, 2),
        "shared": likeness.shared.value,
        "reason": likeness.reason,
        "judged": {"same": judged.same, "by": judged.by, "at": iso(judged.at)} if judged else None,
    }
