"""The schedules: the sweep every minute, and what is done by night."""

from chalice import Blueprint, Cron, Rate

from chalicelib import clock
from chalicelib.actions import nightly as night
from chalicelib.actions import sweeping

tasks = Blueprint(__name__)


@tasks.schedule(Rate(1, unit=Rate.MINUTES), name="sweep")
def sweep(_event):
    sweeping.sweep(now=clock.now())


@tasks.schedule(Cron(30, 18, "*", "*", "?", "*"), name="nightly")  # UTC: 02:30 in Shanghai
def nightly(_event):
    night.run(now=clock.now())
