"""Tricky lives through the real acts, with every figure that they touch worked out by hand.

Monday 23 November 2026, 10:00, is the beginning; the town's clocks are those of `clock_town`: feedback 5 minutes, take 2 working
hours or 15 minutes, response 1 hour, the unit's feedback 1 working day, resolution 2, 5 or 15 working days, follow-up 2.
"""

from datetime import timedelta

import pytest

from chalicelib.domain.acts import (
    answering,
    assisting,
    classifying,
    closing,
    dispatching,
    dividing,
    explaining,
    following_up,
    handling,
    joining,
    pausing,
    returning,
    reworking,
)
from chalicelib.domain.acts.dividing import Matter, New
from chalicelib.domain.acts.receiving import Report
from chalicelib.domain.figures.counts import added, as_read, count_day
from chalicelib.domain.figures.facts import as_said, fact_of
from chalicelib.domain.figures.indicators import indicators_of
from chalicelib.domain.figures.promises import beside_of, days_of, paused_by_of, promises_of, stopped_of
from chalicelib.domain.tickets.calls import CallOutcome
from chalicelib.domain.tickets.ticket import Proxy
from chalicelib.domain.town.vocabulary import Source, Track
from tests.domain.life import HERE, NOW, TOWN, person
from tests.domain.played import Played, dispatched, rated, resolved

TODAY = NOW.date()
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def taken(played, at, by="handler-a"):
    return played.do(dispatching.take, at, by=person(by))


def reworked(played, at):
    def rework(ticket, *, town, now):
        return reworking.rework(ticket, by="desk-a", reason="没修好", town=town, now=now)

    return played.do(rework, at)


def counts(*lives):
    facts = [fact_of(life.ticket) for life in lives]
    return as_read(count_day(facts, [fact for fact in facts if fact.closing_day]), lambda _: True)


def row(*lives, unit=None):
    """The tally of all, or of a unit's row."""
    counted = counts(*lives)
    return counted["all"][""] if unit is None else counted["unit"].get(unit, {})


def shares(tally):
    return {name: (each["numerator"], each["denominator"]) for name, each in indicators_of(tally).items()}


def named(tally):
    return {each.name: (each.kept, each.decided) for each in promises_of(tally)}


def at_work(number=1, proxy=None, **how):
    return taken(dispatched(Played(number=number, proxy=proxy), NOW + 3 * MINUTE, **how), NOW + HOUR)


def a_facility(number=1):
    """A lamp that the machine sends to the property manager at once."""
    return Played("楼道灯不亮", number=number)


def test_1_an_ordinary_life_keeps_every_promise_it_made():
    life = rated(resolved(at_work(), NOW + DAY), NOW + 2 * DAY)
    tally = row(life)
    assert named(tally)["5分钟内反馈居民"] == (1, 1)
    assert named(tally)["2个工作日内办结"] == (1, 1)
    assert days_of(tally) == {"of": 1, "median": 1, "p90": 1, "open": 0}
    assert shares(tally)["first_dispatch"] == (1, 1)


def test_2_a_petition_answered_after_fourteen_days_is_no_five_minutes():
    """The small town promises everybody five minutes: fourteen days are late, and under that name alone."""
    life = Played(number=2, source=Source.PETITION).ring(NOW + 13 * DAY)
    tally = row(dispatched(life, NOW + 14 * DAY))
    assert named(tally)["5分钟内反馈居民"] == (0, 1)


def test_3_what_the_desk_types_in_is_fed_back_by_typing_and_counted_apart():
    life = Played("请问怎么办居住证", number=3, source=Source.PHONE, entered_by="desk-a")
    life.do(answering.answer, NOW + MINUTE, by=person("desk-a"), text="带身份证到窗口")
    indicator = indicators_of(row(life))["feedback"]
    assert (indicator["numerator"], indicator["by_person"], indicator["by_typing"]) == (1, 0, 1)
    assert beside_of(row(life))["typed"] == 1


