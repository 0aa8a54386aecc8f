"""Where a list goes on, sealed: a cursor is a key of the store, and the last key of a page may be of what its reader may not know.

The same place is the same cursor, so that two readers of two towns are answered alike, and no cursor can be made or turned.
"""

import base64
from functools import cache
from typing import TYPE_CHECKING

from chalicelib.domain.errors import BadRequest
from chalicelib.gateways import secrets

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

_OURS = [b"cursor"]


def sealed(place: str) -> str:
    return base64.urlsafe_b64encode(_cipher().encrypt(place.encode(), _OURS)).decode().rstrip("=")


def opened(cursor: str) -> str:
    """Raises BadRequest for what was never handed out."""
    from cryptography.exceptions import InvalidTag

    try:
        kept = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        return _cipher().decrypt(kept, _OURS).decode()
    except (InvalidTag, ValueError) as forged:
        raise BadRequest("翻页标记无效，请从第一页重新打开") from forged


@cache
def _cipher() -> "AESSIV":
    from cryptography.hazmat.primitives.ciphers.aead import (
        AESSIV,
    )  # a list that goes on is rare: not at a start

    return AESSIV(secrets.cursor_key())
