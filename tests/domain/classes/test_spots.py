"""What the reports of one building or point have to do with each other (rule 67)."""

from base64 import b64encode
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.classes import spots
from chalicelib.domain.classes.classes import Threshold, proposed
from chalicelib.domain.classes.issue_class import Member
from chalicelib.domain.classes.themes import fits, themes
from chalicelib.domain.town.topics import Topic
from tests.service import MONDAY
from tests.towns import built, small_files

PLAIN, _ = built(small_files())
TOWN = PLAIN.model_copy(
    update={
        "topics": (
            Topic(code="gate", name="门禁", words="刷脸"),
            Topic(code="doctor", name="看病", words="医生", least=5),
        )
    }
)
RULE = Threshold()


def member(n: int, *topics: str, voice: str = "", days_ago: float = 0, **more):
    return Member(
        ticket_id=f"T{n}",
        voice=voice or f"v{n}",
        at=MONDAY - timedelta(days=days_ago),
        scope="N",
        spot="B4",
        topics=topics,
        **more,
    )


def matter(members, *, beside: int = 0):
    """Ids. `beside`: so many others spoke at the spot, each of something of their own."""
    at_spot = [*members, *(member(100 + n, f"own{n}") for n in range(beside))]
    return ids(spots.matter_at(members, RULE, TOWN, MONDAY, at_spot=at_spot))


def crowd(members, *, beside: int = 0):
    """Ids. Unless said otherwise the members' words mean one thing."""
    at_spot = [*members, *(member(100 + n, f"own{n}") for n in range(beside))]
    return ids(spots.crowd_of(spots.gathering(members, MONDAY, at_spot=at_spot)))


def ids(members):
    return [each.ticket_id for each in members]


def towards(*numbers: int) -> str:
    """A meaning that looks this way."""
    return b64encode(bytes(each & 0xFF for each in numbers)).decode()


ONE, OTHER = towards(127, 0), towards(0, 127)


def a_class(members, *, crowd: bool = False):
    return proposed("C1", members, TOWN, MONDAY, crowd=crowd)


@pytest.mark.parametrize(("people", "found"), [(2, []), (3, ["T0", "T1", "T2"])])
def test_three_people_who_speak_of_one_topic_at_one_spot_are_a_matter(people, found):
    assert matter([member(n, "gate") for n in range(people)]) == found


@pytest.mark.parametrize(("people", "is_found"), [(4, False), (5, True)])
def test_a_broad_topic_says_little_more_than_where_and_takes_as_many_as_its_row_says(people, is_found):
    assert bool(matter([member(n, "doctor") for n in range(people)])) is is_found


@pytest.mark.parametrize(("beside", "is_found"), [(9, True), (10, False)])
def test_what_is_proposed_is_a_quarter_of_all_who_spoke_at_the_spot(beside, is_found):
    """Where thirteen speak of many things three name the same word by chance (decision 0137)."""
    assert bool(matter([member(n, "gate") for n in range(3)], beside=beside)) is is_found


@pytest.mark.parametrize(("beside", "is_found"), [(6, True), (7, False)])
def test_where_more_than_twelve_speak_a_crowd_is_no_sign(beside, is_found):
    assert bool(crowd([member(n, meaning=ONE) for n in range(6)], beside=beside)) is is_found


@pytest.mark.parametrize(("beside", "is_vague"), [(15, False), (16, True)])
def test_a_proposal_is_vague_once_fewer_than_a_sixth_of_the_spot_speak_of_it(beside, is_vague):
    held = [member(n, "gate") for n in range(3)]
    at_spot = [*held, *(member(9 + n) for n in range(beside))]
    assert spots.is_vague(a_class(held), held, at_spot) is is_vague
    by_words = [each.model_copy(update={"by_words": True}) for each in held]
    assert not spots.is_vague(a_class(by_words), by_words, at_spot)


@pytest.mark.parametrize(("beside", "named", "is_vague"), [(6, 0, False), (7, 0, True), (7, 4, False)])
def test_a_crowd_is_vague_among_more_than_twelve_unless_it_found_its_theme(beside, named, is_vague):
    held = [member(n, *(["gate"] if n < named else [])) for n in range(6)]
    at_spot = [*held, *(member(9 + n) for n in range(beside))]
    assert spots.is_vague(a_class(held, crowd=True), held, at_spot) is is_vague


def test_who_speaks_of_something_else_is_left_out():
    others = [member(8, "light"), member(9)]
    assert matter([*(member(n, "gate") for n in range(3)), *others]) == ["T0", "T1", "T2"]


def test_a_chain_of_two_topics_is_no_matter():
    assert matter([member(0, "gate"), member(1, "gate", "light"), member(2, "light")]) == []


