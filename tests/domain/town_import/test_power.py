"""What of an import makes power, said in plain words; taking away makes none (rule 93)."""

import pytest

from chalicelib.domain.town.partner import Partner
from chalicelib.domain.town_import.power import power_gained, power_of_partner
from tests.towns import SMALL, built, small_files

SUBSCRIBED = "name,title,address,identity\ncity,城运中心,https://city.example.cn/e,phone\n"
OLD, _ = built(small_files() | {"subscribers.csv": SUBSCRIBED.encode()})


def gained(subscribers=SUBSCRIBED, **tables):
    new, _ = built(small_files(**tables) | {"subscribers.csv": subscribers.encode()})
    return power_gained(OLD, new)


def edited(table, old, new):
    assert old in SMALL[table]
    return {table: SMALL[table].replace(old, new)}


@pytest.mark.parametrize(
    ("table", "old", "new", "said", "who"),
    [
        ("staff", "gw1,网格员甲,ST,grid_worker,G,", "gw1,网格员甲,ST,grid_worker;station_head,G,", "增加职责：站长", "gw1"),
        ("staff", "pm,物业经理甲,PM,", "pm2,物业经理丙,PM,property_manager,,\npm,物业经理甲,PM,", "新增物业经理丙", "pm2"),
        ("staff", "gw2,网格员乙,ST,grid_worker,SG,desk_calls", "gw2,网格员乙,ST,grid_worker,SG,wecom", "登录码和通知改发到", "gw2"),
        ("staff", "leader,片区党委负责人,ST,area_leader,,", "leader,片区党委负责人,ST,area_leader,T,", "负责的范围变为：华泾镇", "leader"),
    ],
)  # fmt: skip
def test_a_role_a_person_a_phone_and_a_wider_area_are_power(table, old, new, said, who):
    found = gained(**edited(table, old, new))
    assert len(found.lines) == 1
    assert said in found.lines[0]
    assert found.gains == (who,)


@pytest.mark.parametrize(
    ("subscribers", "said"),
    [
        (SUBSCRIBED.replace("city.example.cn/e", "other.example.cn/e"), ["将发到 https://other.example.cn/e"]),
        (SUBSCRIBED.replace(",phone", ",phone;name"), ["将收到居民的姓名"]),
        (SUBSCRIBED + "lib,图书馆,https://lib.example.cn/e,text\n", ["图书馆”的事件将发到", "将收到居民的原话"]),
        (SUBSCRIBED + "lib,图书馆,,\n", []),
    ],
)  # fmt: skip
def test_an_address_and_a_granted_field_are_power(subscribers, said):
    lines = gained(subscribers).lines
    assert len(lines) == len(said)
    assert all(words in line for words, line in zip(said, lines, strict=True))


@pytest.mark.parametrize(
    ("subscribers", "tables"),
    [
        (SUBSCRIBED, {}),
        ("name,title,address,identity\n", {}),
        (SUBSCRIBED.replace(",phone", ","), {}),
        (SUBSCRIBED.replace("https://city.example.cn/e,phone", ","), {}),
        (SUBSCRIBED, edited("staff", "站长,ST", "大站长,ST")),
        (SUBSCRIBED, edited("places", "1单元楼道", "一单元楼道")),
    ],
)
def test_taking_away_and_renaming_make_no_power(subscribers, tables):
    assert gained(subscribers, **tables) == ((), ())


def test_a_first_town_begins_with_two_people_and_asks_nobody():
    assert power_gained(None, OLD) == ((), ())


def test_a_partners_new_address_is_power_and_the_same_one_or_none_is_not():
    none, one, other = (
        Partner(name="p", title="平台", address=to) for to in ("", "https://a.cn/x", "https://b.cn/x")
    )
    assert [bool(power_of_partner(*pair)) for pair in ((None, none), (one, one), (one, none))] == [False] * 3
    assert [bool(power_of_partner(*pair)) for pair in ((None, one), (none, one), (one, other))] == [True] * 3


SIGNED = SUBSCRIBED.replace("address,", "address,signature,").replace("/e,phone", "/e,{},phone")


@pytest.mark.parametrize(
    ("before", "after", "is_power"),
    [
        ("v2", "v1", True),
        ("v2", "", True),
        ("v1", "v2", False),
        ("", "v2", False),
        ("v1", "", False),  # both mean the first version
        ("v2", "v2", False),
    ],
)
def test_a_signature_that_asks_for_less_is_power_and_one_that_asks_for_more_is_not(before, after, is_power):
    old, new = (
        built(small_files() | {"subscribers.csv": SIGNED.format(each).encode()})[0]
        for each in (before, after)
    )
    lines = list(power_gained(old, new).lines)
    assert lines == (["“城运中心”的签名要求从 v2 降到 v1"] if is_power else [])
    known, given = (Partner(name="p", title="平台", signature=each) for each in (before, after))
    said = power_of_partner(known, given)
    assert said == (("合作方“平台”的签名要求从 v2 降到 v1",) if is_power else ())
    assert power_of_partner(None, given) == ()  # a new door lowers none


UNSIGNED = SIGNED.format("")
RULES = "code,name,partner,kind,more_than,minutes,place,category,signature\n"


def test_of_a_name_with_many_registrations_the_strictest_counts():
    """A subscriber's row may go or say less while a rule of the same name still says v2, and the other way round."""

    def with_rules(*signatures, rows=UNSIGNED):
        rules = RULES + "".join(
            f"R{n},水位,city,level,1,10,G,F,{each}\n" for n, each in enumerate(signatures)
        )
        return built(small_files() | {"subscribers.csv": rows.encode(), "sensor_rules.csv": rules.encode()})[
            0
        ]

    held, one_less, none = with_rules("v2", "v2"), with_rules("v2", ""), with_rules("", "")
    assert not power_gained(held, one_less).lines
    assert power_gained(held, none).lines == ("“城运中心”的签名要求从 v2 降到 v1",)
    gone = with_rules("", rows="name,title\n")
    assert power_gained(held, gone).lines == ("“city”的签名要求从 v2 降到 v1",)
