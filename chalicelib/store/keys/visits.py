"""Keys of walks and volunteers in the work table."""

from datetime import date, datetime

from chalicelib.domain.model import stamp
from chalicelib.store.keys.shapes import Key, lists, stands_in

FINDINGS = "FINDING#"


def walk_pk(walk_id: str) -> str:
    return f"WALK#{walk_id}"


@stands_in("work")
def walk(walk_id: str) -> Key:
    """A walk, 400 days."""
    return Key(walk_pk(walk_id), "WALK")


def walks_pk(who: str) -> str:
    return f"WALKS#{who}"


@lists(walk)
def walk_of(who: str, started_at: datetime, walk_id: str) -> Key:
    """A person's walks."""
    return Key(walks_pk(who), f"{stamp(started_at)}#{walk_id}")


@stands_in("work")
def found_in_order(walk_id: str, place: str) -> Key:
    """A place that was in order: once a walk."""
    return Key(walk_pk(walk_id), f"{FINDINGS}in_order#{place}")


@stands_in("work")
def shop_in_order(walk_id: str, shop: str) -> Key:
    """A shop that was in order: once a walk."""
    return Key(walk_pk(walk_id), f"{FINDINGS}in_order_shop#{shop}")


@stands_in("work")
def found_ticket(walk_id: str, ticket_id: str) -> Key:
    """A ticket that was made on a walk."""
    return Key(walk_pk(walk_id), f"{FINDINGS}ticket#{ticket_id}")


SHOPS = "SHOPS"


@stands_in("work")
def shop_said(shop: str, field: str) -> Key:
    """What walks say of a shop: how it was found last (last), and another state (trade) or name (name) than the table's."""
    return Key(SHOPS, f"{said_of(shop)}{field}")


def said_of(shop: str) -> str:
    """The beginning of all that is said of one shop."""
    return f"{shop}#"


def shop_and_field(sk: str) -> tuple[str, str]:
    """Of which shop an item is, and what it says."""
    shop, _, field = sk.rpartition("#")
    return shop, field


def shop_pk(shop: str) -> str:
    return f"SHOP#{shop}"


@stands_in("work")
def shop_found(shop: str, at: datetime, walk_id: str) -> Key:
    """A finding at a shop, 400 days."""
    return Key(shop_pk(shop), f"{stamp(at)}#{walk_id}")


@stands_in("work")
def walking(who: str) -> Key:
    """Nobody is on two walks; what is found is written only while this stands."""
    return Key(f"WALKING#{who}", "WALK")


def visits_pk(plan: str, monday: date) -> str:
    return f"VISITS#{plan}#{monday}"


@stands_in("work")
def visit(plan: str, monday: date, place: str, walk_id: str) -> Key:
    """A place that a walk has seen in a week."""
    return Key(visits_pk(plan, monday), f"{place}#{walk_id}")


@stands_in("work")
def volunteer(volunteer_id: str) -> Key:
    """A volunteer, without name and phone."""
    return Key(f"VOLUNTEER#{volunteer_id}", "VOLUNTEER")


def volunteers_pk(station: str) -> str:
    return f"VOLUNTEERS#{station}"


def volunteers_in(state: str) -> str:
    """The beginning of the volunteers that are in one state."""
    return f"{state}#"


@lists(volunteer)
def volunteer_at(station: str, state: str, since: datetime, volunteer_id: str) -> Key:
    """A station's volunteers by state, those longest in it first."""
    return Key(volunteers_pk(station), f"{volunteers_in(state)}{stamp(since)}#{volunteer_id}")


@stands_in("work")
def volunteer_of(resident: str) -> Key:
    """The one way from a resident to what he or she signed up as."""
    return Key(f"VOLUNTEEROF#{resident}", "VOLUNTEER")
