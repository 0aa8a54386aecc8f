"""Which words of staff are the machine's: noted as their lines of history come (docs/indicators.md)."""

from datetime import datetime

from chalicelib.domain.figures.facts import Fact
from chalicelib.domain.tickets.same_words import are_many
from chalicelib.store.figures import same_words as store


def note(fact: Fact | None, at: datetime) -> None:
    """What the line of this instant said to meet a promise. May come twice, late, and in any order."""
    if fact is None:
        return
    met = int((at - fact.received_at).total_seconds())
    for mark in sorted({clock.words for clock in fact.clocks if clock.words and clock.met == met}):
        _note(mark, store.Said(fact.ticket_id, at, fact.day, fact.area))


def _note(mark: str, said: store.Said) -> None:
    if store.is_often(mark):
        return
    store.add(mark, said)
    known = store.list_said(mark)
    if are_many([each.at for each in known]):
        store.make_often(mark, known)
