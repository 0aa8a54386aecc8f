"""并案与拆案: two tickets about one matter are handled as one, and parted again. Nobody's promise or right ends by it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from chalicelib.domain.acts.moves import Changed, changed, desk_of, moved, need_no_withheld, need_stage
from chalicelib.domain.clocks import carrying, clocks, partner_deadlines
from chalicelib.domain.errors import AskFirst, Invalid, WrongStage
from chalicelib.domain.parties import beginning
from chalicelib.domain.parties.asking import need_decided
from chalicelib.domain.parties.telling import due_text
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.bounds import next_order
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import ENDED, Asks, Event, Joined, Stage, SupervisionOrder, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff, Track

MERGEABLE = frozenset({Stage.RECEIVED, Stage.DISPATCHED, Stage.HANDLING, Stage.SUSPENDED})
_HARDER = {Track.SIMPLE: 0, Track.JOINT: 1, Track.DIFFICULT: 2}


def merge(
    ticket: Ticket, *, into: Ticket, by: Staff, sure: bool = False, town: Town, now: datetime
) -> tuple[Changed, Changed]:
    """并案: this ticket goes on as part of `into`, with its promises, its people and their rights (rule 38).

    Its desk is from now on that of `into`, whose place is put right later too (`station_followed`). For each clock the
    earliest due time that still runs; for urgency, facility, track and check the stricter. Answers both
    changes, to be saved together. Raises WrongStage for what is resolved or has ended, Invalid for itself, a
    confidential one with an open one (identities stay apart) or somebody else's into a 避开 one (`need_nobody_else`),
    AskFirst for an urgent one into one that is not, unless `sure`; an urgent one into a suspended one not at all;
    StillOpen for one whose words its unit does not read.
    """
    need_stage(ticket, MERGEABLE, "并案")
    need_stage(into, MERGEABLE, "并入；已办结或已结束的工单请先重办或重新打开")
    need_decided(ticket, "并案")
    need_no_withheld(ticket, "并案")
    if ticket.id == into.id:
        raise Invalid("不能与自己并案", fields=["into"])
    if ticket.confidential and not into.confidential:
        raise Invalid("保密工单不能并入公开工单", fields=["into"])
    need_nobody_else(into, _reporters(ticket))
    if ticket.urgent and into.stage is Stage.SUSPENDED:
        raise WrongStage("要并入的工单正在挂账，紧急的并进去就没有人去了；请先恢复办理，或分开办")
    if ticket.urgent and not into.urgent and not sure:
        raise AskFirst(
            "这张是紧急工单，要并入的不是。并案后合在一起的工单按紧急办；确认要并吗？", fields=["sure"]
        )
    joined = _joined(ticket, town, now)
    parent = _taking_in(into, ticket, joined, town=town, now=now)
    child = clocks.meet(ticket, ClockKind.FEEDBACK, by=by.code, now=now)
    child = carrying.handed_on(child, into.id, now=now)
    child = moved(
        child,
        Stage.MERGED,
        merged_into=into.id,
        station_id=into.station_id,
        closed_at=now,
        escalated_to=(),
        on_call_list=False,
    )
    was, is_ = desk_of(ticket, town, now), desk_of(child, town, now)
    losing = [was] if child.station_id != ticket.station_id and was != is_ else []
    unit = town.find_unit(parent.lead_unit_id or "") or town.find_unit(parent.station_id)
    details = {"into": into.id, "number": into.number, "unit_name": unit.name if unit else ""}
    put_off = parent.pause if parent.stage is Stage.SUSPENDED else None
    details["due"] = due_text(parent, ClockKind.REVIEW if put_off else ClockKind.RESOLUTION)
    row = "merged/suspended" if put_off else ""
    one = changed(
        child,
        Event(kind=EventKind.MERGED, at=now, by=by.code, details=details),
        before=ticket,
        town=town,
        row=row,
        named=losing,
        say={"why": put_off.reason} if put_off else None,
    )
    details = {"from": ticket.id, "number": ticket.number, "came": _came(ticket, into, parent)}
    row = "absorbed/suspended" if put_off else ""
    other = changed(
        parent,
        Event(kind=EventKind.ABSORBED, at=now, by=by.code, details=details),
        before=into,
        town=town,
        row=row,
    )
    return one, other


def station_followed(ticket: Ticket, *, into: Ticket, town: Town, now: datetime) -> Changed | None:
    """A merged ticket at the station of what it is part of, whose desk reads it, calls its reporter and may split it.

    Its own place stays, and decides again once it is split. None where it is there already, or is merged no more.
    """
    if ticket.stage is not Stage.MERGED or ticket.station_id == into.station_id:
        return None
    after = ticket.model_copy(update={"station_id": into.station_id})
    event = Event(
        kind=EventKind.STATION_FOLLOWED, at=now, by=Actor.MACHINE, details={"station": into.station_id}
    )
    return changed(after, event, before=ticket, town=town)


def need_nobody_else(into: Ticket, people: Collection[str]) -> None:
    """Raises Invalid where `people` would come into a 避开 ticket: only whose it is knows of it (rule 21)."""
    if into.concerns and set(people) - {into.reporter_id}:
        raise Invalid(
            "这张工单要避开被反映的人，不能把别人反映的并进去；请分开办理，可以派给同一个承办人",
            fields=["into"],
        )


def turns_apart(before: Ticket, after: Ticket) -> bool:
    """Whether an open ticket turns 避开 by this act, or one that is so begins again: whoever else is in it leaves it."""
    return _is_apart(after) and not _is_apart(before)


def _is_apart(ticket: Ticket) -> bool:
    return bool(ticket.concerns) and ticket.stage not in ENDED


def set_apart(
    into: Ticket, event: Event, children: tuple[Ticket, ...], *, town: Town, now: datetime
) -> tuple[Changed, tuple[Changed, ...]]:
    """What had been merged into a ticket that turns 避开 goes its own way again, told why by nobody (rule 21).

    `into` and its line as they were decided; both are answered without what went. Each keeps its promises as after any
    拆案; neither its line nor its messages name the ticket it was in.
    """
    parted = []
    for child in children:
        own = _own_again(child, [into], town=town, now=now)
        line = Event(kind=EventKind.SPLIT, at=now, by=Actor.MACHINE, details={"number": child.number})
        parted.append(
            changed(
                own,
                line,
                before=child,
                town=town,
                row="split/apart",
                named=beginning.above_the_station(own, town)[1],
            )
        )
        into = _without(into, child, town=town, now=now)
    return (clocks.watched(into, town=town, now=now), event), tuple(parted)


def _reporters(ticket: Ticket) -> set[str]:
    known = {ticket.reporter_id, *(each.reporter_id for each in ticket.joined)}
    return {each for each in known if each}


def may_split(ticket: Ticket, **_: object) -> None:
    """Whether it may be split at all. Raises WrongStage."""
    need_stage(ticket, {Stage.MERGED}, "拆案")


def split(
    ticket: Ticket, *, path: Sequence[Ticket], by: str, note: str, town: Town, now: datetime
) -> tuple[Changed, list[Changed]]:
    """拆案: a merged ticket goes its own way again, with its own promises; whatever it was part of keeps its own.

    By the desk, or by its reporter: 不是同一件事. Its feedback is owed anew, and so is everything that a new one is owed.
    `path`: what it went into, what that went into, and so on, up to the one that goes on; answered in this order.
    """
    need_stage(ticket, {Stage.MERGED}, "拆案")
    if not path or path[0].id != ticket.merged_into or not all(_is_in(ticket, into) for into in path[1:]):
        raise Invalid("这张工单没有并入那一张", fields=["into"])
    after = _own_again(ticket, path, town=town, now=now)
    details = {"from": path[0].id, "number": ticket.number}
    one = changed(
        after,
        Event(kind=EventKind.SPLIT, at=now, by=by, note=note, details=details),
        before=ticket,
        town=town,
        named=beginning.above_the_station(after, town)[1],
        alert=True,
    )
    return one, [_parted(into, ticket, by=by, town=town, now=now) for into in path]


def _is_in(ticket: Ticket, into: Ticket) -> bool:
    return ticket.id in {each.id for each in into.joined}


def _parted(into: Ticket, ticket: Ticket, *, by: str, town: Town, now: datetime) -> Changed:
    details = {"from": ticket.id, "number": ticket.number, "gone": f"{ticket.number}拆出单独办理"}
    left = _without(into, ticket, town=town, now=now)
    event = Event(kind=EventKind.PARTED, at=now, by=by, details=details)
    return changed(left, event, before=into, town=town)


def _own_again(ticket: Ticket, path: Sequence[Ticket], *, town: Town, now: datetime) -> Ticket:
    """A merged ticket as it begins again by itself, with its own promises, at the station of its own place.

    `path`: what it went into, and so on, where its promises rang meanwhile, or in the name of what came along
    (`Joined.clocks`), and where its partners' orders and answers went.
    """
    after = moved(
        ticket,
        Stage.RECEIVED,
        merged_into=None,
        closed_at=None,
        lead_unit_id=None,
        handler_id=None,
        taken=False,
        arrived=False,
        return_until=None,
        extension=None,
        station_id=town.station_for(ticket.where.path).code,
        external_ids=tuple(one for one in path[-1].external_ids if one.known_as in _named(ticket)),
    )
    kinds = set(ClockKind) - {ClockKind.TAKE, ClockKind.UNIT_FEEDBACK, ClockKind.PROGRESS}
    went_on = [clock for into in path for clock in into.clocks]
    went_on += [clock for into in path for each in into.joined for clock in each.clocks]
    after = carrying.taken_back(after, kinds=kinds, went_on=went_on, town=town)
    after = partner_deadlines.recalculate(after, town=town, now=now)
    return beginning.begun(after, town=town, now=now)


def _named(ticket: Ticket) -> set[tuple[str, str]]:
    """Under which numbers its partners know a ticket, and whatever was merged into it."""
    return {one.known_as for one in ticket.external_ids}


def _joined(ticket: Ticket, town: Town, now: datetime) -> Joined:
    return Joined(
        id=ticket.id,
        number=ticket.number,
        at=now,
        source=ticket.source,
        reported_at=ticket.reported_at,
        reporter_id=ticket.reporter_id,
        reachable=ticket.reachable,
        asks=asks_of(ticket),
        part_of=ticket.part_of.id if ticket.part_of else "",
        clocks=tuple(
            clock.model_copy(update={"carried_from": ticket.id})
            for clock in carrying.running(ticket, town=town, now=now)
        ),
    )


def asks_of(ticket: Ticket) -> Asks:
    return Asks(urgent=ticket.urgent, facility=ticket.facility, night=ticket.night, track=ticket.track)


def _taking_in(into: Ticket, ticket: Ticket, joined: Joined, *, town: Town, now: datetime) -> Ticket:
    also = tuple(each.model_copy(update={"via": each.via or ticket.id}) for each in ticket.joined)
    owed = dict.fromkeys((*into.external_ids, *ticket.external_ids))  # either partner's reply and deadline
    watching = dict.fromkeys((*into.escalated_to, *ticket.escalated_to))
    after = into.model_copy(
        update={
            "own": into.own or asks_of(into),
            "joined": (*into.joined, joined, *also),
            "merged_from": (*into.merged_from, ticket.id),
            "external_ids": tuple(owed),
            "escalated_to": tuple(watching),
            "supervision_orders": (*into.supervision_orders, *_unanswered(ticket, into)),
        }
    )
    after = carrying.carry(_strictest(after), joined.clocks, of=ticket.id, now=now)
    return partner_deadlines.recalculate(after, town=town, now=now)


def _unanswered(ticket: Ticket, into: Ticket) -> list[SupervisionOrder]:
    """Orders that nobody has answered go along: who gave them still waits."""
    waiting = [order for order in ticket.supervision_orders if order.answered_at is None]
    first = next_order(into)
    return [
        order.model_copy(update={"id": f"D{first + n}", "of": ticket.id}) for n, order in enumerate(waiting)
    ]


def _strictest(ticket: Ticket) -> Ticket:
    """What the ticket itself and everything joined to it ask for: the stricter of each."""
    asks = [*([ticket.own] if ticket.own else []), *(each.asks for each in ticket.joined)]
    return ticket.model_copy(
        update={
            "urgent": any(each.urgent for each in asks),
            "facility": any(each.facility for each in asks),
            "night": any(each.night for each in asks),
            "track": max((each.track for each in asks), key=_HARDER.__getitem__),
        }
    )


def _without(into: Ticket, gone: Ticket, *, town: Town, now: datetime) -> Ticket:
    """The ticket as it is without one that had been joined to it, and without what came by that one."""
    went = {gone.id}
    while more := {each.id for each in into.joined if each.via in went} - went:
        went |= more
    left = tuple(each for each in into.joined if each.id not in went)
    after = into.model_copy(
        update={
            "joined": left,
            "merged_from": tuple(id_ for id_ in into.merged_from if id_ != gone.id),
            "external_ids": tuple(one for one in into.external_ids if one.known_as not in _named(gone)),
            "supervision_orders": tuple(order for order in into.supervision_orders if order.of not in went),
            "follow_ups": tuple(said for said in into.follow_ups if said.of not in went),
        }
    )
    others = [clock for each in left for clock in each.clocks]
    for id_ in went:
        after = carrying.given_back(after, of=id_, others=others, town=town, now=now)
    after = partner_deadlines.recalculate(_strictest(after), town=town, now=now)
    return after if left else after.model_copy(update={"own": None})


def _came(ticket: Ticket, before: Ticket, after: Ticket) -> str:
    """What came in, for whoever handles it: 并入1件，现在按紧急办，时限提前到…，新增照片2张、来话1条."""
    was, is_ = due_text(before, ClockKind.RESOLUTION), due_text(after, ClockKind.RESOLUTION)
    parts = ["并入1件", *(["现在按紧急办"] if after.urgent and not before.urgent else [])]
    if after.stage is Stage.SUSPENDED:
        parts += ["还在挂账，先不用办"]
    elif is_ and is_ != was:
        parts += [f"时限提前到{is_}"]
    parts += [f"新增照片{len(ticket.photos)}张、来话1条" if ticket.photos else "新增来话1条"]
    return "，".join(parts)
