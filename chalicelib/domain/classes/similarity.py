"""Repeats 重复反映: under which keys a report is looked for, and what makes two reports look like one matter. Pure (rule 66)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from math import cos, floor, radians

from pydantic import ConfigDict

from chalicelib.domain.classes.fingerprints import (
    HEAD_BINS,
    NEAR_GRAM,
    WIDE_GRAM,
    anchors,
    head,
    likeness,
    sketch,
)
from chalicelib.domain.classes.topics import topics_of
from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.open311.nearest import metres
from chalicelib.domain.tickets.ticket import Where
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import PlaceKind, Position

KEPT = timedelta(days=40)  # nine repeats in ten come within 39 days
# Shares of common bigrams that answer to cosines of 0.45 and 0.25 (docs/measures-classes.md).
ALIKE = 0.30  # wherever
ALIKE_NEAR = 0.16  # with a shared place: enough to be shown to a person
JOINED_NEAR = 0.20  # the same, for the machine to lay them together: below it two of seven are several troubles of one estate
LINKS = 2  # to so many of a class a report that is not much alike to any has to be joined
# How many grams of the head, and of the whole text, a report is looked for by.
_NEAR_ANCHORS = (4, 2)
_WIDE_ANCHORS = (2, 1)
_ANCHORS_ANYWHERE = (6, 3)  # of a report whose place is only typed
MOST_SHELVES = sum(_ANCHORS_ANYWHERE) + 3
BESIDE = 60  # metres: of reports of potholes within 60 m of each other 84 in a hundred were one (docs/decisions/0138)
_CELL = 0.002  # degrees of the squares in which what lies so near is looked for: some 200 metres
_DEGREE = 111_320  # metres of a degree of latitude
_HERE = frozenset({PlaceKind.POINT, PlaceKind.BUILDING})
_NEAR = frozenset({PlaceKind.GRID, PlaceKind.NEIGHBOURHOOD, PlaceKind.BLOCK})


class Shared(StrEnum):
    """How much of the place two reports have in common."""

    HERE = "here"  # one point or building
    BESIDE = "beside"  # within `BESIDE` metres, by their coordinates, one of them in the open: both sides of a wall
    NEAR = "near"  # one neighbourhood or street
    NO = "no"


_SAID = {Shared.HERE: "同一地点", Shared.BESIDE: f"相距不到{BESIDE}米", Shared.NEAR: "同一小区或街区"}


class Look(Frozen):
    """What is kept of a report to know it again: nothing that can be read. `cluster`: the reports it came to lie with."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    ticket_id: str
    sketch: bytes
    head: bytes = b""  # the sketch of its first characters
    path: tuple[str, ...]
    scope: str = ""
    category: str = ""
    topics: tuple[str, ...] = ()  # codes of topics.csv that its words speak of
    personal: bool = False  # a matter of its writer alone; asked of a new report, not kept
    at: Instant
    cluster: str = ""
    position: Position | None = None
    squares: tuple[
        str, ...
    ] = ()  # on the map, its own first and those within reach; asked of a new report, not kept


class Likeness(Frozen):
    """Why two reports may be one matter; `text` from 0 to 1, of the whole or of the beginnings, whichever is more alike."""

    text: float
    shared: Shared
    same_category: bool
    topics: int = 0  # that both speak of
    apart: bool = False  # both speak of topics, and share none

    @property
    def is_repeat(self) -> bool:
        """A candidate for a person: alike in words; or somewhat alike at a shared place; or of one category at the very same point or building or a few steps from it; or of one topic at the very same."""
        is_one_place = self.shared is Shared.HERE
        is_one_kind = self.same_category and (is_one_place or self.shared is Shared.BESIDE)
        return self.by_words or is_one_kind or (is_one_place and self.topics > 0)

    @property
    def by_words(self) -> bool:
        return self.text >= ALIKE or (self.shared is not Shared.NO and self.text >= ALIKE_NEAR)

    @property
    def is_joined(self) -> bool:
        """Whether the machine may lay them together: alike in words, and of no other topic unless they are much alike."""
        least = ALIKE_NEAR if self.shared is Shared.HERE else JOINED_NEAR
        return self.by_words and (self.text >= ALIKE or (self.text >= least and not self.apart))

    @property
    def weight(self) -> float:
        """For the order: a shared place is worth as much as the text that it saves."""
        saved = ALIKE - ALIKE_NEAR
        near = {Shared.HERE: 2 * saved, Shared.BESIDE: 1.5 * saved, Shared.NEAR: saved, Shared.NO: 0.0}
        return self.text + near[self.shared] + 0.05 * self.same_category + 0.1 * min(self.topics, 3)

    @property
    def reason(self) -> str:
        """同一楼栋，同一类别，内容相近（46%）"""
        places = {**_SAID, Shared.NO: ""}
        topic = "说的是同一类事" if self.topics else ""
        text = f"内容相近（{self.text:.0%}）" if self.text >= ALIKE_NEAR else ""
        return "，".join(
            filter(None, (places[self.shared], "类别相同" if self.same_category else "", topic, text))
        )


