"""A small town with every kind of unit, and tickets brought to a stage by the acts themselves, for the rulebook's tests."""

from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.acts import closing, dispatching, pausing, receiving
from chalicelib.domain.acts.escalating import escalate
from chalicelib.domain.acts.receiving import Report
from chalicelib.domain.clocks import clocks
from chalicelib.domain.tickets.ticket import Event, Ticket, Where
from chalicelib.domain.town.concern_signs import ConcernRow, ConcernSign
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import (
    Category,
    Duty,
    FollowUpRule,
    Role,
    Source,
    Staff,
    Track,
    TriageRule,
    Unit,
    UnitKind,
)
from tests.domain.clock_town import PATH, STAFF, a_town, at

NOW = at("2026-11-23 10:00")  # a Monday
NIGHT = at("2026-11-23 23:30")
HERE = Where(place="SH", path=PATH, name="盛华景苑")
UNITS = (
    *a_town().units,
    Unit(code="PM", name="盛华景苑物业", kind=UnitKind.PROPERTY, area="SH"),
    Unit(code="TRA", name="区交警支队", kind=UnitKind.DISTRICT_AGENCY, area="HJ"),
    Unit(code="VO", name="平安志愿者", kind=UnitKind.VOLUNTEERS, area="GG"),
    Unit(code="ST2", name="华泾北工作站", kind=UnitKind.STATION, area="HJB"),
)
PEOPLE = (
    *STAFF,
    Staff(code="grid", name="网格员甲", unit="ST", roles=(Role.GRID_WORKER,), places=("SH",)),
    Staff(code="pm", name="物业经理甲", unit="PM", roles=(Role.PROPERTY_MANAGER,), places=()),
    Staff(code="pm-head", name="物业负责人", unit="PM", roles=(Role.UNIT_HEAD,), places=()),
    Staff(code="police", name="交警甲", unit="TRA", roles=(Role.HANDLER,), places=()),
    Staff(code="police-head", name="交警队长", unit="TRA", roles=(Role.UNIT_HEAD,), places=()),
    Staff(code="volunteer", name="志愿者甲", unit="VO", roles=(Role.VOLUNTEER,), places=()),
    Staff(code="city", name="城运中心", unit="OFF", roles=(Role.CITY_OPERATIONS,), places=()),
    Staff(code="admin", name="管理员", unit="OFF", roles=(Role.ADMIN,), places=()),
    Staff(code="desk-2", name="华泾北首问接待", unit="ST2", roles=(Role.FIRST_CONTACT,), places=()),
    Staff(code="area-2", name="华泾北片区书记", unit="ST2", roles=(Role.AREA_LEADER,), places=("HJB",)),
)
CATEGORIES = (
    Category(
        code="LIFT", name="电梯困人", urgent=True, facility=True, lead="property", keywords=("困在电梯",)
    ),
    Category(
        code="LAMP", name="楼道照明", facility=True, night=False, lead="property", keywords=("楼道灯", "灯")
    ),
    Category(code="HORN", name="机动车鸣笛", track=Track.JOINT, lead="TRA", keywords=("鸣笛",)),
    Category(code="ASK", name="政策咨询", lead="station", lead_role=Role.FIRST_CONTACT, keywords=("请问",)),
    Category(
        code="PM-BAD",
        name="对物业的投诉",
        track=Track.JOINT,
        sensitive=True,
        lead="OFF",
        keywords=("物业态度",),
    ),
)
TRIAGE = (
    TriageRule(order=10, keywords=("困在电梯",), category="LIFT", urgent=True),
    TriageRule(order=20, keywords=("投诉物业", "投诉网格员", "投诉工作站"), category="PM-BAD", confidential=True),
    TriageRule(order=30, keywords=("浦东",), unless=("很多从浦东",), forward_to="12345", sure=True),
    TriageRule(order=40, keywords=("楼道灯",), inside_wall=True, category="LAMP", sure=True),
    TriageRule(order=50, keywords=("鸣笛",), within="GG", category="HORN", sure=True),
)  # fmt: skip
FOLLOW_UP = tuple(
    FollowUpRule(source=source, unit_feedback=unit, station=station)
    for source, unit, station in (
        ("qr", "message", "in_app_then_call"),
        ("phone", "call_list", "call"),
        ("hotline_12345", "message", "call_unless_partner"),
        ("patrol", "none", "verify"),
        ("on_the_spot", "none", "message_only"),
    )
)


