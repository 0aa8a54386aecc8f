"""The one reader of tables: bytes to rows with their line numbers, for every door and every command."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from chalicelib.domain.tables.asides import aside
from chalicelib.domain.tables.dialect import SAVE_AS, grids_of_text, text_of
from chalicelib.domain.tables.grid import Grid, Line, Unreadable
from chalicelib.domain.tables.heads import Head, Names, find_head, is_again, written_in
from chalicelib.domain.tables.workbook import grids_of_workbook, is_workbook

MOST_BYTES = 8 * 1024 * 1024
SHIFTED = "这一行的单元格比列名多；内容里有逗号时，要用英文双引号括起来"  # of a row with `beyond`
MOST_ROWS = 50_000  # with content, without the head
_NONE: frozenset[str] = frozenset()
_BLANK = b"\xef\xbb\xbf\xff\xfe\0\x1a \t\r\n"


class Row(NamedTuple):
    """A row's cells by column; empty ones are absent. `beyond`: cells where the head has no column any more.

    `merged`: columns whose cell goes on from a row above. `is_hidden`: by a filter or by hand; it is read all the same.
    """

    line: int
    cells: dict[str, str]
    beyond: bool = False
    merged: frozenset[str] = _NONE
    is_hidden: bool = False


class Passed(NamedTuple):
    """A line that was passed over, and why: said to whoever sent the file."""

    line: int
    why: str


class Table(NamedTuple):
    """`sheet` is empty for text. `missing`: required columns without a head. `beside`: other sheets that were not read.

    `differ`: the first line in which two columns of the same name say different things, and the name.
    """

    sheet: str
    head_line: int
    columns: tuple[str, ...]
    missing: tuple[str, ...]
    twice: tuple[str, ...]
    unknown: tuple[tuple[int, str], ...]
    rows: tuple[Row, ...]
    passed: tuple[Passed, ...]
    beside: tuple[str, ...] = ()
    differ: tuple[int, str] | None = None


def read_table(
    content: bytes, names: Names, required: Sequence[str] = (), *, most_rows: int = MOST_ROWS
) -> Table:
    """The table under the head that has these columns. `names`: by the reader's word, how a head may be written.

    Raises Unreadable for no table, too much, or a head without a required column, saying what the first line says.
    """
    return _whole(find_table(content, names, required, most_rows=most_rows), content, names)


def read_own_table(content: bytes, names: Names, required: Sequence[str] = ()) -> Table:
    """As `read_table`, of a developer's own file on his own machine: of any size. A row that may have slipped is refused."""
    grids = grids_of(content, most_bytes=len(content))
    table = table_in(grids, names, required, most_rows=len(content) + 1)
    for row in table.rows:
        if row.beyond:  # its cells may stand under other heads than their own
            raise Unreadable(SHIFTED, row.line)
    return _whole(table, content, {name: (name,) for name in names}, "缺少列 ")


def find_table(
    content: bytes, names: Names, required: Sequence[str] = (), *, most_rows: int = MOST_ROWS
) -> Table:
    """As `read_table`, but a head that lacks something is answered, in `missing`."""
    return table_in(grids_of(content), names, required, most_rows=most_rows)


def _whole(table: Table, content: bytes, names: Names, lacking: str = "没有这些列：") -> Table:
    if table.differ:
        line, key = table.differ
        raise Unreadable(f"“{_name_of(key, names)}”这一列出现了两次，内容不一样；请只留一列", line)
    if not table.missing:
        return table
    wanted = "、".join(_name_of(key, names) for key in table.missing)
    seen = "、".join(_heads_of(content)) or "空"
    raise Unreadable(f"{lacking}{wanted}；第一行写的是：{seen}。请核对列名，列名要在前十五行之内")


def table_in(
    grids: Iterator[Grid], names: Names, required: Sequence[str] = (), *, most_rows: int = MOST_ROWS
) -> Table:
    """The best table of these readings of a file: one that has every required column before any other."""
    best: Table | None = None
    whole: list[str] = []
    wrong: Unreadable | None = None
    while True:
        try:
            grid = next(grids, None)
        except Unreadable as unreadable:
            wrong = unreadable
            break
        if grid is None:
            break
        table = _table(grid, names, required, most_rows)
        if table and not table.missing:
            whole.append(grid.name)
        if table and (best is None or _worth(table) > _worth(best)):
            best = table
        if table and not table.missing and not grid.name:  # text has one reading that has every column
            break
    if wrong and (best is None or best.missing):
        raise wrong
    if best is None:
        return Table("", 0, (), tuple(required), (), (), (), ())
    return best._replace(beside=tuple(name for name in whole if name and name != best.sheet))


