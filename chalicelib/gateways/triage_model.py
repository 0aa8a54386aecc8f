"""The model that comes with the deployment: chalicelib/data/triage.model, written by `make train`."""

import logging
from functools import cache
from pathlib import Path

from chalicelib import logs
from chalicelib.domain.understanding.model_file import Unusable, load
from chalicelib.domain.understanding.text_model import TextModel

FILE = Path(__file__).parents[1] / "data" / "triage.model"
_log = logging.getLogger(__name__)


DANGER_FILE = FILE.with_name("danger.model")


@cache
def danger() -> TextModel | None:
    """The model that hears danger, likewise. None: the town's signs go on alone."""
    return _loaded(DANGER_FILE)


@cache
def misconduct() -> TextModel | None:
    """The model that hears misconduct, likewise. None: the town's words go on alone."""
    return _loaded(FILE.with_name("misconduct.model"))


@cache
def current() -> TextModel | None:
    """The model, read once a process. None when none can be used: the rules go on alone, and an alarm counts this line."""
    return _loaded(FILE)


@cache
def meanings() -> TextModel | None:
    """What words mean, likewise. None: reports meet by topics and letters alone."""
    return _loaded(FILE.with_name("meaning.model"))


def _loaded(file: Path) -> TextModel | None:
    try:
        return load(file.read_bytes())
    except (OSError, Unusable) as fault:
        _log.error("model unusable", extra=logs.about(fault=str(fault)))
        return None
