"""留存: what is known of people, cases and uploads goes when its term is over. By night, or when a resident asks for it.

Each removal begins with what is found through something else and ends with that by which it is found itself, so one that
dies on the way is finished by the next.
"""

import logging
from datetime import datetime, timedelta

from chalicelib.actions import recordings
from chalicelib.actions.feed import feeding
from chalicelib.actions.figures import counting
from chalicelib.actions.turns import Step, Steps
from chalicelib.domain.identity import retention
from chalicelib.domain.identity.chain import Entry, Why
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.gateways import photos as gateway
from chalicelib.store import photos
from chalicelib.store.identity import audit, chain, consents, identities, sessions
from chalicelib.store.notices import dead_letters, inbox
from chalicelib.store.tickets import lists, members, removal, tickets
from chalicelib.store.town import place_watches
from chalicelib.store.visits import visits, volunteers

UNUSED_FOR = timedelta(days=2)  # rule 58; as long as the bucket keeps what was never looked at
MOST_PHOTOS_A_NIGHT = 2000
_log = logging.getLogger(__name__)


def forget_people(ticket: Ticket, *, now: datetime) -> None:
    """Nobody knows any more who was in an ended ticket; the case stays (rule 56)."""
    people = [member.reporter_id for member in members.list_members(ticket.id)]
    _forget_ticket(ticket, now)
    photos.disown(_photos_of(ticket), people)
    for person in people:
        inbox.forget(f"reporter:{person}", ticket.id)
        if _is_last(ticket.id, person, now):
            forget_person(person)
    for person in people:
        members.forget_member(ticket.id, person)
    tickets.change(ticket.id, lambda t: retention.forgotten(t, now=now), tickets.PATIENT)


def leave(ticket: Ticket, person: str, *, now: datetime) -> None:
    """One resident is not in the ticket any more. The others stay, and its report becomes nobody's."""
    others = [m for m in members.list_members(ticket.id) if m.reporter_id != person]
    photos.disown(_photos_of(ticket), [person])
    if ticket.reporter_id == person:
        _forget_ticket(ticket, now)
    members.forget_member(ticket.id, person)
    if ticket.reporter_id == person:  # last: with it goes the entry by which the ticket is found
        tickets.change(
            ticket.id,
            lambda t: retention.without(t, others=bool(others), now=now) if t.reporter_id == person else None,
            tickets.PATIENT,
        )


def forget_if_last(ticket_id: str, person: str, *, now: datetime) -> None:
    """Somebody who is in no other ticket, not signed in and no volunteer: then no phone leads to that id any more either."""
    if _is_last(ticket_id, person, now) and volunteers.find_of(person) is None:
        forget_person(person)


def forget_person(person: str) -> None:
    """What is known of someone apart from any ticket: the openid, what was allowed, what places were watched, what was told."""
    identities.forget_person(person)
    consents.forget(person)
    _leave_walks(person)
    volunteers.forget(person)
    place_watches.forget(person)
    inbox.forget(f"reporter:{person}")


def _leave_walks(person: str) -> None:
    """What a volunteer found stays, and of its photos nobody knows whose they are."""
    known = volunteers.find_of(person)
    for walk in visits.all_walks(known.id) if known else ():
        found = lists.get_many([each.ticket_id for each in visits.list_findings(walk.id) if each.ticket_id])
        photos.disown([photo for ticket in found for photo in _photos_of(ticket)], [person])


def remove_case(ticket: Ticket, *, now: datetime) -> None:
    """The case itself goes with its history and photos; the audit and its part of the counts stay (rule 57)."""
    for photo in photos.get_many(_photos_of(ticket)).values():
        if photo.ticket_id in ("", ticket.id):  # else another ticket shows it too
            gateway.discard(photo.shown_as)
            _remove_photo(photo.id)
    audit.removed(ticket.id, now)
    _note(ticket.id, Why.REMOVED, now)
    counting.let_go(ticket)
    feeding.forget(ticket.id)
    removal.remove(ticket)


def _forget_ticket(ticket: Ticket, now: datetime) -> None:
    """With who reported go the voice and the words of whoever looked: in the ledger first."""
    _note(ticket.id, Why.FORGOTTEN, now)
    recordings.remove(ticket.recording)
    identities.forget_ticket(ticket.id)


def _note(ticket_id: str, why: Why, now: datetime) -> None:
    chain.enter(Entry(at=now, subject=ticket_id, why=why, by=Actor.MACHINE))


def remove_unused_photos(*, now: datetime) -> Steps:
    """Uploads that no ticket took (rule 58), one by one.

    None while a line of history waits among the dead letters: it may be the one that takes a photo.
    """
    if dead_letters.list_open(limit=1)[0]:
        _log.warning("unused photos stay while there are dead letters")
        return
    for photo_id in photos.list_unused(now - UNUSED_FOR, limit=MOST_PHOTOS_A_NIGHT):
        if photos.give_up(photo_id):
            _remove_photo(photo_id)
            yield Step(1)


def _remove_photo(photo_id: str) -> None:
    gateway.discard(photo_id)
    photos.remove(photo_id)


def _photos_of(ticket: Ticket) -> list[str]:
    lines = [event for _, event in tickets.list_events(ticket.id)]
    return list(dict.fromkeys(ticket.photos + tuple(photo for line in lines for photo in line.photos)))


def _is_last(ticket_id: str, person: str, now: datetime) -> bool:
    """Whether this ticket is the last that knew someone who is not signed in either. The index may lag: members are asked."""
    if sessions.has_any(person, now):
        return False
    page, _ = lists.list_of_reporter(person)
    return not any(t.id != ticket_id and members.find_member(t.id, person) for t in page)
