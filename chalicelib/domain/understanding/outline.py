"""A text in outline, as the model of misconduct reads it beside its words: one letter for each word of a group of like words.

"我说了一句账不对，第二天就停我家的水" is somebody, money, raised, then, shut off, somebody: of five hundred sentences
no two have the same words, and many have the same outline. The groups belong to the model's file, not to the town: another
group is another model, to be trained anew.
"""

from collections.abc import Iterator

# Of words that begin alike the longest is taken; of one word in two groups, the first. Two alike in a row count once.
GROUPS: dict[str, str] = {
    "sufferer": "我|俺|阿拉|咱|偶|本人|老伴|老娘|娃|孙女|孙儿|孙子|女儿|闺女|儿子|爷爷|奶奶|外婆|妈|爸|爹|媳妇|老婆|老公|爱人|居民"
    "|业主|住户|大家|群众|老百姓|老人|老太|老头|租客|租户",
    "kin": "亲戚|亲家|小舅子|大舅子|舅子|小姨|姐夫|妹夫|姐姐|嫂|弟弟|老弟|侄|外甥|表弟|表哥|表妹|表姐|堂弟|堂哥|连襟|丈人|女婿"
    "|他媳妇|他老婆|他儿|她儿|她女|她侄|老乡|同学|战友|熟人|关系户|自己人|内弟|叔|一个姓|搭子|牌友",
    "gift": "红包|好处|回扣|烟|中华|酒|茶叶|茶水|礼|孝敬|意思意思|吃顿饭|吃饭|充值|话费|转账|现金|收款码|私人码|微信|个人账户|口袋"
    "|腰包|荷包|兜|揣|塞|递",
    "money": "钱|费|押金|租金|补贴|补助|低保|捐|收益|维修金|基金|工资|赔|罚款|罚|奖金|慰问|救济|物资|名额|车位|摊位",
    "proof": "收据|发票|票|条子|收条|单据|公示|公告|账|明细|合同|报价|招标|抬头",
    "record": "记录|记载|台账|登记表|本子|本上|单子|工单|表格|表上|系统|档案|报告|日志|签到|回访|办结|评价|满意|五星|照片|验收",
    "signature": "签字|签名|签的|签了|手印|盖章|敲章|章|笔迹|同一支笔|勾|投票|选票|唱票|选举|换届",
    "raised": "投诉|反映|举报|告状|信访|上访|意见|吐槽|提了|说了|讲了|问了|发帖|发了|写信|打电话|打12345|差评|曝光|匿名|联名|牵头|带头"
    "|公布",
    "then": "第二天|次日|隔天|当晚|当天|转天|之后|以后|后来|完了|前脚|后脚|刚|马上|立马|就|没几天|不出|回头|转背|转头|随后",
    "shut_off": "停水|停电|断水|断电|停我|断我|停了|不给开|不让进|进不|刷不|打不开|锁|删|拉黑|踢|失效|误停|故障|不抬杆|不放行|拦|堵|贴条"
    "|拔|关",
    "force": "打|推|踹|扇|揪|拧|拽|按倒|摁|骨折|青|肿|摔|扔|砸|泼|抢|撕|踩|架|扎|狗|警棍|棍",
    "abuse": "骂|吼|滚|死|傻|贱|神经|废物|刁民|笑|指着|拍桌|嘲|讽|凶|翻白眼|呸|吐",
    "threat": "小心|当心|掂量|走着瞧|等着|后果|别想|识时务|夜路|活腻|路上|知道你|哪里上班|你家孩子|单位|规矩|懂规矩|懂事|看你|看着办"
    "|你试试",
    "leak": "知道|晓得|告诉|传|截图|原话|名字|号码|手机号|地址|住哪|房号|转给|念给|泄|通风|报信|对质|透露|推销",
    "body": "摸|抱|搂|亲|睡|美女|一个人住|加我|约|腿|胸|手不老实|单身|洗澡|内衣|拍",
    "untrue": "假|代|冒|没来过|没见过|没去|没做|没修|没洗|没换|从来没|从没|根本没|不识字|编|凑|实际|其实|明明|居然|结果|却|偏偏|正好"
    "|刚好|恰|巧|水印",
    "must": "必须|强制|逼|非要|不买|不交|不办|不签|不参加|不加|不送|不给|指定|只能|推荐|否则|不然|才|除非",
    "idle": "喝酒|醉|打牌|麻将|睡觉|脱岗|刷手机|赌",
    "taken": "自己家|他家|她家|私用|占|出租|租给|租出去|卖|拉走|拿走|搬|顺|扣|截|少了|不见|没影|据为|挪|报销|报账|承包|包给|施工队|工程",
    "own": "是我|是俺|认罚|怪我|不对|道歉|对不起|弄错|数错|搞错|误会|别信|乱传|瞎传|闹着玩|更正",
    "rogue": "混混|骗子|贼|小偷|扒手|冒充|自称|假扮|诈骗|传销",
    "praise": "厉害|靠谱|热乎|跪谢|给跪|拾得|捡到|送还|满分|暖|谢|感谢|表扬|赞|夸|辛苦|锦旗|好评|真好|挺好|硬是不要|不收|坚辞|没收|退回|帮",
    "question": "可否|何时|何处|几时|是不是|吧|请问|咨询|吗|呢|怎么|哪里|几点|能不能|可以|希望|建议|想问",
    "not": "没|不|别|无|未|勿",
    "elsewhere": "外地|外省|老家|原单位|公司|厂|学校|医院|银行|商场|新闻|网上|电视|隔壁小区|别的小区|听说",
}
_FIRST_LETTER = 0x3500  # of a block that nobody writes: a group's letter is no word of a text
_NUMBER = chr(_FIRST_LETTER - 1)
_NUMERALS = "一二三四五六七八九十两几百千万0123456789"
_UNIT = frozenset("块元百千万")


def _letters() -> dict[str, list[tuple[str, str]]]:
    """The words by their first character, the longest first, each with the letter of its group."""
    letter_of: dict[str, str] = {}
    for place, words in enumerate(GROUPS.values()):
        for word in words.split("|"):
            letter_of.setdefault(word, chr(_FIRST_LETTER + place))
    by_first: dict[str, list[tuple[str, str]]] = {}
    for word in sorted(letter_of, key=len, reverse=True):
        by_first.setdefault(word[0], []).append((word, letter_of[word]))
    return by_first


_BY_FIRST = _letters()


def outline(text: str, kept: str = "") -> str:
    """The letters of the groups that a flat text's words are of, in its order; characters of `kept` stand for themselves."""
    letters: list[str] = []
    for letter in _read(text, kept):
        if not letters or letters[-1] != letter:
            letters.append(letter)
    return "".join(letters)


def _read(text: str, kept: str) -> Iterator[str]:
    at, end = 0, len(text)
    while at < end:
        first = text[at]
        if first in kept:
            yield first
        for word, letter in _BY_FIRST.get(first, ()):
            if text.startswith(word, at):
                yield letter
                at += len(word) - 1
                break
        else:
            if first in _NUMERALS and text[at + 1 : at + 2] in _UNIT:
                yield _NUMBER
        at += 1
