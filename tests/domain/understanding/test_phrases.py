"""Words with what may stand between them."""

import pytest

from chalicelib.domain.understanding.phrases import BadPattern, Phrases, calm, flat, parse, spelt

GROUPS = {"人": ("老人", "孩子", "我")}


def found(cell: str, text: str) -> list[str]:
    flattened = flat(text)
    hits = Phrases(parse(cell, GROUPS)).find(flattened)
    return [flattened[hit.start : hit.end] for hit in hits]


@pytest.mark.parametrize(
    ("cell", "text", "there"),
    [
        ("电梯…困/关", "电梯里面又把人困住了", True),
        ("电梯…困/关", "困在电梯", False),  # the order is part of it
        ("电梯…困", "电梯一二三四五六七八困", True),  # eight between
        ("电梯…困", "电梯一二三四五六七八九困", False),
        ("电梯…2困", "电梯一二困", True),
        ("电梯…2困", "电梯一二三困", False),
        ("电梯…困", "电梯好了。困死我了", False),  # not across the end of a sentence
        ("电梯…困", "电梯 困人", True),  # a blank ends no sentence
        ("电梯困人", "电梯 困 人", True),  # spelt word by word, by whoever learns the language
        ("电梯困人", "电梯坏了 困人", False),
        ("孩子+窗台", "窗台上坐着个孩子", True),
        ("孩子+窗台", "孩子在窗台。", True),
        ("{人}…困", "老人困在里面", True),
        ("被{人}打", "被孩子打了", True),  # a group within a word
        ("被{人}打", "被物业打了", False),
        ("煤气味", "ＦＤ煤气味", True),
        ("LPG…漏", "lpg 漏了", True),
        ("🔥", "对面🔥", True),
    ],
)
def test_a_pattern_is_words_with_what_may_stand_between_them(cell, text, there):
    assert bool(found(cell, text)) is there


@pytest.mark.parametrize(("apart", "there"), [(40, True), (41, False)])
def test_parts_in_any_order_lie_at_most_forty_characters_apart(apart, there):
    assert bool(found("孩子+窗台", "孩子" + "啊" * apart + "窗台")) is there


@pytest.mark.parametrize("cell", ["火", "着火/", "{谁}…困", "电梯……困"])
def test_a_pattern_that_matches_everything_or_nothing_is_refused(cell):
    with pytest.raises(BadPattern):
        parse(cell, GROUPS)


def test_every_place_where_a_pattern_begins_is_found():
    assert found("着火", "没着火，是着火了") == ["着火", "着火"]


def test_a_long_text_of_many_sentences_costs_one_walk():
    text = flat("楼道灯坏了，麻烦来修。" * 200)
    assert Phrases(parse("电梯…困;着火;孩子+窗台", GROUPS)).find(text) == []


MANY = {"多": tuple(f"词{n}" for n in range(300)), "空": ("",)}


@pytest.mark.parametrize(
    "cell",
    [
        "打{多}{多}",  # groups within a word multiply each other: counted before any word is made
        "打" + "{多}" * 9,
        "着火/" * 2000 + "着火",
        "着" * 41,
        "{多}" + "火" * 41,
        "着火" + "…火" * 12,
        "+".join(["着火"] * 13),
        "{" * 100_000,  # a cell of nothing else
    ],
    ids=[
        "two groups",
        "nine groups",
        "many words",
        "long",
        "long beside a group",
        "gaps",
        "parts",
        "brackets",
    ],
)
def test_a_pattern_that_would_be_endless_work_is_refused_with_what_to_change(cell):
    with pytest.raises(BadPattern, match=r"词组|最多") as refused:
        parse(cell, MANY)
    assert len(str(refused.value)) < 120


def test_groups_within_a_word_are_spelt_in_their_order():
    words = parse("{人}被{人}打", GROUPS)[0].parts[0][0].words
    assert words[:4] == ("老人被老人打", "老人被孩子打", "老人被我打", "孩子被老人打")
    assert len(words) == 9


def test_however_many_words_begin_alike_a_text_is_walked_by_their_lengths():
    class Counted(str):
        looked = 0

        def __getitem__(self, at):
            Counted.looked += isinstance(at, slice)
            return str.__getitem__(self, at)

    text = Counted("着火了" * 100)
    assert Phrases(parse(";".join(f"着{n:04}" for n in range(3000)) + ";着火")).find(text)
    assert Counted.looked <= 2 * len(text)


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("救命救命救命救命", "救命救命"),
        ("快来啊啊啊啊啊啊啊", "快来啊啊"),
        ("灯坏了三天没人修", "灯坏了三天没人修"),
        (
            "好好好，我住的那栋楼的灯坏了三天",
            "好好好,我住的那栋楼的灯坏了三天",
        ),  # a short run in a text of new words
        ("13333333333333", "13333333333333"),  # a number is not shortened
    ],
)
def test_what_is_said_again_and_again_is_said_twice(text, means):
    assert calm(text) == means


def test_a_pattern_counts_as_many_words_as_its_groups_spell_out():
    assert spelt(parse("{人}…摔/跌;着火", GROUPS)) == 3 + 2 + 1
