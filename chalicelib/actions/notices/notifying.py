"""From a line of history to what people are told and which workflows run. At least once, any order, with effects once."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

from chalicelib.actions.notices import arriving, content_check
from chalicelib.domain.errors import NotFound
from chalicelib.domain.identity.confidential import is_concerned
from chalicelib.domain.model import from_stamp
from chalicelib.domain.notices import deliveries as rules
from chalicelib.domain.notices import rings
from chalicelib.domain.notices.arriving import CALLED_ABOUT
from chalicelib.domain.notices.deliveries import SKEW, Delivery, Digest
from chalicelib.domain.notices.rings import Ring
from chalicelib.domain.notices.staff_templates import STATEMENT_ASKED, TO_THE_CONCERNED
from chalicelib.domain.notices.words import check_words, words_of
from chalicelib.domain.tickets.actors import Addressee
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.queues import Queue, inbox_of, marked
from chalicelib.domain.tickets.readings import Answer
from chalicelib.domain.tickets.ticket import ENDED, Level, Notice, Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Channel, ResidentChannel, Staff
from chalicelib.gateways import workflows
from chalicelib.store import photos, recordings
from chalicelib.store.notices import deliveries, digests, inbox
from chalicelib.store.notices.digests import Rung
from chalicelib.store.table import Key
from chalicelib.store.tickets import marks, members, tickets
from chalicelib.store.tickets.members import Member
from chalicelib.store.tickets.stream import Line
from chalicelib.store.tickets.tickets import Reading
from chalicelib.store.town import directory

STAFF = "staff:"
Params = dict[str, str]
People = Callable[[str], list[Member]]  # of a ticket


class Owed:
    """What the lines of a batch leave to be written for all of them at once. `marked`: whose inbox or list of calls changes."""

    def __init__(self) -> None:
        self.inbox: list[Delivery] = []
        self.outward: list[deliveries.Created] = []  # each of its line's own request
        self.marked: set[str] = set()


class _Addressed(NamedTuple):
    recipient: str
    n: int
    notice: Notice
    way: Channel | None  # outside the inbox
    report: str = ""  # the recipient's own ticket, merged into this one


def follow(
    line: Line,
    *,
    now: datetime,
    read: Reading | None = None,
    owed: Owed | None = None,
    people: People = members.list_members,
) -> list[Key]:
    """Everything that is owed after a line of history: messages first, then workflows. `people`: who is of its ticket.

    Answers the deliveries that `send` is to be woken for, once they are written. They, lines of inboxes, and whose inboxes and lists
    of calls have changed, are added to `owed` for who writes those of a whole batch at once; without one they are written here. Raises UnknownTemplate, MissingParams before anything is
    written; whatever a part we need raises.
    """
    event = line.event
    is_spoken = event.kind is EventKind.TRANSCRIBED
    if not (event.notices or event.starts_follow_up or event.arms or event.photos or is_spoken):
        return []
    ticket = (read or tickets.get)(line.ticket_id)
    if ticket.recording is not None and (is_spoken or event.kind is EventKind.RECEIVED):
        recordings.take(ticket.recording)
    photos.take(event.photos + (ticket.photos if event.kind is EventKind.RECEIVED else ()), ticket.id)
    owing = owed or Owed()
    wakes = (_tell(line, ticket, owing, people, now) if event.notices else []) + _check(line, ticket)
    if owed is None:
        deliveries.create_all(owing.outward)
        inbox.write(owing.inbox)
        marks.touch(owing.marked, after=line.key, now=now)
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
    check_words(template, params)
    way = rules.staff_channel(directory.town().staff_member(code), template)
    if way is None or way is Channel.CALL:
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
        _watch(line, ticket)
    if ticket.stage in ENDED and not line.is_beside:
        workflows.stop_escalation(ticket.id, ticket.generation)
        workflows.stop_follow_up(ticket.id, ticket.round)
    # Of a ticket that has moved on, the next round's name must not be used up before that round is resolved.
    if line.event.starts_follow_up and ticket.stage is Stage.RESOLVED:
        workflows.start_follow_up(line.ticket_id, ticket.round)


def _watch(line: Line, ticket: Ticket) -> None:
    """The newest generation watches; the one before sleeps no longer. Of one that was overtaken the next line says so."""
    details = line.event.details
    generation = int(details["generation"])
    if generation >= ticket.generation and ticket.stage not in ENDED:
        workflows.start_escalation(line.ticket_id, generation, from_stamp(details["wake_at"]))
    if generation > 1:
        workflows.stop_escalation(line.ticket_id, generation - 1)


def _tell(line: Line, ticket: Ticket, owed: Owed, people: People, now: datetime) -> list[Key]:
    town = directory.town()
    addressed = list(_addressed(line, ticket, people, town))
    extra = extra_params(ticket, town)
    lines = [_delivery(line, ticket, to, Channel.INBOX, extra) for to in addressed]
    for entry in lines:
        words_of(entry.template, entry.params)
    owed.inbox += lines
    owed.marked |= _owe_calls(addressed, lines, ticket, now)
    outward = [_outward(line, ticket, to, town, extra, owed) for to in _one_each(addressed)]
    owed.marked |= _marked(lines + outward, ticket)
    soon = now + SKEW
    return [
        deliveries.key_of(sent)
        for sent in outward
        if sent.way is not Channel.CALL and sent.not_before <= soon
    ]


def _owe_calls(addressed: list[_Addressed], lines: list[Delivery], ticket: Ticket, now: datetime) -> set[str]:
    """Who has only the inbox is called about what must arrive and is not opened; staff about what a call is part of.

    Answers whose lists of calls have changed.
    """
    changed: set[str] = set()
    for to, line in zip(addressed, lines, strict=True):
        is_reporter = bool(to.report) or to.recipient == f"{Addressee.REPORTER}:{ticket.reporter_id}"
        has_only_inbox = to.way is None and is_reporter
        is_called = to.way is not Channel.CALL and line.template in CALLED_ABOUT
        if has_only_inbox or is_called:
            changed |= arriving.owe_call(line, ticket, now)
    return changed


def _marked(told: list[Delivery], ticket: Ticket) -> set[str]:
    """Whose inbox, and which station's list of calls, a screen is to look at again; not of a station that may not know of it."""
    inboxes = {
        inbox_of(d.recipient.removeprefix(STAFF)) for d in told if d.way is Channel.INBOX and _is_staff(d)
    }
    calls = {Queue.CALLS.of(d.station_id) for d in told if d.way is Channel.CALL}
    return inboxes.union(*(marked(each, ticket) for each in calls))


