"""By night it shows when the stream gave up a line: nobody else looks for what was never told."""

import logging
from datetime import timedelta

import pytest

from chalicelib.actions import nightly
from chalicelib.actions.figures import untold
from chalicelib.store.tickets import tickets


def night(service):
    return untold.watch(now=service.now)


@pytest.mark.parametrize(("minutes", "found"), [(30, 0), (31, 1)])
def test_a_report_that_nobody_was_told_of_is_found_and_one_on_its_way_is_not(service, minutes, found):
    service.report("楼道灯坏了")
    service.later(minutes=minutes)
    assert night(service) == found


def test_a_later_line_that_was_not_told_is_found_by_its_own_instant(service, caplog):
    ticket_id = service.report("楼道灯坏了").body["id"]
    service.settle()
    service.later(hours=1)
    handler = service.ticket(ticket_id).handler_id
    service.staff_act(ticket_id, "take", handler)
    took_at = tickets.list_events(ticket_id)[-1][1].at
    service.later(hours=1)
    with caplog.at_level(logging.ERROR):
        assert night(service) == 1
    said = caplog.records[-1]
    assert (said.getMessage(), said.about) == ("untold line", {"tickets": 1, "since": took_at.isoformat()})
    service.settle()
    assert night(service) == 0


def test_what_was_told_is_not_found_whatever_became_of_it(service):
    ticket_id = service.report("想问问哪里办居住证").body["id"]
    service.settle()
    service.desk_act(ticket_id, "answer", "gglw-fc1", text="带身份证到受理中心办理")
    service.settle()
    service.later(hours=20)
    assert night(service) == 0


def test_the_night_looks_before_it_counts_yesterday_anew(service, caplog):
    """Counting makes every fact anew, and the next look would find nothing."""
    service.report("楼道灯坏了")
    service.now = service.now.replace(hour=2, minute=30) + timedelta(days=1)
    with caplog.at_level(logging.ERROR):
        nightly.run(now=service.now)
    assert any("untold line" in record.getMessage() for record in caplog.records)
