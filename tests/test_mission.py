"""docs/mission.md: each sentence of the article with what serves it; what is named there exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SENTENCES = 39  # as the article was cut
TEXT = (ROOT / "docs/mission.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip().strip("|").split(" | ")]
    for line in TEXT.splitlines()
    if re.match(r"\| \d+ \|", line)
]
NAMED = sorted({name for row in ROWS for cell in row for name in re.findall(r"`([^`]+)`", cell)})


def exists(name: str) -> bool:
    """A route by its method, a command of the Makefile, an act or clock by its name, else a file of the repository."""
    from app import app
    from chalicelib.api.tickets.acts import DESK_ACTS, STAFF_ACTS
    from chalicelib.domain.tickets.clock_model import ClockKind

    method, _, path = name.partition(" ")
    if method in ("GET", "POST", "PUT", "DELETE"):
        return method in app.routes.get(path, {})
    if method == "make":
        return bool(re.search(rf"^{re.escape(path)}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    if "/" in name:
        return (ROOT / name).is_file()
    return name in {*STAFF_ACTS, *DESK_ACTS} or name in set(ClockKind)


def test_every_sentence_is_there_in_order():
    assert [int(row[0]) for row in ROWS] == list(range(1, SENTENCES + 1))
    assert {len(row) for row in ROWS} == {5}


@pytest.mark.parametrize("name", NAMED)
def test_what_serves_a_sentence_exists(name):
    assert exists(name)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_sentence_is_held_by_a_test_or_said_not_to_be_served(row):
    _, said, _, held, lacking = row
    assert said
    tests = re.findall(r"`((?:clients/)?tests/[^`]+)`", held)
    assert tests, f"{said} is held by nothing"
    assert lacking


def test_a_name_that_does_not_exist_is_seen():
    assert not any(map(exists, ("POST /desk/nothing", "make nothing", "tests/test_nothing.py", "nothing")))
