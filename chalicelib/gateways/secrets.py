"""The deployment's secrets: one SecureString in SSM for each purpose, read once per process and only where it is needed.

A function's policy names those that it needs (.chalice/policy-*.json); asking for another is refused by AWS, and locally.
"""

import hmac
from functools import cache

from chalicelib.gateways.clients import client
from chalicelib.settings import settings

OWN = (
    "identity_key",
    "slip_key",
)  # made at the first deployment, taken along by a backup; all others are given to us
SHORTEST = 32  # bytes; HMAC-SHA256 gains nothing from a shorter key than its digest


class BadSecret(Exception):
    """A parameter does not hold the key. Never carries the value."""


def identity_key() -> bytes:
    """Keys the hashes by which phones and openids lead to people and tickets; `reveal` alone may read it.

    Under another nobody is found again: never rotate it.
    """
    return _key("identity_key")


def slip_key() -> bytes:
    """Keys the hashes of what is printed on a slip 小票; under a new one, slips that are out cannot be claimed."""
    return _key("slip_key")


def cursor_key() -> bytes:
    """Seals where lists go on; made of the slip key, which whoever answers lists holds too, so that neither tells the other."""
    return hmac.digest(slip_key(), b"cursor", "sha512")


def draft_key(who: str) -> bytes:
    """By which a console seals what somebody has typed and not sent (rule 103); under a new slip key it is lost."""
    return hmac.digest(slip_key(), f"draft|{who}".encode(), "sha256")


def platform(name: str) -> str:
    """What a platform gave the town (wechat_secret, wecom_aes_keys, …); "" where it gave nothing."""
    return _held(name) or ""


def find_partner_key(name: str) -> bytes | None:
    """The key shared with a partner (`partner_<name>`), for signatures either way; None where there is none.

    Each name that is new to the process asks SSM: only for a name that the town knows.
    """
    return _key(f"partner_{name}") if _held(f"partner_{name}") is not None else None


def _key(name: str) -> bytes:
    value = _held(name) or ""
    if len(value.encode()) < SHORTEST:
        raise BadSecret(f"{settings().secrets_path}/{name} must be text of at least {SHORTEST} bytes")
    return value.encode()


@cache
def _held(name: str) -> str | None:
    """What the parameter holds; None where there is none."""
    ssm = client("ssm")
    try:
        answer = ssm.get_parameter(Name=f"{settings().secrets_path}/{name}", WithDecryption=True)
    except ssm.exceptions.ParameterNotFound:
        return None
    return str(answer["Parameter"]["Value"])
