"""Keys of the tickets table: everything of a ticket stands in its own partition, and in the index where a list shows it."""

from datetime import date, datetime

from chalicelib.domain.model import stamp
from chalicelib.store.keys.shapes import Key, lists, stands_in

EVENTS = "EVENT#"
MEMBERS = "MEMBER#"
QUEUES = "QUEUE#"
PUBLIC_PK = "OPEN311"
PUBLIC_UPDATES_PK = "OPEN311#UPDATES"
SHARDS = 8  # of the due index: a storm of alarms spreads over this many partitions


def shard_of(name: str) -> int:
    """The shard of the due index that a ticket's alarm, or any other id's retry, belongs to."""
    return sum(name.encode()) % SHARDS


def ticket_pk(ticket_id: str) -> str:
    return f"TICKET#{ticket_id}"


def is_ticket_pk(pk: str) -> bool:
    return pk.startswith("TICKET#")


def ticket_id_of(pk: str) -> str:
    """The ticket in whose partition an item stands; `pk` as it is where that is no ticket's."""
    return pk.removeprefix("TICKET#")


@stands_in("tickets")
def ticket(ticket_id: str) -> Key:
    """The whole ticket as one JSON document, its version beside it."""
    return Key(ticket_pk(ticket_id), "TICKET")


def is_ticket(pk: str, sk: str) -> bool:
    """Whether this is a ticket itself, not what stands beside it."""
    return is_ticket_pk(pk) and (pk, sk) == ticket(ticket_id_of(pk))


def event_sk(version: int) -> str:
    return f"{EVENTS}{version:06d}"


@stands_in("tickets")
def event(ticket_id: str, version: int) -> Key:
    """The line of history of a version, and the outbox: the stream reads it."""
    return Key(ticket_pk(ticket_id), event_sk(version))


@stands_in("tickets")
def line_beside(ticket_id: str, version: int, line: str) -> Key:
    """A comment, a join or a line of a class: beside a version, which stays as it is."""
    return Key(ticket_pk(ticket_id), f"{event_sk(version)}.{line}")


def is_event(sk: str) -> bool:
    """Whether this is a line of history, of a version or beside one."""
    return sk.startswith(EVENTS)


def event_name(sk: str) -> str:
    """What names a line within its ticket: its version, and what follows for one beside it."""
    return sk.removeprefix(EVENTS)


def version_of(sk: str) -> int:
    """The version of a line of history, or beside which it stands."""
    return int(event_name(sk)[:6])


def is_beside(sk: str) -> bool:
    """Whether a line stands beside a version: it changed no state."""
    return "." in sk


@stands_in("tickets")
def member(ticket_id: str, reporter_id: str) -> Key:
    """Someone who joined; the reporter too, who is not listed by it."""
    return Key(ticket_pk(ticket_id), f"{MEMBERS}{reporter_id}")


@stands_in("tickets")
def crowd(ticket_id: str, other_id: str) -> Key:
    """More people on their way between two tickets than one transaction holds: noted before, gone once all have arrived."""
    return Key(ticket_pk(ticket_id), f"CROWD#{other_id}")


CROWDS_PK = "CROWDS"


@lists(crowd)
def crowd_left(at: datetime, ticket_id: str, other_id: str) -> Key:
    """The crowds that are on their way, the longest first."""
    return Key(CROWDS_PK, f"{stamp(at)}#{ticket_id}#{other_id}")


@stands_in("tickets")
def answered(ticket_id: str, reporter_id: str) -> Key:
    """The last round in which someone who joined said whether it is solved."""
    return Key(ticket_pk(ticket_id), f"ANSWERED#{reporter_id}")


@stands_in("tickets")
def own_line(ticket_id: str) -> Key:
    """What the reporter's own list shows of the ticket."""
    return Key(ticket_pk(ticket_id), "MINE")


def reporter_pk(reporter_id: str) -> str:
    return f"REPORTER#{reporter_id}"


@lists(member, own_line)
def of_reporter(reporter_id: str, at: datetime, ticket_id: str) -> Key:
    """The tickets that a resident reported or joined."""
    return Key(reporter_pk(reporter_id), f"{stamp(at)}#{ticket_id}")


@stands_in("tickets")
def queue_entry(ticket_id: str, who: str) -> Key:
    """A ticket in somebody's queue, with what lists show of it."""
    return Key(ticket_pk(ticket_id), queue_pk(who))


def queue_pk(who: str) -> str:
    return f"{QUEUES}{who}"


@lists(queue_entry)
def queued(who: str, due_at: datetime, ticket_id: str) -> Key:
    """A queue, what is due first before the others."""
    return Key(queue_pk(who), f"{stamp(due_at)}#{ticket_id}")


@stands_in("tickets")
def statement_asked(ticket_id: str, confrontation_id: str) -> Key:
    """What was put to somebody whom the ticket is kept from, until they have made a statement; it shows nothing of the ticket."""
    return Key(ticket_pk(ticket_id), f"ASKED#{confrontation_id}")