def test_4_a_suspension_of_months_is_in_time_and_in_no_way_hidden():
    """Two working days, one of them gone when it stops; 100 days of pause; solved on the 102nd day after the report."""
    life = at_work(4)
    review = NOW + 80 * DAY
    life.do(pausing.suspend, NOW + DAY, by=person("area"), reason="等材料", review_at=review)
    life.do(pausing.resume, NOW + 101 * DAY, by=person("area"), note="")
    tally = row(rated(resolved(life, NOW + 101 * DAY + HOUR), NOW + 103 * DAY))
    assert named(tally)["2个工作日内办结"] == (1, 1)
    assert days_of(tally)["median"] == 101
    assert (stopped_of(tally, TODAY)["paused"], stopped_of(tally, TODAY)["paused_days"]) == (1, 100)
    assert paused_by_of(tally) == [("area_leader", 1)]


def test_5_a_wait_that_the_handler_gave_himself_bears_his_role():
    life = at_work(5)
    life.do(pausing.wait, NOW + 2 * HOUR, by=person("handler-a"), question="几号楼？")
    life.do(pausing.question_arrived, NOW + 3 * HOUR, how=pausing.Arrival.OPENED)
    life.do(pausing.resume, NOW + DAY, by=person("handler-a"), note="")
    assert paused_by_of(row(life)) == [("handler", 1)]


def test_6_a_question_that_never_arrived_stood_nothing_still():
    life = at_work(6)
    life.do(pausing.wait, NOW + 2 * HOUR, by=person("handler-a"), question="几号楼？")
    life.do(pausing.resume, NOW + 3 * DAY, by=person("handler-a"), note="")
    tally = row(resolved(life, NOW + 3 * DAY + HOUR))
    assert stopped_of(tally, TODAY)["paused_days"] == 0
    assert named(tally)["2个工作日内办结"] == (0, 1)


def test_7_three_claims_of_which_two_were_false_are_one_kept_of_three():
    life = resolved(at_work(7), NOW + 2 * HOUR)
    for day in (1, 2):
        reworked(life, NOW + day * DAY)
        resolved(life, NOW + day * DAY + 2 * HOUR)
    tally = row(rated(life, NOW + 3 * DAY))
    finished = indicators_of(tally)["finished"]
    assert (finished["numerator"], finished["denominator"], finished["disproved"]) == (1, 3, 2)
    assert (shares(tally)["reworked"], indicators_of(tally)["reworked"]["times"]) == ((1, 1), 2)


def test_8_what_the_station_answered_wrongly_is_the_stations_and_not_the_units_that_put_it_right():
    life = Played("请问怎么办居住证", number=8)
    life.do(answering.answer, NOW + MINUTE, by=person("desk-a"), text="不用办")
    life.do(
        lambda ticket, *, town, now: reworking.reopen(ticket, reason="不对", town=town, now=now), NOW + DAY
    )
    resolved(taken(dispatched(life, NOW + DAY + HOUR), NOW + DAY + 2 * HOUR), NOW + 2 * DAY)
    assert shares(row(life, unit="ST"))["reworked"] == (1, 1)
    assert shares(row(life, unit="OFF"))["reworked"] == (0, 1)
    assert shares(row(life))["reworked"] == (1, 1)


def test_9_what_another_unit_claimed_falsely_stays_its_own_after_it_went_on():
    life = reworked(resolved(at_work(9), NOW + 2 * HOUR), NOW + DAY)
    how = {"unit_id": "TRA", "handler_id": "police", "note": ""}
    life.do(dispatching.transfer, NOW + DAY + HOUR, by=person("desk-a"), **how)
    assert shares(row(life, unit="OFF"))["reworked"] == (1, 1)
    assert shares(row(life, unit="TRA"))["reworked"] == (0, 0)


def test_10_a_first_dispatch_that_was_returned_was_not_right_whoever_finished_it():
    life = at_work(10)
    how = {"by": person("handler-a"), "reason": returning.ReturnReason.WRONG_PLACE, "note": ""}
    life.do(returning.return_to_desk, NOW + 2 * HOUR, **how)
    taken(dispatched(life, NOW + 3 * HOUR, unit="TRA", handler="police"), NOW + 4 * HOUR, by="police")
    tally = row(rated(resolved(life, NOW + DAY, by="police"), NOW + 2 * DAY))
    first = indicators_of(tally)["first_dispatch"]
    assert (first["numerator"], first["denominator"]) == (0, 1)
    assert (first["returned"], first["transferred"], first["finished"]) == (1, 0, 0)


def test_11_handed_on_within_the_unit_the_first_dispatch_was_right():
    life = at_work(11)
    how = {"unit_id": "OFF", "handler_id": "handler-b", "note": ""}
    life.do(dispatching.transfer, NOW + 2 * HOUR, by=person("off-head"), **how)
    life = rated(resolved(life, NOW + DAY, by="handler-b"), NOW + 2 * DAY)
    assert shares(row(life))["first_dispatch"] == (1, 1)


