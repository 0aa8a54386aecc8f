"""The schedule of the counts."""

from chalice import Blueprint, Rate

from chalicelib import clock
from chalicelib.actions import counting

tasks = Blueprint(__name__)


@tasks.schedule(Rate(1, unit=Rate.MINUTES), name="count")
def count(_event):
    counting.count_marked(now=clock.now())
