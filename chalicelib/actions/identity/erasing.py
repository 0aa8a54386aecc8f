"""删除个人信息 (rule 45): everywhere that a ticket's words went, and again where a backup brought them back.

The ledger comes first; who it was is forgotten last, for by that the rest is found. One that dies on the way is done again.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from chalicelib.actions import retention
from chalicelib.domain.acts import answering
from chalicelib.domain.acts.moves import Changed
from chalicelib.domain.identity.chain import Entry, Why
from chalicelib.domain.identity.erasing import (
    APPROVED_WITHIN,
    BY_THEMSELVES,
    Checked,
    Person,
    event_without,
    params_without,
)
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.knowledge.drafts import draft_id
from chalicelib.domain.partners.exchanges import without
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import ENDED, Event, Ticket
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.domain.views.ticket_view import category_name
from chalicelib.store.counter import precedents
from chalicelib.store.feed import feed
from chalicelib.store.identity import chain, identities
from chalicelib.store.knowledge import drafts
from chalicelib.store.notices import inbox
from chalicelib.store.partners import exchanges
from chalicelib.store.requests.idempotency import Replay
from chalicelib.store.tickets import rewriting, tickets
from chalicelib.store.town import directory

LOOKED_BACK = timedelta(days=30)  # a night that failed is made good by the next


def erase(
    ticket: Ticket,
    *,
    text: str,
    checked: Checked,
    by: Staff | None,
    now: datetime,
    replay: Replay | None = None,
) -> Ticket:
    """The ticket by a summary, its history and messages without the person; who it was is left to `forget_reporter`.

    Raises what `answering.erase` raises.
    """
    town, person = directory.town(), _person(ticket)

    def decide(before: Ticket) -> Changed:
        return answering.erase(before, by=by, text=text, checked=checked, person=person, town=town, now=now)

    decide(ticket)  # or refuses
    return _take_out(ticket, person, decide, Why.ERASED, by.code if by else Actor.MACHINE, now, replay)


def forget_reporter(ticket: Ticket, *, now: datetime) -> None:
    """Nobody knows any more who an erased ticket's reporter was: last, for by that the rest is found. Idempotent."""
    if ticket.reporter_id is not None:
        retention.leave(ticket, ticket.reporter_id, now=now)
        retention.forget_if_last(ticket.id, ticket.reporter_id, now=now)


def ask(ticket: Ticket, *, now: datetime) -> None:
    """By the own session: at once all that tells who it was; the desk approves the summary, or time does (`approve_late`)."""
    if ticket.stage not in ENDED or ticket.erased or ticket.erasure_asked_at is not None:
        return
    town, person = directory.town(), _person(ticket)

    def decide(before: Ticket) -> Changed:
        return answering.ask_erasure(before, person=person, town=town, now=now)

    forget_reporter(_take_out(ticket, person, decide, Why.ASKED, Actor.MACHINE, now), now=now)


def approve_late(*, now: datetime) -> int:
    """What no desk approved a summary for in time says no more than the kind of matter. Answers of how many tickets."""
    due = now - APPROVED_WITHIN
    asked = [
        each for each in chain.list_ledger(due - LOOKED_BACK) if each.why is Why.ASKED and each.at <= due
    ]
    return sum(_no_more_than_the_matter(each.subject, now) for each in asked)


def repeat(*, now: datetime) -> int:
    """What was erased since the backup that a restore brought back is erased again. Answers of how many tickets."""
    ledger = chain.list_ledger()
    restores = [(each.as_of, each.at) for each in ledger if each.why is Why.RESTORED and each.as_of]
    undone = {
        (each.subject, each.why)
        for each in ledger
        if each.subject and any(as_of < each.at <= at for as_of, at in restores)
    }
    return sum(_again(subject, why, now) for subject, why in sorted(undone))


def _take_out(
    ticket: Ticket,
    person: Person,
    decide: Callable[[Ticket], Changed],
    why: Why,
    by: str,
    now: datetime,
    replay: Replay | None = None,
) -> Ticket:
    events = [event for _, event in tickets.list_events(ticket.id)]
    lines = rewriting.rewritten(ticket.id, lambda event: event_without(event, person))
    chain.enter(Entry(at=now, subject=ticket.id, why=why, by=by, lines=rewriting.digests(lines)))
    rewriting.write(lines)
    for recipient in _staff_told(events):
        inbox.rewrite(recipient, ticket.id, lambda params: params_without(params, person))
    if ticket.reporter_id is not None:
        inbox.forget(f"reporter:{ticket.reporter_id}", ticket.id)
    feed.blank(ticket.id)
    _scrub_exchanges(ticket, events, person)
    drafts.remove(draft_id(scrub(ticket.text)))
    _scrub_precedents(ticket, events, person)
    return tickets.change(ticket.id, decide, tickets.Attempt(patient=True, replay=replay))


def _scrub_exchanges(ticket: Ticket, events: list[Event], person: Person) -> None:
    """What its partners sent and were sent (往来) keeps no more of the person than the ticket does."""
    contact = identities.find_contact(ticket.id, ticket.reporter_id) if ticket.reporter_id else None
    own = (event.note for event in events if event.by in BY_THEMSELVES)
    said = {ticket.text, contact.text if contact else "", *own}
    for one in ticket.external_ids:
        for exchange in exchanges.list_of_order(one.partner, one.number):
            if exchange.ticket_id == ticket.id:
                exchanges.rewrite(without(exchange, person, said))


def _scrub_precedents(ticket: Ticket, events: list[Event], person: Person) -> None:
    """What was ruled of it stays a precedent; its ground, which somebody wrote, keeps no more of the person."""
    categories = dict.fromkeys((ticket.category or "", *(each.code for each in directory.town().categories)))
    for event in events:
        if event.kind is EventKind.DUTY_RULED:
            precedents.rewrite(ticket.id, event.at, filter(None, categories), person.out_of)


def _again(ticket_id: str, why: Why, now: datetime) -> bool:
    ticket = tickets.find(ticket_id)
    if ticket is None:
        return False
    if why is Why.REMOVED:
        retention.remove_case(ticket, now=now)
    elif why is Why.ERASED and not ticket.erased:
        return _no_more_than_the_matter(ticket_id, now)
    elif why is Why.ASKED and ticket.erasure_asked_at is None:
        ask(ticket, now=now)
    elif ticket.reporter_id is not None:
        retention.leave(ticket, ticket.reporter_id, now=now)
    else:
        return False
    return True


def _no_more_than_the_matter(ticket_id: str, now: datetime) -> bool:
    ticket = tickets.find(ticket_id)
    if ticket is None or ticket.erased or ticket.stage not in ENDED:
        return False
    name = category_name(ticket.category, directory.town()) if ticket.category else "未分类"
    text = f"反映人已要求删除内容。事项：{name}"
    forget_reporter(erase(ticket, text=text, checked=Checked.SIGNED_IN, by=None, now=now), now=now)
    return True


def _person(ticket: Ticket) -> Person:
    contact = identities.find_contact(ticket.id, ticket.reporter_id) if ticket.reporter_id else None
    return Person(contact.name, contact.phone) if contact else Person()


def _staff_told(events: list[Event]) -> list[str]:
    told = {notice.to for event in events for notice in event.notices if notice.to.startswith("staff:")}
    return sorted(told)