def test_12_a_unit_added_and_a_category_corrected_after_it_are_two_ways_in_which_it_was_not_right():
    life = at_work(12, track=Track.JOINT)

    def add(ticket, *, town, now):
        return assisting.add_assisting(
            ticket, unit_id="TRA", by=person("desk-a"), note="", town=town, now=now
        )

    life.do(add, NOW + 2 * HOUR)
    how = {"track": None, "urgent": None, "confidential": None, "concerns": None}
    life.do(classifying.classify, NOW + 3 * HOUR, by=person("desk-a"), category="HORN", **how)
    assert life.ticket.redirected == ("unit_added", "corrected")
    assert indicators_of(row(life))["first_dispatch"]["denominator"] == 0  # not closed yet


def test_13_a_category_corrected_before_anybody_had_it_is_no_fault_of_the_dispatch():
    life = Played(number=13)
    how = {"track": None, "urgent": None, "confidential": None, "concerns": None}
    life.do(classifying.classify, NOW + MINUTE, by=person("desk-a"), category="HORN", **how)
    dispatched(life, NOW + 2 * MINUTE)
    assert life.ticket.redirected == ()


@pytest.mark.parametrize(("seconds", "quick"), [(119, 1), (120, 0)])
def test_14_at_the_place_a_minute_and_59_seconds_after_the_take_is_shown_as_quick(seconds, quick):
    life = taken(a_facility(14), NOW + 5 * MINUTE, by="pm")
    life.do(
        handling.arrive, NOW + 5 * MINUTE + timedelta(seconds=seconds), by=person("pm"), note="", photos=()
    )
    assert (beside_of(row(life))["quick_arrivals"], beside_of(row(life))["arrived"]) == (quick, 1)


@pytest.mark.parametrize(("seconds", "quick"), [(299, 1), (300, 0)])
def test_15_resolved_less_than_five_minutes_after_arriving_is_shown_as_quick(seconds, quick):
    life = taken(a_facility(15), NOW + 5 * MINUTE, by="pm")
    life.do(handling.arrive, NOW + 20 * MINUTE, by=person("pm"), note="", photos=())
    resolved(life, NOW + 20 * MINUTE + timedelta(seconds=seconds), by="pm")
    assert beside_of(row(life))["quick_resolves"] == quick


def test_16_found_and_resolved_by_one_person_within_half_an_hour_is_counted_apart():
    def life(minutes, number):
        found = {"source": Source.PATROL, "reporter_id": None, "entered_by": "grid"}
        played = dispatched(
            Played("井盖松动", number=number, **found), NOW + MINUTE, unit="ST", handler="grid"
        )
        return resolved(taken(played, NOW + 2 * MINUTE, by="grid"), NOW + minutes * MINUTE, by="grid")

    tally = row(life(29, 160), life(30, 161))
    assert beside_of(tally)["one_hand"] == 1
    assert days_of(tally)["of"] == 0  # nobody reported it, so nobody waited


def test_17_a_merged_reporter_who_says_not_solved_is_heard_whatever_the_other_says():
    one, two = at_work(17), Played(number=18, reporter_id="r2")
    (child, _), absorbed = joining.merge(
        two.ticket, into=one.ticket, by=person("desk-a"), sure=False, town=TOWN, now=NOW + 2 * HOUR
    )
    one.keep(absorbed)
    resolved(one, NOW + DAY)
    given = {"satisfied": None, "words": "", "is_reporter": True}
    one.do(following_up.rate, NOW + DAY + HOUR, solved=False, of=child.id, **given)
    if one.ticket.stage == "resolved":
        one.do(following_up.rate, NOW + DAY + 2 * HOUR, solved=True, **given)
    fact = fact_of(one.ticket)
    assert fact.last_word == "not_solved"
    assert fact.solved_days is None
    assert [each.state for each in fact.clocks if each.kind == "resolution"][-1] == "disproved"


