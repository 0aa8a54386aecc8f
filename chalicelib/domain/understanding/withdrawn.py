"""What of a text accuses nobody though it speaks of acts: a question, a supposition, the news, what is settled, what is taken back.

Code, not data, as `setting` is: how one asks or takes back does not differ from town to town (rule 80). Works on flat text.
In doubt nobody is accused: a person looks first, and the matter is kept from nobody (rule 21).
"""

import re
from collections.abc import Iterable, Iterator

from chalicelib.domain.patterns import regex
from chalicelib.domain.understanding.phrases import Span

_SENTENCE = regex(r"[^。!?\n;]+[。!?\n;]*")
# The writer says that it was otherwise, or wants the complaint back. Not where somebody else wants it (让我撤了).
_TAKEN_BACK = regex(
    r"(?:是我|我自己|自己|我|是[他她伊])(?:[^,。!?]{0,3})(?:没看清|没听清|弄错|搞错|听错|看错|听岔|记错|误会|冲动|不对$)|以为[^。!?]{0,20}(?:后来|结果|原来|其实)(?:才)?(?:发现|知道|晓得|是)|错怪|冤枉了?(?:人家|他|她|伊|你们)|发错|是我[^,。!?]{1,6}(?:写|填|报|看|弄|搞|记)错"
    r"|(?:是|系)(?:我|俺|阿拉|偶|本人|我自己)(?:不对|不好|的错|错了|的不是|脾气|[^,。!?]{0,3}(?:数|记|看|听|弄|搞)错)|认罚|(?:替|代)(?:我|俺)[^,。!?]{0,4}(?:道个?歉|赔个?不是)|说声对不起|特此更正"
    r"|别(?:信|瞎传|乱传|网暴|怪(?:人家|他|她|伊|你们))|莫(?:乱|瞎)传|不要(?:乱|瞎)传|(?:我俩|哥俩|跟[^,。!?]{1,8})(?:[^,。!?]{0,4})(?:闹着玩|拍拍打打)"
    r"|(?:投诉|单子|那单|上次的?)[^,。!?]{0,6}(?:取消|撤了吧|撤销|撤掉吧)|(?:帮我|麻烦|请)(?:撤|取消)|撤(?:了|掉|销)吧|辟谣|(?:事情|原因)(?:弄|搞|查)(?:明白|清楚)了"
    r"|(?:不是|不|没|并非|没有)(?:要|想|来|是要|是想|打算)?(?:投诉|举报|告)(?:谁|哪个|啥人|他|她|人家|物业|保安|居委|网格|工作站|你们|的意思)"
    r"|没有?(?:要|想)[^,。!?]{1,4}的意思|(?:我(?:可|也)?没|没有)说[^,。!?]{1,7}(?:不好|坏话|的事|的意思)|不是[^,。!?]{1,6}的?(?:问题|错|责任)"
    r"|(?:查|弄|搞|问|讲|说)清(?:楚|爽)了?(?:是|,是|,原来)|(?:跟我|都|早就?|也)(?:解释|讲|说)(?:清楚|清爽|开)了"
)
# It was made good: whoever did it said sorry, paid back, was punished or is gone.
_SETTLED = regex(
    r"(?:后来|已经|早就?|当天|现在|已)[^,。!?]{0,5}(?:道歉|赔礼|退(?:还|给|我|了)|还(?:给我|我)了|被?撤(?:了|掉|职)|开除|辞退|判刑?了|判过|抓了|调走|换(?:掉|人)|没事了|和好|讲开|处理过了|不干了|走了人)"
    r"|(?:法院|已经?|都)判过?(?:刑)?了|换掉的|前任|旧物业|老物业"
)
_FORCED = regex(r"逼|让我|叫我|要我|劝我|喊我|不然|才肯|催我")
_BUT = regex(r"但|可是|不过|然而|却|结果|还是|又|新来的|现在|[,。!?]可")
_NOT_SETTLED = regex(
    r"(?:没有?|不肯?|拒绝|还没|也不|从不|从来不)[^,。!?]{0,3}(?:道歉|赔|退)|(?<!吵过)又(?:来|骂|打|把|开始)"
)
_SEEN = regex(
    r"(?:电视|新闻|热搜|抖音|快手|微博|小红书|网上|朋友圈|公众号|报纸|广播)(?:里|上|号)?[^,。!?]{0,4}(?:看到?|刷到?|说|讲|播|报|有人?说|有人?讲|有个|有|那个|那段)"
    r"|(?:看|刷|上了?)(?:到|了)?(?:电视|新闻|热搜|抖音|快手|微博)|(?:听|我)[^,。!?]{0,4}(?:同事|朋友|同学|亲戚|老乡|姐|哥|妹|弟|舅)[^,。!?]{0,3}(?:讲|说)?(?:他|她|伊)们?(?:的|那个|那边的?)?小区"
    r"|(?:同事|朋友|同学|亲戚|姐|哥|妹|弟|舅舅|姑姑|阿姨|老家|娘家)(?:家|他|她|伊)?(?:那个|那边|那里|那儿)的?(?:小区|村|镇|物业|居委|保安|城管|网格|干部)|老家的"
)
_IF = regex(r"如果|假如|假使|要是|倘若|万一|若是|以后(?:要|再|如果)?|将来|哪天")
_SPEAKS = regex(r"[说讲喊骂吼]|威胁|放话|警告|口口声声|:|「|\"|“")
_ASKS = regex(
    r"请问|想问|问一?下|问问|咨询|(?:想|要)(?:知道|了解)|了解一?下|有没有规定|有规定|合不合|算不算|违不违|怎么(?:举报|投诉|反映|查|办|处理|申请|报|走|看)"
    r"|(?:归|找|向|打)(?:哪|谁|啥)|哪个(?:部门|电话|流程)|应该(?:打|找|向)|权利|权力|可以[^。!?]{1,14}[吗么伐]|[吗伐么]$|怎么样|几点|几号|几时|多少|哪天|什么时候|啥辰光|(?<!往)哪里|在哪|怎么补|能不能|可不可以|有没有|一般(?:是)?怎么|什么(?:责任|后果|手续|材料|规定)|(?:跟|找|向)谁(?:说|讲|问)"
    r"|是[^,。!?]{1,18}(?:吧|噻|的不)(?:[,。]|$)|对(?:吧|噻)(?:[,。]|$)|[行中得](?:不[行中得]?|得到)$|怎么(?:取消|还|领|交|退|改|取)|(?:放|存)(?:在)?哪|要不要带|要带|可否|何时|何处|几时|几天"
)
# A question about something that happened is told, not asked.
_HAPPENED = regex(
    r"[了过](?!解|问)|昨天|前天|今天|刚才|刚刚|今早|昨晚|上次|把我|将我|被他|给我|天天|每次|每天|一直|老是|还说|凭什么|凭啥|为什么|为啥|谁给|难道|怎么能|哪能可以|还有没有|有没有人管|没修|没来|不来|不修"
)
# What somebody said to the writer, or asks in bitterness, is no question of the writer's (说你识字吗, 谁认可的？).
_NO_QUESTION = regex(
    r"[问讲说](?:你|侬|我|我们|阿拉|俺)[^,。!?]*$|[问讲说](?:有没有|要不要|多少)|张口|爱找谁|到处|谁[^,。!?]{1,4}的(?:吗|,|$)"
)


