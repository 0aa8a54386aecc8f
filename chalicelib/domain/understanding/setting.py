"""In what setting a sign stands: denied, past, supposed, wished away, asked as a rule, played, seen in the news, sold, or over.

Code, not data: how a language denies or supposes does not differ from town to town (rule 80). Works on flat text (`phrases.flat`),
for signs of danger and of grievances alike.
"""

import re
from enum import StrEnum

from chalicelib.domain.patterns import regex
from chalicelib.domain.understanding.phrases import Hit, Span

BEFORE = 30  # characters before a sign in which its setting is said
AFTER = 45  # and after it, in which it is said to be over
_STOP = regex(r"[。！？!?\n;；]")
_CLAUSE = regex(r"[,。！？!?\n;；…~～:：]")


class Setting(StrEnum):
    DENIED = "denied"
    UNDONE = "undone"  # 没 between its words: that was not done, and something else may have been
    PAST = "past"
    SUPPOSED = "supposed"
    FEARED = "feared"
    PREVENTED = "prevented"  # a wish that it may never come to it
    DRILL = "drill"
    NEWS = "news"
    HABIT = "habit"  # 天天冒烟: a nuisance that comes again and again
    LIKENED = "likened"  # 像触电一样: what it is like, not what it is
    OVER = "over"


