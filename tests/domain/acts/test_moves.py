"""The end of every act: only a line with which a ticket begins has nothing before it."""

import pytest

from chalicelib.domain.acts.moves import changed
from chalicelib.domain.tickets.event_kinds import BEGINS, EventKind
from chalicelib.domain.tickets.ticket import Event
from tests.domain.life import NOW, TOWN, taken


def end(kind, before):
    ticket = taken()
    return changed(
        ticket, Event(kind=kind, at=NOW, by="desk-a"), before=ticket if before else None, town=TOWN
    )


@pytest.mark.parametrize("kind", EventKind)
def test_an_act_says_what_the_ticket_was_and_what_begins_one_cannot(kind):
    with pytest.raises(ValueError, match="the ticket as it was goes along"):
        end(kind, before=kind in BEGINS)


@pytest.mark.parametrize("kind", sorted(BEGINS))
def test_a_ticket_begins_with_nothing_before_it(kind):
    assert end(kind, before=False)
