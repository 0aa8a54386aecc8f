"""Who sees what, and who may do what: the table of docs/access.md (design §7). Pure; every route asks here."""

from datetime import datetime
from typing import Any

from chalicelib.domain.errors import UNKNOWN_TICKET, NotFound, NotYours
from chalicelib.domain.identity.confidential import is_concerned
from chalicelib.domain.tickets.actors import RESIDENTS
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.queues import Queue
from chalicelib.domain.tickets.readings import Grievance
from chalicelib.domain.tickets.ticket import ENDED, Event, Stage, Ticket, Withheld
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import DESK, LEADERS, Role, Staff, Unit, UnitKind
from chalicelib.domain.views.ticket_view import category_name, plain, unit_name

SEALED = "居民要求身份保密，内容由工作站转述"
NOT_LOOKED_AT = "居民的原话工作站还没来得及看，看过就转来；请先按地点和类别去办"
KEPT_BACK = "居民的原话工作站看过了，没有转来；请按地点和类别去办，不清楚的问工作站"
LATER_NOT_LOOKED_AT = "居民后来的留言工作站先看，看过就转来；请接着办"
LATER_KEPT_BACK = "居民后来的留言工作站看过了，没有转来；请接着办，不清楚的问工作站"
Lines = list[tuple[int, Event]]  # each with its version
_BY_THEIR_WORDS = frozenset({"why"})  # details that quote what decided
# What residents said, in lines that somebody else wrote; and why it is kept back
_OF_RESIDENTS = frozenset(
    {EventKind.TRANSCRIBED, EventKind.ORDER_UPDATED, EventKind.FOLLOWED_UP, EventKind.WORDS_KEPT}
    | {EventKind.CALL_LATER, EventKind.CALL_UNANSWERED, EventKind.CALL_WRONG_NUMBER, EventKind.UNREACHED}
    | {EventKind.RECEIVED, EventKind.SENT_WITHOUT_WORDS}
)
# 物业 and 志愿者 never see who reported, whatever the reason.
NEVER_REVEALED_TO = frozenset({UnitKind.PROPERTY, UnitKind.VOLUNTEERS})
REVEAL_ROLES = frozenset(
    {Role.FIRST_CONTACT, Role.STATION_HEAD, Role.HANDLER, Role.UNIT_HEAD, Role.AREA_LEADER, Role.TOWN_LEADER}
    | {Role.CONFIDENTIAL_CONTACT}
)
_HEADS = frozenset({Role.STATION_HEAD, Role.UNIT_HEAD})
_ABOVE_THE_DESK = frozenset(
    {Role.AREA_LEADER, Role.TOWN_LEADER, Role.CITY_OPERATIONS, Role.ADMIN, Role.CONFIDENTIAL_CONTACT}
)


def may_see(ticket: Ticket, staff: Staff, town: Town) -> bool:
    """Whether this person may open the ticket at all. Whoever it concerns may not, nor know that it exists."""
    if is_concerned(staff, ticket.kept_from) or set(staff.roles) == {Role.ADMIN}:
        return False  # who looks after the system has no part in its tickets
    if (
        Role.TOWN_LEADER in staff.roles
        or staff.code in ticket.escalated_to
        or staff.code == ticket.handler_id
    ):
        return True
    if Role.AREA_LEADER in staff.roles:
        return town.covers(staff, ticket.where.path)
    if is_desk(ticket, staff):
        return True
    if ticket.confidential:
        return _is_with(ticket, staff) and Role.UNIT_HEAD in staff.roles
    if Role.CITY_OPERATIONS in staff.roles or staff.code == ticket.found_by:
        return True
    if ticket.verify_owed and staff.unit == ticket.station_id:
        return True  # whoever of the station goes to look
    return _is_with(ticket, staff)


def _is_with(ticket: Ticket, staff: Staff) -> bool:
    """Whether this person's unit leads or assists."""
    return staff.unit in {ticket.lead_unit_id, *(part.unit_id for part in ticket.assisting)}


def is_desk(ticket: Ticket, staff: Staff) -> bool:
    """Whether this person is the desk of the ticket's own station; where that is complained about, 保密受理.

    Once it has ended it climbs to nobody any more, and is whoever's stands in for the station there.
    """
    if Role.CONFIDENTIAL_CONTACT in staff.roles:
        is_there = ticket.stage in ENDED and not set(staff.places).isdisjoint(ticket.where.path)
        has_it = staff.code in ticket.escalated_to or is_there
        return has_it and ticket.station_id in ticket.kept_from
    return bool(DESK & set(staff.roles)) and staff.unit == ticket.station_id


