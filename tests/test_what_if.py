"""The past once more under other rules: with the same files it comes out exactly, with others as worked out by hand."""

import re
from datetime import timedelta

import pytest

from chalicelib.domain.acts import (
    answering,
    classifying,
    dispatching,
    handling,
    pausing,
    returning,
    reworking,
)
from chalicelib.domain.town.vocabulary import Duty, Role, Source, Track, TriageRule
from chalicelib.domain.town_import.files import read_town
from infra.production.aws import Refused
from infra.what_if.__main__ import NAMES, other_town
from infra.what_if.comparing import compared, promises, said
from tests.domain.clock_town import CLOCKS, rule
from tests.domain.life import NOW, TOWN, life_town, person
from tests.domain.played import Played, dispatched, rated, resolved
from tests.towns import TODAY, edited, small_files

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = NOW + 30 * DAY


def ordinary():
    """Fed back after 4 minutes, taken after an hour, resolved after three days: late."""
    played = dispatched(Played(), NOW + timedelta(minutes=4))
    played.do(dispatching.take, NOW + HOUR, by=person("handler-a"))
    return rated(resolved(played, NOW + 3 * DAY), NOW + 4 * DAY)


def never_heard():
    return Played(number=2).ring(NOW + 2 * DAY)


def by_the_machine():
    return (
        resolved(Played("楼道灯不亮", number=3), NOW + 2 * HOUR, by="pm")
        if False
        else Played("楼道灯不亮", number=3)
    )


def corrected():
    """A facility only since the desk said so, an hour in; and another category before."""
    played = Played("请问这个归谁管", number=4)
    how = {"category": "LAMP", "track": None, "urgent": None, "confidential": None, "concerns": None}
    played.do(classifying.classify, NOW + HOUR, by=person("desk-a"), **how)
    return dispatched(played, NOW + 2 * HOUR, unit="PM", handler="pm").ring(NOW + DAY)


def suspended():
    played = dispatched(Played(number=5), NOW + timedelta(minutes=3), track=Track.JOINT)
    played.do(dispatching.take, NOW + HOUR, by=person("handler-a"))
    played.do(pausing.suspend, NOW + DAY, by=person("area"), reason="等材料", review_at=NOW + 20 * DAY)
    played.do(pausing.resume, NOW + 9 * DAY, by=person("area"), note="")
    return resolved(played, NOW + 15 * DAY)


def extended():
    played = dispatched(Played(number=6), NOW + timedelta(minutes=3))
    played.do(dispatching.take, NOW + HOUR, by=person("handler-a"))
    how = {"working_days": 3, "reason": "要配件"}
    played.do(lambda t, town, now, **k: handling.ask_extension(t, now=now, town=town, **k), NOW + 2 * HOUR,
              by=person("handler-a"), **how)  # fmt: skip
    played.do(handling.decide_extension, NOW + 3 * HOUR, by=person("off-head"), approved=True, note="")
    return resolved(played, NOW + 4 * DAY)


def returned_and_reworked():
    played = dispatched(Played(number=7), NOW + timedelta(minutes=6))
    played.do(
        returning.return_to_desk,
        NOW + HOUR,
        by=person("handler-a"),
        reason=returning.ReturnReason.WRONG_PLACE,
        note="",
    )
    dispatched(played, NOW + 2 * HOUR, track=Track.DIFFICULT, handler="handler-b")
    played.do(dispatching.take, NOW + 3 * HOUR, by=person("handler-b"))
    resolved(played, NOW + 2 * DAY, by="handler-b")
    played.do(
        lambda t, town, now, **k: reworking.rework(t, town=town, now=now, **k),
        NOW + 3 * DAY,
        by="desk-a",
        reason="没修好",
    )
    return played.ring(NOW + 9 * DAY)


def answered_by_phone():
    played = Played("请问怎么办居住证", number=8, source=Source.PHONE, entered_by="desk-a")
    return played.do(answering.answer, NOW + HOUR, by=person("desk-a"), text="带身份证到窗口")


def urgent():
    return Played("老人困在电梯", number=9, danger=None).ring(NOW + 5 * HOUR)


