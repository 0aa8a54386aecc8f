"""The printed page of each role (docs/roles) says what the sample town's files and the rules say."""

import csv
import re
from pathlib import Path

import pytest

from chalicelib.domain.acts.returning import MOST_RETURNS, ReturnReason
from chalicelib.domain.acts.reworking import REOPEN_WITHIN
from chalicelib.domain.town.emergency import gas_number
from tests.towns import built, sample_files

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs/roles"
ROLES = ["area", "grid-worker", "property-manager", "resident", "station", "unit"]
UNITS = {
    "minutes": "分钟",
    "hours": "小时",
    "working_hours": "个工作小时",
    "working_days": "个工作日",
    "days": "天",
}


def words(role):
    """The page as it is read, without marks and blanks."""
    return re.sub(r"<[^>]+>|\s", "", (FOLDER / f"{role}.html").read_text(encoding="utf-8"))


def amount(clock, **about):
    """The first amount of a clock in clocks.csv, in Chinese; `about` picks a row by its other cells."""
    with (ROOT / "town/clocks.csv").open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if row["clock"] == clock]
    row = next(
        row
        for row in rows
        if all(
            row[name] == about.get(name, "")
            for name in ("channel", "category", "track", "urgent", "facility")
        )
    )
    return row["amount"] + UNITS[row["unit"]]


def test_each_role_has_a_page_of_its_own():
    assert sorted(file.stem for file in FOLDER.glob("*.html")) == ROLES


@pytest.mark.parametrize("role", ROLES)
def test_a_page_stands_alone_and_says_what_to_do_in_danger(role):
    html = (FOLDER / f"{role}.html").read_text(encoding="utf-8")
    assert re.findall(r'(?:href|src)="([^"]+)"', html) == ["roles.css"]
    assert 'class="urgent"' in html
    assert "工作站电话" in html


@pytest.mark.parametrize(
    ("roles", "clock", "about"),
    [
        (("resident", "station"), "feedback", {}),
        (("grid-worker", "property-manager"), "take", {"facility": "是"}),
        (("grid-worker", "unit"), "take", {}),
        (("resident", "grid-worker", "property-manager"), "response", {"facility": "是"}),
        (("unit",), "response", {"urgent": "是"}),
        (("resident", "grid-worker", "property-manager", "unit"), "unit_feedback", {}),
        (("unit",), "unit_feedback", {"channel": "信访"}),
        (("unit",), "resolution", {"track": "简易"}),
        (("unit",), "resolution", {"track": "复杂"}),
        (("unit",), "resolution", {"track": "疑难"}),
        (("unit",), "resolution", {"channel": "信访"}),
        (("grid-worker", "unit"), "progress", {}),
        (("unit", "area"), "supervision", {}),
        (("station",), "follow_up", {}),
        (("grid-worker", "property-manager", "unit"), "return", {}),
    ],
)
def test_a_page_names_the_time_that_the_sample_town_gives(roles, clock, about):
    wanted = amount(clock, **about)
    assert [role for role in roles if wanted not in words(role)] == []


def test_the_pages_name_the_reasons_and_the_limit_of_a_return():
    for role in ("grid-worker", "property-manager", "unit"):
        assert all(reason.value in words(role) for reason in ReturnReason)
        assert f"最多退{'零一两'[MOST_RETURNS]}次" in words(role)


def test_a_resident_reads_how_long_a_ticket_may_be_reopened_and_whom_to_call_first():
    assert f"{REOPEN_WITHIN.days}天内" in words("resident")
    gas = gas_number(built(sample_files())[0].emergency)
    assert all(number in words("resident") for number in ("110", "119", "120", gas))
