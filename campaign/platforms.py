"""The outside, in this process: WeCom, WeChat, one partner and one subscriber. They answer, refuse, hang or are down, as the seed says."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from campaign.faults import Faults
from chalicelib.domain.model import stamp

DOWN, SLOW, MAD, LOST, BUSY, WRONG = "down", "slow", "mad", "lost", "busy", "wrong"
MOODS = {  # of each: what it may do in bad weather
    "wecom": (DOWN, SLOW, MAD, BUSY),
    "wechat": (DOWN, SLOW, MAD, BUSY),
    "feed": (DOWN, SLOW, MAD, LOST, WRONG),
    "hotline": (DOWN, SLOW, MAD, LOST, WRONG),
}
ADDRESSES = {
    "wecom": "https://wecom.invalid",
    "wechat": "https://wechat.invalid",
    "feed": "https://feed.invalid/feed",
    "hotline": "https://hotline.invalid/orders",
}
LONGEST_SPELL = 15  # minutes
NO_CONSENT, CODE_USED, BUSY_CODE = 43101, 40163, -1
Told = dict[str, Any]


class Platforms:
    """`note` keeps what arrived. A spell of bad weather ends by itself. `allowed`: messages a phone has consented to."""

    def __init__(self, faults: Faults, now: Callable[[], datetime], note: Callable[..., None]) -> None:
        self.faults, self.now, self.note = faults, now, note
        self.allowed: Counter[tuple[str, str]] = Counter()  # by openid and template
        self._spells: dict[str, tuple[str, datetime]] = {}
        self._codes: dict[str, str] = {}  # of wx.login, unused: the openid

    def exchange(
        self, _pool: Any, method: str, url: str, body: bytes | None, _headers: dict[str, str]
    ) -> tuple[bytes, int]:
        """In the place of the one function that sends over HTTPS. Raises what urllib3 raises."""
        return self.faults.request(lambda: self._answer(method, url, body))

    def login(self, openid: str) -> str:
        """What wx.login gives a phone: good for one sign-in."""
        code = f"code-{openid}-{len(self._codes)}"
        self._codes[code] = openid
        return code

    def clear(self) -> None:
        self._spells.clear()

    def _answer(self, method: str, url: str, body: bytes | None) -> tuple[bytes, int]:
        from urllib3 import HTTPSConnectionPool
        from urllib3.connection import HTTPSConnection
        from urllib3.exceptions import NewConnectionError, ReadTimeoutError

        name = next(each for each, address in ADDRESSES.items() if url.startswith(address))
        mood = self._mood(name)
        if mood == DOWN:
            raise NewConnectionError(HTTPSConnection(name), "down")
        if mood == MAD:
            return b"<html>502 Bad Gateway</html>", 502
        if mood == BUSY:
            return json.dumps({"errcode": BUSY_CODE, "errmsg": "system error"}).encode(), 200
        told = self._take(name, method, url, body)
        if mood == SLOW:  # carried out, and nobody hears of it
            raise ReadTimeoutError(HTTPSConnectionPool(name), url, "slow")
        if mood == LOST:  # the same, behind a proxy that answers by itself
            return b"{}", 504
        if mood == WRONG:  # it has it, and names something else
            return b'{"received": "another"}', 200
        return json.dumps(told).encode(), 200

    def _mood(self, name: str) -> str:
        mood, until = self._spells.get(name, ("", self.now()))
        if mood and self.now() < until:
            return mood
        self._spells.pop(name, None)
        if not self.faults.falls("down"):
            return ""
        mood = self.faults.chance.choice(MOODS[name])
        minutes = self.faults.chance.randrange(1, LONGEST_SPELL)
        self._spells[name] = mood, self.now() + timedelta(minutes=minutes)
        self.note("weather", platform=name, mood=mood, since=stamp(self.now()), minutes=minutes)
        return mood

    def _take(self, name: str, method: str, url: str, body: bytes | None) -> Told:
        said = json.loads(body or b"{}")
        if name in ("feed", "hotline"):
            self._arrived(name, str(said.get("number", "")), said)
            return {"received": said.get("id")}
        if method == "GET" and "jscode2session" in url:
            return self._session(parse_qs(urlsplit(url).query)["js_code"][0])
        if "token" in urlsplit(url).path:
            return {"errcode": 0, "access_token": "campaign-token", "expires_in": 7200}
        if "msg_sec_check" in url:
            return {"errcode": 0, "result": {"suggest": "pass"}}
        return self._message(name, str(said.get("touser", "")), said)

    def _session(self, code: str) -> Told:
        openid = self._codes.pop(code, "")
        return {"openid": openid, "session_key": "k"} if openid else {"errcode": CODE_USED}

    def _message(self, name: str, to: str, said: Told) -> Told:
        if name == "wechat":
            if not self.allowed[to, said["template_id"]]:
                return {"errcode": NO_CONSENT, "errmsg": "user refuse to accept the msg"}
            self.allowed[to, said["template_id"]] -= 1
        self._arrived(name, to, said)
        return {"errcode": 0, "errmsg": "ok"}

    def _arrived(self, name: str, to: str, said: Told) -> None:
        self.note("message", platform=name, to=to, body=said, at=stamp(self.now()))
