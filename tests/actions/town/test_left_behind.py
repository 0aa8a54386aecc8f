"""What was given to somebody in the very seconds in which they left does not stay with them for ever."""

import pytest

from chalicelib.actions import nightly
from chalicelib.actions.town import handing_over
from chalicelib.store.tickets import tickets
from chalicelib.store.town import directory


@pytest.fixture
def left(service, monkeypatch):
    """A ticket whose handler is of the town no more, and nobody handed it over."""
    ticket_id = service.report("楼道灯坏了").body["id"]
    service.settle()
    before, handler = directory.town(), service.ticket(ticket_id).handler_id
    staff = tuple(person for person in before.staff if person.code != handler)
    duty = tuple(row for row in before.duty if handler not in (row.person, row.backup))
    after = before.model_copy(update={"staff": staff, "duty": duty})
    monkeypatch.setattr(directory, "town", lambda: after)
    monkeypatch.setattr(directory, "find_previous", lambda: before)
    return ticket_id, handler, after


def test_the_night_gives_it_to_the_head_of_the_unit_and_says_so_once(service, left):
    ticket_id, handler, town = left
    assert nightly.end_leavers(now=service.now) == 1
    ticket = service.ticket(ticket_id)
    assert ticket.handler_id != handler
    assert handing_over.held_by(handler) == []
    heads = {person.code for person in town.unit_heads(ticket.lead_unit_id)}
    assert ticket.handler_id is None or ticket.handler_id in heads
    nightly.end_leavers(now=service.now)
    kinds = [event.kind for _, event in tickets.list_events(ticket_id)]
    assert kinds.count("handed_over") == 1


def test_who_holds_nothing_leaves_nothing_behind(service, left):
    _, handler, town = left
    others = [person for person in directory.find_previous().staff if person.code != handler]
    assert sum(handing_over.left_behind(person, town=town, now=service.now) for person in others[:5]) == 0
