"""Ends the parts of a local cloud when their supervisor is gone, however it went: a kill -9 runs no `finally`.

A process of its own reads from a pipe whose other end the supervisor alone holds: line by line who runs, and its end when
the supervisor ends.
"""

import json
import subprocess
import sys
from collections.abc import Iterable

from infra.local.place import ROOT
from infra.local.processes import Part, kill_if


class Leash:
    """Held by the supervisor."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "infra.local.leash"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is the supervisor's; whoever ends that one must not end this with it
        )

    def hold(self, parts: Iterable[Part]) -> None:
        """These run now, and no others."""
        running = [[part.pid, part.mark] for part in parts if part.pid]
        try:
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(running).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:  # somebody killed it; the next `make run` clears up
            return

    def let_go(self) -> None:
        """Nothing runs any more, and nobody need be watched."""
        self.hold(())
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def main() -> None:
    running: list[tuple[int, str]] = []
    for line in sys.stdin:
        running = json.loads(line)
    for pid, mark in running:
        kill_if(pid, mark)


if __name__ == "__main__":
    main()
