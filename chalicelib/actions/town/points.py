"""What a code opens: the point's page, its labels, and a new code for a torn one."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from chalicelib.domain.acts.moves import named
from chalicelib.domain.errors import NotFound
from chalicelib.domain.model import from_stamp
from chalicelib.domain.tickets.ticket import STAGE_NAMES, Stage
from chalicelib.domain.town import emergency
from chalicelib.domain.town.codes import is_mistyped, normalise
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.point import Outage, Point, PointState
from chalicelib.domain.town.vocabulary import Place
from chalicelib.domain.views import danger
from chalicelib.domain.views.standing import to_neighbours
from chalicelib.domain.views.ticket_view import iso, plain
from chalicelib.gateways import deployment, public
from chalicelib.store.tickets import lists
from chalicelib.store.town import directory, outages, points
from chalicelib.web.labels import Label, layout, sheets_html

if TYPE_CHECKING:
    from chalicelib.actions.town.schemas import (
        ListedPoint,
        NewCode,
        OpenMatter,
        OutageOnPage,
        PointHistory,
        PointPage,
        PointPlace,
    )

    Matter = TypeVar("Matter", bound=OpenMatter)

MOST_LABELS = 240  # in one answer, which a Lambda limits to 6 MB
MOST_LISTED = 100
SCANS_SHOWN = timedelta(days=90)
_LATEST_CODES = 10  # a place whose code was torn this often still opens by the first
_MESSAGES = {
    "replaced": "这张旧码已换新，仍然可以使用",
    "retired": "这个码已停用，请直接填写地点",
    "mistyped": "编码好像输错了，请核对标签上的 7 位编号，或直接填写地点",
    "unknown": "没有找到这个码，请核对标签上的编号，或直接填写地点",
}


def show(typed: str, now: datetime) -> "PointPage":
    """Everything the page of a code shows, also for a code that opens no place: then the place is typed in.

    Of open matters only category, stage, date and the text the desk approved (design §7).
    """
    code = normalise(typed)
    point, state = _look_up(code)
    place = point if point is not None and state != PointState.RETIRED else None
    if place is not None and not deployment.is_practice():  # rule 55: no figure holds a drill
        points.count_scan(code, now.date())
    return _page(place, state, directory.town(), now)


def labels(place: str, per_sheet: int, after: str | None) -> tuple[str, str | None]:
    """A4 sheets of the codes in the subtree of a place, 240 at most, and the place to go on after (None: all done).

    Raises Invalid for a number a sheet that would make codes too small, NoPublicAddress, NotFound.
    """
    layout(per_sheet)
    under = directory.list_points_under(place)
    start = 1 + next((n for n, point in enumerate(under) if point.code == after), -1)
    batch = under[start : start + MOST_LABELS]
    drawn = [_label(point) for point in points.get_active(point.code for point in batch)]
    if not drawn:
        raise NotFound("这里没有可打印的点位码")
    more = len(under) > start + MOST_LABELS
    return sheets_html(drawn, per_sheet, more=more), batch[-1].code if more else None


def replace(typed: str, *, by: str, now: datetime) -> "NewCode":
    """The code that takes a torn one's place. Raises NotFound, AlreadyDone."""
    new = points.replace(normalise(typed), by, now)
    return {"code": new.code, "place": new.place, "name": new.full_name, "url": public.point_url(new.code)}


def list_under(place: str, after: str | None) -> "tuple[list[ListedPoint], str | None]":
    """The points in the subtree of a place, each with its active code (None where it has none), and where to go on.

    Raises NotFound.
    """
    under = directory.list_points_under(place)
    start = 1 + next((n for n, point in enumerate(under) if point.code == after), -1)
    batch = under[start : start + MOST_LISTED]
    codes = {point.place: point for point in points.get_active(point.code for point in batch)}
    more = len(under) > start + MOST_LISTED
    return [_listed(place, codes.get(place.code)) for place in batch], batch[-1].code if more else None


