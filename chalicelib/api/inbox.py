"""The in-app inbox, the same for residents and staff."""

from typing import Any

from chalicelib.api import http
from chalicelib.domain.identity.confidential import is_concerned
from chalicelib.domain.notices.staff_templates import RECALLED
from chalicelib.domain.notices.words import words_of
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.store.notices import inbox
from chalicelib.store.tickets import lists


def inbox_page(recipient: str) -> dict[str, Any]:
    """A page of messages, newest first, in words; how many of them are unread, which the mark of the last reading tells."""
    lines, following = inbox.list_inbox(recipient, after=http.parameter("after"))
    items = [_shown(line, unread) for line, unread in lines]
    return {"items": items, "next": following, "unread": sum(item["unread"] for item in items)}


def staff_inbox_page(by: Staff) -> dict[str, Any]:
    """The same for staff, under today's sight: of a ticket that is about them now only the recall is left (rule 21)."""
    page = inbox_page(f"staff:{by.code}")
    ids = list(dict.fromkeys(item["ticket_id"] for item in page["items"] if item["ticket_id"]))
    theirs = {ticket.id for ticket in lists.get_many(ids) if is_concerned(by, ticket.concerns)}
    items = [
        item for item in page["items"] if item["ticket_id"] not in theirs or item["template"] == RECALLED
    ]
    return page | {"items": items, "unread": sum(item["unread"] for item in items)}


def mark(recipient: str, until: str) -> dict[str, Any]:
    inbox.mark_read(recipient, until)
    return {"until": until}


def _shown(line: Any, unread: bool) -> dict[str, Any]:
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
