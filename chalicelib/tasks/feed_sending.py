"""Every minute: the events of the feed go out to those who subscribe."""

from chalice import Blueprint, Rate

from chalicelib import clock
from chalicelib.actions.feed import sending

tasks = Blueprint(__name__)


@tasks.schedule(Rate(1, unit=Rate.MINUTES), name="feed")
def feed(_event: object) -> None:
    sending.send_due(now=clock.now())