def takes_back(text: str, acts: Iterable[Span] = ()) -> bool:
    """Whether the writer says that nobody is to be accused: it was otherwise, it was made good, or the complaint is withdrawn.

    Not where somebody else wants it withdrawn (逼我撤诉), nor where a `but` leads on to one of the `acts`.
    """
    found = _taken_back(text)
    return found is not None and not goes_on(text, found.end(), acts)


def goes_on(text: str, at: int, acts: Iterable[Span]) -> bool:
    """Whether after this place a `but` leads on to one of the `acts`."""
    return any(act.start >= at and _BUT.search(text, at, act.end) for act in acts)


def _taken_back(text: str) -> re.Match[str] | None:
    for found in _TAKEN_BACK.finditer(text):
        if not _FORCED.search(text, max(0, found.start() - 8), found.start()):
            return found
    return None if _NOT_SETTLED.search(text) else _SETTLED.search(text)


def set_aside(text: str) -> tuple[Span, ...]:
    """The sentences that tell of nothing done here: plain questions, suppositions, what was seen in the news or is told of elsewhere."""
    return tuple(_set_aside(text))


def _set_aside(text: str) -> Iterator[Span]:
    for match in _SENTENCE.finditer(text):
        sentence = match[0].rstrip("。!;\n ").replace("?", "吗") if match[0] else ""
        if _is_question(sentence) or _is_supposed(sentence) or _SEEN.search(sentence):
            yield Span(match.start(), match.end())


def _is_question(sentence: str) -> bool:
    return (
        bool(_ASKS.search(sentence)) and not _HAPPENED.search(sentence) and not _NO_QUESTION.search(sentence)
    )


def _is_supposed(sentence: str) -> bool:
    """A condition of the writer's own. One that somebody is said to have spoken is a threat (他说要是再投诉就…)."""
    condition = _IF.search(sentence)
    return (
        condition is not None
        and not _SPEAKS.search(sentence[: condition.start()])
        and not _HAPPENED.search(sentence)
    )