def test_18_three_unanswered_calls_after_a_plain_no_leave_it_a_no():
    life = resolved(at_work(18), NOW + HOUR + MINUTE)
    rated(life, NOW + 2 * HOUR, solved=False)
    for day in (1, 2, 3):
        if life.ticket.stage == "resolved" and life.ticket.on_call_list:
            how = {"outcome": CallOutcome.NOT_ANSWERED, "solved": None, "satisfied": None, "words": ""}
            life.do(following_up.record_call, NOW + day * DAY, by=person("desk-a"), **how)
    tally = row(life)
    assert fact_of(life.ticket).last_word == "not_solved"
    assert indicators_of(tally)["confirmed"]["numerator"] == 0
    assert indicators_of(tally)["confirmed"]["unreached"] == 0


def test_19_what_was_declined_forwarded_withdrawn_or_merged_stands_beside_the_days_and_not_in_them():
    declined = Played(number=191).do(
        answering.decline,
        NOW + MINUTE,
        by=person("desk-a"),
        reason=answering.DeclineReason.OUTSIDE_JURISDICTION,
        text="不归镇里管",
        instead="打 12345",
    )
    forwarded = Played(number=192).do(
        answering.forward, NOW + MINUTE, by=person("desk-a"), to="12345", number="", text="已转热线"
    )
    withdrawn = Played(number=193).do(answering.withdraw, NOW + MINUTE, reason="好了", others=0)
    suspended = at_work(194).do(
        pausing.suspend, NOW + DAY, by=person("area"), reason="等材料", review_at=NOW + 20 * DAY
    )
    tally = row(declined, forwarded, withdrawn, suspended)
    beside = beside_of(tally)
    assert [beside[what] for what in ("declined", "forwarded", "withdrawn", "suspended")] == [1, 1, 1, 1]
    assert days_of(tally) == {"of": 0, "median": None, "p90": None, "open": 1}


def test_20_explained_by_law_is_closed_and_solved_for_nobody():
    life = resolved(at_work(20), NOW + 2 * HOUR)
    for day in (1, 2):  # rule 90: reworked twice and still not to be solved
        reworked(life, NOW + day * DAY)
        resolved(life, NOW + day * DAY + HOUR)
    reworked(life, NOW + 3 * DAY)
    how = {"ground": "规划已批准", "text": "依法不能拆", "elsewhere": "可向规划部门咨询"}
    life.do(explaining.propose_explanation, NOW + 3 * DAY + HOUR, by=person("off-head"), **how)
    life.do(
        explaining.decide_explanation, NOW + 3 * DAY + 2 * HOUR, by=person("area"), approved=True, note=""
    )
    tally = row(life)
    confirmed = indicators_of(tally)["confirmed"]
    assert (confirmed["numerator"], confirmed["denominator"], confirmed["explained"]) == (0, 1, 1)
    assert days_of(tally)["of"] == 0


def test_the_lives_counted_one_by_one_add_up_to_the_lives_counted_together():
    lives = [
        at_work(31),
        reworked(resolved(at_work(32), NOW + 2 * HOUR), NOW + DAY),
        rated(resolved(at_work(33), NOW + DAY), NOW + 2 * DAY),
        a_facility(34).ring(NOW + DAY),
    ]
    together, one_by_one = counts(*lives), added(counts(life) for life in lives)

    def plain(counted):
        return {
            axis: {key: {w: n for w, n in t.items() if n} for key, t in keys.items()}
            for axis, keys in counted.items()
        }

    assert plain(together) == plain(one_by_one)
    assert closing.HASTE_PERCENT == 50


def test_21_a_pause_that_still_stands_is_counted_up_to_today_with_who_approved_it():
    """Suspended on Tuesday 24 November; on 4 December it has stood for ten days, of which no promise knows."""
    life = at_work(21)
    life.do(pausing.suspend, NOW + DAY, by=person("area"), reason="等材料", review_at=NOW + 20 * DAY)
    tally = row(life)
    for later, days in ((1, 1), (2, 1), (11, 10)):
        stopped = stopped_of(tally, TODAY + later * DAY)
        assert (stopped["paused"], stopped["paused_now"], stopped["paused_days"]) == (1, 1, days)
    assert paused_by_of(tally) == [("area_leader", 1)]


