"""A trace says who looked at what, when and why; its words lie apart, and go when their subject is erased."""

from chalicelib.domain.identity.traces import (
    Look,
    Trace,
    Words,
    digest_of,
    is_look,
    parted,
    trace_of,
    with_words,
)
from tests.domain.life import NOW, person

BY = person("desk-a").model_copy(update={"signed_in_by": "st-head"})


def a_trace(why="住户要约上门", what=Look.REVEALED):
    return trace_of(BY, what, NOW, fields=("phone",), why=why, reason="other")


def test_a_trace_says_who_by_whose_sign_in_what_and_why():
    assert a_trace() == Trace(
        at=NOW,
        viewer="desk-a",
        role="first_contact",
        unit="ST",
        what="revealed",
        fields=("phone",),
        why="住户要约上门",
        reason="other",
        through="st-head",
    )


def test_the_words_lie_apart_and_come_back_to_their_trace_alone():
    kept, said = parted(a_trace(), "salt")
    assert kept.why == ""
    assert said == Words(salt="salt", words="住户要约上门")
    assert with_words(kept, said) == a_trace()
    assert with_words(kept, None) == kept
    assert with_words(kept, Words(salt="salt", words="别的话")) == kept
    assert with_words(kept, Words(salt="other", words="住户要约上门")) == kept


def test_the_same_words_leave_another_digest_with_another_salt():
    assert digest_of(Words(salt="a", words="够四个字")) != digest_of(Words(salt="b", words="够四个字"))


def test_where_nothing_was_said_nothing_lies_apart():
    assert parted(a_trace(why=""), "salt") == (a_trace(why=""), None)


def test_a_look_at_somebody_is_told_to_that_person_and_a_look_at_a_figure_is_none():
    assert is_look(a_trace())
    assert not is_look(a_trace(what=Look.FIGURES_EXPORTED))
    assert not is_look(a_trace(what="duty_changed"))
