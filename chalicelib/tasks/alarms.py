"""Woken by the topic of the deployment's alarms (infra/resources/alarms.yaml)."""

from typing import Any

from chalice import Blueprint

from chalicelib.actions.notices import operators

tasks = Blueprint(__name__)


@tasks.lambda_function(name="tell_alarm")
def tell_alarm(event: Any, _context: object) -> Any:
    """A robot that cannot be reached raises, and Lambda calls again twice."""
    for record in event["Records"]:
        operators.tell(record["Sns"]["Message"])
