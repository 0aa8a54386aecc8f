"""Access tokens of the platforms: kept in the module and in one item for all processes, fetched again when they die.

WeChat's stable_token and WeCom's gettoken answer the same token to whoever asks, so nobody needs a lock.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.domain.model import Frozen, Instant
from chalicelib.gateways.http import Answer, NoAnswer, NotSent

RENEW_BEFORE = timedelta(seconds=300)  # both the old and the new one work for these last minutes
DEAD = frozenset({40001, 40014, 42001})


class Token(Frozen):
    value: str
    expires_at: Instant


class Kept(Protocol):
    """Where the tokens lie for all processes (store/platform_tokens.py)."""

    def find(self, platform: str) -> tuple[str, datetime] | None: ...
    def put(self, platform: str, value: str, expires_at: datetime) -> None: ...


class NoToken(Exception):
    """The platform refused a token; nothing was sent. Carries the error code."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


Fetch = Callable[[], Answer]
_held: dict[str, Token] = {}


def ask(
    platform: str, request: Callable[[str], Answer], *, fetch: Fetch, kept: Kept, now: datetime
) -> Answer:
    """The answer to `request(token)`. A token that the platform calls dead is renewed once, and asked once more.

    Raises NoToken, NotSent; NoAnswer only when `request` itself may have been carried out.
    """
    token = _current(platform, fetch, kept, now)
    answer = request(token)
    if code_of(answer) not in DEAD:
        return answer
    return request(_instead(platform, token, fetch, kept, now))


def code_of(answer: Answer) -> int:
    """The errcode; 0 where there is none. WeChat leaves it out on success, and sends it as text here and there."""
    try:
        return int(answer.get("errcode", 0))
    except (TypeError, ValueError):
        return -1


def forget() -> None:
    _held.clear()


def _current(platform: str, fetch: Fetch, kept: Kept, now: datetime) -> str:
    held = _held.get(platform) or _found(platform, kept)
    if held is None or now >= held.expires_at - RENEW_BEFORE:
        return _fetched(platform, fetch, kept, now)
    _held[platform] = held
    return held.value


def _instead(platform: str, dead: str, fetch: Fetch, kept: Kept, now: datetime) -> str:
    """Another process may have renewed it already."""
    found = _found(platform, kept)
    if found and found.value != dead and now < found.expires_at - RENEW_BEFORE:
        _held[platform] = found
        return found.value
    return _fetched(platform, fetch, kept, now)


def _found(platform: str, kept: Kept) -> Token | None:
    found = kept.find(platform)
    return Token(value=found[0], expires_at=found[1]) if found else None


def _fetched(platform: str, fetch: Fetch, kept: Kept, now: datetime) -> str:
    _held.pop(platform, None)
    try:
        answer = fetch()
    except NoAnswer as fault:  # of the token, so the message itself has not left
        raise NotSent(str(fault)) from None
    value, seconds = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(value, str) or not value or not isinstance(seconds, int):
        raise NoToken(code_of(answer))
    token = Token(value=value, expires_at=now + timedelta(seconds=seconds))
    kept.put(platform, token.value, token.expires_at)
    _held[platform] = token
    return token.value
