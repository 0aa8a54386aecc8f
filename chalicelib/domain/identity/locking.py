"""锁屏: when a console's screen locks, which 锁屏密码 will do, and who may take a 工作电脑 off the list (rule 103). Pure."""

from datetime import datetime, timedelta
from itertools import pairwise

from chalicelib.domain.errors import Invalid
from chalicelib.domain.town.vocabulary import HEADS, Role, Staff

IDLE = timedelta(minutes=15)  # without a key
BUSY = timedelta(minutes=60)  # without a key, while a call runs or words are unsent
SHIFT = timedelta(hours=12)  # one sign-in at a console; then a code again
MOST_TRIES = 5  # of a PIN; then a code again
MOST_COMPUTERS = 30  # of a unit
PIN_LASTS = timedelta(days=180)  # unused
SPARE_CODE_LASTS = timedelta(days=180)
PIN_DIGITS = (4, 6)  # fewest, most
_MAY_REMOVE = HEADS | {Role.UNIT_HEAD, Role.ADMIN}


def locks_at(since_key: timedelta, *, is_busy: bool, now: datetime) -> datetime:
    """When a screen locks whose last key was so long ago; its last instant is still open.

    A length below nothing counts as none: no computer's clock moves the lock away.
    """
    return now - max(since_key, timedelta(0)) + (BUSY if is_busy else IDLE)


def need_good_pin(pin: str) -> None:
    """Raises Invalid for a PIN of another length, and for one that everybody tries first."""
    fewest, most = PIN_DIGITS
    if not (pin.isascii() and pin.isdecimal() and fewest <= len(pin) <= most):
        raise Invalid(f"锁屏密码请用{fewest}到{most}位数字", fields=["pin"])
    steps = {int(later) - int(earlier) for earlier, later in pairwise(pin)}
    halves = pin[: len(pin) // 2] * 2 == pin
    if halves or steps in ({0}, {1}, {-1}):
        raise Invalid("这个锁屏密码太好猜，请不要用相同、连续或重复的数字", fields=["pin"])


def may_remove(unit: str, registered_by: str, by: Staff) -> bool:
    """Whether somebody may take a computer off its unit's list: who put it there, the unit's head, the administrator."""
    if by.code == registered_by or Role.ADMIN in by.roles:
        return True
    return by.unit == unit and not _MAY_REMOVE.isdisjoint(by.roles)
