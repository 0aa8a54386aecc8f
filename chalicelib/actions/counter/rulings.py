"""派单目录 and 权属裁定: who must do it and by which law, shown at dispatch and at return; disputes answered and ruled (rule 98)."""

from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.actions.tickets import acting
from chalicelib.domain.acts.moves import Changed
from chalicelib.domain.counter import rulings
from chalicelib.domain.counter.rulings import Precedent
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.vocabulary import LEADERS, Mandate, Staff
from chalicelib.domain.views import access
from chalicelib.domain.views.ticket_view import iso, unit_name
from chalicelib.store.counter import precedents
from chalicelib.store.requests.idempotency import Replay
from chalicelib.store.table import Operation
from chalicelib.store.tickets import lists, tickets
from chalicelib.store.town import directory

if TYPE_CHECKING:
    from chalicelib.actions.counter.schemas import DisputeShown, MandateOfTicket, MandateShown


def shown(ticket_id: str, *, by: Staff) -> "MandateOfTicket":
    """What the directory says of the ticket, what was ruled before, and what is disputed now. For whoever sees the ticket."""
    town, ticket = directory.town(), tickets.get(ticket_id)
    access.need_sight(ticket, by, town)
    mandate = town.mandate_for(ticket.category, ticket.where.path)
    known = _precedents(ticket.category) if ticket.category else []
    return {
        "mandate": _mandate_view(mandate) if mandate else None,
        "precedents": [
            {
                "place": each.place,
                "ground": each.ground,
                "number": each.number,
                "unit_name": unit_name(each.unit_id, town),
                "at": iso(each.at),
            }
            for each in known
        ],
        "dispute": _dispute_view(ticket, by),
    }


def _precedents(category: str) -> list[Precedent]:
    """Without those whose tickets have turned confidential since: they name a number, a place and a ground."""
    known = precedents.list_latest(category)
    hidden = {each.id for each in lists.get_many([each.ticket_id for each in known]) if each.confidential}
    return [each for each in known if each.ticket_id not in hidden]


def answer(ticket_id: str, text: str, *, by: Staff, replay: Replay | None, now: datetime) -> Ticket:
    given = {"text": text}
    return acting.act(
        ticket_id, rulings.answer, given, by=by, guard=access.need_sight, replay=replay, now=now
    )


def rule(
    ticket_id: str, unit_id: str, ground: str, *, by: Staff, replay: Replay | None, now: datetime
) -> Ticket:
    """裁定, with the precedent that it makes in one transaction."""
    town, words = directory.town(), scrub(ground)

    def decide(ticket: Ticket) -> Changed:
        return rulings.rule(ticket, unit_id=unit_id, ground=words, by=by, town=town, now=now)

    def beside(saved: Ticket) -> tuple[Operation, ...]:
        made = rulings.precedent_of(saved, unit_id=unit_id, ground=words, now=now)
        return (precedents.precedent_op(made),) if made and not saved.confidential else ()

    def may(ticket: Ticket) -> None:
        access.need_desk(ticket, by, town)

    return tickets.change(
        ticket_id, decide, tickets.Attempt(replay=replay, may=may, town=town), beside=beside
    )


def _mandate_view(mandate: Mandate) -> "MandateShown":
    town = directory.town()
    units = {unit.code: unit.name for unit in town.units}
    return {
        "lead": mandate.lead,
        "lead_name": unit_name(mandate.lead, town),
        "assisting": [units[code] for code in mandate.assisting if code in units],
        "never": [unit.name for unit in town.units if mandate.forbids(unit)],
        "ground": mandate.ground,
        "ground_url": mandate.ground_url,
    }


def _dispute_view(ticket: Ticket, by: Staff) -> "DisputeShown | None":
    if ticket.dispute is None:
        return None
    town = directory.town()
    due = next((clock for clock in ticket.clocks if clock.kind is ClockKind.RULING and clock.is_open), None)
    return {
        "unit_name": unit_name(ticket.dispute.by_unit, town),
        "words": ticket.dispute.words,
        "answer": ticket.dispute.answer,
        "due_at": iso(due.due_at) if due else None,
        "may_answer": by.unit != ticket.dispute.by_unit,
        "may_rule": not LEADERS.isdisjoint(by.roles),
    }