def history(typed: str, now: datetime) -> "PointHistory":
    """One code with all that happened to it, the codes its place ever had, and its scans by day. Raises NotFound."""
    point, town = points.get(normalise(typed)), directory.town()
    since = (now - SCANS_SHOWN).date().isoformat()
    scans = points.list_scans(point.code)
    shown: Any = plain(point.model_dump(exclude={"path", "position"}))
    for line in shown["history"]:
        line["by_name"] = named(line["by"], town)
    whole: PointHistory = shown | {
        "codes": [
            plain(other.model_dump(include={"code", "state", "issued_at"}))
            for other in points.list_for_place(point.place)
        ],
        "scans": [{"day": day, "count": count} for day, count in scans.items() if day >= since],
    }
    return whole


def _listed(place: Place, point: Point | None) -> "ListedPoint":
    return {
        "place": place.code,
        "name": place.name,
        "full_name": place.full_name or place.name,
        "inside_wall": place.inside_wall,
        "code": point.code if point else None,
        "issued_at": iso(point.issued_at) if point else None,
    }


def _look_up(code: str) -> tuple[Point | None, str]:
    if is_mistyped(code):
        return None, "mistyped"
    point = points.find(code)
    if point is None:
        return None, "unknown"
    latest = _latest(point)
    return latest, latest.state.value if latest.state is PointState.RETIRED else point.state.value


def _latest(point: Point) -> Point:
    """The code that hangs there now: the town files name its place as it is called today."""
    for _ in range(_LATEST_CODES):
        if point.state is not PointState.REPLACED:
            break
        point = points.get(point.replaced_by)
    return point


def _page(point: Point | None, state: str, town: Town, now: datetime) -> "PointPage":
    path = point.path if point else ()
    station = town.station_for(path)
    return {
        "place": _place(point) if point else None,
        "state": state,
        "message": _MESSAGES.get(state, ""),
        "practice": deployment.is_practice(),
        "station": {"name": station.name, "phone": station.phone},
        "emergency": emergency.numbers(town.emergency),
        "danger": danger.taps(town),
        "categories": [
            {"code": kind.code, "name": kind.name, "parent": kind.parent} for kind in town.categories
        ],
        "outages": [_outage(outage) for outage in outages.list_outages(path, now)],
        "open": folded([_matter(item, town, now) for item in lists.list_open_at(point.place)])
        if point
        else [],
    }


def _place(point: Point) -> "PointPlace":
    return {
        "code": point.place,
        "name": point.name,
        "full_name": point.full_name,
        "inside_wall": point.inside_wall,
        "point": point.code,
    }


def _outage(outage: Outage) -> "OutageOnPage":
    return {"text": outage.text, "since": outage.since.isoformat()}


def _matter(item: dict[str, Any], town: Town, now: datetime) -> "OpenMatter":
    stage, by = Stage(item["stage"]), item.get("promised_at", "")
    category = town.find_category(item.get("category") or "")
    return {
        "ticket_id": item["ticket_id"],
        "category": category.name if category else "",
        "stage": item["stage"],
        "stage_name": STAGE_NAMES[stage],
        "received_on": from_stamp(item["received_at"]).date().isoformat(),
        "public_text": item.get("public_text", ""),
        "standing": to_neighbours(stage, item.get("unit_id", ""), from_stamp(by) if by else None, town, now),
        "reports": 1,
    }


def folded(matters: "list[Matter]") -> "list[Matter]":
    """Matters that read the same to a neighbour as one row with how many there are: the one that came first is joined.

    What nobody has classified yet stays apart: nothing says that it is the same.
    """
    rows: dict[tuple[str, str, str], list[Matter]] = {}
    for matter in matters:
        alone = "" if matter["category"] else matter["ticket_id"]
        rows.setdefault((matter["category"], matter["public_text"], alone), []).append(matter)
    firsts = [min(same, key=lambda each: each["received_on"]) for same in rows.values()]
    for first, same in zip(firsts, rows.values(), strict=True):
        first["reports"] = len(same)
    return firsts


def _label(point: Point) -> Label:
    return Label(
        code=point.code,
        name=point.full_name,
        url=public.point_url(point.code),
        gas=emergency.gas_number(directory.town().emergency),
        practice=deployment.is_practice(),
    )
