"""A hazard 隐患 of the checklist, as data (hazards.csv): what to look for, as what it counts, and what to photograph."""

from chalicelib.domain.model import Frozen


class Hazard(Frozen):
    """`urgent` makes a ticket of it urgent whatever its category says; `photograph` tells the finder what to show."""

    code: str
    name: str  # 楼道里烧过的锡箔灰
    where: str = ""  # where it is usually found: 楼道、底楼门厅
    category: str
    urgent: bool = False
    photograph: str = ""


def text_of(hazard: Hazard | None, said: str) -> str:
    """The words of a finding: the checklist's name of it first, then what the finder says."""
    return "：".join(part for part in (hazard.name if hazard else "", said) if part)