def test_22_a_pause_is_counted_whatever_ended_it():
    """Three waits of two days: forwarded, withdrawn and merged while they stood."""
    lives = []
    for number in (221, 222, 223):
        life = at_work(number)
        life.do(pausing.wait, NOW + 2 * HOUR, by=person("handler-a"), question="几号楼？")
        life.do(pausing.question_arrived, NOW + 2 * HOUR, how=pausing.Arrival.OPENED)
        lives.append(life)
    forwarded, withdrawn, merged = lives
    then = NOW + 2 * HOUR + 2 * DAY
    forwarded.do(answering.forward, then, by=person("desk-a"), to="12345", number="", text="已转热线")
    withdrawn.do(answering.withdraw, then, reason="好了", others=0)
    child, _ = joining.merge(
        merged.ring(then).ticket,
        into=at_work(224).ticket,
        by=person("desk-a"),
        sure=False,
        town=TOWN,
        now=then,
    )
    merged.keep(child)
    tally = row(*lives)
    assert (stopped_of(tally, TODAY)["paused"], stopped_of(tally, TODAY)["paused_days"]) == (3, 6)
    assert paused_by_of(tally) == [("handler", 3)]


def test_23_a_ticket_handed_from_unit_to_unit_still_owes_the_first_contact_from_its_first_day():
    """Due on Tuesday 10:03, a working day after the dispatch; nobody speaks with the resident until Friday, after three transfers."""
    life = at_work(23)
    units = (("TRA", "police"), ("OFF", "handler-b"), ("TRA", "police"))
    for day, (unit, handler) in enumerate(units):
        how = {"unit_id": unit, "handler_id": handler, "note": ""}
        life.do(dispatching.transfer, NOW + 3 * HOUR + day * DAY, by=person("desk-a"), **how)
    taken(life, NOW + 3 * DAY, by="police")
    life.do(handling.unit_feedback, NOW + 4 * DAY, by=person("police"), text="周末前换好")
    contacted = indicators_of(row(life))["contacted"]
    assert (contacted["numerator"], contacted["denominator"]) == (0, 1)
    assert contacted["open"] == 0


@pytest.mark.parametrize(("days", "kept"), [(2.2, (1, 1)), (2.4, (0, 1))])
def test_24_a_merged_tickets_promise_goes_on_in_the_other_one_and_is_counted_there_once(days, kept):
    """The older is due on Wednesday 18:00, the younger a day later; the younger takes the older in, and is resolved before or after."""
    older = at_work(240)
    younger = Played(number=241, reporter_id="r2", at=NOW + 1.5 * DAY)
    dispatched(younger, NOW + 1.5 * DAY + HOUR)
    then = NOW + 1.5 * DAY + 2 * HOUR
    child, absorbed = joining.merge(
        older.ring(then).ticket,
        into=younger.ring(then).ticket,
        by=person("desk-a"),
        sure=False,
        town=TOWN,
        now=then,
    )
    older.keep(child)
    younger.keep(absorbed)
    resolved(taken(younger, then + MINUTE), NOW + days * DAY)
    assert named(row(older, younger))["2个工作日内办结"] == kept
    assert [clock.state for clock in fact_of(older.ticket).clocks if clock.kind == "resolution"] == [
        "carried"
    ]


def test_25_a_report_divided_in_two_is_two_tickets_each_with_its_own_end():
    """Three days until the first matter is done, and the second is declined: one solution of three days, one aside."""
    whole = Played("楼道灯不亮，门口半夜有车鸣笛", number=25)
    whole.ring(NOW + MINUTE)
    matters = (Matter(title="灯", text="楼道灯不亮"), Matter(title="鸣笛", text="门口半夜有车鸣笛"))
    new = (New(id=f"{251:026d}", number="MS261123-7K3Q51-5"),)
    made, [second] = dividing.divide(
        whole.ticket, matters=matters, new=new, by=person("desk-a"), town=TOWN, now=NOW + MINUTE
    )
    whole.keep(made)
    part = Played(number=251).keep(second)
    part.do(
        answering.decline,
        NOW + 2 * MINUTE,
        by=person("desk-a"),
        reason=answering.DeclineReason.OUTSIDE_JURISDICTION,
        text="在区里管的路上",
        instead="打 12345",
    )
    seen = dividing.part_moved(whole.ticket, part.ticket, there=part.ticket, town=TOWN, now=NOW + 2 * MINUTE)
    if seen:
        whole.keep(seen)
    if whole.ticket.stage == "received":
        dispatched(whole, NOW + 3 * MINUTE, unit="PM", handler="pm")
    taken(whole, NOW + HOUR, by="pm")
    rated(resolved(whole, NOW + 3 * DAY, by="pm"), NOW + 4 * DAY)
    tally = row(whole, part)
    assert (tally["received"], beside_of(tally)["parted"], beside_of(tally)["declined"]) == (2, 1, 1)
    assert days_of(tally) == {"of": 1, "median": 3, "p90": 3, "open": 0}
    assert shares(tally)["confirmed"] == (1, 1)


