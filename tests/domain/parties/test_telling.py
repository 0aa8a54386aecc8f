"""What every notice carries, and what of it is for staff alone."""

import pytest

from chalicelib.domain.parties.telling import tell
from chalicelib.domain.tickets.ticket import Level, PartOf
from tests.domain.life import TOWN, dispatched, received

STAFF, RESIDENT = "staff:pm", "reporter"


def said(ticket, to=RESIDENT, **about):
    return tell(to, "progress", ticket, town=TOWN, **about)


def test_before_a_unit_has_it_the_station_is_named():
    assert said(received()).params["unit"] == "关港蓝湾工作站"
    assert said(dispatched(unit="PM", handler="pm")).params["unit"] == "盛华景苑物业"


def test_what_nobody_classified_says_so():
    assert said(received()).params["category"] == "未分类"
    assert said(received("楼道灯不亮")).params["category"] == "楼道照明"


def test_a_resident_knows_the_one_number_of_the_report_and_which_matter_it_is_staff_the_tickets_own():
    whole = PartOf(id="W", number="MS1")
    part = received().model_copy(update={"part_of": whole, "title": "楼道灯"})
    assert (said(part).params["number"], said(part).params["place"]) == ("MS1", "盛华景苑（楼道灯）")
    to_staff = said(part, STAFF).params
    assert (to_staff["number"], to_staff["place"]) == (part.number, "盛华景苑")


def test_only_staff_read_what_it_is_about_on_a_phone():
    told = dispatched().model_copy(update={"summary": "楼道灯不亮"})
    assert said(told, STAFF).params["summary"] == "楼道灯不亮"
    assert said(told).params["summary"] == ""


@pytest.mark.parametrize(
    ("level", "urgent", "loud"),
    [
        (Level.PUSH, False, Level.PUSH),
        (Level.PUSH, True, Level.RING),
        (Level.INBOX, True, Level.INBOX),  # what was meant for the inbox rings nobody
        (Level.DAILY, True, Level.DAILY),
    ],
)
def test_what_is_pushed_of_an_urgent_ticket_rings(level, urgent, loud):
    assert said(received().model_copy(update={"urgent": urgent}), level=level).level is loud
