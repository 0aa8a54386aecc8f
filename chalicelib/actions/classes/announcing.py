"""A measure is told to everyone of its class, once each: by a job, for there may be ten thousand, and by the stream to who joins later (rule 67)."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from chalicelib.actions import jobs
from chalicelib.actions.classes.proposing import Known
from chalicelib.domain.classes import acts, recurring
from chalicelib.domain.classes.issue_class import IssueClass, State
from chalicelib.domain.classes.measures_taken import Measure
from chalicelib.domain.errors import Invalid
from chalicelib.domain.jobs import Job, Outcome, Row
from chalicelib.domain.notices import deliveries as rules
from chalicelib.domain.notices.deliveries import Delivery
from chalicelib.domain.notices.words import Words, words_of
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.queues import Queue
from chalicelib.domain.tickets.ticket import Event, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Channel, ResidentChannel, Staff
from chalicelib.domain.views.ticket_view import category_name, unit_name
from chalicelib.gateways import queue
from chalicelib.ids import id_for
from chalicelib.store.classes import announced, classes
from chalicelib.store.classes import members as class_members
from chalicelib.store.notices import deliveries, inbox
from chalicelib.store.tickets import lists, marks, members
from chalicelib.store.tickets.members import Member
from chalicelib.store.town import directory

KIND = "tell_measure"
TEMPLATE = "measure_announced"
_JOINS = frozenset({EventKind.JOINED, EventKind.PUT_IN_CLASS})


def start(cls: IssueClass, measure: Measure, *, by: Staff, now: datetime) -> IssueClass:
    """Begin telling, unless it has begun."""
    if measure.told_by:
        return cls
    job = _job(cls, cls, measure, by, now)
    return classes.change(cls.id, lambda c: acts.telling(c, measure.id, job.id))


def tell_absorbed(absorbed_id: str, whole: IssueClass, *, by: Staff, now: datetime) -> None:
    """The people of a class that was merged into one with a measure are told it too; asked twice, nobody hears it twice."""
    if whole.state is State.MEASURED:
        _job(classes.get_class(absorbed_id), whole, whole.measures[-1], by, now)


def preview(cls: IssueClass, measure: Measure) -> Words:
    """What one of them would read, were it announced so. Raises Invalid for a class without a ticket to tell of."""
    found, _ = class_members.list_members(cls)
    tickets = [t for t in lists.get_many([each.ticket_id for each in found]) if not t.confidential]
    if not tickets:
        raise Invalid("这类事现在没有可以告知的工单，请刷新后再看")
    return words_of(TEMPLATE, _params(tickets[0], measure, directory.town(), measure.announced_at))


def tell(job: Job, rows: list[Row], now: datetime) -> Outcome:
    """A chunk: the people of some of the tickets, of whom nobody hears it twice; and the line in each ticket's history."""
    cls = classes.get_class(job.about["class_id"])
    measure = next(each for each in cls.measures if each.id == job.about["measure_id"])
    found = [t for t in lists.get_many([row["ticket_id"] for row in rows]) if not t.confidential]
    told = _tell(found, measure, after=f"{job.id}-{rows[0]['ticket_id']}", now=now)
    return Outcome(counts={"told": told, "skipped": len(rows) - len(found)})


def note(ticket_id: str, event: Event, *, now: datetime, known: Known | None = None) -> None:
    """The stream's part: whoever comes to a class, or to one of its tickets, after its measure was announced, is told it.

    May come twice and late. A class with several measures tells the last. Who comes to one without a measure is told it by the
    job that tells the measure, should there be one, and who has left it for another by the line that says so.
    """
    if event.kind not in _JOINS:
        return
    if named := event.details.get("class"):
        cls = (known or Known()).follow(named)
        if cls is None or cls.state is not State.MEASURED:
            return
    standing = class_members.list_standing([ticket_id]).get(ticket_id)
    cls = classes.follow(standing.part) if standing else None
    if cls is None or cls.state is not State.MEASURED:
        return
    found = [ticket for ticket in lists.get_many([ticket_id]) if not ticket.confidential]
    _tell(found, cls.measures[-1], after=f"{cls.measures[-1].id}-{ticket_id}", now=now)


def _job(of: IssueClass, cls: IssueClass, measure: Measure, by: Staff, now: datetime) -> Job:
    rows: list[Row] = [{"ticket_id": member.ticket_id} for member in class_members.all_members(of)]
    about = {"class_id": cls.id, "measure_id": measure.id}
    once = id_for(f"{of.id} {measure.id}")  # asked for again it is the same job
    return jobs.start(Job(id=once, kind=KIND, by=by.code, unit=by.unit, at=now, about=about), rows)


def _tell(tickets: Iterable[Ticket], measure: Measure, *, after: str, now: datetime) -> int:
    """Answers how many people are told by these tickets."""
    town = directory.town()
    lines: list[Delivery] = []
    for ticket in tickets:
        lines += _lines(ticket, measure, town, now)
        announced.write_line(measure.id, ticket, _event(measure, now))
    inbox.write(line for line in lines if line.way is Channel.INBOX)
    outward = [line for line in lines if line.way is not Channel.INBOX and deliveries.create(line)]
    queue.wake([deliveries.key_of(line) for line in outward if line.way is not Channel.CALL])
    calls = {Queue.CALLS.of(line.station_id) for line in outward if line.way is Channel.CALL}
    marks.touch(calls, after=after, now=now)
    return len({line.recipient for line in lines})


def _lines(ticket: Ticket, measure: Measure, town: Town, now: datetime) -> Iterator[Delivery]:
    for member in members.list_members(ticket.id):
        at = announced.claim(measure.id, member.reporter_id, ticket.id, now)
        if at is None:  # by another of the tickets
            continue
        yield _line(ticket, member, measure, Channel.INBOX, at, town)
        way = rules.resident_channel(ticket.source, member.reachable, TEMPLATE)
        if way and (member.is_reporter or member.reachable is ResidentChannel.IN_WECHAT):
            yield _line(ticket, member, measure, way, at, town)


def _line(
    ticket: Ticket, member: Member, measure: Measure, way: Channel, at: datetime, town: Town
) -> Delivery:
    return Delivery(
        recipient=f"reporter:{member.reporter_id}",
        way=way,
        at=at,
        event_key=f"measure-{measure.id}",
        ticket_id=ticket.id,
        template=TEMPLATE,
        params=_params(ticket, measure, town, at),
        not_before=at,
        station_id=ticket.station_id if way is Channel.CALL else "",
    )


def _event(measure: Measure, now: datetime) -> Event:
    return Event(
        kind=EventKind.MEASURE_ANNOUNCED,
        at=now,
        by=measure.by,
        note=_words(measure),
        public=True,
        details={"measure": measure.id, "unit": measure.unit_id},
    )


def _words(measure: Measure) -> str:
    return f"{measure.what}（{measure.place}，{measure.schedule}）"


def _params(ticket: Ticket, measure: Measure, town: Town, at: datetime) -> dict[str, str]:
    """`at`: when it is told; whoever comes to the class later reads which days were called off by then."""
    station = town.find_unit(ticket.station_id)
    off = recurring.days_off(measure, at.date(), town.calendar)
    params = {
        "number": ticket.number,
        "place": ticket.where.name,
        "category": category_name(ticket.category, town),
        "unit": unit_name(measure.unit_id, town),
        "note": "。".join(filter(None, (_words(measure), off))),
        "phone": station.phone if station else "",
    }
    return params | ({"practice": "1"} if ticket.practice else {})
