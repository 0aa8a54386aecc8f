"""`make stop`: end the local cloud of this folder as Ctrl-C would, and whatever a supervisor that died left running."""

import os
import signal
import sys

from infra.local import running
from infra.local.place import from_environment
from infra.local.processes import kill_if, wait_until


def main() -> int:
    found = running.find()
    if found is None:
        print("本地云没有运行，请先执行 make run")
        return 0
    pid, was_alive = found["pid"], running.is_alive(found["pid"])
    if was_alive:
        # Not SIGINT: a shell starts what it puts in the background with that signal ignored.
        os.kill(pid, signal.SIGTERM)
        if not wait_until(lambda: not running.is_alive(pid), seconds=30):
            print(
                f"进程 {pid} 没有在 30 秒内停止，可执行 kill -9 {pid}，再执行一次 make stop", file=sys.stderr
            )
            return 1
    left = [name for name, part in found["parts"].items() if kill_if(part["pid"], part["mark"])]
    if left:
        print(f"已结束遗留的进程：{'、'.join(left)}")
    elif not was_alive:
        print("本地云没有运行，请先执行 make run")
    running.forget(from_environment())
    return 0


if __name__ == "__main__":
    sys.exit(main())
