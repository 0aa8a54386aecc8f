"""Where a report is from: the place scanned or chosen, or what typed words mean, which a person may put right (改地点)."""

from chalicelib.domain.tickets.ticket import Where
from chalicelib.domain.town.places import PlaceTree
from chalicelib.domain.town.vocabulary import Place, PlaceKind

MOST_CANDIDATES = 12  # more are no choice; then the desk looks the place up itself

_SPOTS = frozenset(
    {PlaceKind.POINT, PlaceKind.BUILDING}
)  # the middle of an estate says nothing of where in it


def at_place(place: Place, name: str = "") -> Where:
    """A place of the tree. `name`: what was written for it, already scrubbed."""
    return Where(
        place=place.code,
        path=place.path,
        name=name or place.full_name or place.name,
        inside_wall=place.inside_wall,
        position=place.position if place.kind in _SPOTS else None,
    )


def typed(words: str, tree: PlaceTree, *, within: tuple[str, ...] = (), name: str = "") -> Where:
    """The place that words mean, by the town's names; what is not sure keeps its candidates, for the desk to choose.

    Not known, or several: as far down as the candidates agree, else the whole town. `name`: what the ticket shows for it
    (scrubbed), else the place's own.
    """
    reading = tree.names.read(words, within=within)
    candidates = (
        () if reading.is_sure else tuple(place.code for place in reading.candidates[:MOST_CANDIDATES])
    )
    if reading.place is not None:
        return at_place(reading.place, name).model_copy(update={"candidates": candidates})
    root = next(place for place in tree.places if place.parent is None)
    return Where(path=reading.path or root.path, name=name or root.name, candidates=candidates)
