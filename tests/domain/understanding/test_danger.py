"""Every kind of danger × how it is said, by the sample town's own signs."""

from pathlib import Path

import pytest

from chalicelib.domain.tickets.readings import NOBODY, Grievance
from chalicelib.domain.tickets.ticket import Where
from chalicelib.domain.town.danger_signs import Danger, DangerKind
from chalicelib.domain.understanding.danger import Bounds, seen
from chalicelib.domain.understanding.lexicon import lexicon_of
from chalicelib.domain.understanding.phrases import flat, parse
from chalicelib.domain.understanding.reading import Trained, understand
from chalicelib.domain.understanding.text_model import Step, TextModel
from chalicelib.gateways import triage_model
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


def plain_words(sign):
    """The words of a row that decide alone."""
    groups = {row.name: tuple(row.words.split("/")) for row in TOWN.danger if row.kind is None}
    patterns = parse(sign.words, groups)
    alone = [pattern.parts[0][0] for pattern in patterns if [len(part) for part in pattern.parts] == [1]]
    return [word for slot in alone for word in slot.words]


@pytest.mark.parametrize("sign", [row for row in TOWN.danger if row.kind], ids=lambda row: row.code)
def test_no_word_of_a_row_is_found_already_by_a_shorter_one(sign):
    """出人命 finds 要出人命: the longer one does nothing, and whoever mends the shorter one believes in it."""
    words = plain_words(sign)
    assert [word for word in words if any(other != word and other in word for other in words)] == []
    assert len(words) == len(set(words))


def test_the_model_missing_the_signs_go_on_alone(monkeypatch):
    monkeypatch.setattr(triage_model, "DANGER_FILE", Path("no-such.model"))
    triage_model.danger.cache_clear()
    try:
        assert triage_model.danger() is None
        assert understand(SAID[DangerKind.LIFT][0], town=TOWN, place=HERE, model=Trained()).danger == "sure"
    finally:
        triage_model.danger.cache_clear()


BOUNDS = Bounds(ordinary=-100.0, unlikely=-50.0, doubt=-10.0, plainly=200.0)
SURE, MAYBE, TAKEN_BACK = "车棚着火了，快来人", "火星往外面飘，飘到对面了", "去年车棚着火了，快来人"
BARE = "有火星"
ASKED = "学平险里头溺水赔不赔，交之前想弄明白"


@pytest.mark.parametrize(
    ("text", "margin", "danger", "doubt"),
    [
        (SURE, -99.0, Danger.SURE, False),
        (SURE, -101.0, Danger.SURE, False),  # a clause that says hardly more than a sure sign is a cry
        (ASKED, -99.0, Danger.SURE, False),
        (ASKED, -101.0, Danger.NONE, True),  # seen by a person, and nobody is rung
        (MAYBE, -49.0, Danger.POSSIBLE, False),
        (MAYBE, -51.0, Danger.NONE, True),
        (MAYBE, -101.0, Danger.NONE, False),
        (BARE, -101.0, Danger.POSSIBLE, False),  # hardly more than the sign: the model has heard nothing
        (TAKEN_BACK, 199.0, Danger.NONE, True),
        (TAKEN_BACK, 201.0, Danger.POSSIBLE, False),  # heard so plainly that nothing takes it back
        ("楼道灯不亮了呀", 1.0, Danger.POSSIBLE, False),
        ("楼道灯不亮了呀", -1.0, Danger.NONE, True),
        ("楼道灯不亮了呀", -11.0, Danger.NONE, False),
    ],
)
def test_signs_and_model_bear_each_other_out(text, margin, danger, doubt):
    model = TextModel(("danger", "ordinary"), (margin, 0.0), {}, tuple(Step(b, 0.0) for b in BOUNDS), 1.0)
    said = seen(flat(text), lexicon_of(TOWN), model)
    assert (said.danger, said.doubt) == (danger, doubt)


@pytest.mark.parametrize(
    "text",
    [
        "电梯困人请速来",
        "电梯困人，物业经理威胁我，请保密",
        "有人要跳河",
        "孩子被困",
        "有人被砸",
        "围墙要倒了",
    ],
)
def test_what_says_danger_in_few_words_is_heard_by_the_towns_own_signs_and_model(text):
    assert read(text).danger is not Danger.NONE


