"""A bad row of a town's files is refused at its line and column, with a reason in Chinese."""

import re

import pytest

from chalicelib.domain.town_import.columns import CLOCKS, SOURCES
from tests.towns import SMALL, built, edited, errors, refusals, small_files

HEADERS = [
    ("", ("roles.csv", 0, "")),
    ("role,quiet\n", ("roles.csv", 1, "quiet")),
    ("role,,quiet_from\ntown_leader,x,\n", ("roles.csv", 1, "第 2 列")),
    ("role,角色\n", ("roles.csv", 1, "role")),
    ("quiet_from,quiet_until\n", ("roles.csv", 1, "role")),
]


@pytest.mark.parametrize(("text", "where"), HEADERS, ids=["empty", "unknown", "nameless", "twice", "missing"])
def test_a_header_that_cannot_be_trusted_is_refused(text, where):
    assert refusals(small_files(roles=text)) == [where]


# patterns that are sound one by one, 80,000 words together
MANY = (
    ";".join(f"{{多}}{n}" for n in range(200))
    + "\nmany,,多,,,"
    + "/".join(f"烟{n}" for n in range(400))
    + ","
)

# file, what stands in the sound town, what a clerk might write instead, and where that is refused
BAD_ROWS = [
    # signs of danger: what cannot be read, or would be heard everywhere
    ("danger", "fire,fire,,,,冒烟,烧烤", "fire,fire,,,,火,烧烤", 3, "words"),
    ("danger", "fire,fire,,,,冒烟,烧烤", "fire,fire,,,,冒烟/,烧烤", 3, "words"),
    ("danger", "fire,fire,,,,冒烟,烧烤", "fire,fire,,,,{烟}+车,烧烤", 3, "words"),
    ("danger", "fire,fire,,,,冒烟,烧烤", "fire,fire,,,,冒烟,{炊烟}", 3, "unless"),
    ("danger", "fire,fire,,,,冒烟,烧烤", "fire,fire,,,,,烧烤", 3, "words"),
    ("danger", "fire,fire,,,,冒烟,烧烤", "fire,blaze,,,,冒烟,烧烤", 3, "kind"),
    ("danger", "fire,fire,,,,冒烟,烧烤", "fire,,,,,冒烟,烧烤", 3, "kind"),
    ("danger", "fire,fire,,,,冒烟,烧烤", "fire,fire,,NONE,,冒烟,烧烤", 3, "category"),
    ("danger", "fire,fire,,,,冒烟,烧烤", "fire,fire,,,也许,冒烟,烧烤", 3, "sure"),
    ("danger", "fire,fire", "lift,fire", 3, "code"),
    ("danger", "fire,fire,,,,冒烟,烧烤", "fire,fire,,,,冒" + "烟" * 41 + ",烧烤", 3, "words"),
    ("danger", "fire,fire,,,,冒烟,烧烤", f"fire,fire,,,,冒烟,{MANY}", 3, ""),
    # cells
    ("places", "P41,B4,point,1单元楼道", "P41,B4,point,", 7, "name"),
    ("places", "P41,", "P#41,", 7, "code"),
    ("places", "P41,", "点41,", 7, "code"),
    ("places", "P41,", "P" * 41 + ",", 7, "code"),
    ("emergency", "962777", "燃气公司", 2, "number"),
    ("emergency", "962777", "96", 2, "number"),
    ("emergency", "962777", "9" * 21, 2, "number"),
    ("emergency", "gas,", "water,", 0, "code"),  # whom to call for gas is on every label
    ("units", "PM,盛华", "property,盛华", 3, "code"),
    *(
        ("units", "盛华景苑物业,property,N,", f"盛华景苑物业,property,N,{phone}", 3, "phone")
        for phone in ("2.02612E+19", "1.38E+10", "13800000000", "138****1111", "2162345678", "12", "见前台")
    ),
    ("staff", "gw1,网格员甲", "machine,网格员甲", 6, "code"),
    ("places", "P41,B4,point", "P41,B4,stairs", 7, "kind"),
    ("places", "N,A,neighbourhood,盛华景苑,yes", "N,A,neighbourhood,盛华景苑,maybe", 4, "inside_wall"),
    ("places", "31.11,121.45", "121.45,31.11", 6, "lat"),
    ("places", "31.11,121.45", "2.99,121.45", 6, "lat"),
    ("places", "31.11,121.45", "54.01,121.45", 6, "lat"),
    ("places", "31.11,121.45", "31.11,136.1", 6, "lon"),
    ("places", "31.11,121.45", "31.11,nan", 6, "lon"),
    ("places", "31.11,121.45", "31.11,", 6, "lat"),
    ("places", "31.11,121.45", ",121.45", 6, "lon"),
    ("places", "P41,B4,point,1单元楼道,,,,", "P41,B4,point,1单元楼道,,,,,多余", 7, ""),
    ("places", "1单元楼道", "1单元\x07楼道", 7, "name"),
    ("places", "1单元楼道", "长" * 501, 7, "name"),
    ("places", "1单元楼道", '"1单元" 楼道', 7, ""),
    ("staff", "ST,station_head", "ST,station_cat", 2, "roles"),
    ("duty", "fc1,08:00,20:00", "fc1,八点,20:00", 2, "start"),
    ("duty", "fc1,08:00,20:00", "fc1,08:00,24:01", 2, "until"),
    ("duty", "18:00,working_days,", "18:00,0-5,", 6, "weekdays"),
    ("duty", "18:00,working_days,", "18:00,5-1,", 6, "weekdays"),
    ("duty", "18:00,working_days,,", "18:00,,2026-02-30,", 6, "from_date"),
    ("clocks", "feedback,,,,,,5,", "feedback,,,,,,-5,", 2, "amount"),
    ("clocks", "feedback,,,,,,5,", "feedback,,,,,,0,", 2, "amount"),
    ("clocks", "feedback,,,,,,5,", "feedback,,,,,,1e3,", 2, "amount"),
    ("clocks", "feedback,,,,,,5,minutes", "feedback,,,,,,5,moons", 2, "unit"),
    ("clocks", "feedback,,,", "feedbak,,,", 2, "clock"),
    ("clocks", "feedback,,", "feedback,pigeon,", 2, "channel"),
    ("clocks", "50% handler", "halfway handler", 12, "reminders"),
    ("clocks", "50% handler", "50% gardener", 12, "reminders"),
    ("clocks", "due backup;", "due backup urgently;", 12, "ladder"),
    ("triage", "5,外区", "0,外区", 3, "order"),
    ("triage", "5,外区", "1.5,外区", 3, "order"),
    ("follow_up", "qr,message,call,3", "qr,message,call,0", 2, "attempts"),
    ("follow_up", "qr,message", "qr,shout", 2, "unit_feedback"),
    ("roles", "22:00", "22:60", 2, "quiet_from"),
    # places
    ("places", "A,T,area", "A,X,area", 3, "parent"),
    ("places", "A,T,area", "A,,area", 3, "parent"),
    ("places", "T,,town", "T,A,town", 2, "parent"),
    ("places", "A,T,area", "A,T,town", 3, "kind"),
    ("places", "T,,town", "T,,area", 0, "kind"),
    ("places", "P41,B4,point", "P41,N,point", 7, "parent"),  # a point not in a grid has nobody responsible
    ("places", "B4,G,building", "B4,S,building", 6, "parent"),
    ("places", "P42,B4,point", "P42,P41,point", 8, "parent"),
    ("places", "A,T,area", "A,A,area", 3, "parent"),
    ("places", "P42,", "P41,", 8, "code"),
    # units, staff
    ("units", "物业,property,N", "物业,property,X", 3, "area"),
    ("units", "物业,property,N", "物业,property,P41", 3, "area"),
    ("units", "PM,", "ST,", 3, "code"),
    ("staff", "gw1,网格员甲,ST", "gw1,网格员甲,XX", 6, "unit"),
    ("staff", "gw1,网格员甲,ST", "gw1,网格员甲,PM", 6, "roles"),
    ("staff", "grid_worker,G,", "grid_worker,X,", 6, "places"),
    ("staff", "gw2,", "gw1,", 7, "code"),
    # duty
    ("duty", "ST,first_contact,fc1", "XX,first_contact,fc1", 2, "unit"),
    ("duty", "first_contact,fc1", "first_contact,fc9", 2, "person"),
    ("duty", "first_contact,fc1", "first_contact,pm", 2, "person"),
    ("duty", "first_contact,fc1", "first_contact,gw1", 2, "role"),
    ("duty", "20:00,,,,fc2", "20:00,,,,fc9", 2, "backup"),
    ("duty", "20:00,,,,fc2", "20:00,,,,fc1", 2, "backup"),
    ("duty", "working_days,,", "working_days,2026-12-02,2026-12-01", 6, "to_date"),
    # categories, triage, clocks, follow-up, roles, calendar
    ("categories", "F1,F,", "F1,X,", 3, "parent"),
    ("categories", "Q,,咨询", "Q,F1,咨询", 4, "parent"),
    ("categories", "Q,,咨询", "F,,咨询", 4, "code"),
    ("categories", "station,first_contact", "nobody,first_contact", 4, "lead"),
    ("categories", "station,first_contact", "volunteers,first_contact", 4, "lead"),
    ("triage", "yes,,F1", "yes,X,F1", 2, "within"),
    ("triage", "yes,,F1", "yes,,X", 2, "category"),
    ("triage", "5,外区", "10,外区", 3, "order"),
    ("triage", "5,外区,", "5,,", 3, "keywords"),
    ("triage", "12345,yes", ",", 3, "category"),
    ("triage", "5,外区,,,,,,,12345,yes", "5,外区,,,,,yes,,,yes", 3, "sure"),
    ("clocks", "take,,,,yes", "take,,X,,yes", 12, "category"),
    ("follow_up", "qr,", "browser,", 4, "source"),
    ("roles", "town_leader,22:00,07:00\n", "town_leader,,\n镇领导,,\n", 3, "role"),
    ("calendar", "2026-11-28", "2026-11-31", 3, "day"),
    ("calendar", "2026-11-28", "Saturday", 3, "day"),
    ("calendar", "2026-11-28,working", "2026-11-28,09:00", 3, "value"),
    ("calendar", "opens,09:00", "opens,working", 2, "value"),
    ("calendar", "opens,09:00", "opens,18:00", 0, "value"),
    ("calendar", "opens,09:00", "opens,24:00", 2, "value"),
    ("calendar", "opens,09:00", "opens,soon", 2, "value"),
    # nobody responsible
    ("units", "station,A", "station,N", 3, "code"),  # the street has no station
    ("staff", "grid_worker,SG", "grid_worker,G", 10, "code"),  # nor a grid worker
    ("duty", "ST,grid_worker,gw2,08:00,18:00,,,,\n", "", 10, "code"),
    ("staff", "ST,area_leader", "ST,first_contact", 3, "code"),
    ("staff", "pmhead,物业负责人,PM,unit_head", "pmhead,物业负责人,PM,property_manager", 3, "code"),
    ("staff", "head,站长,ST,station_head", "head,站长,ST,unit_head", 2, "code"),
    ("staff", "OF,town_leader", "OF,handler", 0, "roles"),
    ("staff", "OF,admin", "OF,handler", 0, "roles"),
    # nobody on duty at some hour
    ("duty", "fc1,08:00,20:00", "fc1,08:01,20:00", 2, "start"),
    ("duty", "fc1,08:00,20:00", "fc1,08:00,19:59", 2, "start"),
    ("duty", "fc1,08:00,20:00,,", "fc1,08:00,20:00,1-6,", 2, "start"),
    ("duty", "fc1,08:00,20:00,,,", "fc1,08:00,20:00,,,2026-12-19", 2, "start"),
    ("duty", "fc2,20:00,08:00,,", "fc2,20:00,08:00,工作日,", 2, "start"),
]


