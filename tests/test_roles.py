"""The printed page of each role (docs/roles) says what the sample town's files and the rules say."""

import csv
import re
from pathlib import Path

import pytest

from chalicelib.domain.acts.returning import MOST_RETURNS, ReturnReason
from chalicelib.domain.acts.reworking import REOPEN_WITHIN
from chalicelib.domain.clocks.rounds import RULING_RULE, STATEMENT_RULE
from chalicelib.domain.identity.confirmations import ASKED_FOR, EMERGENCY_LASTS
from chalicelib.domain.identity.locking import IDLE, SPARE_CODE_LASTS
from chalicelib.domain.town.emergency import gas_number
from chalicelib.domain.town.vocabulary import Role
from chalicelib.domain.visits.walks import LONGEST
from tests.towns import built, sample_files

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs/roles"
OF_ROLE = {  # where somebody with a role of the town finds what they do
    Role.FIRST_CONTACT: "station",
    Role.STATION_HEAD: "station-head",
    Role.GRID_WORKER: "grid-worker",
    Role.PROPERTY_MANAGER: "property-manager",
    Role.VOLUNTEER: "volunteer",
    Role.HANDLER: "unit",
    Role.UNIT_HEAD: "unit",
    Role.AREA_LEADER: "area",
    Role.TOWN_LEADER: "town-leader",
    Role.CITY_OPERATIONS: "city-operations",
    Role.ADMIN: "admin",
    Role.CONFIDENTIAL_CONTACT: "confidential-contact",
}
ROLES = sorted({"resident", "partner", *OF_ROLE.values()})
PAGES = [
    "工作台",
    "查工单",
    "消息",
    "值班",
    "人员",
    "点位码",
    "待确认",
    "查看记录",
    "看板",
    "周报",
    "趋势与苗头",
]
PAGES += ["一类事", "数据订阅", "后台未办成", "城镇数据", "政策知识", "对外往来", "电话名单"]
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


def test_each_role_has_its_page():
    assert set(OF_ROLE) == set(Role)
    assert sorted(file.stem for file in FOLDER.glob("*.html")) == ROLES


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_both_readmes_lead_to_every_page(readme):
    text = (ROOT / readme).read_text(encoding="utf-8")
    assert [role for role in ROLES if f"(docs/roles/{role}.html)" not in text] == []


def words_of_menu():
    source = (ROOT / "clients/desk/src/words/common/menu.ts").read_text(encoding="utf-8")
    return set(re.findall(r'name: "([^"]+)"', source))


@pytest.mark.parametrize("role", ["station-head", "town-leader", "admin", "city-operations"])
def test_a_page_names_the_pages_of_the_console_as_the_menu_does(role):
    """What stands bold at the beginning of a row or between “ ”, where it is a page, is one of today's menu."""
    html = (FOLDER / f"{role}.html").read_text(encoding="utf-8")
    named = {name for name in PAGES if f"“{name}”" in html or f"<td>{name}</td>" in html}
    assert named
    assert named <= words_of_menu()


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
        (("unit", "area", "station-head"), "supervision", {}),
        (("station", "station-head"), "follow_up", {}),
        (("confidential-contact",), "feedback", {}),
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


def test_the_pages_name_the_terms_that_the_code_keeps():
    days = {
        "area": f"{RULING_RULE.amount.count:g}个工作日内写明依据",
        "unit": f"片区{RULING_RULE.amount.count:g}个工作日内裁定",
        "town-leader": f"片区{RULING_RULE.amount.count:g}个工作日没裁",
        "confidential-contact": f"对方{'零一两'[int(STATEMENT_RULE.amount.count)]}个工作日内说明",
        "admin": f"{ASKED_FOR.days}天内有效",
        "station-head": f"{SPARE_CODE_LASTS.days}天内有效",
        "volunteer": f"最长{int(LONGEST.total_seconds() // 3600)}小时",
    }
    assert {role: text for role, text in days.items() if text not in words(role)} == {}
    assert f"{int(EMERGENCY_LASTS.total_seconds() // 3600)}小时失效" in words("admin")
    assert f"{int(IDLE.total_seconds() // 60)}分钟没人碰自己锁" in words("station-head")