_DENIAL = regex(
    r"(?:没有?|不是|并非|并不是|勿是|不会|未|并无|别|不用|勿要|不存在|没什么|没得|闻不到|看不到|没闻到|没看到|没听到)"
    r"(?:人|在|再|发生|什么|啥|有|任何|过|被|真的|真|给|是|说|孩子|老人|小孩|谁){0,2}$|[不勿]$|不是(?:要|想|来|去){1,2}$"
)
_NO_DENIAL = regex(
    r"(?:是不是|有没有|会不会|要不要|不止|不但|不光|不仅|差点没|没过多久|别的|有无|没人管|没用)"
)
_DENIED_INSIDE = regex(r"(?:没有?|不是|未|并无)[^,。]{0,2}$|(?:不|勿)(?:再|被|是|会)?$")
# "…, nobody is inside": the denial comes after its sign. 没人应, 没人管 deny nothing.
_DENIED_AFTER = regex(
    r"^(?:面|头|边|厢|是|也|都|[,，]|现在|根本|其实|倒){0,3}(?:一个人(?:也|都)没有?|没有?人(?:了|的|住|在里面|在)?(?=[,，。！？!?;；\n]|$))"
)
_EMPTY = regex(r"^.?里(?:面|头|厢|边)?(?:是|都是|其实是)?空(?:着|的|空)")  # from the sign's own last word on
_UNTRUE = regex(
    r"^[^。！？!?\n]{0,16}?不是(?:着火|失火|起火|火灾|漏气|煤气|打架|真的?)(?!吧|吗|么|就是)|"
    r"^[^。！？!?\n]{0,6}?(?:是(?:表演|演的|拍戏)|哈{2}|嘿{2}|h{3}|😂|🤣|说着玩)|^[^。！？!?\n]{0,8}?[,，](?:其实|原来|结果|走近|近看|(?:跑|走)?(?:过去|下去|上去)?(?:仔细)?一看|(?:我|去|过去)?看[过了]了?)[^,，。！？!?\n]{0,4}?(?:是|在)(?!真|不是)|^[^。！？!?\n]{0,10}?(?:是假的|误报|虚惊|谣言|乌龙|闹着玩|开玩笑|逗你|骗你|瞎说|吓唬人)"
)
# The writer takes back what was said; an address that was wrong takes nothing back.
_MISTAKEN = regex(
    r"(?<![址号楼元层室幢牌单])(?:是我)?(?:搞错|弄错|看错|听错|认错|记错|误会)了?(?!.{0,3}(?:楼|号|地址|门牌|单元))|里[面头]?(?:根本)?没有?人(?![管来应理接开答说回吭听知动出敢救])"
)
_NOW = regex(r"现在|刚才|刚刚|刚又|今天|今早|今朝|今晚|此刻|正在|这次|这会|眼下|还在|又来|这趟|刚")
_PAST = regex(
    r"去年|前年|大前年|旧年|年初|上个?月|上个?(?:星期|礼拜)|上周|前阵子|前段时间|前几[年月]|[前早头]些年|从前|以前|小时候|小辰光|当年"
    r"|那年|那时候?|那阵|那趟|那次|早年|[0-9一二三四五六七八九十几多两]+年前|[五六七八九]几年|上次|上回|上趟|上一次|曾经|老早|早先|那回|往年|历史上|个月前"
)
_SUPPOSED = regex(
    r"要是|如果|假如|假使|倘若|万一|若[是真要有遇]|比方|譬如|比如|假设|哪一?天|有一天|真要|一旦"
    r"|遇到|遇上|碰到(?:这|那|什么|此|类|突发|紧急|意外|火|地震|台风|事|情况|问题|个|老人)"
)
# Between what may do harm and the harm: 外机锈成这样，万一掉下来.
_SUPPOSED_BETWEEN = regex(r"要是|如果|假如|假使|倘若|万一|若是|假设|哪一?天|有一天|一旦|真要")
_SUPPOSED_AFTER = regex(
    r"^[^,，。！？!?\n]{0,4}的话|^[^,，。！？!?\n了]{0,5}[,，]?(?:到时候)?(?:谁来?|算谁)(?:负责|担责|赔|承担|的)"
)
_PRESSING = regex(
    r"再不|再没|没人来|(?<![进出上下起过回])不来"
)  # "if nobody comes …" supposes no danger but help
_FEARED = regex(
    r"(?:怕|担心|害怕|生怕|唯恐|恐惧|脑补|想象|以防|防止|避免|谨防|小心|当心|容易|容易引起|会不会哪|迟早|早晚)[^,。！？!?\n]{0,6}$"
)
_RATHER_SURE = regex(r"怕是|恐怕|只怕|怕的是")
_PREVENTED = regex(
    r"(?:建议|预防|防范|宣传|普及|知识|讲讲|盼望|呼吁|讲座|培训|教教|学习|安检|检查一?下|图个安心|防患未然|提醒大家|注意|免得|省得|以免)[^。！？!?\n]{0,16}$"
    r"|(?:装|安装|立|挂|贴|加装|设|增设|插|发|配|加|添|免费领)(?:几|一|个|块|只|台|套|面|点)[^。！？!?\n]{0,10}$"
)
_PREVENTED_ANYWHERE = regex(
    r"建议|预防|防范|宣传|知识|讲座|培训|防患未然|最好[^,。]{0,6}(?:装|加|立|修|设|围|拦|贴|挂|配|锁)|请把[^,。]{0,12}(?:围起来|锁起来|锁好)|免得|省得|以免|图个安心|虚惊|白跑|不是.{0,8}(?:是|噢|哦)"
    r"|没有?(?:人|东西|什么|谁)?(?:被|再|往下|在)?(?:着火|起火|漏|困|受伤|坏|丢|掉|摔|砸|打架|落水|触电|出事|晕|昏)"
)
_PREVENTED_AFTER = regex(
    r"^的?(?:隐患|风险|可能性|危险性)|^[^。！？!?\n]{0,14}(?:急救|自救)[^,。]{0,4}(?:动作|方法|知识|体验|课)|^[^,。！？!?\n]{0,4}(?:体验课|急救课|急救法)"
    r"|^[^。！？!?\n]{0,30}(?:示意图|小卡片|逃生图|路线图|(?:办|开|组织)个?培训)"
    r"|^[^。！？!?\n]{0,14}(?:防患未然|图个安心|的(?:牌子|标识|标志|告示|讲座|知识|宣传|报警器|装置|预案|规定|办法|视频|海报|告知))"
)
_RULE = regex(
    r"算不算|可不可以|可以不可以|能不能(?:放|烧|充|进|养|停|带|用)|允许|有明文|违法吗|合法|罚多少|要罚|罚款吗|有规定|科普|第一步|归谁管|归啥人管|该归|管不管|请问.{0,20}(?:吗|呢|伐|么)"
    r"|(?:想问|问下|问一下|咨询).{0,20}(?:哪里|啥地方|怎么办|如何|几号|几点|多少|要不要)"
)
_DRILL = regex(r"演练|演习|彩排|模拟|拍戏|剧组|报备|练习|训练营|实训|防暴叉|消防日|体验活动|报名参加")
_NO_DRILL = regex(r"不是演|没有演|勿是演|不是练|真的|来真的")
_HABIT = regex(r"天天|每天|整天|一天到晚|成天|常年|长年|长期|老是|总是|经常|每到|一到")
# Which one is meant, by what was once there: 有孩子溺水的那个池塘, 煤气爆过那家.
_PAST_AFTER = regex(
    r"^过(?:[一两几]次|好几次|的?那[个家栋户条口幢层处座])|^的那[个条口处座](?:池塘|水沟|坑|井|路口|地方|位置|杆子|台阶|车棚)"
)
_LIKE = regex(r"(?:像|跟|如同|仿佛|犹如|好比|好似)[^,，。！？!?\n]{0,4}$")
_LIKE_AFTER = regex(r"^[^,，。！？!?\n]{0,3}(?:似的|一样|一般|那样)")
_FELT = regex(r"麻|碰|摸|湿|水|赤脚|手一")  # 腿麻得像过电一样: that is how it feels
_NEWS = regex(
    r"电视(?:里|上|剧|台|讲|说|新闻)|新闻|热搜|抖音|快手|电影|小说|游戏里|打游戏|恐怖片|报道|外省|辟谣|网上(?:看|说|讲|传|有)|听说(?:别|人家|哪|隔壁小区|外面|某)|刷到|公众号|听书|广播里|网上[^,。]{0,3}视频|短视频|新闻视频|隔壁(?:区|市|镇)|听[^,。]{0,4}(?:讲|说)起?[^,。]{0,2}(?:他们|别的|人家|外面|老家)[^,。]{0,2}(?:小区|单位|那边|那里|村|厂)"
)
# Said after it: what it tells of is none of this place.
_ELSEWHERE_AFTER = regex(
    r"^[^。！？!?\n]{0,24}(?:跟|和|与)(?:我们|咱们|这里|这边|本小区)[^,。]{0,4}(?:没关系|无关|不搭界)"
)
_ADVERT = regex(
    r"专业|上门|24小时|24h|随叫随到|优惠|[一二三四五六七八九0-9]折|立减|新客|扫码领|领券|清仓|特价|包吃住|招聘|诚招|招住家|优先|老客户"
    r"|☎|1[3-9]\d{9}|【|代办|价格|低价|出租|转让|开锁换锁|分钟到|包月|加微信|团购|满减|包邮|元起|面议"
)
_OVER = regex(
    r"(?:人|他|她|伊|都|已经|已|后来|总算|终于|自己|自家|现在)[^,。！？!?\n]{0,4}"
    r"(?:(?<![跑逃冲])出来了|上来了|下来了|回来了|醒了|好了|没事了?|好好的|走了|找到了|到家了|救了?)"
    r"|救出来|(?<!灯)(?<!灯[也都全])灭了|灭掉了|扑灭|修好|盖好了|锯走|锯掉|(?<![里上进强])(?:拖走|拉走|搬走)|换掉了|换好了|没事了|人没事|没啥事|没什么事|好好的|虚惊|误报|味道[^。！？!?\n]{0,10}散了|出院了|坐起来(?=喝|吃|说话|聊)|(?:手|脚|头|手指|脑袋)(?:拿|拔|抽|取|弄)出来了"
    r"|平安|脱险|解除|送医院了|一切正常|现在正常|是正常|说正常|已经关火|火(?:已经)?关了|劝下来了|劝开了|(?:捞|抱)(?:上|下)来了(?=在|[,，]?(?:人)?没事|[,，]?好)|自己.{0,4}(?:上来|跑了|出来|好了|下来)|处理好了|解决了|处理完|弄好了|当天就|后来查|已经报|已经[^,。]{0,3}(?:断电|拆(?:了|掉|除))|拆走了"
    r"|游上来|没在|搞定|办结|消掉了|关掉了|关上了|关好了|不漏了|(?<!漏)不漏|(?<!还)在.{0,6}(?:家睡|睡觉)"
)
_ENDED_WELL = regex(r"(?:找到|扶起来|救下来|救上来|醒过来|缓过来|放出来|接出来|接回来)了")
_GOES_ON = regex(
    r"还在|还有|又(?:烧|着|冒|漏|来)|没灭|里头还|可是|但是|不过|闻[到着]|呛|头(?:晕|昏)|没(?:声|反应|动静)|叫不|喊不"
)
_NOT_OVER = regex(r"(?:还有|还没|没有|还在|又|但是?|可是?|不过|里头还|就是没|勿|不)[^,。！？!?\n]{0,6}$")


