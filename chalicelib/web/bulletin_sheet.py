"""The figures of a weekly bulletin as a spreadsheet (XLSX), numerators and denominators in cells of their own."""

from typing import Any

from chalicelib.domain.feed.bulletin import Bulletin
from chalicelib.domain.figures.exporting import WAITED, promise_cells, promise_names, waited_cells, with_share
from chalicelib.domain.tables.writing import Sheet, xlsx_of
from chalicelib.web.bulletin import INDICATORS

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Row = list[Any]


def sheets(bulletin: Bulletin) -> dict[str, list[Row]]:
    """What stands on each sheet, its heads first."""
    total = bulletin.figures.get("total")
    units = [*bulletin.figures.get("rows", []), *([total | {"name": "合计"}] if total else [])]
    promises = promise_names(units)
    return {
        "各单位": [_unit_heads(promises), *(_unit(each, promises) for each in units)],
        "逐日": [["日期", "受理", "结案"], *([d["day"], d["received"], d["closed"]] for d in bulletin.figures.get("days", []))],
        "哪些事多了": [["类别", "本周", "此前每周平均"], *([r.category, r.count, round(r.before, 2)] for r in bulletin.rises)],
        "超期": [["单位", "现在超期"], *map(list, bulletin.late)],
        "一类事": [
            ["一类事", "状态", "反映的人", "工单", "措施", "负责单位", "措施前", "措施后", "见效"],
            *([c.name, c.state, c.reporters, c.members, c.measure, c.unit, c.before, c.after, c.verdict] for c in bulletin.classes),
        ],
    }  # fmt: skip


def sheet(bulletin: Bulletin) -> bytes:
    """The workbook, to be printed across, one page wide."""
    return xlsx_of([Sheet(name, rows) for name, rows in sheets(bulletin).items()])


def _unit_heads(promises: list[str]) -> Row:
    named = (*promises, *INDICATORS.values())
    return [
        "单位",
        "受理",
        "结案",
        *(f"{words} {part}" for words in named for part in ("分子", "分母", "%")),
        *WAITED,
    ]


def _unit(row: dict[str, Any], promises: list[str]) -> Row:
    parts = [cell for name in INDICATORS for cell in with_share(row["indicators"][name])]
    return [
        row["name"],
        row["received"],
        row["closed"],
        *promise_cells(row, promises),
        *parts,
        *waited_cells(row),
    ]
