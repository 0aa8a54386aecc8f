"""A small town with the clocks of design §5, and tickets in it, for the tests of clocks."""

from datetime import datetime
from typing import Any

from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.tickets.ticket import Stage, Ticket, Where
from chalicelib.domain.town.calendar import Amount, AmountUnit
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import (
    ClockRule,
    Duty,
    Place,
    PlaceKind,
    Role,
    Source,
    Staff,
    Unit,
    UnitKind,
)

PATH = ("HJ", "GG", "SH")
# Design §5
HANDLER_LADDER = "due unit_head; due+1 working_days area_leader; due+3 working_days town_leader supervise"


def at(text: str) -> datetime:
    """`2026-11-20 17:00`, or with seconds, in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def amount(text: str) -> Amount:
    count, unit = text.split()
    return Amount(count=float(count), unit=AmountUnit(unit))


def rule(clock: str, length: str, **more: Any) -> ClockRule:
    return ClockRule(clock=clock, amount=amount(length), **more)


CLOCKS = (
    rule("feedback", "5 minutes", reminders="2 minutes desk; 3.5 minutes desk", ladder="due station_head; 10 minutes area_leader"),
    rule("take", "2 working_hours", ladder="due backup; due+1 working_hours unit_head"),
    rule("take", "15 minutes", urgent=True, ladder="due backup; due+15 minutes unit_head"),
    rule("take", "15 minutes", facility=True, ladder="due backup; due+15 minutes unit_head"),
    rule("response", "1 hours", ladder="due unit_head; due+30 minutes area_leader"),
    rule("unit_feedback", "1 working_days", ladder="due unit_head"),
    rule("resolution", "2 working_days", track="simple", reminders="80% handler", ladder=HANDLER_LADDER),
    rule("resolution", "5 working_days", track="joint", reminders="80% handler", ladder=HANDLER_LADDER),
    rule("resolution", "15 working_days", track="difficult", reminders="80% handler", ladder=HANDLER_LADDER),
    rule("progress", "5 working_days", ladder="due unit_head"),
    rule("supervision", "3 working_days", ladder="due area_leader; due+1 working_days town_leader"),
    rule("follow_up", "2 working_days", ladder="due station_head"),
)  # fmt: skip

STAFF = (
    Staff(code="desk-a", name="首问接待甲", unit="ST", roles=(Role.FIRST_CONTACT,), places=()),
    Staff(code="desk-b", name="首问接待乙", unit="ST", roles=(Role.FIRST_CONTACT,), places=()),
    Staff(code="st-head", name="站长", unit="ST", roles=(Role.STATION_HEAD,), places=()),
    Staff(code="area", name="片区书记", unit="ST", roles=(Role.AREA_LEADER,), places=("GG",)),
    Staff(code="handler-a", name="经办人甲", unit="OFF", roles=(Role.HANDLER,), places=()),
    Staff(code="handler-b", name="经办人乙", unit="OFF", roles=(Role.HANDLER,), places=()),
    Staff(code="off-head", name="科长", unit="OFF", roles=(Role.UNIT_HEAD,), places=()),
    Staff(code="town", name="镇领导", unit="OFF", roles=(Role.TOWN_LEADER,), places=()),
)


def a_town(**changes: Any) -> Town:
    parts: dict[str, Any] = {
        "places": (
            Place(code="HJ", kind=PlaceKind.TOWN, name="华泾镇", path=PATH[:1]),
            Place(code="GG", parent="HJ", kind=PlaceKind.AREA, name="关港蓝湾片区", path=PATH[:2]),
            Place(code="SH", parent="GG", kind=PlaceKind.NEIGHBOURHOOD, name="盛华景苑", path=PATH),
        ),
        "units": (
            Unit(code="ST", name="关港蓝湾工作站", kind=UnitKind.STATION, area="GG"),
            Unit(code="OFF", name="城建中心", kind=UnitKind.TOWN_OFFICE, area="HJ"),
        ),
        "staff": STAFF,
        "duty": (
            Duty(unit="ST", role=Role.FIRST_CONTACT, person="desk-a", start="00:00", until="24:00", backup="desk-b"),
            Duty(unit="OFF", role=Role.HANDLER, person="handler-a", start="00:00", until="24:00", backup="handler-b"),
        ),
        "clocks": CLOCKS,
    }  # fmt: skip
    return Town(**(parts | changes))


def a_ticket(**changes: Any) -> Ticket:
    """A ticket that a unit has, from a Friday at 17:00."""
    parts: dict[str, Any] = {
        "id": "01JD0000000000000000000000",
        "number": "MS261120-7K3QX9-4",
        "stage": Stage.DISPATCHED,
        "source": Source.QR,
        "reporter_id": "r1",
        "where": Where(place="SH", path=PATH, name="盛华景苑"),
        "text": "楼道灯不亮",
        "station_id": "ST",
        "lead_unit_id": "OFF",
        "handler_id": "handler-a",
        "received_at": at("2026-11-20 17:00"),
    }
    return Ticket(**(parts | changes))
