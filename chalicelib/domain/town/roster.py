"""The town's people 人员: who has which role where, and who is on duty at an instant (on duty → backup → duty leader)."""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property

from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.town.calendar import Calendar
from chalicelib.domain.town.duty import is_active, is_in_force
from chalicelib.domain.town.places import PlaceTree, depth_in, found
from chalicelib.domain.town.vocabulary import Category, Duty, Role, Staff, Swap, Unit, UnitKind

SEES_ALL = frozenset({Role.ADMIN, Role.TOWN_LEADER, Role.CITY_OPERATIONS})
_HANDLING_ROLE = {
    UnitKind.PROPERTY: Role.PROPERTY_MANAGER,
    UnitKind.STATION: Role.GRID_WORKER,
    UnitKind.VOLUNTEERS: Role.VOLUNTEER,
}


class Roster(PlaceTree):
    """Staff and duty on top of the places. All answers are in file order, so the same question has the same answer."""

    staff: tuple[Staff, ...] = ()
    duty: tuple[Duty, ...] = ()
    swaps: tuple[Swap, ...] = ()  # laid over the roster: swap → on duty → backup → duty leader
    calendar: Calendar = Calendar()

    @cached_property
    def _staff(self) -> dict[str, Staff]:
        return {person.code: person for person in self.staff}

    @cached_property
    def _duty(self) -> dict[tuple[str, Role], list[Duty]]:
        rows: dict[tuple[str, Role], list[Duty]] = {}
        for row in self.duty:
            rows.setdefault((row.unit, row.role), []).append(row)
        return rows

    def find_staff(self, code: str) -> Staff | None:
        return self._staff.get(code)

    def staff_member(self, code: str) -> Staff:
        return found(self._staff.get(code), "没有这名工作人员", code)

    def on_duty(self, unit: str, role: Role, at: datetime, path: tuple[str, ...] = ()) -> Staff | None:
        """Who answers for a role of a unit at this instant: swap → on duty → backup → duty leader (rule 61).

        With a path only those who answer for it; among several the one with the most specific place.
        """
        rows = self._rows(unit, role, path)
        active = (self._serving(row, at) for row in rows if is_active(row, at, self.calendar))
        return (
            self._for_the_role(unit, role, at, path)
            or self._first(active)
            or self._stand_in(rows, at)
            or self._duty_leader(unit)
        )

    def is_staffed(self, rows: list[Duty], at: datetime) -> bool:
        """Whether a shift of any of these rows runs at this instant."""
        return any(is_active(row, at, self.calendar) for row in rows)

    def backup_for(self, staff: str, role: Role, at: datetime, path: tuple[str, ...] = ()) -> Staff | None:
        """Who takes over from this person in that role: the roster's backup, else a colleague on duty, else the duty leader."""
        unit = self.staff_member(staff).unit
        rows = self._rows(unit, role, path)
        backups = [row.backup for row in rows if row.person == staff and row.backup and _in_force(row, at)]
        colleagues = [self._serving(row, at) for row in rows if is_active(row, at, self.calendar)]
        others = (code for code in backups + colleagues if code != staff)
        return self._first(others) or self._duty_leader(unit, besides=staff)

    def is_on_duty(self, staff: str, at: datetime) -> bool:
        """Whether a shift of this person's own, or one swapped for, runs. Standing in for an empty shift does not count (rule 1)."""
        swaps = [swap for swap in self.swaps if swap.holds(at)]
        if any(swap.person == staff and not swap.instead_of for swap in swaps):
            return True
        served = {staff, *(swap.instead_of for swap in swaps if swap.person == staff)}
        rows = (row for row in self.duty if row.person in served)
        return self.is_staffed([row for row in rows if self._serving(row, at) == staff], at)

    def handler_for(
        self, unit: str, category: Category | None, path: tuple[str, ...], at: datetime
    ) -> Staff | None:
        """Who of a unit a ticket is given to: the category's role when the unit has it, else the unit kind's own."""
        role = self._handling_role(self.unit(unit), category)
        if role is Role.GRID_WORKER and not self._rows(unit, role, path):
            role = Role.FIRST_CONTACT
        return self.on_duty(unit, role, at, path)

    def leader(self, role: Role, path: tuple[str, ...] = ()) -> tuple[Staff, ...]:
        """The leaders of that role who answer for the path, the closest first; town leaders answer for all of it."""
        path = self.resolved(path)
        leaders = [person for person in self.staff if role in person.roles]
        if role not in SEES_ALL:
            leaders = [person for person in leaders if depth_in(path, self.area_of(person))]
        return tuple(sorted(leaders, key=lambda person: -depth_in(path, self.area_of(person))))

    def confidential_contacts(self, path: tuple[str, ...]) -> tuple[Staff, ...]:
        """保密受理 of the place, in the order of the file: who takes a complaint that the station must not see."""
        people = (p for p in self.staff if Role.CONFIDENTIAL_CONTACT in p.roles)
        return tuple(person for person in people if self.covers(person, path))

    def unit_heads(self, unit: str) -> tuple[Staff, ...]:
        """部门负责人; of a station, its station heads."""
        heads = (Role.UNIT_HEAD, Role.STATION_HEAD)
        return tuple(person for person in self._of(unit) if any(role in heads for role in person.roles))

    def station_heads(self, station: str) -> tuple[Staff, ...]:
        return tuple(person for person in self._of(station) if Role.STATION_HEAD in person.roles)

    def covers(self, staff: Staff, path: tuple[str, ...]) -> bool:
        """Whether this person answers for the place. Admin, town leaders and city operations: for all."""
        return not SEES_ALL.isdisjoint(staff.roles) or depth_in(self.resolved(path), self.area_of(staff)) > 0

    def area_of(self, staff: Staff) -> tuple[str, ...]:
        """The subtrees a person answers for: the own places, else the unit's area."""
        return staff.places or (self.unit(staff.unit).area,)

    def _serving(self, row: Duty, at: datetime) -> str:
        """Who serves a row of the roster: the person it names, or who has swapped for it and still works here."""
        swap = next((swap for swap in self.swaps if swap.holds(at) and swap.replaces(row)), None)
        return swap.person if swap and swap.person in self._staff else row.person

    def _for_the_role(self, unit: str, role: Role, at: datetime, path: tuple[str, ...]) -> Staff | None:
        """Who has taken over a whole role, and answers for the path."""
        taken = (s for s in self.swaps if (s.unit, s.role) == (unit, role) and not s.instead_of)
        people = (self._staff.get(swap.person) for swap in taken if swap.holds(at))
        return next((p for p in people if p and (not path or not p.places or self.covers(p, path))), None)

    def _rows(self, unit: str, role: Role, path: tuple[str, ...]) -> list[Duty]:
        """The roster's rows for a role, most specific place first; with a path without those who answer for other places.

        Who has no places of their own serves whatever comes to the unit.
        """
        rows = self._duty.get((unit, role), [])
        if not path:
            return rows
        people = {row.person: self.staff_member(row.person) for row in rows}
        depths = {code: depth_in(path, self.area_of(person)) for code, person in people.items()}
        there = [row for row in rows if depths[row.person] or not people[row.person].places]
        return sorted(there, key=lambda row: -depths[row.person])

    def _stand_in(self, rows: list[Duty], at: datetime) -> Staff | None:
        backups = [row.backup for row in rows if row.backup and _in_force(row, at)]
        awake = (
            code
            for code in backups
            if any(row.person == code and is_active(row, at, self.calendar) for row in self.duty)
        )
        return self._first(awake) or self._first(iter(backups))

    def _duty_leader(self, unit: str, *, besides: str = "") -> Staff | None:
        return self._first(person.code for person in self.unit_heads(unit) if person.code != besides)

    def _handling_role(self, unit: Unit, category: Category | None) -> Role:
        wanted = category.lead_role if category else None
        if wanted and any(wanted in person.roles for person in self._of(unit.code)):
            return wanted
        return _HANDLING_ROLE.get(unit.kind, Role.HANDLER)

    def _of(self, unit: str) -> Iterator[Staff]:
        return (person for person in self.staff if person.unit == unit)

    def _first(self, codes: Iterator[str]) -> Staff | None:
        return next((person for code in codes if (person := self._staff.get(code))), None)


def _in_force(row: Duty, at: datetime) -> bool:
    return is_in_force(row, at.astimezone(SHANGHAI).date())