def station_of_calls(staff: Staff, town: Town) -> str:
    """Whose list of calls this person makes: the own station's; who stands in for a station, that station's."""
    if DESK & set(staff.roles):
        return staff.unit
    return town.station_for(town.path_of(town.area_of(staff)[0])).code


def makes_calls_of(ticket: Ticket, staff: Staff, town: Town) -> bool:
    """Whether the calls owed on this ticket are this person's: of the desk, and where that is complained about, of whoever
    stands in for it, or the leader above it."""
    if not may_see(ticket, staff, town):
        return False
    is_leader = not LEADERS.isdisjoint(staff.roles)
    return is_desk(ticket, staff) or (is_leader and ticket.station_id in ticket.kept_from)


def need_sight(ticket: Ticket, staff: Staff, town: Town) -> None:
    """Raises NotFound, not a refusal that would confirm it: who may not see a ticket does not learn that it exists."""
    if not may_see(ticket, staff, town):
        raise NotFound(UNKNOWN_TICKET)


def need_desk(ticket: Ticket, staff: Staff, town: Town) -> None:
    """Raises NotYours unless this is the ticket's own station, or a leader who answers for the place."""
    need_sight(ticket, staff, town)
    is_leader = not LEADERS.isdisjoint(staff.roles)
    if not (is_desk(ticket, staff) or is_leader):
        raise NotYours("这张工单由其他工作站负责")


def may_listen(ticket: Ticket, staff: Staff, town: Town) -> bool:
    """Whether this person may hear what a resident spoke: the ticket's own desk and its leaders, no unit that handles it."""
    if ticket.recording is None or (DESK | LEADERS).isdisjoint(staff.roles):
        return False
    is_leader = not LEADERS.isdisjoint(staff.roles)
    return may_see(ticket, staff, town) and (is_desk(ticket, staff) or is_leader)


def need_asked(ticket: Ticket, staff: Staff, town: Town) -> None:
    """Raises NotYours unless this person is asked whether somebody is in danger: the desk, a leader, or whom the ladder rang."""
    need_sight(ticket, staff, town)
    is_leader = not LEADERS.isdisjoint(staff.roles)
    if not (is_desk(ticket, staff) or is_leader or staff.code in ticket.escalated_to):
        raise NotYours("是否有人有危险，由工作站和被叫到的人来确认")


def need_part(ticket: Ticket, staff: Staff, town: Town) -> None:
    """Raises NotYours unless the ticket is with this person's unit, at his or her desk, or under his or her lead."""
    need_sight(ticket, staff, town)
    has_part = staff.unit == ticket.lead_unit_id or is_desk(ticket, staff)
    if not has_part and LEADERS.isdisjoint(staff.roles):
        raise NotYours("这张工单不在您单位办理")


def may_list(entry: dict[str, object], staff: Staff) -> bool:
    """Whether a queue entry may be shown: never one about this person, a confidential one only to heads, desk and handler."""
    concerns = entry.get("concerns")
    if isinstance(concerns, list | tuple) and is_concerned(staff, concerns):
        return False
    if not entry.get("confidential"):
        return True
    queue = Queue.kind_of(str(entry.get("who", "")))
    if queue is Queue.UNIT:
        return Role.UNIT_HEAD in staff.roles
    return queue is not Queue.VERIFY or not DESK.isdisjoint(staff.roles)


def may_reveal(ticket: Ticket, staff: Staff, town: Town) -> bool:
    """Whether this person may read the reporter's identity, field by field, with a reason, audited.

    Only who has something to do with the ticket: looking on (城运中心) is no reason to know who reported it.
    """
    unit = town.find_unit(staff.unit)
    if unit is None or unit.kind in NEVER_REVEALED_TO or not REVEAL_ROLES & set(staff.roles):
        return False
    is_leader = not LEADERS.isdisjoint(staff.roles)
    named = staff.code == ticket.handler_id or staff.code in ticket.escalated_to
    has_part = is_leader or named or is_desk(ticket, staff) or _is_with(ticket, staff)
    has_part = has_part and reads_words(ticket, staff)  # 身份保密
    return has_part and may_see(ticket, staff, town)


