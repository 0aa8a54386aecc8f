"""Telling a partner, over its interface: signed, and acknowledged only by an answer that names what was sent."""

import json
import secrets as lots
from datetime import datetime

from chalicelib.domain import signatures
from chalicelib.domain.exchanges import Exchange, payload
from chalicelib.domain.partners import Partner
from chalicelib.gateways import http, secrets


class NotAcknowledged(Exception):
    """The partner may or may not have it; it is sent again, under the same id."""


def tell(partner: Partner, exchange: Exchange, *, now: datetime) -> None:
    """Raises NotAcknowledged unless the partner answers 2xx with `{"received": <the id>}`."""
    key = secrets.find_partner_key(partner.name)
    if key is None:
        raise NotAcknowledged(f"没有登记 {partner.name} 的密钥")
    body = json.dumps(payload(exchange), ensure_ascii=False).encode()
    signed = signatures.sign(key, body, nonce=lots.token_hex(16), now=now)
    try:
        answer = http.post_bytes(partner.address, body, signatures.headers(signed))
    except (http.NotSent, http.NoAnswer) as fault:
        raise NotAcknowledged(f"没有应答：{fault}") from fault
    if answer.get("received") != exchange.id:
        raise NotAcknowledged(f"对方没有确认：{str(answer.get('message', ''))[:100]}")
