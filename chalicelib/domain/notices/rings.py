"""One ring for one danger: of the same place and kind within ten minutes the others are told together, with a count."""

import unicodedata
from datetime import datetime, timedelta

from chalicelib.domain.model import Frozen
from chalicelib.domain.notices.deliveries import Digest
from chalicelib.domain.tickets.dangers import name_of, old_order_of
from chalicelib.domain.tickets.ticket import Notice, Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Place, PlaceKind

ONE_RING = timedelta(minutes=10)  # from the first on; what comes just then rings anew
_RINGS = frozenset({"danger_asked", "urgent_alert"})  # those that say of a place that somebody is in danger
_SMALL = frozenset({PlaceKind.NEIGHBOURHOOD, PlaceKind.BLOCK, PlaceKind.GRID})


class Ring(Frozen):
    """What a person was rung about, so that the same is not rung again."""

    key: str
    params: dict[str, str]

    def together(self, since: datetime) -> Digest:
        """The one message of all that followed the ring of that instant."""
        return Digest(
            key=self.key, until=since + ONE_RING, at_once=1, template="more_rings", params=self.params
        )


def ring_of(notice: Notice, ticket: Ticket, town: Town) -> Ring | None:
    """Which ring a notice is part of; None for one that rings for itself.

    The place is the building, by whichever of its codes it was reported; a place that the town does not know is the same where
    it was typed alike. Orders that came in hours late are one ring, whatever they say.
    """
    if notice.template not in _RINGS or not notice.urgent or ticket.danger is None:
        return None
    is_old = old_order_of(ticket.external_ids, ticket.received_at) is not None
    what = f"orders:{ticket.station_id}" if is_old else place_and_kind(ticket, town)
    if not what:
        return None
    apart, marked = ("practice:", {"practice": "1"}) if ticket.practice else ("", {})
    params = {
        "place": "两小时前的旧工单" if is_old else ticket.where.name,
        "note": name_of(ticket.danger),
    }
    return Ring(key=f"{apart}ring:{what}", params=params | marked)


def place_and_kind(ticket: Ticket, town: Town) -> str:
    """What two dangers have in common that are one ring; empty where nobody knows the place, or no danger was heard."""
    place = _building(ticket, town)
    if ticket.danger is None or not place:
        return ""
    return f"{place}:{ticket.danger.kinds[0].value if ticket.danger.kinds else ''}"


def _building(ticket: Ticket, town: Town) -> str:
    """The building that a ticket lies in, else its own place, else the words that were typed for it; empty where those say nothing."""
    places = [place for code in reversed(ticket.where.path) if (place := town.find_place(code))]
    building = next((p.code for p in places if p.kind is PlaceKind.BUILDING), "")
    return building or ticket.where.place or _typed(ticket, places)


def _typed(ticket: Ticket, places: list[Place]) -> str:
    """The words themselves, in an estate that the town knows: 小区北门、凉亭 is 小区北门凉亭; 楼下 of nobody knows where is none."""
    words, deepest = _plain(ticket.where.name), places[0] if places else None
    is_known = deepest is not None and deepest.kind in _SMALL
    said_more = words and words not in {_plain(place.name) for place in places}
    return f"{deepest.code}:{words}" if deepest and is_known and said_more else ""


def _plain(words: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", words).lower() if c.isalnum())