@pytest.mark.parametrize(("file", "old", "new", "line", "column"), BAD_ROWS)
def test_a_bad_row_is_refused_at_its_line_and_column(file, old, new, line, column):
    found = errors(edited(file, old, new))
    places = [(error.line, error.column) for error in found if error.file in (f"{file}.csv", *COVERED)]
    assert (line, column) in places
    assert all(re.search("[一-鿿]", error.reason) for error in found)


COVERED = ("places.csv", "units.csv")  # where it is said that nobody answers


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("duty", "fc1,08:00,20:00", "fc1,08:00,20:01"),
        ("duty", "fc1,08:00,20:00,,,", "fc1,08:00,20:00,,,2026-12-20"),  # the last of the 28 days looked at
        ("duty", "18:00,working_days,", "18:00,1-5,"),
        ("places", "31.11,121.45", "3,73"),
        ("places", "31.11,121.45", "54,136"),
        ("places", "1单元楼道", "长" * 500),
        ("places", "P41,", "P" * 40 + ","),
        ("calendar", "opens,09:00", "opens,17:59"),
        ("units", "property,N,", "property,N,021-62345678转801（夜间）"),
        ("units", "property,N,", "property,N,０２１－６２３４５６７８"),
        ("units", "property,N,", "property,N,95598"),
        ("units", "property,N,", "property,N,8008101234"),
    ],
)
def test_what_lies_just_within_the_limits_is_taken(file, old, new):
    built(edited(file, old, new))


