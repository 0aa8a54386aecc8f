"""上报: a joint or difficult ticket is reported to the partner above the town (汇治理), and what it says comes back."""

import hashlib
from datetime import datetime

from chalicelib.domain.acts.moves import Changed, changed, need_stage
from chalicelib.domain.clocks import partner_deadlines
from chalicelib.domain.errors import AlreadyDone, NotAllowed, NotFound, WrongStage
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.tickets.actors import Actor
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event, ExternalId, Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.partner import Means, Partner
from chalicelib.domain.town.vocabulary import Role, Staff, Track

_REPORTABLE = frozenset({Stage.RECEIVED, Stage.DISPATCHED, Stage.HANDLING, Stage.SUSPENDED})


class Answer(Frozen):
    """What the partner says of a report: its own word for how it stands, with what it means to us."""

    id: str  # the partner's own, or of the words: the same is told once
    number: str  # our ticket's
    status: str
    means: Means
    text: str = ""  # as written
    at: Instant
    due_at: Instant | None = None

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.id.encode()).hexdigest()[:16]


def report_up(
    ticket: Ticket, *, partner: Partner, by: Staff, note: str, town: Town, now: datetime
) -> Changed:
    """The ticket goes on as it is; the partner gets it by the exchange of its line of history.

    Raises WrongStage for a simple or an ended one, NotAllowed for a confidential or a practice one, AlreadyDone
    unless the partner has returned it.
    """
    need_stage(ticket, _REPORTABLE, "上报")
    if ticket.track is Track.SIMPLE:
        raise WrongStage("简易工单不上报；确需上级协调的，请先把工单改为复杂或疑难")
    if ticket.confidential:
        raise NotAllowed("保密工单不经平台上报，请由片区党委当面或书面上报")
    if ticket.practice:
        raise NotAllowed("演练工单不上报")
    if not _may_be_reported(ticket, partner):
        raise AlreadyDone(f"已经上报{partner.title}，请等对方答复；进度见往来记录")
    details = {"to": partner.title, "partner": partner.name, "number": ticket.number}
    event = Event(kind=EventKind.REPORTED_UP, at=now, by=by.code, note=note, details=details)
    return changed(_with_report(ticket, partner), event, before=ticket, town=town)


def by_ladder(ticket: Ticket, event: Event, partner: Partner) -> Changed:
    """The same by a rung of its ladder; where it may not be, the rung only tells its people."""
    is_fit = ticket.stage in _REPORTABLE and ticket.track is not Track.SIMPLE
    if not is_fit or ticket.confidential or ticket.practice or not _may_be_reported(ticket, partner):
        return ticket, event
    details = event.details | {"to": partner.title, "partner": partner.name, "number": ticket.number}
    return _with_report(ticket, partner), event.model_copy(
        update={"kind": EventKind.REPORTED_UP, "details": details}
    )


def is_of(event: Event, one: ExternalId) -> bool:
    """Whether a line says that the ticket was reported under this very number of this partner."""
    return (event.details.get("partner"), event.details.get("number")) == one.known_as


def answered(ticket: Ticket, answer: Answer, *, partner: Partner, town: Town, now: datetime) -> Changed:
    """What it says stands in the history; the ticket does not move. A later answer that came first keeps its word.

    Their deadline is kept beside ours (the rule on two deadlines). Raises NotFound for what was not reported there.
    """
    old = find_report(ticket, partner, answer.number)
    if old is None:
        raise NotFound(f"工单 {answer.number} 没有上报过{partner.title}，请核对编号")
    at = min(answer.at, now)
    is_newer = old.sent_at is None or at >= old.sent_at
    is_order = answer.means is Means.INSTRUCTION
    status = old.status if is_order else answer.status  # an instruction leaves how the report stands
    new = old.model_copy(update={"sent_at": at, "status": status, "due_at": answer.due_at or old.due_at})
    known = tuple(new if one is old and is_newer else one for one in ticket.external_ids)
    after = partner_deadlines.recalculate(
        ticket.model_copy(update={"external_ids": known}), town=town, now=now
    )
    details = {"to": partner.title, "partner": partner.name, "number": answer.number, "status": answer.status}
    if answer.due_at:
        details["due_at"] = answer.due_at.isoformat(timespec="seconds")
    more = (*town.unit_heads(ticket.lead_unit_id or ""), *town.leader(Role.AREA_LEADER, ticket.where.path))
    kind = EventKind.INSTRUCTED if is_order else EventKind.REPORT_UP_ANSWERED
    event = Event(kind=kind, at=now, by=Actor.MACHINE, note=scrub(answer.text), details=details)
    said = f"{answer.status}：{event.note}" if event.note else answer.status
    return changed(after, event, before=ticket, town=town, named=more if is_order else (), say={"said": said})


def find_report(ticket: Ticket, partner: Partner, number: str) -> ExternalId | None:
    held = (one for one in ticket.external_ids if one.known_as == (partner.name, number))
    return next(held, None)


def _may_be_reported(ticket: Ticket, partner: Partner) -> bool:
    """Not yet, or returned since."""
    known = find_report(ticket, partner, ticket.number)
    return known is None or partner.statuses.get(known.status) is Means.RETURNED


def _with_report(ticket: Ticket, partner: Partner) -> Ticket:
    known = find_report(ticket, partner, ticket.number)
    others = tuple(one for one in ticket.external_ids if one is not known)
    again = (
        known.model_copy(update={"status": ""})
        if known
        else ExternalId(partner=partner.name, number=ticket.number)
    )
    return ticket.model_copy(update={"external_ids": (*others, again)})