def words(where: Where, text: str) -> str:
    """What is compared: the report, with the place where it was only typed."""
    return text if where.place else f"{where.name} {text}"


def spot_of(path: tuple[str, ...], town: Town) -> str:
    """The building around a place, or the point itself in the open; "" where it is no spot but an area."""
    building = next((code for code in reversed(path) if _kind(code, town) is PlaceKind.BUILDING), "")
    return building or (path[-1] if path and _kind(path[-1], town) is PlaceKind.POINT else "")


def scope_of(path: tuple[str, ...], town: Town) -> str:
    """The neighbourhood or street of a place, within which a shared place counts; "" where there is none."""
    return next((code for code in reversed(path) if _kind(code, town) in _SCOPES), "")


def look(
    ticket_id: str,
    path: tuple[str, ...],
    category: str | None,
    text: str,
    town: Town,
    at: Instant,
    position: Position | None = None,
) -> Look:
    """`text` as `words` answers it; `position` of the point that was scanned, where the town's files give it one."""
    position = position or _position_of(path, town)
    spoken = topics_of(text, (each.name for code in path if (each := town.find_place(code))), town)
    return Look(
        ticket_id=ticket_id,
        sketch=sketch(text),
        head=sketch(head(text), HEAD_BINS),
        path=path,
        scope=scope_of(path, town),
        category=category or "",
        topics=spoken.topics,
        personal=spoken.personal,
        at=at,
        position=position,
        squares=_squares(position),
    )


def shelves(asked: Look, text: str) -> list[str]:
    """The keys under which a report is looked for: point, category in its neighbourhood and its square, text in bands; 12 at most."""
    if not asked.scope:
        return [f"W#{gram}" for gram in _bands(text, WIDE_GRAM, _ANCHORS_ANYWHERE)]
    near = [f"N#{asked.scope}#{gram}" for gram in _bands(text, NEAR_GRAM, _NEAR_ANCHORS)]
    wide = [f"W#{gram}" for gram in _bands(text, WIDE_GRAM, _WIDE_ANCHORS)]
    return [f"P#{asked.path[-1]}", *category_shelf(asked), *_square_shelves(asked)[:1], *near, *wide]


def written(asked: Look, text: str) -> list[str]:
    """The keys under which a report stands: those it is looked for by, and its category in each square within reach; 15 at most."""
    return [*shelves(asked, text), *within_reach(asked)]


def within_reach(asked: Look) -> list[str]:
    """The keys under which a report stands and is not looked for: its category in the other squares within reach."""
    return _square_shelves(asked)[1:]


def open_shelves(asked: Look) -> list[str]:
    """The keys that say no more than everybody may know: the point, and the category in its neighbourhood and square."""
    return [f"P#{asked.path[-1]}", *category_shelf(asked), *_square_shelves(asked)[:1]] if asked.path else []


def is_open_match(asked: Look, other: Look, public_text: str, of: Likeness) -> bool:
    """Whether a resident may be shown it: by its category, or by the words that the desk approved; by no others.

    Where neither has a category yet, what lies at the very spot is shown, as its page does.
    """
    if of.shared is Shared.NO:
        return False
    approved = bool(public_text) and likeness(asked.sketch, sketch(public_text)) >= ALIKE_NEAR
    is_unknown = of.shared is Shared.HERE and not asked.category and not other.category
    return of.same_category or approved or is_unknown


