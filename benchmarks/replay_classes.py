"""`make replay-classes DATA=file.csv`: what repeats and classes would have come of messages with times (rules 66, 67).

DATA: a table of any make with the columns time, user, title, body; place and category where there are any. The very code that the
stream consumer runs, on dynoxide, each message at its own time. Prints figures, and with --pairs or --classes writes row
numbers to a file, to be judged by a person; never a text.
"""

import argparse
import csv
import json
import random
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from unittest import mock

from benchmarks.meter import Meter
from benchmarks.row import Row, Size
from benchmarks.stand import SAMPLE, a_stand
from chalicelib.domain.classes.similarity import Look
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.tables.grid import Unreadable
from chalicelib.domain.tables.instants import read_instant
from chalicelib.domain.tables.reading import read_own_table
from chalicelib.domain.tickets.ticket import Stage, Ticket, Where
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Place, PlaceKind, Source

_ROOT, _AREA = "T", "A"
MOST_REQUESTS = 8  # to the tables, for one message: reading, writing its keys, lying with its like, a class


class BadRows(Exception):
    """The file cannot be replayed; the message says why."""


def read(file: Path) -> list[dict[str, str]]:
    """Raises BadRows as a clerk is told it: no table, a missing column, a time that is none."""
    names = dict.fromkeys(("time", "user", "title", "body", "place", "category"), ())
    try:
        table = read_own_table(file.read_bytes(), names, ("time", "user", "body"))
        rows = [{name: row.cells.get(name, "") for name in names} for row in table.rows]
        return sorted(rows, key=lambda row: read_instant(row["time"]))
    except (Unreadable, ValueError) as wrong:
        raise BadRows(f"{file.name}：{wrong}") from wrong


def town_of(rows: list[dict[str, str]]) -> Town:
    """A town whose neighbourhoods are the places that the file names."""
    named = dict.fromkeys(row.get("place", "") for row in rows)
    places = [_place(code, PlaceKind.NEIGHBOURHOOD, (_ROOT, _AREA, code)) for code in named if code]
    above = [_place(_ROOT, PlaceKind.TOWN, (_ROOT,)), _place(_AREA, PlaceKind.AREA, (_ROOT, _AREA))]
    return Town(version="replay", places=(*above, *places))


def tickets(rows: list[dict[str, str]]) -> Iterator[Ticket]:
    for number, row in enumerate(rows):
        place = row.get("place", "")
        where = (
            Where(place=place, path=(_ROOT, _AREA, place), name=place)
            if place
            else Where(path=(_ROOT,), name="?")
        )
        yield Ticket(
            id=f"{number:026d}",
            number=str(number),
            stage=Stage.RECEIVED,
            source=Source.BROWSER,
            reporter_id=row["user"],
            where=where,
            text=f"{row['title']} {row['body']}",
            category=row.get("category") or None,
            station_id="",
            received_at=read_instant(row["time"]),
        )


def replay(rows: list[dict[str, str]]) -> tuple[list[tuple[int, int, float]], float]:
    """Every pair of rows that was found to look like one matter with its likeness in words, and the seconds it took."""
    from chalicelib.actions.classes import proposing
    from chalicelib.actions.views import repeats

    town = town_of(rows)
    pairs: list[tuple[int, int, float]] = []
    ranked = repeats.ranked

    def noted(asked: Look, known: list[Look], town: Town) -> list[repeats.Candidate]:
        found = ranked(asked, known, town)
        pairs.extend((int(asked.ticket_id), int(each.look.ticket_id), each.likeness.text) for each in found)
        return found

    begun = time.perf_counter()
    with mock.patch.object(proposing, "ranked", noted):
        for ticket in tickets(rows):
            proposing._received(ticket, town, ticket.received_at, proposing.Known())
    return pairs, time.perf_counter() - begun


def run(size: Size) -> list[Row]:
    """The same over made-up messages of a month, a tenth of them near-copies of an earlier one. What real ones gave: docs/measures-classes.md."""
    rows = made_up(size.reports)
    with a_stand():
        from chalicelib.store.classes import classes

        meter = Meter()
        with meter.counting():
            pairs, seconds = replay(rows)
            asked = sum(meter.requests.values()) / len(rows)
        proposed = len(classes.list_classes(_AREA, past=False)[0])
    return [
        Row("replay of repeats and classes: requests a message", f"≤ {MOST_REQUESTS}", f"{asked:.1f}", f"{len(rows)} made-up messages at their own times, as the stream's consumer does it", asked <= MOST_REQUESTS),
        Row("replay of repeats and classes: time", "–", f"{1000 * seconds / len(rows):.1f} s per 1,000", f"the same: {len(pairs)} pairs found, {proposed} classes proposed; `make replay-classes DATA=…` for a town's own"),
    ]  # fmt: skip


def made_up(count: int) -> list[dict[str, str]]:
    """Messages put together of the sample's sentences, at six neighbourhoods, by people drawn by lot."""
    with (SAMPLE / "training.csv").open(encoding="utf-8-sig", newline="") as lines:
        texts = [row["title"] + row["body"] for row in csv.DictReader(lines)]
    lot, rows = random.Random(1), list[dict[str, str]]()
    for n in range(count):
        at = datetime(2026, 11, 1, tzinfo=SHANGHAI) + timedelta(days=30) * n / count
        copied = lot.choice(rows) if rows and lot.random() < 0.1 else None
        new = {"body": f"{lot.choice(texts)}，{lot.choice(texts)}", "place": f"N{lot.randrange(6)}"}
        said = {"body": copied["body"] + "，请尽快", "place": copied["place"]} if copied else new
        who = {"time": f"{at:%Y-%m-%d %H:%M:%S}", "user": f"u{lot.randrange(count)}", "title": ""}
        rows.append(who | said)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--pairs", type=Path, help="write the pairs that were found: row, row, likeness")
    parser.add_argument("--classes", type=Path, help="write the classes: id, reporters, rows")
    given = parser.parse_args()
    try:
        rows = read(given.data)
    except (BadRows, OSError) as wrong:
        raise SystemExit(str(wrong)) from None
    with a_stand():
        from chalicelib.store.classes import classes, members

        pairs, seconds = replay(rows)
        found, _ = classes.list_classes(_AREA, past=False)
        found += classes.list_classes("", past=False)[0]
        found.sort(key=lambda cls: -cls.reporters)
        held = {cls.id: [int(each.ticket_id) for each in members.all_members(cls)] for cls in found}
    print(f"{len(rows)} messages, {1000 * seconds / len(rows):.1f} s per 1,000")
    print(f"{len({a for a, _, _ in pairs})} messages look like an earlier one, {len(pairs)} pairs")
    print(f"{len(found)} classes proposed; the largest by reporters (of tickets):")
    print(", ".join(f"{cls.reporters} ({cls.members})" for cls in found[:10]))
    if given.pairs:
        given.pairs.write_text("".join(f"{a},{b},{text:.3f}\n" for a, b, text in pairs))
    if given.classes:
        lines = ({"id": cls.id, "reporters": cls.reporters, "rows": held[cls.id]} for cls in found)
        given.classes.write_text("".join(json.dumps(line) + "\n" for line in lines))


def _place(code: str, kind: PlaceKind, path: tuple[str, ...]) -> Place:
    return Place(code=code, kind=kind, name=code, full_name=code, path=path)


if __name__ == "__main__":
    main()
