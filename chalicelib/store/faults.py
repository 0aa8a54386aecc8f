"""Which faults of AWS pass by themselves, and how long a conflict takes."""

import random
from typing import Any

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
CONFLICT = "TransactionConflictException"
CONFLICT_ATTEMPTS = 5


def code_of(fault: Exception) -> str:
    """AWS's word for what went wrong; "" for a fault that is not AWS's."""
    return str(getattr(fault, "response", {}).get("Error", {}).get("Code", ""))


def is_passing(fault: Exception) -> bool:
    """Whether trying again later may help: throttling, a conflict, a service that does not answer."""
    from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

    if isinstance(fault, ClientError):
        return code_of(fault) in _PASSING_CODES
    return isinstance(fault, (ConnectionError, HTTPClientError))


def conflict_pause(attempt: int) -> float:
    """Seconds until another's transaction is over, not the same for two who wait for it."""
    return random.uniform(0.01, 0.03) * attempt


def ask_again_after_conflict(response: Any, attempts: int, **_: Any) -> float | None:
    """Seconds to wait when a single write met a transaction; botocore, whose event this hears, would give it back at once."""
    code = response[1].get("Error", {}).get("Code") if response else None
    return conflict_pause(attempts) if code == CONFLICT and attempts < CONFLICT_ATTEMPTS else None
