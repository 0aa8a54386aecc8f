"""Deliveries 通知: who is told by which channel, when, and what is gathered into one message. Pure; the town is passed in."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import Field

from chalicelib.domain.model import SHANGHAI, Frozen, Instant
from chalicelib.domain.notices.words import template_of
from chalicelib.domain.tickets.ticket import Level, Notice, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Channel, PlaceKind, ResidentChannel, Source, Staff

SKEW = timedelta(seconds=2)  # by which the clocks of two machines may differ
QUARTER = timedelta(minutes=15)
DAILY_AT = timedelta(hours=17, minutes=30)  # after midnight
URGENT_STORM = timedelta(minutes=1)  # what is urgent is not held back longer
FIRST_RETRY = timedelta(minutes=1)  # doubled each time
LONGEST_RETRY = timedelta(minutes=30)
WORTH_SENDING_FOR = timedelta(hours=24)
URGENT_WORTH_SENDING_FOR = timedelta(hours=2)
MOST_NUMBERS = 10  # named in a gathered message


class State(StrEnum):
    """After GOV.UK Notify. The first three may still change."""

    CREATED = "created"
    SENDING = "sending"
    TEMPORARY_FAILURE = "temporary_failure"
    DELIVERED = "delivered"
    PERMANENT_FAILURE = "permanent_failure"
    NO_CONSENT = "no_consent"
    NOT_SET_UP = "not_set_up"  # the town has no template for it: nobody's consent is to blame
    EXPIRED = "expired"


FAILED = frozenset({State.PERMANENT_FAILURE, State.NO_CONSENT, State.NOT_SET_UP, State.EXPIRED})
FINAL = FAILED | {State.DELIVERED}
MAY_HAVE_ARRIVED = "中断时可能已送达，一次性消息不重发"


class Outcome(Frozen):
    """What a gateway says of one attempt; `detail` is for the desk, without text or identity.

    `again_in`: when a passing failure is worth another try, where the gateway knows better than `retry_at`. `sent_as`: what
    the platform calls the message, by which it may say later that nobody got it.
    """

    state: State
    detail: str = ""
    again_in: timedelta | None = None
    sent_as: str = ""


class Delivery(Frozen):
    """One message to one recipient by one channel. `event_key` is `<ticket id>-<line of history>`, `n` the notice within the event.

    `members` are the gathered notices of a digest or storm, each `<event key>|<number>`.
    """

    recipient: str  # "staff:<code>" or "reporter:<reporter id>"
    way: Channel
    at: Instant  # the event's
    event_key: str
    n: int = 0
    ticket_id: str
    template: str
    params: dict[str, str] = Field(default_factory=dict)
    urgent: bool = False
    state: State = State.CREATED
    not_before: Instant
    attempts: int = 0
    detail: str = ""
    station_id: str = ""  # whose call list
    members: tuple[str, ...] = ()
    report: str = ""  # the resident's own ticket, merged into this one: there lies the number
    correlation_id: str = ""  # of the request that it follows from, for the log

    @property
    def called_under(self) -> str:
        """The ticket by which whom to call is found: a reporter's own one, also when it was merged."""
        return self.report or self.ticket_id

    @property
    def is_one_time(self) -> bool:
        return self.way is Channel.WECHAT

    @property
    def expires_at(self) -> datetime:
        """From this instant on it is not worth sending."""
        return self.not_before + (URGENT_WORTH_SENDING_FOR if self.urgent else WORTH_SENDING_FOR)


class Digest(Frozen):
    """Notices that become one message: the first `at_once` go alone, the rest together at `until`."""

    key: str
    until: Instant
    at_once: int
    template: str
    params: dict[str, str] = Field(default_factory=dict)


def staff_channel(staff: Staff, template: str) -> Channel | None:
    """By what a member of staff is told outside the inbox; the desk calls only for what is worth a call."""
    return _worth(staff.channel.outward, template)


def resident_channel_in(session: str) -> ResidentChannel:
    """By what a resident can be told whose session is of this channel, whatever code was scanned."""
    return ResidentChannel.IN_WECHAT if session == Source.MINI_PROGRAM else ResidentChannel.IN_APP


def resident_channel(source: Source, reachable: ResidentChannel, template: str) -> Channel | None:
    """By what a resident is told outside the inbox. One in a browser has only the inbox.

    Someone without a smartphone is called by the desk, for what is worth a call.
    """
    return _worth(reachable.outward(source), template)


