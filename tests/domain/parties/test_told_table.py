"""The table act × party (rule 84): no act forgets anybody, and what is loud is loud for who must act."""

from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.domain.acts import (
    answering,
    assisting,
    classifying,
    dispatching,
    pausing,
    reworking,
    supervising,
    words,
)
from chalicelib.domain.acts.answering import DeclineReason
from chalicelib.domain.notices.resident_templates import TEMPLATES
from chalicelib.domain.notices.words import words_of
from chalicelib.domain.parties.holding import handler_of
from chalicelib.domain.parties.parties import Party, losers, parties
from chalicelib.domain.parties.telling import told as tell_all
from chalicelib.domain.parties.told_cells import NEVER_BY_THE_WAY, NotTold, Told, row
from chalicelib.domain.parties.told_table import TABLE
from chalicelib.domain.tickets.event_kinds import EventKind
from chalicelib.domain.tickets.ticket import AssistingState, Audience, Event, Level, Stage
from tests.domain.life import NOW, TOWN, dispatched, life_town, person, received, resolved, taken, told

CHALICELIB = Path(__file__).resolve().parents[3] / "chalicelib"
TOLD_BY_OTHER_ROWS = {
    EventKind.DANGER_CONFIRMED,
    EventKind.FOLLOWED_UP,
}  # of what makes it urgent, and of its closing


def rows_of(kind: str) -> list[str]:
    return [name for name in TABLE if name.partition("/")[0] == kind]


def test_every_kind_of_line_has_a_row():
    assert {kind for kind in EventKind if not rows_of(kind)} == TOLD_BY_OTHER_ROWS


@pytest.mark.parametrize("name", TABLE)
def test_a_row_says_of_every_party_what_it_hears_or_why_not(name):
    assert TABLE[name].keys() == set(Party)
    for cell in TABLE[name].values():
        if isinstance(cell, NotTold):
            assert len(cell.why) > 3
        else:
            assert cell.template in TEMPLATES


def test_a_row_that_forgets_whom_complaints_found_forgotten_cannot_be_written():
    with pytest.raises(ValueError, match="forgets"):
        row(dict.fromkeys(NEVER_BY_THE_WAY - {Party.LOSES}, NotTold("没有变化")), others="没有变化")


@pytest.mark.parametrize("name", TABLE)
def test_who_has_nothing_to_do_is_not_pushed_to(name):
    for party in (Party.ESCALATED, Party.ORDER_GIVER, Party.PARTNER):
        cell = TABLE[name][party]
        assert not (isinstance(cell, Told) and cell.level in (Level.PUSH, Level.RING))


def helped(**how):
    return assisting.add_assisting(
        taken(**how), unit_id="TRA", by=person("desk-a"), note="", town=TOWN, now=NOW
    )[0]