_ANIMAL = r"(?:[小流浪野死大]*(?:猫|狗)|宠物|鸟(?!。|$)|鸡(?!蛋|翅|腿)|鸭|鹅|羊(?!水|肉|毛)|牛(?!奶|肉|仔)|猪|兔|鸽|(?<![钓摸捕抓])鱼|乌龟|仓鼠|老鼠|耗子|松鼠|黄鼠狼|蛇|鹦鹉|金毛|泰迪|柯基|哈士奇|猫咪|狗子|燕子|麻雀|喜鹊|毛毛虫|虫子)"
_OF_ANIMALS = regex(_ANIMAL)
_WHOSE = regex(
    rf"(?:我们?|俺|阿拉|咱们?|邻居|隔壁|对门|楼[上下]|同事|老[王李张])家?(?:的|里|养的)?[一只条窝]*{_ANIMAL}|(?:谁|哪位|好心人|你们|师傅|主人|有人)|人[家工行]|雨伞"
)
_PERSON = regex(
    r"人|孩|娃|囡|妇|伙|姑娘|叔|老[头太爷奶伯公婆娘李张王]|[爸妈爷]|奶(?!狗|猫|牛|茶|粉|酪)|阿[婆公姨伯]|女的|男的|学生|同学|司机|骑手|师傅|工友|室友|店员|保安|顾客|服务员|老板|[我他她伊俺](?!家)|手|脚|腿|脸|脖"
)


