"""From a line of history to what people are told and which workflows run. At least once, any order, with effects once."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from chalicelib.actions.notices import arriving, content_check
from chalicelib.domain.errors import NotFound
from chalicelib.domain.identity.confidential import is_concerned
from chalicelib.domain.model import from_stamp
from chalicelib.domain.notices import deliveries as messages
from chalicelib.domain.notices.deliveries import SKEW, Delivery, Way
from chalicelib.domain.notices.staff_templates import RECALLED
from chalicelib.domain.notices.words import words_of
from chalicelib.domain.tickets.ticket import Level, Notice, Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff
from chalicelib.gateways import workflows
from chalicelib.store import photos
from chalicelib.store.notices import deliveries, digests, inbox
from chalicelib.store.table import Key
from chalicelib.store.tickets import marks, members, tickets
from chalicelib.store.tickets.stream import Line
from chalicelib.store.town import directory

REPORTER = "reporter"
MEMBERS = "members"  # who joined 附议
STAFF = "staff:"
Params = dict[str, str]


class _Addressed(NamedTuple):
    recipient: str
    n: int
    notice: Notice
    way: Way | None  # outside the inbox


def follow(line: Line, *, now: datetime) -> list[Key]:
    """Everything that is owed after a line of history: messages first, then workflows.

    Answers the deliveries that `send` is to be woken for. Raises UnknownTemplate, MissingParams before anything is
    written; whatever a part we need raises.
    """
    event = line.event
    if not (event.notices or event.starts_follow_up or event.arms or event.photos):
        return []
    ticket = tickets.get(line.ticket_id)
    photos.take(event.photos + (ticket.photos if event.kind == "received" else ()), ticket.id)
    wakes = (_tell(line, ticket, now) if event.notices else []) + _check(line, ticket)
    _start_workflows(line, ticket)
    return wakes


def _check(line: Line, ticket: Ticket) -> list[Key]:
    asked = content_check.owed(ticket, line.event, line.key)
    if asked is None:
        return []
    deliveries.create(asked)
    return [deliveries.key_of(asked)]


def tell_staff(code: str, template: str, params: Params, *, key: str, now: datetime) -> list[Key]:
    """Tell one member of staff something that belongs to no ticket (a sign-in code): outward only, never in the inbox.

    `key` names the message. Answers what to wake `send` for; nothing for someone whom the desk calls: it says it itself.
    """
    words_of(template, params)
    way = messages.staff_way(directory.town().staff_member(code), template)
    if way is None or way is Way.CALL:
        return []
    told = Delivery(
        recipient=f"{STAFF}{code}",
        way=way,
        at=now,
        event_key=key,
        ticket_id="",
        template=template,
        params=params,
        urgent=True,
        not_before=now,
    )
    deliveries.create(told)
    return [deliveries.key_of(told)]


def _start_workflows(line: Line, ticket: Ticket) -> None:
    """A used name is success; what is out of date when it starts finds so by itself and ends."""
    if line.event.arms:
        details = line.event.details
        workflows.start_escalation(line.ticket_id, int(details["generation"]), from_stamp(details["wake_at"]))
    # Of a ticket that has moved on, the next round's name must not be used up before that round is resolved.
    if line.event.starts_follow_up and ticket.stage is Stage.RESOLVED:
        workflows.start_follow_up(line.ticket_id, ticket.round)


def _tell(line: Line, ticket: Ticket, now: datetime) -> list[Key]:
    town = directory.town()
    addressed = list(_addressed(line, ticket, town))
    extra = _extra_params(ticket, town)
    lines = [_delivery(line, ticket, to, Way.INBOX, extra) for to in addressed]
    for entry in lines:
        words_of(entry.template, entry.params)
    inbox.write(lines)
    _owe_calls(addressed, lines, ticket, now)
    outward = [_outward(line, ticket, to, town, extra) for to in _one_each(addressed)]
    marks.touch(_marked(lines + outward), after=line.key, now=now)
    soon = now + SKEW
    return [
        deliveries.key_of(sent) for sent in outward if sent.way is not Way.CALL and sent.not_before <= soon
    ]


def _owe_calls(addressed: list[_Addressed], lines: list[Delivery], ticket: Ticket, now: datetime) -> None:
    """Who has only the inbox is called about what must arrive and is not opened."""
    for to, line in zip(addressed, lines, strict=True):
        if to.way is None and to.recipient == f"{REPORTER}:{ticket.reporter_id}":
            arriving.owe_call(line, ticket, now)


def _marked(told: list[Delivery]) -> set[str]:
    """Whose inbox, and which station's list of calls, a screen is to look at again."""
    inboxes = {
        f"inbox:{d.recipient.removeprefix(STAFF)}" for d in told if d.way is Way.INBOX and _is_staff(d)
    }
    return inboxes | {f"calls:{d.station_id}" for d in told if d.way is Way.CALL}


