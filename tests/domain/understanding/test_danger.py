"""Every kind of danger × how it is said, by the sample town's own signs."""

import pytest

from chalicelib.domain.tickets.ticket import Where
from chalicelib.domain.town.danger_signs import DangerKind
from chalicelib.domain.understanding.reading import understand
from tests.towns import built, sample_files

TOWN, _ = built(sample_files())
HERE = Where(path=(), name="盛华景苑")
# Of each kind: sure or possible as said of now; then denied, past, supposed.
SAID = {
    DangerKind.LIFT: ("我们困在电梯里出不来", "电梯里没困人", "去年有人困在电梯里", "要是困在电梯里怎么办"),
    DangerKind.FIRE: ("车棚着火了", "车棚没着火", "去年车棚着火", "如果车棚着火往哪跑"),
    DangerKind.GAS: ("厨房煤气漏了", "师傅查过煤气没漏", "前年煤气漏过", "假如煤气漏了找谁"),
    DangerKind.ELECTRIC: ("路灯杆漏电，狗被电了", "路灯杆不漏电", "去年路灯杆漏电", "万一路灯杆漏电呢"),
    DangerKind.FALLING: ("楼上往下扔菜刀", "楼上没往下扔菜刀", "去年楼上往下扔过菜刀", "要是楼上往下扔菜刀呢"),
    DangerKind.HOLE: ("有人掉进窨井了", "没有人掉进窨井", "前年有人掉进窨井", "万一有人掉进窨井"),
    DangerKind.WATER: ("孩子掉河里了", "没有孩子掉河里", "小时候我掉河里过", "要是孩子掉河里了怎么救"),
    DangerKind.PERSON: ("老人昏倒在门口", "老人没昏倒", "上个月老人昏倒在门口", "如果老人昏倒在家里"),
    DangerKind.CHILD: ("孩子坐在窗台外面", "没有孩子坐在窗台外面", "去年有孩子坐在窗台外面", "万一孩子坐到窗台外面"),
    DangerKind.SELF_HARM: ("她说不想活了", "她没说不想活了", "几年前她说不想活了", "要是她说不想活了"),
    DangerKind.VIOLENCE: ("有人拿刀追人", "没有人拿刀追人", "前年有人拿刀追人", "比方说有人拿刀追人"),
    DangerKind.TRAFFIC: ("老人被车撞倒，腿上都是血", "没有人被撞倒，没血", "去年老人被车撞倒流血", "要是老人被车撞倒流血"),
    DangerKind.CHEMICAL: ("垃圾房冒黄烟，呛得咳个不停，睁不开眼", None, "去年垃圾房冒黄烟，呛得人咳", "要是垃圾房冒黄烟呛人咳嗽"),
    DangerKind.OTHER: ("手被绞肉机绞住拿不出来", None, "上个月手被绞肉机绞住", "万一手被绞肉机绞住"),
}  # fmt: skip


def test_every_kind_is_said():
    assert set(SAID) == set(DangerKind)


@pytest.mark.parametrize("kind", DangerKind)
def test_each_kind_is_seen_when_it_is_said_of_now(kind):
    reading = understand(SAID[kind][0], town=TOWN, place=HERE, model=None)
    assert reading.danger != "none"
    assert reading.words
    assert reading.lexicon == TOWN.version


@pytest.mark.parametrize("text", [text for said in SAID.values() for text in said[1:] if text])
def test_no_kind_is_seen_when_it_is_denied_past_or_supposed(text):
    assert understand(text, town=TOWN, place=HERE, model=None).danger == "none"


def test_a_reading_of_nothing_says_nothing():
    reading = understand("", town=TOWN, place=HERE, model=None)
    assert (reading.danger, reading.words, reading.matters) == ("none", (), 1)
