"""The deployment's secrets: one SecureString in SSM with a JSON object, read once per process."""

import json
from functools import cache

from chalicelib.gateways.clients import client
from chalicelib.settings import settings

SHORTEST = 32  # bytes; HMAC-SHA256 gains nothing from a shorter key than its digest


class BadSecret(Exception):
    """The parameter does not hold the key. Never carries the value."""


def identity_key() -> bytes:
    """Keys the hashes of people and phone numbers. Changing it orphans every reporter_id: never rotate it."""
    return _key("identity_key")


def platform(name: str) -> str:
    """What a platform gave the town (wechat_secret, wecom_aes_keys, …); "" where it gave nothing."""
    value = _all().get(name, "")
    if not isinstance(value, str):
        raise BadSecret(f"{settings().secrets_parameter}: {name} must be text")
    return value


def find_partner_key(name: str) -> bytes | None:
    """The key shared with a partner (`partner_<name>`), for signatures either way; None where there is none."""
    return _key(f"partner_{name}") if f"partner_{name}" in _all() else None


def _key(name: str) -> bytes:
    value = _all().get(name)
    if not isinstance(value, str) or len(value.encode()) < SHORTEST:
        raise BadSecret(f"{settings().secrets_parameter}: {name} must be text of at least {SHORTEST} bytes")
    return value.encode()


@cache
def _all() -> dict[str, object]:
    name = settings().secrets_parameter
    answer = client("ssm").get_parameter(Name=name, WithDecryption=True)
    held = json.loads(answer["Parameter"]["Value"])
    if not isinstance(held, dict):
        raise BadSecret(f"{name}: must be a JSON object")
    return held