def is_of_animals(sentence: str) -> bool:
    """Whether what is said to have fallen, be shut in or cry is an animal, and no person stands beside it."""
    return bool(_OF_ANIMALS.search(sentence)) and not _PERSON.search(_WHOSE.sub("", sentence))


def sentence_of(text: str, hit: Hit) -> str:
    """The sentence of a flat text in which a sign stands."""
    end = _STOP.search(text, hit.end)
    return _STOP.split(text[: hit.start])[-1] + text[hit.start : end.start() if end else len(text)]


def clause_of(text: str, at: Span | Hit) -> Span:
    """The clause of a flat text in which a sign stands; the clauses, where it stands in several."""
    starts = [mark.end() for mark in _CLAUSE.finditer(text, 0, at.start)]
    end = _CLAUSE.search(text, at.end)
    return Span(starts[-1] if starts else 0, end.start() if end else len(text))


def setting_of(text: str, hit: Hit) -> Setting | None:
    """What takes a sign back at this place of a flat text; None when it is said of here and now."""
    around = text[max(0, hit.start - BEFORE) : hit.end + BEFORE]
    before = _before(text, hit)
    after = text[hit.end : hit.end + AFTER]
    if _undone(text, hit):
        return Setting.UNDONE
    if (
        _denied(text, hit)
        or _DENIED_AFTER.search(after)
        or _EMPTY.search(text[max(hit.start, hit.end - 2) : hit.end + AFTER])
        or _UNTRUE.search(after)
        or _MISTAKEN.search(before + after)
    ):
        return Setting.DENIED
    if _DRILL.search(around) and not _NO_DRILL.search(around):
        return Setting.DRILL
    if _said_and_not_now(_PAST, before + text[hit.start : hit.end]):
        return Setting.PAST
    if _PAST_AFTER.search(after) and not (_GOES_ON.search(after) or _NOW.search(before + after)):
        return Setting.PAST
    if _is_supposed(text, hit, before, after):
        return Setting.SUPPOSED
    if _LIKE.search(before) and _LIKE_AFTER.search(after) and not _FELT.search(before):
        return Setting.LIKENED
    if _NEWS.search(before) or _ELSEWHERE_AFTER.search(after):
        return Setting.NEWS
    if _PREVENTED.search(before) or _PREVENTED_AFTER.search(after):
        return Setting.PREVENTED
    if _FEARED.search(before) and not _RATHER_SURE.search(before):
        return Setting.FEARED
    if _over(after) or _ended_well(text[hit.start : hit.end + AFTER]):
        return Setting.OVER
    return Setting.HABIT if _said_and_not_now(_HABIT, before) else None


