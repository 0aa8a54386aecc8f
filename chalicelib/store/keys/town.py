"""Keys of the town in the work table: its directory, points and codes, outages, and what its desks keep for themselves."""

from datetime import date, datetime

from chalicelib.domain.model import stamp
from chalicelib.store.keys.shapes import Key, lists, stands_in

TOWN_CHUNKS = "CHUNK#"
TOWN_POINTS = "POINTS#"
TOWN_TEXT = "TEXT#"
OUTAGES_PK = "OUTAGES"


@stands_in("work")
def town_pointer() -> Key:
    """Which version of the town is in force, with the duty swaps."""
    return Key("TOWN", "POINTER")


@stands_in("work")
def town_claim() -> Key:
    """The import that is writing just now."""
    return Key("TOWN", "CLAIM")


def town_pk(version: str) -> str:
    return f"TOWN#{version}"


@stands_in("work")
def town_chunk(version: str, number: int) -> Key:
    """A part of a version: everything down to buildings."""
    return Key(town_pk(version), f"{TOWN_CHUNKS}{number:03d}")


@stands_in("work")
def town_points(version: str, number: int) -> Key:
    """A part of its points, which are read apart."""
    return Key(town_pk(version), f"{TOWN_POINTS}{number:03d}")


@stands_in("work")
def town_text(version: str, number: int) -> Key:
    """A part of its tables as they were written."""
    return Key(town_pk(version), f"{TOWN_TEXT}{number:03d}")


@stands_in("work")
def place(code: str) -> Key:
    """One point of the town, by its code as a place."""
    return Key(f"PLACE#{code}", "PLACE")


def place_of(pk: str) -> str:
    return pk.removeprefix("PLACE#")


@stands_in("work")
def active_code(place: str) -> Key:
    """The one active point code of a place: the guard that there are never two."""
    return Key(f"PLACE#{place}", "CODE")


@stands_in("work")
def removed_code(place: str) -> Key:
    """The code that went with its place, and comes back with it."""
    return Key(f"PLACE#{place}", "REMOVED")


@stands_in("work")
def point(code: str) -> Key:
    """A printed code, for ever."""
    return Key(f"POINT#{code}", "POINT")


def points_pk(place: str) -> str:
    return f"POINTS#{place}"


@lists(point)
def point_at(place: str, issued_at: datetime, code: str) -> Key:
    """Every code that a place ever had."""
    return Key(points_pk(place), f"{stamp(issued_at)}#{code}")


def scans_pk(code: str) -> str:
    return f"SCANS#{code}"


@stands_in("work")
def scans(code: str, day: date) -> Key:
    """How often a code was scanned on a day."""
    return Key(scans_pk(code), day.isoformat())


@stands_in("work")
def outages(place: str) -> Key:
    """The banners of a place, an attribute each: a point's whole path is one batch read."""
    return Key(f"OUTAGE#{place}", "OUTAGE")


@stands_in("work")
def outage_line(place: str, outage_id: str) -> Key:
    """A banner that is up, among all of the town."""
    return Key(OUTAGES_PK, f"{place}#{outage_id}")


def place_watches_pk(person: str) -> str:
    return f"WATCHES#{person}"


@stands_in("work")
def place_watch(person: str, place: str) -> Key:
    """A place of which a resident wants to hear."""
    return Key(place_watches_pk(person), place)


def watched_at_pk(place: str) -> str:
    return f"WATCHED#{place}"


@lists(place_watch)
def watched_at(place: str, person: str) -> Key:
    """Who wants to hear of a place."""
    return Key(watched_at_pk(place), person)


@stands_in("work")
def preferences(staff: str) -> Key:
    """A person's own settings of the screens."""
    return Key(f"PREFERENCES#{staff}", "PREFERENCES")


@stands_in("work")
def console(station: str) -> Key:
    """When a console of a station's desk was last heard from."""
    return Key(f"CONSOLE#{station}", "CONSOLE")


def ready_answers_pk(station: str) -> str:
    return f"ANSWERS#{station}"


@stands_in("work")
def ready_answer(station: str, answer_id: str) -> Key:
    """What a station's desk says often."""
    return Key(ready_answers_pk(station), answer_id)
