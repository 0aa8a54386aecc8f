"""交接: what one member of staff holds goes to another. Due times do not move."""

from datetime import datetime

from chalicelib.domain.acts.moves import Changed, changed
from chalicelib.domain.tickets.ticket import ENDED, Event, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff


def hand_over(
    ticket: Ticket, *, leaver: Staff, successor: Staff, by: str, town: Town, now: datetime
) -> Changed | None:
    """The ticket without the leaver; None when the leaver holds nothing of it.

    As handler, a successor of the lead unit takes over, and has to take it (签收) anew only if the leaver had not. Someone
    of another unit, or whom a confidential ticket concerns, does not: it stays in the unit's queue and its heads are told.
    """
    holds, watches = ticket.handler_id == leaver.code, leaver.code in ticket.escalated_to
    if ticket.stage in ENDED or not (holds or watches):
        return None
    concerned = {successor.code, successor.unit} & set(ticket.concerns)
    update: dict[str, object] = {}
    told: list[Staff] = []
    if watches:
        others = (successor.code if code == leaver.code else code for code in ticket.escalated_to)
        update["escalated_to"] = tuple(
            dict.fromkeys(code for code in others if not (concerned and code == successor.code))
        )
        told.append(successor)
    if holds:
        fits = successor.unit == ticket.lead_unit_id and not concerned
        update["handler_id"] = successor.code if fits else None
        told += [successor] if fits else town.unit_heads(ticket.lead_unit_id or "")
    after = ticket.model_copy(update=update)
    details = {"from": leaver.code, "to": successor.code, "leaver": leaver.name}
    event = Event(kind="handed_over", at=now, by=by, details=details)
    return changed(after, event, before=ticket, town=town, named=told)
