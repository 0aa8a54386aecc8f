"""WeChat's server API for the mini-program: sign-in, phone number, subscribe messages, content check.

Error codes and limits as developers.weixin.qq.com states them; the table of what we do about each is below.
"""

import logging
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache

from chalicelib.domain.errors import Invalid, NotSignedIn, Refusal, TryAgain
from chalicelib.domain.notices.deliveries import Outcome, State
from chalicelib.domain.notices.wechat_templates import SubscribeTemplate, read_templates
from chalicelib.gateways import http, secrets, tokens
from chalicelib.gateways.http import Answer
from chalicelib.gateways.tokens import Kept, code_of
from chalicelib.gateways.wechat_crypto import Envelope
from chalicelib.settings import settings

_log = logging.getLogger(__name__)
NAME = "wechat"
BUSY = -1
NO_CONSENT = 43101
DAY_IS_FULL = timedelta(minutes=30)  # 45009: by the minute or by the day, WeChat does not say which
# Refused for now; everything else that is refused stays refused until a person has looked.
PASSING = tokens.DEAD | {BUSY, 41001, 43108, 45009, 45011}
MOST_CHECKED = 2500  # characters of msg_sec_check
CODE_IS_OVER = frozenset({40029, 40163})
TOO_OFTEN = frozenset({45009, 45011})


class Blocked(Refusal):
    """WeChat considers the account risky (40226)."""

    http_status = 403
    code = "blocked"


class NotInUse(Refusal):
    """This deployment has no mini-program."""

    code = "no_mini_program"


def is_set() -> bool:
    """Whether this deployment has a mini-program."""
    return bool(settings().wechat_base_url and settings().wechat_appid)


def envelope() -> Envelope:
    """What its message push was agreed to. Without a token nothing is accepted."""
    return Envelope(
        token=secrets.platform("wechat_push_token"),
        keys=tuple(secrets.platform("wechat_aes_keys").split()),
        receiver=settings().wechat_appid,
    )


def templates() -> tuple[SubscribeTemplate, ...]:
    """Raises BadTemplates."""
    return _templates(settings().wechat_templates)


def openid_of(code: str) -> str:
    """Who wx.login means (code2Session). The session_key is dropped: nothing here needs it.

    Raises NotSignedIn for a code that is wrong, used or older than five minutes; Blocked, NotInUse, TryAgain.
    """
    _need_set()
    answer = _tried(
        lambda: http.get(
            _base(),
            "/sns/jscode2session",
            appid=settings().wechat_appid,
            secret=secrets.platform("wechat_secret"),
            js_code=code,
            grant_type="authorization_code",
        )
    )
    openid = answer.get("openid")
    if isinstance(openid, str) and openid:  # errcode may be absent, or 0
        return openid
    if code_of(answer) in CODE_IS_OVER:
        raise NotSignedIn("微信登录已失效，请关闭小程序后重新打开")
    raise _refused(answer)


def phone_of(code: str, *, kept: Kept, now: datetime) -> str:
    """The number behind the button 手机号快速验证. Raises Invalid for a code that is wrong or used; NotInUse, TryAgain."""
    _need_set()
    answer = _tried(lambda: _ask("/wxa/business/getuserphonenumber", {"code": code}, kept, now), again=False)
    info = answer.get("phone_info")
    phone = info.get("purePhoneNumber") if isinstance(info, dict) else None
    if isinstance(phone, str) and phone:
        return phone
    if code_of(answer) in CODE_IS_OVER:
        raise Invalid("没有取到手机号，请再点一次，或直接填写", fields=["code"])
    raise _refused(answer)


def send(
    openid: str,
    template: SubscribeTemplate,
    data: Mapping[str, str],
    page: str,
    *,
    kept: Kept,
    now: datetime,
) -> Outcome:
    """One subscribe message, which opens `page`. Raises NoAnswer when it may have arrived; everything else is an outcome."""
    body = {
        "touser": openid,
        "template_id": template.id,
        "page": page,
        "data": {key: {"value": value} for key, value in data.items()},
        "miniprogram_state": "formal",
        "lang": "zh_CN",
    }
    try:
        answer = _ask("/cgi-bin/message/subscribe/send", body, kept, now)
    except (http.NotSent, tokens.NoToken) as fault:
        return Outcome(state=State.TEMPORARY_FAILURE, detail=f"微信没有接收：{fault}")
    return _outcome(answer)


