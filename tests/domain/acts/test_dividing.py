"""分拆 (rule 92): one report, several matters; one number for the resident, and the whole is done when all are."""

from datetime import timedelta

import pytest

from chalicelib.domain.acts import answering, closing, dividing, following_up, joining, reworking
from chalicelib.domain.acts.dividing import MOST_MATTERS, Joiners, Matter, New
from chalicelib.domain.clocks import clocks
from chalicelib.domain.errors import FollowUpMissing, Invalid, StillOpen, WrongStage
from chalicelib.domain.tickets.clock_model import ClockKind
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.queues import waits_for
from chalicelib.domain.tickets.readings import DangerCase
from chalicelib.domain.tickets.ticket import Level, Stage, Where
from chalicelib.domain.town.danger_signs import Danger
from chalicelib.domain.town.vocabulary import Source
from chalicelib.domain.views.ticket_view import stage_of_whole
from tests.domain.life import NOW, TOWN, dispatched, person, received, resolve, resolved, taken, told, waiting

MATTERS = (
    Matter(title="楼道灯不亮", text="三楼楼道灯不亮"),
    Matter(title="半夜鸣笛", text="门口半夜老有车鸣笛", photos=("P2",)),
    Matter(title="门口垃圾", text="门口垃圾没人清"),
)
WORDS = "三楼照明坏了，门口半夜老是很吵，垃圾也没人清"


def called(count):
    return tuple(New(id=f"01JD00000000000000000002{n:02}", number=f"MS261123-7K3Q{n:02}-5") for n in range(count))  # fmt: skip


def divide(ticket, matters=MATTERS, by="desk-a"):
    return dividing.divide(
        ticket, matters=matters, new=called(len(matters) - 1), by=person(by), town=TOWN, now=NOW
    )


def reported(build=received, **how):
    return build(text=WORDS, photos=("P1", "P2"), **how)


def moved(whole, part, there=None):
    changed = dividing.part_moved(whole, part, there=there or part, town=TOWN, now=NOW)
    return changed and changed[0]


def declined(part):
    return answering.decline(
        part, by=person("desk-a"), reason=answering.DeclineReason.UNTRUE, text="查无此事", instead="拨打12345", town=TOWN, now=NOW
    )[0]  # fmt: skip


def test_each_matter_but_the_first_is_a_ticket_of_its_own_with_the_reports_place_reporter_and_secrecy():
    (whole, _), parts = divide(reported(confidential=True))
    assert (whole.title, whole.text) == ("楼道灯不亮", WORDS)
    assert [part.title for part in whole.parts] == ["半夜鸣笛", "门口垃圾"]
    horn = parts[0][0]
    assert (horn.stage, horn.part_of.number, horn.photos) == (Stage.RECEIVED, whole.number, ("P2",))
    for part, _ in parts:
        assert (part.reporter_id, part.where, part.confidential) == (whole.reporter_id, whole.where, True)
        assert set(whole.concerns) <= set(part.concerns)


def test_the_resident_hears_it_once_by_one_number_and_the_desk_has_each():
    (whole, event), parts = divide(reported(), by="st-head")
    assert told(event)["divided"] == ["reporter"]
    assert all("reporter" not in [n.to for n in line.notices] for _, line in parts)
    assert all(told(line)["new_for_desk"] == ["desk-a"] for _, line in parts)
    assert [entry.who for entry in waits_for(parts[0][0])] == ["desk:ST"]
    _, later = following = answering.forward(
        parts[0][0], by=person("desk-a"), to="12345", number="1", text="", town=TOWN, now=NOW
    )
    assert following
    notice = next(n for n in later.notices if n.to == "reporter")
    assert notice.params["number"] == whole.number
    assert "半夜鸣笛" in notice.params["place"]


