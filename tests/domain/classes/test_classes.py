"""From one thing to a class of things (rules 7 and 67)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.classes import acts, issue_class
from chalicelib.domain.classes import classes as rules
from chalicelib.domain.classes.classes import Threshold, folded, why
from chalicelib.domain.classes.issue_class import IssueClass, Line, Member, State
from chalicelib.domain.classes.measures_taken import Verdict, at_most, check
from chalicelib.domain.classes.similarity import Look
from chalicelib.domain.errors import Invalid
from chalicelib.domain.tickets.ticket import Where
from chalicelib.domain.tickets.voices import NOBODY, voice_of
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.topics import Topic
from chalicelib.domain.town.vocabulary import Category
from tests.domain.life import received
from tests.service import MONDAY
from tests.towns import built, small_files

TOWN, _ = built(small_files())
RULE = Threshold()


def member(n: int, voice: str = "", *, days_ago: float = 0, scope: str = "N", kind: str = "building:inside"):
    at = MONDAY - timedelta(days=days_ago)
    return Member(
        ticket_id=f"T{n}", voice=voice or f"v{n}", at=at, area="A", scope=scope, kind=kind, category="F1"
    )


def some(count: int, **more):
    return [member(n, **more) for n in range(count)]


def a_class(state: State = State.CONFIRMED, class_id: str = "C1", members=None):
    made = rules.proposed(class_id, members or some(5), TOWN, MONDAY)
    return made.model_copy(update={"state": state})


@pytest.mark.parametrize(("reporters", "found"), [(2, False), (3, True), (4, True)])
def test_three_different_reporters_make_a_class(reporters, found):
    assert rules.is_class(some(reporters), RULE, MONDAY) is found


def test_one_person_reporting_seventy_times_is_one_voice():
    assert not rules.is_class([member(n, "same") for n in range(70)], RULE, MONDAY)


def test_what_staff_found_themselves_is_no_reporter():
    assert not rules.is_class([*some(2), member(9, NOBODY)], RULE, MONDAY)


@pytest.mark.parametrize(("days", "found"), [(29.9, True), (30, True), (30.01, False)])
def test_thirty_days_are_the_window(days, found):
    assert rules.is_class([*some(2), member(9, days_ago=days)], RULE, MONDAY) is found


def test_different_places_of_one_kind_make_a_class_and_of_different_kinds_do_not():
    spread = [member(n, scope=f"N{n}") for n in range(5)]
    assert rules.is_class(spread, RULE, MONDAY)
    assert not rules.is_class(
        [m.model_copy(update={"kind": f"k{n}"}) for n, m in enumerate(spread)], RULE, MONDAY
    )


def test_a_place_that_was_only_typed_is_no_place_in_common():
    assert not rules.is_class(some(5, scope="", kind=""), RULE, MONDAY)


def test_the_machine_names_a_class_after_its_place_and_category():
    cls = a_class()
    assert cls.name == "盛华景苑：楼道照明"
    assert (cls.members, cls.reporters, cls.area, cls.scope) == (5, 5, "A", "N")


def test_the_same_person_has_the_same_voice_and_nobody_has_none():
    assert voice_of("r1") == voice_of("r1") != voice_of("r2")
    assert "r1" not in voice_of("r1")
    assert voice_of(None) == NOBODY


@pytest.mark.parametrize("state", [State.CONFIRMED, State.MEASURED, State.ENDED])
def test_the_machine_withdraws_what_it_proposed_and_nothing_that_a_person_confirmed(state):
    withdrawn = acts.withdraw(a_class(State.PROPOSED), by="machine", now=MONDAY)
    assert (withdrawn.state, acts.is_withdrawn(withdrawn)) == (State.DISCARDED, True)
    assert acts.withdraw(a_class(state), by="machine", now=MONDAY) == a_class(state)
    by_hand = acts.discard(a_class(State.PROPOSED), reason="不是一类", by="fc1", now=MONDAY)
    assert not acts.is_withdrawn(by_hand)


def test_the_history_of_a_class_keeps_its_last_hundred_lines():
    cls = a_class()
    for n in range(150):
        cls = acts.rename(cls, name=f"名{n}", owner="head", by="fc1", now=MONDAY)
    assert len(cls.lines) == issue_class.MOST_LINES
    assert cls.lines[-1].note == "名149"


def test_a_ticket_is_a_member_by_its_place_its_voice_and_what_its_words_speak_of():
    at = Where(place="P41", path=("T", "A", "N", "G", "B4", "P41"), name="1单元", inside_wall=True)
    ticket = received(where=at).model_copy(update={"category": "F1"})
    usual = {
        "ticket_id": ticket.id,
        "voice": voice_of("r1"),
        "at": ticket.received_at,
        "area": "A",
        "scope": "N",
        "kind": "building:inside",
        "category": "F1",
        "spot": "B4",
    }
    assert rules.member_of(ticket, TOWN) == Member(**usual)
    asked = Look(
        ticket_id="x", sketch=b"", path=at.path, at=MONDAY, category="Q", topics=("lamp",), personal=True
    )
    by_words = rules.member_of(ticket, TOWN, asked, by_words=True)
    assert by_words == Member(**usual, topics=("lamp",), personal=True, by_words=True)


@pytest.mark.parametrize(
    ("where", "kind"),
    [
        ({"place": "SG", "path": ("T", "A", "S", "SG"), "inside_wall": False}, "grid:outside"),
        ({"place": "gone", "path": ("T", "A", "gone")}, "area:inside"),
        ({"place": None, "path": ("T", "A")}, ""),  # only typed
        ({"place": "gone", "path": ("gone",)}, ""),
    ],
)
def test_the_kind_of_a_place_is_that_of_the_smallest_known_around_it(where, kind):
    ticket = received(where=Where(name="路口", **where)).model_copy(update={"category": None})
    member = rules.member_of(ticket, TOWN)
    assert (member.kind, member.category) == (kind, "")


@pytest.mark.parametrize(
    ("scope", "topics", "category", "members", "same"),
    [
        ("N", {"lift": 4}, "F1", {"topics": ("lift",)}, True),
        ("N", {"lift": 4}, "F1", {"topics": ("food",)}, False),
        ("N", {"lift": 2}, "F1", {"topics": ()}, True),  # neither has a theme: the category decides
        ("N", {}, "F1", {"topics": ("food",)}, False),
        ("N", {}, "Q", {"topics": ()}, False),
        ("N", {}, "", {"topics": (), "category": ""}, False),
        ("", {"lift": 4}, "F1", {"topics": ("lift",)}, False),
        ("N", {"lift": 4}, "F1", {"topics": ("lift",), "scope": "S"}, False),
    ],
)
def test_a_second_proposal_of_one_place_and_one_theme_is_none(scope, topics, category, members, same):
    stands = a_class().model_copy(update={"scope": scope, "topics": topics, "category": category})
    found = [each.model_copy(update=members) for each in some(3)]
    assert rules.is_same_matter(stands, found) is same


def test_two_places_are_never_one_matter_however_they_speak():
    two = [member(0, scope="N"), member(1, scope="S")]
    assert not rules.is_same_matter(a_class(), two)


def test_a_proposal_that_was_none_leaves_a_trace_to_the_class_that_has_its_reports():
    gone = rules.joined_to(a_class(State.PROPOSED, "C9"), a_class())
    assert (gone.id, gone.state, gone.merged_into) == ("C9", State.MERGED, "C1")
    assert (gone.members, gone.reporters, gone.weeks, gone.topics) == (0, 0, {}, {})


def test_who_begins_a_class_answers_for_it():
    chosen = [
        *some(2),
        member(2, "v0", days_ago=8, scope="S").model_copy(update={"topics": ("lift",), "spot": "B4"}),
    ]
    made = rules.founded("C1", "电梯", chosen, by="fc1", what="begin", note="三家都说", now=MONDAY)
    assert made == IssueClass(
        id="C1",
        name="电梯",
        state=State.CONFIRMED,
        owner="fc1",
        area="A",
        category="F1",
        at=MONDAY,
        first_on=(MONDAY - timedelta(days=8)).date(),
        members=3,
        reporters=2,
        weeks={"2026-11-23": 2, "2026-11-09": 1},
        topics={"lift": 1},
        lines=(Line(at=MONDAY, by="fc1", what="begin", note="三家都说"),),
    )
    with pytest.raises(Invalid, match=r"^请至少选择一张工单") as refused:
        rules.founded("C1", "电梯", [], by="fc1", what="begin", now=MONDAY)
    assert refused.value.details["fields"] == ["ticket_ids"]


def test_a_class_of_several_places_and_without_a_category_is_named_so():
    spread = [member(n, scope=f"N{n}").model_copy(update={"category": ""}) for n in range(3)]
    cls = rules.proposed("C1", spread, TOWN, MONDAY, crowd=True)
    assert (cls.name, cls.area, cls.scope, cls.spot, cls.category, cls.crowd) == (
        "多处：同类问题", "A", "", "", "", True,
    )  # fmt: skip
    assert cls.lines == (Line(at=MONDAY, by="machine", what="propose"),)


MEMBERS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 60)), min_size=2, max_size=30, unique_by=lambda m: m[0]
)


@given(MEMBERS, st.data())
def test_losing_and_gaining_the_same_members_leaves_the_counts_as_they_were(given_members, data):
    everyone = [member(n, f"v{n % 5}", days_ago=days) for n, days in given_members]
    some_of = data.draw(st.lists(st.sampled_from(everyone), unique=True, max_size=len(everyone) - 1))
    before = a_class(members=everyone)
    stay = rules.voices(m for m in everyone if m not in some_of)
    gone = len(rules.voices(some_of) - stay)
    without = rules.lost(before, some_of, gone_voices=gone)
    again = rules.gained(without, some_of, new_voices=gone)
    assert (again.members, again.reporters, again.weeks) == (before.members, before.reporters, before.weeks)
    assert without.reporters == len(stay)


WEEKS = {
    f"2026-{month:02d}-{day:02d}": count
    for month, day, count in [(9, 7, 6), (9, 14, 6), (9, 21, 6), (9, 28, 6)]
}


@pytest.mark.parametrize(
    ("after", "today", "verdict"),
    [
        ({}, date(2026, 10, 18), Verdict.TOO_EARLY),  # one whole week after
        ({}, date(2026, 10, 19), Verdict.DROPPED),  # two, without any
        ({"2026-10-12": 5, "2026-10-19": 5}, date(2026, 10, 26), Verdict.UNCLEAR),
        ({"2026-10-12": 6, "2026-10-19": 6}, date(2026, 10, 26), Verdict.NOT_DROPPED),
        ({"2026-10-12": 9, "2026-10-19": 9}, date(2026, 10, 26), Verdict.NOT_DROPPED),
    ],
)
def test_a_measure_is_judged_by_whole_weeks_and_not_by_chance(after, today, verdict):
    began = date(2026, 10, 1) if not after else date(2026, 10, 7)
    assert check(WEEKS | after, began, date(2026, 9, 7), today).verdict is verdict


def test_the_week_of_the_measure_counts_neither_before_nor_after():
    found = check({"2026-10-05": 50}, date(2026, 10, 7), date(2026, 9, 7), date(2026, 11, 30))
    assert not any(week.reports for week in (*found.before, *found.after))
    assert (len(found.before), len(found.after)) == (4, 7)


def test_nothing_before_a_measure_proves_nothing():
    assert check({}, date(2026, 10, 7), date(2026, 10, 5), date(2026, 12, 30)).verdict is Verdict.TOO_EARLY


def test_the_probability_is_that_of_the_binomial_distribution():
    assert at_most(0, 2, 0.5) == pytest.approx(0.25)
    assert at_most(2, 2, 0.3) == pytest.approx(1.0)


def town_with(row):
    header = "code,parent,name,track,urgent,facility,night,sensitive,lead,lead_role,keywords"
    changed = f"{header},class_reporters,class_days\nF,,公共设施,,,,,,property,property_manager,,3,30\n{row}\nQ,,咨询,,,,,,station,first_contact,,,\n"
    return built(small_files(categories=changed))[0]


@pytest.mark.parametrize(
    ("row", "threshold"),
    [
        ("F1,F,楼道照明,simple,no,yes,no,,,,楼道灯,,", Threshold(reporters=3, days=30)),
        ("F1,F,楼道照明,simple,no,yes,no,,,,楼道灯,8,", Threshold(reporters=8, days=30)),
        ("F1,F,楼道照明,simple,no,yes,no,,PM,,楼道灯,,14", Threshold(reporters=3, days=14)),
    ],
)
def test_what_makes_a_class_is_the_towns_own_data_and_inherited(row, threshold):
    assert Threshold.of("F1", town_with(row)) == threshold


def test_where_the_town_says_nothing_three_people_in_thirty_days_make_a_class():
    assert Threshold.of("F1", TOWN) == Threshold.of("", TOWN) == Threshold(reporters=3, days=30)


def test_of_a_station_and_week_five_proposals_stand_open_and_the_strongest_do():
    found = [a_proposal(str(n), reporters=n, at=MONDAY) for n in range(3, 10)]
    later = a_proposal("later", reporters=3, at=MONDAY + timedelta(days=7))
    confirmed = a_proposal("confirmed", reporters=1, at=MONDAY, state=State.CONFIRMED)
    elsewhere = a_proposal("elsewhere", reporters=3, at=MONDAY, area="B")
    assert folded([*found, later, confirmed, elsewhere]) == {"3", "4"}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"spot": "B4", "scope": "N", "topics": {"lift": 4}}, "同一地点，多数说到“电梯”（4/5 件）"),
        ({"spot": "B4", "scope": "N", "crowd": True}, "同一地点，一周里有许多不同的人反映"),
        ({"scope": "N", "category": "F1"}, "同一小区或街区，内容相近，多为“楼道照明”"),
        ({"topics": {"lift": 2}}, "几处同样的地方，内容相近"),
    ],
)
def test_a_proposal_says_why_its_reports_are_laid_together(fields, said):
    town = Town(
        topics=(Topic(code="lift", name="电梯", words="电梯"),),
        categories=(Category(code="F1", name="楼道照明"),),
    )
    line = Line(at=MONDAY, by="machine", what="propose")
    cls = a_proposal("x", reporters=5, at=MONDAY, lines=(line,), **{"category": ""} | fields)
    assert why(cls, town).startswith(said)
    assert why(cls.model_copy(update={"lines": ()}), town) == ""


def a_proposal(class_id, *, reporters, at, **fields):
    usual = {"name": class_id, "state": State.PROPOSED, "area": "A", "first_on": at.date(), "members": 5}
    return IssueClass(id=class_id, at=at, reporters=reporters, **(usual | fields))
