"""转告事由 and what is answered: of a ticket that is kept from somebody, to them, without the ticket (rule 101)."""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from chalicelib.actions.tickets import listening, own_tickets
from chalicelib.domain.acts import confronting
from chalicelib.domain.errors import NotFound, NotYours
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.offers.act import Rule
from chalicelib.domain.parties.telling import named
from chalicelib.domain.tickets.actors import RESIDENTS
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Role, Staff
from chalicelib.domain.views.ticket_view import iso, unit_name
from chalicelib.store.requests import idempotency
from chalicelib.store.requests.idempotency import Replay
from chalicelib.store.tickets import statements, tickets
from chalicelib.store.town import directory

if TYPE_CHECKING:
    from chalicelib.actions.tickets.schemas import ConfrontAsked, StatementAsked

_HEADS = frozenset({Role.UNIT_HEAD, Role.STATION_HEAD})


def knowing_all(ticket_id: str) -> Rule:
    """转告事由 judged against everything that residents have written on this ticket, and on those merged into it."""
    lines = [event for _, event in tickets.list_events(ticket_id)]
    said = tuple(event.note for event in lines if event.by in RESIDENTS and event.note)
    return partial(confronting.confront, said=said)


def agree(
    ticket_id: str, *, by: str, confrontation_id: str, agreed: bool, replay: Replay | None, now: datetime
) -> Ticket:
    """The reporter's yes or no. Raises NotYours for a proxy and for who joined."""
    member = own_tickets.own(ticket_id, by)
    if not member.owns or member.proxy:
        raise NotYours("只有最初反映的人可以决定能不能转告")
    town = directory.town()
    return tickets.change(
        ticket_id,
        lambda ticket: confronting.agree(
            ticket, confrontation_id=confrontation_id, agreed=agreed, town=town, now=now
        ),
        tickets.Attempt(replay=replay, patient=True, town=town),
    )


def asked(ticket: Ticket, town: Town) -> "ConfrontAsked | None":
    """What its reporter is asked: whether these words may go to them."""
    waits = confronting.asked_of_reporter(ticket)
    if waits is None:
        return None
    return {"id": waits.id, "to": unit_name(waits.to, town) or named(waits.to, town), "text": waits.text}


def list_asked(by: Staff, town: Town) -> "list[StatementAsked]":
    """What was put to this person and waits for a statement, due first; nothing of any ticket."""
    return [
        {
            "id": each.id,
            "text": each.text,
            "by_name": named(each.by, town),
            "due_at": iso(each.due_at),
            "practice": each.practice,
        }
        for _, each in statements.list_asked(_names_of(by))
    ]


def state(statement_id: str, *, by: Staff, text: str, replay: Replay | None, now: datetime) -> None:
    """说明. Raises NotFound for what was not put to this person, or is answered."""
    if replay is not None and idempotency.was_done(replay):
        return
    found = [ticket_id for ticket_id, each in statements.list_asked(_names_of(by)) if each.id == statement_id]
    if not found:
        raise NotFound("没有这件要您说明的事，或已经说明过了")
    ticket_id, town, words = found[0], directory.town(), scrub(text, keeps_rooms=True)
    listening.hear(tickets.get(ticket_id), text, by=by.code, town=town, now=now)
    tickets.change(
        ticket_id,
        lambda ticket: confronting.state(
            ticket, confrontation_id=statement_id, text=words, by=by, town=town, now=now
        ),
        tickets.Attempt(replay=replay, patient=True, town=town),
    )


def _names_of(by: Staff) -> tuple[str, ...]:
    """Under which names something is put to this person: the own, and as a head the unit's."""
    return (by.code, by.unit) if _HEADS.intersection(by.roles) else (by.code,)
