"""并案与拆案: two tickets about one matter; nobody's promise, word or right ends by it (rule 38, design §13)."""

from datetime import timedelta

import pytest

from chalicelib.domain.acts import assisting, closing, following_up, joining, pausing, supervising
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import AskFirst, FollowUpMissing, Invalid, WrongStage
from chalicelib.domain.parties.follow_up_policy import MOST_CALLS, to_be_called
from chalicelib.domain.tickets.calls import CallOutcome
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import Event, ExternalId, Level, Stage, Where
from chalicelib.domain.town.vocabulary import Source, Track
from tests.domain.life import NOW, TOWN, dispatched, person, received, resolve, resolved, taken, told

OTHER = {"id": "01JD0000000000000000000001", "number": "MS261123-7K3QX8-5", "reporter_id": "r2"}
THIRD = {"id": "01JD0000000000000000000002", "number": "MS261123-7K3QX7-6", "reporter_id": "r3"}
LATER = NOW + timedelta(hours=3)


def merge(ticket, into, *, now=NOW, sure=False):
    return joining.merge(ticket, into=into, by=person("desk-a"), sure=sure, town=TOWN, now=now)


def split(ticket, *path, now=NOW, by="desk-a"):
    """The ticket on its own again; each that it was in; the last of them alone."""
    own, parted = joining.split(ticket, path=path, by=by, note="不是一件事", town=TOWN, now=now)
    return own, *parted


def due(ticket, kind=ClockKind.RESOLUTION):
    clock = clocks.find_open(ticket, kind)
    return clock and clock.due_at


def test_merging_ends_the_one_marks_the_other_and_tells_the_people_of_both():
    (child, one), (parent, other) = merge(taken(**OTHER), taken(handler="handler-b"))
    assert (child.stage, child.merged_into, child.closed_at) == (Stage.MERGED, parent.id, NOW)
    assert not any(c.is_open for c in child.clocks)
    assert parent.merged_from == (child.id,)
    assert told(one) == {"merged": ["reporter"], "recalled": ["handler-a"]}
    assert told(other)["absorbed"][0] == "handler-b"
    assert (one.details["into"], other.details["from"]) == (parent.id, child.id)


@pytest.mark.parametrize(
    ("ticket", "into", "refusal"),
    [
        (received(), received(), Invalid),  # with itself
        (received("投诉物业态度差"), received(**OTHER), Invalid),  # a confidential one into an open one
        (resolved(), received(**OTHER), WrongStage),
        (
            received(**OTHER),
            resolved(),
            WrongStage,
        ),  # its people would be told of what was done before they spoke
        (received(), received("浦东有人烧烤", **OTHER), WrongStage),  # into one that has ended
    ],
)
def test_what_cannot_be_merged(ticket, into, refusal):
    with pytest.raises(refusal):
        merge(ticket, into)


def test_into_a_ticket_that_avoids_somebody_nobody_else_is_carried():
    about = received("投诉物业态度差")
    assert about.concerns
    again = received("投诉物业不管", **(OTHER | {"reporter_id": about.reporter_id}))
    merge(again, about)  # two reports of one person
    for somebody_elses in (received("投诉物业不管", **OTHER), received("楼道灯不亮", **THIRD)):
        with pytest.raises(Invalid):
            merge(somebody_elses, about)
    joining.need_nobody_else(received(), ["r9"])


def test_what_was_merged_into_a_ticket_that_turns_to_avoid_somebody_goes_its_own_way_with_its_promises():
    child, parent = taken(**OTHER), taken(track=Track.JOINT)
    (child, _), (parent, _) = merge(child, parent)
    held = parent.model_copy(update={"confidential": True, "concerns": ("OFF",)})
    assert joining.turns_apart(parent, held)
    assert not joining.turns_apart(held, held)
    line = Event(kind=EventKind.KEPT_APART, at=LATER, by="reporter")
    (left, said), ((own, told_),) = joining.set_apart(held, line, (child,), town=TOWN, now=LATER)
    assert (own.stage, own.merged_into, due(own)) == (Stage.RECEIVED, None, due(taken(**OTHER)))
    assert (left.joined, left.merged_from, said) == ((), (), line)
    assert told(told_)["set_apart"] == ["reporter"]
    assert parent.id not in told_.model_dump_json()
    assert parent.number not in told_.model_dump_json()


