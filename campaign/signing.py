"""How partners and subscribers sign what they send, written from docs/partners.md."""

import hashlib
import hmac
from datetime import datetime

KEYS = {"city": "b" * 40, "puller": "p" * 40, "hotline": "h" * 40}


def headers(name: str, body: bytes, nonce: str, now: datetime) -> dict[str, str]:
    stamped = str(int(now.timestamp()))
    said = f"{stamped}\n{nonce}\n".encode() + body
    signature = hmac.new(KEYS[name].encode(), said, hashlib.sha256).hexdigest()
    return {
        "X-Partner-Timestamp": stamped,
        "X-Partner-Nonce": nonce,
        "X-Partner-Signature": signature,
    }
