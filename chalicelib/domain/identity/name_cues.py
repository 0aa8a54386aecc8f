"""What is said around a name: the words before it, after it, and those that make it a place or a shop instead."""

from chalicelib.domain.identity.plain import any_of
from chalicelib.domain.patterns import regex

RELATION = any_of(
    r"爸爸 妈妈 爸 妈 父亲 母亲 老公 丈夫 爱人 老婆 妻子 太太 媳妇 儿子 女儿 囡囡 囡 孙子 孙女 女婿 "
    r"儿媳 孙女婿 爷爷 奶奶 外公 外婆 阿爷 阿奶 哥哥 姐姐 弟弟 妹妹 哥 姐 弟 妹 舅舅 叔叔 伯伯 姑姑 "
    r"姑妈 姨妈 外甥 侄子 侄女 对象 男友 女友 男朋友 女朋友 朋友 同事 室友 老乡 师父 岳父 岳母 公公 "
    r"婆婆 丈母娘 小孩 孩子 宝宝 家属 先生 邻居 同学 保姆 护工 护理员 老伴 伴侣"
)
OFFICE = any_of(
    r"户主 业主 租客 租户 房东 承租人 车主 机主 当事人 报修人 投诉人 反映人 申请人 报警人 来电人 "
    r"来电者 上报人 市民 居民 村民 住户 患者 收件人 收货人 经办人 老板 老板娘 店长 店主 经理 负责人 "
    r"代办人 委托人 受害人 伤者 死者 监护人 嫌疑人 肇事者 司机 员工 保安 职工 老人 学生 家长 聯絡人 "
    r"業主 乘客 顾客 游客 病人 产妇 独居老人 驾驶员 被投诉人 村干部 组长 楼组长"
)
NAMES_ONE = regex(
    r"(?:我|俺|本人|鄙人|咱|偶|吾|在下|小弟|小妹|阿拉|名字|这人|那人|男的|女的|个人|名)(?:的?名字|大名|真名|全名)?(?:就)?(?:叫做?|叫作|唤作)\s{0,2}"
    r"|(?:姓名|大名|名字|全名|真名|本名|署名|落款|联系人|联络人|聯絡人|联糸人|收件人|经办人|户名|开户名|名叫|名为|有个叫|个叫|人叫|叫做)"
    r"(?:[\s:=,.]|姓名|名字|就?是|为|系|叫|写|填|个){0,4}"
    r"|签名[\s:]{1,3}|——\s?"
)
IS_ONE = regex(
    r"(?:我|俺|本人|鄙人|吾|这里|这边|阿拉)(?:就)?(?:是|系|,)\s{0,2}|(?:本人|鄙人)(?=[\u4e00-\u9fff]{2,3}[\s,。(])"
    r"|(?:请?联系|请?找|转告|转交|通知|回复)(?:人|方式)?[\s:]{0,2}"
)
PEOPLE = any_of(f"{RELATION}|{OFFICE}".replace("|", " "))
SOMEONE = regex(rf"(?:{PEOPLE})(?:的?名字|姓名|大名)?[\s:,]{{0,2}}(?:就?是|叫做?|系|为)?[\s:“\"]{{0,2}}")
ANNOUNCES = regex(r"(?:姓名|大名|名字|叫做?|[系为:]|是)[\s:“\"]{0,2}$")
SURNAME_THEN_GIVEN = regex(
    r"姓\s?(?P<surname>[\u4e00-\u9fff]{1,2})[,、\s]{0,2}(?:单)?(?:名|叫)(?:字|一个|叫)?\s?(?P<given>[\u4e00-\u9fff]{1,2})"
)
TITLE = any_of(
    r"先生 女士 小姐 同志 老师 师傅 医生 大夫 阿姨 大爷 大妈 大姐 大哥 阿婆 爷叔 书记 主任 经理 队长 "
    r"警官 律师 护士 女同志 老先生 老太 小朋友 同学"
)
AFTER_WORDS = any_of(
    r"的 说 讲 反映 来电 称 在 住 是 系 电话 手机 联系 微信 身份证 证件 托 问 来 要 被 和 跟 与 把 想 "
    r"也 及 去 有 女 男 投诉 办 名下 自己 今 昨 明 刚 已 昨天 今天 前 于 因 向 请 就 从 给 最近 一直 "
    r"每 不 没 摔 本人 求 报 这 那 希望 发 打 拿 都 收"
)
AFTER_NAME = regex(rf"$|[\s,。;:!?、()\"”'’\-—/.·<>《》\[\]［］0-9A-Za-z]|{TITLE}|{AFTER_WORDS}")
PLACE_WORDS = any_of(
    r"路(?!过 上 人 边) 街 公路 大道 弄(?!堂) 村 镇 乡 浜 桥 港 小区 花园 苑 公寓 广场 大厦 大楼 医院 "
    r"学校 小学 中学 幼儿园 店 超市 饭店 餐厅 麻辣 剪刀 专车 火锅 庙 寺 公园 站 号线 面馆 面包 奶茶 "
    r"咖啡 药房 菜场 纪念 故居 宾馆 酒店 银行 书店 理发 美发 包子 豆浆 生煎 烧烤 牛肉 羊肉 串串 炸鸡 "
    r"鸭 鸡 饺 粥 馄饨 羊汤 家纺 家具 地产 物业"
)
PLACE = regex(rf"\s?(?:{PLACE_WORDS})")
PLACE_ENDS = frozenset("路街镇乡村浜弄湾港站店苑庙寺县区")
PAUSE = regex(r"$|[\s,。;:!?、()［0-9]|电话|手机|联系")
FOREIGN = regex(
    r"(?:(?i:my name is|my name's|name is|name\s?:|call me|wo jiao|wo shi|woj?iao|mingzi|i am|i'm|this is|ask for|contact)|(?:名字|姓名|名)?(?:就)?(?:叫做?|是|为|:)|联系人:?|聯絡人:?)\s{0,2}"
    r"(?P<name>[A-Z][a-z]+(?:[\s·-][A-Z][a-z]+){1,3}|(?<=jiao )[a-z]+(?: [a-z]+)?(?=[,.;]|$))"
)
NOT_FOREIGN = {
    "Road",
    "Street",
    "Shanghai",
    "China",
    "Avenue",
    "Lane",
    "Building",
    "Gate",
    "Park",
    "House",
    "Station",
    "Metro",
    "Hotel",
    "School",
    "Pro",
    "Max",
    "Plus",
}
HAN = regex(r"[\u4e00-\u9fff]")