@pytest.mark.parametrize("earlier", ["child", "parent"])
def test_the_joined_ticket_takes_the_earlier_due_time_and_what_it_replaced_is_carried_not_dropped(earlier):
    simple = taken(track=Track.SIMPLE, **OTHER)
    joint = taken(track=Track.JOINT)
    child, parent = (simple, joint) if earlier == "child" else (joint, simple)
    (merged, _), (whole, _) = merge(child, parent)
    assert due(whole) == min(due(simple), due(joint))
    assert whole.track is Track.JOINT
    own = clocks.find_latest(merged, ClockKind.RESOLUTION)
    assert (own.ended_at, own.carried_to) == (NOW, parent.id)


def test_a_clock_that_is_late_is_not_inherited_and_stays_late():
    child, parent = taken(track=Track.SIMPLE, **OTHER), taken(track=Track.DIFFICULT)
    late = NOW + timedelta(days=10)
    (merged, _), (whole, _) = merge(child, parent, now=late)
    assert due(whole) == due(parent)
    own = clocks.find_latest(merged, ClockKind.RESOLUTION)
    assert own.ended_at > own.due_at
    assert own.carried_to == ""


def test_a_late_parents_ladder_goes_on_after_it_takes_in_one_that_still_runs():
    parent = taken(track=Track.SIMPLE)
    late = NOW + timedelta(days=4)
    child = taken(track=Track.DIFFICULT, now=late, **OTHER)
    unrung = [rung.to for rung in clocks.find_open(parent, ClockKind.RESOLUTION).rungs]
    (_, _), (whole, _) = merge(child, parent, now=late)
    assert due(whole) == due(child)
    after = clocks.find_open(whole, ClockKind.RESOLUTION)
    assert [rung.to for rung in after.rungs if rung.overdue] == unrung


def test_nothing_rings_anew_by_a_merge_alone():
    child, parent = taken(track=Track.SIMPLE, **OTHER), taken(track=Track.JOINT)
    (_, _), (whole, _) = merge(child, parent, now=LATER)
    rung = clocks.find_open(child, ClockKind.RESOLUTION).rungs
    assert clocks.find_open(whole, ClockKind.RESOLUTION).rungs == rung


def test_an_urgent_one_into_one_that_is_not_asks_first_and_then_makes_it_urgent():
    urgent = received("有人困在电梯里", **OTHER)
    with pytest.raises(AskFirst):
        merge(urgent, dispatched())
    (_, _), (parent, _) = merge(urgent, dispatched(), sure=True)
    assert parent.urgent
    assert clocks.find_open(parent, ClockKind.RESPONSE).due_at == due(urgent, ClockKind.RESPONSE)


def test_whoever_handles_it_hears_that_it_is_urgent_now():
    urgent = received("有人困在电梯里", **OTHER)
    _, (_, line) = merge(urgent, dispatched(), sure=True)
    heard = next(n for n in line.notices if n.to == "staff:handler-a")
    assert (heard.template, heard.level) == ("absorbed", Level.RING)
    assert heard.params["note"].startswith("并入1件，现在按紧急办")


def test_what_is_taken_is_not_asked_to_be_taken_again():
    """The clock of 签收 would ring at whoever has it, and tell the residents that nobody does."""
    _, (untaken, _) = merge(dispatched(**OTHER), dispatched(), now=LATER)
    assert due(untaken, ClockKind.TAKE)
    for parent in (taken(), put_off(dispatched())):
        _, (whole, _) = merge(dispatched(**OTHER), parent, now=NOW)
        assert not [c for c in whole.clocks if c.kind is ClockKind.TAKE and c.is_running]


