"""WeCom's side: gettoken, application messages, the group robot. Beyond 30 a minute to one member it drops without a word."""

import json
from typing import Any

from infra.local.platform import account
from infra.local.platform.memory import Memory
from infra.local.platform.wechat import Answer, Query, refused

MOST_A_MINUTE = 30
ROBOT_A_MINUTE = 20
GROUP = "group:robot"


def answer(memory: Memory, path: str, query: Query, body: Answer) -> Answer:
    if path == "/cgi-bin/gettoken":
        return token(memory, query)
    if path == "/cgi-bin/webhook/send":
        return robot(memory, query, body)
    if not memory.knows_token("wecom", query.get("access_token", "")):
        return refused(40014, "invalid access_token")
    return send(memory, body) if path == "/cgi-bin/message/send" else refused(48002, "api forbidden")


def token(memory: Memory, query: Query) -> Answer:
    if query.get("corpid") != account.CORP_ID or query.get("corpsecret") != account.SECRETS["wecom_secret"]:
        return refused(40001, "invalid credential")
    value, seconds = memory.token("wecom")
    return {"errcode": 0, "errmsg": "ok", "access_token": value, "expires_in": seconds}


def send(memory: Memory, body: Answer) -> Answer:
    """A member whose id begins with `gone` has left: errcode 0 and named in invaliduser, or 81013 when nobody is left."""
    if body.get("agentid") != int(account.AGENT_ID):
        return refused(40056, "invalid agentid")
    names = str(body.get("touser", "")).split("|")
    if len(names) > 1000:
        return refused(40032, "too many receivers")
    if wrong := _wrong_content(body):
        return refused(wrong, "invalid content")
    gone = [name for name in names if not name or name.startswith("gone")]
    if gone == names and len(names) > 1:
        return refused(81013, "all receivers are invalid")
    with memory.lock:
        for name in names:
            if name not in gone:
                _show(memory, f"wecom:{name}", body)
    return {"errcode": 0, "errmsg": "ok", "invaliduser": "|".join(gone), "msgid": "stand-in"}


def robot(memory: Memory, query: Query, body: Answer) -> Answer:
    if query.get("key") != account.SECRETS["wecom_robot_key"]:
        return refused(93000, "invalid webhook url")
    if len(memory.recent(GROUP, 60)) >= ROBOT_A_MINUTE:
        return refused(45009, "api freq out of limit")
    if body.get("msgtype") != "text" or len(str(body["text"].get("content", "")).encode()) > 2048:
        return refused(40058, "invalid content")
    memory.show(GROUP, {"msgtype": "text", "text": body["text"]})
    return {"errcode": 0, "errmsg": "ok"}


def _show(memory: Memory, phone: str, body: Answer) -> None:
    kind = body["msgtype"]
    message = {"msgtype": kind, kind: body[kind]}
    same_for = body.get("duplicate_check_interval", 1800) if body.get("enable_duplicate_check") else 0
    shown = [{key: old[key] for key in old if key != "received_at"} for old in memory.recent(phone, same_for)]
    if message in shown:
        return
    if len(memory.recent(phone, 60)) >= MOST_A_MINUTE:
        memory.drop(phone)
    else:
        memory.show(phone, message)


def _wrong_content(body: Answer) -> int:
    """The error code for content beyond WeCom's limits, 0 for what is well."""
    kind = body.get("msgtype")
    content: Any = body.get(str(kind))
    if not isinstance(content, dict):
        return 40008
    if kind == "text":
        return 0 if 0 < len(content.get("content", "").encode()) <= 2048 else 40058
    if kind == "textcard":
        sizes = (("title", 128), ("description", 512), ("url", 2048))
        return 0 if all(0 < len(content.get(key, "").encode()) <= most for key, most in sizes) else 40058
    if kind == "template_card":
        task = content.get("task_id", "")
        buttons = content.get("button_list", [])
        return 0 if 0 < len(task) <= 128 and 0 < len(buttons) <= 6 and json.dumps(content) else 40058
    return 40008
