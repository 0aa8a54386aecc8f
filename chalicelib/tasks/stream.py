"""Woken by the stream of the tickets table."""

from chalice import Blueprint

from chalicelib import clock
from chalicelib.actions import consuming

tasks = Blueprint(__name__)


@tasks.lambda_function(name="on_ticket_event")
def on_ticket_event(event, _context):
    """Partial batch failures: the stream starts again at the sequence number that is answered."""
    again = consuming.consume(event["Records"], now=clock.now())
    return {"batchItemFailures": [{"itemIdentifier": again}] if again else []}