def is_set_aside(text: str, hit: Hit) -> bool:
    """Whether a whole piece of a text, of which no single sign is known, says itself that it is not of here and now."""
    piece = text[hit.start : hit.end]
    if _DRILL.search(piece) and not _NO_DRILL.search(piece):
        return True
    if (
        _over(piece)
        or _ended_well(piece)
        or _MISTAKEN.search(piece)
        or _PREVENTED_ANYWHERE.search(piece)
        or _NEWS.search(piece)
    ):
        return True
    return (_said_and_not_now(_PAST, piece) or _said_and_not_now(_SUPPOSED, piece)) and not _PRESSING.search(
        piece
    )


def is_advert(text: str) -> bool:
    """Whether a flat text as a whole sells something, whatever signs it holds."""
    return len({match[0] for match in _ADVERT.finditer(text)}) >= 2


def asks_a_rule(text: str, hit: Hit) -> bool:
    """Whether this sentence of a flat text asks what is allowed or whose task it is; of a text of two, either.

    "Who deals with noise at night?" at the end of a long text takes nothing back of what came before.
    """
    ends = [match.start() for match in _STOP.finditer(text.rstrip("。！？!?\n;；"))]
    if len(ends) < 2:
        return bool(_RULE.search(text))
    start = max((end + 1 for end in ends if end < hit.start), default=0)
    return bool(_RULE.search(text, start, min((end for end in ends if end >= hit.end), default=len(text))))


def _is_supposed(text: str, hit: Hit, before: str, after: str) -> bool:
    """Supposed before the sign, after it, or between its first word and the next; what comes later supposes consequences."""
    if _said_and_not_now(_SUPPOSED, before) and not _PRESSING.search(before):
        return True
    between = text[hit.words[0].end : hit.words[1].start] if len(hit.words) > 1 else ""
    return bool(_SUPPOSED_BETWEEN.search(between) or _SUPPOSED_AFTER.search(after))


def _before(text: str, hit: Hit) -> str:
    """What stands before a sign in its sentence."""
    return _STOP.split(text[max(0, hit.start - BEFORE) : hit.start])[-1]


def _denied(text: str, hit: Hit) -> bool:
    clause = _CLAUSE.split(text[max(0, hit.start - 10) : hit.start])[-1]
    return bool(_DENIAL.search(clause) and not _NO_DENIAL.search(clause))


def _undone(text: str, hit: Hit) -> bool:
    gaps = [text[one.end : two.start] for one, two in zip(hit.words, hit.words[1:], strict=False)]
    return any(_DENIED_INSIDE.search(gap) and not _NO_DENIAL.search(gap) for gap in gaps)


def _said_and_not_now(what: re.Pattern[str], before: str) -> bool:
    said = list(what.finditer(before))
    return bool(said) and not _NOW.search(before, said[-1].end())


def _ended_well(said: str) -> bool:
    """Whether who was lost, fell or was shut in is said to be found, up or out again: also within the words of a sign."""
    return _over(said, _ENDED_WELL)


def _over(after: str, what: re.Pattern[str] = _OVER) -> bool:
    match = what.search(after)
    if match is None or _NOT_OVER.search(after[: match.start()]):
        return False
    return not _GOES_ON.search(after, match.end())