def test_whoever_has_the_whole_is_pushed_that_it_was_divided():
    (_, event), _ = divide(reported(taken))
    notice = next(n for n in event.notices if n.template == "divided_staff" and n.to == "staff:handler-a")
    assert notice.level is Level.PUSH
    assert "半夜鸣笛" not in str(notice.params)  # what a person wrote is read in the ticket


def test_what_was_promised_for_the_whole_holds_for_every_matter():
    before = reported()
    feedback = clocks.find_open(before, ClockKind.FEEDBACK)
    for part, _ in divide(before)[1]:
        assert clocks.find_open(part, ClockKind.FEEDBACK).due_at == feedback.due_at
    promised = clocks.find_open(reported(taken), ClockKind.RESOLUTION).due_at
    for part, _ in divide(reported(taken))[1]:
        assert clocks.find_open(part, ClockKind.RESOLUTION).due_at == promised
        assert clocks.find_open(part, ClockKind.FEEDBACK)  # nobody has said yet who has it


def test_a_category_of_its_own_brings_its_own_clocks():
    _, parts = divide(reported(), (MATTERS[1].model_copy(update={"photos": ()}), Matter(title="灯坏", text="楼道灯不亮")))  # fmt: skip
    assert parts[0][0].facility
    assert clocks.find_open(parts[0][0], ClockKind.RESPONSE)


@pytest.mark.parametrize("count", [0, 1, 2, MOST_MATTERS, MOST_MATTERS + 1])
def test_two_matters_at_least_and_six_at_most(count):
    matters = tuple(Matter(title=f"第{n}件", text=f"第{n}件事的话") for n in range(count))
    if 2 <= count <= MOST_MATTERS:
        assert len(divide(reported(), matters)[1]) == count - 1
    else:
        with pytest.raises(Invalid):
            dividing.divide(
                reported(),
                matters=matters,
                new=called(max(0, count - 1)),
                by=person("desk-a"),
                town=TOWN,
                now=NOW,
            )


@pytest.mark.parametrize("build", [resolved, lambda **how: declined(received(**how))])
def test_what_is_done_or_ended_is_not_divided(build):
    with pytest.raises(WrongStage):
        divide(reported(build))


def test_nor_while_the_resident_is_asked_or_somebody_may_be_in_danger():
    with pytest.raises(StillOpen):
        divide(waiting(text=WORDS, photos=("P1", "P2")))
    asked = reported().model_copy(update={"danger": DangerCase(level=Danger.POSSIBLE, since=NOW)})
    with pytest.raises(StillOpen):
        divide(asked)


def test_nor_twice_nor_a_part():
    (whole, _), parts = divide(reported())
    for again in (whole, parts[0][0]):
        with pytest.raises(WrongStage):
            divide(again)


def test_a_photo_of_another_report_and_an_unknown_category_are_refused():
    for wrong in ({"photos": ("P9",)}, {"category": "NONE"}):
        with pytest.raises(Invalid):
            divide(reported(), (MATTERS[0], MATTERS[2].model_copy(update=wrong)))


def test_the_whole_closes_with_the_last_of_its_parts_and_not_before():
    (whole, _), parts = divide(reported(taken))
    done = resolve(whole)
    said, _ = following_up.rate(
        done, solved=True, satisfied=True, words="", is_reporter=True, town=TOWN, now=NOW
    )
    assert (said.stage, said.on_call_list) == (Stage.RESOLVED, False)
    assert clocks.find_open(said, ClockKind.FOLLOW_UP) is None
    with pytest.raises(FollowUpMissing, match="2件"):
        closing.close(said, by=person("desk-a"), note="", town=TOWN, now=NOW)
    one = moved(said, declined(parts[0][0]))
    assert (one.stage, stage_of_whole(one)) == (Stage.RESOLVED, Stage.RECEIVED)
    assert moved(one, declined(parts[0][0])) is None  # told again it changes nothing
    all_done = moved(one, declined(parts[1][0]))
    assert (all_done.stage, all_done.outcome, stage_of_whole(all_done)) == (
        Stage.CLOSED,
        "solved",
        Stage.CLOSED,
    )


