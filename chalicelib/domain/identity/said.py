"""What is said of a number before it stands there: that it is a phone, a card, or a code of some thing."""

from enum import StrEnum

from chalicelib.domain.identity.plain import any_of
from chalicelib.domain.patterns import regex


class Said(StrEnum):
    """What a number is said to be."""

    PHONE = "phone"
    CARD = "card"
    CODE = "code"  # of some thing
    NOTHING = ""


# What is said before a number. The last thing said counts: "发票代码…号码…" is a code still, "订单…，电话…" is a phone.
_SAID_PHONE = any_of(
    r"电话 手机 座机 联系 打我 打给 拨 来电 致电 热线 传真 短信 分机 (?i:tel) (?i:phone) (?i:mobile) "
    r"(?i:whats\s?app) (?i:call) (?i:shouji) (?i:dianhua)"
)
_SAID_CARD = any_of(r"银行卡 卡号 账号 帐号 账户 社保 医保 公积金 身份证 证件 存折 工资卡 敬老卡 老年卡")
_SAID_CODE = any_of(
    r"编号 代码 编码 单号 工单 订单 发票 条码 条形码 序列 注册 流水 合同 案号 文号 案件 信件 户号 "
    r"表号 桩号 桩编 杆号 灯杆 杆编 设备 型号 批号 快递 运单 票号 凭证 回执 受理号 执照 信用代码 铭牌 "
    r"出厂 产品 电梯号 箱号 井号 栓号 读数 表数 (?i:order) (?i:invoice) (?i:serial) (?i:model) "
    r"(?i:ticket) (?i:no\.) (?i:s/?n\b)"
)
_SAID = regex(rf"(?P<{Said.PHONE}>{_SAID_PHONE})|(?P<{Said.CARD}>{_SAID_CARD})|(?P<{Said.CODE}>{_SAID_CODE})")
_LOOK_BACK = 24  # characters before a number in which something may be said about it


def said_before(text: str, at: int) -> Said:
    """What is said about the number at `at`."""
    said = [match.lastgroup or "" for match in _SAID.finditer(text, max(0, at - _LOOK_BACK), at)]
    return Said(said[-1]) if said else Said.NOTHING
