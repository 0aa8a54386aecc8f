"""The table of docs/access.md §3, as a test reads it."""

from pathlib import Path
from typing import NamedTuple

from chalicelib.domain.town.vocabulary import Role

PAGE = Path(__file__).parent.parent / "docs" / "access.md"
ROLES = {
    "FC": Role.FIRST_CONTACT, "SH": Role.STATION_HEAD, "GW": Role.GRID_WORKER, "PM": Role.PROPERTY_MANAGER, "VO": Role.VOLUNTEER,
    "HD": Role.HANDLER, "UH": Role.UNIT_HEAD, "AL": Role.AREA_LEADER, "TL": Role.TOWN_LEADER, "CO": Role.CITY_OPERATIONS,
    "AD": Role.ADMIN, "CC": Role.CONFIDENTIAL_CONTACT,
}  # fmt: skip


class Row(NamedTuple):
    """`case`: which of several bodies, where the body decides. `marks`: who comes in, by the head of the column."""

    method: str
    path: str
    case: str
    marks: dict[str, bool]


def rows() -> list[Row]:
    lines = [line.strip("| \n").split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines()]
    start = next(n for n, cells in enumerate(lines) if cells[0] == "route")
    heads = lines[start][1:]
    return [_row(cells, heads) for cells in lines[start + 2 :] if cells[0].startswith("`")]


def _row(cells: list[str], heads: list[str]) -> Row:
    method, path, *case = cells[0].strip("`").split(" ")
    assert set(cells[1:]) <= {"✓", "–"}, cells
    return Row(
        method, path, "".join(case).strip("()"), dict(zip(heads, (c == "✓" for c in cells[1:]), strict=True))
    )