def waited():
    played = dispatched(Played(number=10), NOW + timedelta(minutes=1))
    played.do(dispatching.take, NOW + HOUR, by=person("handler-a"))
    played.do(pausing.wait, NOW + 2 * HOUR, by=person("handler-a"), question="几号楼？")
    played.do(pausing.question_arrived, NOW + 3 * HOUR, how=pausing.Arrival.OPENED)
    return played.ring(NOW + 2 * DAY)


def a_patrols():
    return Played("井盖松动", number=11, source=Source.PATROL, reporter_id=None, entered_by="grid").ring(
        NOW + DAY
    )


def transferred():
    played = dispatched(Played(number=12), NOW + timedelta(minutes=1))
    how = {"unit_id": "TRA", "handler_id": "police", "note": ""}
    played.do(dispatching.transfer, NOW + 5 * HOUR, by=person("desk-a"), **how)
    return played.ring(NOW + 6 * DAY)


LIVES = [
    ordinary, never_heard, by_the_machine, corrected, suspended, extended, returned_and_reworked, answered_by_phone, urgent,
    waited, a_patrols, transferred,
]  # fmt: skip


def under(other, *played):
    return compared([each.life for each in played], was=TOWN, other=other, now=LATER)


def shares(counts):
    return {each.name: (each.kept, each.decided) for each in promises(counts)}


def a_town(*rules):
    """The town whose rows of these clocks are others."""
    kinds = {each.clock for each in rules}
    return life_town(clocks=(*(each for each in CLOCKS if each.clock not in kinds), *rules))


@pytest.mark.parametrize("life", LIVES, ids=lambda life: life.__name__)
def test_with_the_same_files_every_figure_and_every_ring_comes_out_as_it_was(life):
    same = under(life_town(), life())
    assert same.would_be == same.was
    assert same.would_ring == same.rang
    assert (same.broken, same.first_acts, same.unlike) == ([], {}, {})
    assert (same.dropped, same.unknown, same.filed) == (0, 0, 0)


def test_what_was_kept_in_five_minutes_would_be_late_in_three():
    three = rule("feedback", "3 minutes", ladder="due station_head")
    tried = under(a_town(three), ordinary())
    assert shares(tried.was)["5分钟内反馈居民"] == (1, 1)
    assert shares(tried.would_be)["3分钟内反馈居民"] == (0, 1)
    assert [(each.clock, each.is_kept_then) for each in tried.broken] == [("feedback-1", False)]
    assert tried.would_ring["station_head", "st-head"] == tried.rang["station_head", "st-head"] + 1


def test_a_longer_promise_rings_nobody_and_is_kept():
    week = rule("resolution", "10 working_days", reminders="80% handler", ladder="due unit_head")
    tried = under(a_town(week), ordinary())
    assert [(each.clock, each.is_kept_then) for each in tried.broken] == [("resolution-1", True)]
    assert tried.rang["unit_head", "off-head"] == 2  # for the unit's own feedback, and for the resolution
    assert tried.would_ring["unit_head", "off-head"] == 1


def test_time_that_stood_still_stands_still_under_other_rules_too():
    """Five working days from Monday 23 to Monday 30; eight days of pause from the 24th leave four: to 8 December."""
    seven = rule("resolution", "7 working_days", track="joint", ladder="due unit_head")
    tried = under(a_town(seven), suspended())
    assert shares(tried.was)["5个工作日内办结"] == (1, 1)
    assert shares(tried.would_be)["7个工作日内办结"] == (1, 1)
    one = rule("resolution", "1 working_days", track="joint", ladder="due unit_head")
    assert shares(under(a_town(one), suspended()).would_be)["1个工作日内办结"] == (0, 1)


def test_an_extension_goes_on_from_the_other_due_time():
    """Three more working days on top of one: resolved on the fifth day (Friday 27) it is in time; on top of none it is not."""
    one = rule("resolution", "1 working_days", ladder="due unit_head")
    tried = under(a_town(one), extended())
    states = {each.clock for each in tried.broken}
    assert states == set()
    none = rule("resolution", "1 hours", ladder="due unit_head")
    assert {each.clock for each in under(a_town(none), extended()).broken} == {"resolution-2"}


