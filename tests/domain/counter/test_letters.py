"""Letters of a petition (rule 99): drafts, with the terms as data."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.counter.letters import TERMS, LetterKind, letter
from chalicelib.domain.errors import WrongStage
from chalicelib.domain.tickets.ticket import Stage
from chalicelib.domain.town.vocabulary import Source
from tests.domain.clock_town import at
from tests.domain.life import NOW, TOWN, dispatched, received

PETITION = received(source=Source.PETITION)


@pytest.mark.parametrize("kind", sorted(LetterKind))
def test_a_letter_is_a_draft_with_its_terms_and_grounds(kind):
    made = letter(PETITION, kind, said="已与施工方谈妥，夜间停工", town=TOWN, now=NOW)
    assert "草稿" in made.mark
    assert made.terms == TERMS[kind]
    assert PETITION.number in made.paragraphs[0]
    assert all(term.ground.startswith("信访工作条例") for term in made.terms)


def test_what_was_done_stands_in_the_reply_alone():
    said = "已与施工方谈妥"
    assert said in letter(PETITION, LetterKind.REPLIED, said=said, town=TOWN, now=NOW).paragraphs
    assert said not in letter(PETITION, LetterKind.RECEIVED, said=said, town=TOWN, now=NOW).paragraphs


@pytest.mark.parametrize(
    ("ticket", "kind", "words"),
    [
        (received(), LetterKind.RECEIVED, "只有信访件需要告知书和意见书"),
        (PETITION, LetterKind.REPLIED, "还没有办结或答复，不能出答复意见书；请先办结"),
    ],
)
def test_no_letter_without_a_petition_and_no_reply_without_an_answer(ticket, kind, words):
    with pytest.raises(WrongStage, match=f"^{words}$") as refused:
        letter(ticket, kind, said="", town=TOWN, now=NOW)
    assert refused.value.details == {"stage": "received"}


def test_a_letter_says_whose_petition_of_which_day_who_handles_it_and_when_it_was_written():
    """The day is Shanghai's, also where an instant is told in another zone."""
    begin = f"您（你们）2026年11月23日反映的盛华景苑的信访事项（编号{PETITION.number}）收悉。"
    evening = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
    asked = letter(PETITION, LetterKind.RECEIVED, said="", town=TOWN, now=evening)
    assert asked.title == "信访事项受理告知书"
    assert asked.paragraphs == (begin, "经审查，决定予以受理，由关港蓝湾工作站办理。", "2026年11月25日")
    with_a_unit = dispatched(source=Source.PETITION)
    answered = letter(with_a_unit, LetterKind.REPLIED, said="已停工", town=TOWN, now=at("2026-12-01 09:00"))
    assert answered.title == "信访事项处理答复意见书"
    assert answered.paragraphs == (
        begin, "经城建中心调查核实，已有处理意见，现答复如下：", "已停工", "2026年12月1日",
    )  # fmt: skip
    ended = with_a_unit.model_copy(update={"stage": Stage.CLOSED})
    assert "，已办结，" in letter(ended, LetterKind.REPLIED, said="已停工", town=TOWN, now=NOW).paragraphs[1]


def test_it_holds_no_word_of_the_report():
    made = letter(PETITION, LetterKind.RECEIVED, said="", town=TOWN, now=NOW)
    assert PETITION.text not in "".join(made.paragraphs)
