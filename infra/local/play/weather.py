"""Bad weather at WeChat and WeCom: for a part of the day they are down, slow, answer garbage, refuse, or forget our tokens."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from infra.local.play.people import now
from infra.local.play.phones import Phones


class Spell(NamedTuple):
    """`begins` and `ends` as parts of the day's length; `mood` as the stand-in takes it."""

    begins: float
    ends: float
    words: str
    mood: dict[str, Any]


class Lived(NamedTuple):
    """A spell as it was: from when until when."""

    words: str
    since: datetime
    until: datetime


# The outage is the longest: at the demo's pace more than three hours of the town's day.
SPELLS = (
    Spell(0.12, 0.32, "微信、企业微信都连不上", {"platform": "all", "mode": "down"}),
    Spell(0.38, 0.46, "微信、企业微信应答很慢", {"platform": "all", "mode": "slow", "seconds": 7}),
    Spell(0.50, 0.57, "应答是半截 JSON", {"platform": "all", "mode": "garbage"}),
    Spell(0.60, 0.65, "应答是 200 加一页 HTML", {"platform": "all", "mode": "html"}),
    Spell(0.68, 0.72, "报 45009，说发得太多", {"platform": "all", "mode": "errcode", "errcode": 45009}),
    Spell(0.76, 0.82, "一直报 40001，说令牌不对", {"platform": "all", "mode": "errcode", "errcode": 40001}),
)
TOKENS_DIE = (0.34, 0.82, 0.92)  # the platform forgets every access token at once
CALM = {"platform": "all", "mode": "ok"}


class Weather:
    """`seconds` is the day's length. `blow` is to be called about once a second, `clear` when the day is over."""

    def __init__(self, phones: Phones, seconds: float, say: Callable[[str], None]) -> None:
        self.phones, self.seconds, self.say = phones, seconds, say
        self.lived: list[Lived] = []
        self.deaths = 0  # of all tokens
        self._began = time.monotonic()
        self._spell: Spell | None = None
        self._since: datetime | None = None

    def blow(self) -> None:
        """Set what is due. A stand-in that was killed has forgotten its mood, so a bad one is set again each time."""
        part = (time.monotonic() - self._began) / self.seconds
        spell = next((each for each in SPELLS if each.begins <= part < each.ends), None)
        if spell is not self._spell:
            self._turn(spell)
        elif spell is not None:
            self._move("mode", **spell.mood)
        if self.deaths < len(TOKENS_DIE) and part >= TOKENS_DIE[self.deaths] and self._move("kill_tokens"):
            self.deaths += 1

    def clear(self) -> None:
        self._turn(None)

    def _turn(self, spell: Spell | None) -> None:
        if not self._move("mode", **(spell.mood if spell else CALM)):
            return  # it is dead just now: the next second
        instant = now()
        if self._spell and self._since:
            self.lived.append(Lived(self._spell.words, self._since, instant))
        self.say(spell.words if spell else "平台恢复正常")
        self._spell, self._since = spell, instant

    def _move(self, what: str, **given: Any) -> bool:
        try:
            self.phones.move(what, **given)
        except OSError:
            return False
        return True
