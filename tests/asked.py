"""What the stores ask of DynamoDB, noted."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from chalicelib.store import direct


class Noting(direct.GoBetween):
    """Names every operation, in order."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def ask(self, call: direct.Call, operation: str, request: direct.Request) -> direct.Answer:
        self.names.append(operation)
        return call(operation, request)


def operations_asked(patch: pytest.MonkeyPatch) -> list[str]:
    """The operations that are asked from now on, until `patch` is undone."""
    noting = Noting()
    patch.setattr(direct, "GO_BETWEENS", [*direct.GO_BETWEENS, noting])
    return noting.names


@contextmanager
def unnoted() -> Iterator[None]:
    """What a test itself looks up is not what the product asked."""
    standing = direct.GO_BETWEENS
    direct.GO_BETWEENS = [each for each in standing if not isinstance(each, Noting)]
    try:
        yield
    finally:
        direct.GO_BETWEENS = standing