def may_sign_in(staff: Staff, by: Staff, town: Town) -> bool:
    """Whether `by` may hand a sign-in code to this person: the own station's staff, 物业 and 志愿者 below it.

    Nobody hands out more than he or she may do: a code makes its holder that person, before every trace.
    """
    if DESK.isdisjoint(by.roles):
        return False
    above = _ABOVE_THE_DESK if Role.STATION_HEAD in by.roles else _ABOVE_THE_DESK | {Role.STATION_HEAD}
    return above.isdisjoint(staff.roles) and (staff.unit == by.unit or _is_below(staff, by, town))


def heads_of(staff: Staff, by: Staff, town: Town) -> tuple[Staff, ...]:
    """Who answers for a code that `by` handed to `staff`: the heads of both their units, without the two themselves."""
    units, known = {staff.unit, by.unit}, {staff.code, by.code}
    return tuple(
        each
        for each in town.staff
        if each.unit in units and each.code not in known and not _HEADS.isdisjoint(each.roles)
    )


def who_answers_for(by: Staff, town: Town) -> tuple[Staff, ...]:
    """The heads of somebody's unit; of a head or where there is none, the leaders of the area, else of the town."""
    return heads_of(by, by, town) or leaders_above(by, town)


def leaders_above(by: Staff, town: Town) -> tuple[Staff, ...]:
    """The leaders of somebody's area; of such a leader, or where there is none, of the town. Never the person."""
    leaders = [each for each in town.staff if each.code != by.code and Role.AREA_LEADER in each.roles]
    of_area = [each for each in leaders if town.covers(each, _path_of_unit(by, town))]
    of_town = [each for each in town.staff if each.code != by.code and Role.TOWN_LEADER in each.roles]
    is_leader = Role.AREA_LEADER in by.roles
    return tuple(of_area) if of_area and not is_leader else tuple(of_town)


def is_on_list(ticket: Ticket, staff: Staff) -> bool:
    """Whether the ticket is this person's to work on now: at the desk, with the unit, by name, or climbed to."""
    named = staff.code in {ticket.handler_id, ticket.found_by, *ticket.escalated_to}
    return named or is_desk(ticket, staff) or _is_with(ticket, staff)


def may_read_looks(unit: Unit, by: Staff, town: Town) -> bool:
    """Whether this person may read what a unit's people looked at: its head, the leaders above it, the administrator."""
    if not {Role.ADMIN, Role.TOWN_LEADER}.isdisjoint(by.roles):
        return True
    if Role.AREA_LEADER in by.roles:
        place = town.find_place(unit.area)
        return place is not None and town.covers(by, (*place.path, place.code))
    return unit.code == by.unit and not _HEADS.isdisjoint(by.roles)


def _path_of_unit(staff: Staff, town: Town) -> tuple[str, ...]:
    place = town.find_place(town.unit(staff.unit).area)
    return (*place.path, place.code) if place else ()


def _is_below(staff: Staff, by: Staff, town: Town) -> bool:
    """Whether this person is of a 物业 or 志愿者 unit that serves within the area of `by`'s station."""
    unit, station = town.find_unit(staff.unit), town.find_unit(by.unit)
    if unit is None or station is None or unit.kind not in NEVER_REVEALED_TO:
        return False
    place = town.find_place(unit.area)
    return place is not None and station.area in (*place.path, place.code)


def may_see_room(ticket: Ticket, staff: Staff, town: Town) -> bool:
    """几室: the ticket's desk and leaders; who it is with, where it is urgent or the reporter said 可上门. Never the concerned."""
    if not may_see(ticket, staff, town):
        return False
    if is_desk(ticket, staff) or not LEADERS.isdisjoint(staff.roles):
        return True
    goes_there = staff.code == ticket.handler_id or _is_with(ticket, staff)
    if Role.CITY_OPERATIONS in staff.roles:
        return False  # who looks on goes to no door
    return goes_there and (ticket.urgent or ticket.may_enter)


def reads_words(ticket: Ticket, staff: Staff) -> bool:
    """Whether this person reads what residents wrote. The one answer for every screen, list, file and message.

    Of a sealed ticket, and of one whose words are withheld, only its desk, leaders, and whom it climbed to outside the units
    that have it; never whom the withheld words may be about.
    """
    if ticket.withheld is not None and is_concerned(staff, ticket.withheld.parties):
        return False
    if not ticket.sealed and ticket.withheld is None:
        return True
    climbed = staff.code in ticket.escalated_to and not _is_with(ticket, staff)
    return climbed or not LEADERS.isdisjoint(staff.roles) or is_desk(ticket, staff)


def as_read_by(ticket: Ticket, staff: Staff) -> Ticket:
    """The ticket with the words that this person reads of it: where they are sealed or withheld the dispatcher's, and no photos."""
    return ticket if reads_words(ticket, staff) else without_words(ticket)


