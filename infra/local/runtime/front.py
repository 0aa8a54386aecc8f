"""ministack with the caller's own address: it takes what X-Forwarded-For claims, or one address for everybody.

API Gateway names the address that the connection comes from, and limits by address (rule 49) count on it.
"""

from typing import Any

import ministack.app as engine

CLAIMED = b"x-forwarded-for"
_inner = engine.app


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """The engine's application, told who called: a claim of the caller's own is dropped."""
    if scope["type"] == "http" and scope.get("client"):
        said = [(name, value) for name, value in scope["headers"] if name.lower() != CLAIMED]
        scope = {**scope, "headers": [*said, (CLAIMED, scope["client"][0].encode())]}
    await _inner(scope, receive, send)


if __name__ == "__main__":
    engine.app = app
    engine.main()
