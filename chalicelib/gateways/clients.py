"""AWS clients of the gateways, one per service and process."""

from functools import cache
from importlib import import_module
from typing import Any

from chalicelib import logs
from chalicelib.settings import services

# Seconds. A Lambda lives 30 s or more; a service that hangs must leave time to try once again.
CONNECT_TIMEOUT = 2
READ_TIMEOUT = 10
# Another function may have to start first; asking twice would make it start, and audit, twice.
INVOKE_TIMEOUT = 25
ATTEMPTS = 4


@cache
def client(service: str, endpoint: str = "") -> Any:
    """A client of `service`, e.g. "sqs". `endpoint` only where a deployment names one, else botocore's own rules."""
    if in_its_place := services():
        return import_module(in_its_place).client(service)

    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=CONNECT_TIMEOUT,
        read_timeout=INVOKE_TIMEOUT if service == "lambda" else READ_TIMEOUT,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        signature_version="s3v4" if service == "s3" else None,
        # The bucket's own host in its region. The one without a region answers a redirect, which a browser's upload does
        # not survive: for hours after the bucket was made, and in Hong Kong for good. (An engine's address stays as it is.)
        s3={"addressing_style": "virtual"} if service == "s3" else None,
    )
    made = boto3.client(service, config=config, endpoint_url=endpoint or None)
    logs.watch_denials(made)
    return made
