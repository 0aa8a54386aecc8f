"""Known outages 已知故障: banners at a subtree of points.

The banners of one place are attributes of one item, so a point's whole path is one batch read and two banners put up at
once do not overwrite each other. The town's list has a line for each, written before the banner and deleted after it:
nothing is up that no desk can find.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from chalicelib.domain.errors import NotFound
from chalicelib.domain.town.point import Outage
from chalicelib.store import documents, keys, table
from chalicelib.store.table import Table

_BANNER = "banner_"
_GONE = "没有这条故障提示，可能已经撤下"
_LINE_KEPT = timedelta(days=1)  # after its end; what is listed is judged by the clock


def put_outage(
    place: str, text: str, *, by: str, now: datetime, until: datetime | None = None, known_as: str
) -> Outage:
    """Put up a banner for everyone who scans a code under `place`; those whose time is over go from its item.

    `known_as`: letters and digits by which it is known: put up again under the same, it is worded anew.
    """
    outage = Outage(id=known_as, place=place, text=text, since=now, until=until, by=by)
    expires = {"expires": int((until + _LINE_KEPT).timestamp())} if until else {}
    line = keys.attributes(keys.outage_line(place, outage.id)) | {"document": outage.model_dump_json()}
    table.put(Table.WORK, line | expires)
    name = f"{_BANNER}{outage.id}"
    passed = [f"#{other}" for other in _passed(place, now) if other != name]
    removed = f" REMOVE {', '.join(passed)}" if passed else ""
    banner = outage.model_dump_json()
    table.update(Table.WORK, *keys.outages(place), f"SET #{name} = :banner{removed}", banner=banner)
    return outage


def _passed(place: str, now: datetime) -> list[str]:
    item = table.get(Table.WORK, *keys.outages(place)) or {}
    up = {name: documents.read(Outage, text) for name, text in item.items() if name.startswith(_BANNER)}
    return [name for name, outage in up.items() if outage.until is not None and outage.until <= now]


def get_outage(place: str, outage_id: str) -> Outage:
    """Raises NotFound when it is not up."""
    line = table.get(Table.WORK, *keys.outage_line(place, outage_id), consistent=True)
    if line is None:
        raise NotFound(_GONE)
    return documents.read(Outage, line["document"])


def end_outage(place: str, outage_id: str) -> None:
    """Take a banner down. Raises NotFound when it is not up."""
    if not outage_id.isalnum():
        raise NotFound(_GONE)
    is_listed = table.get(Table.WORK, *keys.outage_line(place, outage_id)) is not None
    was_up = _take_down(place, outage_id)
    table.delete(Table.WORK, *keys.outage_line(place, outage_id))
    if not (was_up or is_listed):
        raise NotFound(_GONE)


def _take_down(place: str, outage_id: str) -> bool:
    name = f"{_BANNER}{outage_id}"
    try:
        exists = f"attribute_exists(#{name})"
        table.update(Table.WORK, *keys.outages(place), f"REMOVE #{name}", condition=exists)
    except table.ConditionFailed:
        return False
    return True


def list_all(now: datetime) -> list[Outage]:
    """Every banner that is up in the town, newest first."""
    lines = table.query_all(Table.WORK, keys.OUTAGES_PK)
    return _current((line["document"] for line in lines), now)


def list_outages(path: Iterable[str], now: datetime) -> list[Outage]:
    """The banners over a place: its own and those of every place above it, newest first."""
    items = table.batch_get(Table.WORK, map(keys.outages, path))
    texts = [value for item in items for name, value in item.items() if name.startswith(_BANNER)]
    return _current(texts, now)


def _current(texts: Iterable[str], now: datetime) -> list[Outage]:
    outages = [documents.read(Outage, text) for text in texts]
    current = [outage for outage in outages if outage.until is None or now < outage.until]
    return sorted(current, key=lambda outage: outage.since, reverse=True)
