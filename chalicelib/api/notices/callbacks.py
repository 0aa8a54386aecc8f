"""/callbacks: what WeChat and WeCom call. Their signature is the sign-in; a refusal tells them nothing."""

from chalice import Blueprint, Response

from chalicelib.actions.notices import callbacks as calling_back
from chalicelib.actions.notices.callbacks import Signed, Take
from chalicelib.api import http
from chalicelib.api.routes import responds
from chalicelib.api.tickets.acts import STAFF_ACTS

callbacks = Blueprint(__name__)
PLAIN = {"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff"}
BODIES = ["application/json", "text/xml", "application/xml", "text/plain"]


@callbacks.route("/callbacks/wechat", methods=["GET"])
@responds()
def check_wechat():
    return _text(calling_back.wechat_echo(_signed(), now=http.now()))


@callbacks.route("/callbacks/wechat", methods=["POST"], content_types=BODIES)
@responds()
def from_wechat():
    """消息推送"""
    calling_back.from_wechat(_signed(), _raw(), now=http.now())
    return _text("success")


@callbacks.route("/callbacks/wecom", methods=["GET"])
@responds()
def check_wecom():
    return _text(calling_back.wecom_echo(_signed(), now=http.now()))


@callbacks.route("/callbacks/wecom", methods=["POST"], content_types=BODIES)
@responds()
def from_wecom():
    """接收消息: a tap on a card."""
    entry = STAFF_ACTS["take"]
    take = Take(rule=entry.rule, guard=entry.guard, allowed=entry.allowed)
    return _text(calling_back.from_wecom(_signed(), _raw(), take=take, now=http.now()))


def _signed() -> Signed:
    return Signed(**{name: http.parameter(name) or "" for name in Signed.model_fields})


def _raw() -> bytes:
    return http.request().raw_body or b""


def _text(body: str) -> Response:
    return Response(body=body, headers={**PLAIN})
