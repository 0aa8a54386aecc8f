"""The schedules: the sweep every minute, and what is done by night."""

from datetime import date
from typing import Any

from chalice import Blueprint, Cron, Rate

from chalicelib import clock
from chalicelib.actions import nightly as actions
from chalicelib.actions import sweeping
from chalicelib.actions.figures import counting
from chalicelib.actions.identity import erasing

tasks = Blueprint(__name__)


@tasks.schedule(Rate(1, unit=Rate.MINUTES), name="sweep")
def sweep(_event: object) -> None:
    sweeping.sweep(now=clock.now())


# UTC: from 02:30 to 05:50 in Shanghai, three times an hour; a run that finds the night done ends at once.
@tasks.schedule(Cron("30/10", "18-21", "*", "*", "?", "*"), name="nightly")
def nightly(event: Any) -> dict[str, int]:
    """By night all of it; `make recount` asks for one day alone, `make restore` for what was erased since its backup."""
    if (event.detail or {}).get("erase_again"):
        return {"erased": erasing.repeat(now=clock.now())}
    if asked := (event.detail or {}).get("recount"):
        return {"were_right": counting.recount(date.fromisoformat(asked), now=clock.now())}
    return {"done": actions.run(now=clock.now())}
