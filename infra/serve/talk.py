"""How two processes of the machine talk over a socket file: a length, then JSON."""

import json
import socket
import struct
from typing import Any

MOST_BYTES = 20_000_000  # DynamoDB answers 16 MB at most
_LENGTH = struct.Struct(">I")


class BadMessage(Exception):
    """What came is no message."""


def say(to: socket.socket, message: Any) -> None:
    from chalicelib.store.direct import _as_base64

    body = json.dumps(message, default=_as_base64).encode()
    to.sendall(_LENGTH.pack(len(body)) + body)


def hear(came: socket.socket) -> Any:
    """None where the other end has gone. Raises BadMessage, OSError."""
    head = _read(came, _LENGTH.size)
    if not head:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > MOST_BYTES:
        raise BadMessage(str(length))
    body = _read(came, length)
    if len(body) != length:
        raise BadMessage("cut short")
    try:
        return json.loads(body)
    except ValueError:
        raise BadMessage("no JSON") from None


def _read(came: socket.socket, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        more = came.recv(length - len(parts))
        if not more:
            return b"" if not parts else bytes(parts)
        parts += more
    return bytes(parts)