def sent_as(message_id: str) -> str:
    """What a delivery is kept under that WeChat calls by this number."""
    return f"{NAME}:{message_id}"


def is_suspect(openid: str, text: str, *, kept: Kept, now: datetime) -> bool:
    """Whether msg_sec_check wants a person to look (review, risky). Raises NotSent, NoAnswer, NoToken, TryAgain."""
    body = {"version": 2, "openid": openid, "scene": 2, "content": text[:MOST_CHECKED]}
    answer = _ask("/wxa/msg_sec_check", body, kept, now)
    result = answer.get("result")
    if code_of(answer) != 0 or not isinstance(result, dict):
        raise TryAgain(f"微信内容检查没有结果（{code_of(answer)}）")
    return result.get("suggest") != "pass"


def _outcome(answer: Answer) -> Outcome:
    code = code_of(answer)
    if code == 0:
        number = str(answer.get("msgid") or "")
        return Outcome(state=State.DELIVERED, sent_as=sent_as(number) if number else "")
    detail = f"微信 {code}{_field(answer)}"
    if code == NO_CONSENT:
        return Outcome(state=State.NO_CONSENT, detail=detail)
    _note(answer)
    if code in PASSING:
        again = DAY_IS_FULL if code == 45009 else None
        return Outcome(state=State.TEMPORARY_FAILURE, detail=detail, again_in=again)
    return Outcome(state=State.PERMANENT_FAILURE, detail=detail)


def _ask(path: str, body: Answer, kept: Kept, now: datetime) -> Answer:
    def request(token: str) -> Answer:
        return http.post(_base(), path, body, access_token=token)

    return tokens.ask(NAME, request, fetch=_stable_token, kept=kept, now=now)


def _stable_token() -> Answer:
    """Never force_refresh: it kills the token of everyone else, twenty times a day at most."""
    body = {
        "grant_type": "client_credential",
        "appid": settings().wechat_appid,
        "secret": secrets.platform("wechat_secret"),
        "force_refresh": False,
    }
    return http.post(_base(), "/cgi-bin/stable_token", body)


def _tried(request: Callable[[], Answer], *, again: bool = True) -> Answer:
    """What a resident waits for: a busy platform is asked once more, then he or she is told to try again later."""
    try:
        answer = request()
        return request() if again and code_of(answer) == BUSY else answer
    except (http.NotSent, http.NoAnswer, tokens.NoToken) as fault:
        _log.warning("wechat did not answer: %s", type(fault).__name__)
        raise TryAgain("微信暂时没有应答，请稍后再试") from None


def _refused(answer: Answer) -> Refusal:
    _note(answer)
    code = code_of(answer)
    if code == 40226:
        return Blocked("微信提示账号有风险，不能登录；请拨打工作站电话，或到工作站反映")
    wait = 60 if code in TOO_OFTEN else 10
    return TryAgain("微信暂时不能登录，请稍后再试，或用手机浏览器打开", retry_after_seconds=wait)


def _need_set() -> None:
    if not is_set():
        raise NotInUse("本镇还没有开通小程序，请用浏览器打开二维码网址")


def _note(answer: Answer) -> None:
    """WeChat's support asks for the rid. The rest of errmsg may quote what was sent."""
    rid = re.search(r"rid: ?([0-9a-f-]{1,64})", str(answer.get("errmsg", "")))
    _log.error("wechat refused %d%s rid %s", code_of(answer), _field(answer), rid[1] if rid else "-")


def _field(answer: Answer) -> str:
    """The field that a 47003 names."""
    found = re.search(r"data\.([a-z_]+[0-9]{1,3})\.value", str(answer.get("errmsg", "")))
    return f" {found[1]}" if found else ""


def _base() -> str:
    return settings().wechat_base_url.rstrip("/")


@cache
def _templates(text: str) -> tuple[SubscribeTemplate, ...]:
    return read_templates(text)
