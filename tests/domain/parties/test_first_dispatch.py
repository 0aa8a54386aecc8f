"""首派: in what ways the first dispatch did not hold, each once."""

import pytest

from chalicelib.domain.parties.first_dispatch import ADDED, CORRECTED, RETURNED, TRANSFERRED, followed
from chalicelib.domain.tickets.ticket import Assisting
from tests.domain.life import received, taken

FIRST = followed(received(), taken())
RETURN = {"returns": 1, "lead_unit_id": None}


def after(ticket, **changes):
    return followed(ticket, ticket.model_copy(update=changes))


def test_the_first_unit_stays_the_first_whoever_has_it_later():
    assert FIRST.first_unit_id == "OFF"
    assert followed(None, received()).first_unit_id is None
    assert after(FIRST, lead_unit_id="PM").first_unit_id == "OFF"


@pytest.mark.parametrize(
    ("changes", "way"),
    [
        (RETURN, RETURNED),
        ({"lead_unit_id": "PM"}, TRANSFERRED),
        ({"assisting": (Assisting(unit_id="TRA"),)}, ADDED),
        ({"category": "HORN"}, CORRECTED),
    ],
)
def test_each_way_in_which_it_did_not_hold_is_kept_once(changes, way):
    once = after(FIRST, **changes)
    assert once.redirected == (way,)
    twice = after(once, returns=once.returns + 1, category="ASK")
    assert sorted(twice.redirected) == sorted({way, RETURNED, CORRECTED})


def test_who_gets_it_after_a_return_is_no_transfer_as_well():
    assert after(after(FIRST, **RETURN), lead_unit_id="PM").redirected == (RETURNED,)


@pytest.mark.parametrize("changes", [{"handler_id": "handler-b"}, {"lead_unit_id": None}, {}])
def test_handed_on_within_the_unit_is_no_redirection(changes):
    assert after(FIRST, **changes).redirected == ()


def test_another_category_before_anybody_had_it_is_none():
    assert after(received(), category="HORN").redirected == ()
