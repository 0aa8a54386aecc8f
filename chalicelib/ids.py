"""Ids that nobody has had before, in the order in which they were made."""


def new_id() -> str:
    """A ULID: 26 letters and digits, of which the first ten say the millisecond.

    The library is imported by the first: it looks through what is installed to say its own version, and a start makes no id.
    """
    from ulid import ULID

    return str(ULID())
