"""danger.csv 危险的说法: its patterns can be read, its word groups exist, and what it files under is a category."""

from collections.abc import Mapping

from chalicelib.domain.town_import.links import refuse_duplicates, refuse_unknown
from chalicelib.domain.town_import.sheet import Row, Sheet
from chalicelib.domain.understanding.phrases import BadPattern, parse


def check_danger(sheets: Mapping[str, Sheet]) -> None:
    """Add to the sheet what is wrong with it. A lexicon that cannot be read is refused; the last good one goes on."""
    danger = sheets["danger"]
    refuse_duplicates(danger, "code")
    if not danger.rows:
        danger.refuse(0, "", "没有一条危险的说法：没有它，“有人被困”也会被当成普通报修")
    groups = {row.values.get("name", ""): _words(row) for row in danger.rows if "kind" not in row.values}
    for row in danger.rows:
        refuse_unknown(danger, row, "category", sheets["categories"].values("code"), "类别")
        _check_row(danger, row, groups)


def _check_row(danger: Sheet, row: Row, groups: Mapping[str, tuple[str, ...]]) -> None:
    if "kind" not in row.values:
        if not row.values.get("name"):
            danger.refuse(row.line, "kind", "请填危险的种类；只给别的行用的词组，请填词组名")
        return
    for column in ("words", "unless"):
        try:
            parse(row.values.get(column, ""), groups, may_be_short=column == "unless")
        except BadPattern as fault:
            danger.refuse(row.line, column, str(fault))


def _words(row: Row) -> tuple[str, ...]:
    return tuple(row.values.get("words", "").split("/"))
