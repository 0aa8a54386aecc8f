"""mySociety's service request updates, both ways."""

from datetime import datetime
from typing import Any

from chalicelib.actions.open311.requests import count, find_entries
from chalicelib.actions.tickets import acting, listening, own_tickets
from chalicelib.domain.errors import NotFound, Refusal
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.open311 import public
from chalicelib.domain.open311.answered import follow_up_by_partner
from chalicelib.domain.open311.posted import PostedUpdate
from chalicelib.domain.open311.public import PARTNER, Entry
from chalicelib.domain.open311.window import Window
from chalicelib.domain.open311.words import IS_DONE, IS_NOT_DONE
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event, Stage, Ticket
from chalicelib.domain.views.history import history_line
from chalicelib.domain.views.ticket_view import iso
from chalicelib.store.feed.api_keys import ApiKey
from chalicelib.store.requests import idempotency
from chalicelib.store.tickets import public_list, tickets
from chalicelib.store.tickets.public_list import Update
from chalicelib.store.town import directory

MOST = 1000


def list_updates(window: Window, *, key: ApiKey) -> list[dict[str, Any]]:
    """What has changed on requests that may be seen, oldest first; staff's words only on the key's own reports."""
    found = [update for update, _ in zip(public_list.list_updates(window), range(MOST), strict=False)]
    entries, town = (
        public_list.get_entries(list(dict.fromkeys(each.ticket_id for each in found))),
        directory.town(),
    )
    seen = [(each, entries[each.ticket_id]) for each in reversed(found) if each.ticket_id in entries]
    return [_view(each, entry, key) for each, entry in seen if public.is_public(entry, town)]


def post(posted: PostedUpdate, *, key: ApiKey, now: datetime) -> None:
    """What the reporter adds through the client: a comment; on a resolved ticket also whether it is solved; on a closed
    one, that it is not. The same update_id counts once. Raises NotFound for a report that is not the key's own.
    """
    entry = find_entries([posted.service_request_id]).get(posted.service_request_id)
    if entry is None or entry.owner != key.name:
        raise NotFound("没有这个 service_request_id，或不是用这个 api_key 提交的")
    mark = idempotency.replay(PARTNER + key.name, f"update:{posted.update_id}", entry.number.encode(), now)
    if idempotency.find_done(mark) is not None:
        return
    count(key, now)
    ticket = tickets.get(entry.ticket_id)
    if not _answered(ticket, posted, mark, now):
        acting.comment_by_resident(
            ticket.id, by=ticket.reporter_id or "", text=posted.text, given_photos=(), replay=mark, now=now
        )


def _answered(ticket: Ticket, posted: PostedUpdate, mark: idempotency.Replay, now: datetime) -> bool:
    """Whether the status was an answer that the ticket's stage asks for; what a rule refuses is kept as a comment."""
    town, words = directory.town(), scrub(posted.text)
    try:
        if ticket.stage is Stage.RESOLVED and posted.word in IS_DONE | IS_NOT_DONE:
            solved = posted.word in IS_DONE
            listening.hear(ticket, posted.text, by=Actor.REPORTER, town=town, now=now)
            tickets.change(
                ticket.id,
                lambda t: follow_up_by_partner(t, solved=solved, words=words, town=town, now=now),
                tickets.Attempt(replay=mark, town=town),
            )
            return True
        if ticket.stage in (Stage.CLOSED, Stage.DECLINED) and posted.word in IS_NOT_DONE:
            own_tickets.reopen(
                ticket.id, by=ticket.reporter_id or "", reason=posted.text, replay=mark, now=now
            )
            return True
    except Refusal as refused:
        if refused.http_status >= 500:
            raise
    return False


def _view(update: Update, entry: Entry, key: ApiKey) -> dict[str, Any]:
    event = Event(kind=update.kind, at=update.at, by=Actor.MACHINE)
    own = entry.owner == key.name
    words = (
        history_line(event, directory.town())
        if update.kind in _IMPERSONAL
        else public.NOTES.get(update.word, "有更新")
    )
    return {
        "update_id": f"{entry.number}.{update.line}",
        "service_request_id": entry.number,
        "status": update.word.value,
        "updated_datetime": iso(update.at),
        "description": (update.note if own else "") or words,
        "media_url": "",
    }


_IMPERSONAL = frozenset(
    {EventKind.RESUMED, EventKind.MERGED, EventKind.CLOSED, EventKind.REWORKED, EventKind.REOPENED}
)  # lines that name nobody
