"""What WeChat thinks of a report's words (msg_sec_check): marks it for the desk, and never holds a report up."""

from datetime import datetime

from chalicelib.domain.notices.deliveries import Delivery, Outcome, State
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event, Ticket
from chalicelib.domain.town.vocabulary import Channel, ResidentChannel
from chalicelib.gateways import wechat
from chalicelib.store.identity import identities
from chalicelib.store.notices import platform_tokens
from chalicelib.store.tickets import tickets

SUSPECT = "微信提示内容可能不合适，公开前请核对"


def owed(ticket: Ticket, event: Event, key: str) -> Delivery | None:
    """The check of a report that came through WeChat; None for any other, in a drill and without a mini-program.

    It is worth asking for two hours: then WeChat no longer knows the person (61010).
    """
    if (
        event.kind is not EventKind.RECEIVED
        or ticket.reachable is not ResidentChannel.IN_WECHAT
        or ticket.practice
        or not wechat.is_set()
    ):
        return None
    return Delivery(
        recipient=f"check:{ticket.id}",
        way=Channel.CHECK,
        at=event.at,
        event_key=key,
        ticket_id=ticket.id,
        template="received",
        urgent=True,
        not_before=event.at,
    )


def check(delivery: Delivery, now: datetime) -> Outcome:
    """Ask; the answer stands among the ticket's deliveries, where the desk looks. Raises what WeChat's silence raises."""
    ticket = tickets.get(delivery.ticket_id)
    openid = identities.find_on_wechat(ticket.reporter_id or "").openid
    if not openid or not wechat.is_set():
        return Outcome(state=State.PERMANENT_FAILURE, detail="没有可核对的微信账号")
    suspect = wechat.is_suspect(openid, ticket.text, kept=platform_tokens, now=now)
    return Outcome(state=State.DELIVERED, detail=SUSPECT if suspect else "")
