"""What only the mini-program asks: the phone number behind a button, consents to ask for, a staff phone to be bound."""

from typing import TYPE_CHECKING, Annotated

from chalice import Blueprint
from pydantic import StringConstraints

from chalicelib.actions.notices import mini_program as actions
from chalicelib.api import auth, http
from chalicelib.api.auth import ANYONE
from chalicelib.api.http import RequestBody, read
from chalicelib.api.routes import responds

if TYPE_CHECKING:
    from chalicelib.actions.notices.schemas import Phone, Subscription
    from chalicelib.domain.schemas import Items, Message

mini_program = Blueprint(__name__)
WechatCode = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class PhoneCodeBody(RequestBody):
    code: WechatCode


class BindBody(RequestBody):
    wechat_code: WechatCode


@mini_program.route("/api/phone", methods=["POST"])
@responds(200, auth.resident, reads=PhoneCodeBody)
def phone() -> "Phone":
    """手机号快速验证"""
    who = auth.resident()
    return {"phone": actions.phone_of(read(PhoneCodeBody).code, by=who.subject, now=http.now())}


@mini_program.route("/api/subscriptions", methods=["GET"])
@responds(200, auth.resident)
def subscriptions() -> "Items[Subscription]":
    """Templates of WeChat that consent may be asked for; the mini-program alone asks."""
    return {"items": actions.subscriptions(auth.resident().subject)}


@mini_program.route("/staff/wechat", methods=["POST"])
@responds(200, ANYONE, reads=BindBody)
def bind() -> "Message":
    """绑定微信"""
    auth.caller()
    actions.bind_staff(read(BindBody).wechat_code, token=auth.token())
    return {"message": "已绑定，今后的通知发到这个微信"}
