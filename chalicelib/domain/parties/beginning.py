"""开始: what every ticket that begins is owed, and so is one that begins again (design §13).

Receiving, reopening, rework, splitting and coming back from outside all start here, so that none starts fewer clocks,
alarms or alerts than the first time.
"""

from datetime import datetime

from chalicelib.domain.clocks import clocks
from chalicelib.domain.identity.confidential import is_concerned
from chalicelib.domain.parties.holding import WITH_A_UNIT
from chalicelib.domain.parties.parties import has_reporter
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.ticket import Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Role, Staff, Track


def begun(ticket: Ticket, *, town: Town, now: datetime) -> Ticket:
    """The ticket with everything running that it is owed in the stage in which it begins.

    At the desk the feedback to its reporter; with a unit what a dispatch starts; the response wherever it is urgent or a
    facility. A station that is no more is replaced by the one that answers for the place now.
    """
    if town.find_unit(ticket.station_id) is None:
        ticket = ticket.model_copy(update={"station_id": town.station_for(ticket.where.path).code})
    kinds = [ClockKind.DANGER] if ticket.danger and ticket.danger.is_open else []
    kinds += [ClockKind.FEEDBACK] if ticket.stage is Stage.RECEIVED and has_reporter(ticket) else []
    if ticket.urgent or ticket.facility:
        kinds.append(ClockKind.RESPONSE)
    for kind in kinds:
        if clocks.find_open(ticket, kind) is None:
            ticket = clocks.start(ticket, kind, town=town, now=now)
    return with_a_unit(ticket, town=town, now=now) if ticket.stage in WITH_A_UNIT else ticket


def with_a_unit(ticket: Ticket, *, town: Town, now: datetime) -> Ticket:
    """With the clocks of the unit that has it, from this instant: those that start at 签收 are gamed.

    A resolution that runs already keeps its due time.
    """
    kinds = [ClockKind.TAKE] if ticket.stage is Stage.DISPATCHED else []
    kinds.append(ClockKind.UNIT_FEEDBACK)
    if clocks.find_open(ticket, ClockKind.RESOLUTION) is None:
        kinds.append(ClockKind.RESOLUTION)
    if ticket.track is not Track.SIMPLE:
        kinds.append(ClockKind.PROGRESS)
    for kind in kinds:
        ticket = clocks.start(ticket, kind, town=town, now=now)
    return ticket


def above_the_station(ticket: Ticket, town: Town) -> tuple[Ticket, tuple[Staff, ...]]:
    """What is about the station itself is the area leader's (rule 21): the ticket in that queue, and who is to be told.

    Where it only may be, 保密受理 looks first; the leader where an area has none, or it is about them too.
    """
    if ticket.station_id not in ticket.kept_from:
        return ticket, ()
    contacts = tuple(
        each
        for each in town.confidential_contacts(ticket.where.path)
        if not is_concerned(each, ticket.kept_from)
    )
    is_sure = ticket.station_id in ticket.concerns
    above = town.leader(Role.AREA_LEADER, ticket.where.path) if is_sure or not contacts else ()
    leaders = (*above, *contacts)
    codes = (*ticket.escalated_to, *(leader.code for leader in leaders))
    return ticket.model_copy(update={"escalated_to": tuple(dict.fromkeys(codes))}), leaders
