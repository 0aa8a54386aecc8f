"""Whose an id is: inside `reveal`, which alone has the key; a person's id is random, and a phone or openid only leads to it.

What asks bears its own proof: the session of staff, the key of an Open311 client, the name of a partner that is known. Of
an openid there is none: WeChat's one-time code was used up by whoever asks. Who asks by phone is counted by the hour in
here (rule 91), so that whoever runs code in the API function cannot turn every phone into an id: a client is refused, a
desk and an order never, and the first one over leaves a trace and is told to whoever answers for it.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from chalicelib import logs
from chalicelib.actions.notices import notifying
from chalicelib.domain.errors import Invalid, NotAllowed, NotSignedIn
from chalicelib.domain.identity.scrub import normal_phone
from chalicelib.domain.identity.traces import Look, Trace, trace_of
from chalicelib.domain.town.vocabulary import Role, Staff
from chalicelib.domain.views import access
from chalicelib.gateways import secrets
from chalicelib.store.feed import api_keys
from chalicelib.store.identity import audit, identities, sessions
from chalicelib.store.identity.sessions import Kind
from chalicelib.store.partners import partners
from chalicelib.store.requests import limits
from chalicelib.store.requests.limits import Limit
from chalicelib.store.town import directory

MOST_PHONES = 2  # of a report: whoever speaks, and for whom
_BLANK = dict.fromkeys(("number", "place", "category", "unit", "due", "phone", "note"), "")
_log = logging.getLogger(__name__)


def by_phone_at_the_desk(token: str, phones: list[str], now: datetime) -> list[str]:
    """Of each phone that staff enter with a report. Raises NotSignedIn for who is no staff of the town."""
    session = sessions.find(token, now)
    if session is None or session.kind is not Kind.STAFF:
        raise NotSignedIn("登录已失效，请重新登录")
    by = directory.town().staff_member(session.subject)
    if len(phones) > MOST_PHONES:
        raise Invalid("一次只查反映人和代办人的电话")
    count_phones(by.model_copy(update={"signed_in_by": session.made_by}), phones, now)
    return [_by_phone(phone, now) for phone in phones]


def count_phones(by: Staff, phones: list[str], now: datetime) -> None:
    """Somebody of the town asks by these phones: the first over the limit of an hour leaves a trace and is told; none is refused."""
    if _is_first_over(limits.PERSONS_ASKED_BY_STAFF, by.code, sum(map(_is_number, phones)), now):
        heads = access.who_answers_for(by, directory.town())
        trace = trace_of(by, Look.MANY_PERSONS, now)
        _tell_of_many(trace, f"{by.name}（{by.code}）", heads, limits.PERSONS_ASKED_BY_STAFF)


def by_phone_of_order(partner: str, phone: str, now: datetime) -> str:
    """Raises NotFound for a partner that the town does not know."""
    known = partners.get(partner)
    if _is_first_over(limits.PERSONS_ASKED_BY_PARTNER, partner, int(_is_number(phone)), now):
        trace = Trace(at=now, viewer=f"partner:{partner}", role="", unit="", what=Look.MANY_PERSONS)
        leaders = [each for each in directory.town().staff if Role.AREA_LEADER in each.roles]
        _tell_of_many(trace, f"合作方“{known.title}”", leaders, limits.PERSONS_ASKED_BY_PARTNER)
    return _by_phone(phone, now)


def of_client(key: str, phone: str, known_as: str, now: datetime) -> str:
    """By phone as at the desk, else as an Open311 client knows somebody.

    Raises NotAllowed for a key that is none, TooMany for more phones in an hour than the key may report.
    """
    client = api_keys.find(key)
    if client is None:
        raise NotAllowed("缺少 api_key，或 api_key 不对；请向镇平台管理员申请")
    if _is_number(phone):
        most = client.reports_per_hour
        limits.count(Limit(kind="person-client", most=most, window=timedelta(hours=1)), client.name, now)
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


def _is_number(phone: str) -> bool:
    return bool(normal_phone(phone))


def _is_first_over(limit: Limit, subject: str, by: int, now: datetime) -> bool:
    """These many more questions: whether they are the first over the limit of this hour."""
    if not by:
        return False
    counted = limits.tally(limit, subject, now, by=by)
    return counted - by <= limit.most < counted


def _tell_of_many(trace: Trace, who: str, heads: Iterable[Staff], limit: Limit) -> None:
    """A trace first. What is told waits for the sweep, which wakes `send`: this function may ask no queue."""
    audit.write("persons", trace)
    params = _BLANK | {"who": who, "note": str(limit.most)}
    key = f"many-persons-{trace.viewer}-{trace.at:%Y%m%d%H}"
    for head in heads:
        notifying.tell_staff(head.code, "many_persons", params, key=key, now=trace.at)


def _known(subject: str, now: datetime) -> str:
    _log.info("asked whose it is", extra=logs.about(by=subject.partition(":")[0]))
    return identities.person_known_by(secrets.identity_key(), subject, now)
