"""What is stored as a model is read here, so that what a newer version of the code has written is seen as that.

While a deployment runs, or after going back from one, a document may have fields, or values of a closed word, that this
version does not know. It cannot be read without what they mean, and whoever dropped a field and saved the rest would lose
it. The newer version, which runs beside this one or comes back, can: so it is a passing fault, of a request and of a line
of history alike (docs/decisions/0139).
"""

import logging
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from chalicelib import logs
from chalicelib.domain.errors import TryAgain

_log = logging.getLogger(__name__)
_UNKNOWN = frozenset({"extra_forbidden", "enum", "literal_error"})  # pydantic's names of such faults
M = TypeVar("M", bound=BaseModel)


class WrittenByNewer(TryAgain):
    """A stored document has fields, or values of a closed word, that this version does not know, and is right otherwise."""


def read(model: type[M], document: str | bytes) -> M:
    """A model out of its JSON. Raises WrittenByNewer; ValidationError for a document that is wrong."""
    try:
        return model.model_validate_json(document)
    except ValidationError as fault:
        raise _newer(model, fault) from fault


def built(model: type[M], fields: Mapping[str, Any]) -> M:
    """A model whose fields are an item's own attributes. Raises as `read` does."""
    try:
        return model.model_validate(fields)
    except ValidationError as fault:
        raise _newer(model, fault) from fault


def _newer(model: type[BaseModel], fault: ValidationError) -> WrittenByNewer:
    faults = fault.errors(include_input=False, include_url=False)
    if any(each["type"] not in _UNKNOWN for each in faults):
        raise fault
    fields = sorted({str(each["loc"][-1]) for each in faults})
    _log.error("written by a newer version", extra=logs.about(model=model.__name__, fields=fields))
    return WrittenByNewer("系统正在更新，请过一分钟再试")
