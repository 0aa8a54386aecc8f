"""Which of the files that were sent is which table of the town: a file each, of any make, or one workbook with a sheet for each."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from chalicelib.domain.tables.grid import Grid, Unreadable
from chalicelib.domain.tables.reading import grids_of
from chalicelib.domain.tables.workbook import grids_of_workbook, is_workbook
from chalicelib.domain.town_import.options import EVERY_FILE

KINDS = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
TITLES = {
    "places": "地点", "units": "单位", "staff": "人员", "duty": "值班", "categories": "类别", "triage": "分诊",
    "clocks": "时限", "follow_up": "回访", "roles": "角色", "emergency": "紧急电话", "danger": "危险", "calendar": "日历",
    "subscribers": "订阅方", "sensor_rules": "传感器规则", "visit_plans": "走访计划", "hazards": "隐患清单",
    "knowledge": "知识", "everyday_words": "俗话", "concerns": "涉及对象", "emergency_sheets": "应急卡", "topics": "话题", "mandates": "派单目录",
    "shops": "商户",
}  # fmt: skip
EXPLAINS = "说明"  # the first sheet of a workbook that we wrote


class Source(NamedTuple):
    """One table as it was sent: in which file, and its readings."""

    file: str
    grids: Iterator[Grid]


class Sources(NamedTuple):
    """`strange`: files and sheets that are no table of a town; `twice`: tables that came two times."""

    tables: dict[str, Source]
    strange: list[str]
    twice: list[str]


def stem_of(file: str) -> str:
    """A file's name without its folder, its kind and its case: DUTY.CSV is duty."""
    name = file.replace("\\", "/").rpartition("/")[2]
    lower = name.lower()
    return next((lower.removesuffix(kind) for kind in KINDS if lower.endswith(kind)), lower)


def table_of(name: str) -> str | None:
    """The table that a file or a sheet of this name is, by its code or its Chinese title."""
    plain = name.strip().lower()
    return (
        plain if plain in EVERY_FILE else next((code for code in EVERY_FILE if title_of(code) == plain), None)
    )


def title_of(table: str) -> str:
    return TITLES.get(table, table)


def sources_of(files: Mapping[str, bytes]) -> Sources:
    """Raises nothing: a file that cannot be read is told when its table is."""
    found = Sources({}, [], [])
    for file, content in files.items():
        name = table_of(stem_of(file))
        if name:
            _add(found, name, Source(file, grids_of(content)))
        elif not is_workbook(content) or not _add_workbook(found, file, content):
            found.strange.append(file)
    return found


def _add_workbook(found: Sources, file: str, content: bytes) -> bool:
    """Whether it is one: some sheet of it bears the name of a table."""
    try:
        grids = grids_of_workbook(content)
    except Unreadable:
        return False
    known = {grid.name: table_of(grid.name) for grid in grids}
    if not any(known.values()):
        return False
    for grid in grids:
        name = known[grid.name]
        if name:
            _add(found, name, Source(f"{file}：{grid.name}", iter((grid,))))
        elif grid.name != EXPLAINS:
            found.strange.append(f"{file}：{grid.name}")
    return True


def _add(found: Sources, name: str, source: Source) -> None:
    if name in found.tables:
        found.twice.append(source.file)
    found.tables[name] = source
