"""`make push-order [PARTNER=hotline] [NUMBER=…] [TEXT=…]`: one order into the running local cloud as its partner sends it.

Signed with the partner's key of this machine and POSTed over HTTP. Again the same NUMBER is the same ticket.
"""

import argparse
import json
import secrets
import sys
import urllib.error
import urllib.request
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.partners import signatures
from chalicelib.domain.partners.signatures import Asked, Way
from infra.local import inside, partners, running
from infra.local.place import Place

TEXT = "盛华景苑4号楼门口路灯坏了三天，晚上看不清路"


def an_order(number: str, text: str, now: datetime) -> dict[str, str]:
    due_at = (now + timedelta(days=2)).isoformat(timespec="seconds")
    return {
        "number": number or f"SH{now:%Y%m%d%H%M%S}",
        "text": text or TEXT,
        "place": "盛华景苑",
        "category": "" if text else "市政设施/路灯",
        "due_at": due_at,
        "sent_at": now.isoformat(timespec="seconds"),
        "name": "王阿姨",
        "phone": "13800001111",
    }


def push(
    url: str, key: bytes, partner: str, order: dict[str, str], now: datetime
) -> tuple[int, dict[str, Any]]:
    """What the API answers."""
    body = json.dumps(order, ensure_ascii=False).encode()
    asked = Asked(way=Way.TO_TOWN, method="POST", target=signatures.target(f"/partners/{partner}/orders"))
    signed = signatures.headers(signatures.sign(key, body, nonce=secrets.token_hex(16), now=now, asked=asked))
    headers = {"Content-Type": "application/json", **signed}
    request = urllib.request.Request(f"{url}partners/{partner}/orders", body, headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def key_of(place: Place, partner: str) -> bytes:
    """The key as it lies on this machine; b"" for an unknown partner."""
    held = json.loads((place.home / "secrets.json").read_text())
    return str(held.get(f"partner_{partner}", "")).encode()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--partner", default=partners.PLAYED)
    parser.add_argument("--number", default="")
    parser.add_argument("--text", default="")
    chosen = parser.parse_args()
    inside.enter_or_end()
    place = running.place_of(running.get())
    partners.know(place)
    key, now = key_of(place, chosen.partner), datetime.now(SHANGHAI)
    if not key:
        print(f"没有 {chosen.partner} 的密钥，请用 hotline 或 petition", file=sys.stderr)
        return 1
    order = an_order(chosen.number, chosen.text, now)
    status, answer = push(place.url, key, chosen.partner, order, now)
    if status != 201:
        print(answer.get("message", answer), file=sys.stderr)
        return 1
    print(f"{order['number']} → 工单 {answer['ticket']}（{answer['how']}）")
    print(f"办理结果会出现在 {place.phones}/partners" if place.phones_port else "没有合作方的替身")
    return 0


if __name__ == "__main__":
    sys.exit(main())
