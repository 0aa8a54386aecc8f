"""改地点: the place of a ticket put right, and with it station, area, queues, owners of clocks and figures.

A place typed in, a code scanned elsewhere, a building read wrongly: all are this one act. What the code or the reporter
said first is kept beside it.
"""

from datetime import datetime

from chalicelib.domain.acts.moves import WITH_A_UNIT, Changed, changed, desk_of, need_stage
from chalicelib.domain.acts.returning import back_at_the_desk
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import Invalid
from chalicelib.domain.parties.beginning import above_the_station
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event, Stage, Ticket, Where
from chalicelib.domain.tickets.where import at_place
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Role, Staff
from chalicelib.domain.understanding.concerned import named

_UNTIL_ENDED = {Stage.RECEIVED, Stage.DISPATCHED, Stage.HANDLING, Stage.SUSPENDED, Stage.RESOLVED}


def relocate(ticket: Ticket, *, by: Staff, place: str, note: str, town: Town, now: datetime) -> Changed:
    """改地点: `place` is a code of the tree. Who serves the new place gains the ticket, who does not loses it.

    A unit that does not serve the new place gives it back to the desk, which is the new place's own; no due time moves but
    the desk's feedback, which the reporter has not had from whoever answers for the place. Raises Invalid.
    """
    need_stage(ticket, _UNTIL_ENDED, "改地点")
    found = town.find_place(place)
    if found is None:
        raise Invalid("没有这个地点，请重新选择", fields=["place"])
    if ticket.where.place == found.code and not ticket.where.candidates:
        raise Invalid("工单已经在这个地点，请选择另一个", fields=["place"])
    where = at_place(found).model_copy(
        update={"point_code": ticket.where.point_code, "said": ticket.where.said or ticket.where.name}
    )
    after = _followed(_at(ticket, where, town), town, now)
    details = {
        "place": found.code,
        "was": ticket.where.place or "",
        "said": ticket.where.name,
        "station": after.station_id,
    }
    event = Event(kind=EventKind.RELOCATED, at=now, by=by.code, note=note, details=details)
    goes_elsewhere = after.station_id != ticket.station_id
    was, is_ = desk_of(ticket, town, now), desk_of(after, town, now)
    losing = [was] if goes_elsewhere and was != is_ else []
    row = "/".join(
        ["relocated"]
        + (["elsewhere"] if goes_elsewhere else [])
        + (["given_on"] if after.handler_id != ticket.handler_id else [])
    )
    return changed(after, event, before=ticket, town=town, row=row, named=losing, alert=goes_elsewhere)


def _at(ticket: Ticket, where: Where, town: Town) -> Ticket:
    """The ticket at that place: its station, whom it concerns there, what triage would propose."""
    changes: dict[str, object] = {"where": where, "station_id": town.station_for(where.path).code}
    if ticket.confidential:
        there = named(ticket.text, where, town=town)
        changes["concerns"] = tuple(dict.fromkeys((*ticket.concerns, *there)))
    category = town.find_category(ticket.category or "")
    if ticket.suggestion is not None and category is not None:
        unit = town.lead_unit(category, where.path)
        changes["suggestion"] = ticket.suggestion.model_copy(update={"unit_id": unit.code if unit else None})
    leaders = {person.code for person in _leaders(where, town)}
    kept = [code for code in ticket.escalated_to if code in leaders or not _answers_for_an_area(code, town)]
    moved = ticket.model_copy(update=changes | {"escalated_to": tuple(kept)})
    return above_the_station(moved, town)[0]


def _followed(after: Ticket, town: Town, now: datetime) -> Ticket:
    """The unit keeps it where it serves the place, with whoever is on duty there; else the desk has it again."""
    if after.stage not in WITH_A_UNIT:
        return after
    unit = town.find_unit(after.lead_unit_id or "")
    serves = unit is not None and unit.area in town.resolved(after.where.path)
    if not serves or {after.lead_unit_id, after.handler_id} & set(after.concerns):
        back = back_at_the_desk(after, town=town, now=now)
        return clocks.start(back, ClockKind.FEEDBACK, town=town, now=now) if back.reporter_id else back
    handler = town.find_staff(after.handler_id or "")
    if handler is None or town.covers(handler, after.where.path):
        return after
    category = town.find_category(after.category or "")
    other = town.handler_for(after.lead_unit_id or "", category, after.where.path, now)
    return after.model_copy(update={"handler_id": other.code if other else None})


def _leaders(where: Where, town: Town) -> tuple[Staff, ...]:
    station = town.station_for(where.path).code
    return (
        *town.station_heads(station),
        *town.leader(Role.AREA_LEADER, where.path),
        *town.leader(Role.TOWN_LEADER, where.path),
    )


def _answers_for_an_area(code: str, town: Town) -> bool:
    """Station heads and area leaders hold what climbed to them for the sake of the place; others keep it."""
    person = town.find_staff(code)
    return person is not None and bool({Role.STATION_HEAD, Role.AREA_LEADER} & set(person.roles))
