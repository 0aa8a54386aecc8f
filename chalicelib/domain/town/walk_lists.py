"""What whoever goes out has in hand, as data: the checklist of hazards (hazards.csv) and the shops to be seen (shops.csv)."""

from enum import StrEnum

from chalicelib.domain.model import Frozen


class Hazard(Frozen):
    """A hazard 隐患: `urgent` makes a ticket of it urgent whatever its category says; `photograph` tells the finder what to show."""

    code: str
    name: str  # 楼道里烧过的锡箔灰
    where: str = ""  # where it is usually found: 楼道、底楼门厅
    category: str
    urgent: bool = False
    photograph: str = ""


class Trade(StrEnum):
    """经营状态 of a shop."""

    OPEN = "open"
    PAUSED = "paused"
    VACANT = "vacant"


TRADE_NAMES = dict(zip(Trade, ("营业", "停业", "空置"), strict=True))


class Shop(Frozen):
    """A shop 商户: premises at a place, visited as such. `place`: a point, a building, a grid or what is above, below the area."""

    code: str
    name: str  # as its sign says: 益丰大药房
    place: str
    kind: str = ""  # 餐饮
    trade: Trade


def text_of(hazard: Hazard | None, said: str, shop: str = "") -> str:
    """The words of a finding: the shop's name, the checklist's name of it, then what the finder says."""
    return "：".join(part for part in (shop, hazard.name if hazard else "", said) if part)
