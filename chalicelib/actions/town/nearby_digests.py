"""By night: whoever watches a place hears in the morning how much the desk published there yesterday, once, whatever was watched.

A message says where and how many and no more: the words are read on the page, from which what was taken back is gone.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from chalicelib.actions.notices import mornings
from chalicelib.actions.turns import Step, Steps
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.notices.deliveries import Delivery
from chalicelib.domain.notices.wechat_templates import NEARBY
from chalicelib.domain.notices.words import check_words
from chalicelib.domain.tickets import nearby as rules
from chalicelib.domain.tickets.nearby import Nearby
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Channel, Source
from chalicelib.gateways import deployment
from chalicelib.store.notices import deliveries, inbox
from chalicelib.store.tickets import nearby
from chalicelib.store.town import directory, place_watches
from chalicelib.store.town.place_watches import Watch

TEMPLATE = NEARBY
A_DAY = timedelta(days=1)
MOST_NAMED = 2  # places in a sentence that fits a screen


def steps(cursor: str = "", *, now: datetime) -> Steps:
    """Shelf by shelf of the town, those after `cursor`. A night that runs twice tells once."""
    town, today = directory.town(), _midnight(now)
    for shelf in _shelves(town):
        if shelf <= cursor:
            continue
        entries = _published(shelf, town, today)
        told = [_tell(person, town, today) for person in _who_watches(entries)]
        yield Step(sum(told), shelf)


def _shelves(town: Town) -> list[str]:
    return sorted({rules.shelf_of(place.path) for place in town.places})


def _published(shelf: str, town: Town, today: datetime) -> list[Nearby]:
    """What the desk published there yesterday, or what of it was done then."""
    changed = nearby.list_news(shelf, today - A_DAY, today)
    return [each for each in changed if each.text and each.at < today and rules.is_public(each, town)]


def _who_watches(entries: Iterable[Nearby]) -> list[str]:
    places = {code for entry in entries for code in entry.path}
    return sorted({watch.person for place in sorted(places) for watch in place_watches.list_at(place)})


def _tell(person: str, town: Town, today: datetime) -> bool:
    """One message for all the places that a person watches; False where it was told before."""
    news = [(each, _matters_at(each, town, today)) for each in place_watches.list_of(person)]
    news = [(each, matters) for each, matters in news if matters]
    if not news:
        return False
    entries = {entry.ticket_id: entry for _, matters in news for entry in matters}
    params = _params([each for each, _ in news], list(entries.values()), town)
    check_words(TEMPLATE, params)
    line = _message(person, Channel.INBOX, params, today)
    inbox.write([line])
    ways = {each.reachable.outward(Source.BROWSER) for each, _ in news}
    if Channel.WECHAT not in ways:
        return True
    return deliveries.create(_message(person, Channel.WECHAT, params, today))


def _matters_at(watch: Watch, town: Town, today: datetime) -> list[Nearby]:
    place = town.find_place(watch.place)
    if place is None:
        return []
    shelves = rules.shelves_of(place, town)
    return [each for shelf in shelves for each in _published(shelf, town, today) if watch.place in each.path]


def _params(news: list[Watch], entries: list[Nearby], town: Town) -> dict[str, str]:
    names = [town.place(each.place) for each in news]
    named = "、".join(each.full_name or each.name for each in names[:MOST_NAMED])
    done = sum(each.done_at is not None for each in entries)
    stations = [town.station_for(each.path).phone for each in names]
    return {
        "place": f"{named}等{len(names)}处" if len(names) > MOST_NAMED else named,
        "note": f"{len(entries)}件事" + (f"，其中{done}件已办结" if done else ""),
        "phone": stations[0],
    } | deployment.practice()


def _message(person: str, way: Channel, params: dict[str, str], today: datetime) -> Delivery:
    """The same for the same day, so that it is written once."""
    return Delivery(
        recipient=f"reporter:{person}",
        way=way,
        at=today,
        event_key=f"nearby-{today:%Y%m%d}",
        ticket_id="",
        template=TEMPLATE,
        params=params,
        not_before=mornings.morning_of(today),
    )


def _midnight(now: datetime) -> datetime:
    return datetime.combine(now.astimezone(SHANGHAI).date(), time(0), SHANGHAI)
