"""The town's tables in force, as they were written, to be had again: one workbook, or a CSV file each, that survive Excel."""

import io
import zipfile
from collections.abc import Iterable, Mapping

from chalicelib.domain.tables.writing import Sheet, csv_of, xlsx_of
from chalicelib.domain.town.walk_lists import TRADE_NAMES, Shop
from chalicelib.domain.town_import.columns import FILES
from chalicelib.domain.town_import.options import EVERY_FILE
from chalicelib.domain.town_import.sheet import Rows
from chalicelib.domain.town_import.sources import EXPLAINS, title_of

_HOW = (
    "这个工作簿是现行的镇资料，每张表一个工作表；“*”是必填的列。",
    "直接改，保存后整个上传（或 make town TOWN=文件名）；会先列出改了什么，确认后才生效。",
    "所有格子都是文本格式，请不要改成数字或日期：0012、1-5、24:00 会原样保留。",
    "编码定了就不要改：改编码等于删掉旧的、新增一个。删掉点位一行，贴出去的码就失效。",
    "一格里写几项，用 ；、， 隔开。不用的表可以空着，工作表的名字不要改。",
)


def workbook_of(tables: Mapping[str, Rows]) -> bytes:
    """Every table a town may have as a sheet of text cells, with lists to choose from, behind one that explains."""
    sheets = [Sheet(title_of(name), _in_chinese(name, tables), _choices(name)) for name in EVERY_FILE]
    return xlsx_of([Sheet(EXPLAINS, _explained(), head=False), *sheets])


def csv_files_of(tables: Mapping[str, Rows]) -> dict[str, bytes]:
    """By file name, the tables in force as CSV that Excel opens."""
    return {f"{name}.csv": csv_of(_in_chinese(name, tables)) for name in EVERY_FILE if name in tables}


def packed(files: Mapping[str, bytes]) -> bytes:
    """As one ZIP; the same files are the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packing:
        for name, content in files.items():
            packing.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def as_walks_say(tables: Mapping[str, Rows], shops: Iterable[Shop]) -> dict[str, Rows]:
    """The tables with each shop's name and state as it was last found, in the town's own words: nothing found gets lost."""
    head, *rows = tables.get("shops", ((),))
    if not rows:
        return dict(tables)
    found = {shop.code: {"name": shop.name, "trade": TRADE_NAMES[shop.trade]} for shop in shops}
    at = head.index("code")
    written = (
        tuple(found.get(row[at], {}).get(column, cell) for column, cell in zip(head, row, strict=True))
        for row in rows
    )
    return {**tables, "shops": (head, *written)}


def _in_chinese(name: str, tables: Mapping[str, Rows]) -> list[list[str]]:
    """All columns by their Chinese names, those without content too."""
    columns = EVERY_FILE[name]
    head, *rows = tables.get(name, ((),))
    at = {code: head.index(code) for code in head}
    titles = [f"{column.chinese}*" if column.required else column.chinese for column in columns]
    filled = [[row[at[column.code]] if column.code in at else "" for column in columns] for row in rows]
    return [titles, *filled]


def _choices(name: str) -> dict[int, tuple[str, ...]]:
    return {at: column.choices for at, column in enumerate(EVERY_FILE[name]) if column.choices}


def _explained() -> list[list[str]]:
    lines = [[line] for line in _HOW]
    for name, columns in EVERY_FILE.items():
        must = "必须有" if name in FILES else "可以没有"
        lines += [[], [f"{title_of(name)}（{name}，{must}）"]]
        lines += [
            [f"{column.chinese}{'*' if column.required else ''}", "、".join(column.choices)]
            for column in columns
        ]
    return lines
