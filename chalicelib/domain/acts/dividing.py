"""分拆: one report that speaks of several matters, parted into tickets of their own. One number for the resident, who is told as of one.

The ticket itself goes on with the first matter; it is done when all are (`part_moved`).
"""

from datetime import datetime

from chalicelib.domain.acts.closing import close_if_nothing_is_missing, own_matter_is_done
from chalicelib.domain.acts.moves import Changed, changed, need_no_wait, need_no_withheld, need_stage
from chalicelib.domain.acts.receiving import Report, new_ticket, read, suggested
from chalicelib.domain.clocks import carrying, clocks
from chalicelib.domain.errors import Invalid, WrongStage
from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.parties.asking import need_decided
from chalicelib.domain.parties.beginning import above_the_station, begun
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.clock_model import Clock, ClockKind
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event, Part, PartOf, Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import ResidentChannel, Source, Staff

DIVIDABLE = frozenset({Stage.RECEIVED, Stage.DISPATCHED, Stage.HANDLING})
MOST_MATTERS = 6
_PROMISED = (
    ClockKind.FEEDBACK,
    ClockKind.RESOLUTION,
)  # what the resident was told of the whole holds for each matter


class Matter(Frozen):
    """One matter of a report: a `title` for people, its words, and which of the report's photos show it."""

    title: str
    text: str
    category: str | None = None
    photos: tuple[str, ...] = ()


class Joiners(Frozen):
    """Those who joined 附议 a ticket that turns 避开: the first of them, since when, and what they wrote themselves."""

    first: str
    reachable: ResidentChannel
    since: Instant
    words: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()


class New(Frozen):
    """What a ticket of its own is called."""

    id: str
    number: str


def may_divide(ticket: Ticket, **_: object) -> None:
    """Whether it may be divided at all. Raises WrongStage, StillOpen."""
    need_stage(ticket, DIVIDABLE, "分拆")
    need_no_wait(ticket, "分拆")
    need_decided(ticket, "分拆")
    need_no_withheld(ticket, "分拆")
    if ticket.part_of is not None or ticket.parts:
        raise WrongStage("这张工单已经分拆过；还有别的事请另录一张")


def divide(
    ticket: Ticket, *, matters: tuple[Matter, ...], new: tuple[New, ...], by: Staff, town: Town, now: datetime
) -> tuple[Changed, tuple[Changed, ...]]:
    """The ticket with the first matter, and a ticket for each other one, called as `new` says; to be saved together.

    Each has the report's place, reporter, secrecy and the promises that were made for the whole; what it is about is read
    from its own words. Raises WrongStage, StillOpen, Invalid for fewer than two matters, more than `MOST_MATTERS`, an
    unknown category or a photo that is not of this report.
    """
    may_divide(ticket)
    if not 2 <= len(matters) <= MOST_MATTERS:
        raise Invalid(f"请写明两件到{MOST_MATTERS}件事", fields=["matters"])
    if not set(ticket.photos).issuperset(photo for matter in matters for photo in matter.photos):
        raise Invalid("只能选这次反映里的照片", fields=["photos"])
    own, others = matters[0], matters[1:]
    parts = tuple(
        _part(ticket, matter, called, by, town, now) for matter, called in zip(others, new, strict=True)
    )
    listed = tuple(
        Part(id=part.id, number=part.number, title=matter.title, stage=part.stage)
        for (part, _), matter in zip(parts, others, strict=True)
    )
    after = ticket.model_copy(update={"title": own.title, "parts": listed})
    titles = "；".join(f"{n}. {matter.title}" for n, matter in enumerate(matters, start=1))
    details = {"parts": " ".join(called.id for called in new), "count": str(len(matters))}
    event = Event(kind=EventKind.DIVIDED, at=now, by=by.code, note=titles, public=True, details=details)
    return changed(after, event, before=ticket, town=town), parts