def put_off(ticket, *, now=NOW):
    review_at = now + timedelta(days=30)
    return pausing.suspend(
        ticket, by=person("st-head"), reason="等配件", review_at=review_at, town=TOWN, now=now
    )[0]


def test_what_is_merged_into_a_suspended_one_stands_still_with_it_and_its_reporter_reads_why():
    child, parent = taken(track=Track.SIMPLE, **OTHER), put_off(taken(track=Track.JOINT))
    (_, line), (whole, other) = merge(child, parent, now=LATER)
    assert not [c for c in whole.clocks if c.is_running and c.kind is not ClockKind.REVIEW]
    told_of = {n.template: n.params for n in line.notices if n.to == "reporter"}
    assert (told_of["merged_suspended"]["who"], told_of["merged_suspended"]["due"]) == (
        "等配件",
        "12月23日 10:00",
    )
    assert {n.params["note"] for n in other.notices} == {"并入1件，还在挂账，先不用办，新增来话1条"}
    days = timedelta(days=7)
    back = pausing.resume(whole, by=person("st-head"), note="到了", town=TOWN, now=LATER + days)[0]
    assert due(back) == due(child) + days


def test_what_is_suspended_keeps_its_own_promise_where_less_is_left_of_it():
    parent = put_off(taken(track=Track.SIMPLE), now=NOW)
    _, (whole, _) = merge(
        taken(track=Track.SIMPLE, now=LATER, **OTHER), parent, now=LATER + timedelta(days=1)
    )
    later = clocks.find_open(whole, ClockKind.RESOLUTION)
    assert later.carried_from == OTHER["id"]  # of the other one a day has gone: less is left
    _, (whole, _) = merge(taken(track=Track.JOINT, **OTHER), parent, now=LATER)
    own = clocks.find_open(whole, ClockKind.RESOLUTION)
    assert (own.carried_from, own.paused_at) == ("", NOW)


def test_parted_from_a_suspended_one_its_own_promise_stands_still_again_since_then():
    child, parent = taken(track=Track.SIMPLE, **OTHER), put_off(taken(track=Track.JOINT))
    (child, _), (whole, _) = merge(child, parent, now=LATER)
    (alone, _), (left, _) = split(child, whole, now=LATER + timedelta(hours=1))
    own = clocks.find_open(left, ClockKind.RESOLUTION)
    assert (own.due_at, own.paused_at) == (due(parent), NOW)
    assert clocks.find_open(alone, ClockKind.RESOLUTION).is_running


def test_what_is_urgent_is_not_put_off_by_a_merge():
    with pytest.raises(WrongStage, match="挂账"):
        merge(received("有人困在电梯里", **OTHER), put_off(taken()), sure=True)


def test_an_open_assisting_unit_hears_that_its_part_ends_with_the_merge():
    helped = assisting.add_assisting(
        taken(**OTHER), unit_id="TRA", by=person("desk-a"), note="", town=TOWN, now=NOW
    )[0]
    (child, one), _ = merge(helped, received())
    assert [part.state for part in child.assisting] == ["ended"]
    assert set(told(one)["recalled"]) == {"handler-a", "police"}


def test_an_unanswered_order_goes_along_and_its_giver_hears_where():
    ordered = supervising.supervise(taken(**OTHER), by=person("area"), text="请加快", town=TOWN, now=NOW)[0]
    (_, one), (parent, _) = merge(ordered, taken())
    assert [(order.by, order.of) for order in parent.supervision_orders] == [("area", OTHER["id"])]
    assert told(one)["merged_staff"] == ["area"]
    assert clocks.find_open(parent, ClockKind.SUPERVISION)


