"""What accuses nobody though it speaks of acts: in doubt a person looks first, and the matter is kept from nobody (rule 21)."""

import pytest

from chalicelib.domain.understanding.phrases import Span, flat
from chalicelib.domain.understanding.withdrawn import set_aside, takes_back


@pytest.mark.parametrize(
    ("text", "is_aside"),
    [
        # a question about what is allowed or whose task it is
        ("请问保安有权利搜包吗", True),
        ("物业能不能断水", True),
        ("公共收益一般怎么分", True),
        ("怎么举报物业乱收费", True),
        # a question about something that happened is told
        ("保安昨天搜了我的包，有权利吗", False),
        ("凭什么收这么多，多少钱才够", False),
        # what somebody asked the writer
        ("他问我是不是一个人住，问我要不要出来", False),
        ("她把材料一扔说你识字吗", False),
        # a supposition; one that somebody spoke is a threat
        ("如果保安打人该怎么处理", True),
        ("他说如果我再投诉就打断我的腿", False),
        # the news, and elsewhere
        ("电视上说有居委贪污", True),
        ("我同学那边的物业打人", True),
        ("听说钱进了经理小舅子的口袋", False),
    ],
)
def test_a_sentence_that_tells_of_nothing_done_here_is_set_aside(text, is_aside):
    assert bool(set_aside(flat(text))) is is_aside


def test_only_the_sentence_is_set_aside_not_the_text():
    text = flat("保安打我。物业几点开门？")
    assert set_aside(text) == (Span(text.index("物业"), len(text)),)


@pytest.mark.parametrize(
    ("text", "act", "back"),
    [
        ("上次说保安偷伞，是我弄错", "偷伞", True),
        ("那单投诉取消吧", "", True),
        ("他逼我把投诉取消", "逼", False),
        ("他们说不撤就断水，让我把单子撤了吧", "断水", False),
        ("不是要投诉谁，路灯不亮", "", True),
        ("不是要投诉谁，但是保安打我", "打我", False),
        ("保安骂过我，后来道歉了", "骂", True),
        ("保安骂过我，一直没道歉", "骂", False),
        ("保安道歉了，后来道歉了又打我", "打我", False),
        ("多收的停车费已经退我了", "多收", True),
        ("押金没退还给我", "押金", False),
        ("保安打我", "打我", False),
    ],
)
def test_what_the_writer_takes_back_or_calls_settled_accuses_nobody_unless_a_but_follows(text, act, back):
    plain = flat(text)
    acts = [Span(at, at + len(act))] if act and (at := plain.rindex(act)) >= 0 else []
    assert takes_back(plain, acts) is back
