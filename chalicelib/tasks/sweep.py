"""The schedules: the sweep every minute, and what is done by night."""

from datetime import date

from chalice import Blueprint, Cron, Rate

from chalicelib import clock
from chalicelib.actions import nightly as night
from chalicelib.actions import sweeping
from chalicelib.actions.figures import counting

tasks = Blueprint(__name__)


@tasks.schedule(Rate(1, unit=Rate.MINUTES), name="sweep")
def sweep(_event):
    sweeping.sweep(now=clock.now())


@tasks.schedule(Cron(30, 18, "*", "*", "?", "*"), name="nightly")  # UTC: 02:30 in Shanghai
def nightly(event):
    """By night all of it; `make recount` asks for one day alone."""
    if asked := (event.detail or {}).get("recount"):
        return {"were_right": counting.recount(date.fromisoformat(asked), now=clock.now())}
    night.run(now=clock.now())
    return None
