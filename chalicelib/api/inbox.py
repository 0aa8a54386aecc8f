"""The in-app inbox, the same for residents and staff."""

from typing import TYPE_CHECKING, Any

from chalicelib.api import http
from chalicelib.domain.identity.confidential import is_concerned
from chalicelib.domain.notices.staff_templates import TO_THE_CONCERNED, TO_WHO_LOST_IT
from chalicelib.domain.notices.words import words_of
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.domain.views.access import may_see
from chalicelib.store.notices import inbox
from chalicelib.store.tickets import lists
from chalicelib.store.town import directory

if TYPE_CHECKING:
    from chalicelib.api.schemas import Inbox, InboxLine, ReadUntil


def inbox_page(recipient: str) -> "Inbox":
    """A page of messages, newest first, in words; how many of them are unread, which the mark of the last reading tells."""
    lines, following = inbox.list_inbox(recipient, after=http.cursor())
    items = [_view(line, unread) for line, unread in lines]
    return {"items": items, "next": following, "unread": sum(item["unread"] for item in items)}


def staff_inbox_page(by: Staff) -> "Inbox":
    """The same for staff, under today's sight: of a ticket that they may not open now only what may be told to the concerned is
    left (rule 21), to whom it does not concern also what came of what they had asked for; and of that the words alone: neither
    the line nor its id leads to the ticket."""
    page, town = inbox_page(f"staff:{by.code}"), directory.town()
    ids = list(dict.fromkeys(item["ticket_id"] for item in page["items"] if item["ticket_id"]))
    unseen = {ticket.id: ticket.concerns for ticket in lists.get_many(ids) if not may_see(ticket, by, town)}
    items = [
        _without_ticket(item) if item["ticket_id"] in unseen else item
        for item in page["items"]
        if item["ticket_id"] not in unseen or item["template"] in _left(by, unseen[item["ticket_id"]])
    ]
    return {**page, "items": items, "unread": sum(item["unread"] for item in items)}


def _left(by: Staff, concerns: tuple[str, ...]) -> frozenset[str]:
    return TO_THE_CONCERNED if is_concerned(by, concerns) else TO_THE_CONCERNED | TO_WHO_LOST_IT


def mark(recipient: str, until: str) -> "ReadUntil":
    inbox.mark_read(recipient, until)
    return {"until": until}


def _without_ticket(item: "InboxLine") -> "InboxLine":
    return {**item, "ticket_id": "", "id": inbox.nameless(item["id"])}


def _view(line: Any, unread: bool) -> "InboxLine":
    words = words_of(line.template, line.params)
    return {
        "id": inbox.line_id(line),
        "at": line.at.isoformat(timespec="seconds"),
        "ticket_id": line.ticket_id,
        "template": line.template,
        "title": words.title,
        "text": words.text,
        "urgent": line.urgent,
        "unread": unread,
    }
