"""Doors between a port of this machine and a socket file: what lives in a network of its own reaches others by files alone.

`python -m infra.serve.door` opens the tables to the vault (run/tables.sock). Bytes pass as they are, both ways.
"""

import contextlib
import os
import socket
import threading
from pathlib import Path

from infra.serve.home import Home, NotReady, from_environment
from infra.serve.lock import only_one

BUFFER = 65_536


def socket_file(home: Home, name: str) -> Path:
    return home.folder / "run" / f"{name}.sock"


def open_file(file: Path) -> socket.socket:
    """Listens there, in the place of whoever did before; for the service's own user and group."""
    file.parent.mkdir(exist_ok=True, mode=0o750)
    file.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX)
    before = os.umask(0o117)
    try:
        listening.bind(str(file))
    finally:
        os.umask(before)
    listening.listen(64)
    return listening


def open_port(port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    listening.listen(64)
    return listening


def to_port(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=5)


def to_file(file: Path) -> socket.socket:
    made = socket.socket(socket.AF_UNIX)
    made.settimeout(5)
    made.connect(str(file))
    return made


def pass_on(listening: socket.socket, reach: object) -> None:
    """For ever: whoever comes is led to where `reach` connects."""
    while True:
        came, _ = listening.accept()
        threading.Thread(target=_lead, args=(came, reach), daemon=True).start()


def _lead(came: socket.socket, reach: object) -> None:
    assert callable(reach)
    try:
        there = reach()
    except OSError:
        came.close()
        return
    there.settimeout(None)
    back = threading.Thread(target=_pour, args=(there, came), daemon=True)
    back.start()
    _pour(came, there)
    back.join()
    came.close()
    there.close()


def _pour(source: socket.socket, into: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(BUFFER):
            into.sendall(data)
    with contextlib.suppress(OSError):
        into.shutdown(socket.SHUT_WR)


def main() -> int:
    try:
        home = from_environment()
        with only_one(home, "door"):
            pass_on(open_file(socket_file(home, "tables")), lambda: to_port(home.db_port))
    except NotReady as trouble:
        print(trouble, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
