"""What was done near a place, as everybody may read it 办结公示, and which places a resident watches 关注."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Invalid, NotFound
from chalicelib.domain.figures import small_numbers
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.notices import deliveries
from chalicelib.domain.tickets import nearby as rules
from chalicelib.domain.tickets.nearby import MOST_SHOWN, SHOWN_FOR, Nearby
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Place
from chalicelib.domain.views.ticket_view import category_name
from chalicelib.gateways import photos as gateway
from chalicelib.store import photos
from chalicelib.store.photos import Photo, PhotoState
from chalicelib.store.tickets import nearby
from chalicelib.store.town import directory, place_watches

if TYPE_CHECKING:
    from chalicelib.actions.town.schemas import DoneNearby, DoneThing, ShownPhoto, WatchedPlace

NOT_WATCHABLE = "只能关注楼栋、小区或街区"


def done(code: str, now: datetime) -> "DoneNearby":
    """What was done in the last 30 days in the 居民区 or 街区 around a place: how many, a small number hidden, and each that
    the desk published. The own building first, then the newest. Raises NotFound.
    """
    town = directory.town()
    place = directory.place(code)
    around = rules.around(place.path, town) or place
    found = [each for each in _changed(around, town, now - SHOWN_FOR, now) if _is_done_since(each, now)]
    told = sorted((each for each in found if each.text), key=lambda each: _nearest(each, place))
    shown = told[:MOST_SHOWN]
    pictures = photos.get_many(photo for each in shown for photo in (*each.before, *each.after))
    return {
        "place": around.code,
        "name": around.full_name or around.name,
        "days": SHOWN_FOR.days,
        "done": small_numbers.shown(len(found)),
        "items": [_thing(each, pictures, town) for each in shown],
        "watchable": [_watched(each) for each in rules.watchable(place.path, town)],
    }


def watched(person: str) -> "list[WatchedPlace]":
    """The places that a resident watches, as long as the town has them."""
    town = directory.town()
    places = (town.find_place(each.place) for each in place_watches.list_of(person))
    return [_watched(place) for place in places if place is not None]


def watch(code: str, *, by: str, channel: str, now: datetime) -> "WatchedPlace":
    """关注: at most one message a day of what the desk published there. Raises NotFound, Invalid."""
    town = directory.town()
    place = town.find_place(code)
    if place is None:
        raise NotFound("没有这个地点，请重新扫码")
    if place not in rules.watchable(place.path, town):
        raise Invalid(NOT_WATCHABLE, fields=["place"])
    known = {each.place for each in place_watches.list_of(by)}
    if code not in known and len(known) >= place_watches.MOST:
        raise Invalid(f"最多关注{place_watches.MOST}个地方，请先取消一个", fields=["place"])
    place_watches.watch(code, by, deliveries.resident_channel_in(channel), now)
    return _watched(place)


def _changed(around: Place, town: Town, since: datetime, until: datetime) -> list[Nearby]:
    """Of every shelf on which something around a place may stand, what lies in it and everybody may read."""
    shelves = rules.shelves_of(around, town)
    entries = (each for shelf in shelves for each in nearby.list_news(shelf, since, until))
    return [each for each in entries if around.code in each.path and rules.is_public(each, town)]


def _is_done_since(entry: Nearby, now: datetime) -> bool:
    return entry.done_at is not None and entry.done_at > now - SHOWN_FOR


def _nearest(entry: Nearby, place: Place) -> tuple[int, float]:
    shared = sum(one == other for one, other in zip(entry.path, place.path, strict=False))
    return -shared, -(entry.done_at or entry.at).timestamp()


def _thing(entry: Nearby, pictures: dict[str, Photo], town: Town) -> "DoneThing":
    when = entry.done_at or entry.at
    return {
        "category": category_name(entry.category, town) if entry.category else "",
        "place": _name_of(entry, town),
        "text": entry.text,
        "done_on": when.astimezone(SHANGHAI).date().isoformat(),
        "confirmed": entry.confirmed,
        "before": _pictures(entry.before, pictures),
        "after": _pictures(entry.after, pictures),
    }


def _name_of(entry: Nearby, town: Town) -> str:
    """Down to the building: nobody needs to know in which stairwell."""
    places = (town.find_place(code) for code in reversed(entry.path))
    return next((each.full_name or each.name for each in places if each is not None), "")


def _pictures(ids: Iterable[str], pictures: dict[str, Photo]) -> "list[ShownPhoto]":
    """With what is covered covered; none that is not known to be a photo."""
    shown = [pictures[each] for each in ids if each in pictures]
    return [
        {"thumb": gateway.address(each.shown_as, thumbnail=True), "url": gateway.address(each.shown_as)}
        for each in shown
        if each.state is PhotoState.READY
    ]


def _watched(place: Place) -> "WatchedPlace":
    return {"place": place.code, "name": place.full_name or place.name}
