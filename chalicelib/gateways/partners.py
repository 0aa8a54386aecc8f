"""Telling a partner, over its interface: signed, and acknowledged only by an answer that names what was sent."""

import json
import secrets as lots
from datetime import datetime

from chalicelib.domain.partners import signatures
from chalicelib.domain.partners.exchanges import Exchange, payload
from chalicelib.domain.partners.signatures import OURS, Asked, Way
from chalicelib.domain.town.partner import Partner, SignatureVersion
from chalicelib.gateways import http, secrets


class NotAcknowledged(Exception):
    """The partner may or may not have it; it is sent again, under the same id."""


def tell(partner: Partner, exchange: Exchange, *, now: datetime) -> None:
    """Raises NotAcknowledged unless the partner answers with `{"received": <the id>}`."""
    send(partner.name, partner.address, payload(exchange), version=partner.signature, now=now)


def send(name: str, address: str, said: dict[str, object], *, version: str, now: datetime) -> None:
    """POST what has an `id`, signed with the key of `name`. Raises NotAcknowledged unless the answer names that id.

    `version` of its registration: v2 is signed so alone; else both ways, so that the other side changes when it likes.
    """
    key = secrets.find_partner_key(name)
    if key is None:
        raise NotAcknowledged(f"没有登记 {name} 的密钥")
    body = json.dumps(said, ensure_ascii=False).encode()
    try:
        answer = http.post_bytes(address, body, _signed(key, address, version, body, now))
    except (http.NotSent, http.NoAnswer) as fault:
        raise NotAcknowledged(f"没有应答：{fault}") from fault
    if answer.get("received") != said["id"]:
        raise NotAcknowledged(f"对方没有确认：{str(answer.get('message', ''))[:100]}")


def _signed(key: bytes, address: str, version: str, body: bytes, now: datetime) -> dict[str, str]:
    from urllib3.util import parse_url

    nonce = OURS + lots.token_hex(16)
    # the target as it will stand in the request
    asked = Asked(way=Way.FROM_TOWN, method="POST", target=parse_url(address).request_uri)
    found = signatures.headers(signatures.sign(key, body, nonce=nonce, now=now, asked=asked))
    if version != SignatureVersion.V2:
        found |= signatures.headers(signatures.sign(key, body, nonce=nonce, now=now))
    return found
