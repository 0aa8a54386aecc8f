"""Checking and building the place tree from places.csv."""

from chalicelib.domain.town.vocabulary import Place, PlaceKind
from chalicelib.domain.town_import.sheet import Row, Sheet

K = PlaceKind
# What may lie directly in what. A point hangs in a building or, in the street, directly in its grid: so it has exactly one grid.
PARENTS: dict[PlaceKind, tuple[PlaceKind, ...]] = {
    K.TOWN: (),
    K.AREA: (K.TOWN,),
    K.BLOCK: (K.AREA,),
    K.NEIGHBOURHOOD: (K.AREA, K.BLOCK),
    K.GRID: (K.NEIGHBOURHOOD, K.BLOCK, K.AREA),
    K.BUILDING: (K.GRID,),
    K.POINT: (K.BUILDING, K.GRID),
}
_CHINESE = dict(zip(K, ("镇", "片区", "街区", "居民区", "网格", "楼栋", "点位"), strict=True))
# A sound tree has seven levels; a longer chain breaks the nesting somewhere and is refused for that
_DEEPEST = 20
_SPOKEN = (K.BLOCK, K.NEIGHBOURHOOD, K.BUILDING, K.POINT)  # what people say when they name a place


def check_places(places: Sheet) -> None:
    """Parents known and of the right kind, one town, no cycle, sound coordinates."""
    rows = {row.values["code"]: row for row in places.rows if "code" in row.values}
    for row in places.rows:
        _check_parent(places, row, rows)
        _check_coordinates(places, row)
    _check_cycles(places, rows)
    towns = [row for row in places.rows if row.values.get("kind") is K.TOWN]
    if not towns:
        places.refuse(0, "kind", "没有“镇”这一行；整张表要有且只有一个镇")
    for extra in towns[1:]:
        places.refuse(extra.line, "kind", "只能有一个镇")


def build_places(places: Sheet) -> tuple[Place, ...]:
    """The checked rows as places with path and full name, parents before children, else in file order."""
    rows = {row.values["code"]: row for row in places.rows}
    built: dict[str, Place] = {}
    for code in rows:
        for step in reversed(_line_up(code, rows)):
            if step not in built:
                built[step] = _place(rows[step], built)
    return tuple(built.values())


def _place(row: Row, built: dict[str, Place]) -> Place:
    values = dict(row.values)
    above = built.get(values.get("parent", ""))
    if above:
        values.setdefault("inside_wall", above.inside_wall)
    path = (*(above.path if above else ()), values["code"])
    spoken = [built[code].name for code in path[:-1] if built[code].kind in _SPOKEN]
    return Place(**values, path=path, full_name=" ".join([*spoken, values["name"]]))


def _line_up(code: str, rows: dict[str, Row]) -> list[str]:
    """A place and those above it, up to the town, an unknown parent, or the first one seen twice."""
    line = [code]
    while (parent := rows[line[-1]].values.get("parent")) in rows and len(line) < _DEEPEST:
        if parent in line:
            return [*line, parent]
        line.append(parent)
    return line


def _check_parent(places: Sheet, row: Row, rows: dict[str, Row]) -> None:
    kind, parent = row.values.get("kind"), row.values.get("parent")
    if kind is None:
        return
    if parent is None:
        if kind is not K.TOWN and not places.is_refused(row, "parent"):
            places.refuse(row.line, "parent", "上级编码不能为空；只有镇没有上级")
    elif kind is K.TOWN:
        places.refuse(row.line, "parent", "镇没有上级，请清空这一格")
    elif parent not in rows:
        places.refuse(row.line, "parent", f"上级“{parent}”不在地点表里")
    elif (above := rows[parent].values.get("kind")) is not None and above not in PARENTS[kind]:
        allowed = "、".join(_CHINESE[other] for other in PARENTS[kind])
        reason = f"{_CHINESE[kind]}不能放在{_CHINESE[above]}下面，它的上级应是：{allowed}"
        places.refuse(row.line, "parent", reason)


def _check_cycles(places: Sheet, rows: dict[str, Row]) -> None:
    for code, row in rows.items():
        line = _line_up(code, rows)
        if line[-1] == code and len(line) > 1:
            places.refuse(row.line, "parent", f"上下级绕成了圈：{' → '.join(line)}")


def _check_coordinates(places: Sheet, row: Row) -> None:
    given = [name for name in ("lat", "lon") if name in row.values]
    if len(given) == 1 and not any(places.is_refused(row, name) for name in ("lat", "lon")):
        places.refuse(row.line, given[0], "纬度和经度要么都填，要么都不填")
