"""Which faults of AWS pass by themselves."""

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
