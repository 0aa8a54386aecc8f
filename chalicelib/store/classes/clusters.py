"""Reports that lie together because they are alike, before anybody calls them a class. Kept as long as signatures are."""

from datetime import datetime

from chalicelib.domain.classes.issue_class import Member
from chalicelib.domain.classes.similarity import KEPT
from chalicelib.store import keys
from chalicelib.store.classes.items import load_member
from chalicelib.store.table import Item, Table, delete, put, query

# Looked at to propose a class, and its first members: three operations each, in one transaction
MOST_MEMBERS = 32


def add(cluster: str, member: Member) -> None:
    """A report lies with those it is like. Idempotent."""
    put(Table.WORK, item(cluster, member))


def item(cluster: str, member: Member) -> Item:
    key = keys.clustered(cluster, member.at, member.ticket_id)
    expires = int((member.at + KEPT).timestamp())
    return keys.attributes(key) | {"document": member.model_dump_json(), "expires": expires}


def remove(cluster: str, ticket_id: str, at: datetime) -> None:
    """A report lies with these no longer. Idempotent."""
    delete(Table.WORK, *keys.clustered(cluster, at, ticket_id))


def list_members(cluster: str, since: datetime) -> list[Member]:
    """The latest of a cluster, newest first, `MOST_MEMBERS` at most."""
    items = query(
        Table.WORK, keys.cluster_pk(cluster), newest_first=True, limit=MOST_MEMBERS, consistent=True
    )
    return [member for member in map(load_member, items) if member.at >= since]
