"""Files that people hand to the commands, read as at every other door: of any make, or refused in a sentence."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from chalicelib.domain.tables.grid import Unreadable
from chalicelib.domain.tables.reading import read_own_table

Row = dict[str, str]
ROOT = Path(__file__).resolve().parents[1]


def rows_of(file: Path, needed: Sequence[str], also: Sequence[str] = ()) -> list[Row]:
    """The rows with every one of these columns, empty where a cell is; those of `also` need not be there.

    Raises Unreadable for no table, a missing column or no row; OSError for no file.
    """
    columns = (*needed, *also)
    table = read_own_table(file.read_bytes(), dict.fromkeys(columns, ()), needed)
    if not table.rows:
        raise Unreadable("列名下面没有内容")
    return [{name: row.cells.get(name, "") for name in columns} for row in table.rows]


def provenance(files: Sequence[Path], **measured: object) -> dict[str, object]:
    """When a model was learned, of which files, to the byte, and what was `measured`: a file that changed since asks for another model."""
    return {
        "trained": datetime.now(UTC).date().isoformat(),
        "files": {_named(file): sha256(file.read_bytes()).hexdigest() for file in files},
        **measured,
    }


def _named(file: Path) -> str:
    """Where it lies in the project; of a file from elsewhere its name alone, for a folder may tell of somebody."""
    whole = file.resolve()
    return whole.relative_to(ROOT).as_posix() if whole.is_relative_to(ROOT) else file.name


def origin(model: Path) -> dict[str, Any]:
    """What `provenance` said of a model when its file was written."""
    head = json.loads(model.read_bytes().partition(b"\n")[0])
    return dict(head["provenance"])