CONCERNS = (
    ConcernSign(code="p1", kind=ConcernRow.ALIAS, party="property", words="物业;保安"),
    ConcernSign(code="p2", kind=ConcernRow.ALIAS, party="grid", words="网格员"),
    ConcernSign(code="p3", kind=ConcernRow.ALIAS, party="station", words="工作站;民情快办站;首问接待"),
    ConcernSign(code="p4", kind=ConcernRow.ALIAS, party="they", words="他们"),
    ConcernSign(code="p5", kind=ConcernRow.ALIAS, party="you", words="你们"),
    ConcernSign(code="x1", kind=ConcernRow.OUTSIDER, words="租客;隔壁小区"),
    ConcernSign(code="q1", kind=ConcernRow.PRAISE, words="感谢;是我弄错"),
    ConcernSign(
        code="m1", kind=ConcernRow.MISCONDUCT, name="辱骂", words="骂我;骂人", unless="骂人的话我没说"
    ),
    ConcernSign(code="m2", kind=ConcernRow.MISCONDUCT, name="索贿", words="黑钱;回扣"),
    ConcernSign(code="m3", kind=ConcernRow.MISCONDUCT, name="造假", party="nameless", words="签的是我"),
    ConcernSign(code="s1", kind=ConcernRow.SERVICE, name="没来", words="一直没来;没人接"),
    ConcernSign(code="s2", kind=ConcernRow.SERVICE, name="没修好", party="nameless", words="越修越"),
)


def life_town(**changes: Any) -> Town:
    duty = (
        *a_town().duty,
        Duty(unit="PM", role=Role.PROPERTY_MANAGER, person="pm", start="08:00", until="20:00"),
        Duty(unit="TRA", role=Role.HANDLER, person="police", start="08:00", until="20:00"),
        Duty(unit="ST", role=Role.GRID_WORKER, person="grid", start="08:00", until="20:00"),
    )
    parts: dict[str, Any] = {
        "units": UNITS, "staff": PEOPLE, "duty": duty, "categories": CATEGORIES, "triage": TRIAGE, "follow_up": FOLLOW_UP,
        "concerns": CONCERNS,
    }  # fmt: skip
    return a_town(**(parts | changes))


TOWN = life_town()


def person(code: str) -> Staff:
    return TOWN.staff_member(code)


def received(
    text: str = "小区门口乱糟糟", *, now: datetime = NOW, town: Town = TOWN, **report: Any
) -> Ticket:
    return received_with(text, now=now, town=town, **report)[0]


def rung(ticket: Ticket, until: datetime, *, town: Town = TOWN) -> tuple[Ticket, list[Event]]:
    """The ticket and the lines of all that has rung by then, each at its own instant."""
    lines: list[Event] = []
    while (alarm := clocks.next_alarm(ticket)) and alarm.at <= until:
        changed = escalate(ticket, alarm, town=town, now=alarm.at)
        assert changed is not None
        ticket = changed[0]
        lines.append(changed[1])
    return ticket, lines


def unlooked_at(**report: Any) -> Ticket:
    """What complains of the property and went there without its words, for nobody had looked in time (rule 104)."""
    return rung(received("楼道灯不亮，物业一直没来", **report), NOW + timedelta(minutes=5))[0]


def received_with(
    text: str, *, now: datetime = NOW, town: Town = TOWN, **report: Any
) -> tuple[Ticket, Event]:
    """A report by a scanned code, unless told otherwise, as the town receives it."""
    parts: dict[str, Any] = {
        "id": "01JD0000000000000000000000", "number": "MS261123-7K3QX9-4", "source": Source.QR, "reporter_id": "r1",
        "reachable": "in_app", "where": HERE, "text": text,
    }  # fmt: skip
    return receiving.receive(Report(**(parts | report)), town=town, now=now)


def dispatched(*, unit: str = "OFF", handler: str | None = "handler-a", track: Track | None = None, now: datetime = NOW,
               **report: Any) -> Ticket:  # fmt: skip
    ticket = received(now=now, **report)
    return dispatching.dispatch(ticket, unit_id=unit, handler_id=handler, by=person("desk-a"), track=track, note="",
                                town=TOWN, now=now)[0]  # fmt: skip


def taken(*, now: datetime = NOW, **how: Any) -> Ticket:
    """With its handler, who has taken it."""
    ticket = dispatched(now=now, **how)
    return dispatching.take(ticket, by=person(ticket.handler_id or "handler-a"), town=TOWN, now=now)[0]


def resolved(*, now: datetime = NOW, **how: Any) -> Ticket:
    """Resolved with the unit's feedback given."""
    return resolve(taken(now=now, **how), now=now)


def resolve(ticket: Ticket, *, now: datetime = NOW, by: str = "", **given: Any) -> Ticket:
    parts: dict[str, Any] = {"note": "已处理好", "photos": ("P1",), "feedback": "下午处理"}
    worker = person(by or ticket.handler_id or "handler-a")
    return closing.resolve(ticket, by=worker, town=TOWN, now=now, **(parts | given))[0]


def waiting(**how: Any) -> Ticket:
    """Taken, and its handler waits for the resident, whom the question has reached."""
    asked, _ = pausing.wait(taken(**how), by=person("handler-a"), question="是几号楼？", town=TOWN, now=NOW)
    arrived = pausing.question_arrived(asked, how=pausing.Arrival.DELIVERED, town=TOWN, now=NOW)
    assert arrived is not None
    return arrived[0]


def told(event: Event) -> dict[str, list[str]]:
    """Who is told what, by template; what members 附议 hear is a matter of its own (tests/domain/parties)."""
    heard: dict[str, list[str]] = {}
    for notice in event.notices:
        if notice.to == "members":
            continue
        heard.setdefault(notice.template, []).append(notice.to.removeprefix("staff:"))
    return heard
