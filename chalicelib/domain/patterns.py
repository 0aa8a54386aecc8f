"""Regular expressions that are compiled when they are first asked, not when their module is imported.

Most of the service's patterns are for what somebody wrote; a fresh process that shows a point needs none of them, and
compiling them all was a fifth of its start.
"""

import re
from typing import Any, AnyStr, cast


def regex(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As re.compile, later. A text that is no pattern raises re.error at its first use: a test uses them all."""
    return cast("re.Pattern[AnyStr]", _Uncompiled(text, flags))


class _Uncompiled:
    """In the place of a pattern, and with everything that a pattern has."""

    def __init__(self, text: str | bytes, flags: int) -> None:
        self.pattern = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        """Asked for what is not here yet: the compiled pattern's own, which is kept and costs nothing more."""
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(re.compile(self.pattern, self._flags), name)  # re itself keeps what it compiled
        setattr(self, name, found)
        return found
