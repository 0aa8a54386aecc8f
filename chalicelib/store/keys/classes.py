"""Keys of what is alike and of issue classes, in the work table."""

from datetime import datetime

from chalicelib.domain.model import stamp
from chalicelib.store.keys.shapes import Key, lists, stands_in

CLASS_MEMBERS = "MEMBER#"
CLASSES_OPEN = "open#"
CLASSES_PAST = "past#"


@stands_in("work")
def alike(shelf: str, slot: int) -> Key:
    """A report's fingerprint for 40 days, by place (P#), category and neighbourhood (C#), gram and neighbourhood (N#) or gram (W#)."""
    return Key(f"ALIKE#{shelf}", str(slot))


def judged_pk(ticket_id: str) -> str:
    return f"JUDGED#{ticket_id}"


@stands_in("work")
def judged(ticket_id: str, other: str) -> Key:
    """The same matter, or not: what a person said of two tickets."""
    return Key(judged_pk(ticket_id), other)


def cluster_pk(cluster: str) -> str:
    return f"CLUSTER#{cluster}"


@stands_in("work")
def clustered(cluster: str, at: datetime, ticket_id: str) -> Key:
    """A report of a cluster, 40 days; a class proposed of it bears the same id."""
    return Key(cluster_pk(cluster), f"{stamp(at)}#{ticket_id}")


def class_pk(class_id: str) -> str:
    return f"CLASS#{class_id}"


@stands_in("work")
def issue_class(class_id: str) -> Key:
    """An issue class with its version."""
    return Key(class_pk(class_id), "CLASS")


def classes_pk(area: str) -> str:
    return f"CLASSES#{area}"


@lists(issue_class)
def class_ranked(area: str, beginning: str, reporters: int, class_id: str) -> Key:
    """The classes of an area, open# or past#, by their distinct reporters."""
    return Key(classes_pk(area), f"{beginning}{reporters:07d}#{class_id}")


def class_members_of(voice: str) -> str:
    """The beginning of the members that are one reporter's."""
    return f"{CLASS_MEMBERS}{voice}#"


@stands_in("work")
def class_member(class_id: str, voice: str, ticket_id: str) -> Key:
    """A ticket in a class, by whose it is."""
    return Key(class_pk(class_id), f"{class_members_of(voice)}{ticket_id}")


@stands_in("work")
def class_of(ticket_id: str) -> Key:
    """The one class that a ticket is in."""
    return Key(f"CLASSOF#{ticket_id}", "CLASS")


def classed_ticket_of(pk: str) -> str:
    return pk.removeprefix("CLASSOF#")


@stands_in("work")
def measure_told(measure_id: str, voice: str) -> Key:
    """By which ticket a person is told of a measure; a year."""
    return Key(f"MEASURE#{measure_id}", f"TOLD#{voice}")


@stands_in("work")
def measure_line(measure_id: str, ticket_id: str) -> Key:
    """A ticket whose history says that the measure was announced; a year."""
    return Key(f"MEASURE#{measure_id}", f"LINE#{ticket_id}")
