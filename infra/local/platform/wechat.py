"""WeChat's side: what it answers, written from its documents and apart from our own rules, so that it can catch them wrong."""

import re
import secrets
from typing import Any

from infra.local.platform import account
from infra.local.platform.memory import Memory

Answer = dict[str, Any]
Query = dict[str, str]
_HAN = r"\u4e00-\u9fff"
FIELDS = {
    "thing": r".{1,20}",
    "short_thing": r".{1,5}",
    "number": r"[0-9.]{1,32}",
    "letter": r"[A-Za-z]{1,32}",
    "character_string": r"[\x21-\x7e]{1,32}",
    "time": r"(\d{4}年\d{1,2}月\d{1,2}日( \d{1,2}:\d{2})?|\d{1,2}:\d{2})",
    "date": r"\d{4}年\d{1,2}月\d{1,2}日( \d{1,2}:\d{2})?",
    "phone_number": r"[0-9+\- ]{1,17}",
    "name": rf"([{_HAN}]{{1,10}}|[A-Za-z ]{{1,20}})",
    "phrase": rf"[{_HAN}]{{1,5}}",
}


def answer(memory: Memory, path: str, query: Query, body: Answer) -> Answer:
    if path == "/sns/jscode2session":
        return session(memory, query)
    if path == "/cgi-bin/stable_token":
        return stable_token(memory, body)
    if not memory.knows_token("wechat", query.get("access_token", "")):
        return refused(42001 if query.get("access_token") else 41001, "access_token expired or missing")
    return _WITH_TOKEN[path](memory, body) if path in _WITH_TOKEN else refused(48001, "api unauthorized")


def refused(code: int, why: str) -> Answer:
    return {"errcode": code, "errmsg": f"{why} rid: 0a1b2c3d-00000000-00000000"}


def session(memory: Memory, query: Query) -> Answer:
    """A js_code reads `<name>.<anything>`; whoever is `<name>` has the openid `o-<name>`. On success there is no errcode."""
    if query.get("appid") != account.APPID:
        return refused(40013, "invalid appid")
    if query.get("secret") != account.SECRETS["wechat_secret"]:
        return refused(40125, "invalid appsecret")
    code = query.get("js_code", "")
    name = code.partition(".")[0]
    if not re.fullmatch(r"[a-z0-9-]{1,24}\.[A-Za-z0-9-]{1,40}", code) or name == "expired":
        return refused(40029, "invalid code")
    if name == "risky":
        return refused(40226, "code blocked")
    if _is_used(memory, code):
        return refused(40163, "code been used")
    return {"session_key": "never to be kept", "openid": f"o-{name}"}


def stable_token(memory: Memory, body: Answer) -> Answer:
    if body.get("appid") != account.APPID or body.get("secret") != account.SECRETS["wechat_secret"]:
        return refused(40125, "invalid appsecret")
    if body.get("grant_type") != "client_credential":
        return refused(40002, "invalid grant_type")
    value, seconds = memory.token("wechat")
    return {"access_token": value, "expires_in": seconds}


def phone_number(memory: Memory, body: Answer) -> Answer:
    """A code reads `<number>.<anything>`."""
    code = str(body.get("code", ""))
    if not re.fullmatch(r"1\d{10}\..{1,40}", code) or _is_used(memory, code):
        return refused(40029, "invalid code")
    number = code.partition(".")[0]
    info = {"phoneNumber": f"+86{number}", "purePhoneNumber": number, "countryCode": "86"}
    return {"errcode": 0, "errmsg": "ok", "phone_info": info | {"watermark": {"appid": account.APPID}}}


def subscribe(memory: Memory, body: Answer) -> Answer:
    openid, template_id = str(body.get("touser", "")), str(body.get("template_id", ""))
    if not openid.startswith("o-"):
        return refused(40003, "invalid openid")
    template = account.TEMPLATES.get(template_id)
    if template is None:
        return refused(40037, "invalid template_id")
    if str(body.get("page", "")).partition("?")[0] not in account.PAGES:
        return refused(41030, "invalid page")
    if wrong := wrong_field(template["fields"], body.get("data")):
        return refused(47003, f"argument invalid! data.{wrong}.value invalid")
    with memory.lock:
        if template["kind"] == "one_time":
            if memory.consents[f"{openid}|{template_id}"] <= 0:
                return refused(43101, "user refuse to accept the msg")
            memory.allow(openid, template_id, -1)
        msgid = secrets.randbelow(10**18) + 10**18
        shown = {key: body[key] for key in ("template_id", "page", "data")}
        memory.show(f"wechat:{openid}", shown | {"msgid": str(msgid)})
        return {"errcode": 0, "errmsg": "ok", "msgid": msgid}


def wrong_field(wanted: tuple[str, ...], data: Any) -> str:
    """The first field that breaks its rule, or is missing; "" when all are well."""
    if not isinstance(data, dict):
        return wanted[0]
    for key in wanted:
        value = data[key].get("value") if isinstance(data.get(key), dict) else None
        if not isinstance(value, str) or not re.fullmatch(FIELDS[re.sub(r"\d+$", "", key)], value):
            return key
    return ""


def content_check(_memory: Memory, body: Answer) -> Answer:
    """Suspicious is what says 代开发票."""
    if body.get("version") != 2 or not 1 <= len(str(body.get("content", ""))) <= 2500:
        return refused(40129, "invalid scene or content")
    if not str(body.get("openid", "")).startswith("o-"):
        return refused(40003, "invalid openid")
    suspect = "代开发票" in body["content"]
    result = {"suggest": "risky" if suspect else "pass", "label": 10001 if suspect else 100}
    return {"errcode": 0, "errmsg": "ok", "result": result, "trace_id": "0"}


def _is_used(memory: Memory, code: str) -> bool:
    with memory.lock:
        used = code in memory.used_codes
        memory.used_codes.add(code)
        return used


_WITH_TOKEN = {
    "/wxa/business/getuserphonenumber": phone_number,
    "/cgi-bin/message/subscribe/send": subscribe,
    "/wxa/msg_sec_check": content_check,
}
