"""关注 watches: which residents want to hear of a place. An item for each, which stands with the person and is listed by the place.

Who it is leads nowhere but to the own messages; it goes when the person unwatches or is forgotten.
"""

from datetime import datetime

from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.town.vocabulary import ResidentChannel
from chalicelib.store import documents, keys
from chalicelib.store.table import Item, Table, batch_write, delete, put, query_all

MOST = 10  # places of one person


class Watch(Frozen):
    place: str
    person: str
    since: Instant
    reachable: ResidentChannel


def watch(place: str, person: str, reachable: ResidentChannel, now: datetime) -> None:
    """Twice is as once, by the way that was said last."""
    item = Watch(place=place, person=person, since=now, reachable=reachable).model_dump(mode="json")
    key, listed = keys.place_watch(person, place), keys.watched_at(place, person)
    put(Table.WORK, keys.attributes(key, listed) | item)


def unwatch(place: str, person: str) -> None:
    delete(Table.WORK, *keys.place_watch(person, place))


def list_of(person: str) -> list[Watch]:
    """The places of one person."""
    return [_load(item) for item in query_all(Table.WORK, keys.place_watches_pk(person))]


def list_at(place: str) -> list[Watch]:
    """Whoever watches a place."""
    return [_load(item) for item in query_all(Table.WORK, keys.watched_at_pk(place), index="GSI1")]


def forget(person: str) -> None:
    """The person hears of no place any more."""
    found = query_all(Table.WORK, keys.place_watches_pk(person))
    batch_write(Table.WORK, deletes=[(item["PK"], item["SK"]) for item in found])


def _load(item: Item) -> Watch:
    return documents.built(Watch, {name: item[name] for name in Watch.model_fields})
