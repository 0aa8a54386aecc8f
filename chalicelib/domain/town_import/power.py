"""What a new town would let somebody do or receive that the old one does not: the part of an import that two people make.

Taking away is nobody's power and needs no second one. The lines are what the second person reads before saying yes.
"""

from typing import NamedTuple

from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.partner import Partner, SignatureVersion
from chalicelib.domain.town.subscribers import Subscriber
from chalicelib.domain.town.vocabulary import Role, Staff, Unit
from chalicelib.domain.town_import.cells import CHINESE

_ROLES = dict(zip(Role, CHINESE[Role], strict=True))
_LEADERS = frozenset({Role.AREA_LEADER, Role.STATION_HEAD})
_LOWERED = f"从 {SignatureVersion.V2} 降到 {SignatureVersion.V1}"
_FIELDS = {"name": "姓名", "phone": "电话", "text": "原话"}


class Power(NamedTuple):
    """`lines`: what is gained, in plain words; `gains`: the staff who gain it, who cannot confirm it."""

    lines: tuple[str, ...] = ()
    gains: tuple[str, ...] = ()


def power_gained(old: Town | None, new: Town) -> Power:
    """Of a whole import; none where no town is in force yet, which begins with two people anyway."""
    if old is None:
        return Power()
    of_staff = [(person.code, line) for person in new.staff for line in _of_person(person, old, new)]
    of_units = [line for unit in new.units for line in _of_unit(unit, old)]
    of_subscribers = [line for each in new.subscribers for line in _of_subscriber(each, old)]
    lines = [line for _, line in of_staff] + of_units + of_subscribers + _of_doors(old, new)
    return Power(tuple(lines), tuple(dict.fromkeys(code for code, _ in of_staff)))


def power_of_partner(old: Partner | None, new: Partner) -> tuple[str, ...]:
    """An address that would get what no address got before, and a signature that would ask for less."""
    lines = []
    if new.address and new.address != (old.address if old else ""):
        lines.append(f"合作方“{new.title}”的数据将发到 {new.address}")
    if old and _is_lowered(old.signature, new.signature):
        lines.append(f"合作方“{new.title}”的签名要求{_LOWERED}")
    return tuple(lines)


def _of_person(new: Staff, old_town: Town, town: Town) -> list[str]:
    named = f"{new.name}（{new.code}）"
    old = old_town.find_staff(new.code)
    if old is None:
        return [f"新增{named}：{_unit_name(new.unit, town)}，{_names(new.roles)}"]
    lines = []
    if gained := [role for role in new.roles if role not in old.roles]:
        lines.append(f"{named}增加职责：{_names(tuple(gained))}")
    if new.unit != old.unit:
        lines.append(f"{named}从{_unit_name(old.unit, old_town)}调到{_unit_name(new.unit, town)}")
    if not _LEADERS.isdisjoint(new.roles) and not _lies_in(town.area_of(new), old_town.area_of(old), town):
        lines.append(
            f"{named}负责的范围变为：{'、'.join(_place_name(code, town) for code in town.area_of(new))}"
        )
    if (new.channel, new.wecom_id) != (old.channel, old.wecom_id):
        lines.append(f"{named}的登录码和通知改发到：{new.channel.value} {new.wecom_id}".rstrip())
    return lines


def _of_unit(new: Unit, old_town: Town) -> list[str]:
    old = old_town.find_unit(new.code)
    if old is None or (old.kind, old.area) == (new.kind, new.area):
        return []  # a new unit is nobody's power before somebody is in it
    return [f"单位“{new.name}”的种类或范围改变：{old.kind.value} {old.area} → {new.kind.value} {new.area}"]


def _of_subscriber(new: Subscriber, old_town: Town) -> list[str]:
    old = old_town.find_subscriber(new.name)
    lines = []
    if new.address and new.address != (old.address if old else ""):
        lines.append(f"订阅方“{new.title}”的事件将发到 {new.address}")
    if gained := [field for field in new.identity if old is None or field not in old.identity]:
        lines.append(f"订阅方“{new.title}”将收到居民的{'、'.join(_FIELDS[field] for field in gained)}")
    return lines


def _of_doors(old: Town, new: Town) -> list[str]:
    """Who signs less from now on: of a name the strictest registration counts, so it is weighed by names."""
    before, after = _least(old), _least(new)
    return [
        f"“{_sender_name(name, new)}”的签名要求{_LOWERED}"
        for name, least in after.items()
        if name in before and _is_lowered(before[name], least)
    ]


def _least(town: Town) -> dict[str, str]:
    said = [(each.name, each.signature) for each in town.subscribers]
    said += [(rule.partner, rule.signature) for rule in town.sensor_rules]
    least: dict[str, str] = {}
    for name, signature in said:
        least[name] = max(signature, least.get(name, ""))
    return least


def _is_lowered(old: str, new: str) -> bool:
    """Whether the least version of a signature would cover less; "" is the first (docs/decisions/0146)."""
    return (new or SignatureVersion.V1) < (old or SignatureVersion.V1)


def _lies_in(new: tuple[str, ...], old: tuple[str, ...], town: Town) -> bool:
    """Whether each subtree of the new area lies within one of the old."""
    paths = [(*place.path, code) if (place := town.find_place(code)) else (code,) for code in new]
    return all(not set(path).isdisjoint(old) for path in paths)


def _names(roles: tuple[Role, ...]) -> str:
    return "、".join(_ROLES[role] for role in roles)


def _unit_name(code: str, town: Town) -> str:
    unit = town.find_unit(code)
    return unit.name if unit else code


def _place_name(code: str, town: Town) -> str:
    place = town.find_place(code)
    return place.name if place else code


def _sender_name(code: str, town: Town) -> str:
    subscriber = town.find_subscriber(code)
    return subscriber.title if subscriber else code
