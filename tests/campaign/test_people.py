"""Those who play a campaign know every button that the product has: an act that was renamed must not fall silent there."""

import app
from campaign.people import ASKED, RESIDENTS
from chalicelib.actions.tickets.schemas import MayAct
from chalicelib.actions.views.schemas import ResidentTicket


def test_residents_know_every_button_and_question_of_their_page():
    assert set(RESIDENTS) == {*MayAct.__annotations__, *ASKED}
    assert set(ASKED) <= set(ResidentTicket.__annotations__)


def test_what_residents_tap_is_sent_where_the_product_listens():
    for act, tap in RESIDENTS.items():
        assert "POST" in app.app.routes.get(f"/api/tickets/{{ticket_id}}/{tap.path}", {}), act
