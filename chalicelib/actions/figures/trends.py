"""Watching trends 趋势与苗头: after each recount, what is surprising is written down once and told to the area's leader."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.actions.tickets.lines import short_view
from chalicelib.domain.errors import NotFound
from chalicelib.domain.figures import alerts, figures, trends
from chalicelib.domain.figures.alerts import Alert, Found, Kind, Running, Spot, Thresholds
from chalicelib.domain.notices import deliveries as rules
from chalicelib.domain.notices.deliveries import Delivery
from chalicelib.domain.notices.words import words_of
from chalicelib.domain.tickets.queues import inbox_of
from chalicelib.domain.tickets.ticket import Notice
from chalicelib.domain.town.vocabulary import Channel, Staff
from chalicelib.domain.views import access
from chalicelib.store.figures import alerts as store
from chalicelib.store.figures import counts, facts
from chalicelib.store.figures.facts import Mark
from chalicelib.store.notices import deliveries, inbox
from chalicelib.store.tickets import lists, marks
from chalicelib.store.town import directory

if TYPE_CHECKING:
    from chalicelib.actions.figures.schemas import Alerts, AlertWithTickets

SHOWN_FOR = timedelta(days=31)


def watch(counted: Iterable[Mark], *, now: datetime) -> int:
    """Look at what was counted of today and yesterday. Answers how many alerts are new."""
    recent = {now.date(), now.date() - timedelta(days=1)}
    seen = sorted({(mark.day, mark.area) for mark in counted if mark.day in recent})
    if not seen:
        return 0
    thresholds, began = store.thresholds(), _began(now.date())
    return sum(_watch(area, day, began, thresholds, now) for day, area in seen)


def watch_all(*, now: datetime) -> int:
    """Yesterday and today in every area: what a run that died between counting and looking had left."""
    days = (now.date() - timedelta(days=1), now.date())
    return watch((Mark(day, area) for day in days for area in counts.list_areas()), now=now)


def list_alerts(area: str | None, after: str | None, *, by: Staff, now: datetime) -> "Alerts":
    """A page of the alerts of one area, or all of the last month in all of one's own; newest first."""
    town = directory.town()
    own = figures.areas_of(by, town)
    if area is not None:
        _need(area in own)
        found, following = store.list_alerts(area, after=after)
    else:
        since = now.date() - SHOWN_FOR
        pages = [store.list_alerts(each, since=since)[0] for each in own]
        found = sorted((alert for page in pages for alert in page), key=lambda a: a.at, reverse=True)
        following = None
    items = [trends.view_of(alert, town) for alert in found]
    return {"items": items, "next": following, "areas": figures.named_areas(own, town)}


def get_alert(alert_id: str, *, by: Staff) -> "AlertWithTickets":
    """An alert with the tickets behind it that this person may see. Raises NotFound, also for another's area."""
    town, parts = directory.town(), alert_id.split("~")
    _need(len(parts) == 5 and parts[2] in figures.areas_of(by, town))
    alert = store.find(parts[2], alert_id)
    if alert is None:
        raise NotFound("没有这条提醒，请从列表打开")
    behind = lists.get_many(list(alert.ticket_ids))
    seen = [short_view(ticket, town) for ticket in behind if access.may_see(ticket, by, town)]
    return {**trends.view_of(alert, town), "items": seen, "hidden": len(alert.ticket_ids) - len(seen)}


def _need(is_own: bool) -> None:
    if not is_own:
        raise NotFound("没有这条提醒，请从列表打开")


def _began(today: date) -> date:
    """When the town began to count: an area without reports was quiet since, not unknown."""
    first_days = [day for area in counts.list_areas() if (day := counts.find_first_day(area))]
    return min(first_days, default=today)


def _watch(area: str, day: date, began: date, thresholds: Thresholds, now: datetime) -> int:
    first = max(began, day - timedelta(weeks=thresholds.weeks + 1))
    counted = counts.list_counts(area, first, day)
    by_day = {each.day: _received(each.counts.get("spot", {})) for each in counted}
    running, new = store.list_running(area), 0
    histories = alerts.series(by_day, first, day)
    spread = alerts.spread_of_kinds(histories, thresholds)
    for spot, history in histories.items():
        found = alerts.look(history, thresholds, spread=spread)
        if found is not None and not alerts.is_silenced(found, spot, running, day, thresholds):
            new += _note(area, spot, found, day, running, thresholds, now)
    _tell_untold(area, running, now)
    return new


def _received(tallied: dict[str, dict[str, int]]) -> dict[str, int]:
    return {key: tally.get("received", 0) for key, tally in tallied.items()}


def _note(
    area: str,
    spot: Spot,
    found: Found,
    day: date,
    running: dict[Spot, dict[Kind, Running]],
    thresholds: Thresholds,
    now: datetime,
) -> bool:
    """Write a new alert, or that one goes on. What is new is told at once."""
    before = running.get(spot, {}).get(found.kind)
    if not alerts.is_over(before, day, thresholds):
        store.go_on(area, spot, found.kind, day)
        return False
    alert = Alert(area=area, place=spot[0], category=spot[1], day=day, at=now, found=found)
    alert = alert.model_copy(update={"ticket_ids": _behind(alert, thresholds.most_tickets)})
    running.setdefault(spot, {})[found.kind] = Running(kind=found.kind, first=day, last=day, is_told=True)
    if not store.add(alert, before):
        return False
    _tell(alert)
    return True


def _behind(alert: Alert, most: int) -> tuple[str, ...]:
    """The tickets that were counted, newest first."""
    days = [alert.day - timedelta(days=n) for n in range((alert.day - alert.since).days + 1)]
    found = [fact for day in days for fact in facts.list_of_day(day, alert.area).received]
    counted = [fact for fact in found if not fact.confidential and trends.is_behind(fact, alert)]
    counted.sort(key=lambda fact: fact.received_at, reverse=True)
    return tuple(fact.ticket_id for fact in counted[:most])


def _tell_untold(area: str, running: dict[Spot, dict[Kind, Running]], now: datetime) -> None:
    """What was written by a run that died before it told."""
    for spot, kinds in running.items():
        for kind, one in kinds.items():
            if one.is_told:
                continue
            alert = store.find(area, trends.id_of(one.first, kind, area, spot))
            if alert is not None and alert.at < now:
                _tell(alert)


def _tell(alert: Alert) -> None:
    """The area's leaders, once however often it is tried: the keys hold the alert's own id and instant."""
    town = directory.town()
    people = trends.leaders(alert.area, town)
    template, params = str(alert.found.kind), trends.params(alert, town)
    words_of(template, params)
    inbox.write([_delivery(alert, person, Channel.INBOX, alert.at, params) for person in people])
    for person in people:
        way = rules.staff_channel(person, template)
        if way is not None and way is not Channel.CALL:
            notice = Notice(to=f"staff:{person.code}", template=template)
            not_before = rules.tell_at(person, notice, alert.at, town)
            deliveries.create(_delivery(alert, person, way, not_before, params))
    marks.touch({inbox_of(person.code) for person in people}, after=alert.id, now=alert.at)
    store.mark_told(alert)


def _delivery(
    alert: Alert, to: Staff, way: Channel, not_before: datetime, params: dict[str, str]
) -> Delivery:
    return Delivery(
        recipient=f"staff:{to.code}",
        way=way,
        at=alert.at,
        event_key=f"alert-{alert.id}",
        ticket_id="",
        template=str(alert.found.kind),
        params=params,
        not_before=not_before,
    )
