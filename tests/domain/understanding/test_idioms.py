"""A figure of speech is hidden before danger is looked for, and never cuts a word of danger in two."""

import pytest

from chalicelib.domain.understanding.idioms import HIDDEN, masked
from chalicelib.domain.understanding.lexicon import lexicon_of
from tests.towns import built, sample_files

TOWN, _ = built(sample_files())
LEXICON = lexicon_of(TOWN)


def is_hidden(text):
    return HIDDEN in masked(text, LEXICON.cuts)


@pytest.mark.parametrize(
    "text",
    [
        "煤气爆炸了,好大一声",
        "三楼燃气爆了,玻璃全飞出来",
        "楼下沼气炸了",
        "液化气炸了",
        "楼上火光冲天",
        "阳台上火苗窜出来了",
        "车上火越烧越大",
        "电线发火了",
        "他被打得快断气了",
        "她疼得昏过去了",
        "路上一个大坑没围栏",
        "孩子的头卡死在栏杆里",
        "有个老人冻死在亭子里了",
        "老人在屋里闷死了",
        "拿刀一刀刀砍过来",
    ],
)
def test_what_is_meant_as_it_is_said_stays_in_sight(text):
    assert not is_hidden(text)


@pytest.mark.parametrize(
    "text",
    [
        "气死我了,电梯又慢",
        "物业把我气炸了",
        "笑死,灯坏了三年",
        "热死了,电梯里空调坏",
        "冻死我了,暖气不热",
        "冷死人了,门关不上",
        "手机卡死了,小程序打不开",
        "排队排得快晕过去了",
        "急得要上火了",
        "群里都炸锅了",
        "让人很恼火",
        "水电费一起来,快把我淹了",
    ],
)
def test_a_figure_of_speech_is_hidden(text):
    assert is_hidden(text)


@pytest.mark.parametrize("before", ["", "楼上", "很", "天然气"])
@pytest.mark.parametrize("after", ["", "了", "死了", "爆炸"])
def test_no_word_of_a_sign_is_hidden_in_part(before, after):
    """Whatever a town's lexicon holds: half a word of danger would never be found."""
    for word in sorted(LEXICON.words):
        seen = masked(f"{before}{word}{after}", LEXICON.cuts)[len(before) :][: len(word)]
        assert seen.count(HIDDEN) in (0, len(word)), word