def test_what_speaks_of_no_topic_is_held_together_by_its_category():
    assert matter([member(n, category="F1") for n in range(3)]) == ["T0", "T1", "T2"]


@pytest.mark.parametrize(("people", "days_ago", "found"), [(5, 0, False), (6, 7, True), (6, 7.01, False)])
def test_six_people_in_seven_days_at_one_spot_are_looked_at_however_they_say_it(people, days_ago, found):
    members = [member(n, days_ago=days_ago if n == 0 else 0, meaning=ONE) for n in range(people)]
    assert bool(crowd(members)) is found


def test_one_person_is_no_crowd_however_often():
    assert crowd([member(n, voice="same", meaning=ONE) for n in range(20)]) == []


def test_a_crowd_of_which_all_say_one_thing_is_proposed_whole():
    assert len(crowd([member(n, meaning=ONE) for n in range(12)])) == 12


@pytest.mark.parametrize(("people", "kept"), [(6, 5), (7, 5), (8, 6), (9, 6), (10, 6), (11, 6), (12, 6)])
def test_of_a_crowd_seven_in_ten_are_proposed_five_at_least_and_six_at_most_unless_others_are_as_near(
    people, kept
):
    """As many mean one thing as are kept; the others each something else."""
    apart = [towards(0, *(127 if n == at else 0 for at in range(12))) for n in range(people - kept)]
    said = [*([ONE] * kept), *apart]
    assert crowd([member(n, meaning=each) for n, each in enumerate(said)]) == [f"T{n}" for n in range(kept)]


def test_whoever_means_something_else_is_not_in_the_core_of_a_crowd():
    said = [ONE, ONE, OTHER, ONE, ONE, OTHER, ONE, ONE]
    assert crowd([member(n, meaning=each) for n, each in enumerate(said)]) == [
        "T0",
        "T1",
        "T3",
        "T4",
        "T6",
        "T7",
    ]


def test_a_topic_in_common_is_worth_half_a_meaning_and_both_add_up():
    """Four who speak of the gate and mean one thing; of two who mean it too by halves the one who names the gate is nearer."""
    half = towards(90, 90)
    of_it = [member(n, "gate", meaning=ONE) for n in range(4)]
    near, far = member(4, "gate", meaning=half), member(5, "dogs", meaning=half)
    assert crowd([*of_it, far, near, member(6, meaning=OTHER)]) == ["T0", "T1", "T2", "T3", "T4"]


def test_whose_words_are_unknown_is_near_nobody_and_far_from_nobody():
    assert spots.core_of([member(n) for n in range(6)])[1] == 0
    against = towards(-127, 0)
    people = [*(member(n, meaning=ONE) for n in range(4)), member(4), member(5, meaning=against)]
    assert ids(spots.core_of(people)[0]) == ["T0", "T1", "T2", "T3", "T4"]


def test_a_crowd_whose_core_is_not_alike_is_none():
    """Six who each mean something else: of a clinic's week, and no matter of it."""
    apart = [towards(*(127 if n == at else 0 for at in range(6))) for n in range(6)]
    assert crowd([member(n, meaning=each) for n, each in enumerate(apart)]) == []


def test_of_two_plain_matters_of_one_spot_the_core_is_of_one_but_for_one():
    people = [member(n, "gate" if n % 2 else "dogs") for n in range(10)]
    assert crowd(people) == ["T0", "T1", "T2", "T4", "T6", "T8"]


def test_what_was_said_on_a_report_is_weighed_with_it():
    people = [member(n, meaning=OTHER if n in (2, 5) else ONE) for n in range(8)]
    said = {"T2": spots.Said((), ONE)}
    assert ids(spots.core_of(people)[0]) == ["T0", "T1", "T3", "T4", "T6", "T7"]
    assert ids(spots.core_of(people, said)[0]) == ["T0", "T1", "T2", "T3", "T4", "T6", "T7"]


def test_a_crowd_that_names_two_sides_of_its_matter_is_proposed_as_one():
    """Three of each who mean one thing: of so few people two topics are the sides of one matter more often than two matters."""
    both = [member(n, "gate" if n % 2 else "dogs", meaning=ONE) for n in range(6)]
    others = [member(6 + n, meaning=OTHER) for n in range(3)]
    assert spots.are_several(spots.core_of([*both, *others])[0])
    assert crowd([*both, *others]) == ids(both)


def test_of_equals_the_first_to_speak_are_kept_however_they_are_read():
    people = [member(n, days_ago=7 - n, meaning=ONE if n % 2 else OTHER) for n in range(8)]
    assert crowd(people) == crowd(people[::-1])
    assert {"T0", "T1"} <= set(crowd(people))


