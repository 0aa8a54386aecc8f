"""Whose an id is: inside `reveal`, which alone has the key; a person's id is random, and a phone or openid only leads to it.

What asks bears its own proof: the session of staff, the key of an Open311 client, the name of a partner that is known. Of
an openid there is none: WeChat's one-time code was used up by whoever asks.
"""

import logging
from datetime import datetime

from chalicelib import logs
from chalicelib.domain.errors import NotAllowed, NotSignedIn
from chalicelib.domain.identity.scrub import normal_phone
from chalicelib.gateways import secrets
from chalicelib.store.feed import api_keys
from chalicelib.store.identity import identities, sessions
from chalicelib.store.identity.sessions import Kind
from chalicelib.store.partners import partners
from chalicelib.store.town import directory

_log = logging.getLogger(__name__)


def by_phone_at_the_desk(token: str, phones: list[str], now: datetime) -> list[str]:
    """Of each phone that staff enter with a report. Raises NotSignedIn for who is no staff of the town."""
    session = sessions.find(token, now)
    if session is None or session.kind is not Kind.STAFF:
        raise NotSignedIn("登录已失效，请重新登录")
    directory.town().staff_member(session.subject)
    return [_by_phone(phone, now) for phone in phones]


def by_phone_of_order(partner: str, phone: str, now: datetime) -> str:
    """Raises NotFound for a partner that the town does not know."""
    partners.get(partner)
    return _by_phone(phone, now)


def of_client(key: str, phone: str, known_as: str, now: datetime) -> str:
    """By phone as at the desk, else as an Open311 client knows somebody. Raises NotAllowed for a key that is none."""
    client = api_keys.find(key)
    if client is None:
        raise NotAllowed("缺少 api_key，或 api_key 不对；请向镇平台管理员申请")
    if normal_phone(phone):
        return _by_phone(phone, now)
    return _known(f"open311:{client.name}:{known_as}", now) if known_as else identities.new_person()


def by_openid(openid: str, now: datetime) -> str:
    """Whoever WeChat knows so; from now on `send` reaches them."""
    person = _known(f"wechat:{openid}", now)
    identities.put_openid(person, openid, person, now)
    return person


def find_by_openid(openid: str) -> str | None:
    """None for whoever never signed in, or asked to be forgotten: a late word of WeChat makes nobody."""
    return identities.find_person_known_by(secrets.identity_key(), f"wechat:{openid}")


def bind_staff(token: str, openid: str, now: datetime) -> None:
    """This openid is of the member of staff whose session it is. Raises NotSignedIn."""
    session = sessions.find(token, now)
    if session is None or session.kind is not Kind.STAFF:
        raise NotSignedIn("登录已失效，请重新登录")
    identities.put_openid(f"staff:{session.subject}", openid, _known(f"wechat:{openid}", now), now)


def make_ways(now: datetime) -> int:
    """Phones that were left lead to their tickets from now on. Answers of how many tickets."""
    return identities.make_ways(secrets.identity_key(), now)


def _by_phone(phone: str, now: datetime) -> str:
    """Without a number nobody is known."""
    number = normal_phone(phone)
    return _known(f"phone:{number}", now) if number else identities.new_person()


def _known(subject: str, now: datetime) -> str:
    _log.info("asked whose it is", extra=logs.about(by=subject.partition(":")[0]))
    return identities.person_known_by(secrets.identity_key(), subject, now)
