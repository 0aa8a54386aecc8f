"""What follows when a message arrived, was opened, or did not arrive."""

import logging
from datetime import datetime

from chalicelib.domain.acts.pausing import Arrival, question_arrived
from chalicelib.domain.errors import NotFound, WrongStage
from chalicelib.domain.notices import arriving
from chalicelib.domain.notices.arriving import Kind
from chalicelib.domain.notices.deliveries import Delivery, Outcome, State
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.queues import Queue, marked
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.vocabulary import Channel
from chalicelib.gateways import queue
from chalicelib.store.notices import deliveries
from chalicelib.store.tickets import marks, members, tickets
from chalicelib.store.tickets.stream import Line
from chalicelib.store.town import directory

_MAY_MOVE = frozenset({EventKind.RELOCATED, EventKind.MERGED, EventKind.SPLIT, EventKind.STATION_FOLLOWED})
_log = logging.getLogger(__name__)
RESIDENTS = "resident"  # who reported or joined, whose ids would tell which tickets are one person's
REPORTER = "reporter:"


def settled(delivery: Delivery, state: State, *, now: datetime) -> None:
    """A delivery has come to its end: a question that arrived lets time stand still, what did not arrive is work."""
    kind = arriving.MUST_ARRIVE.get(delivery.template)
    if kind is None or not delivery.ticket_id:
        return
    try:
        if state is State.DELIVERED:
            if kind is Kind.QUESTION:
                _arrived(
                    delivery.ticket_id,
                    Arrival.CALLED if delivery.way is Channel.CALL else Arrival.DELIVERED,
                    now,
                )
        elif arriving.failed(delivery.model_copy(update={"state": state})):
            changed = owe_call(delivery, tickets.get(delivery.ticket_id), now)
            marks.touch(changed, after=delivery.event_key, now=now)
    except NotFound:  # the ticket was removed meanwhile
        _log.info("a delivery ended after its ticket")


def owe_call(delivery: Delivery, ticket: Ticket, now: datetime) -> frozenset[str]:
    """Put the call that is owed instead of this message on the desk's list. Twice is as once.

    Of whose report was merged into it the phone that counts is the one left with that report. Answers whose lists have
    changed, for the marks.
    """
    if delivery.template not in arriving.MUST_ARRIVE:
        return frozenset()
    left_with = tickets.get(delivery.report) if delivery.report else ticket
    call = arriving.call_owed(
        delivery, phone_left=left_with.phone_left, station_id=ticket.station_id, now=now
    )
    if call is None or not deliveries.create(call):
        return frozenset()
    return frozenset(marked(Queue.CALLS.of(ticket.station_id), ticket))


def calls_follow(line: Line, *, now: datetime) -> None:
    """After what may have brought a ticket to another station: the calls owed on it are on that desk's list. Twice is as once."""
    if line.event.kind not in _MAY_MOVE:
        return
    ticket, left = tickets.get(line.ticket_id), set[str]()
    for member in members.list_members(ticket.id):
        left |= deliveries.move_calls(f"{REPORTER}{member.reporter_id}", ticket.id, ticket.station_id)
    if left:
        changed = {
            mark for station in {*left, ticket.station_id} for mark in marked(Queue.CALLS.of(station), ticket)
        }
        marks.touch(changed, after=line.key, now=now)


def opened(ticket: Ticket, reporter_id: str, *, now: datetime) -> None:
    """The reporter has the ticket's page open: everything said so far has arrived."""
    if ticket.phone_left:
        members.note_opened(ticket.id, reporter_id, now)
    if ticket.pause is not None and not ticket.stands_still:
        _arrived(ticket.id, Arrival.OPENED, now)


def list_calls(station_id: str, *, after: str | None, now: datetime) -> tuple[list[Delivery], str | None]:
    """Whom the desk is to call now. What was opened or taken meanwhile is done, and not shown."""
    found, following = deliveries.list_calls(station_id, now=now, after=after)
    return [call for call in found if not (_was_read(call) or _was_taken(call))], following


def resend(ticket_id: str, to: str, line: str, *, now: datetime) -> int:
    """Send again what failed, after its cause was put right. Answers how many; raises NotFound, WrongStage."""
    known = deliveries.list_under(line, recipients(ticket_id, to))
    if not known:
        raise NotFound("没有这条通知，请刷新列表")
    again = [delivery for delivery in known if deliveries.send_again(delivery, now)]
    if not again:
        raise WrongStage("这条通知没有失败，或可能已经送达，不再重发")
    return queue.wake([deliveries.key_of(delivery) for delivery in again])


def recipients(ticket_id: str, to: str) -> list[str]:
    """Whom `to` means: RESIDENTS is everyone who reported or joined, anything else names one recipient."""
    if to != RESIDENTS:
        return [to]
    return [f"{REPORTER}{each.reporter_id}" for each in members.list_members(ticket_id)]


def _was_read(call: Delivery) -> bool:
    if not arriving.is_instead(call) or not call.recipient.startswith(REPORTER):
        return False
    who = call.recipient.removeprefix(REPORTER)
    pages = {call.ticket_id, call.called_under}  # of what was merged either tells how far it is
    found = [members.find_member(page, who) for page in pages]
    if not any(member and arriving.is_read(call, member.opened_at) for member in found):
        return False
    deliveries.finish(call, Outcome(state=State.DELIVERED, detail="居民已打开工单看过"))
    return True


def _was_taken(call: Delivery) -> bool:
    if call.template not in arriving.TO_TAKE:
        return False
    try:
        if not arriving.is_moot(call, tickets.get(call.ticket_id)):
            return False
    except NotFound:
        pass  # removed meanwhile
    deliveries.finish(call, Outcome(state=State.DELIVERED, detail="已不用再打"))
    return True


def _arrived(ticket_id: str, how: Arrival, now: datetime) -> None:
    town = directory.town()
    tickets.change(ticket_id, lambda t: question_arrived(t, how=how, town=town, now=now), tickets.PATIENT)
