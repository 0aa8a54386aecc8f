"""What WeChat and WeCom tell us: consents into the ledger, 签收 by the button of a card, messages that nobody got.

Everything here may come again and in any order. Answered within five seconds, without asking anyone outside.
"""

import logging
import secrets as random
from collections.abc import Iterator
from datetime import UTC, datetime

from chalicelib.actions.notices import arriving
from chalicelib.actions.notices.mini_program import find_person
from chalicelib.actions.tickets import acting
from chalicelib.actions.tickets.acting import Guard, Rule
from chalicelib.domain.errors import AlreadyDone, Refusal, TryAgain
from chalicelib.domain.model import SHANGHAI, Frozen
from chalicelib.domain.notices.deliveries import Outcome, State
from chalicelib.domain.town.vocabulary import Role, Staff
from chalicelib.gateways import push_formats, wechat, wechat_crypto, wecom
from chalicelib.gateways.push_formats import Fields, text
from chalicelib.gateways.wechat_crypto import Envelope, Forged, check, unseal
from chalicelib.store.identity import consents
from chalicelib.store.notices import deliveries
from chalicelib.store.requests.idempotency import replay
from chalicelib.store.town import directory

_log = logging.getLogger(__name__)
TAKEN, BY_ANOTHER, NOT_POSSIBLE = "已签收", "已由他人签收", "不能签收，请打开工单"
ACCEPTED, REJECTED = "accept", "reject"


class Signed(Frozen):
    """The query of a callback. `signature` covers nothing of the body, so it counts for WeChat's first check only."""

    timestamp: str = ""
    nonce: str = ""
    signature: str = ""
    msg_signature: str = ""
    echostr: str = ""


class Take(Frozen):
    """The act behind the button, as the API knows it: its rule, who may see the ticket, whose roles may act."""

    rule: Rule
    guard: Guard
    allowed: frozenset[Role]


def wechat_echo(query: Signed, *, now: datetime) -> str:
    """WeChat's check that the address is ours. Raises Forged."""
    check(query.signature, wechat.envelope(), query.timestamp, query.nonce, now=now)
    return query.echostr


def wecom_echo(query: Signed, *, now: datetime) -> str:
    """WeCom's check: its text is sealed. Raises Forged."""
    envelope = wecom.envelope()
    check(query.msg_signature, envelope, query.timestamp, query.nonce, query.echostr, now=now)
    return unseal(envelope, query.echostr).decode(errors="replace")


def from_wechat(query: Signed, raw: bytes, *, now: datetime) -> None:
    """An event of the message push 消息推送. Only sealed ones: the others' signature says nothing of their content.

    Raises Forged, BadRequest.
    """
    event = _opened(wechat.envelope(), query, raw, now)
    at = _created_at(event)
    if at is None or text(event, "MsgType") != "event":
        return
    person = find_person(text(event, "FromUserName"))
    if person is None:
        return
    for each in _list_of(event):
        _count(text(event, "Event"), person, each, at)


def from_wecom(query: Signed, raw: bytes, *, take: Take, now: datetime) -> str:
    """A callback of WeCom; answers what it wants back: nothing, or sealed what the button becomes.

    Raises Forged, BadRequest; TryAgain leaves the button as it is.
    """
    envelope = wecom.envelope()
    event = _opened(envelope, query, raw, now)
    ticket_id = wecom.ticket_of(text(event, "TaskId"))
    if (
        text(event, "Event") != "template_card_event"
        or text(event, "EventKey") != wecom.TAKE
        or ticket_id is None
    ):
        return ""
    userid = text(event, "FromUserName")
    label = _taken(ticket_id, userid, text(event, "TaskId"), take, now)
    answer: Fields = {
        "ToUserName": userid,
        "FromUserName": envelope.receiver,
        "CreateTime": int(now.timestamp()),
        "MsgType": "update_button",
        "Button": {"ReplaceName": label},
    }
    return _sealed(envelope, answer, now)


