"""换班: someone else is on duty for a while, laid over the roster without changing it; and the roster as shifts with dates."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from chalicelib.domain.errors import Invalid, NotFound, NotYours, Overlap
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.duty import minute_of_day, serves_on
from chalicelib.domain.town.vocabulary import Duty, Role, Staff, Swap

LONGEST = timedelta(days=31)  # rule 61: beyond it the roster itself is to be changed
MOST_SWAPS = 200  # of the whole town, ahead; they are read with the town


class Shift(NamedTuple):
    """One stretch of duty of one person. `until` is exclusive. `swap` where it comes from one, then `instead_of` whom."""

    role: Role
    person: str
    start: datetime
    until: datetime
    backup: str | None = None
    swap: Swap | None = None
    instead_of: str | None = None


def add(town: Town, swap: Swap, *, by: Staff, now: datetime) -> tuple[Swap, ...]:
    """The town's swaps with one more; those that are over fall away (rule 61). One that is among them already changes nothing.

    Raises NotYours for another unit's duty, Invalid for a person without that role in that unit and for times that are
    over, empty or longer than `LONGEST`, Overlap when somebody stands in for the same shifts at that time already.
    """
    need_own(swap.unit, by)
    if any(other.id == swap.id for other in town.swaps):
        return town.swaps
    person = town.find_staff(swap.person)
    if person is None or person.unit != swap.unit or swap.role not in person.roles:
        raise Invalid("该人员不在本单位或没有这个岗位，请另选", fields=["person"])
    rostered = {row.person for row in town.duty if row.unit == swap.unit and row.role is swap.role}
    if swap.instead_of and (swap.instead_of not in rostered or swap.instead_of == swap.person):
        raise Invalid("被替换的人不在这个岗位的值班表上，请重新选择", fields=["instead_of"])
    if not (swap.from_at < swap.until_at <= swap.from_at + LONGEST):
        raise Invalid(f"结束须晚于开始，最长 {LONGEST.days} 天；更久请直接修改值班表", fields=["from", "to"])
    if swap.until_at <= now:
        raise Invalid("换班时间已经过去，请重新选择", fields=["to"])
    ahead = tuple(other for other in town.swaps if other.until_at > now)
    if any(_same_shifts(other, swap) and _meet(other, swap) for other in ahead):
        raise Overlap("这段时间已有人换班，请先撤销原来的换班，或另选时间")
    if len(ahead) >= MOST_SWAPS:
        raise Invalid("换班太多了，请直接修改值班表后重新导入", fields=["from"])
    return tuple(sorted((*ahead, swap), key=lambda other: (other.from_at, other.id)))


def remove(town: Town, swap_id: str, *, by: Staff) -> tuple[tuple[Swap, ...], Swap]:
    """The town's swaps without this one, and it. Raises NotFound, NotYours."""
    gone = get(town, swap_id)
    need_own(gone.unit, by)
    return tuple(swap for swap in town.swaps if swap is not gone), gone


def get(town: Town, swap_id: str) -> Swap:
    """Raises NotFound."""
    found = next((swap for swap in town.swaps if swap.id == swap_id), None)
    if found is None:
        raise NotFound("没有这次换班，可能已被撤销，请刷新")
    return found


def need_own(unit: str, by: Staff) -> None:
    """Raises NotYours for the duty of another unit; who looks after the system may change everyone's."""
    if by.unit != unit and Role.ADMIN not in by.roles:
        raise NotYours("只能调整本单位的值班")


def shifts(town: Town, unit: str, first: date, last: date) -> list[Shift]:
    """Who of a unit is on duty from the first day to the end of the last, as rostered and as swapped, by time."""
    start, until = _midnight(first), _midnight(last + timedelta(days=1))
    found = [shift for row in town.duty if row.unit == unit for shift in _shifts_of(row, town, first, last)]
    found += [
        Shift(swap.role, swap.person, swap.from_at, swap.until_at, swap=swap)
        for swap in town.swaps
        if swap.unit == unit and not swap.instead_of
    ]
    within = [shift for shift in found if shift.start < until and start < shift.until]
    return sorted(within, key=lambda shift: (shift.start, shift.role, shift.person))


def _shifts_of(row: Duty, town: Town, first: date, last: date) -> Iterator[Shift]:
    start, until = minute_of_day(row.start), minute_of_day(row.until)
    length = timedelta(minutes=until - start if start < until else until - start + 24 * 60)
    day = first - timedelta(days=1)  # whose night may reach into the first day
    while day <= last:
        if serves_on(row, day, town.calendar):
            begins = _midnight(day) + timedelta(minutes=start)
            yield from _cut(Shift(row.role, row.person, begins, begins + length, row.backup), row, town.swaps)
        day += timedelta(days=1)


def _cut(shift: Shift, row: Duty, swaps: tuple[Swap, ...]) -> Iterator[Shift]:
    """The parts of a rostered shift: its own, and those of the swaps over it. A swap of the whole role is listed by itself."""
    start = shift.start
    over = [
        swap for swap in swaps if swap.replaces(row) and swap.from_at < shift.until and start < swap.until_at
    ]
    for swap in sorted(over, key=lambda swap: swap.from_at):
        begins, ends = max(swap.from_at, start), min(swap.until_at, shift.until)
        if start < begins:
            yield shift._replace(start=start, until=begins)
        if swap.instead_of and begins < ends:
            yield shift._replace(
                start=begins, until=ends, person=swap.person, swap=swap, instead_of=row.person
            )
        start = max(start, ends)
    if start < shift.until:
        yield shift._replace(start=start)


def _same_shifts(one: Swap, other: Swap) -> bool:
    is_same = (one.unit, one.role) == (other.unit, other.role)
    return is_same and (not one.instead_of or not other.instead_of or one.instead_of == other.instead_of)


def _meet(one: Swap, other: Swap) -> bool:
    return one.from_at < other.until_at and other.from_at < one.until_at


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), SHANGHAI)
