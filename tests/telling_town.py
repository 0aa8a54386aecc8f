"""A small town and what happens in it, for the tests of messages."""

from datetime import datetime

from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.tickets.ticket import Event, Level, Notice, Stage, Ticket, Where
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import (
    Place,
    PlaceKind,
    Role,
    RoleRule,
    Source,
    Staff,
    StaffChannel,
    Unit,
    UnitKind,
)

PATH = ("HJ", "GGLW", "SHJY", "SHJY-4", "SHJY-4-1")
PARAMS = {
    "number": "MS261122-7K3QX9-4",
    "place": "盛华景苑4号楼",
    "category": "楼道照明",
    "unit": "盛华物业",
    "due": "11月24日 18:00",
    "note": "灯泡已订货",
    "who": "物业经理甲",
    "summary": "楼道灯不亮",
}


def at(text, day="2026-11-22"):
    return datetime.fromisoformat(f"{day} {text}").replace(tzinfo=SHANGHAI)


def a_person(code, *roles, unit="station", channel=StaffChannel.WECOM):
    return Staff(code=code, name=code, unit=unit, roles=roles, places=(), channel=channel)


def a_town(**changes):
    kinds = [PlaceKind.TOWN, PlaceKind.AREA, PlaceKind.NEIGHBOURHOOD, PlaceKind.BUILDING]
    places = tuple(
        Place(code=code, parent=PATH[i - 1] if i else None, kind=kind, name=code, path=PATH[: i + 1])
        for i, (code, kind) in enumerate(zip(PATH, kinds, strict=False))
    )
    staff = (
        a_person("head", Role.STATION_HEAD),
        a_person("leader", Role.AREA_LEADER),
        a_person("grid", Role.GRID_WORKER, channel=StaffChannel.WECHAT),
        a_person("old", Role.GRID_WORKER, channel=StaffChannel.DESK_CALLS),
        a_person("manager", Role.PROPERTY_MANAGER, unit="property"),
    )
    units = (
        Unit(code="station", name="关港蓝湾站", kind=UnitKind.STATION, area="GGLW", phone="021-5000 0000"),
        Unit(code="property", name="盛华物业", kind=UnitKind.PROPERTY, area="SHJY"),
    )
    roles = (
        RoleRule(role=Role.AREA_LEADER, quiet_from="22:00", quiet_until="07:00"),
        RoleRule(role=Role.GRID_WORKER, storm_after=2),
    )
    return Town(
        **{"version": "1", "places": places, "staff": staff, "units": units, "roles": roles} | changes
    )


def a_ticket(**changes):
    given = {
        "id": "01KAT0000000000000000000A1",
        "number": PARAMS["number"],
        "version": 1,
        "stage": Stage.DISPATCHED,
        "source": Source.QR,
        "reporter_id": "r1",
        "reachable": "in_app",
        "where": Where(place=PATH[-1], path=PATH, name="盛华景苑4号楼"),
        "text": "灯坏了",
        "category": "lamp",
        "station_id": "station",
        "received_at": at("09:00"),
    }
    return Ticket(**given | changes)


def a_notice(to="staff:head", template="escalated", *, urgent=False, **changes):
    if urgent:
        changes["level"] = Level.RING
    return Notice(to=to, template=template, params=PARAMS, **changes)


def an_event(*notices, when=None, **changes):
    return Event(
        **{"kind": "escalated", "at": when or at("10:00"), "by": "machine", "notices": notices} | changes
    )
