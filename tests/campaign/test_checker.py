"""The checker: it shares no code with the product, and its hand-written table agrees with the product's."""

import ast

from campaign import checker
from campaign.checker.owed import OWED, PARTNER_ACTS, PUSHED
from chalicelib.domain.parties.parties import Party
from chalicelib.domain.parties.told_cells import NotTold, Told
from chalicelib.domain.parties.told_table import TABLE
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Level
from chalicelib.domain.town.partner import read_partner
from infra.local.place import ROOT

FOLDER = ROOT / "campaign" / "checker"
PARTIES = {"reporter": Party.REPORTER, "handler": Party.HANDLER, "desk": Party.DESK}


def test_the_checker_imports_nothing_of_the_product():
    assert checker.__file__.startswith(str(FOLDER))
    for file in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [each.name for each in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            else:
                continue
            for name in names:
                is_own = name.startswith("campaign.checker")
                assert is_own or name.partition(".")[0] not in (
                    "chalicelib",
                    "campaign",
                    "infra",
                    "benchmarks",
                    "app",
                ), f"{file.name} imports {name}"


def test_the_hand_written_table_names_kinds_that_exist():
    assert set(OWED) | set(PUSHED) <= {kind.value for kind in EventKind}


def test_whom_the_hand_written_table_owes_the_products_own_table_tells():
    for kind, owed in OWED.items():
        row = TABLE.get(kind, {})
        for party in owed:
            assert not isinstance(row.get(PARTIES[party], NotTold("no row")), NotTold), (
                f"{kind} tells no {party}"
            )


def test_what_the_hand_written_table_pushes_the_products_own_table_pushes():
    for kind, templates in PUSHED.items():
        rows = [row for name, row in TABLE.items() if name.partition("/")[0] == kind]
        cells = {
            (cell.template, cell.level)
            for row in rows
            for party, cell in row.items()
            if isinstance(cell, Told) and party is not Party.MEMBERS
        }
        for template in templates:
            levels = {level for name, level in cells if name == template}
            assert levels, f"no row of {kind} says {template}"
            assert levels <= {Level.PUSH, Level.RING}, f"{kind} says {template} at {levels}"


def test_what_goes_back_to_the_hotline_is_what_its_file_agreed_on():
    hotline = read_partner("hotline", (ROOT / "town" / "partners" / "hotline.csv").read_bytes())
    assert hotline.acts == PARTNER_ACTS
