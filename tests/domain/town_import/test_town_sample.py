"""The sample town keeps the promises of the design, and its rules read the sample reports as a person would."""

import csv
from datetime import datetime, time

import pytest

from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.tickets.ticket import Where
from chalicelib.domain.town.vocabulary import Role, Source
from chalicelib.domain.understanding import triage
from tests.towns import SAMPLE, built, sample_files

TOWN, POINTS = built(sample_files())
POINT = {point.code: point for point in POINTS}
with (SAMPLE / "sample_reports.csv").open(encoding="utf-8", newline="") as _file:
    REPORTS = list(csv.DictReader(_file))


def where_of(report) -> Where:
    point = POINT.get(report["point"])
    if point is None:
        return Where(name="电话里说的地方")
    return Where(place=point.code, path=point.path, name=point.full_name, inside_wall=point.inside_wall)


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report["title"])
def test_a_sample_report_is_read_as_a_person_would(report):
    assert report["point"] in ("", *POINT)
    assert report["source"] in set(Source)
    text = f"{report['title']}\n{report['body']}"
    suggestion = triage.suggest(text, where_of(report), None, town=TOWN)
    assert (suggestion.category or "") == report["category_expected"], suggestion.reason


def test_the_sample_reports_lie_within_one_day_in_order():
    times = [time.fromisoformat(report["time"]) for report in REPORTS]
    assert times == sorted(times)
    assert len(times) >= 60


CLOCKS = [
    ("feedback", {}, "5 minutes"),
    ("feedback", {"source": "hotline_12345"}, "1 working_days"),
    ("feedback", {"source": "petition"}, "15 days"),
    ("extension", {"source": "petition"}, "30 days"),
    ("take", {"urgent": True}, "15 minutes"),
    ("take", {"facility": True}, "15 minutes"),
    ("take", {}, "2 working_hours"),
    ("response", {"facility": True}, "1 hours"),
    ("response", {"urgent": True}, "1 hours"),
    ("unit_feedback", {}, "1 working_days"),
    ("unit_feedback", {"source": "petition"}, "15 days"),
    ("resolution", {"track": "simple"}, "2 working_days"),
    ("resolution", {"track": "joint"}, "5 working_days"),
    ("resolution", {"track": "difficult"}, "15 working_days"),
    ("resolution", {"track": "difficult", "source": "petition"}, "60 days"),
    ("progress", {"track": "joint"}, "5 working_days"),
    ("supervision", {}, "3 working_days"),
    ("follow_up", {}, "2 working_days"),
    ("return", {}, "2 working_days"),
]


@pytest.mark.parametrize(("clock", "ticket", "amount"), CLOCKS)
def test_the_sample_towns_clocks_are_those_of_the_promises(clock, ticket, amount):
    asked = {
        "source": "qr",
        "category": "B01",
        "track": "simple",
        "urgent": False,
        "facility": False,
    } | ticket
    rule = TOWN.clock_rule(clock, **asked)
    assert rule is not None
    assert f"{rule.amount.count:g} {rule.amount.unit}" == amount


def test_only_urgent_and_facility_tickets_have_a_response_clock():
    asked = {"source": "qr", "category": None, "track": "simple", "urgent": False, "facility": False}
    assert TOWN.clock_rule("response", **asked) is None


@pytest.mark.parametrize("hour", range(24))
@pytest.mark.parametrize(
    "category", [category for category in TOWN.categories if category.urgent], ids=lambda c: c.name
)
def test_an_urgent_matter_finds_somebody_on_duty_at_every_hour(category, hour):
    """Category A's units have shifts around the clock, also on a Sunday."""
    now, path = datetime(2026, 11, 22, hour, 30, tzinfo=SHANGHAI), POINT["XNGY-5-1"].path
    unit = TOWN.lead_unit(category, path)
    assert unit is not None
    handler = TOWN.handler_for(unit.code, category, path, now)
    assert handler is not None
    assert TOWN.is_on_duty(handler.code, now)


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.code)
def test_every_point_has_its_grid_worker_at_night_too(point):
    now = datetime(2026, 11, 22, 3, 0, tzinfo=SHANGHAI)
    person = TOWN.on_duty(TOWN.station_for(point.path).code, Role.GRID_WORKER, now, point.path)
    assert person is not None
    assert TOWN.is_on_duty(person.code, now)