def test_every_reporters_not_solved_holds_the_closing():
    _, (parent, _) = merge(received(**OTHER), taken())
    done = resolve(parent)
    unhappy, _ = following_up.rate(
        done, solved=False, satisfied=None, words="", is_reporter=True, of=OTHER["id"], town=TOWN, now=NOW
    )
    happy, _ = following_up.rate(
        unhappy, solved=True, satisfied=None, words="", is_reporter=True, town=TOWN, now=NOW
    )
    assert happy.stage is Stage.RESOLVED
    with pytest.raises(FollowUpMissing):
        closing.close(happy, by=person("desk-a"), note="", town=TOWN, now=NOW)
    # it turns out to be another floor: parted, it goes its own way and does not hold the others
    child = merge(received(**OTHER), taken())[0][0]
    _, (left, _) = split(child, happy)
    assert closing.close(left, by=person("desk-a"), note="", town=TOWN, now=NOW)[0].stage is Stage.CLOSED


def said(ticket, *, solved, of="", now=NOW):
    return following_up.rate(
        ticket, solved=solved, satisfied=None, words="", is_reporter=True, of=of, town=TOWN, now=now
    )[0]


WAIT = timedelta(hours=TOWN.follow_up_rule(Source.QR, False).wait_hours)


def test_the_first_reporters_yes_does_not_close_before_the_others_had_their_say():
    _, (parent, _) = merge(received(**OTHER), taken())
    first = said(resolve(parent), solved=True)
    assert (first.stage, first.on_call_list) == (Stage.RESOLVED, False)
    with pytest.raises(FollowUpMissing, match="并入的上报人还在回答"):
        closing.close(first, by=person("desk-a"), note="", town=TOWN, now=NOW)
    assert said(first, solved=True, of=OTHER["id"]).stage is Stage.CLOSED
    late = said(first, solved=False, of=OTHER["id"])
    assert (late.stage, late.on_call_list) == (Stage.RESOLVED, True)


@pytest.mark.parametrize(
    ("waited", "stage"),
    [
        (WAIT - timedelta(seconds=2), Stage.RESOLVED),
        (WAIT, Stage.CLOSED),
        (WAIT + timedelta(seconds=1), Stage.CLOSED),
    ],
)
def test_silence_of_those_who_joined_matters_holds_nothing_once_they_had_their_time(waited, stage):
    _, (parent, _) = merge(received(**OTHER), taken())
    first = said(resolve(parent), solved=True)
    assert following_up.needs_call(first, 1, town=TOWN)
    done = following_up.ask_by_call(first, round_=1, town=TOWN, now=NOW + waited)
    assert (done[0] if done else first).stage is stage
    assert done is None or told(done[1])["closed"] == ["reporter"]


def test_a_call_does_not_close_either_while_somebody_may_answer_in_the_app():
    _, (parent, _) = merge(received(**OTHER), taken(source=Source.PHONE, entered_by="desk-a"))
    asked, _ = following_up.ask_by_call(resolve(parent), round_=1, town=TOWN, now=NOW)
    assert asked.on_call_list
    called, _ = following_up.record_call(
        asked, by=person("desk-a"), outcome=CallOutcome.ANSWERED, solved=True, satisfied=True, words="", town=TOWN, now=NOW
    )  # fmt: skip
    assert (called.stage, called.on_call_list) == (Stage.RESOLVED, False)
    assert following_up.look_at(called, town=TOWN, now=NOW) == NOW + WAIT
    assert not following_up.is_to_close(called, 1, town=TOWN, now=NOW)
    assert following_up.is_to_close(called, 1, town=TOWN, now=NOW + WAIT)


def test_who_reported_it_twice_is_asked_once():
    again = {**OTHER, "reporter_id": received().reporter_id}
    _, (parent, _) = merge(received(source=Source.PHONE, entered_by="desk-a", **again), taken())
    assert to_be_called(resolve(parent), TOWN) == ()
    assert said(resolve(parent), solved=True).stage is Stage.CLOSED


