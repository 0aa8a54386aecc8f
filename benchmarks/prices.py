"""List prices in US dollars, us-east-1, and what a bill adds up to.

Reference figures, not read from AWS: no price list is reachable from where this was written. `source` says for each where it
comes from and of when. China (Beijing, Ningxia) has its own list in yuan, of which no copy was found (2026-11-29): the
amounts of a thousand lives, which the results state, times that list is the bill there.
"""

from collections.abc import Mapping
from typing import NamedTuple

MEMORY_GB = {"api": 1.0, "photos": 1.73}  # .chalice/config.json; every other function has 0.5
REQUEST_SECONDS = 0.010  # assumed for an AWS request as a Lambda waits for it
PHOTO_SECONDS = 1.0  # assumed for one photo, stripped and made small
LOG_BYTES = 1000  # a run: Lambda's own three lines and one or two of ours
MEMORY = "from memory, 2026-11"


class Price(NamedTuple):
    dollars: float
    unit: str
    source: str


PRICES = {
    "DynamoDB writes": Price(
        0.625e-6,
        "write request unit, on demand",
        "airbyte.com/data-engineering-resources/dynamodb-pricing (2025-07)",
    ),
    "DynamoDB reads": Price(0.125e-6, "read request unit, on demand", "the same (2025-07)"),
    "Step Functions transitions": Price(
        25e-6, "state transition, standard", "aws.amazon.com/step-functions/pricing, a stored copy, undated"
    ),
    "API Gateway requests": Price(
        3.5e-6,
        "REST request, first 333 million",
        "docs.aws.amazon.com, whitepaper on private API integration, table 4; api-evangelist/aws-api-gateway (2026-05)",
    ),
    "Lambda requests": Price(
        0.2e-6, "invocation", "api-evangelist/aws-lambda, from aws.amazon.com/lambda/pricing (2026-09-20)"
    ),
    "Lambda GB-seconds": Price(
        16.6667e-6,
        "GB-second, x86",
        "aws.amazon.com/cn/lambda/pricing, worked example, a stored copy, undated",
    ),
    "SQS requests": Price(
        0.4e-6, "standard request", "adhdecode-articles-4.pages.dev/articles/sqs, undated; as remembered"
    ),
    "S3 writes": Price(5e-6, "PUT, POST", MEMORY),
    "S3 reads": Price(0.4e-6, "GET", MEMORY),
    "logs, GB": Price(
        0.5,
        "GB taken in by CloudWatch Logs",
        "factualminds.com/blog/amazon-cloudwatch-pricing-metrics-logs-alarms-dashboards, undated",
    ),
}

# What a town pays a month even when nobody reports anything.
FIXED = {
    "the KMS key of the identities table": (1.0, MEMORY),
    "alarms over 41 metrics, each 0.10": (4.10, MEMORY),
    "some nineteen metrics of our own, each 0.30 while it is written": (
        19 * 0.30,
        "signoz.io/guides/cloudwatch-pricing (2026-02)",
    ),
    "a dashboard": (3.00, "factualminds.com, as above"),
    "sweep: 43,200 runs of 0.5 GB for 0.3 s, 24 reads each": (
        43_200 * (0.2e-6 + 0.15 * 16.6667e-6 + 24 * 0.5 * 0.125e-6),
        "the prices above",
    ),
    "count and exchange: 43,200 runs each of 0.5 GB for 0.1 s, 3 reads each": (
        2 * 43_200 * (0.2e-6 + 0.05 * 16.6667e-6 + 3 * 0.5 * 0.125e-6),
        "the prices above",
    ),
    "feed: 43,200 runs of 0.5 GB for 0.1 s, and for each of two subscribers a query": (
        43_200 * (0.2e-6 + 0.05 * 16.6667e-6 + 3 * 0.5 * 0.125e-6),
        "the prices above",
    ),
    "SQS polling by three event sources, five pollers each, with 20 s waits": (
        3 * 5 * 3 * 43_200 * 0.4e-6,
        "the prices above",
    ),
    "option: NAT gateway for `send` in a VPC (fixed egress address)": (32.85, MEMORY + ", 0.045 an hour"),
}


class Bill:
    def __init__(self) -> None:
        self.amounts: dict[str, float] = {}

    def add(self, name: str, amount: float) -> None:
        """So many units of what PRICES names."""
        self.amounts[name] = self.amounts.get(name, 0.0) + amount

    @property
    def dollars(self) -> float:
        return sum(dollars for _, dollars in self.parts())

    def parts(self) -> list[tuple[str, float]]:
        """Each item's dollars, the largest first."""
        parts = [(name, amount * PRICES[name].dollars) for name, amount in self.amounts.items()]
        return sorted(parts, key=lambda part: -part[1])


def gb_seconds(cpu: Mapping[str, float], requests: int, photos: int) -> float:
    """Memory times duration: the CPU seconds by function as measured here, and the waiting for `requests` requests."""
    working = sum(seconds * MEMORY_GB.get(name, 0.5) for name, seconds in cpu.items())
    return (
        working + requests * REQUEST_SECONDS * MEMORY_GB["api"] + photos * PHOTO_SECONDS * MEMORY_GB["photos"]
    )
