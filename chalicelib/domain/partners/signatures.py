"""The signature 签名 between partners and us, either way: HMAC-SHA256 over timestamp, nonce and body (docs/partners.md)."""

import hashlib
import hmac
from datetime import datetime, timedelta

from chalicelib.domain.errors import NotSignedIn
from chalicelib.domain.model import Frozen

WINDOW = timedelta(minutes=5)  # rule 63: how far the two clocks may be apart, either way
TIMESTAMP, NONCE, SIGNATURE = "X-Partner-Timestamp", "X-Partner-Nonce", "X-Partner-Signature"
_SHORTEST_NONCE, _LONGEST_NONCE = 16, 64


class Signed(Frozen):
    """What the three headers of a signed request held, as they came."""

    timestamp: str  # whole seconds since 1970
    nonce: str  # 16 to 64 letters, digits, - and _; never used twice
    signature: str  # lower-case hex


def sign(key: bytes, body: bytes, *, nonce: str, now: datetime) -> Signed:
    """What a sender puts beside `body`."""
    timestamp = str(int(now.timestamp()))
    return Signed(timestamp=timestamp, nonce=nonce, signature=_digest(key, timestamp, nonce, body))


def headers(signed: Signed) -> dict[str, str]:
    return {TIMESTAMP: signed.timestamp, NONCE: signed.nonce, SIGNATURE: signed.signature}


def check(signed: Signed, key: bytes, body: bytes, *, now: datetime) -> None:
    """Raises NotSignedIn for a signature by another key or over another body, and for one outside the window.

    The last second of the window still counts. Whether the nonce is new is `store.nonces`' to say, after this.
    """
    right = _digest(key, signed.timestamp, signed.nonce, body)
    if not (_is_nonce(signed.nonce) and _is_timestamp(signed.timestamp)):
        raise NotSignedIn("签名头缺失或格式不对，请对照接口文档检查三个签名头")
    if not hmac.compare_digest(right.encode(), signed.signature.lower().encode()):
        raise NotSignedIn("签名不对，请检查密钥以及签名的内容（时间、随机串、原始正文）")
    if abs(now.timestamp() - int(signed.timestamp)) > WINDOW.total_seconds():
        raise NotSignedIn("请求时间与本系统相差超过5分钟，请校准时钟后重新签名", now=int(now.timestamp()))


def _digest(key: bytes, timestamp: str, nonce: str, body: bytes) -> str:
    return hmac.new(key, f"{timestamp}\n{nonce}\n".encode() + body, hashlib.sha256).hexdigest()


def _is_nonce(nonce: str) -> bool:
    is_long_enough = _SHORTEST_NONCE <= len(nonce) <= _LONGEST_NONCE
    return is_long_enough and nonce.isascii() and nonce.replace("-", "a").replace("_", "a").isalnum()


def _is_timestamp(timestamp: str) -> bool:
    return timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 11
