"""A kept HTTP connection that POSTs to the root of one address: the little of HTTP/1.1 that DynamoDB speaks.

http.client reads an answer's headers as if they were an e-mail's, at five times the CPU. Whatever is not plain here
(no length, an answer cut short) is Broken, and botocore asks again with a whole HTTP client.
"""

import socket
from typing import Any

_LONGEST_LINE = 16_384
_LONGEST = 20_000_000  # bytes; DynamoDB answers 16 MB at most


class Broken(Exception):
    """The answer is not what DynamoDB sends, or did not come whole."""


class Connection:
    """Open from the start. Raises OSError, also for an answer that takes longer than `seconds`, and Broken.

    `usable` turns False when the other side says that it will close; after an exception it must not be used again.
    """

    def __init__(self, scheme: str, address: str, *, connect_seconds: float, seconds: float) -> None:
        host, _, port = address.partition(":")
        is_secure = scheme == "https"
        opened = socket.create_connection((host, int(port or (443 if is_secure else 80))), connect_seconds)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = _secured(opened, host) if is_secure else opened
        self._socket.settimeout(seconds)
        self._answers = self._socket.makefile("rb")
        self.usable = True

    def post(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """The status and the body of the answer. Names of headers in lower case; the length is added here."""
        lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
        head = f"POST / HTTP/1.1\r\n{''.join(lines)}content-length: {len(body)}\r\n\r\n"
        self._socket.sendall(head.encode("ascii") + body)
        status = self._status()
        length = self._length()
        content = self._answers.read(length)
        if len(content) != length:
            raise Broken("an answer was cut short")
        return status, content

    def close(self) -> None:
        self._answers.close()
        self._socket.close()

    def _status(self) -> int:
        version, _, rest = self._line().partition(b" ")
        status = rest[:3]
        if version != b"HTTP/1.1" or not status.isdigit() or int(status) < 200:
            raise Broken("not an answer of HTTP/1.1")
        return int(status)

    def _length(self) -> int:
        """Reads the headers. Raises Broken unless they say how long the body is."""
        length = -1
        while line := self._line():
            name, _, value = line.partition(b":")
            name, value = name.lower(), value.strip()
            if name == b"content-length" and value.isdigit():
                length = int(value)
            elif name == b"connection" and value.lower() == b"close":
                self.usable = False
        if not 0 <= length <= _LONGEST:
            raise Broken("an answer without its length")
        return length

    def _line(self) -> bytes:
        line = self._answers.readline(_LONGEST_LINE)
        if not line.endswith(b"\r\n"):
            raise Broken("an answer was cut short")
        return line[:-2]


def _secured(opened: socket.socket, host: str) -> Any:
    """TLS by the authorities that botocore itself trusts."""
    import ssl

    from botocore.httpsession import get_cert_path

    context = ssl.create_default_context(cafile=get_cert_path(True))
    return context.wrap_socket(opened, server_hostname=host)