def asked_of_pk(code: str) -> str:
    return f"ASKED#{code}"


@lists(statement_asked)
def asked_of(code: str, due_at: datetime, confrontation_id: str) -> Key:
    """What waits for a statement of a unit or a member of staff, what is due first before the others."""
    return Key(asked_of_pk(code), f"{stamp(due_at)}#{confrontation_id}")


@stands_in("tickets")
def alarm(ticket_id: str) -> Key:
    """The next alarm of an open ticket; of an ended one the day on which its identities, then its case, are removed."""
    return Key(ticket_pk(ticket_id), "ALARM")


def is_alarm(sk: str) -> bool:
    return sk == "ALARM"


def due_pk(shard: int) -> str:
    return f"DUE#{shard}"


def is_due(pk: str) -> bool:
    """Whether what is listed there waits for its instant."""
    return pk.startswith("DUE#")


def keep_pk(shard: int) -> str:
    return f"KEEP#{shard}"


@lists(alarm)
def alarm_due(shard: int, at: datetime, ticket_id: str) -> Key:
    """The alarms of a shard (0 to 7)."""
    return Key(due_pk(shard), f"{stamp(at)}#{ticket_id}")


@lists(alarm)
def kept_until(shard: int, at: datetime, ticket_id: str) -> Key:
    """What is to be removed, by shard."""
    return Key(keep_pk(shard), f"{stamp(at)}#{ticket_id}")


@stands_in("tickets")
def at_place(ticket_id: str) -> Key:
    """What neighbours may see of a ticket, and by which staff find it at its place."""
    return Key(ticket_pk(ticket_id), "PLACE")


def open_at_pk(place: str) -> str:
    return f"PLACE#{place}"


def past_at_pk(place: str) -> str:
    return f"PAST#{place}"


@lists(at_place)
def open_at(place: str, received_at: datetime, ticket_id: str) -> Key:
    """What is open at a place and may be shown."""
    return Key(open_at_pk(place), f"{stamp(received_at)}#{ticket_id}")


@lists(at_place)
def past_at(place: str, received_at: datetime, ticket_id: str) -> Key:
    """What has ended there, or is never shown."""
    return Key(past_at_pk(place), f"{stamp(received_at)}#{ticket_id}")


@stands_in("tickets")
def public_entry(ticket_id: str) -> Key:
    """What Open311 shows of a ticket that neighbours may see."""
    return Key(ticket_pk(ticket_id), PUBLIC_PK)


@lists(public_entry)
def public(received_at: datetime, ticket_id: str) -> Key:
    """All of them in the order received."""
    return Key(PUBLIC_PK, f"{stamp(received_at)}#{ticket_id}")


@lists(event)
def public_update(at: datetime, ticket_id: str, version: int) -> Key:
    """The lines of history that Open311 shows as updates."""
    return Key(PUBLIC_UPDATES_PK, f"{stamp(at)}#{ticket_id}#{version:06d}")


@lists(line_beside)
def public_comment(at: datetime, ticket_id: str, version: int) -> Key:
    """The same for what staff say to the reporter beside a version."""
    return Key(PUBLIC_UPDATES_PK, f"{stamp(at)}#{ticket_id}#{version:06d}.")


@stands_in("tickets")
def nearby(ticket_id: str) -> Key:
    """What neighbours may read of a ticket: that it is done, and what the desk published."""
    return Key(ticket_pk(ticket_id), "NEARBY")


def nearby_pk(shelf: str) -> str:
    return f"NEARBY#{shelf}"


@lists(nearby)
def nearby_on(shelf: str, at: datetime, ticket_id: str) -> Key:
    """The same by the place right below the area, as it was published or done."""
    return Key(nearby_pk(shelf), f"{stamp(at)}#{ticket_id}")


def is_entry(sk: str) -> bool:
    """Whether this is an entry that goes when a ticket has none of it; that of its place is always written anew."""
    return sk.startswith(QUEUES) or is_alarm(sk) or sk in (own_line("").sk, PUBLIC_PK, nearby("").sk)


@stands_in("tickets")
def number(ticket_number: str) -> Key:
    """The way from a ticket's number to its id."""
    return Key(f"NUMBER#{ticket_number}", "NUMBER")


def is_number_pk(pk: str) -> bool:
    return pk.startswith("NUMBER#")


def number_of(pk: str) -> str:
    return pk.removeprefix("NUMBER#")


def received_pk(day: date) -> str:
    return f"RECEIVED#{day}"


@lists(number)
def received(day: date, at: datetime, ticket_id: str) -> Key:
    """The tickets of a day."""
    return Key(received_pk(day), f"{stamp(at)}#{ticket_id}")


@stands_in("tickets")
def external(partner: str, their_number: str) -> Key:
    """The way from a partner's number to the ticket: each stands for one alone."""
    return Key(f"EXTERNAL#{partner}#{their_number}", "EXTERNAL")