def open_reason(of: Likeness) -> str:
    """同一地点，类别相同: nothing of how alike the words are."""
    near = _SAID.get(of.shared, _SAID[Shared.NEAR])
    return f"{near}，类别相同" if of.same_category else near


def _bands(text: str, size: int, most: tuple[int, int]) -> list[str]:
    of_head, of_all = (anchors(part, size, n) for part, n in zip((head(text), text), most, strict=True))
    return list(dict.fromkeys((*of_head, *of_all)))


def category_shelves(asked: Look) -> list[str]:
    """The keys that change when a person gives a report another category."""
    return [*category_shelf(asked), *_square_shelves(asked)]


def _square_shelves(asked: Look) -> list[str]:
    return [f"G#{square}#{asked.category}" for square in asked.squares] if asked.category else []


def category_shelf(asked: Look) -> list[str]:
    """The one key within its neighbourhood that changes when a person gives a report another category; none without category or neighbourhood."""
    return [f"C#{asked.scope}#{asked.category}"] if asked.scope and asked.category else []


def compare(asked: Look, other: Look, town: Town) -> Likeness:
    common = set(asked.topics) & set(other.topics)
    by_tree = shared(asked.path, other.path, town)
    is_beside = by_tree is not Shared.HERE and _are_beside(asked, other, town)
    return Likeness(
        text=max(likeness(asked.sketch, other.sketch), likeness(asked.head, other.head)),
        shared=Shared.BESIDE if is_beside else by_tree,
        same_category=bool(asked.category) and asked.category == other.category,
        topics=len(common),
        apart=bool(asked.topics and other.topics) and not common,
    )


def held_together(ids: Iterable[str], looks: Mapping[str, Look], town: Town) -> frozenset[str]:
    """Of these reports, those that are much alike to one of the others, or somewhat to two: one weak link is a chain.

    Of whom nothing is known any more (no look), nothing is held against them.
    """
    given = list(ids)
    known = [looks[each] for each in given if each in looks]
    return frozenset(each for each in given if each not in looks or _is_held(looks[each], known, town))


def _is_held(one: Look, known: Sequence[Look], town: Town) -> bool:
    links = [compare(one, other, town) for other in known if other.ticket_id != one.ticket_id]
    return any(link.text >= ALIKE for link in links) or sum(link.is_joined for link in links) >= LINKS


def shared(one: tuple[str, ...], other: tuple[str, ...], town: Town) -> Shared:
    """How close two places lie, by the smallest place that holds both. Points are not in the town itself."""
    common = set(other)
    for code in reversed(one):
        if code in common:
            kind = _kind(code, town)
            return Shared.HERE if kind in _HERE else Shared.NEAR if kind in _NEAR else Shared.NO
    return Shared.NO


def _are_beside(one: Look, other: Look, town: Town) -> bool:
    """Within `BESIDE` metres, that distance itself among them. Two buildings never are: a lamp in each is two lamps."""
    if one.position is None or other.position is None:
        return False
    if metres(one.position, other.position) > BESIDE:
        return False  # as most are: asked before the town is
    return not (_is_in_building(one.path, town) and _is_in_building(other.path, town))


def _is_in_building(path: tuple[str, ...], town: Town) -> bool:
    return any(_kind(code, town) is PlaceKind.BUILDING for code in path)


def _position_of(path: tuple[str, ...], town: Town) -> Position | None:
    """Of the building; the middle of an estate says nothing of where in it."""
    places = (town.find_place(code) for code in reversed(path))
    return next((each.position for each in places if each and each.kind in _HERE), None)


def _squares(at: Position | None) -> tuple[str, ...]:
    """The square of the map in which a place lies, and those that hold anything within `BESIDE` metres of it; four at most."""
    if at is None:
        return ()
    lat, lon = at
    north, east = BESIDE / _DEGREE, BESIDE / (_DEGREE * cos(radians(lat)))
    reached = ((lat + up * north, lon + right * east) for up in (0, -1, 1) for right in (0, -1, 1))
    return tuple(dict.fromkeys(f"{floor(y / _CELL)}:{floor(x / _CELL)}" for y, x in reached))


_SCOPES = frozenset({PlaceKind.NEIGHBOURHOOD, PlaceKind.BLOCK})


def _kind(code: str, town: Town) -> PlaceKind:
    place = town.find_place(code)
    return place.kind if place else PlaceKind.POINT
