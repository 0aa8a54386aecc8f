"""失效: what was done in an emergency without a second person's yes is undone after twelve hours, or at a no (rule 93)."""

from datetime import datetime

from chalicelib.actions.identity import confirming
from chalicelib.actions.partners import registering
from chalicelib.domain.identity import confirmations as rules
from chalicelib.domain.identity.confirmations import Confirmation, Kind
from chalicelib.store.identity import sessions
from chalicelib.store.town import directory


def sweep(*, now: datetime) -> int:
    """Every minute. Answers how many were undone; one that dies on the way is undone again by the next."""
    over = [each for each in confirming.emergencies(now) if rules.lapses(each, now)]
    for asked in over:
        if asked.kind is Kind.TOWN:
            _town_before(asked, now)
        else:
            registering.lapse(asked.undo)
        confirming.lapsed(asked, now)
    return len(over)


def _town_before(asked: Confirmation, now: datetime) -> None:
    """The town before that import is in force again; whoever gained by it is signed out.

    What still stands with somebody who is gone by that goes to the head of the unit by night, as after every import.
    """
    pointer = directory.find_pointer()
    if pointer is not None and pointer.asked == asked.id:
        back = pointer.model_copy(
            update={
                "version": pointer.previous,
                "previous": pointer.version,
                "digest": "",
                "imported_at": now,
                "imported_by": "machine",
                "asked": "",
            }
        )
        directory.switch(back, before=pointer)
    for code in asked.gains:
        sessions.end_all(code)
