"""留存: how long it is known who reported something (rule: a configured time after closing, a year by default)."""

from datetime import timedelta

import pytest

from chalicelib.domain.identity.retention import forget_at, forgotten, may_forget
from chalicelib.domain.tickets.ticket import ENDED, Stage
from tests.domain.clock_town import a_ticket, at

YEAR = timedelta(days=365)
CLOSED = at("2026-11-23 10:00")
DUE = at("2027-11-23 10:00")


@pytest.mark.parametrize("stage", Stage)
def test_only_what_has_ended_is_forgotten(stage):
    ticket = a_ticket(stage=stage, closed_at=CLOSED)
    assert forget_at(ticket, YEAR) == (DUE if stage in ENDED else None)


@pytest.mark.parametrize(
    ("now", "may"), [(DUE - timedelta(seconds=1), False), (DUE, True), (DUE + timedelta(seconds=1), True)]
)
def test_an_identity_is_kept_its_time_and_no_longer(now, may):
    assert may_forget(a_ticket(stage=Stage.CLOSED, closed_at=CLOSED), None, YEAR, now) is may


@pytest.mark.parametrize(
    ("stage", "closed_at", "may"),
    [
        (Stage.HANDLING, None, False),
        (Stage.CLOSED, DUE, False),
        (Stage.CLOSED, CLOSED, True),
    ],
)
def test_a_merged_ticket_is_kept_as_long_as_the_one_it_went_into(stage, closed_at, may):
    merged = a_ticket(stage=Stage.MERGED, closed_at=CLOSED, merged_into="01JD0000000000000000000001")
    into = a_ticket(id="01JD0000000000000000000001", stage=stage, closed_at=closed_at)
    assert may_forget(merged, into, YEAR, DUE) is may


def test_the_case_stays_without_its_reporter_and_is_forgotten_once():
    ticket = a_ticket(stage=Stage.CLOSED, closed_at=CLOSED, reachable="in_app")
    after, event = forgotten(ticket, now=DUE)
    assert (after.reporter_id, after.reachable, after.text) == (None, "none", ticket.text)
    assert (event.kind, event.by, event.notices) == ("identity_removed", "machine", ())
    assert forget_at(after, YEAR) is None
