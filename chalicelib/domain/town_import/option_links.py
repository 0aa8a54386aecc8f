"""Links of the files that a town may have: what they name must be in the others."""

from collections.abc import Mapping

from chalicelib.domain.town.vocabulary import FOUND, PlaceKind, Role, Source, UnitKind
from chalicelib.domain.town_import.links import refuse_duplicates, refuse_unknown
from chalicelib.domain.town_import.sheet import Sheet

MOST_SUBSCRIBERS = 20  # each has a line of its own in every run
LONGEST_WINDOW = 24 * 60  # minutes
LONGEST_PERIOD = 13  # weeks: a quarter; coverage reads every week of it


def check_options(sheets: Mapping[str, Sheet]) -> None:
    """Add to each sheet what is wrong with it in the light of the others."""
    _check_subscribers(sheets["subscribers"])
    _check_sensor_rules(sheets)
    _check_visit_plans(sheets)
    _check_hazards(sheets)
    _check_shops(sheets)
    _check_emergency_sheets(sheets)
    _check_mandates(sheets)


def _check_subscribers(subscribers: Sheet) -> None:
    refuse_duplicates(subscribers, "name")
    if len(subscribers.rows) > MOST_SUBSCRIBERS:
        subscribers.refuse(0, "", f"订阅方最多 {MOST_SUBSCRIBERS} 个，请删去不用的")
    for row in subscribers.rows:
        if row.values.get("identity") and not row.values.get("address"):
            subscribers.refuse(row.line, "identity", "身份字段只随推送发出，请先填推送地址，或把这一格清空")


def _check_sensor_rules(sheets: Mapping[str, Sheet]) -> None:
    rules = sheets["sensor_rules"]
    refuse_duplicates(rules, "code")
    for row in rules.rows:
        refuse_unknown(rules, row, "place", sheets["places"].values("code"), "地点")
        refuse_unknown(rules, row, "category", sheets["categories"].values("code"), "类别")
        if row.values.get("minutes", 1) > LONGEST_WINDOW:
            rules.refuse(row.line, "minutes", f"时间窗最长 {LONGEST_WINDOW} 分钟（一天）")


def _check_visit_plans(sheets: Mapping[str, Sheet]) -> None:
    plans = sheets["visit_plans"]
    refuse_duplicates(plans, "code")
    for row in plans.rows:
        refuse_unknown(plans, row, "places", sheets["places"].values("code"), "地点")
        source, role = row.values.get("source"), row.values.get("role")
        if source and (source not in FOUND or source is Source.SENSOR):
            plans.refuse(row.line, "source", "来源只能是 走访、巡查 或 志愿者")
        elif source and role and (source is Source.VOLUNTEER) is not (role is Role.VOLUNTEER):
            plans.refuse(row.line, "role", "来源是志愿者的计划由志愿者走，其他计划由工作人员走")
        if row.values.get("each") in (PlaceKind.TOWN, PlaceKind.AREA):
            plans.refuse(row.line, "each", "逐个走的应是街区、居民区、网格、楼栋或点位")
        if row.values.get("weeks", 1) > LONGEST_PERIOD:
            plans.refuse(row.line, "weeks", f"一轮最长 {LONGEST_PERIOD} 周（一个季度）")


def _check_hazards(sheets: Mapping[str, Sheet]) -> None:
    hazards = sheets["hazards"]
    refuse_duplicates(hazards, "code")
    for row in hazards.rows:
        refuse_unknown(hazards, row, "category", sheets["categories"].values("code"), "类别")


def _check_shops(sheets: Mapping[str, Sheet]) -> None:
    shops = sheets["shops"]
    refuse_duplicates(shops, "code")
    kinds = {row.values.get("code"): row.values.get("kind") for row in sheets["places"].rows}
    for row in shops.rows:
        refuse_unknown(shops, row, "place", sheets["places"].values("code"), "地点")
        if kinds.get(row.values.get("place")) in (PlaceKind.TOWN, PlaceKind.AREA):
            shops.refuse(row.line, "place", "商户要写到街区、居民区、网格、楼栋或点位，走访时才找得到")


def _check_mandates(sheets: Mapping[str, Sheet]) -> None:
    rows, units = sheets["mandates"], sheets["units"].values("code")
    kinds = {str(kind) for kind in UnitKind}
    for row in rows.rows:
        refuse_unknown(rows, row, "category", sheets["categories"].values("code"), "类别")
        refuse_unknown(rows, row, "place", sheets["places"].values("code"), "地点")
        for column in ("lead", "assisting"):
            refuse_unknown(rows, row, column, units, "单位")
        never = row.values.get("never") or ()
        for each in (each for each in never if each not in kinds and each not in units):
            rows.refuse(row.line, "never", f"没有“{each}”这个单位，也没有这一种单位")
        if row.values.get("lead") in never:
            rows.refuse(row.line, "lead", "主办单位又写在“不能派给”里，请改其中一个")


def _check_emergency_sheets(sheets: Mapping[str, Sheet]) -> None:
    cards = sheets["emergency_sheets"]
    refuse_duplicates(cards, "place")
    for row in cards.rows:
        refuse_unknown(cards, row, "place", sheets["places"].values("code"), "地点")
