"""The platforms' access tokens, one item each, so that a fresh process need not ask for its own."""

from datetime import datetime

from chalicelib.domain.model import from_stamp, stamp
from chalicelib.store import keys
from chalicelib.store.table import Table, get
from chalicelib.store.table import put as put_item


def find(platform: str) -> tuple[str, datetime] | None:
    """The token and when it ends; None before the first."""
    item = get(Table.WORK, *keys.platform_token(platform), consistent=True)
    return (item["value"], from_stamp(item["expires_at"])) if item else None


def put(platform: str, value: str, expires_at: datetime) -> None:
    ends = {"expires_at": stamp(expires_at), "expires": int(expires_at.timestamp())}
    put_item(Table.WORK, keys.attributes(keys.platform_token(platform)) | {"value": value} | ends)