def test_26_reopened_after_it_was_confirmed_it_waits_from_the_first_report_on():
    """Closed as solved on day 2, open again on day 5, truly solved on day 9: one solution of nine days, and one false claim."""
    life = rated(resolved(at_work(26), NOW + DAY), NOW + 2 * DAY)
    assert days_of(row(life))["median"] == 1
    life.do(reworking.reopen, NOW + 5 * DAY, reason="又坏了")
    if life.ticket.stage != "handling":
        dispatched(life, NOW + 5 * DAY + HOUR)
        taken(life, NOW + 5 * DAY + 2 * HOUR)
    assert days_of(row(life)) == {"of": 0, "median": None, "p90": None, "open": 1}
    tally = row(rated(resolved(life, NOW + 9 * DAY), NOW + 10 * DAY))
    assert days_of(tally) == {"of": 1, "median": 9, "p90": 9, "open": 0}
    assert (stopped_of(tally, TODAY)["disproved"], shares(tally)["reworked"]) == (1, (1, 1))


def test_27_who_reports_for_another_is_no_second_reporter_and_has_not_the_last_word():
    """A son says solved, for himself: nothing is confirmed. His mother says it is not: that is the word."""
    life = resolved(at_work(27, proxy=Proxy(person="son")), NOW + DAY)
    given = {"satisfied": True, "words": ""}
    life.do(following_up.rate, NOW + 2 * DAY, solved=True, is_reporter=False, **given)
    assert indicators_of(row(life))["satisfied"]["answered"] == 0
    assert fact_of(life.ticket).last_word == ""
    rated(life, NOW + 3 * DAY, solved=False)
    assert row(life)["received"] == 1
    assert fact_of(life.ticket).last_word in ("not_solved", "")  # "" once its rework has begun
    assert fact_of(life.ticket).solved_days is None


def test_28_the_same_words_on_five_tickets_are_the_machines_on_each():
    def answered(number, text):
        life = Played("请问怎么办居住证", number=number)
        return life.do(answering.answer, NOW + MINUTE, by=person("desk-a"), text=text)

    lives = [answered(280 + n, f"您好，问题{n}已收到，会尽快处理") for n in range(5)]
    own = answered(289, "带身份证到二楼三号窗口")
    [mark] = {clock.words for life in lives for clock in life.ticket.clocks if clock.words}
    facts = [as_said(fact_of(life.ticket), {mark}) for life in (*lives, own)]
    feedback = indicators_of(count_day(facts, [])["all"][""])["feedback"]
    assert (feedback["numerator"], feedback["by_person"], feedback["by_machine"]) == (6, 1, 5)


def test_29_a_call_a_minute_after_the_take_is_no_arrival_and_whoever_comes_an_hour_later_was_not_quick():
    life = taken(a_facility(29), NOW + 5 * MINUTE, by="pm")
    life.do(handling.contact, NOW + 6 * MINUTE, by=person("pm"), note="一小时内到")
    life.do(handling.arrive, NOW + 65 * MINUTE, by=person("pm"), note="", photos=())
    resolved(life, NOW + 68 * MINUTE, by="pm")
    beside = beside_of(row(life))
    assert (beside["arrived"], beside["quick_arrivals"], beside["quick_resolves"]) == (1, 0, 1)


def test_30_what_owes_no_response_is_shown_as_quick_all_the_same():
    """No facility: at the place ten seconds after the take, resolved a minute later."""
    life = at_work(30)
    life.do(handling.arrive, NOW + HOUR + timedelta(seconds=10), by=person("handler-a"), note="", photos=())
    resolved(life, NOW + HOUR + timedelta(seconds=70))
    beside = beside_of(row(life))
    assert (beside["arrived"], beside["quick_arrivals"], beside["quick_resolves"]) == (1, 1, 1)


