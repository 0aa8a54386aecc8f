"""What residents would read of an act, before it is done."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.actions.notices.notifying import extra_params
from chalicelib.actions.tickets import acting
from chalicelib.domain.notices.words import words_of
from chalicelib.domain.tickets.actors import Addressee
from chalicelib.domain.tickets.ticket import Notice, Ticket
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.store.town import directory

if TYPE_CHECKING:
    from chalicelib.actions.views.schemas import ReadByResidents


def told_to_residents(
    ticket_id: str,
    rule: acting.Rule,
    given: dict[str, Any],
    *,
    by: Staff,
    guard: acting.Guard,
    now: datetime,
) -> "list[ReadByResidents]":
    """Each message that the act would bring to the reporter, or to those who joined: {to, title, text}. Nothing is written.

    Raises what the act itself would be refused for.
    """
    decided = acting.as_decided(ticket_id, rule, given, by=by, guard=guard, now=now)
    if decided is None:
        return []
    ticket, event = decided
    return list(_read(event.notices, ticket))


def _read(notices: tuple[Notice, ...], ticket: Ticket) -> Iterator["ReadByResidents"]:
    extra = extra_params(ticket, directory.town())
    for notice in notices:
        if notice.to in set(Addressee):
            words = words_of(notice.template, extra | notice.params)
            yield {"to": notice.to, "title": words.title, "text": words.text}
