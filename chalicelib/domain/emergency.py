"""Who to call before any report: shown first on every page for residents and on every label."""

from chalicelib.domain.model import Frozen


class EmergencyNumber(Frozen):
    name: str
    number: str


GAS = "962777"  # 上海燃气热线 24 小时抢修
EMERGENCY = (
    EmergencyNumber(name="报警", number="110"),
    EmergencyNumber(name="火警", number="119"),
    EmergencyNumber(name="急救", number="120"),
    EmergencyNumber(name="燃气抢修", number=GAS),
)