def test_a_part_that_was_merged_is_as_far_as_what_it_went_into():
    """The whole is done when all are: a matter that goes on elsewhere is not done."""
    (whole, _), parts = divide(reported(taken), MATTERS[:2])
    own = following_up.rate(resolve(whole), solved=True, satisfied=True, words="", is_reporter=True, town=TOWN, now=NOW)[0]  # fmt: skip
    into = taken(id="01JD0000000000000000000009", number="MS261123-7K3QX0-5", reporter_id="r9")
    (part, _), (there, _) = joining.merge(
        parts[0][0], into=into, by=person("desk-a"), sure=True, town=TOWN, now=NOW
    )
    assert there.joined[0].part_of == whole.id
    waits = moved(own, part, there)
    assert (waits.stage, waits.parts[0].stage, stage_of_whole(waits)) == (
        Stage.RESOLVED,
        Stage.HANDLING,
        Stage.HANDLING,
    )
    over = there.model_copy(update={"stage": Stage.CLOSED, "closed_at": NOW})
    assert moved(waits, part, over).stage is Stage.CLOSED
    back = part.model_copy(update={"merged_into": own.id})
    assert moved(waits, back, own).stage is Stage.CLOSED  # merged into the whole itself it is done with it


def test_parts_that_end_first_do_not_close_what_nobody_was_asked_about():
    (whole, _), parts = divide(reported(taken))
    for part, _ in parts:
        whole = moved(whole, declined(part))
    assert whole.stage is Stage.HANDLING
    done = resolve(whole)
    assert following_up.rate(done, solved=True, satisfied=None, words="", is_reporter=True, town=TOWN, now=NOW)[0].stage is Stage.CLOSED  # fmt: skip


def test_a_matter_that_is_not_solved_does_not_hold_the_others():
    (_, _), parts = divide(reported(dispatched))
    assert parts[0][0].lead_unit_id is None
    assert moved(received(), parts[0][0]) is None  # none of its own


def two_that_went_into_each_other():
    """Two divided wholes, each with a part in the other; the parts as they are, by the whole that they are of."""
    (one, _), [(of_one, _)] = divide(reported(taken), MATTERS[:2])
    other = reported(taken, id="01JD0000000000000000000009", number="MS261123-7K3QX0-5", reporter_id="r9")
    new = (New(id="01JD0000000000000000000010", number="MS261123-7K3QX1-5"),)
    (other, _), [(of_other, _)] = dividing.divide(
        other, matters=MATTERS[:2], new=new, by=person("desk-a"), town=TOWN, now=NOW
    )
    how = {"by": person("desk-a"), "sure": True, "town": TOWN, "now": NOW}
    (of_one, _), (other, _) = joining.merge(of_one, into=other, **how)
    (of_other, _), (one, _) = joining.merge(of_other, into=one, **how)
    return (one, of_one), (other, of_other)


def said_solved(ticket, of=""):
    return following_up.rate(
        ticket, solved=True, satisfied=True, words="", is_reporter=True, of=of, town=TOWN, now=NOW
    )[0]


def test_two_wholes_with_a_part_in_each_other_close_when_both_own_matters_are_done():
    (one, of_one), (other, of_other) = two_that_went_into_each_other()
    one = said_solved(said_solved(resolve(one)), of=of_other.id)
    assert one.stage is Stage.RESOLVED
    assert moved(one, of_one, other).parts[0].stage is Stage.HANDLING  # the other one has not been done yet
    other = said_solved(said_solved(resolve(moved(other, of_other, one))), of=of_one.id)
    assert other.stage is Stage.CLOSED  # it does not wait for what waits for it
    assert moved(one, of_one, other).stage is Stage.CLOSED