def test_who_called_is_called_also_after_a_merge():
    _, (parent, _) = merge(received(source=Source.PHONE, entered_by="desk-a", **OTHER), taken())
    done = resolve(parent)
    first, _ = following_up.rate(
        done, solved=True, satisfied=None, words="", is_reporter=True, town=TOWN, now=NOW
    )
    assert first.stage is Stage.RESOLVED
    assert to_be_called(first, TOWN) == (OTHER["id"],)
    last, _ = following_up.record_call(
        first, by=person("desk-a"), outcome=CallOutcome.ANSWERED, solved=True, satisfied=True, words="", of=OTHER["id"], town=TOWN, now=NOW
    )  # fmt: skip
    assert last.stage is Stage.CLOSED


@pytest.mark.parametrize(("callers", "called"), [(9, 9), (10, 10), (11, MOST_CALLS), (30, MOST_CALLS)])
def test_above_ten_callers_a_share_is_drawn(callers, called):
    parent = taken()
    for n in range(callers):
        other = {
            "id": f"01JD00000000000000000001{n:02}",
            "number": f"MS261123-7K3Q{n:02}-5",
            "reporter_id": f"c{n}",
        }
        _, (parent, _) = merge(received(source=Source.PHONE, entered_by="desk-a", **other), parent)
    assert len(to_be_called(resolve(parent), TOWN)) == called
    drawn = to_be_called(resolve(parent), TOWN)
    assert drawn == to_be_called(resolve(parent), TOWN)
    # By lot: who came first, or has the lowest number, is not drawn for that
    assert (drawn == tuple(entry.id for entry in parent.joined[:called])) is (callers == called)


def test_splitting_gives_back_what_was_taken_and_tells_everyone():
    child, parent = dispatched(track=Track.SIMPLE, **OTHER), taken(track=Track.JOINT)
    (merged, _), (whole, _) = merge(child, parent)
    (again, one), (left, other) = split(merged, whole, now=LATER)
    assert (again.stage, again.merged_into, again.lead_unit_id, again.closed_at) == (
        Stage.RECEIVED,
        None,
        None,
        None,
    )
    assert due(again) == due(child)
    assert clocks.find_open(again, ClockKind.FEEDBACK).round == 2
    assert (due(left), left.track, left.merged_from, left.joined) == (due(parent), Track.JOINT, (), ())
    assert told(one)["split"] == ["reporter"]
    assert "handler-a" in told(other)["parted"]
    with pytest.raises(WrongStage):
        split(again, left)


def test_a_facility_that_is_split_is_owed_its_response_again_and_the_desk_hears_when_the_resident_parts_it():
    child = received("楼道灯不亮", now=NOW.replace(hour=23), **OTHER)
    (merged, _), (whole, _) = merge(child, taken())
    (again, one), _ = split(merged, whole, by="reporter")
    assert clocks.find_open(again, ClockKind.RESPONSE)
    assert "desk-a" in told(one)["new_for_desk"]


def test_what_rang_while_it_was_merged_does_not_ring_again_once_it_is_split():
    child = received("有人困在电梯里", **OTHER)
    (merged, _), (whole, _) = merge(child, received(), sure=True)
    much_later = NOW + timedelta(hours=8)
    rung = whole.model_copy(
        update={"clocks": tuple(c.model_copy(update={"rang": len(c.rungs)}) for c in whole.clocks)}
    )
    carried = clocks.find_open(rung, ClockKind.RESPONSE)
    assert (carried.carried_from, carried.rang > 0) == (OTHER["id"], True)
    (again, _), _ = split(merged, rung, now=much_later)
    assert clocks.find_open(again, ClockKind.RESPONSE).rang == carried.rang
    assert ClockKind.RESPONSE not in {
        alarm.clock_id.rpartition("-")[0] for alarm in clocks.due_alarms(again, much_later)
    }


