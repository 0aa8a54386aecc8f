"""当场处置结案 (rule 73): what its finder put right is a ticket that is closed, with both photos and a lot for the check."""

import pytest

from chalicelib.domain.acts import answering
from chalicelib.domain.acts.closing import is_drawn_by_lot
from chalicelib.domain.acts.receiving import Report
from chalicelib.domain.errors import Invalid
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.readings import Answer, Reading
from chalicelib.domain.tickets.ticket import Outcome, Resolution, Stage
from chalicelib.domain.town.danger_signs import Danger, DangerKind
from chalicelib.domain.town.vocabulary import FOUND, FollowUpRule, Source
from tests.domain.life import FOLLOW_UP, HERE, NOW, life_town

TOWN = life_town(
    follow_up=(
        FollowUpRule(source="patrol", unit_feedback="none", station="verify", recheck_percent=40),
        *FOLLOW_UP,
    )
)


def settle(unit="PM", note="已扶正", photos=("P2",), ticket_id="01JD0000000000000000000000", **report):
    usual = {
        "id": ticket_id, "number": "MS261123-7K3QX9-4", "source": Source.PATROL, "entered_by": "grid", "where": HERE, "text": "共享单车倒了", "photos": ("P1",),
    }  # fmt: skip
    found = Report(**(usual | report))
    return answering.settle(found, unit_id=unit, photos=photos, note=note, town=TOWN, now=NOW)


def test_what_was_put_right_is_closed_by_its_finder_with_the_photos_before_and_after():
    ticket, event = settle()
    assert (ticket.stage, ticket.outcome, ticket.closed_at) == (Stage.CLOSED, Outcome.SETTLED, NOW)
    assert (ticket.received_at, ticket.lead_unit_id, ticket.taken, ticket.arrived) == (NOW, "PM", True, True)
    assert ticket.photos == ("P1",)
    assert ticket.resolution == Resolution(by="grid", unit_id="PM", at=NOW, note="已扶正", photos=("P2",))
    assert not any(clock.is_open for clock in ticket.clocks)
    assert (event.kind, event.at, event.by, event.note, event.photos) == (
        EventKind.SETTLED, NOW, "grid", "已扶正", ("P2",),
    )  # fmt: skip


def test_a_finder_without_a_unit_leaves_it_to_the_station():
    ticket, event = settle(unit="", entered_by=None)
    assert (ticket.lead_unit_id, ticket.resolution.unit_id) == (ticket.station_id, "ST")
    assert (ticket.resolution.by, event.by) == ("machine", "machine")


def test_a_share_drawn_by_lot_is_looked_at_by_somebody_else():
    drawn = [settle(ticket_id=f"T{number:02}")[0] for number in range(20)]
    assert [ticket.verify_owed for ticket in drawn] == [is_drawn_by_lot(ticket, 40) for ticket in drawn]
    assert {ticket.verify_owed for ticket in drawn} == {True, False}


def test_who_stands_there_and_put_it_right_has_answered_what_sounded_like_danger():
    case = settle(reading=Reading(danger=Danger.POSSIBLE, kinds=(DangerKind.HOLE,)))[0].danger
    assert (case.decided, case.by) == (Answer.NO, "grid")


@pytest.mark.parametrize("source", sorted(set(Source) - FOUND))
def test_what_a_resident_reported_is_not_settled_so(source):
    with pytest.raises(Invalid, match=r"^只有走访巡查发现的事可以当场处置结案") as refused:
        settle(source=source)
    assert refused.value.details["fields"] == ["source"]


def test_a_confidential_matter_is_the_station_s():
    with pytest.raises(Invalid, match=r"^这类事要由工作站处理") as refused:
        settle(text="投诉物业态度差", confidential=True)
    assert refused.value.details["fields"] == ["after"]
