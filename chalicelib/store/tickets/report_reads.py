"""What is asked of the work table before a report is taken: all of it in one request."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from chalicelib.domain.town.point import Point
from chalicelib.domain.town.vocabulary import Place
from chalicelib.store import photos
from chalicelib.store.photos import MOST_PHOTOS, Photo
from chalicelib.store.requests import idempotency
from chalicelib.store.requests.idempotency import Replay
from chalicelib.store.table import Item, Key, Table, batch_get
from chalicelib.store.town import directory, points


class Known(NamedTuple):
    """`done`: the ticket that the same report has become already. `point`, `place`: those asked for, where they exist.

    `place` is a point of the town; any other place is in the town's own directory.
    """

    done: str | None
    point: Point | None
    place: Place | None
    photos: Mapping[str, Photo]


def look_up(act: Replay, *, point: str = "", place: str = "", photo_ids: Iterable[str] = ()) -> Known:
    """One consistent read, however much a report names. Raises Invalid when the key was used for something else."""
    wanted = tuple(dict.fromkeys(photo_ids))[
        : MOST_PHOTOS + 1
    ]  # one too many is refused without reading more
    keys = [idempotency.key(act), *map(photos.key, wanted)]
    keys += [points.key(point)] if point else []
    keys += [directory.key(place)] if place else []
    found = {_key(item): item for item in batch_get(Table.WORK, keys, consistent=True)}
    code, spot = found.get(points.key(point)), found.get(directory.key(place))
    known = {id_: photos.load(found[photos.key(id_)]) for id_ in wanted if photos.key(id_) in found}
    return Known(
        done=idempotency.done_to(found.get(idempotency.key(act)), act),
        point=points.load(code) if code else None,
        place=directory.load(spot) if spot else None,
        photos=known,
    )


def _key(item: Item) -> Key:
    return item["PK"], item["SK"]
