"""留存: how long it is known who reported something, and how long the case itself is kept without it (design §7)."""

from datetime import datetime, timedelta

from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import ENDED, Event, Stage, Ticket
from chalicelib.domain.town.vocabulary import ResidentChannel


def forget_at(ticket: Ticket, keep: timedelta) -> datetime | None:
    """When the identities of an ended ticket are to be removed; None while it is open, and once they have been."""
    if ticket.stage not in ENDED or ticket.identity_removed:
        return None
    return (ticket.closed_at or ticket.received_at) + keep


def may_forget(ticket: Ticket, into: Ticket | None, keep: timedelta, now: datetime) -> bool:
    """Whether that time has come. What was merged `into` another is kept as long as that one: its people are still told."""
    at = forget_at(ticket, keep)
    if at is None or now < at:
        return False
    if ticket.stage is not Stage.MERGED or into is None:
        return True
    return into.identity_removed or may_forget(into, None, keep, now)


def remove_at(ticket: Ticket, keep: timedelta) -> datetime | None:
    """When the case itself is to be removed; None before its identities are."""
    if ticket.stage not in ENDED or not ticket.identity_removed:
        return None
    return (ticket.closed_at or ticket.received_at) + keep


def may_remove(ticket: Ticket, into: Ticket | None, keep: timedelta, now: datetime) -> bool:
    """Whether that time has come. What was merged `into` another stays as long as that one, which names it."""
    at = remove_at(ticket, keep)
    if at is None or now < at:
        return False
    return ticket.stage is not Stage.MERGED or into is None or may_remove(into, None, keep, now)


def without(ticket: Ticket, *, others: bool, now: datetime) -> tuple[Ticket, Event]:
    """The case after its reporter asked to be forgotten (rule 45). While `others` are in it they are still told."""
    after = ticket.model_copy(
        update={"identity_removed": not others, "reporter_id": None, "reachable": ResidentChannel.NONE}
    )
    return after, Event(kind=EventKind.IDENTITY_REMOVED, at=now, by=Actor.MACHINE)


def forgotten(ticket: Ticket, *, now: datetime) -> tuple[Ticket, Event]:
    """The case without its reporter: afterwards nobody's "my tickets" shows it, and it tells nobody anything."""
    return without(ticket, others=False, now=now)
