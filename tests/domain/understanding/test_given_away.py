"""Rule 101: what in a leader's words would tell who reported; each kind is found, and words of one's own are not."""

import pytest

from chalicelib.domain.understanding.given_away import LONGEST_SHARED, given_away

REPORT = (
    "盛华景苑4号楼501室，11月20日晚上八点多，物业收了我妈五百元停车费不给收据，还说再闹就让你家的车进不来，"
    "当时王阿姨也在南门口看见的，单号MS261120-7K3QX9-4"
)


def found(words, said=(REPORT,)):
    return given_away(
        words,
        said=said,
        places=["盛华景苑4号楼", "南门口流动菜摊位"],
        numbers=["MS261120-7K3QX9-4"],
        common=["盛华景苑物业服务处", "盛华景苑", "停车管理"],
    )


@pytest.mark.parametrize(
    ("words", "kind", "what"),
    [
        ("有居民13800001111反映收费不开票", "姓名、电话或住处", "13800001111"),
        ("住501室的人说收费不开票", "姓名、电话或住处", "501室"),
        ("请说明MS261120-7K3QX9-4里的事", "工单号", "MS261120-7K3QX9-4"),
        ("4号楼有人说收费不开票", "比小区更细的地方", "4号楼"),
        ("四号楼有人说收费不开票", "比小区更细的地方", "四号楼"),
        ("三单元的收费没有开票", "比小区更细的地方", "三单元"),
        ("在南门口流动菜摊位那里收费", "比小区更细的地方", "南门口流动菜摊位"),
        ("楼上邻居的停车收费没有开票", "比小区更细的地方", "楼上邻居"),
        ("11月20日的停车收费没有开票", "具体时间", "11月20"),
        ("上周三的停车收费没有开票", "具体时间", "上周三"),
        ("昨晚有人收了停车的钱", "具体时间", "昨晚"),
        ("收停车的钱是八点半的事", "具体时间", "八点半"),
        ("收了500元，没有开票", "与反映一样的数字", "500"),
        ("收了伍佰块钱，没有开票", "与反映一样的数字", "伍佰块"),
        ("收费时对方的妈妈在场", "与反映一样的身份、家庭、物品", "妈"),
        ("据说有人讲再闹就让你家的车进不来", "与反映一样的原话", "再闹就让你家的车进不来"),
    ],
)
def test_what_tells_who_reported_is_named_with_what_to_change(words, kind, what):
    assert [each for each in found(words) if each.startswith(kind) and what in each], found(words)


@pytest.mark.parametrize(
    "words",
    [
        "有人反映盛华景苑物业服务处收取停车管理的费用没有开票，请说明收费依据和开票情况",
        "请说明近期有没有不开收据收费的情况，有一点说不清的请一并写明",
        "请说明对不配合的住户有没有说过不让进出之类的话",
    ],
)
def test_words_of_ones_own_are_not_held_up(words):
    assert found(words) == ()


def test_a_run_is_shared_from_one_character_above_the_bound_on():
    run = "东西南北中发白"[:LONGEST_SHARED]
    assert given_away(f"请说明{run}甲", said=[f"昨{run}乙"]) == ()
    (only,) = given_away(f"请说明{run}白甲", said=[f"昨{run}白乙"])
    assert f"{run}白" in only


def test_a_name_that_everybody_uses_does_not_join_what_stands_around_it():
    said = ["今天盛华景苑物业服务处收费了"]
    assert given_away("请盛华景苑物业服务处收费说明", said=said, common=["盛华景苑物业服务处"]) == ()
    assert given_away("请盛华景苑物业服务处收费说明", said=said) != ()


def test_every_text_of_the_ticket_counts_and_white_space_or_width_hides_nothing():
    said = ["", "他还说再投诉一次就断你家水电"]
    assert given_away("据说讲过“再投诉一次，就断 你家水电”", said=said)
