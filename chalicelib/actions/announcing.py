"""A measure is told to everyone of its class, once each: as a job, for there may be ten thousand (rule 67)."""

from collections.abc import Iterator
from datetime import datetime

from chalicelib.actions import jobs
from chalicelib.domain import class_acts, messages
from chalicelib.domain.classes import IssueClass
from chalicelib.domain.directory import Town
from chalicelib.domain.errors import Invalid
from chalicelib.domain.jobs import Job, Outcome, Row
from chalicelib.domain.measures_taken import Measure
from chalicelib.domain.messages import Delivery, Way
from chalicelib.domain.showing import category_name, unit_name
from chalicelib.domain.ticket import Ticket
from chalicelib.domain.town import Staff
from chalicelib.domain.words import Words, words_of
from chalicelib.gateways import queue
from chalicelib.store import classes, deliveries, directory, inbox, lists, marks, members
from chalicelib.store.members import Member

KIND = "tell_measure"
TEMPLATE = "measure_announced"


def start(cls: IssueClass, measure: Measure, *, by: Staff, now: datetime) -> IssueClass:
    """Begin telling, unless it has begun. Killed before the job's id is kept, a second job tells nobody twice."""
    if measure.told_by:
        return cls
    rows: list[Row] = [{"ticket_id": member.ticket_id} for member in classes.all_members(cls)]
    about = {"class_id": cls.id, "measure_id": measure.id}
    job = jobs.start(KIND, rows, by=by.code, unit=by.unit, about=about, now=now)
    return classes.change(cls.id, lambda c: class_acts.telling(c, measure.id, job.id))


def preview(cls: IssueClass, measure: Measure) -> Words:
    """What one of them would read, were it announced so. Raises Invalid for a class without a ticket to tell of."""
    found, _ = classes.list_members(cls)
    tickets = [t for t in lists.get_many([each.ticket_id for each in found]) if not t.confidential]
    if not tickets:
        raise Invalid("这类事现在没有可以告知的工单，请刷新后再看")
    return words_of(TEMPLATE, _params(tickets[0], measure, directory.town()))


def tell(job: Job, rows: list[Row], now: datetime) -> Outcome:
    """A chunk: the people of some of the tickets. A delivery's key is of the measure and the person, so nobody hears it twice."""
    cls = classes.get_class(job.about["class_id"])
    measure = next(each for each in cls.measures if each.id == job.about["measure_id"])
    town = directory.town()
    found = [t for t in lists.get_many([row["ticket_id"] for row in rows]) if not t.confidential]
    lines = [line for ticket in found for line in _lines(ticket, measure, town)]
    inbox.write({line.recipient: line for line in lines if line.way is Way.INBOX}.values())
    outward = [line for line in lines if line.way is not Way.INBOX and deliveries.create(line)]
    queue.wake([deliveries.key_of(line) for line in outward if line.way is not Way.CALL])
    calls = {f"calls:{line.station_id}" for line in outward if line.way is Way.CALL}
    marks.touch(calls, after=f"{job.id}-{rows[0]['ticket_id']}", now=now)
    return Outcome(
        counts={"told": len({line.recipient for line in lines}), "skipped": len(rows) - len(found)}
    )


def _lines(ticket: Ticket, measure: Measure, town: Town) -> Iterator[Delivery]:
    for member in members.list_members(ticket.id):
        yield _line(ticket, member, measure, Way.INBOX, town)
        way = messages.resident_way(ticket.source, member.reachable, TEMPLATE)
        if way and (member.is_reporter or member.reachable == messages.IN_WECHAT):
            yield _line(ticket, member, measure, way, town)


def _line(ticket: Ticket, member: Member, measure: Measure, way: Way, town: Town) -> Delivery:
    return Delivery(
        recipient=f"reporter:{member.reporter_id}",
        way=way,
        at=measure.announced_at,
        event_key=f"measure-{measure.id}",
        ticket_id=ticket.id,
        template=TEMPLATE,
        params=_params(ticket, measure, town),
        not_before=measure.announced_at,
        station_id=ticket.station_id if way is Way.CALL else "",
    )


def _params(ticket: Ticket, measure: Measure, town: Town) -> dict[str, str]:
    station = town.find_unit(ticket.station_id)
    params = {
        "number": ticket.number,
        "place": ticket.where.name,
        "category": category_name(ticket.category, town),
        "unit": unit_name(measure.unit_id, town),
        "note": f"{measure.what}（{measure.place}，{measure.schedule}）",
        "phone": station.phone if station else "",
    }
    return params | ({"practice": "1"} if ticket.practice else {})
