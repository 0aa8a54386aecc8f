"""`make stop`: end the local cloud of this folder as Ctrl-C would."""

import os
import signal
import sys

from infra.local import running
from infra.local.processes import wait_until


def main() -> int:
    try:
        pid = running.get()["pid"]
    except running.NotRunning as trouble:
        print(trouble)
        return 0
    os.kill(pid, signal.SIGINT)
    if wait_until(lambda: not running.is_alive(pid), seconds=30):
        return 0
    print(f"进程 {pid} 没有在 30 秒内停止，可执行 kill -9 {pid}；下次 make run 会清理", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
