"""Files that a town may have beside the twelve: without them it is as before, and each is refused as the others are."""

import pytest

from tests.towns import built, errors, small_files

SUBSCRIBERS = (
    "name,title,address,identity\ncity,城运中心,https://city.example.cn/events,name;phone\nlib,图书馆,,\n"
)
RULES = (
    "code,name,partner,kind,sensor,least,more_than,minutes,place,category\n"
    "horn,望月路鸣笛声呐,sonar,horn,,70,3,15,SP,F1\n"
)


def with_options(*, subscribers=SUBSCRIBERS, rules=RULES):
    return small_files() | {"subscribers.csv": subscribers.encode(), "sensor_rules.csv": rules.encode()}


def test_a_town_without_them_has_no_subscriber_and_no_sensor_rule():
    town, _ = built(small_files())
    assert (town.subscribers, town.sensor_rules) == ((), ())


def test_subscribers_and_sensor_rules_are_read_and_survive_being_stored():
    town, _ = built(with_options())
    city = town.find_subscriber("city")
    assert (city.title, city.address, city.identity) == (
        "城运中心", "https://city.example.cn/events", ("name", "phone"),
    )  # fmt: skip
    assert town.find_subscriber("lib").address == ""
    assert town.find_subscriber("nobody") is None
    [rule] = town.sensor_rules
    assert (rule.least, rule.more_than, rule.window.total_seconds()) == (70.0, 3, 900)
    assert type(town).model_validate_json(town.model_dump_json()) == town


REFUSED_SUBSCRIBERS = {
    "city,又一个,,": (4, "name"),
    "x,某某,http://city.example.cn/,": (4, "address"),
    "x,某某,https://x.example.cn/,openid": (4, "identity"),
    "x,某某,,phone": (4, "identity"),
    "x,,,": (4, "title"),
    "../x,某某,,": (4, "name"),
}


@pytest.mark.parametrize("row", REFUSED_SUBSCRIBERS)
def test_a_subscriber_that_is_not_sound_is_refused_with_its_cell(row):
    found = errors(with_options(subscribers=f"{SUBSCRIBERS}{row}\n"))
    assert [(each.file, each.line, each.column) for each in found] == [
        ("subscribers.csv", *REFUSED_SUBSCRIBERS[row])
    ]


@pytest.mark.parametrize(("count", "is_refused"), [(19, False), (20, False), (21, True)])
def test_there_are_at_most_twenty_subscribers(count, is_refused):
    rows = "".join(f"s{n},某某,,\n" for n in range(count))
    assert bool(errors(with_options(subscribers="name,title,address,identity\n" + rows))) is is_refused


REFUSED_RULES = {
    "horn,又一个,sonar,horn,,,3,15,SP,F1": (3, "code"),
    "r2,声呐,sonar,horn,,,0,15,SP,F1": (3, "more_than"),
    "r2,声呐,sonar,horn,,,3,1441,SP,F1": (3, "minutes"),
    "r2,声呐,sonar,horn,,,3,15,nowhere,F1": (3, "place"),
    "r2,声呐,sonar,horn,,,3,15,SP,nothing": (3, "category"),
    "r2,声呐,sonar,horn,,loud,3,15,SP,F1": (3, "least"),
}


@pytest.mark.parametrize("row", REFUSED_RULES)
def test_a_sensor_rule_that_is_not_sound_is_refused_with_its_cell(row):
    found = errors(with_options(rules=f"{RULES}{row}\n"))
    assert [(each.file, each.line, each.column) for each in found] == [
        ("sensor_rules.csv", *REFUSED_RULES[row])
    ]


def test_a_window_of_a_whole_day_is_the_longest():
    assert not errors(with_options(rules=f"{RULES}r2,声呐,sonar,horn,,,3,1440,SP,F1\n"))


PLANS = "code,name,source,role,places,each,times,weeks\nfour,四百大走访,走访,网格员,N;SG,楼栋,1,4\n"
HAZARDS = "code,name,where,category,urgent,photograph\nash,锡箔灰,楼道,F1,否,灰堆\n"


def with_rounds(plan="", hazard=""):
    return small_files() | {
        "visit_plans.csv": (PLANS + plan).encode(),
        "hazards.csv": (HAZARDS + hazard).encode(),
    }


def test_visit_plans_and_hazards_are_read_and_survive_being_stored():
    town, _ = built(with_rounds())
    plan, ash = town.visit_plan("four"), town.find_hazard("ash")
    assert (plan.source, plan.role, plan.places, plan.each, plan.times, plan.weeks) == (
        "visit", "grid_worker", ("N", "SG"), "building", 1, 4,
    )  # fmt: skip
    assert (ash.category, ash.urgent, ash.photograph) == ("F1", False, "灰堆")
    assert type(town).model_validate_json(town.model_dump_json()) == town
    assert (built(small_files())[0].visit_plans, built(small_files())[0].hazards) == ((), ())


REFUSED_PLANS = {
    "four,又一个,走访,网格员,N,楼栋,,": "code",
    "x,某某,走访,网格员,NOWHERE,楼栋,,": "places",
    "x,某某,走访,网格员,,楼栋,,": "places",
    "x,某某,传感器,网格员,N,楼栋,,": "source",
    "x,某某,扫码,网格员,N,楼栋,,": "source",
    "x,某某,志愿者,网格员,N,楼栋,,": "role",
    "x,某某,巡查,志愿者,N,楼栋,,": "role",
    "x,某某,走访,网格员,N,片区,,": "each",
    "x,某某,走访,网格员,N,楼栋,0,": "times",
    "x,某某,走访,网格员,N,楼栋,,0": "weeks",
    "x,某某,走访,网格员,N,楼栋,,14": "weeks",
}


@pytest.mark.parametrize("row", REFUSED_PLANS)
def test_a_visit_plan_that_is_not_sound_is_refused_with_its_cell(row):
    found = errors(with_rounds(plan=f"{row}\n"))
    assert [(each.file, each.line, each.column) for each in found] == [
        ("visit_plans.csv", 3, REFUSED_PLANS[row])
    ]


def test_a_plan_may_run_over_a_quarter():
    assert not errors(with_rounds(plan="x,某某,志愿者,志愿者,N,点位,3,13\n"))


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("ash,又一个,,F1,,", "code"),
        ("x,某某,,NONE,,", "category"),
        ("x,,,F1,,", "name"),
        ("x,某某,,F1,也许,", "urgent"),
    ],
)
def test_a_hazard_that_is_not_sound_is_refused_with_its_cell(row, column):
    found = errors(with_rounds(hazard=f"{row}\n"))
    assert [(each.file, each.line, each.column) for each in found] == [("hazards.csv", 3, column)]
