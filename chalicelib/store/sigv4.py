"""AWS Signature Version 4 of a POST to the root of an address: what a DynamoDB request is, and nothing else.

botocore signs any request of any service, at ten times the CPU; a test holds that both sign alike.
"""

import hashlib
import hmac
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

SERVICE = "dynamodb"
_ALGORITHM = "AWS4-HMAC-SHA256"
Headers = dict[str, str]


def timestamp() -> str:
    """Now, as a signature states it. No rule of the town looks at this clock, and DynamoDB allows it five minutes."""
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")


def signed(headers: Headers, body: bytes, credentials: Any, region: str, at: str) -> Headers:
    """`headers` (names in lower case, with the host) and those that prove who asks, at `at` (a `timestamp`)."""
    sent = headers | {"x-amz-date": at}
    if credentials.token:
        sent["x-amz-security-token"] = credentials.token
    names = sorted(sent)
    listed = ";".join(names)
    lines = [f"{name}:{sent[name]}" for name in names]
    canonical = "\n".join(["POST", "/", "", *lines, "", listed, hashlib.sha256(body).hexdigest()])
    scope = f"{at[:8]}/{region}/{SERVICE}/aws4_request"
    to_sign = "\n".join([_ALGORITHM, at, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    signature = _hmac(_key(credentials.secret_key, at[:8], region), to_sign).hex()
    sent["authorization"] = (
        f"{_ALGORITHM} Credential={credentials.access_key}/{scope}, SignedHeaders={listed}, Signature={signature}"
    )
    return sent


@lru_cache(maxsize=4)
def _key(secret: str, day: str, region: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (day, region, SERVICE, "aws4_request"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
