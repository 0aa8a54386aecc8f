"""In what setting a sign stands: what takes it back, and what only looks like it."""

import pytest

from chalicelib.domain.understanding.danger import seen
from chalicelib.domain.understanding.lexicon import lexicon_of
from chalicelib.domain.understanding.phrases import flat
from tests.towns import built, sample_files

LEXICON = lexicon_of(built(sample_files())[0])


@pytest.mark.parametrize(
    ("text", "there"),
    [
        # denied
        ("没有着火，就是烟囱旧了", False),
        ("不是着火，是夕阳", False),
        ("闻不到煤气味", False),
        ("电梯里没有关人", False),
        ("不知道谁家着火了", True),
        ("是不是着火了", True),
        ("没人管，三楼着火了", True),
        # past
        ("去年这里着火了", False),
        ("上次电梯困人以后就没修过", False),
        ("去年这里着火了，现在又着火了", True),
        # supposed
        ("要是着火了往哪里跑", False),
        ("万一电梯困人打哪个电话", False),
        ("要是再不来人，里面的人就出不来了，电梯里困着两个", True),
        # feared, and what is feared because it is seen to come
        ("天天担心着火", False),
        ("怕是着火了", True),
        ("她坐在窗台外面，我怕她跳下去", True),
        # wished
        ("建议多讲讲着火了怎么逃", False),
        ("河边能不能立一块当心落水的牌子", False),
        # a drill
        ("明天消防演习，着火了大家不要慌", False),
        ("不是演习，真的着火了", True),
        # the news
        ("电视里讲哪里着火了", False),
        # an advert
        ("专业开锁，老人反锁在屋里也能开，24小时上门", False),
        # over
        ("着火了，已经扑灭了", False),
        ("着火了，扑灭了一处，还在烧", True),
        # figures of speech
        ("火烧眉毛了，证明还没开出来", False),
        ("跳楼价清仓", False),
        ("热得我想跳楼", False),
        ("我想跳楼", True),
    ],
)
def test_a_sign_holds_only_where_it_is_said_of_here_and_now(text, there):
    assert (seen(flat(text), LEXICON).danger != "none") is there
