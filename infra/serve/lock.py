"""One process of a kind for a folder. The lock is the kernel's: it goes with its process, however that ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from infra.serve.home import Home, NotReady


@contextmanager
def only_one(home: Home, what: str) -> Iterator[None]:
    """Raises NotReady while another one lives."""
    folder = home.folder / "locks"
    folder.mkdir(exist_ok=True, mode=0o700)
    with (folder / what).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise NotReady(
                f"{home.folder} 的 {what} 已经在运行，请先停止（make serve-stop FOLDER={home.folder}）"
            ) from None
        yield


def is_held(home: Home, what: str) -> bool:
    """Whether one lives now. Makes no file: who asks may be another user."""
    file = home.folder / "locks" / what
    if not file.exists():
        return False
    with file.open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
