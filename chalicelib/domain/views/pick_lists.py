"""Everything that a screen's pick lists need: the town's places, units, people and categories, and the names of our own words."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from chalicelib.domain.acts.answering import DeclineReason
from chalicelib.domain.acts.returning import ReturnReason
from chalicelib.domain.identity.reasons import REASON_NAMES
from chalicelib.domain.tickets.calls import CallOutcome
from chalicelib.domain.tickets.clock_model import CLOCK_NAMES
from chalicelib.domain.tickets.queues import AskedQueue
from chalicelib.domain.tickets.ticket import STAGE_NAMES
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import PlaceKind, Role, Source, Track, UnitKind
from chalicelib.domain.town_import.cells import CHINESE

if TYPE_CHECKING:
    from chalicelib.domain.schemas import Named
    from chalicelib.domain.views.schemas import OurWords, TownLists

DECLINE_NAMES = {
    DeclineReason.OUTSIDE_JURISDICTION: "不属于本镇管辖",
    DeclineReason.IN_PROCEEDINGS: "已进入诉讼、仲裁、复议、纪检或信访程序",
    DeclineReason.AGAINST_LAW: "诉求违反法律法规",
    DeclineReason.SECRETS_OR_PRIVACY: "涉及国家秘密、商业秘密或他人隐私",
    DeclineReason.UNTRUE: "反映情况不属实",
    DeclineReason.BEYOND_REASON: "诉求明显不合理",
    DeclineReason.HEARING_HELD: "已经听证或复查终结",
    DeclineReason.MALICIOUS: "恶意反复反映",
}
CALL_OUTCOMES = {
    CallOutcome.ANSWERED: "本人接听",
    CallOutcome.NOT_ANSWERED: "无人接听",
    CallOutcome.SOMEBODY_ELSE: "他人接听",
    CallOutcome.WRONG_NUMBER: "号码有误",
    CallOutcome.CALL_LATER: "约定再打",
}
QUEUE_NAMES = {
    AskedQueue.MINE: "我的工单",
    AskedQueue.UNIT: "本单位",
    AskedQueue.ESCALATED: "升级给我",
    AskedQueue.VERIFY: "待核查",
    AskedQueue.DESK: "工作站",
    AskedQueue.CALLS: "待回访",
}


def directory_view(town: Town) -> "TownLists":
    """The directory 通讯录与选项: codes with their names, no phone but the units' public ones, nothing a person is reached by."""
    return {
        "version": town.version,
        "places": _picked(town.places, "code parent kind name full_name inside_wall"),
        "units": _picked(town.units, "code name kind area phone"),
        "staff": _picked(town.staff, "code name unit roles places"),
        "categories": _picked(town.categories, "code parent name track urgent facility sensitive"),
        **OUR_WORDS,
    }


def _picked(rows: Iterable[Any], fields: str) -> list[Any]:
    return [row.model_dump(include=set(fields.split())) for row in rows]


def _named(names: Mapping[Any, str]) -> "list[Named]":
    return [{"code": str(code), "name": name} for code, name in names.items()]


def _of(kind: type[StrEnum]) -> "list[Named]":
    return _named(dict(zip(kind, CHINESE[kind], strict=True)))


OUR_WORDS: "OurWords" = {
    "stages": _named(STAGE_NAMES),
    "tracks": _of(Track),
    "clocks": _named(CLOCK_NAMES),
    "roles": _of(Role),
    "sources": _of(Source),
    "place_kinds": _of(PlaceKind),
    "unit_kinds": _of(UnitKind),
    "return_reasons": _named({reason: reason.value for reason in ReturnReason}),
    "decline_reasons": _named(DECLINE_NAMES),
    "call_outcomes": _named(CALL_OUTCOMES),
    "queues": _named(QUEUE_NAMES),
    "reveal_reasons": _named(REASON_NAMES),
}


def name_of(member: StrEnum) -> str:
    """The Chinese name of a role, track, source or kind."""
    return dict(zip(type(member), CHINESE[type(member)], strict=True))[member]
