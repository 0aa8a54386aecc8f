"""What only the mini-program asks: the phone number behind a button, consents to ask for, a staff phone to be bound."""

from chalice import Blueprint

from chalicelib.actions.notices import mini_program as actions
from chalicelib.api import auth, bodies, http
from chalicelib.api.auth import ANYONE
from chalicelib.api.http import RequestBody, read
from chalicelib.api.routes import responds

mini_program = Blueprint(__name__)
WechatCode = bodies.Annotated[str, bodies.StringConstraints(min_length=1, max_length=200)]


class PhoneCodeBody(RequestBody):
    code: WechatCode


class BindBody(RequestBody):
    wechat_code: WechatCode


@mini_program.route("/api/phone", methods=["POST"])
@responds()
def phone():
    """手机号快速验证"""
    who = auth.resident()
    return {"phone": actions.phone_of(read(PhoneCodeBody).code, by=who.subject, now=http.now())}


@mini_program.route("/api/subscriptions", methods=["GET"])
@responds()
def subscriptions():
    return {"items": actions.subscriptions(auth.resident().subject)}


@mini_program.route("/staff/wechat", methods=["POST"])
@responds(200, ANYONE)
def bind():
    """绑定微信"""
    actions.bind_staff(read(BindBody).wechat_code, by=auth.caller(), now=http.now())
    return {"message": "已绑定，今后的通知发到这个微信"}
