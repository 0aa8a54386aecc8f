"""派给建议单位 in one tap: as triage proposed, and never to whom a ticket is kept from."""

import pytest

from chalicelib.domain.acts import supervising
from chalicelib.domain.offers.possible import possible_acts
from tests.domain.life import NOW, TOWN, person, received, taken


def quick(**about):
    ticket = received()
    suggested = ticket.suggestion.model_copy(update={"unit_id": about.pop("unit", "PM")})
    ticket = ticket.model_copy(update={"suggestion": suggested, **about})
    offers = {offer.name: offer for offer in possible_acts(ticket, person("desk-a"), TOWN, NOW)}
    return [(each.name, each.filled["unit_id"]) for each in offers["dispatch"].quick], suggested


def test_the_suggested_unit_is_one_tap_away_under_its_name():
    taps, suggested = quick()
    assert taps == [("派给盛华景苑物业", "PM")]
    assert suggested.unit_id == "PM"


@pytest.mark.parametrize("about", [{"concerns": ("PM",), "confidential": True}, {"unit": None}, {"unit": ""}])
def test_whom_it_is_about_and_nobody_are_no_tap(about):
    assert quick(**about)[0] == []


def test_an_order_is_answered_with_the_tickets_own_due_time_and_with_no_amount_of_ours():
    """Resolution in two working days here, until Wednesday 18:00; in a town of five it would say another day."""
    ticket, _ = supervising.supervise(taken(), by=person("area"), text="尽快", town=TOWN, now=NOW)
    offers = {offer.name: offer for offer in possible_acts(ticket, person("handler-a"), TOWN, NOW)}
    said = [each.name for each in offers["answer-supervision"].quick]
    assert said == ["收到，今天办结", "收到，11月25日 18:00 前办结", "已安排人员到现场"]
