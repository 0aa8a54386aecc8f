"""WeCom 企业微信: application messages to staff, and the button on a card. Limits as developer.work.weixin.qq.com states them."""

import hashlib
import logging
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.model import Frozen
from chalicelib.domain.notices.deliveries import Outcome, State
from chalicelib.domain.notices.words import Words
from chalicelib.domain.patterns import regex
from chalicelib.gateways import http, secrets, tokens
from chalicelib.gateways.http import Answer
from chalicelib.gateways.tokens import Kept, code_of
from chalicelib.gateways.wechat_crypto import Envelope
from chalicelib.settings import settings

_log = logging.getLogger(__name__)
NAME = "wecom"
# Of our minutes: two of them touch any 60 seconds, and beyond 30 WeCom drops without a word
MOST_A_MINUTE = 15
MOST_ORDINARY = 10  # the rest of a minute is kept for what is urgent
MOST_CODES = 2  # sign-in codes a minute, beside the 15
SAME_FOR = 1800  # seconds in which the same message to the same person is shown once
PASSING = tokens.DEAD | {-1, 41001, 45009, 45033}
NOT_TRUSTED = 60020  # our address is not on the list: the administrator's to mend, so it is tried again
LOOK_AGAIN = timedelta(minutes=10)
TEXT_BYTES, TITLE_BYTES, DESCRIPTION_BYTES = 2048, 128, 512
CARD_TITLE, CARD_TEXT = 26, 112  # characters
TAKE = "take"
_TASK = regex(r"take@([0-9A-Z]{26})@[0-9a-f]{16}")


class Message(Frozen):
    """What one member of staff is to read. `takes` offers the button 签收; `link` opens the ticket, "" where there is no page."""

    words: Words
    at: str  # when it happened: the same words at another time are another message
    ticket_id: str = ""
    key: str = ""  # the delivery's
    takes: bool = False


def is_set() -> bool:
    """Whether this deployment has a WeCom application."""
    given = settings()
    return bool(given.wecom_base_url and given.wecom_corp_id and given.wecom_agent_id)


def envelope() -> Envelope:
    """What its callback was agreed to. Without a token nothing is accepted, and no card with a button is sent."""
    return Envelope(
        token=secrets.platform("wecom_push_token"),
        keys=tuple(secrets.platform("wecom_aes_keys").split()),
        receiver=settings().wecom_corp_id,
    )


def send(userid: str, message: Message, *, kept: Kept, now: datetime) -> Outcome:
    """One application message to one member. Raises NoAnswer when it may have arrived; everything else is an outcome."""
    body = {
        "touser": userid,
        "agentid": int(settings().wecom_agent_id),
        "enable_duplicate_check": 1,
        "duplicate_check_interval": SAME_FOR,
    } | _content(message)

    def request(token: str) -> Answer:
        return http.post(_base(), "/cgi-bin/message/send", body, access_token=token)

    try:
        answer = tokens.ask(NAME, request, fetch=_token, kept=kept, now=now)
    except (http.NotSent, tokens.NoToken) as fault:
        return Outcome(state=State.TEMPORARY_FAILURE, detail=f"企业微信没有接收：{fault}")
    return _outcome(answer)


def task_id_of(ticket_id: str, key: str) -> str:
    """What a tap on the card brings back. The same delivery has the same, however often it is sent."""
    return f"{TAKE}@{ticket_id}@{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def ticket_of(task_id: str) -> str | None:
    """The ticket a card was about; None for a card that is not ours."""
    found = _TASK.fullmatch(task_id)
    return found[1] if found else None


def cut_bytes(text: str, most: int) -> str:
    """At most so many bytes of UTF-8, cut between characters and marked."""
    if len(text.encode()) <= most:
        return text
    return text.encode()[: most - len("…".encode())].decode(errors="ignore") + "…"


def _content(message: Message) -> dict[str, Any]:
    if message.takes and _TASK.fullmatch(task_id_of(message.ticket_id, message.key)) and envelope().token:
        return {"msgtype": "template_card", "template_card": _card(message)}
    link = _link(message)
    if link:
        card = {
            "title": cut_bytes(message.words.title, TITLE_BYTES),
            "description": cut_bytes(f"{message.at}\n{message.words.text}", DESCRIPTION_BYTES),
            "url": link,
            "btntxt": "查看",
        }
        return {"msgtype": "textcard", "textcard": card}
    text = f"【{message.words.title}】{message.words.text}（{message.at}）"
    return {"msgtype": "text", "text": {"content": cut_bytes(text, TEXT_BYTES)}}


def _card(message: Message) -> dict[str, Any]:
    card: dict[str, Any] = {
        "card_type": "button_interaction",
        "main_title": {"title": message.words.title[:CARD_TITLE], "desc": message.at},
        "sub_title_text": message.words.text[:CARD_TEXT],
        "task_id": task_id_of(message.ticket_id, message.key),
        "button_list": [{"text": "签收", "style": 1, "key": TAKE}],
    }
    if link := _link(message):
        card["card_action"] = {"type": 1, "url": link}
    return card


def _link(message: Message) -> str:
    console = settings().console_url
    return f"{console}{message.ticket_id}" if console and message.ticket_id else ""


def _outcome(answer: Answer) -> Outcome:
    """errcode 0 may still mean that nobody got it: WeCom names whom it left out."""
    code = code_of(answer)
    left_out = [name for name in ("invaliduser", "unlicenseduser") if answer.get(name)]
    if code == 0 and not left_out:
        return Outcome(state=State.DELIVERED)
    _log.error("wecom refused %d %s", code, " ".join(left_out))
    if code == 0 or code == 81013:
        return Outcome(state=State.PERMANENT_FAILURE, detail="企业微信里没有这个人，或没有授权")
    if code == NOT_TRUSTED:
        return Outcome(
            state=State.TEMPORARY_FAILURE,
            detail=f"企业微信 {code}：本系统地址不在可信 IP 名单",
            again_in=LOOK_AGAIN,
        )
    if code in PASSING:
        return Outcome(state=State.TEMPORARY_FAILURE, detail=f"企业微信 {code}")
    return Outcome(state=State.PERMANENT_FAILURE, detail=f"企业微信 {code}")


def _token() -> Answer:
    given = {"corpid": settings().wecom_corp_id, "corpsecret": secrets.platform("wecom_secret")}
    return http.get(_base(), "/cgi-bin/gettoken", **given)


def _base() -> str:
    return settings().wecom_base_url.rstrip("/")
