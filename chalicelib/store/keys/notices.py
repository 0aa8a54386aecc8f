"""Keys of messages in the work table: everything for one recipient stands in one partition, inbox and outward apart."""

from datetime import datetime

from chalicelib.domain.model import stamp
from chalicelib.store.keys.shapes import Key, lists, stands_in
from chalicelib.store.keys.tickets import due_pk

INBOX = "inbox#"
OUTWARD = "out#"
DEAD_LETTERS_PK = "DEADLETTERS"


def recipient_pk(recipient: str) -> str:
    return f"TO#{recipient}"


def is_recipient_pk(pk: str) -> bool:
    return pk.startswith("TO#")


def recipient_of(pk: str) -> str:
    return pk.removeprefix("TO#")


@stands_in("work")
def inbox_line(recipient: str, at: datetime, event_key: str, number: int) -> Key:
    """A notice in an inbox: delivered by being written."""
    return Key(recipient_pk(recipient), f"{INBOX}{stamp(at)}#{event_key}#{number}")


@stands_in("work")
def inbox_read(recipient: str) -> Key:
    """How far an inbox was read: sorts after every instant, so it is the first item of a newest-first page."""
    return Key(recipient_pk(recipient), f"{INBOX}~")


@stands_in("work")
def delivery(recipient: str, at: datetime, event_key: str) -> Key:
    """One outward message for each event and recipient, whatever the channel."""
    return Key(recipient_pk(recipient), f"{OUTWARD}{stamp(at)}#{event_key}")


def is_outward(sk: str) -> bool:
    return sk.startswith(OUTWARD)


def is_inbox_line(sk: str) -> bool:
    """Whether this is a notice, not how far they were read."""
    return sk.startswith(INBOX) and sk != f"{INBOX}~"


def delivery_due_sk(at: datetime, delivery_sk: str) -> str:
    return f"{stamp(at)}#{delivery_sk}"


@lists(delivery)
def delivery_due(shard: int, at: datetime, delivery_sk: str) -> Key:
    """What is still to be sent, by shard (0 to 7)."""
    return Key(due_pk(shard), delivery_due_sk(at, delivery_sk))


def calls_pk(station: str) -> str:
    return f"CALLS#{station}"


@lists(delivery)
def to_call(station: str, at: datetime, delivery_sk: str) -> Key:
    """Whom a station's desk is to tell by phone."""
    return Key(calls_pk(station), delivery_due_sk(at, delivery_sk))


def sent_pk(sent_as: str) -> str:
    return f"SENT#{sent_as}"


@lists(delivery)
def sent(sent_as: str, delivery_sk: str) -> Key:
    """What was sent, by <platform>:<its number>."""
    return Key(sent_pk(sent_as), delivery_sk)


@stands_in("work")
def first_of_digest(recipient: str, until: datetime, digest: str) -> Key:
    """Which events of a digest or storm went alone."""
    return Key(recipient_pk(recipient), f"first#{stamp(until)}#{digest}")


@stands_in("work")
def rung(recipient: str, ring: str) -> Key:
    """Which event a person was last rung by about a danger at a place."""
    return Key(recipient_pk(recipient), f"rung#{ring}")


@stands_in("work")
def dead_letter(letter_id: str) -> Key:
    """A line of history whose consequences could not be drawn."""
    return Key(DEAD_LETTERS_PK, letter_id)


@stands_in("work")
def dead_letter_done(letter_id: str) -> Key:
    """One that was run again."""
    return Key("DEADLETTERS#DONE", letter_id)


@stands_in("work")
def attempts(letter_id: str) -> Key:
    """How often a stream record has failed."""
    return Key(f"ATTEMPTS#{letter_id}", "ATTEMPTS")


@stands_in("work")
def platform_token(platform: str) -> Key:
    """A platform's access token and its end."""
    return Key(f"PLATFORM#{platform}", "TOKEN")


@stands_in("work")
def mark(who: str) -> Key:
    """New whenever a queue of <who> has changed; inbox:<staff code> for an inbox, heads:<unit> for what its heads alone list."""
    return Key(f"MARK#{who}", "MARK")


def marked_who(pk: str) -> str:
    return pk.removeprefix("MARK#")