def test_a_class_takes_who_speaks_of_its_theme_and_nobody_else():
    cls = a_class([member(n, "gate") for n in range(3)])
    assert spots.joining(cls, member(4, "gate", "light"))
    assert not spots.joining(cls, member(5, "light"))
    assert not spots.joining(cls, member(6))


def test_a_crowd_without_a_theme_takes_who_says_nothing_else_and_with_one_those_who_share_it():
    crowd = a_class([member(n) for n in range(5)] + [member(5, "gate"), member(6, "gate")], crowd=True)
    assert [spots.joining(crowd, each) for each in (member(7), member(7, "gate"), member(7, "dogs"))] == [
        True,
        True,
        False,
    ]
    themed = a_class([member(n, "light") for n in range(6)], crowd=True)
    assert not spots.joining(themed, member(7, "gate"))


@pytest.mark.parametrize(("speak", "is_theme"), [(2, False), (3, True)])
def test_a_theme_is_what_more_than_half_speak_of(speak, is_theme):
    assert themes({"gate": speak}, 4) == (frozenset({"gate"}) if is_theme else frozenset())


def test_words_decide_only_where_one_of_the_two_names_no_topic():
    assert fits({}, 3, (), by_words=True)
    assert fits({"gate": 3}, 3, (), by_words=True)
    assert not fits({"gate": 3}, 3, ("light",), by_words=True)
    assert not fits({}, 3, ("gate",), by_words=False)


TOPICS = st.lists(st.sampled_from(["gate", "light", "doctor"]), unique=True, max_size=3)


@given(st.lists(st.tuples(TOPICS, st.integers(0, 9), st.floats(0, 40)), max_size=12))
def test_a_matter_is_of_the_reports_given_and_of_enough_people(said):
    members = [member(n, *topics, voice=f"v{who}", days_ago=ago) for n, (topics, who, ago) in enumerate(said)]
    found = spots.matter_at(members, RULE, TOWN, MONDAY, at_spot=members)
    assert set(found) <= set(members)
    assert not found or len({each.voice for each in found}) >= RULE.reporters


@given(st.lists(st.tuples(TOPICS, st.integers(0, 9), st.floats(0, 8), st.binary(max_size=4)), max_size=14))
def test_the_core_of_a_crowd_is_of_its_reports_the_same_in_any_order(said):
    members = [
        member(n, *topics, voice=f"v{who}", days_ago=ago, meaning=b64encode(raw.ljust(4, b"\0")).decode())
        for n, (topics, who, ago, raw) in enumerate(said)
    ]
    core, alike = spots.core_of(members)
    assert len(core) >= min(len(members), spots.CORE)
    assert (ids(core), alike) == (ids(spots.core_of(members[::-1])[0]), spots.core_of(members[::-1])[1])
    assert set(core) <= set(members)


@pytest.mark.parametrize(
    ("topics", "several"),
    [
        ([("gate",)] * 3 + [("dogs",)] * 3, True),
        ([("gate",)] * 3 + [("dogs",)] * 2, False),  # two people make no matter
        ([("gate",)] * 6, False),
        ([("gate",)] * 2 + [("gate", "dogs")] + [("dogs",)] * 2, True),  # one of three names both
        ([("gate",)] + [("gate", "dogs")] * 2 + [("dogs",)], False),  # two of three: it is one
        ([()] * 9, False),
    ],
)
def test_two_topics_of_three_people_each_whom_few_name_together_are_two_matters(topics, several):
    assert spots.are_several([member(n, *each) for n, each in enumerate(topics)]) is several


def test_one_persons_three_reports_make_no_second_matter():
    one = [member(n, "dogs", voice="v") for n in range(3)]
    assert not spots.are_several([*(member(9 + n, "gate") for n in range(3)), *one])


def test_strangers_are_those_who_do_not_speak_of_what_most_speak_of_unless_their_words_are_alike():
    of_it = [member(n, "gate") for n in range(3)]
    alike, silent, other = member(3, by_words=True), member(4), member(5, "dogs")
    assert spots.strangers([*of_it, alike, silent, other]) == [silent, other]
    assert spots.strangers([*of_it[:2], silent]) == []  # nothing is plain
    assert spots.strangers([]) == []


@pytest.mark.parametrize(("days", "looked_at"), [(30, 30), (7, 7), (3, 7)])
def test_the_reports_of_a_spot_are_looked_at_for_a_week_at_least(days, looked_at):
    assert spots.since(Threshold(days=days), MONDAY) == MONDAY - timedelta(days=looked_at)