def test_what_was_merged_again_comes_back_from_everywhere():
    first = received("有人困在电梯里", **THIRD)
    (one, _), (two, _) = merge(first, received(**OTHER), sure=True)
    (_, _), (three, _) = merge(two, taken(), sure=True)
    assert {each.id: each.via for each in three.joined} == {OTHER["id"]: "", THIRD["id"]: OTHER["id"]}
    _, (left, _), (whole, _) = split(one, two, three)
    assert left.joined == ()
    assert [each.id for each in whole.joined] == [OTHER["id"]]


def test_what_goes_takes_along_what_had_come_by_it_however_deep():
    (_, _), (two, _) = merge(received(**THIRD), received(**OTHER))
    fourth = received(id="01JD0000000000000000000003", number="MS261123-7K3QX6-7", reporter_id="r4")
    (middle, _), (three, _) = merge(two, fourth)
    (_, _), (four, _) = merge(three, taken())
    assert len(four.joined) == 3
    *_, (left, _) = split(middle, three, four)
    assert [each.id for each in left.joined] == [fourth.id]


def order(number, due_at=None):
    return ExternalId(partner="hotline", number=number, due_at=due_at)


def test_what_is_split_takes_its_partners_orders_with_it_as_they_stand_by_then():
    own, theirs = order("SH-1"), order("SH-2")
    child = dispatched(**OTHER).model_copy(update={"external_ids": (theirs,)})
    (child, _), (whole, _) = merge(child, received().model_copy(update={"external_ids": (own,)}))
    assert whole.external_ids == (own, theirs)
    later = theirs.model_copy(update={"digest": "2", "due_at": NOW + timedelta(hours=4)})
    (again, _), (left, _) = split(child, whole.model_copy(update={"external_ids": (own, later)}))
    assert (again.external_ids, left.external_ids) == ((later,), (own,))
    assert due(again) == later.due_at


def test_an_order_that_was_split_from_the_middle_is_not_the_middles_any_more():
    first = received(**THIRD).model_copy(update={"external_ids": (order("SH-1"),)})
    (first, _), (two, _) = merge(first, received(**OTHER))
    (two, _), (three, _) = merge(two, received())
    (alone, _), (two, _), (three, _) = split(first, two, three)
    assert [each.external_ids for each in (alone, two, three)] == [(order("SH-1"),), (), ()]
    assert split(two, three)[0][0].external_ids == ()


def test_a_deadline_that_an_order_brought_goes_with_it():
    promised = due(taken())
    early = order("SH-1", NOW + timedelta(hours=3))
    child = received(**OTHER).model_copy(
        update={"external_ids": (early,)}
    )  # promised nothing that would be carried
    (child, _), (whole, _) = merge(child, taken())
    assert due(whole) == NOW + timedelta(hours=3)
    _, (left, _) = split(child, whole)
    assert due(left) == promised


def test_whatever_is_merged_is_at_the_station_of_what_it_went_into_until_it_is_split():
    there = received(**OTHER, where=Where(place="HJ1", path=("310104", "HJ", "HJB"), name="华泾绿苑"))
    assert there.station_id == "ST2"
    (child, one), (parent, _) = merge(taken(), there)
    assert (child.station_id, child.where) == ("ST2", taken().where)
    assert "desk-a" not in told(one).get("recalled", [])  # who did it knows
    assert (split(child, parent)[0][0].station_id, split(child, parent)[0][0].where) == ("ST", child.where)
    by_leader = joining.merge(taken(), into=there, by=person("area"), town=TOWN, now=NOW)[0][1]
    assert "desk-a" in told(by_leader)["recalled"]


def test_it_follows_what_it_is_part_of_and_nothing_follows_once_it_is_split():
    (child, _), (parent, _) = merge(taken(**OTHER), taken())
    elsewhere = parent.model_copy(update={"station_id": "ST2"})

    def followed(ticket, into):
        return joining.station_followed(ticket, into=into, town=TOWN, now=LATER)

    after, event = followed(child, elsewhere)
    assert (after.station_id, after.stage, event.notices) == ("ST2", Stage.MERGED, ())
    assert followed(after, elsewhere) is None
    assert followed(split(child, parent)[0][0], elsewhere) is None
