"""Keys of partners in the work table: who they are, and what was and is to be exchanged with them."""

from datetime import datetime

from chalicelib.domain.model import stamp
from chalicelib.store.keys.shapes import Key, lists, stands_in

PARTNERS_PK = "PARTNERS"
API_KEYS_PK = "APIKEYS"


@stands_in("work")
def partner(name: str) -> Key:
    """A partner's columns and codes."""
    return Key(PARTNERS_PK, name)


def exchanges_pk(home: str) -> str:
    return f"EXCHANGES#{home}"


@stands_in("work")
def exchange(home: str, name: str) -> Key:
    """What was exchanged about one order; home is the hash of partner and number, name <at>-<line of history>."""
    return Key(exchanges_pk(home), name)


def owed_pk(partner: str, state: str) -> str:
    return f"EXCHANGES#{state}#{partner}"


@lists(exchange)
def owed(partner: str, state: str, at: datetime, home: str, name: str) -> Key:
    """What is owed to a partner until it is done: waiting, or to be entered by_hand."""
    return Key(owed_pk(partner, state), exchange_sk(at, home, name))


def exchange_sk(at: datetime, home: str, name: str) -> str:
    return f"{stamp(at)}#{home}#{name}"


def orders_pk(partner: str) -> str:
    return f"ORDERS#{partner}"


@lists(exchange)
def order_came(partner: str, at: datetime, home: str, name: str) -> Key:
    """The exchange by which each order of a partner came in."""
    return Key(orders_pk(partner), exchange_sk(at, home, name))


@stands_in("work")
def api_key(hashed: str) -> Key:
    """A program's key of Open311, by its SHA-256."""
    return Key(f"APIKEY#{hashed}", "APIKEY")


def api_keys_of(name: str) -> str:
    """The beginning of the keys of one client."""
    return f"{name}#"


@lists(api_key)
def api_key_named(name: str, at: datetime) -> Key:
    """All keys in force, by the client's name."""
    return Key(API_KEYS_PK, f"{api_keys_of(name)}{stamp(at)}")
