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
        ("垃圾车堵着消防通道，哪天真着火了消防车进不来怎么办", False),
        ("最好拦一拦，免得有人掉进窨井", False),
        # a question of whose task it is: of this sentence, or of a text of two
        ("电线拖在地上这种事归谁管", False),
        ("半夜吵。女的喊说要弄死我。孩子在哭。顺便问下噪音归谁管", True),
        # taken back by the writer; an address that was wrong takes nothing back
        ("有人晕倒了，是我看错了", False),
        ("里面没人，我搞错了，以为电梯里关着人", False),
        ("地址搞错了，是8号楼着火了", True),
        # an animal alone; a person beside it, or what an animal died of
        ("一只小猫掉进下水道里了", False),
        ("我家狗掉进窨井里了", False),
        ("狗掉进窨井，我儿子下去捞没上来", True),
        ("路灯杆漏电，狗碰了一下就死了", True),
        # what excludes a sign stands in its own sentence
        ("垃圾房的门坏了。对门阿婆五天没出来过，敲门没人应，有股味道", True),
        ("烧烤摊烟大，呛", False),
        # over
        ("孩子走丢了，找到了，在奶奶家", False),
        ("车棚着火了，楼上的人还在睡觉", True),  # whoever sleeps above it is not well yet
        ("路灯漏电，昨天已经断电拆了", False),
        # it turned out otherwise
        ("都说三楼着火了，其实是搬家公司在搬柜子", False),
        ("着火了，其实是真的，快来", True),
        ("他说再差评就要跳河了，哈哈", False),
        ("若真着火了云梯够得着吗", False),
        ("灯灭了，电梯里关着人", True),
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
        ("走廊像蒸笼，热得要冒烟", False),
        ("插座热得冒烟", True),
        ("排队排得我头发都着火了", False),
        ("她头发着火了在跑", True),
        ("楼下桂花香到晕倒", False),
        ("老人激动得晕倒了", True),
        ("看着像着火了，三楼", True),
        ("有人喊着火了，快来", True),
        # what was once there says which one is meant
        ("有孩子溺水的那个池塘，护栏装好了", False),
        ("煤气爆过的那家在装修", False),
        ("孩子翻过栏杆掉下去了", True),
        ("着火的那家有老人在哭", True),
        # how it is done is taught or drawn
        ("溺水的急救动作哪里能学", False),
        ("着火了走哪个楼梯，能不能贴个示意图", False),
        ("我爸触电了急救怎么做", True),
        # elsewhere
        ("有个老人走丢了，群里在转，跟我们这里没关系", False),
        ("网上那个视频里小孩掉下井盖，太吓人", False),
        ("我在监控里看到我妈昏倒在地上", True),
        # over, or played; who ran out or was dragged away is not well yet
        ("着火了，人都跑出来了", True),
        ("着火了，人都出来了，灭了", False),
        ("楼下铁板烧火苗窜得老高，是表演的", False),
        ("触电的师傅昨天出院了", False),
        ("我不是要寻短见，我想问热线的号码", False),
        ("我想跳楼", True),
        ("吵得我头都要炸了", False),
        ("油锅要炸了", True),
    ],
)
def test_a_sign_holds_only_where_it_is_said_of_here_and_now(text, there):
    assert (seen(flat(text), LEXICON).danger != "none") is there
