"""No seam is unchecked: what mypy must refuse, it refuses, and nothing that runs is kept from it."""

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from chalicelib.domain.town.vocabulary import Place, PlaceKind

ROOT = Path(__file__).parents[1]
MYPY = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]

# Written as ours are; what follows `# no:` is what mypy says of the line, a line without it must pass.
WRITTEN = """
from chalice import Blueprint

from chalicelib.actions.tickets import acting
from chalicelib.api import auth, http
from chalicelib.api.routes import idempotency, responds
from chalicelib.domain.acts.moves import moved
from chalicelib.domain.acts.words import Written
from chalicelib.domain.classes.issue_class import IssueClass, changed
from chalicelib.domain.model import View
from chalicelib.domain.tickets.clock_model import LadderRole, Rung, RungAct
from chalicelib.domain.tickets.ticket import Stage, Ticket

staff = Blueprint(__name__)


@staff.route("/staff/tickets/{ticket_id}/well", methods=["POST"])
@responds(201)
def well(ticket_id: str) -> View:
    acting.comment(ticket_id, Written(""), by=auth.caller(), replay=idempotency("a"), now=http.now())
    return {}


@staff.route("/staff/tickets/{ticket_id}/misspelt", methods=["POST"])
@responds(201)
def misspelt(ticket_id: str) -> View:
    acting.comment(ticket_id, Written(""), by=auth.caller(), now=http.now(), replya=None)  # no: "replya"
    return {}


@staff.route("/staff/tickets/{ticket_id}/bare", methods=["POST"])
@responds(201)
def bare(ticket_id):  # no: missing a type annotation
    return {}


def fields(ticket: Ticket, cls: IssueClass) -> None:
    ticket.model_copy(update={"extension": None, "escalated_to": ()})
    ticket.model_copy(update={"extnsion": None})  # no: "Ticket" has no field "extnsion"
    ticket.model_copy(update={"round": 2} | {"rnd": 2})  # no: "Ticket" has no field "rnd"
    ticket.model_copy(update={"model_dump": 2})  # no: "Ticket" has no field "model_dump"
    ticket.model_copy(update={"round": "2"})  # no: "round" of "Ticket" holds int
    moved(ticket, Stage.RECEIVED, pause=None)
    moved(ticket, Stage.RECEIVED, puase=None)  # no: "Ticket" has no field "puase"
    moved(ticket, Stage.RECEIVED, pause=False)  # no: "pause" of "Ticket" holds
    Rung(at=http.now(), act=RungAct.REMIND, to=LadderRole.DESK)
    Rung(at=http.now(), act=RungAct.REMIND, to="desk")  # no: incompatible type "str"
    Rung(at=http.now(), act=RungAct.REMIND, to=LadderRole.DESK, overdeu=True)  # no: "overdeu"
    changed(cls, nmae="")  # no: "IssueClass" has no field "nmae"
"""


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> dict[int, str]:
    """What mypy says of each line, as the project sets it; quick where `make check` has warmed its cache."""
    judge = hashlib.sha256((ROOT / "infra" / "typed_changes.py").read_bytes()).hexdigest()[:8]
    written = (
        tmp_path_factory.mktemp("types") / f"written_{judge}.py"
    )  # mypy keeps what an earlier plugin said
    written.write_text(WRITTEN)
    asked = [sys.executable, "-m", "mypy", "--no-pretty", str(written)]
    said = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False).stdout
    lines: dict[int, str] = {}
    for _, number, _, text in (line.split(":", 3) for line in said.splitlines() if "error:" in line):
        lines[int(number)] = lines.get(int(number), "") + text
    return lines


def test_a_misspelt_keyword_and_a_misspelt_field_are_errors(refused: dict[int, str]) -> None:
    expected = {
        number: line.partition("# no: ")[2]
        for number, line in enumerate(WRITTEN.splitlines(), 1)
        if "# no: " in line
    }
    assert refused.keys() == expected.keys(), refused
    assert [number for number, text in expected.items() if text not in refused[number]] == []


def test_nothing_that_runs_is_kept_from_mypy() -> None:
    assert MYPY["strict"] is True
    assert {"app.py", "chalicelib", "infra", "training", "benchmarks", "campaign"} <= set(MYPY["files"])
    allowed = {"module", "ignore_missing_imports", "implicit_reexport"}
    assert [each for each in MYPY["overrides"] if not each.keys() <= allowed] == []


def test_each_line_that_mypy_is_told_to_leave_names_the_error_and_why() -> None:
    left = []
    for part in map(ROOT.joinpath, MYPY["files"]):
        for file in sorted(part.rglob("*.py")) if part.is_dir() else [part]:
            lines = file.read_text(encoding="utf-8").splitlines()
            for before, line in zip(["", *lines], lines, strict=False):
                has_why = before.strip().startswith("# ") or line.count("  # ") == 2
                if "type: ignore" in line and not (has_why and re.search(r"# type: ignore\[[a-z-]+\]", line)):
                    left.append(f"{file.relative_to(ROOT)}: {line.strip()}")
    assert left == []


def test_a_field_that_no_model_has_is_refused_while_running_too() -> None:
    place = Place(code="A", name="甲", kind=PlaceKind.AREA)
    with pytest.raises(TypeError, match="Place has no field nmae"):
        place.model_copy(update=json.loads('{"nmae": "乙"}'))
    assert place.model_copy(update={"name": "乙"}).name == "乙"
