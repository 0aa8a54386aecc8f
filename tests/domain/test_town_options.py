"""Files that a town may have beside the eleven: without them it is as before, and each is refused as the others are."""

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
