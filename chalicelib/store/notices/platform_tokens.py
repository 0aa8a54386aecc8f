"""The platforms' access tokens, one item each, so that a fresh process need not ask for its own."""

from datetime import datetime

from chalicelib.domain.model import from_stamp, stamp
from chalicelib.store.table import Table, get
from chalicelib.store.table import put as put_item


def find(platform: str) -> tuple[str, datetime] | None:
    """The token and when it ends; None before the first."""
    item = get(Table.WORK, f"PLATFORM#{platform}", "TOKEN", consistent=True)
    return (item["value"], from_stamp(item["expires_at"])) if item else None


def put(platform: str, value: str, expires_at: datetime) -> None:
    item = {"PK": f"PLATFORM#{platform}", "SK": "TOKEN", "value": value, "expires_at": stamp(expires_at)}
    put_item(Table.WORK, item | {"expires": int(expires_at.timestamp())})