def _is_staff(delivery: Delivery) -> bool:
    return delivery.recipient.startswith(STAFF)


def _addressed(line: Line, ticket: Ticket, people: People, town: Town) -> Iterator[_Addressed]:
    notices = line.event.notices
    told = people(ticket.id) if any(n.to in set(Addressee) for n in notices) else []
    for n, notice in enumerate(notices):
        if notice.to in set(Addressee):
            for member in told:
                if member.has_reported != (notice.to == Addressee.REPORTER):
                    continue  # which of the two is told, and how loud, the table act × party says
                # Of the others only those who came through WeChat can be reached outside the page.
                way = (
                    rules.resident_channel(ticket.source, member.reachable, notice.template)
                    if member.has_reported or member.reachable is ResidentChannel.IN_WECHAT
                    else None
                )
                yield _Addressed(f"{Addressee.REPORTER}:{member.reporter_id}", n, notice, way, member.report)
        elif person := _staff(notice, ticket, town):
            yield _Addressed(notice.to, n, notice, rules.staff_channel(person, notice.template))


def _staff(notice: Notice, ticket: Ticket, town: Town) -> Staff | None:
    """None for someone who has left, and of a confidential ticket for the party it concerns (rule 21).

    They still read that it was taken back, in the words of every recall, and of a danger in which they alone can help the place.
    """
    person = town.find_staff(notice.to.removeprefix(STAFF))
    if person is None or (is_concerned(person, ticket.kept_from) and notice.template not in TO_THE_CONCERNED):
        return None
    return person


