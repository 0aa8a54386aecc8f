"""Files that people hand to the commands, read as at every other door: of any make, or refused in a sentence."""

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from chalicelib.domain.tables.grid import Unreadable
from chalicelib.domain.tables.reading import read_own_table

Row = dict[str, str]


def rows_of(file: Path, needed: Sequence[str], also: Sequence[str] = ()) -> list[Row]:
    """The rows with every one of these columns, empty where a cell is; those of `also` need not be there.

    Raises Unreadable for no table, a missing column or no row; OSError for no file.
    """
    columns = (*needed, *also)
    table = read_own_table(file.read_bytes(), dict.fromkeys(columns, ()), needed)
    if not table.rows:
        raise Unreadable("列名下面没有内容")
    return [{name: row.cells.get(name, "") for name in columns} for row in table.rows]


def provenance(file: Path, rows: int) -> dict[str, object]:
    """Of what a model was learned, and when."""
    return {
        "trained": datetime.now(UTC).date().isoformat(),
        "file": file.name,
        "sha256": sha256(file.read_bytes()).hexdigest(),
        "rows": rows,
    }