def as_read_outside(ticket: Ticket) -> Ticket:
    """The ticket as it goes to partners and subscribers, who read no more than the unit that has it, or would have it."""
    held = _held_outside(ticket)
    return without_words(held) if held.withheld else ticket


def without_words(ticket: Ticket) -> Ticket:
    """The ticket without anything that residents wrote or sent, but what was read before it was withheld."""
    told = ticket.text if _is_read(ticket, ticket.received_at) else instead_of_words(ticket)
    changes: dict[str, object] = {
        "text": told,
        "photos": ticket.photos if _is_read(ticket, ticket.received_at) else (),
        "follow_ups": tuple(
            each if _is_read(ticket, each.at) else each.model_copy(update={"words": ""})
            for each in ticket.follow_ups
        ),
        "attempts": tuple(
            each if _is_read(ticket, each.at) else each.model_copy(update={"note": ""})
            for each in ticket.attempts
        ),
        "clocks": tuple(clock for clock in ticket.clocks if clock.kind is not ClockKind.LOOK),  # the desk's
    }
    if ticket.danger is not None:
        changes["danger"] = ticket.danger.model_copy(update={"words": ()})
    if ticket.suggestion is not None and not _is_read(ticket, ticket.received_at):
        changes["suggestion"] = ticket.suggestion.model_copy(update={"reason": ""})
    return ticket.model_copy(update=changes)


def lines_as_read_by(ticket: Ticket, events: Lines, staff: Staff) -> Lines:
    """Its history with the words that this person reads; every line stays."""
    return events if reads_words(ticket, staff) else [(at, _silent(ticket, event)) for at, event in events]


def is_read_outside(ticket: Ticket) -> bool:
    """Whether partners and subscribers may be given who reported it and the text as written, where they are granted them."""
    return _held_outside(ticket).withheld is None


def line_as_read_outside(ticket: Ticket, event: Event) -> Event:
    """A line of history as it goes to partners and subscribers."""
    held = _held_outside(ticket)
    return _silent(held, event) if held.withheld else event


def _held_outside(ticket: Ticket) -> Ticket:
    """With all of it withheld while it may complain of whom it would go to and nobody has looked."""
    is_seen = ticket.corrected or ticket.first_contact_id or ticket.found_by
    may_complain = ticket.complains in (Grievance.SERVICE, Grievance.POSSIBLE)
    if ticket.withheld or is_seen or ticket.stage is not Stage.RECEIVED or not may_complain:
        return ticket
    return ticket.model_copy(update={"withheld": Withheld(since=ticket.received_at)})


def _silent(ticket: Ticket, event: Event) -> Event:
    """The line without the words and photos of residents, whoever wrote them down, and without why they are kept back."""
    if _is_read(ticket, event.at) or not (event.by in RESIDENTS or event.kind in _OF_RESIDENTS):
        return event
    details = {name: fact for name, fact in event.details.items() if name not in _BY_THEIR_WORDS}
    return event.model_copy(update={"note": "", "photos": (), "details": details})


def _is_read(ticket: Ticket, at: datetime) -> bool:
    """Whether what was said at that instant is read by who does not read all."""
    return not ticket.sealed and ticket.withheld is not None and at < ticket.withheld.since


def instead_of_words(ticket: Ticket) -> str:
    """What stands in the place of the words."""
    withheld = ticket.withheld
    if withheld is None or ticket.sealed:
        return ticket.summary or SEALED
    if withheld.waits:
        return NOT_LOOKED_AT
    return KEPT_BACK if withheld.reason else ticket.summary


def staff_view(ticket: Ticket, staff: Staff, town: Town) -> dict[str, object]:
    """The ticket as staff see it: everything but who reported it, which no ticket holds in the clear."""
    ticket = as_read_by(ticket, staff)
    hidden: dict[str, Any] = {
        "complains": True,  # the desk reads of it by a card, as everybody of what is withheld
        "withheld": True,
        "reporter_id": True,
        "generation": True,
        "armed_for": True,
        "proxy": {"person"},
        "recording": True,
    }
    document: dict[str, object] = plain(ticket.model_dump(exclude=hidden))
    document["room"] = ticket.room if may_see_room(ticket, staff, town) else ""
    document["category_name"] = category_name(ticket.category, town)
    document["lead_unit_name"] = unit_name(ticket.lead_unit_id, town)
    document["has_reporter"] = ticket.reporter_id is not None
    return document
