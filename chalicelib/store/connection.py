"""A kept HTTP connection that POSTs to the root of one address: the little of HTTP/1.1 that DynamoDB speaks.

http.client reads an answer's headers as if they were an e-mail's, at ten times the CPU. Whatever is not plain here
(no length, an answer cut short) is Broken, and botocore asks again with a whole HTTP client.
"""

import socket
from typing import Any

_LONGEST_HEAD = 16_384
_AT_ONCE = 65_536  # bytes asked of the socket: nearly every answer comes whole
_HEAD_END = b"\r\n\r\n"
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
        self.usable = True

    def post(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """The status and the body of the answer. Names of headers in lower case; the length is added here."""
        lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
        head = f"POST / HTTP/1.1\r\n{''.join(lines)}content-length: {len(body)}\r\n\r\n"
        self._socket.sendall(head.encode("ascii") + body)
        said, content = self._head()
        status, length = _status(said[0]), self._length(said[1:])
        if len(content) > length:  # nobody asked for more
            raise Broken("more than an answer came")
        return status, self._rest(content, length)

    def close(self) -> None:
        self._socket.close()

    def _head(self) -> tuple[list[bytes], bytes]:
        """The lines of an answer before its body, and what came of the body with them."""
        came = self._more()
        while (end := came.find(_HEAD_END)) < 0:
            if len(came) > _LONGEST_HEAD:
                raise Broken("not an answer of HTTP/1.1")
            came += self._more()
        return came[:end].split(b"\r\n"), came[end + len(_HEAD_END) :]

    def _rest(self, content: bytes, length: int) -> bytes:
        if len(content) == length:
            return content
        parts, left = [content], length - len(content)
        while left:
            parts.append(self._more(left))
            left -= len(parts[-1])
        return b"".join(parts)

    def _more(self, most: int = _AT_ONCE) -> bytes:
        came = self._socket.recv(min(most, _AT_ONCE))
        if not came:
            raise Broken("an answer was cut short")
        return came

    def _length(self, lines: list[bytes]) -> int:
        """Reads the headers. Raises Broken unless they say how long the body is."""
        length = -1
        for line in lines:
            name, _, value = line.partition(b":")
            name, value = name.lower(), value.strip()
            if name == b"content-length" and value.isdigit():
                length = int(value)
            elif name == b"connection" and value.lower() == b"close":
                self.usable = False
        if not 0 <= length <= _LONGEST:
            raise Broken("an answer without its length")
        return length


def _status(line: bytes) -> int:
    version, _, rest = line.partition(b" ")
    status = rest[:3]
    if version != b"HTTP/1.1" or not status.isdigit() or int(status) < 200:
        raise Broken("not an answer of HTTP/1.1")
    return int(status)


def _secured(opened: socket.socket, host: str) -> Any:
    """TLS by the authorities that botocore itself trusts."""
    import ssl

    from botocore.httpsession import get_cert_path

    context = ssl.create_default_context(cafile=get_cert_path(True))
    return context.wrap_socket(opened, server_hostname=host)
