"""Who to call before any report: shown first on every page for residents and on every label."""

from collections.abc import Iterable
from typing import Any

from chalicelib.domain.model import Frozen

GAS = "gas"  # the code of the row that labels print


class EmergencyNumber(Frozen):
    """One row of emergency.csv: the town's own numbers, the gas company's first."""

    code: str = ""
    name: str
    number: str


EVERYWHERE = (
    EmergencyNumber(name="报警", number="110"),
    EmergencyNumber(name="火警", number="119"),
    EmergencyNumber(name="急救", number="120"),
)


def numbers(own: Iterable[EmergencyNumber]) -> list[dict[str, Any]]:
    """The country's numbers and the town's, as a page shows them."""
    return [number.model_dump(include={"name", "number"}) for number in (*EVERYWHERE, *own)]


def gas_number(own: Iterable[EmergencyNumber]) -> str:
    """The gas company's; empty where the town's files were imported before they held one."""
    return next((number.number for number in own if number.code == GAS), "")
