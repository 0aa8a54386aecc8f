"""What must hold of a morning at the counter, from the tables alone: each claim answers what contradicts it."""

from collections.abc import Callable, Iterator

from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import ENDED, Stage
from chalicelib.store import keys
from infra.local.play.tables import Tables

Claim = Callable[[Tables], Iterator[str]]
_CITED = ("knowledge", "knowledge_version", "knowledge_source")


def cited_answers_name_their_source(tables: Tables) -> Iterator[str]:
    """引用知识的答复都写明是哪一条、哪一版、依据什么"""
    for ticket_id, kept in tables.tickets.items():
        for event in kept.events.values():
            cited = {name: event.details.get(name, "") for name in _CITED}
            if any(cited.values()) and not all(cited.values()):
                yield f"{ticket_id} cites {cited}"


def each_undertaking_has_a_clock_of_its_own(tables: Tables) -> Iterator[str]:
    """每项会商任务有且只有自己的一个时限，到期日就是会上定的；办好了就停，没办好就在走"""
    for ticket_id, kept in tables.tickets.items():
        clocks = [clock for clock in kept.ticket.clocks if clock.kind is ClockKind.UNDERTAKING]
        for one in kept.ticket.undertakings:
            own = [clock for clock in clocks if clock.of == one.id]
            if len(own) != 1:
                yield f"{ticket_id} {one.id} has {len(own)} clocks"
                continue
            if own[0].due_at != one.due_at:
                yield f"{ticket_id} {one.id} is due at {one.due_at}, its clock at {own[0].due_at}"
            if own[0].is_open != one.is_open and kept.ticket.stage not in ENDED:
                yield f"{ticket_id} {one.id} is {'open' if one.is_open else 'done'}, its clock is not"


def nothing_is_resolved_while_an_undertaking_is_open(tables: Tables) -> Iterator[str]:
    """会商任务没有都办好的，没有一件办结"""
    for ticket_id, kept in tables.tickets.items():
        left = [one.id for one in kept.ticket.undertakings if one.is_open]
        if left and kept.ticket.stage in (Stage.RESOLVED, Stage.CLOSED):
            yield f"{ticket_id} is {kept.ticket.stage}, open are {left}"


def undertakings_are_finished_by_whose_they_are(tables: Tables) -> Iterator[str]:
    """会商任务都由认领的单位自己填的办好，各填一次"""
    for ticket_id, kept in tables.tickets.items():
        done = [event for _, event in kept.changes if event.kind is EventKind.UNDERTAKING_DONE]
        closed = [one for one in kept.ticket.undertakings if not one.is_open]
        if sorted(event.details["unit"] for event in done) != sorted(one.unit_id for one in closed):
            yield f"{ticket_id}: history finished {len(done)} undertakings, the ticket {len(closed)}"


def residents_read_two_lines_of_a_meeting(tables: Tables) -> Iterator[str]:
    """一次会商居民读到两行：约了、定了；谁来、说了什么，一个字没有"""
    for ticket_id, kept in tables.tickets.items():
        for meeting in kept.ticket.meetings:
            told = [e for _, e in kept.changes if e.public and e.details.get("meeting") == meeting.id]
            recorded = sum(event.kind is EventKind.MEETING_RECORDED for event in told)
            if recorded != (meeting.recorded_at is not None):
                yield f"{ticket_id} {meeting.id} is read as decided {recorded} times"
            secret = [word for word in (meeting.minutes, meeting.present) if word]
            if any(word in event.note for event in told for word in secret):
                yield f"{ticket_id} {meeting.id}: a public line holds what was said"


def a_slip_is_claimed_once(tables: Tables) -> Iterator[str]:
    """一张小票只认领过一次"""
    for ticket_id, kept in tables.tickets.items():
        claimed = sum(event.kind is EventKind.CLAIMED for event in kept.events.values())
        holders = 1 if kept.ticket.proxy is None else 2
        if claimed > holders:
            yield f"{ticket_id} was claimed {claimed} times, {holders} may"


def a_proxy_who_was_ended_sees_nothing(tables: Tables) -> Iterator[str]:
    """本人说不要的代办人，不在有关的人里"""
    for ticket_id, kept in tables.tickets.items():
        proxy = kept.ticket.proxy
        among = [sk for sk, item in kept.items.items() if sk.startswith(keys.MEMBERS) and item.get("proxy")]
        if proxy is not None and proxy.agreed is False and among:
            yield f"{ticket_id}: the proxy was ended, and still stands among its people"


def what_is_disputed_stays_with_who_has_it(tables: Tables) -> Iterator[str]:
    """权属不清的单，裁定以前没有换过单位，裁定以后不再退"""
    for ticket_id, kept in tables.tickets.items():
        begun = False
        for _, event in kept.changes:
            if event.kind is EventKind.DUTY_DISPUTED:
                begun = True
            elif event.kind is EventKind.DUTY_RULED:
                begun = False
            elif begun and event.kind in (EventKind.DISPATCHED, EventKind.TRANSFERRED):
                yield f"{ticket_id} moved before it was ruled"


CLAIMS: tuple[Claim, ...] = (
    cited_answers_name_their_source,
    each_undertaking_has_a_clock_of_its_own,
    nothing_is_resolved_while_an_undertaking_is_open,
    undertakings_are_finished_by_whose_they_are,
    residents_read_two_lines_of_a_meeting,
    a_slip_is_claimed_once,
    a_proxy_who_was_ended_sees_nothing,
    what_is_disputed_stays_with_who_has_it,
)


def judge(tables: Tables) -> dict[Claim, list[str]]:
    """Every claim with what contradicts it."""
    return {claim: list(claim(tables)) for claim in CLAIMS}
