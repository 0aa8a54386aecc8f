"""Wordings of one matter meet by the town's topics (rule 66)."""

import pytest

from chalicelib.domain.classes.similarity import ALIKE, Shared, compare, look
from chalicelib.domain.classes.topics import topics_of
from chalicelib.domain.town.topics import Topic
from tests.service import MONDAY
from tests.towns import built, refusals, small_files

PLAIN, _ = built(small_files())
TOPICS = (
    Topic(code="gate", name="门禁", words="刷脸;人脸;进不…4家"),
    Topic(code="light", name="照明", words="路灯;摸黑"),
    Topic(code="lost", name="失物", words="捡到;丢了", personal=True),
)
TOWN = PLAIN.model_copy(update={"topics": TOPICS})
HERE, THERE = ("T", "A", "N", "G", "B4"), ("T", "A", "S", "SG")


def likeness(one: str, other: str, *, at=HERE):
    looks = [
        look(str(n), path, None, text, TOWN, MONDAY)
        for n, (text, path) in enumerate(((one, HERE), (other, at)))
    ]
    return compare(*looks, TOWN)


def test_two_wordings_of_one_topic_at_one_building_are_a_repeat_with_its_reason():
    found = likeness("刷脸老是认不出", "换个发型就进不了家")
    assert found.shared is Shared.HERE
    assert found.is_repeat
    assert "说的是同一类事" in found.reason


def test_a_report_that_speaks_of_another_topic_is_shown_and_not_laid_with_those_it_is_a_little_like():
    one, other = "小区东门口的路灯坏了好几天没人管", "小区东门口的刷脸坏了要好几天没人"
    found = likeness(one, other)
    assert (found.is_repeat, found.apart) == (True, True)
    assert found.is_joined == (found.text >= ALIKE)


def test_two_topics_at_one_building_are_none():
    assert not likeness("刷脸老是认不出", "回来一路摸黑").is_repeat


def test_one_topic_at_two_places_is_none():
    assert not likeness("刷脸老是认不出", "换个发型就进不了家", at=THERE).is_repeat


@pytest.mark.parametrize("text", ["刷脸机旁边捡到一把伞", "今天天气好", ""])
def test_what_is_personal_or_speaks_of_nothing_known_has_no_topic(text):
    assert topics_of(text, (), TOWN).topics == ()


def test_the_name_of_the_place_says_where_and_not_what():
    assert topics_of("路灯广场的地砖松了", ["路灯广场"], TOWN).topics == ()
    assert topics_of("路灯广场的地砖松了", [], TOWN).topics == ("light",)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("gate,门禁,刷…/,否,", "words"),
        ("gate,门禁,,否,", "words"),
        ("gate,门禁,刷脸,也许,", "personal"),
        ("gate,门禁,刷脸,否,0", "least"),
    ],
)
def test_topics_that_cannot_be_read_are_refused(row, column):
    files = small_files() | {"topics.csv": f"code,name,words,personal,least\n{row}\n".encode()}
    assert refusals(files) == [("topics.csv", 2, column)]
