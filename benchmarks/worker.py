"""One worker of the load benchmark: `python -m benchmarks.worker PORT` serves the app by Chalice's own local server."""

import random
import sys
from functools import partial
from typing import Any
from unittest import mock

from chalice.config import Config
from chalice.local import (
    ChaliceRequestHandler,
    CustomLocalChalice,
    LambdaEventConverter,
    LocalChalice,
    LocalDevServer,
)

from benchmarks.stand import SECRETS, Reveal
from chalicelib.gateways import reveal, secrets


class Handler(ChaliceRequestHandler):
    # It writes head and body apart; else each answer waits 40 ms for the client's ACK
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        return


def _some_address(_converter: LambdaEventConverter) -> str:
    """Reports come from many addresses; else the limit per address would end the benchmark."""
    return f"10.{random.randrange(256)}.{random.randrange(256)}.{random.randrange(256)}"


def main(port: int) -> None:
    import app

    # as `chalice local` does it: the current request is each thread's own
    CustomLocalChalice.__bases__ = (LocalChalice, app.app.__class__)
    app.app.__class__ = CustomLocalChalice
    converter: Any = LambdaEventConverter  # whose constant becomes an address a request
    converter.LOCAL_SOURCE_IP = property(_some_address)
    with (
        mock.patch.object(secrets, "_held", SECRETS.get),
        mock.patch.object(reveal, "client", return_value=Reveal()),
    ):
        server = LocalDevServer(app.app, Config(), "127.0.0.1", port, handler_cls=partial(Handler))
        server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]))
