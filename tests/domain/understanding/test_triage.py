"""Triage suggests: ordered rules, first match wins, each says why (rule 11)."""

import pytest

from chalicelib.domain.tickets.ticket import Where
from chalicelib.domain.town.vocabulary import Category, Track, TriageRule
from chalicelib.domain.understanding.concerned import named
from chalicelib.domain.understanding.triage import suggest
from tests.domain.clock_town import PATH
from tests.domain.life import HERE, TOWN, life_town

STREET = Where(place="GG", path=PATH[:2], name="望月路", inside_wall=False)
ELSEWHERE = Where(path=PATH[:1], name="不知道哪里")


@pytest.mark.parametrize(
    ("text", "where", "category", "sure", "reason"),
    [
        ("楼道灯不亮", HERE, "LAMP", True, "关键词 楼道灯 → 楼道照明"),
        ("楼道灯不亮", STREET, "LAMP", False, "关键词 楼道灯 → 楼道照明"),  # that rule is for inside the wall
        ("鸣笛吵", STREET, "HORN", True, "关键词 鸣笛 → 机动车鸣笛"),
        ("鸣笛吵", ELSEWHERE, "HORN", False, "关键词 鸣笛 → 机动车鸣笛"),  # that rule is for the area
        ("楼道灯不亮还鸣笛", HERE, "LAMP", True, "关键词 楼道灯 → 楼道照明"),  # first match wins
        ("鸣笛的人困在电梯", HERE, "LIFT", False, "关键词 困在电梯 → 电梯困人"),
        ("灯坏了", HERE, "LAMP", False, "关键词 灯 → 楼道照明"),
        ("灯口坏了", HERE, "LAMP", False, "关键词 灯 → 楼道照明"),  # only beside a door 口 says where
        (
            "很多从浦东来的车鸣笛",
            HERE,
            "HORN",
            True,
            "关键词 鸣笛 → 机动车鸣笛",
        ),  # "unless" keeps the other rule out
        ("浦东有人烧烤", HERE, None, True, "关键词 浦东 → 转送12345"),
        ("天气真好", HERE, None, False, "没有规则符合，请人工判断"),
    ],
)
def test_the_first_matching_rule_says_what_and_why(text, where, category, sure, reason):
    suggestion = suggest(text, where, None, town=TOWN)
    assert (suggestion.category, suggestion.sure, suggestion.reason) == (category, sure, reason)


def test_rules_are_tried_in_their_order_not_in_the_files():
    town = life_town(triage=tuple(reversed(TOWN.triage)))
    assert suggest("楼道灯不亮还鸣笛", HERE, None, town=town).category == "LAMP"


@pytest.mark.parametrize(
    "rule",
    [
        {"urgent": True, "confidential": True},  # by its own word, of no category
        {"category": "LIFT", "confidential": True},  # by that of its category
    ],
)
def test_a_rule_of_what_is_urgent_holds_only_where_the_reading_sees_a_danger(rule):
    town = life_town(triage=(TriageRule(order=1, keywords=("着火",), **rule),))
    none = suggest("楼上没有着火", HERE, None, town=town)
    assert (none.category, none.urgent, none.confidential) == (None, False, False)
    assert suggest("楼上着火了", HERE, None, town=town).confidential


def test_urgency_and_confidentiality_come_from_any_rule():
    rules = (*TOWN.triage, TriageRule(order=99, keywords=("老人",), urgent=True, confidential=True))
    suggestion = suggest("楼道灯不亮，老人摔倒", HERE, None, town=life_town(triage=rules))
    assert (suggestion.category, suggestion.urgent, suggestion.confidential) == ("LAMP", True, True)


@pytest.mark.parametrize(
    ("text", "chosen", "category"),
    [
        ("鸣笛吵", "LAMP", "LAMP"),
        ("困在电梯里", "LAMP", "LIFT"),  # life comes first
        ("浦东有人烧烤", "ASK", "ASK"),
        ("天气真好", "ASK", "ASK"),
    ],
)
def test_what_the_reporter_chose_wins_except_over_what_is_urgent(text, chosen, category):
    suggestion = suggest(text, HERE, chosen, town=TOWN)
    assert suggestion.category == category
    if category == chosen:
        assert suggestion.forward_to == ""
        assert suggestion.reason.startswith("居民选择")


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("单元门口的灯不亮", "LAMP"),
        ("单元门坏了，灯也不亮", "DOOR"),
        ("单元门口堆了纸箱，单元门关不上", "DOOR"),
    ],
)
def test_by_the_door_is_where_something_is_and_not_what_it_is(text, category):
    door = Category(code="DOOR", name="门禁与单元门", lead="property", keywords=("单元门",))
    town = TOWN.model_copy(update={"categories": (*TOWN.categories, door), "triage": ()})
    assert suggest(text, HERE, None, town=town).category == category


def test_the_longest_keyword_says_the_most():
    town = life_town(triage=())
    assert suggest("楼道灯附近有人鸣笛", HERE, None, town=town).category == "LAMP"
    assert suggest("灯下鸣笛", HERE, None, town=town).category == "HORN"


def test_the_suggestion_carries_track_and_the_lead_unit_of_the_place():
    suggestion = suggest("鸣笛吵", HERE, None, town=TOWN)
    assert (suggestion.track, suggestion.unit_id) == (Track.JOINT, "TRA")
    assert suggest("楼道灯不亮", HERE, None, town=TOWN).unit_id == "PM"


def test_a_sensitive_category_is_confidential_from_the_start():
    assert suggest("物业态度差", HERE, None, town=TOWN).confidential
    assert not suggest("楼道灯不亮", HERE, None, town=TOWN).confidential


@pytest.mark.parametrize(
    ("text", "where", "parties"),
    [
        ("物业不管", HERE, ("PM",)),
        ("物业不管", STREET, ()),  # no property manager there
        ("网格员和物业都不管", HERE, ("PM", "grid")),
        ("工作站不管", HERE, ("ST",)),
        ("邻居吵", HERE, ()),
    ],
)
def test_the_party_is_read_from_the_text_and_the_place(text, where, parties):
    assert named(text, where, town=TOWN) == parties