def test_a_circle_is_told_at_each_of_its_places():
    text = SMALL["places"].replace("A,T,area", "A,N,area")
    told = [error for error in errors(small_files(places=text)) if "绕成了圈" in error.reason]
    assert [(error.line, error.column) for error in told] == [(3, "parent"), (4, "parent")]
    assert "A → N → A" in told[0].reason


def test_a_very_long_chain_is_refused_quickly():
    chain = "".join(f"X{n},X{n + 1},grid,格,,,,\n" for n in range(5000))
    assert errors(small_files(places=SMALL["places"] + chain))


def test_swapped_coordinates_are_said_to_be_swapped():
    swapped = errors(edited("places", "31.11,121.45", "121.45,31.11"))
    assert [error.column for error in swapped] == ["lat", "lon"]
    assert all("填反" in error.reason for error in swapped)


@pytest.mark.parametrize("clock", CLOCKS)
def test_every_clock_needs_a_rule(clock):
    text = "\n".join(line for line in SMALL["clocks"].splitlines() if not line.startswith(f"{clock},"))
    assert refusals(small_files(clocks=text)) == [("clocks.csv", 0, "clock")]


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_needs_a_follow_up_policy(source):
    text = "\n".join(line for line in SMALL["follow_up"].splitlines() if not line.startswith(f"{source},"))
    assert refusals(small_files(follow_up=text)) == [("follow_up.csv", 0, "source")]
