"""周报: what rose, what is late and with whom, what is worth reading, and a class with its measure; no person's name."""

from datetime import date, timedelta

import pytest

from chalicelib.domain.classes.issue_class import IssueClass, State
from chalicelib.domain.classes.measures_taken import Measure
from chalicelib.domain.feed import bulletin
from chalicelib.domain.feed.bulletin import OfClass, Reading, Rise
from chalicelib.domain.figures.counts import StillOpen
from chalicelib.domain.figures.facts import ClockFact, Fact, PromiseState
from chalicelib.domain.tickets.ticket import FollowUpResult, Stage, Where
from tests.domain.clock_town import PATH
from tests.domain.life import HERE, NOW, TOWN, received

MONDAY = date(2026, 9, 7)
WEEK = timedelta(weeks=1)


@pytest.mark.parametrize(
    ("day", "monday"),
    [(date(2026, 11, 22), date(2026, 11, 9)), (date(2026, 11, 23), date(2026, 11, 16)), (date(2026, 11, 29), date(2026, 11, 16))],
)  # fmt: skip
def test_a_bulletin_is_of_the_last_whole_week(day, monday):
    assert bulletin.week_before(day) == (monday, monday + timedelta(days=6))


def weeks(*counts):
    """Of each week, the last first, how many came of each category."""
    return [
        {"category": {code: {"received": n, "still_open": 50} for code, n in each.items()}} for each in counts
    ]


@pytest.mark.parametrize(
    ("now", "before", "rose"),
    [
        (2, [0, 0], False),  # fewer than three are no news
        (3, [0, 0], True),
        (3, [2, 3], False),  # as many as in one of the weeks before
        (4, [2, 3], True),
        (9, [], False),  # nothing to compare with
    ],
)
def test_a_category_rose_that_came_more_often_than_in_any_week_before(now, before, rose):
    found = bulletin.rises(weeks({"LAMP": now}, *({"LAMP": n} for n in before)), TOWN)
    assert [(rise.category, rise.count) for rise in found] == ([("楼道照明", now)] if rose else [])


def test_of_what_rose_the_least_likely_comes_first_and_ten_are_shown():
    past = {"LAMP": 2, "HORN": 1, "ASK": 4}
    found = bulletin.rises(weeks({"LAMP": 5, "HORN": 9, "": 3, "ASK": 4}, past, past), TOWN)
    assert [(rise.category, rise.count, rise.before) for rise in found] == [
        ("机动车鸣笛", 9, 1.0),
        ("未定", 3, 0.0),
        ("楼道照明", 5, 2.0),
    ]
    assert [rise.chance for rise in found] == sorted(rise.chance for rise in found)
    alike = {f"K{n:02}": 5 for n in range(12)}
    assert len(bulletin.rises(weeks(alike, {}), TOWN)) == 10
    two = bulletin.rises(weeks({"PM-BAD": 5, "LAMP": 5}, {}), TOWN)
    assert two == (
        Rise(category="对物业的投诉", count=5, before=0.0, chance=two[0].chance),
        Rise(category="楼道照明", count=5, before=0.0, chance=two[0].chance),
    )
    assert bulletin.rises([{}, {}], TOWN) == ()


def test_what_is_late_is_told_by_unit_and_what_no_unit_has_is_the_desk_s():
    found = bulletin.late_with([StillOpen(units={"TRA": 1, "": 2}), StillOpen(units={"TRA": 3})], TOWN)
    assert found == (("区交警支队", 4), ("工作站待派", 2))
    both = bulletin.late_with([StillOpen(units={"PM": 1, "OFF": 2})], TOWN)
    assert both == tuple(sorted(both))


def fact(ticket_id="T", **more):
    usual = {"version": 1, "received_at": NOW, "stage": Stage.CLOSED, "source": "qr"}
    return Fact(ticket_id=ticket_id, **(usual | more))


def climbed(*roles):
    return (ClockFact(kind="take", state=PromiseState.LATE, due=1, climbed=roles),)


