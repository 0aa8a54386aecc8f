"""What an import of the town would do, told back before it counts: what is new, changed and removed, and what each removal means."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, get_origin

from chalicelib.domain.acts import reworking
from chalicelib.domain.errors import Invalid, PlanOver
from chalicelib.domain.model import SHANGHAI, Frozen
from chalicelib.domain.tickets.ticket import Ticket
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Place, Staff
from chalicelib.domain.town_import.columns import CALENDAR_HOURS, PLACES
from chalicelib.domain.town_import.coverage import warnings
from chalicelib.domain.town_import.sources import title_of

HOLDS = timedelta(minutes=30)  # rule 86
HANDFUL = 5  # removals beyond it have to be spelled out
MOST_NAMED = 20
_STAMP = "%Y%m%d%H%M%S"
_KEYS = ("code", "order", "source", "role", "name")
POINTS = "points"  # the places of their own kind, which no version of a town holds
_APART = frozenset({PLACES, "swaps"})  # compared by themselves; no file
_TABLES = tuple(
    name
    for name, field in Town.model_fields.items()
    if get_origin(field.annotation) is tuple and name not in _APART
)
MEANS = {
    POINTS: "这些点位停用，已贴出的码将失效；以后再导入同一编码，原来的码会恢复",
    PLACES: "这些地点不能再选，已有工单保留原来的地点",
    "units": "这些单位不再接单",
    "staff": "这些人员离任，立即退出登录",
    "categories": "这些类别不能再选，已有工单保留原来的类别",
    "triage": "不再按这些规则判断，包括紧急和保密",
    "danger": "不再按这些说法识别危险",
    "concerns": "不再按这些说法识别涉及的人和单位",
    "shops": "这些商户不再列入走访，走访记录保留；以后再导入同一编码，记录还在",
    "emergency": "标签和页面上不再印这些电话",
}


class Change(Frozen):
    """One table: rows read with the first and the last, what is new, changed, removed, and what the removal means."""

    table: str
    title: str
    rows: int
    first: str
    last: str
    new: int = 0
    changed: int = 0
    removed: int = 0
    removed_names: tuple[str, ...] = ()  # the first of them
    means: str = ""


class Plan(Frozen):
    """`id` is bound to the files and to the town in force. `removes`: how many rows go; beyond a handful it must be said."""

    id: str
    holds_until: datetime
    changes: tuple[Change, ...]
    removes: int
    must_say: bool
    revived: int = 0  # retired codes that are in force again
    warnings: tuple[str, ...] = ()
    may_come_back: tuple[str, ...] = ()  # of whoever leaves: what has ended and may begin again

    @property
    def lines(self) -> tuple[str, ...]:
        """The plan as sentences."""
        told = [_sentence(change) for change in self.changes]
        told += [f"恢复 {self.revived} 个停用过的点位码"] if self.revived else []
        return (*told, *self.may_come_back, *self.warnings)


class Back(NamedTuple):
    """What comes back with a town: how many points whose codes were printed, which tickets may begin again, which shops."""

    points: int = 0
    tickets: tuple[str, ...] = ()
    shops: tuple[str, ...] = ()


NOTHING_BACK = Back()


def plan(
    old: Town | None,
    new: Town,
    old_points: Sequence[Place],
    new_points: Sequence[Place],
    *,
    digest: str,
    back: Back = NOTHING_BACK,
    now: datetime,
) -> Plan:
    """What putting the new town in force of the old one would do. None in force: everything is new."""
    changes = [
        _change(PLACES, old.places if old else (), new.places),
        _change(POINTS, old_points, new_points),
        *(_change(name, getattr(old, name) if old else (), getattr(new, name)) for name in _TABLES),
        _change("calendar", _days(old), _days(new)),
    ]
    made = plan_of(changes, digest=digest, version=old.version if old else "", now=now)
    warned = warnings(new, now.astimezone(SHANGHAI).date())
    if back.shops:
        named = "、".join(back.shops[:MOST_NAMED]) + ("等" if len(back.shops) > MOST_NAMED else "")
        warned = (f"这 {len(back.shops)} 家商户以前删去过，走访记录接着算：{named}", *warned)
    return made.model_copy(update={"revived": back.points, "may_come_back": back.tickets, "warnings": warned})


def plan_of(changes: Sequence[Change], *, digest: str, version: str, now: datetime) -> Plan:
    """These changes as a plan, bound to the files by their digest and to what is in force by its version."""
    removes = sum(change.removed for change in changes)
    return Plan(
        id=f"{now.astimezone(SHANGHAI):{_STAMP}}-{digest[:16]}-{version}",
        holds_until=now + HOLDS,
        changes=tuple(change for change in changes if change.rows or change.removed),
        removes=removes,
        must_say=removes > HANDFUL,
    )


def coming_back(leavers: Iterable[Staff], ended: Iterable[Ticket], now: datetime) -> tuple[str, ...]:
    """Of each who leaves, which of the tickets they had handled have ended and may yet begin again (rule 18).

    Nobody has to do anything: whoever is on duty in the unit then has it, never a name that is gone (rule 28).
    """
    theirs: dict[str, list[str]] = {}
    for ticket in ended:
        if ticket.handler_id and reworking.may_reopen(ticket, now):
            theirs.setdefault(ticket.handler_id, []).append(ticket.number)
    return tuple(
        _coming_back(person, sorted(theirs[person.code])) for person in leavers if person.code in theirs
    )


def _coming_back(person: Staff, numbers: Sequence[str]) -> str:
    named = "、".join(numbers[:MOST_NAMED]) + ("等" if len(numbers) > MOST_NAMED else "")
    days = reworking.REOPEN_WITHIN.days
    return (
        f"{person.name}（{person.code}）离任前办过的 {len(numbers)} 张工单已经结束，"
        f"{days} 天内居民还可能重新打开（{named}）；到时由承办单位值班的人接着办，不会回到离任的人手里"
    )


def check_plan(plan_id: str, removes: int | None, planned: Plan) -> None:
    """Whether a yes to `plan_id` still holds for what would be done now; its last instant still does (rule 86).

    Raises PlanOver when time, the files or the town have moved on, Invalid when what goes was not spelled out.
    """
    made, _, bound = plan_id.partition("-")
    now = planned.holds_until - HOLDS
    try:
        at = datetime.strptime(made, _STAMP).replace(tzinfo=SHANGHAI)
    except ValueError:
        at = None
    if at is None or bound != planned.id.partition("-")[2]:
        raise PlanOver("文件或现行资料和刚才看的不一样了，请重新检查一次再确认")
    if not now - HOLDS - timedelta(seconds=1) < at <= now:
        raise PlanOver("检查结果只保留 30 分钟，请重新检查一次再确认")
    if planned.must_say and removes != planned.removes:
        raise Invalid(f"要删去 {planned.removes} 行，请填写这个数字再确认", fields=["removes"])


def _change(name: str, old: Iterable[Any], new: Iterable[Any]) -> Change:
    title = "点位" if name == POINTS else title_of(name)
    return change_of(name, title, old, new, means=MEANS.get(name, ""))


def change_of(table: str, title: str, old: Iterable[Any], new: Iterable[Any], *, means: str = "") -> Change:
    """What became of each row of a table. `means`: what the removal of rows has for consequence."""
    before, after = _keyed(old), _keyed(new)
    gone = [key for key in before if key not in after]
    shown = [_named(value) for value in after.values()]
    return Change(
        table=table,
        title=title,
        rows=len(after),
        first=shown[0] if shown else "",
        last=shown[-1] if shown else "",
        new=sum(key not in before for key in after),
        changed=sum(key in before and before[key] != value for key, value in after.items()),
        removed=len(gone),
        removed_names=tuple(_named(before[key]) for key in gone[:MOST_NAMED]),
        means=means if gone else "",
    )


def _keyed(rows: Iterable[Any]) -> Mapping[Any, Any]:
    """Rows by what makes them the same row in another version; where nothing does, by all that they say."""
    listed = list(rows)
    for field in _KEYS:
        keys = [getattr(row, field, None) for row in listed]
        if None not in keys and len(set(keys)) == len(keys):
            return dict(zip(keys, listed, strict=True))
    return {row.model_dump_json() if hasattr(row, "model_dump_json") else row: row for row in listed}


def _named(row: Any) -> str:
    code = next((str(value) for field in _KEYS if (value := getattr(row, field, None)) is not None), "")
    name = getattr(row, "name", "")
    return (f"{code} {name}" if name and name != code else code)[:60] or str(row)[:60]


def _days(town: Town | None) -> tuple[str, ...]:
    if town is None:
        return ()
    hours = [f"{name} {getattr(town.calendar, name):%H:%M}" for name in CALENDAR_HOURS]
    days = sorted(town.calendar.overrides.items())
    return (*hours, *(f"{day} {'上班' if working else '休息'}" for day, working in days))


def _sentence(change: Change) -> str:
    read = (
        f"{change.title}：读到 {change.rows} 行（{change.first} … {change.last}）"
        if change.rows
        else change.title
    )
    counted = [f"{word} {n}" for word, n in (("新增", change.new), ("修改", change.changed)) if n]
    if change.removed:
        names = "、".join(change.removed_names) + (
            " 等" if change.removed > len(change.removed_names) else ""
        )
        counted.append(f"删去 {change.removed}（{names}）" + (f"：{change.means}" if change.means else ""))
    return f"{read}，{'，'.join(counted) or '没有变化'}"