def test_a_promise_that_the_other_rules_do_not_make_is_in_no_figure():
    without = life_town(clocks=tuple(each for each in CLOCKS if each.clock != "take"))
    tried = under(without, ordinary())
    assert tried.dropped == 1
    assert not any("签收" in name for name in shares(tried.would_be))


def test_another_roster_rings_others_as_often():
    duty = tuple(
        Duty(**{**row.model_dump(), "person": "desk-b"}) if row.role is Role.FIRST_CONTACT else row
        for row in TOWN.duty
    )
    tried = under(life_town(duty=duty), never_heard())
    assert tried.rang["desk", "desk-a"] == tried.would_ring["desk", "desk-b"] == 2
    assert tried.would_ring["desk", "desk-a"] == 0
    assert tried.was == tried.would_be


def test_what_triage_would_no_longer_be_sure_of_waits_for_the_desk_and_nobody_knows_how_long():
    unsure = tuple(TriageRule(**{**row.model_dump(), "sure": False}) for row in TOWN.triage)
    tried = under(life_town(triage=unsure), by_the_machine())
    assert tried.first_acts == {("dispatched", "received"): 1}
    assert tried.unknown == 1
    assert "5分钟内反馈居民" not in shares(tried.would_be)


def test_what_triage_would_be_sure_of_is_fed_back_at_once():
    sure = (TriageRule(order=1, keywords=("乱糟糟",), category="LAMP", sure=True), *TOWN.triage)
    tried = under(life_town(triage=sure), never_heard())
    assert tried.first_acts == {("received", "dispatched"): 1}
    assert shares(tried.was)["5分钟内反馈居民"] == (0, 1)
    assert shares(tried.would_be)["5分钟内反馈居民"] == (1, 1)
    assert tried.would_ring["station_head", "st-head"] == 0


def test_rules_that_have_changed_since_are_said_to_and_left_alone():
    changed = a_town(rule("feedback", "7 minutes"))
    tried = compared([ordinary().life], was=changed, other=a_town(rule("feedback", "1 minutes")), now=LATER)
    assert tried.unlike["clocks"] == 1
    assert shares(tried.would_be)["5分钟内反馈居民"] == (1, 1)


def test_what_is_said_names_promises_roles_and_what_is_in_doubt():
    three = rule("feedback", "3 minutes", ladder="due station_head")
    lines = "\n".join(said(under(a_town(three), ordinary(), never_heard()), NAMES))
    assert "5分钟 → 3分钟" in lines
    assert "会超时" in lines
    assert "站长　st-head" in lines


def test_of_what_would_be_only_what_differs_is_said_and_that_nothing_does():
    three = rule("feedback", "3 minutes", ladder="due station_head")
    tried = list(said(under(a_town(three), ordinary()), NAMES))
    differs = tried[tried.index("按另一套规则，和实际不同的：") + 1 :]
    assert "　3分钟内反馈居民：0 / 1（还在计时 0，不再适用 0）" in differs
    assert not any("签收：" in line for line in differs)
    assert "按另一套规则：每项承诺都和实际一样" in said(under(life_town(), ordinary()), NAMES)


def test_claims_that_were_not_so_are_named_where_they_lie_in_what_was_decided():
    lines = "\n".join(said(under(life_town(), returned_and_reworked()), NAMES))
    assert re.search(r"办结：\d+ / \d+，其中说办结、后来不是 1（", lines), lines


def test_tables_that_are_tried_stand_in_the_place_of_those_in_force(tmp_path):
    read = read_town(small_files(), version="v1", today=TODAY)
    with pytest.raises(Refused, match="没有表格"):
        other_town(tmp_path, read.town, read.text, TODAY)
    tried = edited("clocks", "feedback,,,,,,5,minutes", "feedback,,,,,,7,minutes")["clocks.csv"]
    (tmp_path / "clocks.csv").write_bytes(tried)
    other = other_town(tmp_path, read.town, read.text, TODAY)
    assert {each.clock: each.amount.count for each in other.clocks}["feedback"] == 7
    assert other.duty == read.town.duty
    (tmp_path / "clocks.csv").write_bytes(tried.replace(b"7,minutes", b"7,moons"))
    with pytest.raises(Refused, match="clocks"):
        other_town(tmp_path, read.town, read.text, TODAY)
