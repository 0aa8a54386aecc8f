"""People who come through WeChat's mini-program: signing in, the phone number behind a button, what they have allowed."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.identity.asked import Asked
from chalicelib.gateways import reveal, wechat
from chalicelib.store.identity import consents, sessions
from chalicelib.store.identity.sessions import Kind
from chalicelib.store.notices import platform_tokens
from chalicelib.store.requests import limits
from chalicelib.store.requests.limits import Limit

if TYPE_CHECKING:
    from chalicelib.actions.notices.schemas import Subscription

CHANNEL = "mini_program"
PHONES_OF_A_PERSON = Limit(
    kind="wechat-phone", most=5, window=timedelta(days=1)
)  # each may cost the town 0.03 yuan


def sign_in(code: str, *, address: str, now: datetime) -> str:
    """A session for whoever WeChat says it is; the openid goes where only `send` can read it.

    Raises NotSignedIn for a code that is wrong, used or older than five minutes; Blocked, NotInUse, TooMany, TryAgain.
    """
    limits.count(limits.SESSIONS_FROM_ADDRESS, address, now)
    openid = wechat.openid_of(code)
    reporter_id = person_of(openid)
    return sessions.start(Kind.RESIDENT, reporter_id, channel=CHANNEL, now=now)


def bind_staff(code: str, *, token: str) -> None:
    """From now on the member of staff of this session is told through WeChat, where `channel` in staff.csv says so."""
    reveal.ask(Asked.BIND_STAFF, token, openid=wechat.openid_of(code))


def phone_of(code: str, *, by: str, now: datetime) -> str:
    """The phone number behind 手机号快速验证, for the form; nothing is kept. Raises Invalid, TooMany, TryAgain."""
    limits.count(PHONES_OF_A_PERSON, by, now)
    return wechat.phone_of(code, kept=platform_tokens, now=now)


def subscriptions(person: str) -> "list[Subscription]":
    """The templates that the client may ask consent for, and how many messages of each are still allowed."""
    if not wechat.is_set():
        return []
    return [
        {
            "id": each.id,
            "kind": each.kind.value,
            "notices": each.notices,
            "left": consents.balance(person, each.id),
        }
        for each in wechat.templates()
    ]


def person_of(openid: str) -> str:
    """The id of whoever has this openid: the reporter_id of a resident. Asks `reveal`. Raises TryAgain."""
    return str(reveal.ask(Asked.PERSON_BY_OPENID, "", openid=openid))


def find_person(openid: str) -> str | None:
    """The same of who is known; None for anybody else. Raises TryAgain."""
    found: str | None = reveal.ask(Asked.FIND_BY_OPENID, "", openid=openid)
    return found
