"""The signature 签名 between partners and us, either way: HMAC-SHA256 in two versions (docs/partners.md).

The second covers who it is meant for, the method and the target beside what the first covers: timestamp, nonce and body.
"""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import quote, urlencode

from chalicelib.domain.errors import NotSignedIn
from chalicelib.domain.model import Frozen
from chalicelib.domain.town.partner import SignatureVersion

WINDOW = timedelta(minutes=5)  # rule 63: how far the two clocks may be apart, either way
TIMESTAMP, NONCE = "X-Partner-Timestamp", "X-Partner-Nonce"
SIGNATURE, SIGNATURE_V2 = "X-Partner-Signature", "X-Partner-Signature-V2"
# How each nonce of ours begins: what we sent to a partner cannot be sent back to us as its own
OURS = "mslj-"

_SHORTEST_NONCE, _LONGEST_NONCE = 16, 64


class Way(StrEnum):
    """Which of the two sends; the key is the same."""

    TO_TOWN = "to-town"
    FROM_TOWN = "from-town"


class Asked(Frozen):
    """What a request asks for, which the second version covers."""

    way: Way
    method: str
    target: str  # to the town: `target`; from the town: path and query as they stand in the request


class Signed(Frozen):
    """What the headers of a signed request held, as they came."""

    timestamp: str  # whole seconds since 1970
    nonce: str  # 16 to 64 letters, digits, - and _; never used twice
    signature: str = ""  # lower-case hex
    signature_v2: str = ""  # the same; where it is there, it alone counts


def target(path: str, query: Iterable[tuple[str, str]] = ()) -> str:
    """`path` from /partners on, decoded; behind it the query, as everybody can write it again, whatever a proxy made of it:
    its pairs in order, all but A–Z a–z 0–9 - . _ ~ percent-encoded.
    """
    pairs = urlencode(sorted(query), quote_via=quote, safe="")
    return f"{path}?{pairs}" if pairs else path


def sign(key: bytes, body: bytes, *, nonce: str, now: datetime, asked: Asked | None = None) -> Signed:
    """What a sender puts beside `body`: by the second version where it says what it asks for, else by the first."""
    timestamp = str(int(now.timestamp()))
    if asked is None:
        return Signed(timestamp=timestamp, nonce=nonce, signature=_digest(key, timestamp, nonce, body))
    return Signed(
        timestamp=timestamp, nonce=nonce, signature_v2=_digest_v2(key, asked, timestamp, nonce, body)
    )


def headers(signed: Signed) -> dict[str, str]:
    named = {SIGNATURE: signed.signature, SIGNATURE_V2: signed.signature_v2}
    return {TIMESTAMP: signed.timestamp, NONCE: signed.nonce} | {
        name: hex_ for name, hex_ in named.items() if hex_
    }


def check(
    signed: Signed, key: bytes, body: bytes, *, asked: Asked, least: str = SignatureVersion.V1, now: datetime
) -> None:
    """Raises NotSignedIn for a signature by another key, over another body or for another request, for one outside the
    window, and for one of the first version where `least` is v2.

    The last second of the window still counts. Whether the nonce is new is `store.nonces`' to say, after this.
    """
    if not (_is_nonce(signed.nonce) and _is_timestamp(signed.timestamp)):
        raise NotSignedIn("签名头缺失或格式不对，请对照接口文档检查三个签名头")
    if signed.signature_v2:
        right, given = _digest_v2(key, asked, signed.timestamp, signed.nonce, body), signed.signature_v2
    elif least == SignatureVersion.V2:
        raise NotSignedIn(f"只收第二版签名，请按接口文档改用 {SIGNATURE_V2}")
    else:
        right, given = _digest(key, signed.timestamp, signed.nonce, body), signed.signature
    if not hmac.compare_digest(right.encode(), given.lower().encode()):
        raise NotSignedIn(
            "签名不对，请检查密钥以及签名的内容（时间、随机串、原始正文；第二版还有方法和地址）"
        )
    if asked.way is Way.TO_TOWN and signed.nonce.startswith(OURS):
        raise NotSignedIn(f"随机串以 {OURS} 开头的是本系统自己发出的，请换一个随机串重新签名")
    if abs(now.timestamp() - int(signed.timestamp)) > WINDOW.total_seconds():
        raise NotSignedIn("请求时间与本系统相差超过5分钟，请校准时钟后重新签名", now=int(now.timestamp()))


def _digest(key: bytes, timestamp: str, nonce: str, body: bytes) -> str:
    return hmac.new(key, f"{timestamp}\n{nonce}\n".encode() + body, hashlib.sha256).hexdigest()


def _digest_v2(key: bytes, asked: Asked, timestamp: str, nonce: str, body: bytes) -> str:
    """Its text begins with the way, and that of the first version with digits: none is ever the other's."""
    said = "\n".join((asked.way, asked.method, asked.target, timestamp, nonce, ""))
    return hmac.new(key, said.encode() + body, hashlib.sha256).hexdigest()


def _is_nonce(nonce: str) -> bool:
    is_long_enough = _SHORTEST_NONCE <= len(nonce) <= _LONGEST_NONCE
    return is_long_enough and nonce.isascii() and nonce.replace("-", "a").replace("_", "a").isalnum()


def _is_timestamp(timestamp: str) -> bool:
    return timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 11