def _worth(channel: Channel | None, template: str) -> Channel | None:
    return None if channel is Channel.CALL and not template_of(template).call else channel


def tell_at(staff: Staff, notice: Notice, at: datetime, town: Town) -> datetime:
    """When a member of staff may be told: at once, or after the quiet hours of their role (勿扰时段).

    Nobody on duty is quiet, and someone with several roles only when all of them are. Urgent knows no quiet hours.
    """
    quiet = bool(staff.roles) and all(town.is_quiet(role, at) for role in staff.roles)
    if notice.urgent or not quiet or town.is_on_duty(staff.code, at):
        return at
    return min(town.quiet_until(role, at) for role in staff.roles)


def digest_of(notice: Notice, ticket: Ticket, to: Staff, at: datetime, town: Town) -> Digest | None:
    """What a notice to staff, to be told `at`, is gathered with; None when it goes alone.

    What may wait for the day's summary is one message at its end. Escalations to one person within a quarter of an hour (:00, :15, …) are a digest after the first. What is alike
    (template, category, neighbourhood) is a storm after `storm_after` of the role; urgent ones wait a minute at most.
    What is practice is gathered apart from what is real.
    """
    apart, marked = ("practice:", {"practice": "1"}) if ticket.practice else ("", {})
    if notice.level is Level.DAILY:
        until = _end_of_day(at)
        return Digest(key=f"{apart}daily", until=until, at_once=0, template="daily", params=marked)
    if notice.digest and not notice.urgent:
        until = _end_of(at, QUARTER)
        return Digest(key=f"{apart}digest", until=until, at_once=1, template="digest", params=marked)
    if not template_of(notice.template).storm:
        return None
    place = _neighbourhood(ticket, town)
    named = town.find_place(place)
    return Digest(
        key=f"{apart}storm:{notice.template}:{ticket.category or ''}:{place}",
        until=_end_of(at, URGENT_STORM if notice.urgent else QUARTER),
        at_once=max((town.role_rule(role).storm_after for role in to.roles), default=1),
        template="storm",
        params={
            "place": named.name if named else ticket.where.name,
            "category": notice.params.get("category") or "未分类",
        }
        | marked,
    )


def as_digest(alone: Delivery, digest: Digest) -> Delivery:
    """The one message of a digest, the same from whichever of its notices it is made."""
    return alone.model_copy(
        update={
            "at": digest.until,
            "not_before": digest.until,
            "event_key": digest.key,
            "n": 0,
            "ticket_id": "",
            "template": digest.template,
            "params": digest.params,
        }
    )


def gathered_params(delivery: Delivery) -> dict[str, str]:
    """What a digest or storm says: how many tickets, and their numbers (the first ten)."""
    numbers = sorted({member.partition("|")[2] for member in delivery.members})
    named = "、".join(numbers[:MOST_NUMBERS]) + ("等" if len(numbers) > MOST_NUMBERS else "")
    return delivery.params | {"count": str(len(numbers)), "numbers": named}


def retry_at(attempts: int, now: datetime) -> datetime:
    """When to try again after so many attempts (1 or more): 1, 2, 4 … minutes, half an hour at most."""
    doubled: timedelta = FIRST_RETRY * 2 ** min(attempts - 1, 10)
    return now + min(doubled, LONGEST_RETRY)


def _end_of_day(at: datetime) -> datetime:
    """When the day's summary 日汇总 goes out next: half past five in the afternoon."""
    day = at.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    until = day + DAILY_AT
    return until if at < until else until + timedelta(days=1)


def _end_of(at: datetime, window: timedelta) -> datetime:
    """The end of the window that `at` lies in, counted from midnight; its first instant belongs to it."""
    midnight = at.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + ((at - midnight) // window + 1) * window


def _neighbourhood(ticket: Ticket, town: Town) -> str:
    """The code of the neighbourhood (or block, or area) a ticket lies in; empty when only typed."""
    kinds = {PlaceKind.NEIGHBOURHOOD, PlaceKind.BLOCK, PlaceKind.AREA}
    for code in reversed(ticket.where.path):
        place = town.find_place(code)
        if place is not None and place.kind in kinds:
            return code
    return ""
