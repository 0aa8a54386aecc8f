"""What a newer version of the code has written, met by this one while a deployment runs, or after going back from one.

It cannot be read without what it means, and whoever dropped a field and saved the rest would lose it. The newer version,
which runs beside this one or comes back, can: so it is a passing fault, of a request and of a line of history alike.
"""

import logging
from typing import TypeVar

from pydantic import ValidationError

from chalicelib import logs
from chalicelib.domain.errors import TryAgain
from chalicelib.domain.model import Frozen

_log = logging.getLogger(__name__)
M = TypeVar("M", bound=Frozen)


class WrittenByNewer(TryAgain):
    """A stored document has fields that this version does not know, and is right otherwise."""


def read(model: type[M], document: str) -> M:
    """Raises WrittenByNewer; ValidationError for a document that is wrong."""
    try:
        return model.model_validate_json(document)
    except ValidationError as fault:
        faults = fault.errors(include_input=False, include_url=False)
        if any(each["type"] != "extra_forbidden" for each in faults):
            raise
        fields = sorted({str(each["loc"][-1]) for each in faults})
    _log.error("written by a newer version", extra=logs.about(model=model.__name__, fields=fields))
    raise WrittenByNewer("系统正在更新，请过一分钟再试")
