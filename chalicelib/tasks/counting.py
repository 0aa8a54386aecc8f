"""The schedule of the counts."""

from chalice import Blueprint, Rate

from chalicelib import clock
from chalicelib.actions import counting, watching_trends

tasks = Blueprint(__name__)


@tasks.schedule(Rate(1, unit=Rate.MINUTES), name="count")
def count(_event):
    now = clock.now()
    watching_trends.watch(counting.count_changed(now=now), now=now)
