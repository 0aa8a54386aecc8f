"""失效: what was done in an emergency without a second person's yes is undone after twelve hours, or at a no (rule 93)."""

from datetime import datetime

from chalicelib.actions.identity import confirming
from chalicelib.actions.partners import registering
from chalicelib.actions.town.handing_over import held_by_unit
from chalicelib.domain.identity import confirmations as rules
from chalicelib.domain.identity.confirmations import Confirmation, Kind
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.notices.deliveries import Delivery
from chalicelib.domain.notices.staff_templates import ACTS_OF_EMERGENCY
from chalicelib.domain.parties.telling import tell_staff
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.town.vocabulary import Channel, Role
from chalicelib.store.identity import sessions
from chalicelib.store.notices import inbox
from chalicelib.store.tickets import by_day, tickets
from chalicelib.store.town import directory


def sweep(*, now: datetime) -> int:
    """Every minute. Answers how many were undone; one that dies on the way is undone again by the next."""
    over = [each for each in confirming.emergencies(now) if rules.lapses(each, now)]
    for asked in over:
        if asked.kind is Kind.TOWN:
            _town_before(asked, now)
        else:
            registering.lapse(asked)
        confirming.lapsed(asked, now)
        if asked.gains:
            _list_what_was_done(asked, now)
    return len(over)


def _list_what_was_done(asked: Confirmation, now: datetime) -> None:
    """What was done on tickets meanwhile stays, for it was done and people were told; the head reads of which, and looks.

    Power that would outlive the emergency could not be made in it (rule 93).
    """
    town, lines = directory.town(), []
    for ticket_id in _touched_since(asked, now):
        acts = [event for _, event in tickets.list_events(ticket_id) if event.at >= asked.at]
        who = dict.fromkeys(event.by for event in acts if event.by in asked.gains)
        if not who:
            continue
        ticket = tickets.get(ticket_id)
        heads = (*town.station_heads(ticket.station_id), *town.leader(Role.AREA_LEADER, ticket.where.path))
        for notice in tell_staff(heads, ACTS_OF_EMERGENCY, ticket, town=town, who="、".join(who)):
            key = f"{asked.id}-{ticket_id}"
            lines.append(
                Delivery(
                    recipient=notice.to,
                    way=Channel.INBOX,
                    at=now,
                    event_key=key,
                    ticket_id=ticket_id,
                    template=ACTS_OF_EMERGENCY,
                    params=notice.params,
                    not_before=now,
                )
            )
    inbox.write(lines)


def _touched_since(asked: Confirmation, now: datetime) -> set[str]:
    """What is open, and what ended since then."""
    days = {asked.at.astimezone(SHANGHAI).date(), now.astimezone(SHANGHAI).date()}
    ended = (ticket_id for day in days for ticket_id in by_day.list_ended(day))
    return {each for unit in directory.town().units for each in held_by_unit(unit.code)} | set(ended)


def _town_before(asked: Confirmation, now: datetime) -> None:
    """The town before that import is in force again; whoever gained by it is signed out.

    What still stands with somebody who is gone by that goes to the head of the unit by night, as after every import.
    """
    pointer = directory.find_pointer()
    if pointer is not None and pointer.asked == asked.id:
        back = pointer.model_copy(
            update={
                "version": pointer.previous,
                "previous": pointer.version,
                "digest": "",
                "imported_at": now,
                "imported_by": Actor.MACHINE,
                "asked": "",
            }
        )
        directory.switch(back, before=pointer)
    for code in asked.gains:
        sessions.end_all(code)
