"""How far a sheet may reach: the library lays out the whole rectangle that holds its cells before anybody reads one."""

from chalicelib.domain.tables.grid import Unreadable

MOST_CELLS = 12_000_000  # of the rectangle that holds all: 300 MB while it is read


MOST_LINES, MOST_COLUMNS = 1_048_576, 16_384  # of any program's sheet


def fits(lines: int, columns: int) -> bool:
    """Whether the rectangle fits into memory; its last cell still does."""
    return lines <= MOST_LINES and columns <= MOST_COLUMNS and lines * columns <= MOST_CELLS


def check(lines: int, columns: int) -> None:
    """Raises Unreadable for a rectangle that does not fit."""
    if not fits(lines, columns):
        raise Unreadable("表格里很远的地方还有内容，请删去多余的行和列后再试")
