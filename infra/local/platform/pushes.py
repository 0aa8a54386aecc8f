"""What the platforms push to us: a tap on the consent dialog, a tap on a card's button; sealed, signed, three tries of five seconds."""

import json
import secrets
import time
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

from chalicelib.gateways.wechat_crypto import Envelope, seal, signature, unseal
from infra.local.platform import account
from infra.local.platform.memory import Memory

TRIES = 3
SECONDS = 5.0


def envelope(platform: str) -> Envelope:
    return Envelope(
        token=account.SECRETS[f"{platform}_push_token"],
        keys=(account.SECRETS[f"{platform}_aes_keys"],),
        receiver=account.APPID if platform == "wechat" else account.CORP_ID,
    )


def consent(memory: Memory, openid: str, template_ids: list[str], result: str) -> dict[str, Any]:
    """The dialog of wx.requestSubscribeMessage was answered `accept` or `reject` for these templates."""
    if result == "accept":
        for template_id in template_ids:
            memory.allow(openid, template_id, 1)
    chosen = [
        {"TemplateId": each, "SubscribeStatusString": result, "PopupScene": "0"} for each in template_ids
    ]
    event = {
        "ToUserName": "gh_standin",
        "FromUserName": openid,
        "CreateTime": int(time.time()),
        "MsgType": "event",
        "Event": "subscribe_msg_popup_event",
        "List": chosen[0] if len(chosen) == 1 else chosen,  # as WeChat does
    }
    return push(memory, "wechat", event)


def undelivered(memory: Memory, openid: str, msgid: str, code: int = 43101) -> dict[str, Any]:
    """A message that was taken could not be delivered; its phone does not show it any more."""
    phone = f"wechat:{openid}"
    message = memory.take_back(phone, msgid)
    failed = {
        "TemplateId": message["template_id"],
        "MsgID": msgid,
        "ErrorCode": str(code),
        "ErrorStatus": "failed",
    }
    event = {
        "ToUserName": "gh_standin",
        "FromUserName": openid,
        "CreateTime": int(time.time()),
        "MsgType": "event",
        "Event": "subscribe_msg_sent_event",
        "List": failed,
    }
    return push(memory, "wechat", event)


def tap(memory: Memory, userid: str, task_id: str, key: str) -> dict[str, Any]:
    """A button of a card was tapped; the sealed answer says what the button becomes."""
    fields = {
        "ToUserName": account.CORP_ID,
        "FromUserName": userid,
        "CreateTime": str(int(time.time())),
        "MsgType": "event",
        "Event": "template_card_event",
        "AgentID": account.AGENT_ID,
        "EventKey": key,
        "TaskId": task_id,
        "CardType": "button_interaction",
        "ResponseCode": secrets.token_hex(8),
    }
    return push(memory, "wecom", fields)


def push(memory: Memory, platform: str, event: dict[str, Any]) -> dict[str, Any]:
    """Tell ours; answers the status, and what came back opened."""
    url = memory.callbacks.get(platform)
    if not url:
        return {"status": 0, "answer": "no callback URL is set"}
    query, body, kind = sealed(platform, event)
    return send(url, query, body, kind, platform)


def sealed(
    platform: str, event: dict[str, Any], at: float | None = None
) -> tuple[dict[str, str], bytes, str]:
    """The query, body and content type of a push."""
    ours = envelope(platform)
    inner = json.dumps(event, ensure_ascii=False).encode() if platform == "wechat" else _xml(event)
    encrypted = seal(ours, inner)
    timestamp, nonce = str(int(at or time.time())), str(secrets.randbelow(10**9))
    query = {
        "timestamp": timestamp,
        "nonce": nonce,
        "msg_signature": signature(ours.token, timestamp, nonce, encrypted),
    }
    if platform == "wechat":
        query |= {"signature": signature(ours.token, timestamp, nonce), "encrypt_type": "aes"}
        body = json.dumps({"ToUserName": "gh_standin", "Encrypt": encrypted}).encode()
        return query, body, "application/json"
    return query, _xml({"ToUserName": account.CORP_ID, "Encrypt": encrypted}), "text/xml"


def send(url: str, query: dict[str, str], body: bytes, kind: str, platform: str) -> dict[str, Any]:
    status, answer = 0, b""
    for _ in range(TRIES):
        request = urllib.request.Request(
            f"{url}?{urlencode(query)}", data=body, headers={"Content-Type": kind}
        )
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as response:
                return {"status": response.status, "answer": _opened(platform, response.read())}
        except urllib.error.HTTPError as refusal:
            status, answer = refusal.code, refusal.read()
        except OSError as fault:
            status, answer = 0, type(fault).__name__.encode()
    return {"status": status, "answer": answer.decode(errors="replace")}


def _opened(platform: str, raw: bytes) -> str:
    """A sealed answer as XML within; anything else as it is."""
    if platform != "wecom" or not raw.startswith(b"<xml>"):
        return raw.decode(errors="replace")
    fields = {child.tag: child.text or "" for child in ElementTree.fromstring(raw)}
    ours = envelope(platform)
    wanted = signature(ours.token, fields["TimeStamp"], fields["Nonce"], fields["Encrypt"])
    if fields["MsgSignature"] != wanted:
        return "answer with a wrong signature"
    return unseal(ours, fields["Encrypt"]).decode()


def _xml(fields: dict[str, Any]) -> bytes:
    inside = "".join(f"<{key}><![CDATA[{value}]]></{key}>" for key, value in fields.items())
    return f"<xml>{inside}</xml>".encode()
