"""Walks and what is found on them: who may begin where, what a finding needs, and what is settled on the spot."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.acts import reworking
from chalicelib.domain.acts.answering import settle
from chalicelib.domain.acts.receiving import Report
from chalicelib.domain.errors import Invalid, NotAllowed, TooLate
from chalicelib.domain.figures.counts import count_day
from chalicelib.domain.figures.facts import fact_of
from chalicelib.domain.figures.indicators import indicators_of
from chalicelib.domain.model import SHANGHAI
from chalicelib.domain.tickets.ticket import Stage, Where
from chalicelib.domain.town.visit_plans import VisitPlan
from chalicelib.domain.town.vocabulary import Role, Source
from chalicelib.domain.town.walk_lists import text_of
from chalicelib.domain.visits.walks import (
    LONGEST,
    Found,
    Walk,
    Walker,
    begin,
    check_found,
    check_shop,
    is_open,
    need_open,
)
from tests.towns import built, sample_files

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
TOWN, POINTS = built(sample_files())
GRID_WORKER = Walker(
    code="gglw-gw1", name="网格员甲", roles=(Role.GRID_WORKER,), owner="gglw-gw1", unit="ST-GGLW"
)
VOLUNTEER = Walker(code="volunteer.1", name="志愿者", roles=(Role.VOLUNTEER,), owner="r1", area="GGLW")
HERE = next(point for point in POINTS if point.code == "SHJY-4-1")
AT = Where(place=HERE.code, path=HERE.path, name=HERE.full_name, point_code="ABCDEFG")
ELSEWHERE = next(point for point in POINTS if point.code == "XNGY-1-1")
AWAY = Where(place=ELSEWHERE.code, path=ELSEWHERE.path, name=ELSEWHERE.full_name)
PLAN = VisitPlan(
    code="p", name="四百大走访", source="visit", role="grid_worker", places=("SHJY",), each="building"
)


def test_a_walk_begins_where_a_point_of_its_plan_was_scanned():
    walk = begin("w" * 16, PLAN, at=AT, by=GRID_WORKER, now=NOW)
    assert (walk.who, walk.source, walk.plan, walk.place) == ("gglw-gw1", "visit", "p", "SHJY-4-1")


@pytest.mark.parametrize(("by", "source"), [(GRID_WORKER, "patrol"), (VOLUNTEER, "volunteer")])
def test_without_a_plan_staff_patrol_and_volunteers_volunteer(by, source):
    assert begin("w" * 16, None, at=AT, by=by, now=NOW).source == source


@pytest.mark.parametrize(
    ("plan", "at", "by", "refusal"),
    [
        (PLAN, AWAY, GRID_WORKER, Invalid),
        (PLAN, AT, VOLUNTEER, NotAllowed),
        (None, AWAY, VOLUNTEER, Invalid),
    ],
)
def test_a_walk_outside_its_plan_or_of_another_role_does_not_begin(plan, at, by, refusal):
    with pytest.raises(refusal):
        begin("w" * 16, plan, at=at, by=by, now=NOW)


OUTSIDE = "这个点位不在“四百大走访”的范围里，请到计划里的地点扫码，或不选计划"
FIELDS = {
    (PLAN, AWAY, GRID_WORKER): (OUTSIDE, ["point"]),
    (None, AWAY, VOLUNTEER): ("这个点位不在您登记的片区，请在本片区巡察", ["point"]),
}


@pytest.mark.parametrize(("given_", "said"), FIELDS.items(), ids=["of a plan", "of a volunteer"])
def test_who_stands_outside_reads_where_to_scan_at_the_point(given_, said):
    plan, at, by = given_
    with pytest.raises(Invalid) as refused:
        begin("w" * 16, plan, at=at, by=by, now=NOW)
    assert (refused.value.message, refused.value.details["fields"]) == said


def test_a_walk_without_a_plan_names_none():
    assert begin("w" * 16, None, at=AT, by=GRID_WORKER, now=NOW).plan == ""


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Found(point="P", in_order=True, shop="gone"), "这个点位没有这家商户，请刷新后重选"),
        (Found(point="P", in_order=True, shop_name="新店"), "请先选是哪一家商户"),
    ],
)
def test_what_is_said_of_no_shop_of_this_point_is_refused_in_words_that_help(found, said):
    with pytest.raises(Invalid) as refused:
        check_shop(found, None, HERE.path)
    assert (refused.value.message, refused.value.details["fields"]) == (said, ["shop"])


def test_what_was_settled_wants_a_picture_taken_afterwards_and_says_so():
    with pytest.raises(Invalid) as refused:
        check_found(*FAULTY["settled without a photo after"][:2])
    assert refused.value.message == "当场处置好的，请再拍一张处置后的照片"


@pytest.mark.parametrize(
    ("after", "open_"),
    [(timedelta(0), True), (LONGEST, True), (LONGEST + timedelta(milliseconds=1), False)],
)
def test_a_walk_that_nobody_ended_is_over_after_twelve_hours(after, open_):
    walk = begin("w" * 16, None, at=AT, by=GRID_WORKER, now=NOW)
    assert is_open(walk, NOW + after) is open_


def test_what_has_ended_takes_no_finding():
    walk = Walk(id="w", who="x", source="patrol", place="p", started_at=NOW, ended_at=NOW)
    with pytest.raises(TooLate):
        need_open(walk, NOW)


ASH = TOWN.find_hazard("ash")
SOUND = {
    "in order": (Found(point="P", in_order=True), None),
    "by the checklist": (Found(point="P", hazard="ash", photos=("a",)), ASH),
    "in words": (Found(point="P", text="灯坏", photos=("a",)), None),
    "settled": (Found(point="P", hazard="ash", photos=("a",), after=("b",), how="已清扫"), ASH),
}
FAULTY = {
    "in order and a hazard": (Found(point="P", in_order=True, hazard="ash"), ASH, "in_order"),
    "in order, with words": (Found(point="P", in_order=True, text="都好"), None, "in_order"),
    "in order, with a photo": (Found(point="P", in_order=True, photos=("a",)), None, "in_order"),
    "in order and settled": (Found(point="P", in_order=True, how="已清扫"), None, "in_order"),
    "an unknown hazard": (Found(point="P", hazard="x", photos=("a",)), None, "hazard"),
    "neither words nor hazard": (Found(point="P", text="灯", photos=("a",)), None, "text"),
    "no photo": (Found(point="P", hazard="ash"), ASH, "photos"),
    "settled without a photo after": (Found(point="P", hazard="ash", photos=("a",), how="已清扫"), ASH, "after"),
    "settled without how": (Found(point="P", hazard="ash", photos=("a",), after=("b",), how="扫"), ASH, "how"),
    "settled by one photo": (
        Found(point="P", hazard="ash", photos=("a",), after=("a",), how="已清扫"), ASH, "after",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", SOUND)
def test_what_a_finding_needs_is_enough(case):
    assert check_found(*SOUND[case]) is None


@pytest.mark.parametrize("case", FAULTY)
def test_what_a_finding_lacks_is_named(case):
    found, hazard, field = FAULTY[case]
    with pytest.raises(Invalid) as refused:
        check_found(found, hazard)
    assert refused.value.details["fields"] == [field]


def test_a_missing_photo_is_asked_for_in_the_words_of_the_checklist():
    with pytest.raises(Invalid, match=ASH.photograph):
        check_found(Found(point="P", hazard="ash"), ASH)


def test_the_words_of_a_finding_begin_with_the_checklist():
    assert (text_of(ASH, "三楼"), text_of(ASH, ""), text_of(None, "三楼")) == (
        f"{ASH.name}：三楼",
        ASH.name,
        "三楼",
    )


def a_report(**changes):
    fields = {
        "id": "01JD00000000000000000000AB", "number": "n", "source": Source.PATROL, "entered_by": "gglw-gw1",
        "where": AT, "text": "楼道里有锡箔灰", "category": "C02", "photos": ("a",),
    }  # fmt: skip
    return Report(**(fields | changes))


def settled(**changes):
    return settle(a_report(**changes), unit_id="ST-GGLW", photos=("b",), note="已清扫", town=TOWN, now=NOW)


def test_what_is_settled_on_the_spot_is_a_closed_ticket_with_both_photos():
    ticket, event = settled()
    assert (ticket.stage, ticket.outcome, ticket.photos, ticket.resolution.photos) == (
        Stage.CLOSED, "settled", ("a",), ("b",),
    )  # fmt: skip
    assert (event.kind, event.photos, event.notices) == ("settled", ("b",), ())
    assert ticket.clocks == ()
    assert ticket.closed_at == NOW


def test_what_is_settled_counts_as_such_and_satisfies_nobody():
    tally = count_day([fact_of(settled()[0])], [fact_of(settled()[0])])["all"][""]
    indicators = indicators_of(tally)
    assert (indicators["settled"]["numerator"], indicators["settled"]["denominator"]) == (1, 1)
    for name in ("satisfied", "confirmed", "double_follow_up"):
        assert (indicators[name]["numerator"], indicators[name]["denominator"]) == (0, 0)


@given(st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=26, max_size=26))
def test_a_share_of_what_was_settled_is_looked_at_by_somebody_else(id_):
    ticket, _ = settled(id=id_)
    assert settled(id=id_)[0].verify_owed is ticket.verify_owed
    if not ticket.verify_owed:
        return
    other = TOWN.staff_member("gglw-gw2")
    passed, _ = reworking.verify(ticket, by=other, ok=True, note="", photos=(), town=TOWN, now=NOW)
    assert (passed.stage, passed.outcome, passed.verify_owed) == (Stage.CLOSED, "settled", False)
    back, _ = reworking.verify(ticket, by=other, ok=False, note="没有清扫", photos=(), town=TOWN, now=NOW)
    assert (back.stage, back.lead_unit_id, back.round) == (Stage.DISPATCHED, "ST-GGLW", 2)


def test_about_a_tenth_is_drawn():
    drawn = sum(settled(id=f"01JD{n:022d}")[0].verify_owed for n in range(1000))
    assert 60 <= drawn <= 140


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"source": Source.QR, "reporter_id": "r"}, "source"),
        ({"confidential": True}, "after"),
        ({"category": "ZZ"}, "category"),
    ],
)
def test_what_may_not_be_settled_on_the_spot_is_refused(changes, field):
    with pytest.raises(Invalid) as refused:
        settled(**changes)
    assert refused.value.details["fields"] == [field]
