"""How partners and subscribers sign what they send, written from docs/partners.md: both versions, as one that moves to the second."""

import hashlib
import hmac
from datetime import datetime
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

KEYS = {"city": "b" * 40, "puller": "p" * 40, "hotline": "h" * 40}


def headers(name: str, method: str, address: str, body: bytes, nonce: str, now: datetime) -> dict[str, str]:
    stamped, key = str(int(now.timestamp())), KEYS[name].encode()
    said = f"{stamped}\n{nonce}\n".encode() + body
    asked = f"to-town\n{method}\n{_target(address)}\n".encode()
    return {
        "X-Partner-Timestamp": stamped,
        "X-Partner-Nonce": nonce,
        "X-Partner-Signature": hmac.new(key, said, hashlib.sha256).hexdigest(),
        "X-Partner-Signature-V2": hmac.new(key, asked + said, hashlib.sha256).hexdigest(),
    }


def _target(address: str) -> str:
    parts = urlsplit(address)
    pairs = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)), quote_via=quote, safe="")
    return f"{parts.path}?{pairs}" if pairs else parts.path
