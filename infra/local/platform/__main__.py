"""`python -m infra.local.platform --port 4580 [--file phones.jsonl] [--callbacks URL] [--home FOLDER]`, until it is stopped."""

import argparse
import signal
import sys
from pathlib import Path

from infra.local.partner.board import Board
from infra.local.platform.server import StandIn


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=4580)
    parser.add_argument("--file", type=Path, help="where messages and consents are kept")
    parser.add_argument("--callbacks", default="", help="our API's address, ending in a slash")
    parser.add_argument("--home", type=Path, help="whose partners it plays: the folder of a local cloud")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with StandIn(chosen.port, chosen.file) as platform:
        platform.memory.partners = Board(chosen.home)
        if chosen.callbacks:
            for name in ("wechat", "wecom"):
                platform.memory.callbacks[name] = f"{chosen.callbacks}callbacks/{name}"
        print(f"手机：{platform.base}/phones", flush=True)
        signal.pause()


if __name__ == "__main__":
    main()
