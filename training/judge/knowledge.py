"""How questions find their entry: everyday questions against knowledge.csv, by the very code of the desk and the residents' page.

An empty code: no entry answers it; `quiet` counts of those the ones for which a resident would be offered nothing. Unverified
entries count here; NOW says what has expired.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

from chalicelib.domain.knowledge.finding import Found, Library
from chalicelib.domain.knowledge.offering import offered
from chalicelib.domain.knowledge.words import Words
from chalicelib.domain.tickets.ticket import Where
from chalicelib.domain.town.knowledge_entry import KnowledgeEntry
from chalicelib.domain.town_import.options import OPTIONS
from chalicelib.domain.understanding.reading import understand
from training.files import rows_of
from training.judge import place

Row = Mapping[str, str]
COLUMNS = ("code", "question")
ON = "2026-11-29"  # the day of the sample questions
_CELLS = {column.code: column.parse for column in OPTIONS["knowledge"]}


def figures(rows: Sequence[Row], KNOWLEDGE: str = "", NOW: str = ON) -> tuple[dict[str, object], list[str]]:
    """The counts, and the questions whose first entry is not theirs. Without KNOWLEDGE the sample town's entries."""
    town, today = place.town(), date.fromisoformat(NOW)
    library = Library(entries(Path(KNOWLEDGE)) if KNOWLEDGE else town.knowledge, Words(town.everyday_words))
    counts = dict.fromkeys(("first", "within_three", "of", "quiet", "none"), 0)
    seconds, wrong = [], []
    for row in rows:
        began = process_time()
        found = library.find(row["question"], today=today)
        reading = understand(row["question"], town=town, place=Where(name=""), model=None)
        is_quiet = offered(found, reading) is None
        seconds.append(process_time() - began)
        codes = [each.entry.code for each in found]
        if not row["code"]:
            counts["none"] += 1
            counts["quiet"] += is_quiet
        else:
            counts["of"] += 1
            counts["first"] += codes[:1] == [row["code"]]
            counts["within_three"] += row["code"] in codes
        if codes[:1] != [row["code"]] if row["code"] else not is_quiet:
            wrong.append(f"{row['code'] or '无'}｜{row['question']}｜{'、'.join(map(_told, found))}")
    return {"what": "knowledge", **counts, "cpu_ms": round(median(seconds) * 1000, 2)}, wrong


def entries(file: Path) -> list[KnowledgeEntry]:
    """The entries of a file with the columns of knowledge.csv. Raises Unreadable."""
    return [
        KnowledgeEntry(**_values(row)) for row in rows_of(file, ("code", "title", "answer"), tuple(_CELLS))
    ]


def _values(row: Row) -> dict[str, Any]:
    return {name: _CELLS[name](cell.strip()) for name, cell in row.items() if name in _CELLS and cell.strip()}


def _told(found: Found) -> str:
    return f"{found.entry.title} {found.score:.1f}"