def _one_each(addressed: list[_Addressed]) -> list[_Addressed]:
    """At most one outward message to a recipient for one event: the urgent notice, else the first that has a way."""
    chosen: dict[str, _Addressed] = {}
    for to in sorted(addressed, key=lambda to: not to.notice.urgent):
        if to.way is not None and to.notice.level is not Level.INBOX:
            chosen.setdefault(to.recipient, to)
    return list(chosen.values())


def _outward(line: Line, ticket: Ticket, to: _Addressed, town: Town, extra: Params, owed: Owed) -> Delivery:
    """The outward delivery: alone, to be written, or as part of a digest or storm, in which it stands."""
    alone = _delivery(line, ticket, to, to.way or Channel.INBOX, extra)
    if to.way is Channel.CALL or not to.recipient.startswith(STAFF):
        owed.outward.append(deliveries.as_created(alone))
        return alone
    person = town.staff_member(to.recipient.removeprefix(STAFF))
    at = rules.tell_at(person, to.notice, line.event.at, town)
    alone = alone.model_copy(update={"not_before": at})
    ring = rings.ring_of(to.notice, ticket, town)
    if ring:
        digest = _ring_it_joins(to.recipient, ring, line)
    else:
        digest = rules.digest_of(to.notice, ticket, person, at, town)
        if digest and digest.at_once and digests.goes_at_once(to.recipient, digest, line.key):
            digest = None
    if digest:
        together = rules.as_digest(alone, digest)
        if digests.gather(together, f"{line.key}|{ticket.number}"):
            return together  # else the others have gone without it
    owed.outward.append(deliveries.as_created(alone))
    return alone


def _ring_it_joins(recipient: str, ring: Ring, line: Line) -> Digest | None:
    """The message that this ring is part of; None where it rings by itself.

    So does what follows a ring that was found to be none: after a no, new words are new.
    """
    mine = Rung(line.key, line.ticket_id, line.event.at)
    standing = digests.rings_at_once(recipient, ring.key, mine)
    if standing is None:
        return None
    if standing.ticket_id != line.ticket_id and _is_denied(standing.ticket_id):
        standing = digests.rings_at_once(recipient, ring.key, mine, instead_of=standing.event_key)
    return ring.together(standing.since) if standing else None


def _is_denied(ticket_id: str) -> bool:
    try:
        case = tickets.get(ticket_id).danger
    except NotFound:
        return True
    return case is None or case.decided is Answer.NO or case.answer == Answer.NO


def _delivery(line: Line, ticket: Ticket, to: _Addressed, way: Channel, extra: Params) -> Delivery:
    is_apart = to.notice.template == STATEMENT_ASKED  # nothing of it leads to the ticket
    return Delivery(
        recipient=to.recipient,
        way=way,
        at=line.event.at,
        event_key=f"statement-{to.notice.params['of']}" if is_apart else line.key,
        n=to.n,
        ticket_id="" if is_apart else ticket.id,
        template=to.notice.template,
        params=extra | to.notice.params,
        urgent=to.notice.urgent,
        not_before=line.event.at,
        station_id=ticket.station_id if way is Channel.CALL else "",
        report=to.report,
    )


def extra_params(ticket: Ticket, town: Town) -> Params:
    """What every notice of a ticket may say besides its own: the station's phone, and that it is a drill."""
    try:
        phone = town.unit(ticket.station_id).phone
    except NotFound:  # the station was closed in a later version of the town
        phone = ""
    return {"phone": phone} | ({"practice": "1"} if ticket.practice else {})
