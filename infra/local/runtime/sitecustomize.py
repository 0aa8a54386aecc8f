"""On ministack's path: gives its Lambda workers the root log handler that AWS's Python runtime has and theirs has not."""

import os

if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:  # a worker, not the engine itself
    import logging

    logging.getLogger().addHandler(logging.StreamHandler())
