"""Every minute: what is owed to partners goes out."""

from chalice import Blueprint, Rate

from chalicelib import clock
from chalicelib.actions.partners import exchanging

tasks = Blueprint(__name__)


@tasks.schedule(Rate(1, unit=Rate.MINUTES), name="exchange")
def exchange(_event: object) -> None:
    exchanging.send_due(now=clock.now())
