"""Files that a town may have beside the twelve it must have, and their columns (docs/town.md)."""

from chalicelib.domain.town.addresses import fault_of
from chalicelib.domain.town.partner import SIGNATURES
from chalicelib.domain.town.subscribers import IDENTITY_FIELDS
from chalicelib.domain.town.vocabulary import PlaceKind, Role, Source, UnitKind
from chalicelib.domain.town.walk_lists import Trade
from chalicelib.domain.town_import.cells import (
    any_of,
    code,
    codes,
    day,
    number,
    one_of,
    several,
    text,
    whole_above_zero,
    words,
    yes_or_no,
)
from chalicelib.domain.town_import.columns import COLUMNS, LONGEST_PATTERNS, Column, phone_number, phones

LONGEST_ANSWER = 2000  # characters; an answer is read on a phone


def web_address(cell: str) -> str:
    """Where anybody can read the source."""
    if not cell.startswith(("https://", "http://")):
        raise ValueError(f"网址“{cell}”应以 https:// 或 http:// 开头")
    return cell


def address(cell: str) -> str:
    """Where data may be sent (rule 89)."""
    if fault := fault_of(cell):
        raise ValueError(f"地址“{cell}”{fault}")
    return cell


def unit_or_kind(cell: str) -> str:
    """A kind of units by its name, or a unit by its code."""
    try:
        return str(one_of(UnitKind)(cell))
    except ValueError:
        return code(cell)


OPTIONS: dict[str, tuple[Column, ...]] = {
    "subscribers": (
        Column("name", "名称", code, required=True),
        Column("title", "称呼", text, required=True),
        Column("address", "推送地址", address),
        Column("identity", "身份字段", several(any_of(*IDENTITY_FIELDS))),
        Column("signature", "签名版本", any_of(*SIGNATURES)),
    ),
    "sensor_rules": (
        Column("code", "编码", code, required=True),
        Column("name", "名称", text, required=True),
        Column("partner", "合作方", code, required=True),
        Column("kind", "种类", code, required=True),
        Column("sensor", "传感器", code),
        Column("least", "起算值", number),
        Column("more_than", "超过次数", whole_above_zero, required=True),
        Column("minutes", "分钟", whole_above_zero, required=True),
        Column("place", "地点", code, required=True),
        Column("category", "类别", code, required=True),
        Column("signature", "签名版本", any_of(*SIGNATURES)),
    ),
    "visit_plans": (
        Column("code", "编码", code, required=True),
        Column("name", "名称", text, required=True),
        Column("source", "来源", one_of(Source), required=True),
        Column("role", "角色", one_of(Role), required=True),
        Column("places", "地点", codes, required=True),
        Column("each", "逐个", one_of(PlaceKind), required=True),
        Column("times", "次数", whole_above_zero),
        Column("weeks", "周数", whole_above_zero),
    ),
    "emergency_sheets": (
        Column("place", "地点", code, required=True),
        Column("lift_company", "电梯维保单位"),
        Column("lift_phone", "电梯急修电话", phone_number),
        Column("lift_code", "电梯编号"),
        Column("gas_phone", "燃气抢修电话", phone_number),
        Column("property_phone", "物业值班电话", phone_number),
        Column("note", "进楼与阀门"),
    ),
    "hazards": (
        Column("code", "编码", code, required=True),
        Column("name", "名称", text, required=True),
        Column("where", "常见地方", text),
        Column("category", "类别", code, required=True),
        Column("urgent", "紧急", yes_or_no),
        Column("photograph", "拍什么", text),
    ),
    "shops": (
        Column("code", "编码", code, required=True),
        Column("name", "名称", text, required=True),
        Column("place", "地点", code, required=True),
        Column("kind", "业态", text),
        Column("trade", "经营状态", one_of(Trade), required=True),
    ),
    "knowledge": (
        Column("code", "编码", code, required=True),
        Column("title", "标题", text, required=True),
        Column("answer", "答复", text, required=True, longest=LONGEST_ANSWER),
        Column("steps", "怎么办", text, longest=LONGEST_ANSWER),
        Column("source_title", "依据", text),
        Column("source_url", "依据网址", web_address),
        Column("source_date", "依据日期", day),
        Column("valid_until", "有效期至", day),
        Column("owner", "负责单位", text),
        Column("keeper", "看管单位", code),
        Column("phone", "电话", phones),
        Column("audience", "适用的人", text),
        Column("category", "主题", text),
        Column("aliases", "别名", words),
        Column("verified", "已核对", yes_or_no),
    ),
    "everyday_words": (
        Column("term", "名称", text, required=True),
        Column("everyday", "平常说法", text, required=True, longest=LONGEST_PATTERNS),
    ),
    "topics": (
        Column("code", "编码", code, required=True),
        Column("name", "名称", text, required=True),
        Column("words", "说法", text, required=True, longest=LONGEST_PATTERNS),
        Column("personal", "个人的事", yes_or_no),
        Column("own_word", "只由本人", yes_or_no),
        Column("least", "至少几人", whole_above_zero),
    ),
    "mandates": (
        Column("category", "类别", code, required=True),
        Column("place", "地点", code),
        Column("lead", "主办单位", code),
        Column("assisting", "协办单位", codes),
        Column("never", "不能派给", several(unit_or_kind)),
        Column("ground", "依据", text, required=True, longest=LONGEST_ANSWER),
        Column("ground_url", "依据网址", web_address),
    ),
}
EVERY_FILE = COLUMNS | OPTIONS  # in the order in which faults are told
