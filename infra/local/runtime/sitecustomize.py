"""On ministack's path: what its Lambda workers need beyond what it gives them."""

import importlib
import os

if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:  # a worker, not the engine itself
    import logging
    import sys
    from typing import Any, TextIO

    # AWS's Python runtime brings this root handler, ministack's does not.
    logging.getLogger().addHandler(logging.StreamHandler())

    class Reporting:
        """What the engine reads answers from. It waits 50 ms for a line on stderr before it passes one on, so there is
        one, as on AWS, where each invocation ends with a line REPORT.
        """

        def __init__(self, inner: TextIO) -> None:
            self._inner = inner

        def write(self, text: str) -> int:
            print("REPORT", file=sys.stderr, flush=True)
            return self._inner.write(text)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._inner, name)

    sys.stdout = Reporting(sys.stdout)

    # The judge hears what the function asks, and nothing of what a play looks up for itself: so the play lies under it.
    if play := os.environ.get("MSLJ_PLAY", ""):
        importlib.import_module("plays").install_in_worker(play, os.environ["MSLJ_PLAY_JOURNAL"])

    rules, calls = os.environ.get("MSLJ_JUDGE", ""), os.environ.get("MSLJ_RECORD_CALLS", "")
    if rules or calls:
        importlib.import_module("judging").install_in_worker(rules, calls)