def part_moved(ticket: Ticket, part: Ticket, *, there: Ticket, town: Town, now: datetime) -> Changed | None:
    """What the whole knows of one of its parts. With the last of them it closes, if nothing else is missing.

    `there`: where a part that was merged goes on, else the part; how far that is, the part is. Merged into the whole itself
    it is done with it; merged into another whole it is done with that one's own matter, so that no two wait for each
    other. None where the whole knows already, or the part is none of its own.
    """
    stage = part.stage if there.id == ticket.id else there.stage
    done = there.id != ticket.id and own_matter_is_done(there, town=town, now=now)
    known = next((each for each in ticket.parts if each.id == part.id), None)
    if known is None or (known.stage, known.done) == (stage, done):
        return None
    now_known = known.model_copy(update={"stage": stage, "done": done})
    after = ticket.model_copy(
        update={"parts": tuple(now_known if each is known else each for each in ticket.parts)}
    )
    details = {"part": part.id, "number": part.number, "stage": stage.value}
    event = Event(kind=EventKind.PART_MOVED, at=now, by=Actor.MACHINE, details=details)
    return close_if_nothing_is_missing(after, event, town=town) or changed(
        after, event, before=ticket, town=town
    )


def _part(whole: Ticket, matter: Matter, called: New, by: Staff, town: Town, now: datetime) -> Changed:
    report = read(
        Report(
            id=called.id,
            number=called.number,
            source=whole.source,
            reporter_id=whole.reporter_id,
            reachable=whole.reachable,
            phone_left=whole.phone_left,
            where=whole.where,
            text=matter.text,
            room=whole.room,
            may_enter=whole.may_enter,
            photos=matter.photos,
            category=matter.category,
            confidential=whole.confidential,
            practice=whole.practice,
        ),
        town,
    )
    fresh = new_ticket(report, suggested(report, town), town, now)
    concerns = dict.fromkeys((*whole.concerns, *fresh.concerns))
    part = fresh.model_copy(
        update={
            "part_of": PartOf(id=whole.id, number=whole.number, reported_at=whole.reported_at),
            "title": matter.title,
            "danger": None,  # asked and decided of the whole report
            "concerns": tuple(concerns) if fresh.confidential else (),
            "found_by": whole.found_by,
            "first_contact_id": whole.first_contact_id or by.code,
        }
    )
    part, leaders = above_the_station(begun(part, town=town, now=now), town)
    part = carrying.carry(part, _promised(whole, now), of=whole.id, now=now)
    details = {"from": whole.id, "number": whole.number}
    event = Event(kind=EventKind.DIVIDED_OFF, at=now, by=by.code, details=details, reading=report.reading)
    return changed(part, event, before=None, town=town, named=leaders, alert=True)


def joiners_own(was: Ticket, joiners: Joiners, *, called: New, town: Town, now: datetime) -> Changed:
    """A ticket of their own for those who joined one that turns 避开 (rule 21): of what was public, and of their own words.

    The promises that run for them go along with their instants. It names the other ticket nowhere, and goes to the desk.
    """
    category = town.find_category(was.category or "")
    known = was.public_text or f"{was.where.name}：{category.name if category else '情况待核实'}"
    report = read(
        Report(
            id=called.id,
            number=called.number,
            source=Source.QR if was.where.place else Source.BROWSER,
            reporter_id=joiners.first,
            reachable=joiners.reachable,
            where=was.where,
            text="\n".join((known, *joiners.words)),
            photos=joiners.photos,
            category=was.category,
            practice=was.practice,
        ),
        town,
    )
    fresh = new_ticket(report, suggested(report, town), town, now)
    own = fresh.model_copy(
        update={
            "received_at": joiners.since,
            "track": was.track,
            "urgent": was.urgent,
            "facility": was.facility,
            "night": was.night,
            "danger": None,  # asked and decided of the whole matter
            "public_text": was.public_text,
        }
    )
    own, leaders = above_the_station(begun(own, town=town, now=now), town)
    own = carrying.carry(own, carrying.running(was, town=town, now=now), of="", now=now)
    event = Event(kind=EventKind.RECEIVED, at=now, by=Actor.MACHINE, reading=report.reading)
    return changed(own, event, before=None, town=town, row="received/apart", named=leaders)


def _promised(whole: Ticket, now: datetime) -> list[Clock]:
    found = (clocks.find_open(whole, kind) for kind in _PROMISED)
    return [
        clock.model_copy(update={"carried_from": whole.id})
        for clock in found
        if clock is not None and clock.is_running and not clocks.is_overdue(clock, now)
    ]
