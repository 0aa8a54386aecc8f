"""From a position on the map to a place of the town's tree: a client of Open311 knows no codes."""

from math import asin, cos, radians, sin, sqrt

from chalicelib.domain.errors import BadRequest
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Place, PlaceKind

EARTH = 6_371_000  # metres
# How far from its own coordinates a place still is that place, in metres; the finest kind within reach wins.
REACH = {
    PlaceKind.BUILDING: 40,
    PlaceKind.GRID: 150,
    PlaceKind.BLOCK: 150,
    PlaceKind.NEIGHBOURHOOD: 300,
    PlaceKind.AREA: 1500,
    PlaceKind.TOWN: 4000,
}


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Between two (latitude, longitude) in degrees, along the ground."""
    (lat, lon), (lat2, lon2) = (tuple(map(radians, each)) for each in (one, other))
    chord = sin((lat2 - lat) / 2) ** 2 + cos(lat) * cos(lat2) * sin((lon2 - lon) / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(chord)))


def nearest(town: Town, lat: float, lon: float) -> Place:
    """The place of the tree at this position (WGS84 degrees). Raises BadRequest outside the town."""
    distances = [
        (place, metres((lat, lon), place.position)) for place in town.places if place.position is not None
    ]
    for kind, reach in REACH.items():
        within = [(far, place.code, place) for place, far in distances if place.kind is kind and far <= reach]
        if within:
            return min(within)[2]
    raise BadRequest("这个位置不在本镇范围内，请核对经纬度（WGS84）")


def position(town: Town, path: tuple[str, ...]) -> tuple[float, float] | None:
    """(latitude, longitude) of the finest place of a path that has any: never finer than the tree itself."""
    places = map(town.find_place, reversed(path))
    return next((place.position for place in places if place and place.position), None)
