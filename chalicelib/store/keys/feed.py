"""Keys of the feed, of its subscribers and of what sensors saw, in the work table."""

from datetime import datetime

from chalicelib.domain.model import stamp
from chalicelib.store.keys.shapes import Key, lists, shelved, stands_in
from chalicelib.store.keys.tickets import event_sk

WAITING, DEAD = "waiting", "dead"  # where a subscriber stands with a ticket that it has not acknowledged
SUBSCRIBER_STATE = "STATE"


def feed_pk(ticket_id: str) -> str:
    return f"FEED#{ticket_id}"


@stands_in("work")
def feed_event(ticket_id: str, version: int) -> Key:
    """What subscribers are told of a version, 400 days."""
    return Key(feed_pk(ticket_id), event_sk(version))


def feed_month_pk(month: str, shelf: int = 0) -> str:
    return shelved(f"FEED#{month}", shelf)


@lists(feed_event)
def feed_written(month: str, written_at: datetime, event_id: str, shelf: int = 0) -> Key:
    """The feed of a month in the order of writing, by shelf of the ticket; the sort key as it stands is a cursor, fit for
    an address.
    """
    return Key(feed_month_pk(month, shelf), f"{stamp(written_at)}!{event_id}")


def subscriber_pk(subscriber: str) -> str:
    return f"FEEDTO#{subscriber}"


def subscriber_of(pk: str) -> str:
    return pk.removeprefix("FEEDTO#")


@stands_in("work")
def subscriber_state(subscriber: str) -> Key:
    """When a subscriber last acknowledged or fetched anything."""
    return Key(subscriber_pk(subscriber), SUBSCRIBER_STATE)


@stands_in("work")
def standing(subscriber: str, ticket_id: str) -> Key:
    """How far a subscriber has acknowledged a ticket."""
    return Key(subscriber_pk(subscriber), ticket_id)


def standing_pk(subscriber: str, state: str, shelf: int = 0) -> str:
    return shelved(f"FEEDTO#{state}#{subscriber}", shelf)


def is_dead(pk: str) -> bool:
    """Whether what is listed there was given up."""
    return pk.startswith(f"FEEDTO#{DEAD}#")


@lists(standing)
def standing_due(subscriber: str, state: str, retry_at: datetime, ticket_id: str, shelf: int = 0) -> Key:
    """The tickets that a subscriber is still to be told of: waiting, by shelf of the ticket, or dead once given up."""
    return Key(standing_pk(subscriber, state, shelf), f"{stamp(retry_at)}#{ticket_id}")


def sensor_pk(rule: str) -> str:
    return f"SENSOR#{rule}"


def seen_sk(at: datetime, sensor: str = "", observation_id: str = "") -> str:
    """An observation's place in time; without a sensor the instant alone, as a bound."""
    return f"AT#{stamp(at)}#{sensor}#{observation_id}" if sensor else f"AT#{stamp(at)}"


@stands_in("work")
def observation(rule: str, at: datetime, sensor: str, observation_id: str) -> Key:
    """What a sensor saw, by the rule that counts it."""
    return Key(sensor_pk(rule), seen_sk(at, sensor, observation_id))


@stands_in("work")
def last_of_rule(rule: str) -> Key:
    """The newest ticket of a rule."""
    return Key(sensor_pk(rule), "LAST")


def evidence_pk(ticket_id: str) -> str:
    return f"OBSERVED#{ticket_id}"


@stands_in("work")
def evidence(ticket_id: str, at: datetime, sensor: str, observation_id: str) -> Key:
    """What a ticket was made of, 400 days."""
    return Key(evidence_pk(ticket_id), seen_sk(at, sensor, observation_id))
