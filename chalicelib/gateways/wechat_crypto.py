"""The envelope of WeChat's and WeCom's callbacks: signature, age, AES-256-CBC. Both use one scheme; only the receiver differs.

Source: developers.weixin.qq.com, "Technical_Plan" of the message push; WeCom's 加解密方案.
"""

import base64
import hashlib
import hmac
import os
import struct
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.errors import Refusal
from chalicelib.domain.model import Frozen

FRESH = timedelta(minutes=5)
BLOCK = 32  # bytes; their PKCS#7 pads to 32, not to AES's 16
RANDOM = 16  # bytes before the length


class Forged(Refusal):
    """A callback that the platform did not send: wrong signature, too old, for someone else, or not to be decrypted."""

    http_status = 403
    code = "forged"


class Envelope(Frozen):
    """What a deployment agreed with a platform: token, AES keys (43 characters each, newest first) and who receives.

    `receiver` is the appid at WeChat, the corp id at WeCom. A key that was replaced stays second until the platform
    uses the new one.
    """

    token: str
    keys: tuple[str, ...]
    receiver: str


def signature(*parts: str) -> str:
    """SHA-1 over the parts in the order of their characters, as both platforms define it."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def check(given: str, envelope: Envelope, timestamp: str, nonce: str, *signed: str, now: datetime) -> None:
    """Raises Forged for another signature, and for one older (or newer) than five minutes; exactly five still counts."""
    wanted = signature(envelope.token, timestamp, nonce, *signed)
    if not envelope.token or not hmac.compare_digest(wanted.encode(), given.encode()):
        raise Forged("签名不对")
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        raise Forged("时间戳不对")
    if abs(now.timestamp() - int(timestamp)) > FRESH.total_seconds():
        raise Forged("消息已过时")


def unseal(envelope: Envelope, sealed: str) -> bytes:
    """The message in an envelope, by whichever of the keys opens it. Raises Forged."""
    for key in envelope.keys:
        message = _opened(key, sealed, envelope.receiver)
        if message is not None:
            return message
    raise Forged("消息不能解密，请核对 EncodingAESKey")


def seal(envelope: Envelope, message: bytes) -> str:
    """A message in an envelope, by the newest key: WeCom's card wants its answer sealed."""
    plain = os.urandom(RANDOM) + struct.pack(">I", len(message)) + message + envelope.receiver.encode()
    missing = BLOCK - len(plain) % BLOCK
    encryptor = _cipher(envelope.keys[0]).encryptor()
    return base64.b64encode(
        encryptor.update(plain + bytes([missing]) * missing) + encryptor.finalize()
    ).decode()


def _opened(key: str, sealed: str, receiver: str) -> bytes | None:
    """None when this key does not open it, or it is addressed to someone else."""
    try:
        decryptor = _cipher(key).decryptor()
        padded = decryptor.update(base64.b64decode(sealed, validate=True)) + decryptor.finalize()
    except ValueError:  # no base64, or no whole blocks
        return None
    if not padded or not 1 <= padded[-1] <= BLOCK:
        return None
    plain = padded[: -padded[-1]]
    if len(plain) < RANDOM + 4:
        return None
    end = RANDOM + 4 + struct.unpack(">I", plain[RANDOM : RANDOM + 4])[0]
    return plain[RANDOM + 4 : end] if end <= len(plain) and plain[end:] == receiver.encode() else None


def _cipher(key: str) -> Any:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    raw = base64.b64decode(key + "=")
    return Cipher(algorithms.AES(raw), modes.CBC(raw[:16]))
