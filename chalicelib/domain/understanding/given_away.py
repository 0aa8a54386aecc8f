"""What in words of ours would tell whom a ticket is kept from who reported it (rule 101): identity, and what only its texts know.

Told as what to change, in the order in which it is looked for. Nothing found is no promise: whoever reported reads the
words before they go out.
"""

import re
from collections.abc import Iterable, Iterator

from chalicelib.domain.identity.plain import MASK, as_digits, plain
from chalicelib.domain.identity.scrub import scrub
from chalicelib.domain.patterns import regex
from chalicelib.domain.understanding.amounts import amounts
from chalicelib.domain.understanding.phrases import flat

LONGEST_SHARED = 5  # characters in a row that our words and theirs may have in common
MOST_NAMED = 4  # of each kind, in a refusal
_BREAK = "\x00"  # in no text that was sent

_NUMBER = regex(
    r"[A-Za-z]{2}\d{6}-?[0-9A-Za-z]{4,}(?:-?[0-9A-Za-z])*|(?:单号|工单号|编号)[:是为]?[0-9A-Za-z-]{4,}"
)
_NARROW_PLACE = regex(
    r"\d+\s?(?:号楼|号门|号(?!线)|幢|栋|座|单元|楼|层|室|弄)|[东南西北]\d?门"
    r"|(?:楼上|楼下|隔壁|对门|顶楼|底楼)(?:邻居|住户|人家|那家|那户|家)?"
)
_INSTANT = regex(
    r"\d{1,2}\s?月\s?\d{1,2}|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[:：]\d{2}|\d{1,2}点(?:半|钟|\d{1,2}分?|左右|多)"
    r"|(?:(?:上上?|这|本)个?)?(?:周|星期|礼拜)[1-7日天末]|(?:上上?|这|本)个?(?:周|星期|月)|(?:昨|今|当|大?前)[天日晚早夜]"
    r"|\d+\s?(?:天|周|个?月|年)(?:前|以前|之前)|早上|上午|中午|下午|傍晚|晚上|半夜|凌晨|夜里"
)
# Who somebody is: said of few, so that whoever hears it twice knows who.
_TRAIT = regex(
    "孙[子女]|外孙|女儿|儿子|儿媳|女婿|老伴|老公|老婆|丈夫|妻子|父亲|母亲|爸|妈|爷爷|奶奶|外公|外婆|姐姐?|妹妹?|哥哥?|弟弟?|婴儿|双胞胎|"
    "孕妇|怀孕|残疾|轮椅|拐杖|盲人|聋|哑|独居|孤寡|低保|退休|租客|租户|房东|保姆|快递员?|外卖员?|教师|老师|医生|护士|军人|党员|"
    "癌|透析|中风|偏瘫|糖尿病|心脏病|抑郁|手术|住院|狗|猫|鸟|鸽子|(?:红|黑|白|蓝|绿|黄|银|灰)色|电动车|三轮车|摩托|面包车"
)
_KINDS = (
    "姓名、电话或住处",
    "工单号",
    "比小区更细的地方",
    "具体时间",
    "与反映一样的数字",
    "与反映一样的身份、家庭、物品",
    "与反映一样的原话",
)


def given_away(
    words: str,
    *,
    said: Iterable[str],
    places: Iterable[str] = (),
    numbers: Iterable[str] = (),
    common: Iterable[str] = (),
) -> tuple[str, ...]:
    """What has to be changed, each with the words meant; nothing where nothing was found.

    `said`: every text of the ticket. `places`: names of what is narrower than a neighbourhood. `numbers`: the ticket's.
    `common`: names that everybody uses, of units and neighbourhoods; to share one gives nobody away.
    """
    texts = [plain(text) for text in said if text]
    shown = plain(words)
    digits = as_digits(shown)
    found = (
        _identity(words),
        [*_all(_NUMBER, digits, shown), *(number for number in numbers if number and number in shown)],
        [*_all(_NARROW_PLACE, digits, shown), *(place for place in places if place and place in shown)],
        _all(_INSTANT, digits, shown),
        _same_amounts(digits, map(as_digits, texts), shown),
        _shared(_TRAIT, shown, texts),
        _copied(_without(shown, common), texts),
    )
    return tuple(f"{kind}（{_named(each)}）" for kind, each in zip(_KINDS, found, strict=True) if each)


def _named(found: Iterable[str]) -> str:
    return "、".join(list(dict.fromkeys(found))[:MOST_NAMED])


def _identity(words: str) -> list[str]:
    """The parts that scrubbing takes out."""
    scrubbed = scrub(words)
    if scrubbed == words:
        return []
    from difflib import SequenceMatcher  # of no use to a start

    blocks = SequenceMatcher(None, words, scrubbed, autojunk=False).get_opcodes()
    gone = [words[start:end] for what, start, end, _, _ in blocks if what in ("replace", "delete")]
    return [each for each in gone if each.strip() and each != MASK] or [MASK]


def _all(pattern: re.Pattern[str], text: str, shown: str) -> list[str]:
    """What was found in `text`, as it stands in `shown`, which has as many characters."""
    return [shown[found.start() : found.end()] for found in pattern.finditer(text)]


def _same_amounts(ours: str, texts: Iterable[str], shown: str) -> list[str]:
    """Amounts that one of the texts has too, however it writes them."""
    theirs = {each.key for text in texts for each in amounts(text)}
    return [shown[each.start : each.end] for each in amounts(ours) if each.key in theirs]


def _shared(pattern: re.Pattern[str], shown: str, texts: Iterable[str]) -> list[str]:
    theirs = {found[0] for text in texts for found in pattern.finditer(text)}
    return [found[0] for found in pattern.finditer(shown) if found[0] in theirs]


def _copied(words: str, texts: Iterable[str]) -> list[str]:
    """The longest runs of letters and characters that stand so in one of the texts too."""
    ours = _letters(words)
    return [run for text in texts for run in _runs(ours, _letters(text))]


def _without(words: str, common: Iterable[str]) -> str:
    """The words, with a break in the place of each name."""
    for name in sorted(filter(None, common), key=len, reverse=True):
        words = words.replace(plain(name), _BREAK)
    return words


def _letters(text: str) -> str:
    return "".join(character for character in flat(text) if character.isalnum() or character == _BREAK)


def _runs(ours: str, theirs: str) -> Iterator[str]:
    least, at = LONGEST_SHARED + 1, 0
    while at + least <= len(ours):
        end = at + least
        if ours[at:end] not in theirs:
            at += 1
            continue
        while end < len(ours) and ours[at : end + 1] in theirs:
            end += 1
        yield ours[at:end]
        at = end
