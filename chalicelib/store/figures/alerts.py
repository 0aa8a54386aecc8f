"""Alerts in the work table: each stands once, by what it is about and its first day; and which of them go on.

Who claims an alert writes it together with its claim; who dies before telling leaves it untold, and the next run tells it.
"""

from datetime import date, datetime, time, timedelta

from chalicelib.domain.figures.alerts import Alert, Kind, Running, Spot, Thresholds
from chalicelib.domain.model import SHANGHAI
from chalicelib.store import documents, keys
from chalicelib.store.table import (
    ConditionFailed,
    Item,
    Table,
    get,
    put,
    put_op,
    query,
    query_all,
    transact,
    update,
)

KEPT_FOR = timedelta(days=366)


def thresholds() -> Thresholds:
    """The town's own; the usual ones while it has set none."""
    item = get(Table.WORK, *keys.thresholds())
    return documents.read(Thresholds, item["document"]) if item else Thresholds()


def set_thresholds(given: Thresholds) -> None:
    put(Table.WORK, keys.attributes(keys.thresholds()) | {"document": given.model_dump_json()})


def list_running(area: str) -> dict[Spot, dict[Kind, Running]]:
    """What goes on in an area, by what it is about. What is over may still be among it."""
    found: dict[Spot, dict[Kind, Running]] = {}
    for item in query_all(Table.WORK, keys.alerts_pk(area), begins=keys.ALERTS_RUNNING, consistent=True):
        running = documents.built(Running, {name: item[name] for name in Running.model_fields})
        found.setdefault((item["place"], item["category"]), {})[running.kind] = running
    return found


def add(alert: Alert, before: Running | None) -> bool:
    """Write a new alert as running and untold. False when somebody else did since `before` was read."""
    kind, day = alert.found.kind, alert.day
    running = Running(kind=kind, first=day, last=day).model_dump(mode="json")
    about = {"place": alert.place, "category": alert.category, "expires": _epoch(day)}
    item = keys.attributes(_running(alert.area, kind, alert.spot)) | about | running
    if before is None:
        claim = put_op(Table.WORK, item, if_absent=True)
    else:
        claim = put_op(Table.WORK, item, condition="#last = :seen", seen=f"{before.last}")
    document = alert.model_dump_json()
    line = keys.attributes(keys.alert(alert.area, alert.id)) | {"document": document, "expires": _epoch(day)}
    try:
        transact([claim, put_op(Table.WORK, line)])
    except ConditionFailed:
        return False
    return True


def go_on(area: str, spot: Spot, kind: Kind, day: date) -> None:
    """Still surprising on this day. Never moves back."""
    key = _running(area, kind, spot)
    try:
        update(Table.WORK, *key, "SET #last = :day", condition="#last < :day", day=f"{day}")
    except ConditionFailed:
        return


def mark_told(alert: Alert) -> None:
    key = _running(alert.area, alert.found.kind, alert.spot)
    update(Table.WORK, *key, "SET #is_told = :yes", yes=True)


def find(area: str, alert_id: str) -> Alert | None:
    item = get(Table.WORK, *keys.alert(area, alert_id))
    return _load(item) if item else None


def list_alerts(
    area: str, *, since: date | None = None, after: str | None = None, limit: int = 50
) -> tuple[list[Alert], str | None]:
    """A page of an area's alerts, the newest first. One query."""
    low = keys.alert(area, f"{since - timedelta(days=1)}~~").sk if since else ""
    page = query(
        Table.WORK,
        keys.alerts_pk(area),
        begins=keys.ALERTS,
        after_sk=low,
        newest_first=True,
        after=after,
        limit=limit,
    )
    return [_load(item) for item in page], page.next


def _running(area: str, kind: Kind, spot: Spot) -> keys.Key:
    place, category = spot
    return keys.alert_running(area, kind.value, place, category)


def _load(item: Item) -> Alert:
    return documents.read(Alert, item["document"])


def _epoch(day: date) -> int:
    return int((datetime.combine(day, time(0), SHANGHAI) + KEPT_FOR).timestamp())
