"""Figures of speech that sound like danger, put out of sight before a text is read; what they stood in keeps its length."""

import re
from collections.abc import Callable

from chalicelib.domain.patterns import regex
from chalicelib.domain.understanding.phrases import Span

HIDDEN = "□"
_OF_A_WORD = "▢"
_TO_DEATH = (
    "跳楼|去死|想死|要死|死的心|断气|昏过去|晕过去|吐血|爆炸|杀人|上吊|撞墙|疯掉|暴毙|原地去世|升天|崩溃|报警"
)
_STATES = "气|笑|累|急|烦|吵|臭|忙|馋|羞|尴尬|无聊|恶心|吓|难看|丑|堵|慢|贵|酸|苦|咸|辣"
# Of these people do die: a figure only where nobody else is named as who suffers, nor where.
_OF_THE_BODY = "热|冷|饿|困|渴|冻|晒|卡|闷"
_SOMEBODY = regex(
    r"有人|[老病女男]人|孩|娃|囡|婆|公公|爷|奶|妈|爸|伯|叔|头(?!疼|痛)|手(?!机|续|头)|脚|[他她](?!们)"
)
_CLAUSE = regex(r"[^,。！？!?\n;；]*$")
_HURT = "打揍踢踹撞摔捅砍烧鼓胀漏压咳疼痛病吐"  # whoever is beaten till he faints has fainted
# Set phrases in which fire, water, knives and deaths are none.
_CHENGYU = (
    "城门失火|殃及池鱼|隔岸观火|抱薪救火|飞蛾[扑投]火|玩火自焚|[引惹]火烧身|火中取栗|纸[里]?包不住火|火上浇油|煽风点火|星星之火"
    "|急如星火|死灰复燃|釜底抽薪|如火如荼|万家灯火|炉火纯青|怒火中烧|火冒三丈|赴汤蹈火|刀山火海|救火队员?|后院起火|烽火|香火"
    "|水落石出|落井下石|落水狗|顺水推舟|逆水行舟|一落千丈|一蹶不振|一跌再跌|借刀杀人|笑里藏刀|两面三刀|刀子嘴|快刀斩乱麻|单刀直入|一刀切|刀刀(?:见血|致命)"
    "|死去活来|要死要活|半死不活|生不如死|死马当活马医|死不承认|死皮赖脸|死要面子|你死我活|打死(?:我)?也?不|打死都|杀鸡(?:儆猴|焉用)|千刀万剐|杀人不见血|杀人诛心|一口老血"
    "|电闪雷鸣|触电般|来电显示|晕头转向|头昏(?:脑胀|眼花)的?(?:规定|表格|手续|流程)|鸡飞狗跳|狗急跳墙|跳进黄河|病急乱投医|哑巴吃黄连"
)
_FIGURES = regex(
    rf"(?<![{_HURT}])得[^,。！？!?\n]{{0,6}}(?:{_TO_DEATH})"
    rf"|(?:多|少|慢|卡|吵|热|冷|贵|臭|累|忙|烦|气|急|笑|困|饿)到[^,。！？!?\n]{{0,6}}(?:{_TO_DEATH})"
    rf"|(?:{_STATES})(?:死|炸|爆|疯)(?:了|我|人|个|你|他|$)?"
    rf"|(?P<body>(?:{_OF_THE_BODY})(?:死|炸|爆|疯)(?:我|个|你|(?:人|了)(?![^,。！？!?\n]{{0,2}}[在于])|$)?(?![在于]))"
    r"|(?:审美|真是|简直|真的|快|急|想)?要我?命(?!令|名|运)|命根|拼命|没命地?跑"
    r"|火烧眉毛|水深火热|炸锅|跳楼(?:价|机|大?甩|清仓|秤)|救命(?:稻草|钱|药|恩人|啊太|之恩)|火爆"
    r"|(?<![线箱灶器表插座车池罐机])发火|(?<!大)火大(?!灾)|上火|恼火|社死|夺命连环|要了老命|闹出人命案?剧|气到|累趴|躺平|躺枪|吐槽|断电断网|断气儿|打酱油|当场去世|一命呜呼游戏|救命路"
    r"|(?:头|脑袋|脑壳|脑子|耳朵|肺|心态|肚皮)(?:皮)?(?:都|也)?(?:要|快|被)?[^,。！？!?\n]{0,3}(?:炸|裂|爆|聋)(?:了|开|掉)?(?![^,。！？!?\n]*血)"
    rf"|{_CHENGYU}"
    r"|(?:房价|股价|价格|工资|收入|销量|成绩|分数|信号|人气|电量)[^,。！？!?\n]{0,4}(?:掉|跌|跳水|塌)"
    r"|(?:费|账单|作业|消息|广告|材料|表格|工作|活儿?)[^,。！？!?\n]{0,6},?(?:快|要|都)?把我(?:们)?(?:淹|埋|压垮)(?:死|没)?了?"
    r"|(?:踩|入|避|跳|巨)坑(?!里|洞|[^,。！？!?\n]{0,4}(?:人|孩|老))|坑(?:人|钱|爹|了我)|(?:买|签|加盟|中介|套路|贷款|推荐|公司)[^。！？!?\n]{0,12}掉(?:进|到)?坑里?了?"
    r"|我(?:真|都|就)?(?:差点|险些|几乎)(?:没|要|就)?(?:昏|晕|背过)(?:过去|倒|气去?)"
    r"|像(?:坐|乘)(?:电梯|过山车|火箭)|操碎了?心|跑断了?腿|磨破了?嘴|喊破了?(?:喉咙|嗓子)|愁白了?头|心在滴血|寒了?心|急白了?头"
    r"|(?:贷款?|压力|债|费|租金?|生活|工作|作业|指标)[^,。！？!?\n]{0,8}喘不过气"
    # The weather, a throat and whoever waits only seem to burn; what burns is named before it.
    r"|(?:(?<=[,。！？!?\n;])|(?<=^)|天气?|路面|柏油路|太阳)(?:热|晒)得[^,。！？!?\n]{0,8}(?:冒烟|着火|冒火|起火)"
    r"|(?:嗓子|喉咙)[^,。！？!?\n]{0,3}冒[烟火]|头顶冒[烟火]|眼睛都?冒火|七窍生烟|像着了?火(?:一样|似的)"
    r"|得[^,。！？!?\n]{0,4}(?:头发|屁股|眉毛)都?[^,。！？!?\n]{0,2}(?:着火|冒烟|烧起来)了?"
    # Whoever is delighted faints of nothing, and a heart that stops for three seconds has only jumped.
    r"|(?:香|甜|美|帅|好看|好吃|好喝|可爱|幸福)(?:到|得)[^,。！？!?\n]{0,6}(?:晕倒|昏倒|晕过去|昏过去|窒息|流鼻血)"
    r"|心脏骤停[一两三几半0-9]+秒"
    r"|加班加到暴毙|见鬼|闹鬼|像爆炸|当是爆炸|跟打雷|水泄不通|火急火燎|十万火急|燃眉之急|胆小鬼"
)
# Whole words that only hold one of danger: they say nothing of how the rest is meant.
_WORDS = regex(
    r"命大|爆(?:炒|料|满|款|米花|胎|火|笑|棚)|灭火器?|防火|消防|火车|火锅|火腿|烤火|点火器|热火|防爆"
    r"|炸(?:鸡|串|酱|臭豆腐|薯|油条|猪排|弹玩具)|油炸"
    r"|杀(?:价|青|虫|菌|毒|手锏|熟|鸡|鱼|猪)|死(?:角|活|机|板|心眼|党|贵|慢)|跌(?:价|停)|掉(?:价|漆|色|线|队|粉)|死鱼|死狗屎"
    r"|麻(?:将|烦|辣|木|利|袋)|捆绑|绑定|解绑|打(?:电话|电钻|钻|折|卡|扫|包|听|印|针|工|车|牌|球|麻将|篮球|呼噜|桩|孔|洞|招呼|游戏|不通|广告)|打我(?:手机|电话)|水管爆|爆管"
)


def masked(text: str, cuts: Callable[[str, Span], bool] = lambda _text, _figure: False) -> str:
    """A flat text without its figures of speech, each character of them hidden, nor words that merely hold one of danger.

    `cuts`: whether a figure would cut a word of danger in two; then it is none: 煤[气爆]炸, 楼[上火]光.
    """

    def hidden(found: re.Match[str]) -> str:
        is_none = cuts(text, Span(found.start(), found.end())) or _is_of_somebody(text, found)
        return found[0] if is_none else HIDDEN * len(found[0])

    return _WORDS.sub(lambda found: _OF_A_WORD * len(found[0]), _FIGURES.sub(hidden, text))


def _is_of_somebody(text: str, found: re.Match[str]) -> bool:
    """Whether the same clause says who froze, choked or got stuck: not the writer, who exaggerates."""
    if not found["body"]:
        return False
    clause = _CLAUSE.search(text[: found.start()])
    return bool(clause and _SOMEBODY.search(clause[0]))
