"""Pauses 停计时 that are over: kept whatever ended them, so that no figure loses what stood still. Pure; asked at the end of every act."""

from datetime import datetime

from chalicelib.domain.tickets.ticket import Pause, Paused, Ticket
from chalicelib.domain.town.directory import Town


def kept(before: Ticket | None, after: Ticket, *, town: Town, now: datetime) -> Ticket:
    """The ticket with the pause that this act ended among those that are over: resumed, forwarded, withdrawn, merged, turned.

    From when to when time stood still, which it never did where a question did not arrive.
    """
    pause = before.pause if before else None
    if before is None or pause is None or (after.pause and after.pause.since == pause.since):
        return after
    return after.model_copy(update={"pauses": (*after.pauses, _over(before, pause, town, now))})


def _over(ticket: Ticket, pause: Pause, town: Town, now: datetime) -> Paused:
    began = pause.since if not pause.waits else pause.arrived_at or now
    person = town.find_staff(pause.approved_by)
    unit_id, role = (person.unit, person.roles[0].value) if person else ("", "")
    return Paused(
        kind=pause.kind,
        round=ticket.round,
        unit_id=unit_id,
        approved_as=pause.approved_as or role,
        since=began,
        until=now,
    )
