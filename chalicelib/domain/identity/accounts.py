"""What is a person's without being a phone: e-mail addresses, ids of messengers, papers, plates. On `plain(…)` text."""

from collections.abc import Iterator

from chalicelib.domain.identity.plain import any_of, readings
from chalicelib.domain.patterns import regex

Span = tuple[int, int]

_AT = r"\s{0,2}(?:@|\(at\)|\[at\]|艾特|圈a|爱特|小老鼠)\s{0,2}|\s(?i:at)\s"
_DOT = r"\s{0,2}(?:\.|点|。|\(dot\)|\[dot\])\s{0,2}|\s(?i:dot)\s"
_EMAIL = regex(
    rf"[A-Za-z0-9._%+-]{{1,64}}(?:{_AT})[A-Za-z0-9-]{{1,63}}(?:(?:{_DOT})[A-Za-z][A-Za-z0-9-]{{1,62}}){{1,3}}"
)

_WECHAT = r"[微薇威葳徽][\W_]{0,3}[信❤♥心芯星鑫]?[\W_]{0,2}|(?<![A-Za-z])(?i:wechat|weixin|vx|wx|v信|v❤)|加[我个]?(?:卫星|[Vv])"
_OTHERS = any_of(
    r"扣扣 扣号 球球 企鹅 (?<![A-Za-z])(?i:qq)(?![A-Za-z]) (?<![A-Za-z])(?i:tiktok)(?![A-Za-z]) "
    r"(?<![A-Za-z])(?i:telegram)(?![A-Za-z]) (?<![A-Za-z])(?i:line)(?![A-Za-z]) "
    r"(?<![A-Za-z])(?i:skype)(?![A-Za-z]) (?<![A-Za-z])(?i:instagram)(?![A-Za-z]) "
    r"(?<![A-Za-z])(?i:whatsapp)(?![A-Za-z]) (?<![A-Za-z])(?i:tg)(?![A-Za-z]) 抖音 快手 小红书 微博 "
    r"钉钉 飞书 陌陌 支付宝 淘宝 咸鱼 闲鱼 B站"
)
_GLUE = r"(?:\s|[:=（(“\"'_\-]|号码|账号|帐号|账户|号|(?i:id)|名|是|为|叫|搜索?|同|也|就|用户|昵称|我|的|吧|呢|哦|哈|,){0,6}"
_STRONG = regex(r"号|(?i:id)|[:=]|是|搜|我|加")
_HANDLE = r"[A-Za-z0-9][-_.A-Za-z0-9]{3,29}"
_MESSENGER = regex(
    rf"(?P<asked>加我?的?|我的?|本人的?)?(?:{_WECHAT}|{_OTHERS})(?P<glue>{_GLUE})(?P<id>{_HANDLE})"
)
_HANDLE_FIRST = regex(
    rf"(?<![-_.A-Za-z0-9])(?P<id>{_HANDLE})\s{{0,2}}[,(]?\s?(?:这?个?就?是)?(?:我|本人)的?(?:{_WECHAT}|{_OTHERS})"
)
_WXID = regex(r"(?i)wxid_[a-z0-9_-]{4,30}")

_PAPERS = any_of(
    r"护照 通行证 回乡证 台胞证 港澳证 居留 居住证 军官证 士兵证 警官证 残疾证 驾驶证 驾照 学生证 "
    r"工作证 证件 身份证 户口 社保 医保 老年证 (?i:passport) (?i:id\s?card) (?i:permit) (?i:id\s?no) "
    r"(?i:hkid)"
)
_PAPER = regex(
    rf"(?:{_PAPERS})[^\d。;；\n]{{0,14}}?(?<![A-Za-z0-9])(?P<id>(?:[A-Za-z]\s?){{0,3}}\d(?:[\s-]?\d){{5,17}}(?:\s?[\dXxA-Z]|\(\d\))?)(?![A-Za-z0-9])"
)
_PAPER_FIRST = regex(
    rf"(?<![A-Za-z0-9])(?P<id>[A-Za-z]{{1,2}}\d{{7,10}})(?![A-Za-z0-9])[^\d。；\n]{{0,4}}(?:{_PAPERS})"
)

_PROVINCE = "京津沪渝冀豫云雲辽遼黑湘皖鲁魯新苏蘇浙赣贛鄂桂甘晋晉蒙陕陝吉闽閩贵貴粤粵青藏川宁寧琼瓊"
_GAP = r"[\s·.\-•・。、_/]{0,2}"
_PLATE = regex(
    rf"(?:[{_PROVINCE}]|[使领](?=[A-Z0-9]))\s{{0,2}}[A-Za-z]{_GAP}"
    rf"(?:[A-Za-z0-9]{_GAP}){{4}}(?:[A-Za-z0-9](?:{_GAP}[A-Za-z0-9])?|[挂学警港澳])(?![A-Za-z0-9])"
)
_SAID_PLATE = regex(
    r"(?:车牌|牌照|牌号|电动车|电瓶车|号牌)(?:[\s:]|号码?|是|为){0,4}(?P<id>[A-Za-z]?(?=[A-Za-z0-9]{0,4}\d{2})[A-Za-z0-9]{5,8})(?![A-Za-z0-9.])"
)


def personal_accounts(plain_text: str) -> Iterator[Span]:
    """Where an address, an id, a paper's number or a plate stands in the text."""
    yield from (found.span() for found in _EMAIL.finditer(plain_text))
    yield from (found.span() for found in _WXID.finditer(plain_text))
    for found in _MESSENGER.finditer(plain_text):
        if _is_an_id(found["id"], said=(found["asked"] or "") + found["glue"]):
            yield found.span("id")
    for pattern in (_HANDLE_FIRST, _PAPER_FIRST, _SAID_PLATE):
        yield from (found.span("id") for found in pattern.finditer(plain_text))
    for digits in readings(plain_text):
        yield from (found.span("id") for found in _PAPER.finditer(digits))
        yield from (found.span() for found in _PLATE.finditer(digits) if _has_figures(found[0]))


def _is_an_id(handle: str, *, said: str) -> bool:
    """`wx_0817` is one wherever it stands after 微信; a word such as `iPhone` only where an id was announced."""
    if handle.isdigit():
        return 5 <= len(handle) <= 12
    marks = any(character.isdigit() or character in "_-." for character in handle)
    return len(handle) >= 5 and (marks or bool(_STRONG.search(said)))


def _has_figures(plate: str) -> bool:
    return sum(character.isdigit() for character in plate) >= 2
