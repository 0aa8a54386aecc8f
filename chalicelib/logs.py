"""Log lines 日志: one JSON object each, with the names that Powertools for AWS Lambda gives its fields, and metrics as EMF.

Whatever a line is about, `correlation_id` says which request began it: it goes with the line of history, the delivery,
the workflow and the job (docs/decisions/0100). No line holds who somebody is or what was written: of a fault only its
kind, AWS's code and where it arose are written, for its own words may quote what was being read.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from traceback import walk_tb
from types import MappingProxyType
from typing import Any

from chalicelib.domain.model import SHANGHAI
from chalicelib.settings import runs_in_lambda, settings

SERVICE = "mslj"
OURS = ("chalicelib", SERVICE)
# What an alarm counts, here and on a town hall's own machine (infra/resources/alarms.yaml, infra/serve/beginning.py).
SIGN_IN_FAILED = "a sign-in failed"
DENIED = frozenset({"AccessDenied", "AccessDeniedException"})
_log = logging.getLogger(__name__)
_correlation: ContextVar[str] = ContextVar("correlation", default="")
_run: ContextVar[Mapping[str, str]] = ContextVar("run", default=MappingProxyType({}))


# --- what a line belongs to ---------------------------------------------------------------------------------------


def correlation_id() -> str:
    """The id of the request that began what is being done; "" outside of any."""
    return _correlation.get()


@contextmanager
def following(correlation: str) -> Iterator[None]:
    """What is done inside belongs to that request; "" leaves it to whose it was."""
    token = _correlation.set(correlation or _correlation.get())
    try:
        yield
    finally:
        _correlation.reset(token)


@contextmanager
def invoked(context: Any, correlation: str = "") -> Iterator[None]:
    """One run of a function. What nobody's request began is named by the run itself."""
    request_id = str(getattr(context, "aws_request_id", ""))
    name = str(getattr(context, "function_name", ""))
    token = _run.set({"function_name": name, "function_request_id": request_id})
    try:
        with following(correlation or request_id):
            yield
    finally:
        _run.reset(token)


# --- what a line says ---------------------------------------------------------------------------------------------


def about(**fields: Any) -> dict[str, Any]:
    """`extra` of a log call: fields of the line beside its message. Codes, ids, counts; never words or people."""
    return {"about": fields}


def measured(
    metrics: Mapping[str, float], *, by: tuple[str, ...] = (), unit: str = "Count", **fields: Any
) -> dict[str, Any]:
    """`extra` of a line that is a metric as well: CloudWatch takes `metrics` out of it, one for each value of `by`.

    `by` names fields of few values (a state, never an id): each combination is a metric of its own, 0.30 dollars a month.
    """
    return {"about": fields, "metrics": dict(metrics), "by": by, "unit": unit}


def install() -> None:
    """Where a Lambda writes, every line from now on is of this form. Elsewhere Python's own ways stay."""
    if not runs_in_lambda():
        return
    for handler in logging.getLogger().handlers:  # the runtime's own; one line, one event in CloudWatch
        handler.setFormatter(Lines())
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)


def watch_denials(client: Any) -> None:
    """A right or a key that a function lacks is counted, whoever asks and whatever becomes of it: nothing mends it alone."""
    client.meta.events.register("after-call", _note_denial)


class Lines(logging.Formatter):
    """A record as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "level": record.levelname,
            "message": _message(record),
            "location": f"{record.module}.{record.funcName}:{record.lineno}",
            "timestamp": datetime.fromtimestamp(record.created, SHANGHAI).isoformat(timespec="milliseconds"),
            "service": SERVICE,
            **_run.get(),
            "correlation_id": correlation_id(),
            **getattr(record, "about", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line |= _fault(record.exc_info[1])
        if metrics := getattr(record, "metrics", None):
            line |= _emf(record, metrics)
        return json.dumps(line, ensure_ascii=False, default=str)


def _message(record: logging.LogRecord) -> str:
    """A library's line without what it fills in: an address may hold a secret, a body what somebody wrote."""
    is_ours = record.name.split(".")[0] in OURS
    return record.getMessage() if is_ours else str(record.msg)


def _fault(fault: BaseException) -> dict[str, Any]:
    causes = [fault]
    while (before := causes[-1].__cause__ or causes[-1].__context__) and before not in causes:
        causes.append(before)
    return {
        "exception_name": type(fault).__name__,
        "exception": [f"{_kind(each)}: {' < '.join(_frames(each))}" for each in causes],
    }


def _kind(fault: BaseException) -> str:
    """What kind of fault, and where AWS refused, its code and what was asked; never its own words."""
    response = getattr(fault, "response", None)
    error = response.get("Error", {}) if isinstance(response, dict) else {}
    asked = getattr(fault, "operation_name", "")
    return " ".join(str(part) for part in (type(fault).__name__, error.get("Code"), asked) if part)


def _frames(fault: BaseException) -> list[str]:
    """Where it arose, innermost first."""
    frames = [(frame.f_code, line) for frame, line in walk_tb(fault.__traceback__)]
    return [f"{code.co_filename}:{line} {code.co_name}" for code, line in reversed(frames)]


def _emf(record: logging.LogRecord, metrics: Mapping[str, float]) -> dict[str, Any]:
    """CloudWatch's embedded metric format."""
    unit, by = getattr(record, "unit", "Count"), getattr(record, "by", ())
    counted = {
        "Namespace": f"mslj/{settings().stage}",
        "Dimensions": [list(by)],
        "Metrics": [{"Name": name, "Unit": unit} for name in metrics],
    }
    return {"_aws": {"Timestamp": int(record.created * 1000), "CloudWatchMetrics": [counted]}, **metrics}


def _note_denial(parsed: dict[str, Any], model: Any, **_: Any) -> None:
    error = parsed.get("Error", {})
    code, said = str(error.get("Code", "")), str(error.get("Message", ""))
    is_key = any(word in text for text in (code, said) for word in ("KMS", "kms:"))
    if code in DENIED or is_key:
        _log.error(
            "denied",
            extra=measured({"Denials": 1}, code=code, asked=model.name, key="yes" if is_key else "no"),
        )
