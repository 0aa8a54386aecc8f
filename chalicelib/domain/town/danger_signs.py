"""Signs of danger as the town's data: danger.csv, one row a kind of saying it (rule 80)."""

from enum import StrEnum

from chalicelib.domain.model import Frozen

GROUP = "group"  # a row that only names words: {人}


class Danger(StrEnum):
    """How sure it is that somebody is in danger now. Their order is the order of care."""

    NONE = "none"
    POSSIBLE = "possible"  # a person is asked before anything else happens
    SURE = "sure"  # 紧急 at once


class DangerKind(StrEnum):
    """What threatens: it decides whom to call, and what a phone may say of it."""

    LIFT = "lift"  # 被困
    FIRE = "fire"
    GAS = "gas"
    ELECTRIC = "electric"
    FALLING = "falling"  # 高空坠物
    HOLE = "hole"  # 坠入坑洞
    WATER = "water"
    PERSON = "person"  # 倒地、无应答
    CHILD = "child"
    SELF_HARM = "selfharm"
    VIOLENCE = "violence"
    TRAFFIC = "traffic"
    CHEMICAL = "chemical"
    OTHER = "other"


class DangerSign(Frozen):
    """One row of danger.csv. `words` and `unless` are patterns (`phrases`); what stands in `unless` near it takes it back."""

    code: str
    kind: DangerKind | None = None  # None: a group of words that other rows use as {name}
    name: str = ""  # of a group
    category: str = ""  # what a ticket of such danger is filed under, where nothing finer is known
    sure: bool = False
    words: str
    unless: str = ""
