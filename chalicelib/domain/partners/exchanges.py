"""往来: one exchange with a partner about one of its orders. What goes back is sent until acknowledged, in order per order."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import Field

from chalicelib.domain.acts.reporting_up import is_of
from chalicelib.domain.acts.returning import ReturnReason
from chalicelib.domain.identity.erasing import TAKEN_OUT, Person
from chalicelib.domain.model import SHANGHAI, Frozen, Instant, YesNo, stamp
from chalicelib.domain.partners.codes import code_of
from chalicelib.domain.partners.report_contents import report_of
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event, ExternalId, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.partner import Partner
from chalicelib.domain.views import access

STUCK_AFTER = 3  # tries
MADE, UPDATED, SAME = "made", "updated", "same"  # what an order that came in did
_LONGEST = timedelta(hours=1)
_QUOTED = 6  # characters: a shorter piece of a sentence is anybody's word


class State(StrEnum):
    RECEIVED = "received"  # what came in
    WAITING = "waiting"  # to be sent, or sent and not acknowledged
    ACKNOWLEDGED = "acknowledged"
    BY_HAND = "by_hand"  # the partner has no interface: somebody enters it there
    ENTERED = "entered"  # and has


class Exchange(Frozen):
    """`name` orders the exchanges of one order in time; it and `home` together are the exchange's id."""

    partner: str
    number: str  # the partner's
    name: str
    ticket_id: str
    ticket_number: str
    state: State
    at: Instant
    act: str = ""  # the kind of our line of history
    code: str = ""  # what the partner calls it
    unit: str = ""
    note: str = ""  # scrubbed
    reason: str = ""  # the partner's code
    report: dict[str, str] = Field(default_factory=dict)  # what a report upward says of its ticket
    due_at: Instant | None = None
    attempts: int = 0
    detail: str = ""  # why the last try was none; of what came in, its odd cells and how they were read 待核
    retry_at: Instant | None = None
    done_at: Instant | None = None
    done_by: str = ""  # who entered it there, or who checked the odd cells

    @property
    def home(self) -> str:
        return home_of(self.partner, self.number)

    @property
    def id(self) -> str:
        return f"{self.home}.{self.name}"

    @property
    def began(self) -> bool:
        """Whether it is how an order first came in."""
        return self.state is State.RECEIVED and self.act == MADE

    @property
    def to_check(self) -> str:
        """待核: the odd cells of what came in, until somebody has looked at them."""
        return self.detail if self.state is State.RECEIVED and not self.done_by else ""

    @property
    def is_open(self) -> bool:
        return self.state in (State.WAITING, State.BY_HAND)

    @property
    def is_stuck(self) -> bool:
        return self.state is State.WAITING and self.attempts >= STUCK_AFTER


class Standing(StrEnum):
    """How an order stands with its partner."""

    NOTHING_OWED = "nothing_owed"
    STUCK = "stuck"
    WAITING = "waiting"
    BY_HAND = "by_hand"
    DONE = "done"  # acknowledged or entered, all of it


def standing_of(exchanges: Iterable[Exchange]) -> Standing:
    """The worst of what is owed about one order."""
    owed = [exchange for exchange in exchanges if exchange.state is not State.RECEIVED]
    if any(exchange.is_stuck for exchange in owed):
        return Standing.STUCK
    for state, standing in ((State.WAITING, Standing.WAITING), (State.BY_HAND, Standing.BY_HAND)):
        if any(exchange.state is state for exchange in owed):
            return standing
    return Standing.DONE if owed else Standing.NOTHING_OWED


def home_of(partner: str, number: str) -> str:
    """Where the exchanges about an order lie; fit for a path, whatever characters a partner's numbers have."""
    return hashlib.sha256(f"{partner}\n{number}".encode()).hexdigest()[:24]


def retry_in(attempts: int) -> timedelta:
    """1, 2, 4 … minutes, an hour at most, for as long as it takes."""
    return min(timedelta(minutes=2 ** max(0, min(attempts - 1, 10))), _LONGEST)


def received(
    one: ExternalId, ticket: Ticket, *, how: str, to_check: tuple[str, ...] = (), now: datetime
) -> Exchange:
    """What the partner sent, for the record: no text of it, which stands on the ticket, scrubbed."""
    return Exchange(
        partner=one.partner,
        number=one.number,
        name=f"{stamp(now)}--{one.digest}",
        ticket_id=ticket.id,
        ticket_number=ticket.number,
        state=State.RECEIVED,
        at=now,
        act=how,
        due_at=one.due_at,
        detail="；".join(to_check),
    )


