"""Ids: those that nobody has had before, in the order in which they were made, and those that follow from what they name."""

from hashlib import sha256


def new_id() -> str:
    """A ULID: 26 letters and digits, of which the first ten say the millisecond.

    The library is imported by the first: it looks through what is installed to say its own version, and a start makes no id.
    """
    from ulid import ULID

    return str(ULID())


def id_for(named: str) -> str:
    """The one id of what is `named` so: 26 letters and digits, as of a ULID. Made again, also after a fall, it is the same."""
    return sha256(named.encode()).hexdigest()[:26].upper()
