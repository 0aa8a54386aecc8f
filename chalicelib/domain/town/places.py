"""The one place tree 多格合一 and the units that serve it: a place resolves to one station, and to one unit of a kind."""

from collections.abc import Generator, Iterable, Mapping
from functools import cached_property
from typing import Any, Self, TypeVar

from chalicelib.domain.errors import NotFound
from chalicelib.domain.model import Frozen
from chalicelib.domain.town.place_reader import PlaceNames
from chalicelib.domain.town.vocabulary import Category, Place, Unit, UnitKind

T = TypeVar("T")


class PlaceTree(Frozen):
    """Places from the town down to buildings (points are read by key), and units with their areas.

    Where a method takes `path`, an empty one means a place that nobody could resolve: the town's own station stands in.
    """

    places: tuple[Place, ...] = ()
    units: tuple[Unit, ...] = ()

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """As of every model; what was derived of the old rows (a cached property) does not come along."""
        copy = super().model_copy(update=update, deep=deep)
        for name in copy.__dict__.keys() - type(self).model_fields.keys():
            del copy.__dict__[name]
        return copy

    def __iter__(self) -> Generator[tuple[str, Any], None, None]:
        """The fields alone, as a save has them: pydantic's own would add what was derived by now."""
        for name in type(self).model_fields:
            yield name, getattr(self, name)

    @cached_property
    def _places(self) -> dict[str, Place]:
        return {place.code: place for place in self.places}

    @cached_property
    def _units(self) -> dict[str, Unit]:
        return {unit.code: unit for unit in self.units}

    @cached_property
    def names(self) -> PlaceNames:
        """What people call these places, for reading typed words; made when the first are read."""
        return PlaceNames(self.places)

    def find_place(self, code: str) -> Place | None:
        return self._places.get(code)

    def place(self, code: str) -> Place:
        """Raises NotFound; points are not here but in `store.directory`."""
        return found(self._places.get(code), "没有这个地点", code)

    def find_unit(self, code: str) -> Unit | None:
        return self._units.get(code)

    def unit(self, code: str) -> Unit:
        return found(self._units.get(code), "没有这个单位", code)

    def station_for(self, path: tuple[str, ...]) -> Unit:
        """The 民情快办工作站 whose area lies deepest in the path; for an unknown place, the widest station."""
        station = self.deepest(UnitKind.STATION, path)
        if station is not None:
            return station
        stations = [unit for unit in self.units if unit.kind is UnitKind.STATION]
        if not stations:
            raise NotFound("没有可受理的工作站，请联系管理员检查单位表")
        return min(stations, key=lambda unit: len(self.path_of(unit.area)))

    def lead_unit(self, category: Category, path: tuple[str, ...]) -> Unit | None:
        """The category's lead unit 主办单位: named by its code, or of a kind and the deepest in the path."""
        if not category.lead:
            return None
        if category.lead not in set(UnitKind):
            return self.find_unit(category.lead)
        kind = UnitKind(category.lead)
        return self.station_for(path) if kind is UnitKind.STATION else self.deepest(kind, path)

    def deepest(self, kind: UnitKind, path: tuple[str, ...]) -> Unit | None:
        """The unit of that kind whose area is the most specific in the path; the first in the file among equals."""
        there = [unit for unit in self.units if unit.kind is kind and unit.area in path]
        return max(there, key=lambda unit: path.index(unit.area), default=None)

    def path_of(self, code: str) -> tuple[str, ...]:
        """The path of a place of the tree; empty for one that is not there."""
        place = self._places.get(code)
        return place.path if place else ()

    def resolved(self, path: tuple[str, ...]) -> tuple[str, ...]:
        """The path itself, or that of the widest station's area when the place is unknown."""
        return path or self.path_of(self.station_for(()).area)


def depth_in(path: tuple[str, ...], codes: Iterable[str]) -> int:
    """How deep in the path the deepest of these places lies, from 1; 0 when none does."""
    return max((path.index(code) + 1 for code in codes if code in path), default=0)


def found(value: T | None, message: str, code: str) -> T:
    """The value, or NotFound."""
    if value is None:
        raise NotFound(f"{message}：{code}")
    return value
