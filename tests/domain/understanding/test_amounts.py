"""An amount is one however it is written (rule 101)."""

import pytest

from chalicelib.domain.identity.plain import as_digits, plain
from chalicelib.domain.understanding.amounts import amounts


def keys(text):
    return [each.key for each in amounts(as_digits(plain(text)))]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("500元 五百元 伍佰圆 五百块钱 5百元 ５００元 五〇〇元 500.00元 五百多块", 500),
        ("1200 一千二 一千二百 1千2百 1,200元 1.2千元", 1200),
        ("12000元 一万二 1.2万元 一万二千元", 12000),
        ("二十一户 21户 2十1户", 21),
        ("十五 15个 十五人", 15),
        ("一百零五元 105元", 105),
        ("一百五 150", 150),
        ("百元 一百块", 100),
        ("三千万元 30000000元 3千万", 30_000_000),
    ],
)
def test_an_amount_is_the_same_number_however_it_is_written(written, value):
    found = [keys(word) for word in written.split()]
    assert found == [[(value, "")]] * len(found)


def test_of_a_few_it_counts_what_is_counted():
    assert keys("3次") != keys("三户")
    assert keys("3元") == keys("三块") == [(3, "元")]


@pytest.mark.parametrize("text", ["去了一次", "十分吵", "百姓", "万一", "第三条", "", "一点也不", "千万不要"])
def test_a_word_that_only_holds_a_numeral_is_no_amount(text):
    assert keys(text) == []
