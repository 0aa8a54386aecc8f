"""Links of the files that a town may have: what they name must be in the others."""

from collections.abc import Mapping

from chalicelib.domain.town_links import refuse_duplicates, refuse_unknown
from chalicelib.domain.town_sheet import Sheet

MOST_SUBSCRIBERS = 20  # each has a line of its own in every run
LONGEST_WINDOW = 24 * 60  # minutes


def check_options(sheets: Mapping[str, Sheet]) -> None:
    """Add to each sheet what is wrong with it in the light of the others."""
    _check_subscribers(sheets["subscribers"])
    _check_sensor_rules(sheets)


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