@pytest.mark.parametrize(
    ("went", "why"),
    [
        ({"round": 2}, "重办1次"),
        ({"returns": 2}, "退单2次"),
        ({"last_word": FollowUpResult.NOT_SOLVED}, "居民说没解决"),
        ({"last_word": FollowUpResult.SOLVED, "satisfied": False}, "居民不满意"),
        ({"clocks": climbed("unit_head", "area_leader") + climbed("unit_head")}, "升级3次"),
        ({"round": 3, "satisfied": False, "returns": 1}, "重办2次，退单1次，居民不满意"),
        ({"satisfied": True}, None),
        ({"satisfied": False, "confidential": True}, None),
    ],
)
def test_a_ticket_is_worth_reading_for_what_went_wrong_with_it(went, why):
    assert bulletin.worth_reading([fact(**went)]) == ([("T", why)] if why else [])


def test_the_five_in_which_most_went_wrong_come_first():
    """By points: not solved 5, again 4, returned 3, climbed and not satisfied 2 each; then by the older number."""
    facts = [
        fact("f", satisfied=False),
        fact("e", clocks=climbed("unit_head")),
        fact("d", returns=1),
        fact("c", round=2),
        fact("b", last_word=FollowUpResult.NOT_SOLVED),
        fact("a", returns=2),
        fact("a", returns=2),
    ]
    assert [ticket for ticket, _ in bulletin.worth_reading(facts)] == ["a", "b", "c", "d", "e"]


def test_what_is_read_is_named_by_its_neighbourhood_and_category():
    ticket = received()
    assert bulletin.reading(ticket.model_copy(update={"category": "LAMP"}), "退单2次", TOWN) == Reading(
        ticket_id=ticket.id, number=ticket.number, place="盛华景苑", category="楼道照明", why="退单2次"
    )
    typed = ticket.model_copy(update={"where": Where(name="河边", path=PATH[:2])})
    seen = bulletin.reading(typed, "", TOWN)
    assert (seen.place, seen.category) == ("", "未定")
    deep = ticket.model_copy(update={"where": HERE.model_copy(update={"path": (*PATH, "G1")})})
    assert bulletin.reading(deep, "", TOWN).place == "盛华景苑"


def a_class(*measures, by_week=()):
    return IssueClass(
        id="C",
        name="买菜难",
        state=State.MEASURED,
        reporters=4,
        members=6,
        at=NOW,
        first_on=MONDAY,
        weeks={(MONDAY + n * WEEK).isoformat(): count for n, count in enumerate(by_week)},
        measures=measures,
    )


def measure(what, unit, from_on):
    return Measure(
        id=what, what=what, place="", schedule="", unit_id=unit, from_on=from_on, announced_at=NOW, by="desk-a"
    )  # fmt: skip


def test_a_class_without_a_measure_is_told_by_its_people_and_reports():
    assert bulletin.of_class(a_class(), MONDAY + 8 * WEEK, TOWN) == OfClass(
        name="买菜难", state="已有措施", reporters=4, members=6
    )


@pytest.mark.parametrize(
    ("by_week", "today", "after", "verdict"),
    [
        ((5, 5, 5, 5, 0, 0, 0, 0), 8, "3周0件", "减少了"),
        ((5, 5, 5, 5, 0, 4, 5, 5), 8, "3周14件", "略少，还看不准"),
        ((5, 5, 5, 5, 0, 5, 5, 5), 8, "3周15件", "没有减少"),
        ((5, 5, 5, 5, 0, 5), 6, "1周5件", "时间还短"),
    ],
)
def test_a_class_s_last_measure_is_told_with_whether_it_worked_and_never_without_the_counts(
    by_week, today, after, verdict
):
    earlier, last = measure("发传单", "OFF", MONDAY + WEEK), measure("设便民菜场", "ST", MONDAY + 4 * WEEK)
    told = bulletin.of_class(a_class(earlier, last, by_week=by_week), MONDAY + today * WEEK, TOWN)
    assert (told.measure, told.unit, told.before) == ("设便民菜场", "关港蓝湾工作站", "4周20件")
    assert (told.after, told.verdict) == (after, verdict)
