"""Woken by the streams of the traces and of the tickets, every five minutes."""

from typing import Any

from chalice import Blueprint

from chalicelib import clock
from chalicelib.actions.identity import sealing

tasks = Blueprint(__name__)


@tasks.lambda_function(name="keep_traces")
def keep_traces(event: Any, _context: object) -> Any:
    """A batch that fails comes again, whole."""
    return {"kept": sealing.keep(event["Records"], now=clock.now())}
