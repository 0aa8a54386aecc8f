"""Weekly bulletins 周报: made by night once a week is over, told to the area's leaders, read and printed for a year."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from chalicelib.actions.notices import mornings
from chalicelib.domain.classes.classes import folded
from chalicelib.domain.classes.issue_class import IssueClass
from chalicelib.domain.feed import bulletin as rules
from chalicelib.domain.feed.bulletin import WEEK, Bulletin
from chalicelib.domain.figures import figures, trends
from chalicelib.domain.figures.counts import Counts, added
from chalicelib.domain.figures.facts import Fact
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.notices import deliveries as messages
from chalicelib.domain.notices.deliveries import Delivery
from chalicelib.domain.tickets.queues import inbox_of
from chalicelib.domain.town.vocabulary import Channel, PlaceKind, Staff
from chalicelib.gateways import analysis, deployment
from chalicelib.store.classes import classes
from chalicelib.store.figures import alerts, bulletins, counts, facts
from chalicelib.store.notices import deliveries, inbox
from chalicelib.store.tickets import lists, marks
from chalicelib.store.town import directory
from chalicelib.web import bulletin as pages
from chalicelib.web import bulletin_sheet

if TYPE_CHECKING:
    from chalicelib.actions.figures.schemas import BulletinShown
    from chalicelib.domain.schemas import Page

HTML = "text/html; charset=utf-8"


def make_due(*, now: datetime) -> int:
    """Last week's for every area that has none yet: on Monday, or whenever the night of Monday failed. Answers how many."""
    first, _ = rules.week_before(now.date())
    areas = [place.code for place in directory.town().places if place.kind is PlaceKind.AREA]
    due = [area for area in areas if not bulletins.exists(area, first)]
    for area in due:
        make(area, first, now=now)
    return len(due)


def make(area: str, first: date, *, now: datetime) -> Bulletin:
    """The week that begins on this Monday. Made again it replaces its page and sheet, and tells nobody twice."""
    made = gather(area, first, now=now)
    practice = deployment.is_practice()
    analysis.write_bulletin(_name(area, first, "html"), pages.page(made, practice=practice).encode(), HTML)
    analysis.write_bulletin(
        _name(area, first, "xlsx"), bulletin_sheet.sheet(made), bulletin_sheet.CONTENT_TYPE
    )
    _tell(made)
    bulletins.add(area, first, now=now)
    return made


def gather(area: str, first: date, *, now: datetime) -> Bulletin:
    """All that it says, from counts, facts, alerts and classes."""
    town, last = directory.town(), first + timedelta(days=6)
    weeks = _weeks(area, first)
    still_open = counts.list_open(area)
    view = figures.days_view({area: weeks[0]}, figures.Axis.UNIT, town, now.date())
    by_day = {each.day: each.counts for each in counts.list_counts(area, first, last)}
    view["days"] = [
        figures.day_line(day, by_day.get(day, {})) for day in (first + timedelta(days=n) for n in range(7))
    ]
    place = town.find_place(area)
    told = [alert for alert in alerts.list_alerts(area, since=first)[0] if alert.day <= last]
    return Bulletin(
        area=area,
        area_name=place.name if place else area,
        first=first,
        last=last,
        made_at=now,
        received_before=weeks[1].get("all", {}).get("", {}).get("received", 0),
        still_open=sum(each.tickets for each in still_open),
        late=rules.late_with(still_open, town),
        rises=rules.rises(weeks, town),
        told=tuple(f"{trends.KIND_NAMES[a.found.kind]}：{trends.view_of(a, town)['text']}" for a in told),
        classes=tuple(rules.of_class(one, now.date(), town) for one in _standing(area)),
        readings=_readings(area, first),
        figures=view,
    )


def _standing(area: str) -> list[IssueClass]:
    """The open classes of an area without the weaker proposals, most distinct reporters first: one page."""
    found = classes.list_open(area)
    weaker = folded(found)
    return [cls for cls in found if cls.id not in weaker][: classes.PAGE]


def list_for(by: Staff) -> "Page[BulletinShown]":
    """The bulletins of one's own areas of a year, newest first, with links that work for five minutes."""
    town = directory.town()
    found = [made for area in figures.areas_of(by, town) if area for made in bulletins.list_made(area)]
    found.sort(key=lambda made: (made.monday, made.area), reverse=True)
    return {"items": [_line(made) for made in found], "next": None}


def _line(made: bulletins.Made) -> "BulletinShown":
    place = directory.town().find_place(made.area)
    return {
        "area": made.area,
        "area_name": place.name if place else "",
        "from": made.monday.isoformat(),
        "to": (made.monday + timedelta(days=6)).isoformat(),
        "made_at": made.at.isoformat(timespec="seconds"),
        "page": analysis.link(_name(made.area, made.monday, "html")),
        "sheet": analysis.link(_name(made.area, made.monday, "xlsx")),
    }


def _weeks(area: str, first: date) -> list[Counts]:
    """The week and those before it, the last first; only as many as there are counts of, and two at least."""
    oldest = first - rules.PAST_WEEKS * WEEK
    counted = counts.list_counts(area, oldest, first + timedelta(days=6))
    began = min((each.day for each in counted), default=first)
    mondays = [first - n * WEEK for n in range(rules.PAST_WEEKS + 1)]
    mondays = [monday for monday in mondays if monday + WEEK > began or monday >= first - WEEK]
    return [
        added(each.counts for each in counted if monday <= each.day < monday + WEEK) for monday in mondays
    ]


def _readings(area: str, first: date) -> tuple[rules.Reading, ...]:
    chosen = dict(rules.worth_reading(_of_week(area, first)))
    town = directory.town()
    found = {ticket.id: ticket for ticket in lists.get_many(list(chosen))}
    return tuple(rules.reading(found[key], why, town) for key, why in chosen.items() if key in found)


def _of_week(area: str, first: date) -> list[Fact]:
    """Received or ended in the week, each once; what is confidential is in no bulletin."""
    days = [facts.list_of_day(first + timedelta(days=n), area) for n in range(7)]
    both = [fact for day in days for fact in (*day.received, *day.ended) if not fact.confidential]
    return list({fact.ticket_id: fact for fact in both}.values())


def _tell(made: Bulletin) -> None:
    """The area's leaders, once: the keys hold area and week."""
    at = datetime.combine(made.last + timedelta(days=1), time(0), SHANGHAI)
    people = trends.leaders(made.area, directory.town())
    inbox.write([_delivery(made, person, Channel.INBOX, at, at) for person in people])
    for person in people:
        way = messages.staff_channel(person, "bulletin")
        if way is not None and way is not Channel.CALL:
            morning = mornings.morning_of(at)
            deliveries.create(_delivery(made, person, way, at, morning))
    marks.touch({inbox_of(person.code) for person in people}, after=_key(made), now=made.made_at)


def _delivery(made: Bulletin, to: Staff, way: Channel, at: datetime, not_before: datetime) -> Delivery:
    said = f"{made.first.month}月{made.first.day}日至{made.last.month}月{made.last.day}日"
    return Delivery(
        recipient=f"staff:{to.code}",
        way=way,
        at=at,
        event_key=_key(made),
        ticket_id="",
        template="bulletin",
        params={"place": made.area_name, "note": said} | deployment.practice(),
        not_before=not_before,
    )


def _key(made: Bulletin) -> str:
    return f"bulletin-{made.area}-{made.first}"


def _name(area: str, monday: date, kind: str) -> str:
    return f"{area}/{monday}.{kind}"