def grids_of(content: bytes, *, most_bytes: int | None = None) -> Iterator[Grid]:
    """Every reading of the file: its visible sheets, or its text as each likely separator parts it."""
    if len(content) > (most_bytes or MOST_BYTES):
        raise Unreadable(f"文件超过 {MOST_BYTES // 1024 // 1024} MB，请分成几个文件")
    if not content.strip(_BLANK):
        raise Unreadable("这是空文件，里面没有内容；请重新导出或保存一次")
    if is_workbook(content):
        yield from grids_of_workbook(content)
        return
    if content.startswith((b"%PDF", b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"\x1f\x8b", b"Rar!")):
        raise Unreadable(f"这不是表格（可能是 PDF、图片或压缩包）；{SAVE_AS}")
    text = text_of(content)
    # Python's reader of HTML is a hundredth of a start, which reads no table.
    from chalicelib.domain.tables import markup

    yield from markup.grids_of_markup(text) if markup.is_markup(text) else grids_of_text(text)


def _worth(table: Table) -> tuple[bool, int, int]:
    return not table.missing, len(table.columns), -len(table.unknown)


def _table(grid: Grid, names: Names, required: Sequence[str], most_rows: int) -> Table | None:
    head = find_head(grid, names, required)
    if head is None:
        return None
    rows: list[Row] = []
    passed: list[Passed] = []
    for line in grid.lines[: head.first]:
        passed.append(Passed(line.number, "列名上面的标题"))
    written = written_in(head, grid)
    for line in grid.lines[head.last + 1 :]:
        if is_again(line, written):
            passed.append(Passed(line.number, "重复的列名"))
        elif why := aside(line):
            passed.append(Passed(line.number, why))
        else:
            rows.append(_row(line, head))
    if len(rows) > most_rows:
        raise Unreadable(f"超过 {most_rows} 行，请分成几个文件")
    missing = tuple(key for key in required if key not in head.where)
    unknown = tuple((column, name) for column, name in head.unknown if name or _is_used(rows, grid, column))
    by_column = sorted(head.where, key=head.where.__getitem__)
    line_number = grid.lines[head.last].number
    twice = tuple(dict.fromkeys(key for key, _ in head.twice))
    found = (grid.name, line_number, tuple(by_column), missing, twice, unknown, tuple(rows), tuple(passed))
    return Table(*found, differ=_differ(grid.lines[head.last + 1 :], head))


def _row(line: Line, head: Head) -> Row:
    cells = {key: line.cells[at] for key, at in head.where.items() if at < len(line.cells) and line.cells[at]}
    for key, at in head.twice:
        if key not in cells and at < len(line.cells) and line.cells[at]:
            cells[key] = line.cells[at]
    width = len(head.where) + len(head.unknown) + len(head.twice)
    merged = frozenset(key for key, at in head.where.items() if at in line.merged) if line.merged else _NONE
    return Row(line.number, cells, any(line.cells[width:]), merged, line.is_hidden)


def _differ(lines: Sequence[Line], head: Head) -> tuple[int, str] | None:
    """The first line in which two columns of one name say two things."""
    for line in lines if head.twice else ():
        for key, at in head.twice:
            said = {
                cell for column in (head.where[key], at) for cell in line.cells[column : column + 1] if cell
            }
            if len(said) > 1:
                return line.number, key
    return None


def _is_used(rows: Sequence[Row], grid: Grid, column: int) -> bool:
    numbers = {row.line for row in rows}
    return any(
        column < len(line.cells) and line.cells[column] for line in grid.lines if line.number in numbers
    )


def _name_of(key: str, names: Names) -> str:
    return next(iter(names[key]), key)


def _heads_of(content: bytes) -> tuple[str, ...]:
    try:
        first = next(
            (grid.lines[0].cells for grid in grids_of(content, most_bytes=len(content)) if grid.lines), ()
        )
    except Unreadable:
        return ()
    return tuple(cell[:20] for cell in first[:8] if cell)
