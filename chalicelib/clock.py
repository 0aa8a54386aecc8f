"""The only reader of the wall clock."""

from datetime import datetime

from chalicelib.domain.model import SHANGHAI


def now() -> datetime:
    """This instant, aware, in Asia/Shanghai."""
    return datetime.now(SHANGHAI)
