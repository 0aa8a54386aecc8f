"""附近 nearby: what neighbours may read of a ticket around its place: the desk's own words, approved photos, and that it is done.

Pure. What a neighbour may not see has no entry at all: a confidential ticket, a practice one, one that nobody placed.
"""

from datetime import timedelta

from chalicelib.domain.model import Frozen, Instant
from chalicelib.domain.tickets.ticket import Outcome, Stage, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.places import PlaceTree
from chalicelib.domain.town.vocabulary import Place, PlaceKind

SHOWN_FOR = timedelta(days=30)
MOST_SHOWN = 30  # matters on one page
MOST_PHOTOS = 3  # of each side; the page is for a phone
# 办结: the matter itself was dealt with. A question answered, a refusal and an explanation are none.
DONE = frozenset({Outcome.SOLVED, Outcome.SETTLED, Outcome.UNREACHED, Outcome.EXEMPT})
_DEPTH = 2  # of the shelf: what lies right below the areas
_AROUND = frozenset({PlaceKind.NEIGHBOURHOOD, PlaceKind.BLOCK})


class Nearby(Frozen):
    """One matter. `at`: when it was published or done, the later of the two. `text`: approved by the desk, "" for none; only then photos.

    `confirmed`: the resident said that it is solved.
    """

    ticket_id: str
    place: str
    path: tuple[str, ...]
    category: str | None
    at: Instant
    done_at: Instant | None = None
    confirmed: bool = False
    text: str = ""
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    @property
    def shelf(self) -> str:
        return shelf_of(self.path)


def nearby_of(ticket: Ticket) -> Nearby | None:
    """None for what neighbours may not see, and where there is nothing to read: neither done nor published."""
    if ticket.confidential or ticket.practice or ticket.where.place is None:
        return None
    is_done = ticket.stage is Stage.CLOSED and ticket.outcome in DONE
    if not (is_done or ticket.public_text):
        return None
    before, after = _approved_photos(ticket)
    done_at = ticket.closed_at if is_done else None
    news = [each for each in (ticket.published_at, done_at) if each is not None]
    return Nearby(
        ticket_id=ticket.id,
        place=ticket.where.place,
        path=ticket.where.path,
        category=ticket.category,
        at=max(news, default=ticket.received_at),
        done_at=done_at,
        confirmed=is_done and ticket.outcome is Outcome.SOLVED,
        text=ticket.public_text,
        before=before,
        after=after,
    )


def approvable_photos(ticket: Ticket) -> tuple[str, ...]:
    """What the desk may show beside its words: the report's photos and those of 办结. Of a sealed reporter only the latter."""
    reported = () if ticket.sealed else ticket.photos
    resolved = ticket.resolution.photos if ticket.resolution else ()
    return tuple(dict.fromkeys(ticket.shown((*reported, *resolved))))


def _approved_photos(ticket: Ticket) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Before and after, as they were approved. Whoever asks to be forgotten takes the own ones along (rule 45)."""
    if not ticket.public_text:
        return (), ()
    approved = [each for each in approvable_photos(ticket) if each in ticket.public_photos]
    after = ticket.resolution.photos if ticket.resolution else ()
    is_forgotten = ticket.erased or ticket.erasure_asked_at is not None or ticket.identity_removed
    before = () if is_forgotten else tuple(each for each in approved if each not in after)
    return before[:MOST_PHOTOS], tuple(each for each in approved if each in after)[:MOST_PHOTOS]


def is_public(entry: Nearby, town: Town) -> bool:
    """Not of a category that the town has made sensitive since."""
    category = town.find_category(entry.category or "")
    return not (category and category.sensitive)


def shelf_of(path: tuple[str, ...]) -> str:
    """On which shelf the entries of a place stand: the place right below the area, or the deepest there is."""
    return path[: _DEPTH + 1][-1]


def shelves_of(place: Place, tree: PlaceTree) -> tuple[str, ...]:
    """Every shelf on which something below `place` may stand."""
    below = [each.path for each in tree.places if place.code in each.path]
    return tuple(dict.fromkeys(shelf_of(path) for path in [place.path, *below]))


def around(path: tuple[str, ...], tree: PlaceTree) -> Place | None:
    """The 居民区 or 街区 that a place lies in; None where it lies in none."""
    places = (tree.find_place(code) for code in reversed(path))
    return next((each for each in places if each is not None and each.kind in _AROUND), None)


def watchable(path: tuple[str, ...], tree: PlaceTree) -> tuple[Place, ...]:
    """What may be watched from a place: its building, and the 居民区 or 街区 around it. Never a single point or a whole area."""
    places = [each for code in path if (each := tree.find_place(code)) is not None]
    return tuple(each for each in places if each.kind in _AROUND or each.kind is PlaceKind.BUILDING)
