"""Who leaves 离任 when one town takes the place of another, and who takes over from them."""

from collections.abc import Mapping

from chalicelib.domain.errors import Invalid
from chalicelib.domain.model import Frozen
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Staff, Unit


class Leaving(Frozen):
    """People and units of the old town that the new one does not have; `successors` by the leaver's code."""

    people: tuple[Staff, ...] = ()
    units: tuple[Unit, ...] = ()
    successors: dict[str, Staff]


def check_leaving(old: Town | None, new: Town, hand_over_to: Mapping[str, str]) -> Leaving:
    """Raises Invalid for a hand-over from someone who stays or never was, or to someone whom the new town does not have."""
    people = [person for person in old.staff if new.find_staff(person.code) is None] if old else []
    units = [unit for unit in old.units if new.find_unit(unit.code) is None] if old else []
    codes = {person.code for person in people}
    faults = [
        _fault(code, "不在这次离任的人员里，请从交接名单中去掉") for code in hand_over_to if code not in codes
    ]
    unknown = [code for code, to in hand_over_to.items() if new.find_staff(to) is None]
    faults += [_fault(code, f"接手人 {hand_over_to[code]} 不在新的人员表里") for code in unknown]
    if faults:
        raise Invalid("交接名单有误，没有导入任何内容", fields=faults)
    successors = {code: new.staff_member(to) for code, to in hand_over_to.items()}
    return Leaving(people=tuple(people), units=tuple(units), successors=successors)


def _fault(code: str, reason: str) -> dict[str, object]:
    return {"file": "hand_over_to", "line": 0, "column": code, "reason": reason}
