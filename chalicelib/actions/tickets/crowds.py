"""Crowds that an act left on their way, because it ended between two of its transactions: the sweep goes on with them."""

import logging
from datetime import datetime

from chalicelib import logs
from chalicelib.actions.tickets import joining
from chalicelib.domain.errors import NotFound
from chalicelib.store.tickets import crowds, tickets
from chalicelib.store.tickets.crowds import Crowd
from chalicelib.store.town import directory

_log = logging.getLogger(__name__)


def finish_left(*, now: datetime) -> int:
    """Everybody where they belong, ticket by ticket; one that fails holds up no other. Answers how many there were."""
    left = crowds.list_left(now)
    for crowd in left:
        try:
            _finish(crowd, now)
        except Exception:
            _log.exception("the crowd of ticket %s could not be moved", crowd.ticket_id)
    return len(left)


def _finish(crowd: Crowd, now: datetime) -> None:
    try:
        if crowd.apart:
            tickets.part_the_rest(crowd, town=directory.town(), now=now)
        else:
            joining.finish(crowd, now=now)
    except NotFound:  # a case that was removed meanwhile: nobody is left
        crowds.arrived(crowd)
    _log.warning("crowd moved", extra=logs.about(ticket=crowd.ticket_id))
