"""Which faults of AWS pass by themselves, and how long a conflict takes."""

import random

_PASSING_CODES = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "ThrottlingError",
        "RequestLimitExceeded",
        "TransactionConflictException",
        "TransactionInProgressException",
        "InternalServerError",
        "ServiceUnavailable",
        "TooManyRequestsException",
        "503",
        "500",
    }
)


def is_passing(fault: Exception) -> bool:
    """Whether trying again later may help: throttling, a conflict, a service that does not answer."""
    from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

    if isinstance(fault, ClientError):
        return fault.response.get("Error", {}).get("Code") in _PASSING_CODES
    return isinstance(fault, (ConnectionError, HTTPClientError))


def conflict_pause(attempt: int) -> float:
    """Seconds until another's transaction is over, not the same for two who wait for it."""
    return random.uniform(0.01, 0.03) * attempt