def owed(
    event: Event, key: str, ticket: Ticket, one: ExternalId, partner: Partner, town: Town
) -> Exchange | None:
    """What a line of history owes a partner: only the kinds of line that its `act` rows name; nothing in an exercise."""
    # The call that finds it solved closes it too: whoever sent the order has heard 办结 by then, the platform above waits for 结案.
    code = code_of(event.kind, partner, closes=partner.upward and ticket.closed_at == event.at)
    if code is None or ticket.practice or event.details.get("approved") == YesNo.NO:
        return None
    if event.kind is EventKind.REPORTED_UP and not is_of(event, one):
        return None
    unit = town.find_unit(ticket.lead_unit_id or "") or town.find_unit(ticket.station_id)
    running = [
        clock.due_at for clock in ticket.clocks if clock.kind is ClockKind.RESOLUTION and clock.is_open
    ]
    return Exchange(
        partner=one.partner,
        number=one.number,
        name=f"{stamp(event.at)}-{key}",
        ticket_id=ticket.id,
        ticket_number=ticket.number,
        state=State.WAITING if partner.address else State.BY_HAND,
        at=event.at,
        act=event.kind,
        code=code,
        unit=unit.name if unit else "",
        note=_note(ticket, event, partner),
        reason=_reason(event, partner),
        report=report_of(access.as_read_outside(ticket), partner, town)
        if event.kind is EventKind.REPORTED_UP
        else {},
        due_at=running[0] if running else None,
        retry_at=event.at if partner.address else None,
    )


def _note(ticket: Ticket, event: Event, partner: Partner) -> str:
    """To the platform above the town nothing that is confidential, nor what the town's own unit does not read."""
    if not partner.upward:
        return event.note
    return "" if ticket.confidential else access.line_as_read_outside(ticket, event).note


def payload(exchange: Exchange) -> dict[str, object]:
    """What is sent (docs/partners.md). `id` is the same at every try: a partner does it once."""
    return {"id": exchange.id} | _body(exchange)


def row(exchange: Exchange, partner: Partner) -> list[str]:
    """One line of the answer file, in the partner's columns."""
    said = _body(exchange)
    return [str(said.get(field) or "") for field in partner.answers.values()]


def without(exchange: Exchange, person: Person, said: Iterable[str]) -> Exchange:
    """What is kept of it once the person is erased: which act went when, and nobody's name, phone or words.

    `said`: what the person wrote, in every form that is known. What is still to be sent goes out so, too. Of the cells of
    an order that looked odd nothing is left: which of them told who it was nobody can say.
    """

    own = sorted({words.strip() for words in said if words.strip()}, key=len, reverse=True)

    def cleaned(text: str) -> str:
        if text.strip() in own:
            return TAKEN_OUT
        for words in own:
            if len(words) >= _QUOTED:
                text = text.replace(words, TAKEN_OUT)
        return person.out_of(text)

    odd = exchange.state is State.RECEIVED and exchange.detail
    return exchange.model_copy(
        update={
            "note": cleaned(exchange.note),
            "report": {field: cleaned(text) for field, text in exchange.report.items()},
            "detail": TAKEN_OUT if odd else cleaned(exchange.detail),
        }
    )


def copy_text(exchange: Exchange, partner: Partner) -> str:
    """复制给 12345: what a person pastes into the partner's own page."""
    said = _body(exchange)
    return "\n".join(f"{head}：{said[field]}" for head, field in partner.answers.items() if said.get(field))


def _body(exchange: Exchange) -> dict[str, object]:
    return dict[str, object](exchange.report) | {
        "number": exchange.number,
        "ticket": exchange.ticket_number,
        "act": exchange.code,
        "at": _local(exchange.at),
        "unit": exchange.unit,
        "note": exchange.note,
        "reason": exchange.reason,
        "due_at": _local(exchange.due_at) if exchange.due_at else "",
    }


def _local(instant: datetime) -> str:
    return instant.astimezone(SHANGHAI).isoformat(timespec="seconds")


def _reason(event: Event, partner: Partner) -> str:
    """The code of the return reason that was given, or that stands in the note; else the partner's code for others."""
    if not partner.reasons or event.kind not in (EventKind.RETURNED, EventKind.DECLINED, EventKind.FORWARDED):
        return ""
    said = f"{event.details.get('reason', '')} {event.note}"
    found = next((reason.value for reason in ReturnReason if reason.value in said), "")
    return partner.reasons.get(found, partner.reasons.get("", ""))
