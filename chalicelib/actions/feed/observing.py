"""观测: what a partner's sensors saw becomes one ticket when a rule is exceeded, and evidence of it while that one is open."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from chalicelib.actions.tickets import reporting
from chalicelib.actions.tickets.joining import standing
from chalicelib.domain.errors import Invalid, NotFound
from chalicelib.domain.feed import observations as rules
from chalicelib.domain.feed.observations import Observation
from chalicelib.domain.tickets.ticket import ENDED, ExternalId, Ticket
from chalicelib.domain.tickets.where import at_place
from chalicelib.domain.town.sensor_rules import SensorRule
from chalicelib.domain.town.vocabulary import Source, Staff
from chalicelib.domain.views import access
from chalicelib.store.feed import observations
from chalicelib.store.feed.observations import LastTicket
from chalicelib.store.requests.idempotency import replay
from chalicelib.store.tickets import tickets
from chalicelib.store.tickets.lists import find_id_by_external
from chalicelib.store.town import directory


class Taken(NamedTuple):
    """`tickets`: the numbers of those that the observations belong to. `unknown`: how many no rule asks for."""

    received: int
    tickets: list[str]
    unknown: int


def take_in(partner: str, found: Sequence[Observation], *, now: datetime) -> Taken:
    """All of them or none. Raises NotFound for a partner without rules, Invalid for an instant that cannot be."""
    known = [rule for rule in directory.town().sensor_rules if rule.partner == partner]
    if not known:
        raise NotFound("没有为这个合作方登记传感规则，请联系镇平台管理员")
    rules.check(found, now)
    clean = [rules.cleaned(each) for each in found]
    by_rule = {rule: [each for each in clean if rules.counts(each, rule)] for rule in known}
    belong = [_counted(rule, mine, now) for rule, mine in by_rule.items() if mine]
    asked_for = {each for mine in by_rule.values() for each in mine}
    numbers = dict.fromkeys(ticket.number for ticket in belong if ticket and not ticket.confidential)
    return Taken(len(found), list(numbers), sum(each not in asked_for for each in clean))


def of_ticket(ticket_id: str, *, by: Staff, after: str | None = None) -> tuple[list[Observation], str | None]:
    """The evidence of a ticket, for whoever may open it. Raises NotFound."""
    access.need_sight(tickets.get(ticket_id), by, directory.town())
    return observations.list_of_ticket(ticket_id, after=after)


def _counted(rule: SensorRule, mine: list[Observation], now: datetime) -> Ticket | None:
    """The ticket that these belong to: the open one, or the one they make."""
    observations.add(rule.code, mine, now)
    last = _last(rule)
    before = _goes_on(last.ticket_id)
    if before is not None and before.stage not in ENDED:
        observations.attach(before.id, mine, now)
        return before
    since = min(each.at for each in mine) - rule.window
    until = max(each.at for each in mine) + rule.window
    known = observations.list_between(rule.code, since, until)
    if before is not None:
        known = [each for each in known if each.at > rules.ended_at(before)]
    evidence = rules.exceeding(known, rule)
    if not evidence:
        return None
    ticket = _make(rule, evidence, last.count + 1, now)
    observations.set_last_ticket(rule.code, LastTicket(count=last.count + 1, ticket_id=ticket.id))
    observations.attach(ticket.id, evidence, now)
    return ticket


def _last(rule: SensorRule) -> LastTicket:
    """The rule's newest ticket, also one whose making was cut off before this was written down."""
    last = observations.last_ticket(rule.code)
    newer = find_id_by_external(rule.partner, _number(rule, last.count + 1))
    if newer is None:
        return last
    found = LastTicket(count=last.count + 1, ticket_id=newer)
    observations.set_last_ticket(rule.code, found)
    return found


def _goes_on(ticket_id: str) -> Ticket | None:
    """The ticket in which a matter goes on: itself, or the one it was merged into."""
    try:
        return standing(tickets.get(ticket_id)) if ticket_id else None
    except NotFound:  # its case was removed
        return None


def _make(rule: SensorRule, evidence: tuple[Observation, ...], count: int, now: datetime) -> Ticket:
    """The rule's next ticket. Two that make it at once make one: its number with the partner is unique."""
    place = directory.place(rule.place)
    sent = reporting.Sent(
        text=rules.text_of(rule, evidence),
        category=rule.category,
        external=ExternalId(partner=rule.partner, number=_number(rule, count)),
    )
    where = at_place(place)
    try:
        return reporting.make_ticket(
            sent,
            reporting.Came(
                where=where,
                source=Source.SENSOR,
            ),
            (),
            replay=replay(f"sensor:{rule.code}", str(count), b"", now),
            now=now,
        )
    except Invalid as taken:
        if "ticket_id" not in taken.details:
            raise
        return tickets.get(str(taken.details["ticket_id"]))


def _number(rule: SensorRule, count: int) -> str:
    return f"{rule.code}-{count}"