def test_31_what_its_finder_put_right_was_dispatched_to_nobody():
    report = Report(
        id=f"{31:026d}",
        number="MS261123-7K3QX9-4",
        source=Source.PATROL,
        where=HERE,
        text="井盖松动",
        entered_by="grid",
    )
    found = Played(number=31).keep(
        answering.settle(report, unit_id="ST", photos=("P1",), note="放好了", town=TOWN, now=NOW)
    )
    assert shares(row(found))["first_dispatch"] == (0, 0)
    assert shares(row(found))["settled"] == (1, 1)


def merged(older, younger, at):
    """The older goes on as a part of the younger."""
    child, absorbed = joining.merge(
        older.ring(at).ticket, into=younger.ring(at).ticket, by=person("desk-a"), sure=True, town=TOWN, now=at
    )
    older.keep(child)
    return younger.keep(absorbed)


def test_32_merged_into_a_younger_one_the_wait_begins_with_the_first_report():
    """Reported on Monday, merged into one of the Thursday after; solved on that Friday: four days, not one."""
    older = at_work(320)
    younger = dispatched(Played(number=321, reporter_id="r2", at=NOW + 3 * DAY), NOW + 3 * DAY + MINUTE)
    merged(older, younger, NOW + 3 * DAY + HOUR)
    taken(younger, NOW + 3 * DAY + 2 * HOUR)
    resolved(younger, NOW + 4 * DAY)
    given = {"satisfied": None, "words": "", "is_reporter": True, "solved": True}
    younger.do(following_up.rate, NOW + 4 * DAY + HOUR, of=older.ticket.id, **given)
    younger.do(following_up.rate, NOW + 4 * DAY + 2 * HOUR, **given)
    assert younger.ticket.stage == "closed"
    assert days_of(row(older, younger)) == {"of": 1, "median": 4, "p90": 4, "open": 0}


def test_33_of_several_who_reported_it_one_who_is_dissatisfied_is_not_outvoted():
    one, two = at_work(33), Played(number=331, reporter_id="r2")
    merged(two, one, NOW + 2 * HOUR)
    resolved(one, NOW + DAY)
    given = {"words": "", "is_reporter": True, "solved": True}
    one.do(following_up.rate, NOW + DAY + HOUR, of=two.ticket.id, satisfied=False, **given)
    one.do(following_up.rate, NOW + DAY + 2 * HOUR, satisfied=True, **given)
    assert one.ticket.stage == "closed"
    satisfied = indicators_of(row(one))["satisfied"]
    assert (satisfied["numerator"], satisfied["denominator"]) == (0, 1)


@pytest.mark.parametrize("end", ["declined", "forwarded", "withdrawn", "merged"])
def test_34_a_claim_that_came_back_is_no_kept_promise_however_the_ticket_ended(end):
    """Claimed in time, reworked the next day, when its unit is no more; the desk ends it without any other claim."""
    life = resolved(at_work(34), NOW + 2 * HOUR).ring(NOW + DAY)
    town = TOWN.model_copy(update={"units": tuple(unit for unit in TOWN.units if unit.code != "OFF")})
    life.keep(reworking.rework(life.ticket, by="desk-a", reason="没修好", town=town, now=NOW + DAY))
    assert life.ticket.stage == "received"
    then, desk = NOW + DAY + HOUR, person("desk-a")
    match end:
        case "declined":
            why = answering.DeclineReason.UNTRUE
            life.do(answering.decline, then, by=desk, reason=why, text="查无此事", instead="打 12345")
        case "forwarded":
            life.do(answering.forward, then, by=desk, to="12345", number="", text="已转")
        case "withdrawn":
            life.do(answering.withdraw, then, reason="算了", others=0)
        case _:
            merged(life, at_work(341), then)
    finished = indicators_of(row(life))["finished"]
    assert (finished["numerator"], finished["denominator"], finished["disproved"]) == (0, 1, 1)


def test_35_answered_on_the_spot_after_a_false_claim_the_days_go_to_the_answer_and_the_claim_is_none():
    """Claimed on Monday, reworked on Tuesday, returned; the desk answers on Friday, and that is what the resident confirms."""
    life = resolved(at_work(35), NOW + 2 * HOUR)
    reworked(life, NOW + DAY)
    how = {"by": person("handler-a"), "reason": returning.ReturnReason.WRONG_PLACE, "note": ""}
    life.do(returning.return_to_desk, NOW + DAY + MINUTE, **how)
    life.do(answering.answer, NOW + 4 * DAY, by=person("desk-a"), text="是邻镇的事，已帮您联系")
    rated(life, NOW + 5 * DAY)
    tally = row(life)
    assert days_of(tally)["median"] == 4
    assert shares(tally)["claimed"] == (0, 1)
    assert shares(tally)["finished"] == (0, 2)  # and the second promise, until Thursday, was late


