"""How the outside finds us: the address on a printed code, and the file by which WeChat checks that a domain is ours."""

from chalicelib.domain.errors import Refusal
from chalicelib.settings import settings


class NoPublicAddress(Refusal):
    """PUBLIC_URL is not set: an API's own id on a wall would die with its stack."""

    code = "no_public_address"


def slip_url(code: str) -> str:
    """What the code of a slip holds, behind the address of no point. Raises NoPublicAddress."""
    return f"{point_url('app')}?slip={code}"


def point_url(code: str) -> str:
    """What a code on the wall holds. Raises NoPublicAddress."""
    base = settings().public_url.rstrip("/")
    if not base:
        raise NoPublicAddress("还没有设置对外网址（PUBLIC_URL），不能打印点位码；请先让管理员设置本镇的域名")
    return f"{base}/s/{code}"


def verification_file(name: str) -> str | None:
    """The content of WeChat's verification file, when `name` is the one this deployment was given."""
    wanted = settings().wechat_verify_name
    return settings().wechat_verify_content if wanted and name == wanted else None
