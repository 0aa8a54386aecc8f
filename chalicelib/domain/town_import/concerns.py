"""concerns.csv 投诉的说法: its patterns can be read, its groups exist, and every name stands for a party or a unit."""

from collections.abc import Mapping

from chalicelib.domain.town.concern_signs import NAMELESS, ConcernRow
from chalicelib.domain.town_import.links import refuse_duplicates
from chalicelib.domain.town_import.sheet import Row, Sheet
from chalicelib.domain.town_import.spelling import refuse_unreadable
from chalicelib.domain.understanding.blame import Party

PARTIES = {
    "物业": Party.PROPERTY.value,
    "居委": Party.COMMITTEE.value,
    "网格员": Party.GRID.value,
    "工作站": Party.STATION.value,
    "镇机关": Party.OFFICE.value,
    "他们": Party.THEY.value,
    "你们": Party.YOU.value,
    "无名": NAMELESS,
}


def check_concerns(sheets: Mapping[str, Sheet]) -> None:
    """Add to the sheet what is wrong with it. A lexicon that cannot be read is refused; the last good one goes on."""
    concerns = sheets["concerns"]
    refuse_duplicates(concerns, "code")
    kinds = {row.values.get("kind") for row in concerns.rows}
    for kind, what in ((ConcernRow.ALIAS, "称呼"), (ConcernRow.MISCONDUCT, "失德")):
        if kind not in kinds:
            concerns.refuse(0, "kind", f"没有一行“{what}”：没有它，投诉会派给被投诉的人")
    groups = {
        row.values.get("name", ""): tuple(row.values.get("words", "").split("/"))
        for row in concerns.rows
        if row.values.get("kind") is ConcernRow.GROUP
    }
    units = sheets["units"].values("code")
    for row in concerns.rows:
        _check_row(concerns, row, units)
    signs = [row for row in concerns.rows if row.values.get("kind") is not ConcernRow.GROUP]
    refuse_unreadable(concerns, signs, {"words": False, "unless": True}, groups)


def _check_row(sheet: Sheet, row: Row, units: set[str]) -> None:
    kind, party = row.values.get("kind"), row.values.get("party", "")
    if kind is ConcernRow.GROUP:
        if not row.values.get("name"):
            sheet.refuse(row.line, "name", "请填词组名")
        return
    if kind is ConcernRow.ALIAS and party not in PARTIES and party not in units:
        sheet.refuse(row.line, "party", f"“{party}”不认识，可以填单位编码，或：{'、'.join(PARTIES)}")
