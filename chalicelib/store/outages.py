"""Known outages 已知故障: banners at a subtree of points.

OUTAGE#<place> OUTAGE holds the banners of one place, an attribute each, so a point's whole path is one batch read and
two banners put up at once do not overwrite each other.
"""

from collections.abc import Iterable
from datetime import datetime

from ulid import ULID

from chalicelib.domain.errors import NotFound
from chalicelib.domain.point import Outage
from chalicelib.store import table
from chalicelib.store.table import Table

_BANNER = "banner_"


def put_outage(place: str, text: str, *, by: str, now: datetime, until: datetime | None = None) -> Outage:
    """Put up a banner for everyone who scans a code under `place`."""
    outage = Outage(id=str(ULID()), place=place, text=text, since=now, until=until, by=by)
    name = f"{_BANNER}{outage.id}"
    table.update(
        Table.WORK, f"OUTAGE#{place}", "OUTAGE", f"SET #{name} = :banner", banner=outage.model_dump_json()
    )
    return outage


def end_outage(place: str, outage_id: str) -> None:
    """Take a banner down. Raises NotFound when it is not up."""
    name = f"{_BANNER}{outage_id}"
    if not outage_id.isalnum():
        raise NotFound("没有这条故障提示，可能已经撤下")
    try:
        table.update(
            Table.WORK, f"OUTAGE#{place}", "OUTAGE", f"REMOVE #{name}", condition=f"attribute_exists(#{name})"
        )
    except table.ConditionFailed as gone:
        raise NotFound("没有这条故障提示，可能已经撤下") from gone


def list_outages(path: Iterable[str], now: datetime) -> list[Outage]:
    """The banners over a place: its own and those of every place above it, newest first."""
    items = table.batch_get(Table.WORK, [(f"OUTAGE#{code}", "OUTAGE") for code in path])
    texts = [value for item in items for name, value in item.items() if name.startswith(_BANNER)]
    outages = [Outage.model_validate_json(text) for text in texts]
    current = [outage for outage in outages if outage.until is None or now < outage.until]
    return sorted(current, key=lambda outage: outage.since, reverse=True)