def test_36_a_follow_up_that_hears_no_is_a_follow_up_that_was_made():
    """The station asked within its two working days; that the answer was no is the unit's failure and not the station's."""
    life = resolved(at_work(36), NOW + 2 * HOUR)
    how = {"outcome": CallOutcome.ANSWERED, "solved": False, "satisfied": None, "words": "还漏"}
    life.do(following_up.record_call, NOW + DAY, by=person("desk-a"), **how)
    assert life.ticket.stage == "handling"
    assert shares(row(life))["followed_up"] == (1, 1)


def test_37_a_matter_that_was_divided_off_has_waited_since_the_report_that_it_was_in():
    """Reported on Monday, divided on Wednesday; what was divided off is solved on Friday: four days, not two."""
    whole = Played("楼道灯不亮，门口半夜有车鸣笛", number=37).ring(NOW + 2 * DAY)
    matters = (Matter(title="灯", text="楼道灯不亮"), Matter(title="垃圾", text="门口垃圾桶没人清运"))
    new = (New(id=f"{371:026d}", number="MS261123-7K3Q51-5"),)
    _, [second] = dividing.divide(
        whole.ticket, matters=matters, new=new, by=person("desk-a"), town=TOWN, now=NOW + 2 * DAY
    )
    part = taken(dispatched(Played(number=371).keep(second), NOW + 2 * DAY + HOUR), NOW + 3 * DAY)
    tally = row(rated(resolved(part, NOW + 4 * DAY), NOW + 4 * DAY + HOUR))
    assert days_of(tally) == {"of": 1, "median": 4, "p90": 4, "open": 0}


def test_38_what_a_patrol_found_and_a_resident_reported_too_is_asked_of_the_resident():
    """Found on Monday, the resident's report of Tuesday is merged into it; solved on Thursday, as the resident says: two days."""
    found = {"source": Source.PATROL, "reporter_id": None, "entered_by": "grid"}
    life = taken(dispatched(Played("井盖松动", number=38, **found), NOW + MINUTE), NOW + HOUR)
    merged(Played("井盖松动", number=381, reporter_id="r2", at=NOW + DAY), life, NOW + DAY + HOUR)
    resolved(life, NOW + 3 * DAY)
    given = {"satisfied": True, "words": "", "is_reporter": True, "solved": True}
    life.do(following_up.rate, NOW + 3 * DAY + HOUR, of=f"{381:026d}", **given)
    if life.ticket.stage != "closed":
        life.do(reworking.verify, NOW + 3 * DAY + 2 * HOUR, by=person("area"), ok=True, note="", photos=())
    tally = row(life)
    assert (shares(tally)["confirmed"], shares(tally)["satisfied"]) == ((1, 1), (1, 1))
    assert days_of(tally) == {"of": 1, "median": 2, "p90": 2, "open": 0}


def test_39_a_promise_that_was_late_in_another_ticket_is_late_once_also_where_it_goes_back_much_later():
    """The first is due on Wednesday 18:00, is late in the second, stays there as the second goes into a third, and goes back on Friday."""
    first, second, third = (
        at_work(39),
        Played(number=391, reporter_id="r2"),
        Played(number=392, reporter_id="r3"),
    )
    merged(first, second, NOW + 2 * HOUR)
    dispatched(second, NOW + 2 * HOUR + MINUTE)
    dispatched(third, NOW + 3 * DAY)
    merged(second, third, NOW + 3 * DAY + HOUR)
    parted_again(second, [third], NOW + 4 * DAY)
    assert named(row(first, second))["2个工作日内办结"] == (0, 1)
    parted_again(first, [second], NOW + 4 * DAY + HOUR)
    assert named(row(first.ring(NOW + 4 * DAY + 2 * HOUR), second))["2个工作日内办结"] == (0, 1)


def parted_again(child, path, at):
    one, others = joining.split(
        child.ring(at).ticket,
        path=[each.ring(at).ticket for each in path],
        by="desk-a",
        note="不是一件",
        town=TOWN,
        now=at,
    )
    child.keep(one)
    for each, other in zip(path, others, strict=True):
        each.keep(other)
