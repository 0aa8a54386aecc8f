"""On ministack's path: what its Lambda workers need beyond what it gives them."""

import os

if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:  # a worker, not the engine itself
    import logging

    # AWS's Python runtime brings this root handler, ministack's does not.
    logging.getLogger().addHandler(logging.StreamHandler())

    rules, calls = os.environ.get("MSLJ_JUDGE", ""), os.environ.get("MSLJ_RECORD_CALLS", "")
    if rules or calls:
        import judging  # type: ignore[import-not-found]

        judging.install_in_worker(rules, calls)
