"""值班与换班: who is on duty when, and changing it with a trace and a word to both."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.actions.notices import notifying
from chalicelib.domain.acts.moves import named
from chalicelib.domain.errors import Invalid
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.identity.traces import trace_of
from chalicelib.domain.town import swaps as rules
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.swaps import Shift
from chalicelib.domain.town.vocabulary import Role, Staff, Swap
from chalicelib.domain.views.pick_lists import name_of
from chalicelib.domain.views.ticket_view import iso, unit_name
from chalicelib.gateways import queue
from chalicelib.store.identity import audit
from chalicelib.store.requests.idempotency import Replay, make_once
from chalicelib.store.town import directory, swaps

if TYPE_CHECKING:
    from chalicelib.actions.town.schemas import Roster, ShiftShown, SwapShown

MOST_DAYS = 31


class Wanted(NamedTuple):
    """A swap as it was asked for."""

    unit: str
    role: Role
    person: str
    from_at: datetime
    until_at: datetime
    instead_of: str | None
    reason: str


def roster(unit: str, first: date, last: date, now: datetime) -> "Roster":
    """Who of a unit is on duty when, and who now. Raises NotFound, Invalid for more than `MOST_DAYS` or none."""
    town = directory.town()
    if not first <= last < first + timedelta(days=MOST_DAYS):
        raise Invalid(f"一次最多查看 {MOST_DAYS} 天，结束日期不能早于开始日期", fields=["from", "to"])
    roles = dict.fromkeys(row.role for row in town.duty if row.unit == town.unit(unit).code)
    serving = {role: town.on_duty(unit, role, now) for role in roles}
    return {
        "unit": unit,
        "unit_name": unit_name(unit, town),
        "from": first.isoformat(),
        "to": last.isoformat(),
        "items": [_shift(shift, town) for shift in rules.shifts(town, unit, first, last)],
        "now": [{"role": r, "person": p.code, "name": p.name} for r, p in serving.items() if p],
    }


def swap(wanted: Wanted, *, by: Staff, once: Replay, now: datetime) -> "SwapShown":
    """换班. Raises what `swaps.add` and `swaps.get` raise. Whom it concerns is told on the phone."""

    def make(swap_id: str) -> None:
        parts = wanted._asdict() | {"reason": scrub(wanted.reason)}
        new = Swap(id=swap_id, by=by.code, at=now, **parts)
        swaps.change(lambda town: rules.add(town, new, by=by, now=now))
        _noted(new, "swapped", by, now)
        _tell(new, f"{new.id}-swapped", now)

    made = make_once(once, make)
    directory.look_again()
    return _view(rules.get(directory.town(), made))


def take_back(swap_id: str, *, by: Staff, now: datetime) -> None:
    """The roster holds again. Raises NotFound, NotYours."""
    gone: list[Swap] = []

    def without(town: Town) -> tuple[Swap, ...]:
        left, removed = rules.remove(town, swap_id, by=by)
        gone[:] = [removed]
        return left

    swaps.change(without)
    _noted(gone[0], "swap_taken_back", by, now)
    _tell(gone[0].model_copy(update={"reason": "换班已撤销，仍按原值班表"}), f"{swap_id}-taken-back", now)


def _noted(changed: Swap, what: str, by: Staff, now: datetime) -> None:
    why = f"{changed.id} {changed.instead_of or changed.role}→{changed.person}：{changed.reason}"
    audit.write(f"duty:{changed.unit}", trace_of(by, what, now, why=why))


def _tell(changed: Swap, key: str, now: datetime) -> None:
    town = directory.town()
    when = f"{changed.from_at:%-m月%-d日 %H:%M}至{changed.until_at:%-m月%-d日 %H:%M}"
    who = f"{named(changed.person, town)}（{name_of(changed.role)}）"
    params = dict.fromkeys(("number", "place", "category", "phone"), "")
    params |= {"due": when, "who": who, "note": changed.reason, "unit": unit_name(changed.unit, town)}
    for code in filter(None, (changed.person, changed.instead_of)):
        if town.find_staff(code):
            queue.wake(notifying.tell_staff(code, "duty_swapped", params, key=key, now=now))


def _shift(shift: Shift, town: Town) -> "ShiftShown":
    swapped = shift.swap
    return {
        "role": shift.role,
        "role_name": name_of(shift.role),
        "person": shift.person,
        "name": named(shift.person, town),
        "start": iso(shift.start),
        "until": iso(shift.until),
        "source": "swap" if swapped else "roster",
        "instead_of": shift.instead_of,
        "instead_of_name": named(shift.instead_of, town),
        "swap_id": swapped.id if swapped else None,
        "reason": swapped.reason if swapped else "",
        "backup": shift.backup,
        "backup_name": named(shift.backup, town),
    }


def _view(new: Swap) -> "SwapShown":
    return {
        "id": new.id,
        "unit": new.unit,
        "role": new.role,
        "person": new.person,
        "instead_of": new.instead_of,
        "reason": new.reason,
        "by": new.by,
        "from": iso(new.from_at),
        "to": iso(new.until_at),
        "at": iso(new.at),
    }