ENDING = {
    "withdraw": lambda t: answering.withdraw(t, reason="好了", others=0, town=TOWN, now=NOW),
    "forward": lambda t: answering.forward(t, by=person("desk-a"), to="12345", number="1", text="", town=TOWN, now=NOW),
    "suspend": lambda t: pausing.suspend(
        t, by=person("area"), reason="等拨款", review_at=NOW + timedelta(days=9), town=TOWN, now=NOW
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ENDING)
def test_what_ends_or_stops_a_ticket_tells_open_assisting_units_and_ends_their_part(name):
    after, event = ENDING[name](helped())
    assert [part.state for part in after.assisting] == ["ended"]
    heard = {to for people in told(event).values() for to in people}
    assert {"police", "handler-a"} <= heard


def test_a_transfer_tells_who_loses_it_in_words_that_say_no_reason():
    _, event = dispatching.transfer(
        taken(), unit_id="TRA", handler_id=None, by=person("desk-a"), note="应由交警", town=TOWN, now=NOW
    )
    notice = next(each for each in event.notices if each.template == "recalled")
    assert (notice.to, notice.params["note"]) == ("staff:handler-a", "")


def test_a_waived_assisting_unit_hears_it_itself():
    _, event = assisting.end_assisting(
        helped(),
        unit_id="TRA",
        state=AssistingState.WAIVED,
        by=person("desk-a"),
        note="不用了",
        town=TOWN,
        now=NOW,
    )
    assert "police" in told(event)["waived"]


def test_who_gave_an_order_that_nobody_answered_hears_that_the_ticket_has_ended():
    ordered = supervising.supervise(taken(), by=person("area"), text="请加快", town=TOWN, now=NOW)[0]
    _, event = ENDING["withdraw"](ordered)
    assert told(event)["ended_staff"] == ["area"]


@pytest.mark.parametrize("build", [received, dispatched, taken, resolved])
def test_nobody_whom_a_ticket_concerns_is_a_party(build):
    ticket = build().model_copy(update={"confidential": True, "concerns": ("OFF", "ST")})
    people = [to for who in parties(ticket, town=TOWN, now=NOW).values() for to in who]
    concerned = {f"staff:{p.code}" for p in TOWN.staff if p.unit in ("OFF", "ST")}
    leaders = {"staff:area", "staff:town"}
    assert not (set(people) & concerned) - leaders


def test_who_left_is_nowhere_and_who_is_on_duty_has_it():
    gone = life_town(staff=tuple(p for p in TOWN.staff if p.code != "handler-a"),
                     duty=tuple(d for d in TOWN.duty if d.person != "handler-a"))  # fmt: skip
    assert handler_of(taken(), gone, NOW) != person("handler-a")
    again, event = reworking.rework(resolved(), by="desk-a", reason="没好", town=gone, now=NOW)
    assert again.stage is Stage.DISPATCHED
    assert again.handler_id != "handler-a"
    assert not again.taken
    assert "handler-a" not in {to for people in told(event).values() for to in people}


def test_someone_moved_to_another_unit_holds_nothing_of_the_old_one():
    moved = person("handler-a").model_copy(update={"unit": "TRA"})
    town = life_town(
        staff=tuple(moved if p.code == "handler-a" else p for p in TOWN.staff),
        duty=tuple(d for d in TOWN.duty if d.person != "handler-a"),
    )
    assert handler_of(taken(), town, NOW) != moved


@pytest.mark.parametrize(("build", "who"), [(received, "desk-a"), (taken, "handler-a")])
def test_a_residents_words_go_to_the_holder_else_to_the_desk(build, who):
    line = words.said_by_resident(build(), words.Spoken("还在漏"), by="reporter", town=TOWN, now=NOW)
    assert told(line) == {"commented": [who]}


def test_words_after_the_end_reach_the_station_and_wait_there():
    ended = answering.decline(
        received(), by=person("desk-a"), reason=DeclineReason.UNTRUE, text="查无此事", instead="拨打12345", town=TOWN, now=NOW
    )[0]  # fmt: skip
    line = words.said_by_resident(ended, words.Spoken("明明有"), by="reporter", town=TOWN, now=NOW)
    assert told(line) == {"words_after_end": ["desk-a"]}
    waits, _ = words.left_unread(ended, by="reporter", town=TOWN, now=NOW)
    assert waits.unread.since == NOW
    assert words.left_unread(waits, by="member", town=TOWN, now=NOW) is None
    again, _ = reworking.reopen_at_desk(waits, by=person("desk-a"), note="再看", town=TOWN, now=NOW)
    assert (again.stage, again.unread) == (Stage.RECEIVED, None)


def test_what_staff_write_to_the_reporter_is_not_read_by_everyone_who_joined():
    say = {"by": person("desk-a"), "town": TOWN, "now": NOW}
    said = words.Written("请到三楼找我", public=True)
    alone = words.said_by_staff(taken(), said, **say)
    both = words.said_by_staff(taken(), said._replace(audience=Audience.ALL), **say)
    assert [n.to for n in alone.notices if not n.to.startswith("staff")] == ["reporter"]
    assert [n.to for n in both.notices if not n.to.startswith("staff")] == ["reporter", "members"]


FREE = "我住301，物业经理甲威胁我"


def carried(name):
    """The notices of a row whose line was written by a resident in these words."""
    line = Event(
        kind=name.partition("/")[0],
        at=NOW,
        by="reporter",
        note=FREE,
        details={"unit": "OFF", "number": "119", "why": "演习"},
    )
    ticket = helped()
    how = {"before": ticket, "after": ticket, "town": TOWN, "row": name, "named": [person("desk-a")]}
    how["say"] = {
        "danger": "被困",
        "phone": "021-5000 0000",
        "came": "另一件",
        "gone": "另一件",
        "ended": "办结",
    }
    return tell_all(line, **how)


@pytest.mark.parametrize("name", TABLE)
def test_no_phone_of_staff_carries_what_somebody_wrote(name):
    """Number, place, category, what to do, and what the act itself knows; words are read in the ticket (design §12)."""
    to_staff = [notice for notice in carried(name) if notice.to.startswith("staff:")]
    assert not [notice for notice in to_staff if FREE in str(notice.params)]
    assert not [notice for notice in to_staff if FREE in words_of(notice.template, notice.params).text]


@pytest.mark.parametrize("name", TABLE)
def test_no_message_carries_words_that_it_does_not_say(name):
    """A field of the town's own WeChat template may be filled from any of them."""
    for notice in carried(name):
        assert (FREE in str(notice.params)) is (FREE in words_of(notice.template, notice.params).text)


def test_of_an_urgent_ticket_every_push_rings():
    urgent = received("有人困在电梯里")
    assert urgent.stage is Stage.DISPATCHED
    _, event = dispatching.transfer(
        urgent, unit_id="OFF", handler_id=None, by=person("desk-a"), note="", town=TOWN, now=NOW
    )
    assert {n.level for n in event.notices if n.template == "assigned"} == {Level.RING}


def test_nobody_loses_what_he_or_she_still_holds():
    assert losers(taken(), taken(), town=TOWN, now=NOW) == ()


def test_who_helped_hears_that_it_was_taken_back_once_only_heads_may_open_it():
    """A unit's part goes on when the ticket turns 避开 another: with its heads, and without a push that opens nothing."""
    helped = assisting.add_assisting(
        taken(), unit_id="TRA", by=person("handler-a"), note="一起去", town=TOWN, now=NOW
    )[0]
    kept, line = classifying.chosen_by_reporter(helped, avoid=("property",), town=TOWN, now=NOW)
    assert (kept.confidential, kept.assisting[0].is_open) == (True, True)
    assert ("recalled", "staff:police") in [(n.template, n.to) for n in line.notices]
    _, asked = assisting.add_assisting(
        kept.model_copy(update={"assisting": ()}), unit_id="TRA", by=person("handler-a"), note="一起去", town=TOWN, now=NOW
    )  # fmt: skip
    assert [n.to for n in asked.notices if n.template == "assist_asked"] == ["staff:police-head"]


def test_an_order_of_whoever_has_left_is_the_area_leaders_until_it_is_answered():
    ordered = supervising.supervise(taken(), by=person("area"), text="请加快", town=TOWN, now=NOW)[0]
    gone = ordered.supervision_orders[0].model_copy(update={"by": "gone"})

    def waiting_for(*orders):
        ticket = ordered.model_copy(update={"supervision_orders": orders})
        return parties(ticket, town=TOWN, now=NOW)[Party.ORDER_GIVER]

    assert waiting_for(*ordered.supervision_orders) == waiting_for(gone) == ("staff:area",)
    assert waiting_for(gone.model_copy(update={"by": "machine"})) == ()
    assert waiting_for(gone.model_copy(update={"answered_at": NOW})) == ()


@pytest.mark.parametrize(("audience", "note"), [(Audience.ALL, "明天停水"), (Audience.REPORTER, "")])
def test_members_read_the_words_of_staff_only_where_they_are_for_all(audience, note):
    line = Event(kind="published", at=NOW, by="desk-a", note="明天停水", audience=audience)
    heard = tell_all(line, before=taken(), after=taken(), town=TOWN)
    assert [each.params["note"] for each in heard if each.to == "members"] == [note]
