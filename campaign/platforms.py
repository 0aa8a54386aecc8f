"""The phones: WeCom and one subscriber of the feed, in this process. They answer, refuse, hang or are down, as the seed says."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from campaign.faults import Faults
from chalicelib.domain.model import stamp

MOODS = ("down", "slow", "mad")
LONGEST_SPELL = 15  # minutes


class Platforms:
    """`note` keeps what arrived. A spell of bad weather ends by itself."""

    def __init__(self, faults: Faults, now: Callable[[], datetime], note: Callable[..., None]) -> None:
        self.faults, self.now, self.note = faults, now, note
        self._spells: dict[str, tuple[str, datetime]] = {}

    def exchange(
        self, _pool: Any, method: str, url: str, body: bytes | None, _headers: dict[str, str]
    ) -> tuple[bytes, int]:
        """In the place of the one function that sends over HTTPS. Raises what urllib3 raises."""
        return self.faults.request(lambda: self._answer(method, url, body))  # type: ignore[no-any-return]

    def clear(self) -> None:
        self._spells.clear()

    def _answer(self, method: str, url: str, body: bytes | None) -> tuple[bytes, int]:
        from urllib3.exceptions import NewConnectionError, ReadTimeoutError

        name = "feed" if "/feed" in url else "wecom"
        mood = self._mood(name)
        if mood == "down":
            raise NewConnectionError(None, "down")  # type: ignore[arg-type]
        if mood == "mad":
            return b"<html>502 Bad Gateway</html>", 502
        told = self._take(name, method, body)
        if mood == "slow":  # carried out, and nobody hears of it
            raise ReadTimeoutError(None, url, "slow")  # type: ignore[arg-type]
        return json.dumps(told).encode(), 200

    def _mood(self, name: str) -> str:
        mood, until = self._spells.get(name, ("", self.now()))
        if mood and self.now() < until:
            return mood
        self._spells.pop(name, None)
        if not self.faults.falls("down"):
            return ""
        mood = self.faults.chance.choice(MOODS)
        minutes = self.faults.chance.randrange(1, LONGEST_SPELL)
        self._spells[name] = mood, self.now() + timedelta(minutes=minutes)
        self.note("weather", platform=name, mood=mood, since=stamp(self.now()), minutes=minutes)
        return mood

    def _take(self, name: str, method: str, body: bytes | None) -> dict[str, Any]:
        if method == "GET":
            return {"errcode": 0, "access_token": "campaign-token", "expires_in": 7200}
        said = json.loads(body or b"{}")
        to = "" if name == "feed" else str(said.get("touser", ""))
        self.note("message", platform=name, to=to, body=said, at=stamp(self.now()))
        return {"received": said.get("id")} if name == "feed" else {"errcode": 0, "errmsg": "ok"}
