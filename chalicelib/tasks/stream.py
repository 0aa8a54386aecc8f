"""Woken by the stream of the tickets table."""

from typing import Any

from chalice import Blueprint

from chalicelib import clock
from chalicelib.actions import consuming

tasks = Blueprint(__name__)


@tasks.lambda_function(name="on_ticket_event")
def on_ticket_event(event: Any, _context: object) -> Any:
    """Partial batch failures: the stream starts again at the sequence number that is answered."""
    again = consuming.consume(event["Records"], now=clock.now())
    return {"batchItemFailures": [{"itemIdentifier": again}] if again else []}
