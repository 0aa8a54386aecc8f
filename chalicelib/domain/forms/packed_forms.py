"""A form that came back, on its way from the function that opens it to the one that reads it: JSON, compressed."""

import gzip
import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from chalicelib.domain.forms.reading import Fault, Returned, Value


def pack(form: Returned) -> bytes:
    said = {
        "cells": {name: _said(value) for name, value in form.cells.items()},
        "joined": form.joined,
        "faults": form.faults,
        "in_words": form.name_of is not str,
    }
    return gzip.compress(json.dumps(said, ensure_ascii=False).encode(), 1, mtime=0)


def unpack(content: bytes, place_in_words: Callable[[str], str]) -> Returned:
    """`place_in_words`: how a cell of a document is called, where nobody sees letters and numbers."""
    said = json.loads(gzip.decompress(content))
    return Returned(
        {name: _value(value) for name, value in said["cells"].items()},
        tuple(said["joined"]),
        tuple(Fault(*fault) for fault in said["faults"]),
        place_in_words if said["in_words"] else str,
    )


def _said(value: Value) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    return {"on": value.isoformat()} if isinstance(value, date) else value


def _value(said: Any) -> Value:
    if not isinstance(said, dict):
        known: Value = said
        return known
    return datetime.fromisoformat(said["at"]) if "at" in said else date.fromisoformat(said["on"])
