"""How wordings of one matter meet: every row as a report of another person, 40 minutes apart, through the stream's own code.

A matter is gathered when one proposal holds at least five of its rows and at least 80 % of the proposal is of it; a proposal
with no such majority, or a second one of a gathered matter, is wrong. All rows of a place lie at one point made for the run.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from chalicelib.domain.classes.issue_class import IssueClass
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.tickets.ticket import Stage, Ticket, Where
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Place, PlaceKind, Source
from chalicelib.domain.understanding.reading import understand
from chalicelib.domain.understanding.triage import suggest
from training.judge import place as sample

Row = Mapping[str, str]
COLUMNS = ("matter", "place", "text")
APART = timedelta(minutes=40)
FIRST = datetime(2026, 11, 23, 8, 0, tzinfo=SHANGHAI)
LEAST_ROWS, LEAST_SHARE = 5, 0.8
_TOWN, _AREA = "JT", "JA"


def figures(rows: Sequence[Row]) -> tuple[dict[str, object], list[str]]:
    """The counts, and each wrong proposal with its rows."""
    proposals = _proposals(rows)
    gathered: set[str] = set()
    wrong = []
    for held in sorted(proposals, key=len, reverse=True):
        matter, count = Counter(rows[n]["matter"] for n in held).most_common(1)[0]
        is_one = bool(matter) and count >= LEAST_SHARE * len(held)
        if not is_one or matter in gathered:
            texts = "；".join(f"{rows[n]['matter'] or '无'} {rows[n]['text'][:12]}" for n in held)
            wrong.append(f"{rows[held[0]]['place']}｜{texts}")
        elif count >= LEAST_ROWS:
            gathered.add(matter)
    matters = {row["matter"] for row in rows} - {""}
    counts = {"gathered": len(gathered), "of": len(matters), "proposals": len(proposals), "wrong": len(wrong)}
    return {"what": "matters", **counts}, wrong


def _proposals(rows: Sequence[Row]) -> list[list[int]]:
    """The rows of each class that the machine proposes, by the stream's own code on tables in memory."""
    import pytest

    from tests.moto_cloud import moto_cloud

    with pytest.MonkeyPatch.context() as patch, moto_cloud(patch):
        from chalicelib.actions.classes import proposing
        from chalicelib.store.classes import members

        town = town_of(rows)
        for ticket in reports(rows, town):
            proposing._received(ticket, town, ticket.received_at, proposing.Known())
        found = [cls for area in (_AREA, "") for cls in _all_open(area)]
        return [sorted(int(each.ticket_id) for each in members.all_members(cls)) for cls in found]


def _all_open(area: str) -> Iterator[IssueClass]:
    """Page by page: of forty places there may be more than one page holds."""
    from chalicelib.store.classes import classes

    found, after = classes.list_classes(area, past=False)
    yield from found
    while after:
        found, after = classes.list_classes(area, past=False, after=after)
        yield from found


def town_of(rows: Sequence[Row]) -> Town:
    """The sample town's words, with a building for each place of the file in a neighbourhood of its own."""
    places = [
        _place(_TOWN, PlaceKind.TOWN, _TOWN, (_TOWN,)),
        _place(_AREA, PlaceKind.AREA, _AREA, (_TOWN, _AREA)),
    ]
    for name, code in _codes(rows).items():
        estate = (_TOWN, _AREA, f"{code}N")
        places.append(_place(f"{code}N", PlaceKind.NEIGHBOURHOOD, f"{code}号小区", estate))
        places.append(_place(code, PlaceKind.BUILDING, name, (*estate, code)))
    return sample.town().model_copy(update={"places": tuple(places), "version": "matters"})


def reports(rows: Sequence[Row], town: Town) -> Iterator[Ticket]:
    codes = _codes(rows)
    for number, row in enumerate(rows):
        code = codes[row["place"]]
        yield Ticket(
            id=f"{number:026d}",
            number=str(number),
            stage=Stage.RECEIVED,
            source=Source.QR,
            reporter_id=f"person-{number}",
            where=Where(place=code, path=(_TOWN, _AREA, f"{code}N", code), name=row["place"]),
            text=row["text"],
            category=_category(row["text"], town),
            station_id="",
            received_at=FIRST + number * APART,
        )


def _codes(rows: Sequence[Row]) -> dict[str, str]:
    names = dict.fromkeys(row["place"] for row in rows)
    return {name: f"J{n}" for n, name in enumerate(names)}


def _category(text: str, town: Town) -> str | None:
    """What triage files it under, as for every report."""
    where = Where(name="")
    reading = understand(text, town=town, place=where, model=None)
    return suggest(text, where, None, town=town, reading=reading).category


def _place(code: str, kind: PlaceKind, name: str, path: tuple[str, ...]) -> Place:
    return Place(code=code, kind=kind, name=name, full_name=name, path=path)
