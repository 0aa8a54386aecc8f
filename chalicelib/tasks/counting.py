"""The schedule of the counts."""

from chalice import Blueprint, Rate

from chalicelib import clock
from chalicelib.actions.figures import counting, trends

tasks = Blueprint(__name__)


@tasks.schedule(Rate(1, unit=Rate.MINUTES), name="count")
def count(_event: object) -> None:
    now = clock.now()
    trends.watch(counting.count_changed(now=now), now=now)