def _is_staff(delivery: Delivery) -> bool:
    return delivery.recipient.startswith(STAFF)


def _addressed(line: Line, ticket: Ticket, town: Town) -> Iterator[_Addressed]:
    notices = line.event.notices
    told = members.list_members(ticket.id) if any(n.to in (REPORTER, MEMBERS) for n in notices) else []
    for n, notice in enumerate(notices):
        if notice.to in (REPORTER, MEMBERS):
            for member in told:
                if member.has_reported != (notice.to == REPORTER):
                    continue  # which of the two is told, and how loud, the table act × party says
                # Of the others only those who came through WeChat can be reached outside the page.
                way = (
                    messages.resident_way(ticket.source, member.reachable, notice.template)
                    if member.has_reported or member.reachable == messages.IN_WECHAT
                    else None
                )
                yield _Addressed(f"{REPORTER}:{member.reporter_id}", n, notice, way)
        elif person := _staff(notice, ticket, town):
            yield _Addressed(notice.to, n, notice, messages.staff_way(person, notice.template))


def _staff(notice: Notice, ticket: Ticket, town: Town) -> Staff | None:
    """None for someone who has left, and of a confidential ticket for the party it concerns (rule 21).

    They still read that it was taken back, in the words of every recall.
    """
    person = town.find_staff(notice.to.removeprefix(STAFF))
    if person is None or (is_concerned(person, ticket.concerns) and notice.template != RECALLED):
        return None
    return person


def _one_each(addressed: list[_Addressed]) -> list[_Addressed]:
    """At most one outward message to a recipient for one event: the urgent notice, else the first that has a way."""
    chosen: dict[str, _Addressed] = {}
    for to in sorted(addressed, key=lambda to: not to.notice.urgent):
        if to.way is not None and to.notice.level is not Level.INBOX:
            chosen.setdefault(to.recipient, to)
    return list(chosen.values())


def _outward(line: Line, ticket: Ticket, to: _Addressed, town: Town, extra: Params) -> Delivery:
    """The outward delivery as written: alone, or as part of a digest or storm."""
    alone = _delivery(line, ticket, to, to.way or Way.INBOX, extra)
    if to.way is Way.CALL or not to.recipient.startswith(STAFF):
        deliveries.create(alone)
        return alone
    person = town.staff_member(to.recipient.removeprefix(STAFF))
    at = messages.tell_at(person, to.notice, line.event.at, town)
    alone = alone.model_copy(update={"not_before": at})
    digest = messages.digest_of(to.notice, ticket, person, at, town)
    if digest and not (digest.at_once and digests.goes_at_once(to.recipient, digest, line.key)):
        together = messages.as_digest(alone, digest)
        if digests.gather(together, f"{line.key}|{ticket.number}"):
            return together  # else the others have gone without it
    deliveries.create(alone)
    return alone


def _delivery(line: Line, ticket: Ticket, to: _Addressed, way: Way, extra: Params) -> Delivery:
    return Delivery(
        recipient=to.recipient,
        way=way,
        at=line.event.at,
        event_key=line.key,
        n=to.n,
        ticket_id=ticket.id,
        template=to.notice.template,
        params=extra | to.notice.params,
        urgent=to.notice.urgent,
        not_before=line.event.at,
        station_id=ticket.station_id if way is Way.CALL else "",
    )


def _extra_params(ticket: Ticket, town: Town) -> Params:
    try:
        phone = town.unit(ticket.station_id).phone
    except NotFound:  # the station was closed in a later version of the town
        phone = ""
    return {"phone": phone} | ({"practice": "1"} if ticket.practice else {})
