"""Nonces of signed requests: each is taken once, and forgotten when its signature is too old anyway."""

from datetime import datetime

from chalicelib.domain.errors import AlreadyDone
from chalicelib.domain.partners.signatures import WINDOW
from chalicelib.store import keys
from chalicelib.store.table import Table, put


def take(partner: str, nonce: str, now: datetime) -> None:
    """Use up a nonce of a partner. Raises AlreadyDone for one that was used before: the request is a replay."""
    expires = int((now + 3 * WINDOW).timestamp())  # a clock may run ahead by one window, and TTL is lazy
    item = keys.attributes(keys.nonce(partner, nonce)) | {"expires": expires}
    if not put(Table.WORK, item, if_absent=True):
        raise AlreadyDone("这个请求已经收到过；重发时请换新的随机串并重新签名")
