"""/callbacks: what WeChat and WeCom call. Their signature is the sign-in; a refusal tells them nothing."""

from chalice import Blueprint, Response

from chalicelib.actions.notices import callbacks as actions
from chalicelib.actions.notices.callbacks import Signed, Take
from chalicelib.api import http
from chalicelib.api.routes import responds
from chalicelib.api.tickets.acts import STAFF_ACTS

callbacks = Blueprint(__name__)
PLAIN = {"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff"}
SIGNED = tuple(Signed.model_fields)
BODIES = ["application/json", "text/xml", "application/xml", "text/plain"]


@callbacks.route("/callbacks/wechat", methods=["GET"])
@responds(asks=SIGNED)
def check_wechat() -> Response:
    """WeChat asks whether this address is ours."""
    return _text(actions.wechat_echo(_signed(), now=http.now()))


@callbacks.route("/callbacks/wechat", methods=["POST"], content_types=BODIES)
@responds(asks=SIGNED)
def from_wechat() -> Response:
    """消息推送"""
    actions.from_wechat(_signed(), _raw(), now=http.now())
    return _text("success")


@callbacks.route("/callbacks/wecom", methods=["GET"])
@responds(asks=SIGNED)
def check_wecom() -> Response:
    """WeCom asks whether this address is ours."""
    return _text(actions.wecom_echo(_signed(), now=http.now()))


@callbacks.route("/callbacks/wecom", methods=["POST"], content_types=BODIES)
@responds(asks=SIGNED)
def from_wecom() -> Response:
    """接收消息: a tap on a card."""
    entry = STAFF_ACTS["take"]
    take = Take(rule=entry.rule, guard=entry.guard, allowed=entry.allowed)
    return _text(actions.from_wecom(_signed(), _raw(), take=take, now=http.now()))


def _signed() -> Signed:
    return Signed(**{name: http.parameter(name) or "" for name in SIGNED})


def _raw() -> bytes:
    return http.request().raw_body or b""


def _text(body: str) -> Response:
    return Response(body=body, headers={**PLAIN})
