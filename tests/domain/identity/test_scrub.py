"""What identifies a person leaves the text (rule 41), and what does not stays."""

import re
from datetime import date

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from chalicelib.domain.identity.said import Said, said_before
from chalicelib.domain.identity.scrub import named_room, normal_phone, scrub

MASK = "［已隐去］"
mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
dates = st.dates(date(1930, 1, 1), date(2025, 12, 31)).map(lambda day: day.strftime("%Y%m%d"))
id_cards = st.builds(
    lambda place, born, rest: place + born + rest,
    st.from_regex(r"[1-9][0-9]{5}", fullmatch=True),
    dates,
    st.from_regex(r"[0-9]{3}[0-9X]", fullmatch=True),
)
separators = st.sampled_from(["", " ", "-", "—", " - ", "·", "\u200b", "－", "_", "\u3000", "/", ","])
scripts = st.sampled_from(["0123456789", "０１２３４５６７８９", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"])
around = st.text(max_size=12)


@given(around, mobiles, around)
@example("", "13812345678", "5")
@example("0086", "13812345678", "")
@example("微信", "13812345678", "x")
def test_no_mobile_number_survives_whatever_stands_around_it(before, mobile, after):
    assert mobile not in scrub(before + mobile + after)


@given(around, id_cards, around)
@example("ID", "11010519491231002X", "abc")
@example("9", "110105194912310021", "9")
@example("工单", "100000200001010000", "")
def test_no_id_card_survives_whatever_stands_around_it(before, card, after):
    joined = before[-1:].isdigit() or after[:1].isdigit()
    assume(
        not (joined and said_before(before + card, len(before)) is Said.CODE)
    )  # a longer number of an order
    assert card not in scrub(before + card + after)


@given(mobiles, separators, scripts)
def test_a_mobile_number_in_groups_or_other_digits_does_not_survive(mobile, separator, script):
    written = separator.join((mobile[:3], mobile[3:7], mobile[7:])).translate(
        str.maketrans("0123456789", script)
    )
    assert scrub(f"请打{written}找我") == f"请打{MASK}找我"


@given(st.text(max_size=80))
@example("138" + MASK + "12345678")
def test_scrubbing_twice_is_as_scrubbing_once(text):
    assert scrub(scrub(text)) == scrub(text)


@given(
    st.text(alphabet=st.characters(exclude_categories=["N", "L"]), max_size=40),
    st.sampled_from("，。：；（）！？“”"),
)
def test_nothing_else_of_the_text_is_changed(text, mark):
    written = f"四号楼{mark}灯坏了{mark}{text}"
    assert scrub(written) == written


@pytest.mark.parametrize(
    "private",
    [
        "13812345678", "138-1234-5678", "138 1234 5678", "+86 138 1234 5678", "8613812345678", "008613812345678", "１３８１２３４５６７８",
        "1 3 8 1 2 3 4 5 6 7 8", "021-64101234", "(021) 64101234", "0512-6410 1234", "021-64101234转808", "64101234", "6410-1234",
        "310104198001011234", "31010419800101123X", "31010419800101123x", "310104 19800101 1234", "310104800101123",
        "wang.xiao+1@example.com.cn", "ｗａｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ", "沪A12345", "沪a12345", "沪A·D12345", "沪AD12345", "苏E 1234警", "粤Z1234港",
    ],
)  # fmt: skip
def test_what_identifies_a_person_is_masked(private):
    assert scrub(f"我是老王，{private}，请回电") == f"我是老王，{MASK}，请回电"


@pytest.mark.parametrize(
    "ordinary",
    [
        "12345", "110", "119", "962777", "201会议室", "301路公交", "12弄8号", "400-810-0026", "13:30-17:00，8:00", "银都路1234号", "2026年11月22日", "2026-11-22", "20261122",
        "2026.11.22 18:30", "2024-2025年", "2024年8月", "18:30到22:00", "15.5元", "3000元", "5000-6000元", "房租12000元", "1500万",
        "20多家商户", "7.5倍", "G1501高速", "M15号线", "95%", "MS261122-7K3QX9-4", "第5车道", "沪闵路", "A栋", "40 50 60岁", "3-5次",
        "23时59分59秒", "100-200平方米", "32000000元", "30000000-50000000元", "①②③", "㎡",
    ],
)  # fmt: skip
def test_ordinary_numbers_and_words_survive(ordinary):
    text = f"每天{ordinary}，请看看"
    assert scrub(text) == text


def test_every_match_is_masked_not_only_the_first():
    text = "我13812345678，我爱人13987654321，车牌沪A12345，邮箱a@b.cn"
    assert not re.search(r"\d{5}|@", scrub(text))
    assert scrub(text).count(MASK) == 4


@pytest.mark.parametrize(
    "typed", ["13812345678", "138 1234 5678", "+86-138-1234-5678", "1381234５６７８", "８６13812345678"]
)
def test_one_phone_has_one_normal_form(typed):
    assert normal_phone(typed) == "13812345678"


@pytest.mark.parametrize(
    "written",
    [
        "一三八一二三四五六七八", "幺三八 一二三四 五六七八", "壹叁捌壹贰叁肆伍陆柒捌", "138一二三四5678", "1️⃣3️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣", "l38I2345678",
        "138（1234）5678", "(138)12345678", "138:1234:5678", "138~1234~5678", "138*1234*5678", "13812 345678", "138123 45678",
        "13 81 23 45 67 8", "138\xad1234\xad5678", "138后面是1234再5678", "零二一，五八零零，一二三四",
    ],
)  # fmt: skip
def test_a_number_is_found_however_it_is_disguised(written):
    left = scrub(f"我的号码是{written}，请打")
    assert written not in left
    assert not re.search(r"\d{4}", left)


@pytest.mark.parametrize(
    ("text", "private"),
    [
        ("加我微信 wang_xm88 发照片", "wang_xm88"), ("薇信号：lucky-dog2020", "lucky-dog2020"), ("QQ 23456789", "23456789"), ("扣扣号是23456789", "23456789"),
        ("抖音号dy_laowang7", "dy_laowang7"), ("写给 zhang @ qq.com", "zhang @ qq.com"), ("zhang(at)163(dot)com", "zhang(at)163(dot)com"),
        ("护照EA1234567丢了", "EA1234567"), ("港澳通行证C12345678", "C12345678"), ("台胞证01234567", "01234567"),
        ("银行卡6222 0212 3456 7890 123", "6222 0212 3456 7890 123"), ("车 沪 A 12345 挡路", "沪 A 12345"), ("皖b·7k221挡路", "皖b·7k221"),
        ("身份证三一零一零四一九八零零一零一一二三四", "三一零一零四一九八零零一零一一二三四"), ("call me at +44 7700 900123", "7700 900123"),
    ],
)  # fmt: skip
def test_ids_of_messengers_papers_cards_and_plates_leave_the_text(text, private):
    assert private not in scrub(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我叫王小明，灯坏了", "王小明"), ("我是岳海涛的妈妈", "岳海涛"), ("联系人：薛冬梅", "薛冬梅"), ("联系人欧阳振华", "欧阳振华"), ("我女儿大名贾雨桐", "贾雨桐"),
        ("业主尉迟敬文反映停车难", "尉迟敬文"), ("找我老公 熊立军 138-0000-9934", "熊立军"), ("13800004590（孙丽丽）", "孙丽丽"), ("鄙人姓祝名清源", "清源"),
        ("王小明先生说过", "王小明"), ("my name is John Smith, thanks", "John Smith"),
    ],
)  # fmt: skip
def test_a_name_leaves_the_text_where_the_words_say_that_it_is_one(text, name):
    assert name not in scrub(text)


@pytest.mark.parametrize(
    "text",
    [
        "王阿姨、李老师、老徐都说坡道太陡", "张师傅来过", "张亮麻辣烫油烟大", "我叫了三次保洁", "我是业主委员会的", "我是安徽来的", "我是高中老师", "邻居高声喧哗",
        "居民强烈要求", "业主方便进出", "我是江桥镇的村民", "联系人写物业前台就行", "钱大妈门口", "关公庙那个弯", "微信小程序打不开", "微信支付付不了",
        "13、14、15、16、17、18号楼没灯", "订单202411271530220018没送", "电梯注册代码31101155002013000072", "灯杆LD0138-0000-12漏电", "沪C牌照能进吗",
        "发票代码031002300111号码48820016", "水费386.50元，读数13800.45", "共1536户", "打12345和12348都不管", "一三五单号日，三八路",
    ],
)  # fmt: skip
def test_ordinary_words_that_look_like_a_name_or_a_number_stay(text):
    assert scrub(text) == text


@pytest.mark.parametrize(
    ("text", "name", "shown"),
    [
        ("徐丽说别敲门", "徐丽", f"{MASK}说别敲门"),
        ("早高峰堵车", "高峰", "早高峰堵车"),
        ("我是高峰，早高峰堵车", "高峰", f"我是{MASK}，早高峰堵车"),
        ("张杨路积水，张杨等回电", "张杨", f"张杨路积水，{MASK}等回电"),
        ("叫我振华就行", "欧阳振华", f"叫我{MASK}就行"),
    ],
)
def test_the_senders_own_name_goes_as_a_whole_word(text, name, shown):
    assert scrub(text, name=name) == shown


def test_the_senders_own_phone_goes_in_whatever_form_and_so_does_its_end():
    left = scrub("153中间那段是1234，完了再5678；尾号5678", phone="15312345678")
    assert not re.search(r"1234|5678", left)


@pytest.mark.parametrize(
    ("texts", "room"),
    [
        (("4号楼1302室有人晕倒",), "1302室"),
        (("5幢2单元402漏水，楼上502也漏",), "402"),
        (("31弄8号602漏到302室",), "602、302室"),
        (("灯坏了", "幸福路3号601室"), "601室"),
        (("301路公交站，8号楼，201会议室，共1388户",), ""),
    ],
)
def test_a_room_is_kept_beside_the_text_it_leaves(texts, room):
    assert named_room("", *texts) == room
    for part in room.split("、"):
        assert not part or all(part not in scrub(text) for text in texts)


def test_a_room_that_was_asked_for_goes_before_those_in_the_text():
    assert named_room("三楼东户", "502室漏水") == "三楼东户"


def test_staff_may_name_a_room_in_their_own_words():
    assert scrub("明早到301室修，电话13812345678", keeps_rooms=True) == f"明早到301室修，电话{MASK}"


@pytest.mark.parametrize("then", ["一直打不通", "两次没人接", "三天了", "七点以后在", "零点打来的", "二楼的"])
@pytest.mark.parametrize(
    "number",
    [
        "13812345678",
        "138-1234-5678",
        "021-64961234",
        "64961234",
        "310104195203146017",
        "6222021001123456789",
        "沪AD12345",
        "沪A·12345",
        "12号楼2203",
    ],
)
def test_a_word_that_begins_with_a_numeral_hides_no_number_before_it(number, then):
    """138-1234-5678一直 is not 138-1234-56781直; what is said behind it stays."""
    for text in (f"{number}{then}", f"打了两次{number}{then}"):
        masked = scrub(text)
        assert number[-4:] not in masked, masked
        assert masked.endswith(then[1:])


@pytest.mark.parametrize(
    "text", ["工单20261122一直没动", "1305弄58号一楼", "缴费3600一次", "12345一直占线", "楼高18一层8户"]
)
def test_and_no_other_number_becomes_one_by_it(text):
    assert scrub(text) == text


@pytest.mark.parametrize(
    "written",
    [
        "13812345678、13912345678",
        "13812345678 13912345678",
        "13812345678/13912345678/021-64101234",
        "021-64101234 64105678",
    ],
)
def test_numbers_side_by_side_are_masked_each(written):
    assert not re.search(r"\d", scrub(f"电话{written}都行"))


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("住4-301，漏水", f"住4-{MASK}，漏水"),
        ("3-2-1203漏水", f"3-2-{MASK}漏水"),
        ("2-100的箱子", "2-100的箱子"),
        ("押金10-5000元", "押金10-5000元"),
        ("4-399漏水", "4-399漏水"),  # no storey has ninety-nine doors
    ],
)
def test_a_door_behind_a_dash_is_a_room_and_an_amount_is_none(written, left):
    assert scrub(written, keeps_rooms=False) == left


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("微信iPhone版打不开", "微信iPhone版打不开"),  # a word, and nobody announced an id
        ("微信是good", "微信是good"),  # too short for one
        ("我微信是goods", f"我微信是{MASK}"),
        ("微信wx_0817", f"微信{MASK}"),
        ("QQ123456789012", f"QQ{MASK}"),
        ("QQ1234", "QQ1234"),
    ],
)
def test_an_id_of_a_messenger_is_announced_or_looks_like_one(written, left):
    assert scrub(written) == left


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("居民高建国，电话", f"居民{MASK}，电话"),
        ("居民高建国来说", "居民高建国来说"),  # as well a word: only before a pause it is a name
    ],
)
def test_a_surname_that_is_a_word_tells_of_a_name_only_before_a_pause(written, left):
    assert scrub(written) == left


@pytest.mark.parametrize(
    ("own", "left"),
    [("6410123", f"门铃{MASK}坏了"), ("641-0123", f"门铃{MASK}坏了"), ("641012", "门铃6410123坏了")],
)
def test_the_number_that_was_left_goes_wherever_it_stands_from_seven_digits_on(own, left):
    assert scrub("门铃6410123坏了", phone=own) == left


@pytest.mark.parametrize(("given", "normal"), [("没有电话", ""), ("", ""), ("分机 808", "808")])
def test_what_nobody_can_call_has_its_digits_for_a_normal_form(given, normal):
    assert normal_phone(given) == normal