def _opened(envelope: Envelope, query: Signed, raw: bytes, now: datetime) -> Fields:
    sealed = text(push_formats.fields_of(raw), "Encrypt")
    if not sealed:
        raise Forged("请在平台后台选择安全模式")
    check(query.msg_signature, envelope, query.timestamp, query.nonce, sealed, now=now)
    return push_formats.fields_of(unseal(envelope, sealed))


def _sealed(envelope: Envelope, answer: Fields, now: datetime) -> str:
    encrypted = wechat_crypto.seal(envelope, push_formats.xml(answer).encode())
    timestamp, nonce = str(int(now.timestamp())), random.token_hex(8)
    signature = wechat_crypto.signature(envelope.token, timestamp, nonce, encrypted)
    return push_formats.xml(
        {"Encrypt": encrypted, "MsgSignature": signature, "TimeStamp": timestamp, "Nonce": nonce}
    )


def _created_at(event: Fields) -> datetime | None:
    created = text(event, "CreateTime")
    if not created.isascii() or not created.isdigit() or len(created) > 11:
        return None
    return datetime.fromtimestamp(int(created), UTC).astimezone(SHANGHAI)


def _list_of(event: Fields) -> Iterator[Fields]:
    """JSON has `List` at the top, an object for one template and an array for several; XML nests it."""
    nested = next((value for value in event.values() if isinstance(value, dict) and "List" in value), event)
    found = nested.get("List", [])
    for each in found if isinstance(found, list) else [found]:
        if isinstance(each, dict) and text(each, "TemplateId"):
            yield each


def _count(event: str, person: str, each: Fields, at: datetime) -> None:
    """An accept counts once, by the second it was given in. Switching a template off takes back what was given."""
    template_id, status = text(each, "TemplateId"), text(each, "SubscribeStatusString")
    if event == "subscribe_msg_popup_event" and status == ACCEPTED:
        consents.accept(person, template_id, event=str(int(at.timestamp())), at=at)
    elif event == "subscribe_msg_change_event" and status == REJECTED:
        consents.refuse(person, template_id, at=at)
    elif event == "subscribe_msg_sent_event" and text(each, "ErrorCode") not in ("", "0"):
        _not_arrived(each, at)


def _not_arrived(each: Fields, at: datetime) -> None:
    """WeChat had taken a message and could not deliver it: the desk sees it as failed. Sent again it might come twice."""
    code = text(each, "ErrorCode")[:10]
    _log.error("wechat could not deliver: %s", code)
    message_id = text(each, "MsgID")
    delivery = deliveries.find_sent(wechat.sent_as(message_id)) if message_id else None
    if delivery is not None and delivery.state is State.DELIVERED:
        detail = f"微信收下后没有送到（{code}），站内消息已送达"
        if deliveries.finish(delivery, Outcome(state=State.PERMANENT_FAILURE, detail=detail)):
            arriving.settled(delivery, State.PERMANENT_FAILURE, now=at)


def _taken(ticket_id: str, userid: str, task_id: str, take: Take, now: datetime) -> str:
    """签收 by whoever tapped; answers what the button says from now on. A tap that comes again is taken once."""
    staff = _staff(userid)
    if staff is None or not take.allowed.intersection(staff.roles):
        return NOT_POSSIBLE
    once = replay(staff.code, task_id, b"take", now)
    try:
        ticket = acting.act(ticket_id, take.rule, {}, by=staff, guard=take.guard, now=now, replay=once)
    except TryAgain:
        raise
    except Refusal as refusal:
        _log.info("a tap was refused: %s", refusal.code)
        return BY_ANOTHER if isinstance(refusal, AlreadyDone) else NOT_POSSIBLE
    return TAKEN if ticket.handler_id == staff.code else BY_ANOTHER


def _staff(userid: str) -> Staff | None:
    return next((each for each in directory.town().staff if each.wecom_id and each.wecom_id == userid), None)