def test_a_model_without_bounds_takes_back_no_sign():
    model = TextModel(("danger", "ordinary"), (-1000.0, 0.0), {}, (), 1.0)
    assert seen(flat(SURE), lexicon_of(TOWN), model).danger is Danger.SURE


@pytest.mark.parametrize(
    "text",
    [
        "有个女的被塞进车里拉走了",
        "两个男的把人往车里拖",
        "大狗咬住店员的脸不松",
        "一条蛇咬了老伯的脖子",
        "气罐一直嗤嗤响，人都跑出来了",
        "一进门就头晕，鸟也死了",
        "孩子掉鱼塘里了",
        "干活的被水冲走了",
        "冷库门打不开，里面有人敲门",
        "承重柱裂了，天花板还在掉渣",
        "细路仔坐在窗花外面",
        "等你们来的时候我已经不在了",
    ],
)
def test_what_hints_at_a_danger_in_other_words_is_seen(text):
    """Kinds that fresh sentences found missing (decision 0058)."""
    assert seen(flat(text), lexicon_of(TOWN)).danger is not Danger.NONE


def test_what_takes_back_is_looked_for_beside_a_word_and_not_in_it():
    """A pond for fish is no fish; a fish beside the pond is."""
    assert seen(flat("孩子掉鱼塘里了"), lexicon_of(TOWN)).danger is Danger.SURE
    assert seen(flat("一条鱼掉水池里了"), lexicon_of(TOWN)).danger is Danger.NONE


def read(text):
    model = Trained(triage_model.current(), triage_model.danger(), triage_model.misconduct())
    return understand(text, town=TOWN, place=HERE, model=model)


@pytest.mark.parametrize(
    "text",
    ["写" * 2000, "写作业" * 600, "你好" * 900, "啊" * 30, "今天写作业好累啊" * 200, "请尽快处理。" * 300],
)
def test_what_only_repeats_itself_is_no_sign(text):
    reading = read(text)
    assert (reading.danger, reading.concerned, reading.doubt) == (Danger.NONE, NOBODY, False)


def test_what_is_cried_again_and_again_is_heard_as_if_it_were_cried_once():
    once, often = read("救命啊，有人掉河里了"), read("救命啊，有人掉河里了" * 100)
    assert once.danger is Danger.SURE
    assert (often.danger, often.kinds) == (once.danger, once.kinds)


@pytest.mark.parametrize(
    "text",
    [
        "有辆面包车冲上人行道了",
        "有人跟踪我，上次工单没人管",
        "有男人堵在我家门口，我打过回访电话",
        "有个人一直尾随我，进度没人告诉我",
    ],
)
def test_an_ordinary_word_beside_it_silences_no_danger(text):
    assert understand(text, town=TOWN, place=HERE, model=None).danger is not Danger.NONE


@pytest.mark.parametrize("text", ["我要跟踪一下工单进度", "电动车都停在人行道上，只好走车道", "请跟踪落实"])
def test_what_only_sounds_so_is_none(text):
    assert understand(text, town=TOWN, place=HERE, model=None).danger is Danger.NONE


@pytest.mark.parametrize("before", [1_950, 1_995, 2_000, 6_000, 19_900])
def test_a_danger_is_heard_wherever_in_a_long_text_it_stands(before):
    """A partner's order holds 20,000 characters: what is said at its end is said, also across two pieces."""
    text = "小区绿化请加强养护。" * (before // 10) + "我们困在电梯里出不来。"
    reading = understand(text, town=TOWN, place=HERE, model=None)
    assert reading.danger is Danger.SURE
    assert DangerKind.LIFT in reading.kinds


def test_of_a_long_text_the_gravest_is_kept_and_what_it_is_about_stands_at_its_beginning():
    calm = "小区绿化请加强养护。" * 250
    said = understand(
        f"{calm}物业经理收了我两千块钱不给发票还骂人。{calm}楼上着火了。", town=TOWN, place=HERE, model=None
    )
    assert (said.danger, said.concerned.grievance) == (Danger.SURE, Grievance.MISCONDUCT)
    short = understand(calm, town=TOWN, place=HERE, model=None)
    assert (short.danger, short.concerned, short.candidates) == (Danger.NONE, NOBODY, said.candidates)
