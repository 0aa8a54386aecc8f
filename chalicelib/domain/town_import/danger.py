"""danger.csv 危险的说法: its patterns can be read, its word groups exist, and what it files under is a category."""

from collections.abc import Mapping

from chalicelib.domain.town_import.links import refuse_duplicates, refuse_unknown
from chalicelib.domain.town_import.sheet import Row, Sheet
from chalicelib.domain.town_import.spelling import refuse_unreadable


def check_danger(sheets: Mapping[str, Sheet]) -> None:
    """Add to the sheet what is wrong with it. A lexicon that cannot be read is refused; the last good one goes on."""
    danger = sheets["danger"]
    refuse_duplicates(danger, "code")
    if not danger.rows:
        danger.refuse(0, "", "没有一条危险的说法：没有它，“有人被困”也会被当成普通报修")
    groups = {row.values.get("name", ""): _words(row) for row in danger.rows if "kind" not in row.values}
    for row in danger.rows:
        refuse_unknown(danger, row, "category", sheets["categories"].values("code"), "类别")
        if "kind" not in row.values and not row.values.get("name"):
            danger.refuse(row.line, "kind", "请填危险的种类；只给别的行用的词组，请填词组名")
    signs = [row for row in danger.rows if "kind" in row.values]
    refuse_unreadable(danger, signs, {"words": False, "unless": True}, groups)


def _words(row: Row) -> tuple[str, ...]:
    return tuple(row.values.get("words", "").split("/"))
