"""A partner's file: what it says is read whole, and every bad line is named."""

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.domain.tables.reading import SHIFTED
from chalicelib.domain.town.partner import MOST_NAME, Means, Partner, read_partner, source_of
from chalicelib.domain.town.vocabulary import Source

GOOD = """setting,title,12345热线
setting,source,hotline_12345
setting,address,https://a.example.cn/in
setting,encoding,gb18030
setting,signature,v2
column,number,工单编号
column,text,诉求内容
category,路灯,B06
place,盛华,SH
act,taken,签收
reason,属地不符,01
reason,,99
answer,处理动作,act
status,已派,assigned
"""


def read(rows=GOOD, name="hotline"):
    return read_partner(name, f"kind,key,value\n{rows}".encode())


def test_every_line_of_a_file_is_read():
    assert read() == Partner(
        name="hotline",
        title="12345热线",
        source=Source.HOTLINE_12345,
        address="https://a.example.cn/in",
        encoding="gb18030",
        signature="v2",
        columns={"number": "工单编号", "text": "诉求内容"},
        categories={"路灯": "B06"},
        places={"盛华": "SH"},
        acts={"taken": "签收"},
        reasons={"属地不符": "01", "": "99"},
        answers={"处理动作": "act"},
        statuses={"已派": Means.ASSIGNED},
    )


def test_whoever_is_only_reported_to_sends_no_orders_and_needs_other_lines():
    above = read("setting,title,汇治理\nsetting,upward,yes\nact,reported_up,上报\n", name="above")
    assert (above.upward, above.source) == (True, None)
    with pytest.raises(Invalid, match=r"^汇治理不派单，只接收上报") as refused:
        source_of(above)
    assert refused.value.details["fields"] == ["name"]
    assert source_of(read()) is Source.HOTLINE_12345


@pytest.mark.parametrize(
    ("rows", "lacks"),
    [
        ("", ["setting title", "setting source", "column number", "column text"]),
        ("setting,title,\nsetting,source,petition\ncolumn,number,号\n", ["setting title", "column text"]),
        ("setting,upward,no\n", ["setting title", "setting source", "column number", "column text"]),
        ("setting,upward,yes\n", ["setting title", "act reported_up"]),
        ("setting,upward,yes\nsetting,title,汇治理\n", ["act reported_up"]),
    ],
)
def test_a_file_that_lacks_lines_is_told_which(rows, lacks):
    with pytest.raises(Invalid) as refused:
        read(rows)
    assert refused.value.details["fields"] == [
        {"file": "hotline.csv", "line": 0, "reason": f"缺少 {what}"} for what in lacks
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("settings,title,x", "第一列应为 setting、column、category、place、act、reason、answer、status 之一"),
        ("setting,name,x", "name 不认识，应为 address、encoding、signature、source、title、upward 之一"),
        ("column,plate,x", "plate 不认识，应为 category、confidential、due_at、id、name、number、phone、place、sent_at、status、text 之一"),
        ("status,办了,finished", "finished 不认识，应为 accepted、assigned、handling、done、returned、instruction 之一"),
        ("setting,upward,maybe", "upward 应为 yes 或 no"),
        ("setting,source,qr", "source 应为 hotline_12345 或 petition"),
        ("setting,title,再一次", "title 重复"),
        ("reason,,98", "空 重复"),
        ("category,市政,B06,more", SHIFTED),
    ],
)  # fmt: skip
def test_a_bad_line_is_named_with_what_is_wrong_and_nothing_takes_effect(row, reason):
    with pytest.raises(Invalid, match=r"^hotline.csv 有 1 处错误，没有生效") as refused:
        read(f"{GOOD}{row}\n")
    assert refused.value.details["fields"] == [{"file": "hotline.csv", "line": 16, "reason": reason}]


def test_an_address_must_be_one_that_may_be_sent_to_and_none_is_none():
    with pytest.raises(Invalid) as refused:
        read(GOOD.replace("https://a.example.cn/in", "http://a.example.cn"))
    assert refused.value.details["fields"][0]["reason"] == "address 应以 https:// 开头"
    assert read(GOOD.replace("https://a.example.cn/in", "")).address == ""


def test_an_unsigned_version_and_each_signature_are_known():
    for version in ("", "v1", "v2"):
        assert read(GOOD.replace("signature,v2", f"signature,{version}")).signature == version
    with pytest.raises(Invalid) as refused:
        read(GOOD.replace("signature,v2", "signature,v3"))
    assert refused.value.details["fields"][0]["reason"] == "signature 应为 v1 或 v2"


@pytest.mark.parametrize(
    ("name", "may"),
    [("hotline", True), ("12345热线", True), ("a_b-c", True), ("a" * MOST_NAME, True), ("a" * (MOST_NAME + 1), False), ("../x", False), ("_-", False), ("", False)],
)  # fmt: skip
def test_a_partner_s_name_is_a_plain_word_for_it_stands_in_addresses(name, may):
    if may:
        assert read(name=name).name == name
        return
    with pytest.raises(Invalid, match=r"^合作方的文件名只能用") as refused:
        read(name=name)
    assert refused.value.details["fields"] == [
        {"file": f"{name}.csv", "line": 0, "reason": "文件名就是合作方的编号"}
    ]


def test_a_file_that_is_no_table_is_told_where():
    with pytest.raises(Invalid, match=r"^hotline.csv：") as refused:
        read_partner("hotline", b"a,b\n1,2\n")
    (field,) = refused.value.details["fields"]
    assert field.keys() == {"file", "line", "reason"}
    assert (field["file"], bool(field["reason"])) == ("hotline.csv", True)