def test_where_the_others_are_silent_they_close_once_their_time_is_over():
    (one, of_one), (other, of_other) = two_that_went_into_each_other()
    one, other = said_solved(resolve(one)), said_solved(resolve(other))
    assert not moved(one, of_one, other).parts[0].done
    later = NOW + timedelta(hours=49)
    after, event = following_up.ask_by_call(one, round_=1, town=TOWN, now=later)
    assert (after.stage, event.kind, after.on_call_list) == (Stage.RESOLVED, "part_moved", False)
    assert following_up.ask_by_call(after, round_=1, town=TOWN, now=later) is None
    ended, _ = dividing.part_moved(other, of_other, there=after, town=TOWN, now=later)
    assert ended.stage is Stage.CLOSED


def test_what_is_done_again_over_there_holds_the_whole_again():
    (one, of_one), (other, _) = two_that_went_into_each_other()
    done = said_solved(said_solved(resolve(other)), of=of_one.id)
    knows = moved(one, of_one, done)
    assert knows.parts[0].done
    assert not knows.open_parts
    back = reworking.rework(done, by="desk-a", reason="没好", town=TOWN, now=NOW)[0]
    assert moved(knows, of_one, back).open_parts


def apart(was, **joiners):
    usual = {"first": "r2", "reachable": "in_wechat", "since": NOW}
    return dividing.joiners_own(
        was, Joiners(**(usual | joiners)), called=called(1)[0], town=TOWN, now=NOW + timedelta(hours=1)
    )


def test_those_who_joined_what_turns_confidential_go_on_with_what_was_public_and_their_own_words():
    was = taken().model_copy(
        update={"public_text": "门口很乱", "category": "LAMP", "facility": True, "night": False}
    )
    own, event = apart(was, words=("我家也是", "晚上更乱"), photos=("P9",))
    assert (own.id, own.number) == (called(1)[0].id, called(1)[0].number)
    assert (own.reporter_id, own.reachable, own.received_at) == ("r2", "in_wechat", NOW)
    assert (own.text, own.public_text, own.photos) == ("门口很乱\n我家也是\n晚上更乱", "门口很乱", ("P9",))
    assert (own.source, own.where, own.category) == (Source.QR, was.where, "LAMP")
    assert (own.track, own.urgent, own.facility, own.night, own.danger) == (
        was.track, was.urgent, True, False, None,
    )  # fmt: skip
    assert (own.stage, own.handler_id, own.lead_unit_id) == (Stage.RECEIVED, None, None)
    assert (event.kind, event.at, event.by) == (EventKind.RECEIVED, NOW + timedelta(hours=1), "machine")
    for private in (was.id, was.number, was.text, "r1"):
        assert private not in own.model_dump_json()
        assert private not in event.model_dump_json()


def test_their_promises_go_along_with_their_instants():
    was = taken()
    own, _ = apart(was)
    promised = clocks.find_open(own, ClockKind.RESOLUTION)
    assert promised.due_at == clocks.find_open(was, ClockKind.RESOLUTION).due_at
    assert promised.carried_from == ""
    assert clocks.find_open(own, ClockKind.UNIT_FEEDBACK) is None  # no unit has it yet


@pytest.mark.parametrize(
    ("changes", "known", "source"),
    [
        ({"category": "LAMP"}, "盛华景苑：楼道照明", Source.QR),
        ({"category": None}, "盛华景苑：情况待核实", Source.QR),
        ({"category": None, "where": Where(name="河边", path=("HJ",))}, "河边：情况待核实", Source.BROWSER),
    ],
)
def test_where_nothing_was_public_they_go_on_with_the_place_and_the_category(changes, known, source):
    own, _ = apart(taken().model_copy(update=changes))
    assert (own.text, own.source) == (known, source)


def test_an_exercise_stays_one_and_an_urgent_matter_urgent():
    own, _ = apart(taken().model_copy(update={"practice": True, "urgent": True}))
    assert (own.practice, own.urgent) == (True, True)
