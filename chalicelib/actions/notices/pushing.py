"""To real phones: a delivery becomes a WeCom or WeChat message, at the pace and with the consent that these demand.

Where a deployment names no WeCom or no mini-program, and in a drill 演练, the log stands in: nobody outside is told.
"""

import logging
from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.notices.deliveries import Delivery, Outcome, State
from chalicelib.domain.notices.staff_templates import DANGER_PLACE
from chalicelib.domain.notices.wechat_templates import (
    Kind,
    SubscribeTemplate,
    Unfit,
    data_of,
    page_of,
    template_for,
)
from chalicelib.domain.notices.words import words_of
from chalicelib.gateways import deployment, log, wechat, wecom, wecom_robot
from chalicelib.store.identity import consents, identities, sign_in_codes
from chalicelib.store.notices import platform_tokens
from chalicelib.store.requests import pacing
from chalicelib.store.town import directory

_log = logging.getLogger(__name__)
STAFF = "staff:"
SIGN_IN_CODE = "sign_in_code"
TAKEN_BY_A_TAP = frozenset({"assigned"})


class _Addressed(NamedTuple):
    """Whom a subscribe message goes to. `person` is the opaque hash by which consents are kept."""

    openid: str
    person: str
    template: SubscribeTemplate
    data: dict[str, str]


def by_wecom(delivery: Delivery, now: datetime) -> Outcome:
    """An application message to a member of staff; in the group when the application cannot reach him or her."""
    if not wecom.is_set() or _is_drill(delivery):
        return log.send(delivery)
    person = directory.town().find_staff(delivery.recipient.removeprefix(STAFF))
    if person is None or not person.wecom_id:
        return Outcome(state=State.PERMANENT_FAILURE, detail="没有登记企业微信账号")
    if not _has_a_place(delivery, person.wecom_id, now):
        return Outcome(
            state=State.TEMPORARY_FAILURE,
            detail="这一分钟发得太多，排到下一分钟",
            again_in=pacing.until_next(now),
        )
    outcome = wecom.send(
        person.wecom_id, _message(_with_code(delivery, person.code, now)), kept=platform_tokens, now=now
    )
    if outcome.state is State.PERMANENT_FAILURE:
        return _in_the_group(delivery, person.wecom_id, outcome, now)
    return outcome


def _has_a_place(delivery: Delivery, wecom_id: str, now: datetime) -> bool:
    """A place of this minute. Sign-in codes, which anybody can ask for, have their own and take none of an assignment's."""
    if delivery.template == SIGN_IN_CODE:
        return pacing.take(f"{wecom.NAME}-codes:{wecom_id}", wecom.MOST_CODES, now)
    most = wecom.MOST_A_MINUTE if delivery.urgent else wecom.MOST_ORDINARY
    return pacing.take(f"{wecom.NAME}:{wecom_id}", most, now)


def _with_code(delivery: Delivery, staff_code: str, now: datetime) -> Delivery:
    """A sign-in code is made at the moment it is sent: the delivery, which is kept for a year, never holds one."""
    if delivery.template != SIGN_IN_CODE:
        return delivery
    due = (now + sign_in_codes.LASTS).astimezone(SHANGHAI)
    made = {"note": sign_in_codes.issue(staff_code, now), "due": f"{due:%H:%M}"}
    return delivery.model_copy(update={"params": {**delivery.params, **made}})


def by_wechat(delivery: Delivery, now: datetime) -> Outcome:
    """A subscribe message, against the balance of consents. One that may have arrived is never sent again."""
    if not wechat.is_set() or _is_drill(delivery):
        return log.send(delivery)
    try:
        addressed = _addressed(delivery)
        may = isinstance(addressed, Outcome) or _spend(addressed)
    except Exception as fault:  # nothing has left yet, so it may be tried again
        _log.warning("a subscribe message was not made: %s", type(fault).__name__)
        return Outcome(state=State.TEMPORARY_FAILURE, detail=type(fault).__name__)
    if isinstance(addressed, Outcome):
        return addressed
    if not may:
        return Outcome(state=State.NO_CONSENT, detail="居民的订阅次数已用完，站内消息已送达")
    outcome = _send(delivery, addressed, now)
    _settle(addressed, outcome, now)
    return outcome


def _send(delivery: Delivery, to: _Addressed, now: datetime) -> Outcome:
    to_staff = delivery.recipient.startswith(STAFF)
    page = page_of(to.template, delivery.template, to_staff=to_staff, ticket_id=delivery.ticket_id)
    return wechat.send(to.openid, to.template, to.data, page, kept=platform_tokens, now=now)


def _addressed(delivery: Delivery) -> _Addressed | Outcome:
    """An outcome where there is nothing to send."""
    template = template_for(wechat.templates(), delivery.template)
    if template is None:
        return Outcome(state=State.NOT_SET_UP, detail="这类通知没有设置订阅消息，只在站内")
    openid, person = identities.find_on_wechat(delivery.recipient.removeprefix("reporter:"))
    if not openid:
        return Outcome(state=State.NO_CONSENT, detail="没有绑定微信")
    try:
        data = data_of(template, delivery.template, delivery.params, delivery.at)
    except Unfit as field:
        _log.error(
            "template %s: nothing for the field %s of notice %s", template.id, field, delivery.template
        )
        return Outcome(state=State.PERMANENT_FAILURE, detail=f"订阅消息的 {field} 没有内容")
    return _Addressed(openid, person, template, data)


def _spend(to: _Addressed) -> bool:
    if to.template.kind is Kind.LONG_TERM:
        return not consents.has_refused(to.person, to.template.id)
    return consents.spend(to.person, to.template.id)


def _settle(to: _Addressed, outcome: Outcome, now: datetime) -> None:
    """The ledger after WeChat's word. A fault here changes nothing about the message that was sent."""
    try:
        if outcome.state is State.NO_CONSENT:
            consents.refuse(to.person, to.template.id, at=now)
        elif outcome.state is State.TEMPORARY_FAILURE and to.template.kind is Kind.ONE_TIME:
            consents.give_back(to.person, to.template.id)
    except Exception as fault:
        _log.warning("the ledger was not settled: %s", type(fault).__name__)


def _message(delivery: Delivery) -> wecom.Message:
    return wecom.Message(
        words=words_of(delivery.template, delivery.params),
        at=f"{delivery.at.astimezone(SHANGHAI):%-m月%-d日 %H:%M}",
        ticket_id="" if delivery.template == DANGER_PLACE else delivery.ticket_id,  # they may not open it
        key=f"{delivery.recipient}|{delivery.event_key}",
        takes=delivery.template in TAKEN_BY_A_TAP,
    )


def _in_the_group(delivery: Delivery, userid: str, failed: Outcome, now: datetime) -> Outcome:
    """What has a number may be said in the group; a sign-in code never is."""
    number = delivery.params.get("number", "")
    if not number or not wecom_robot.is_set():
        return failed
    if not pacing.take(wecom_robot.NAME, wecom_robot.MOST_A_MINUTE, now):
        return Outcome(state=State.TEMPORARY_FAILURE, detail=failed.detail, again_in=pacing.until_next(now))
    outcome = wecom_robot.send(userid, number, delivery.ticket_id)
    return outcome.model_copy(update={"detail": f"{failed.detail}；{outcome.detail}"})


def _is_drill(delivery: Delivery) -> bool:
    return deployment.is_practice() or bool(delivery.params.get("practice"))
